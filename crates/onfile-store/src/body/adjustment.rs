//! Adjustments, with the plan that they go by.

use onfile_domain::adjustment::plan::{Move, Plan};
use onfile_domain::adjustment::{Adjustment, LineItem, Lines, Raise};

use super::macros::{choice, record};

record!(Adjustment v 1 {
    id, created, payment_intent, number, amount, plan, raise, made, refunds, lines, shipping,
    reason, metadata,
});
record!(Plan { previous, road, moves, superseded });
choice!(Move {
    Update = "update" { intent, to },
    Lower = "lower" { intent, by },
    Release = "release" { intent, held },
    Increment = "increment" { intent, by },
    Authorize = "authorize" { amount },
    Charge = "charge" { amount },
    Refund = "refund" { intent, amount },
});
choice!(Raise {
    Asked = "asked",
    Held = "held",
    Refused = "refused" (failure),
});
record!(Lines { items, shipping_cost, tax });
record!(LineItem { quantity, unit_amount });
