//! Writes what an approved set-up makes of a method's agreements (`card-network.md` 6.2).

use crate::agreement::{Agreement, SetUp};
use crate::case::{Case, Halt, Need};
use crate::id::{AgreementId, PaymentMethodId};
use crate::object::Kind;

/// The agreements of a method, oldest first.
///
/// # Errors
/// [`Halt::Need`] while they aren't loaded.
pub fn of(case: &Case<'_>, method: PaymentMethodId) -> Result<Vec<Agreement>, Halt> {
    case.all::<Agreement>(Need::Children(Kind::Agreement, method.seq))
}

/// Renews the agreement of the set-up's kind, or makes the first one.
pub fn keep(case: &mut Case<'_>, agreements: &[Agreement], set_up: SetUp) {
    let mut standing = agreements.iter().filter(|agreement| agreement.is_standing());
    let standing = standing.find(|agreement| agreement.kind == set_up.kind);
    match standing {
        None => {
            let id = case.mint.id(AgreementId::new);
            case.put(set_up.first(id));
        }
        Some(standing) => {
            let renewed = set_up.renew(standing);
            if renewed == *standing {
                case.rely_on::<Agreement>(standing.id);
            } else {
                case.put(renewed);
            }
        }
    }
}
