//! Attaches a method to a customer, with a check of the card (`stripe-api.md` 3.1, 3.4).
//!
//! The check authenticates nobody, so it gives no leave to charge with nobody present: a method
//! that nothing was agreed on for gets an agreement of level L1 (`card-network.md` 6.2). One that
//! was set up without a customer keeps what was agreed then, which the attach wakes.

use crate::agreement::{Agreement, AgreementKind, AgreementState, Level, SetUp, Usage, keep};
use crate::case::{Case, Halt, Need};
use crate::command::{Answer, MethodChoice, Ref};
use crate::customer::keep_for;
use crate::event::EventType;
use crate::failure::Failure;
use crate::gateway::check::{self, Checked};
use crate::id::CustomerId;
use crate::network::Nti;
use crate::object::Kind;
use crate::payment_method::{PaymentMethod, Standing, choose};
use crate::refusal::{MethodRefused, Place, Why};

/// The most methods that a customer may have (`stripe-api.md` 3.4).
pub const METHODS_OF_A_CUSTOMER: usize = 500;

/// An attach. An alias (`pm_card_visa`) is a method that comes with the call.
#[derive(Debug, Clone)]
pub struct Attach {
    /// What is attached.
    pub method: MethodChoice,
    /// To whom.
    pub customer: Ref<CustomerId>,
}

/// A method whose card passed the check.
pub(crate) struct Passed {
    /// The method, with what was checked.
    pub(crate) method: PaymentMethod,
    /// The network's id of the check.
    pub(crate) nti: Option<Nti>,
}

/// What a check came to.
pub(crate) enum Attachable {
    /// The method may be attached.
    Passed(Box<Passed>),
    /// It may not: the 402.
    Declined(Box<Answer>),
}

impl Attach {
    /// Attaches the method; again to the same customer changes nothing.
    ///
    /// # Errors
    /// As `stripe-api.md` 3.4 words them, the customer first.
    pub fn decide(self, case: &mut Case<'_>) -> Result<Answer, Halt> {
        let customer = self.customer.customer(case, Place::Param("customer"))?.id;
        let method = choose::choose(case, &self.method, Place::Path)?;
        if method.customer() == Some(customer) {
            return Ok(Answer::shown(method));
        }
        refuse_unless_free(&method)?;
        let saved: Vec<PaymentMethod> =
            case.all(Need::OfCustomer(Kind::PaymentMethod, customer.seq))?;
        if saved.len() >= METHODS_OF_A_CUSTOMER {
            return Err(Why::Method(MethodRefused::TooMany).into());
        }
        match check(case, method)? {
            Attachable::Declined(answer) => Ok(*answer),
            Attachable::Passed(passed) => {
                // It was there a moment ago, in the same snapshot.
                keep_for(case, customer)?;
                Ok(Answer::shown(attach(case, passed, customer)?))
            }
        }
    }
}

/// Whether the method may still get a customer.
pub(crate) fn refuse_unless_free(method: &PaymentMethod) -> Result<(), Why> {
    match method.standing {
        Standing::Fresh | Standing::SetUp => Ok(()),
        Standing::Attached(_) => Err(Why::Method(MethodRefused::AttachedElsewhere)),
        Standing::Consumed | Standing::Detached => Err(Why::Method(MethodRefused::AttachConsumed)),
    }
}

/// Has the issuer check the card. A decline is written and answered; there is no charge.
pub(crate) fn check(case: &mut Case<'_>, method: PaymentMethod) -> Result<Attachable, Halt> {
    let (method, checked) = check::card(case, method)?;
    match checked {
        Checked::Passed { nti } => Ok(Attachable::Passed(Box::new(Passed { method, nti }))),
        Checked::Refused(cause) => {
            let failure = Failure { cause, charge: None, payment_method: Box::new(method) };
            let answer = Answer::Failed { failure, about: None };
            Ok(Attachable::Declined(Box::new(answer)))
        }
    }
}

/// Writes the method as the customer's, with what is agreed on, and tells of it.
pub(crate) fn attach(
    case: &mut Case<'_>,
    passed: Box<Passed>,
    customer: CustomerId,
) -> Result<PaymentMethod, Halt> {
    let Passed { method, nti } = *passed;
    let attached = PaymentMethod { standing: Standing::Attached(customer), ..method };
    match method.standing {
        // Nothing was agreed on yet.
        Standing::Fresh => agree(case, &attached, nti),
        Standing::SetUp => wake(case, &attached)?,
        Standing::Attached(_) | Standing::Consumed | Standing::Detached => {
            unreachable!("refused before the check")
        }
    }
    case.put(attached.clone());
    case.tell(EventType::PaymentMethodAttached, attached.clone());
    Ok(attached)
}

fn agree(case: &mut Case<'_>, method: &PaymentMethod, nti: Option<Nti>) {
    let set_up = SetUp {
        at: case.now(),
        payment_method: method.id,
        kind: AgreementKind::Unspecified,
        usage: Usage::OnSession,
        level: Level::OnSession,
        mandate: None,
        sca_proof: None,
        nti,
        state: AgreementState::Active,
    };
    keep::keep(case, &[], set_up);
}

/// What was agreed on without a customer holds from here on.
fn wake(case: &mut Case<'_>, method: &PaymentMethod) -> Result<(), Halt> {
    for agreement in keep::of(case, method.id)? {
        match agreement.state {
            AgreementState::Dormant => {
                case.put(Agreement { state: AgreementState::Active, ..agreement });
            }
            AgreementState::Active | AgreementState::Revoked | AgreementState::Blocked => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
