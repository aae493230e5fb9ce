//! Which row a list is below.

use onfile_domain::object::{Kind, Object};
use onfile_wire::error::{Place, Thing, WireError};
use onfile_wire::params::ListFilter;

use crate::app::App;
use crate::call::Call;
use crate::lists::{Listing, Within};
use crate::retrieve::{charge_in_path, find};
use crate::stop::Stop;

/// What a list is below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Under {
    /// It shows everything.
    Everything,
    /// Only what is below this row.
    Row(u64),
    /// Nothing can be there.
    Nothing,
}

impl Under {
    /// What is below both.
    fn and(self, other: Under) -> Under {
        match (self, other) {
            (Under::Everything, it) | (it, Under::Everything) => it,
            (Under::Row(one), Under::Row(another)) if one == another => self,
            (Under::Row(_) | Under::Nothing, Under::Row(_) | Under::Nothing) => Under::Nothing,
        }
    }
}

/// Finds it.
pub(super) async fn parent(
    app: &App,
    call: &Call,
    listing: &Listing,
    filter: &ListFilter,
) -> Result<Under, Stop> {
    let mut under = match listing.within {
        Within::ChargeInPath => Under::Row(charge_in_path(app, call).await?),
        Within::World | Within::Customer | Within::CustomerInPath => Under::Everything,
    };
    if let Some(id) = &filter.charge {
        under = under.and(Under::Row(named(app, call, "charge", id).await?.seq()));
    }
    if let Some(id) = &filter.payment_intent {
        let intent = named(app, call, "payment_intent", id).await?;
        under = under.and(match (listing.kind, intent) {
            // Refunds hang below charges, and only an intent's last one took money.
            (Kind::Refund, Object::PaymentIntent(intent)) => {
                intent.latest_charge.map_or(Under::Nothing, |charge| Under::Row(charge.seq))
            }
            // Adjustments hang below the first payment of their order.
            (Kind::Adjustment, Object::PaymentIntent(intent)) => {
                Under::Row(intent.original.map_or(intent.id.seq, |original| original.seq))
            }
            (_, intent) => Under::Row(intent.seq()),
        });
    }
    if let Some(id) = &filter.setup_intent {
        under = under.and(Under::Row(named(app, call, "setup_intent", id).await?.seq()));
    }
    if let Some(id) = &filter.test_clock {
        under = under.and(Under::Row(named(app, call, "test_clock", id).await?.seq()));
    }
    if let Some(id) = &filter.payout {
        // There are no payouts yet.
        return Err(WireError::no_such(Thing::Payout, id, Place::Param("payout")).into());
    }
    Ok(under)
}

/// The thing that a parameter names.
async fn named(app: &App, call: &Call, param: &str, id: &str) -> Result<Object, Stop> {
    let (kind, thing) = match param {
        "charge" => (Kind::Charge, Thing::Charge),
        "payment_intent" => (Kind::PaymentIntent, Thing::PaymentIntent),
        "test_clock" => (Kind::TestClock, Thing::TestClock),
        _ => (Kind::SetupIntent, Thing::SetupIntent),
    };
    let found = find(app, call, kind, id).await?;
    Ok(found.ok_or_else(|| WireError::no_such(thing, id, Place::Param(param)))?)
}
