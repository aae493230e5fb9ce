//! What a call wants to pay with, as a row.

use crate::case::{Case, Halt};
use crate::command::{MethodChoice, NewMethod};
use crate::id::PaymentMethodId;
use crate::payment_method::{Card, Check, Checks, PaymentMethod, Standing};
use crate::refusal::{Noun, Place};

/// The method that a call names, or the new one that it brings; a new one is written, and its
/// number sealed under its id.
///
/// # Errors
/// When the id leads nowhere.
pub fn choose(
    case: &mut Case<'_>,
    choice: &MethodChoice,
    place: Place,
) -> Result<PaymentMethod, Halt> {
    match choice {
        MethodChoice::Known(known) => known.find(case, Noun::PaymentMethod, place),
        MethodChoice::New(new) => Ok(make(case, new)),
    }
}

/// Writes a new method.
pub fn make(case: &mut Case<'_>, new: &NewMethod) -> PaymentMethod {
    let id = case.mint.id(PaymentMethodId::new);
    let address = &new.billing_details.address;
    let unchecked = |given: bool| given.then_some(Check::Unchecked);
    let method = PaymentMethod {
        id,
        created: case.now(),
        standing: Standing::Fresh,
        allow_redisplay: new.allow_redisplay,
        billing_details: new.billing_details.clone(),
        card: Card {
            facts: new.facts.clone(),
            expiry: new.expiry,
            fingerprint: new.fingerprint.clone(),
            par: new.par.clone(),
            checks: Checks {
                address_line1: unchecked(address.line1.is_some()),
                address_postal_code: unchecked(address.postal_code.is_some()),
                cvc: unchecked(new.cvc_given),
            },
            preferred_network: new.preferred_network.clone(),
        },
        metadata: new.metadata.clone(),
    };
    case.put(method.clone());
    case.seal(id, new.hand);
    method
}
