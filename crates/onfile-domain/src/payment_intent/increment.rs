//! Raises a hold to a new total, if the issuer agrees (`stripe-api.md` 2.6, `card-network.md` 8.2).
//!
//! It is a message of the merchant's own (`card-network.md` 3.4) for the difference, which names
//! the hold's first message and passes the guards of every merchant-initiated one. Yes: the new
//! total can be captured. No, or no answer: the hold stands as before, and nothing of it shows on
//! intent or charge. The end of the hold stays where it is.

use crate::agreement::Agreement;
use crate::attempt::{self, Attempt, AttemptState, Subject};
use crate::case::{Case, Halt};
use crate::charge::{Charge, terms};
use crate::command::{Answer, MetadataPatch, Patch, Ref};
use crate::decline;
use crate::event::EventType;
use crate::failure::{Cause, Failure};
use crate::gateway::inputs::Inputs;
use crate::gateway::outcome::{Message, Outcome, SeenDecline, Verdict};
use crate::gateway::{Initiator, guards, wire};
use crate::id::{AttemptId, PaymentIntentId};
use crate::money::Money;
use crate::network::{Question, Reply};
use crate::payment_intent::confirm::{OffSession, Presence};
use crate::payment_intent::update::{carrying, refuse_while_locked};
use crate::payment_intent::{CardOptions, Hold, PaymentIntent, amount};
use crate::payment_method::PaymentMethod;
use crate::refusal::{HoldRefused, Noun, PaymentRefused, Place, Why};

/// An increment.
#[derive(Debug, Clone)]
pub struct Increment {
    /// The new total, in minor units.
    pub amount: i64,
    /// The account's words; set where the issuer agrees.
    pub description: Patch<String>,
    /// The caller's notes, merged into the intent's where the issuer agrees.
    pub metadata: MetadataPatch,
}

/// What became of an increment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a call has one, and moves it")]
pub enum Raised {
    /// The hold comes to the new total.
    Held(PaymentIntent),
    /// The issuer said no, or we did in its place, or nobody answered.
    Refused {
        /// Why.
        failure: Failure,
        /// The intent, as it was.
        intent: PaymentIntent,
    },
}

impl From<Raised> for Answer {
    fn from(raised: Raised) -> Answer {
        match raised {
            Raised::Held(intent) => Answer::shown(intent),
            Raised::Refused { failure, intent } => {
                Answer::Failed { failure, about: Some(intent.into()) }
            }
        }
    }
}

impl Increment {
    /// Raises the hold.
    ///
    /// # Errors
    /// A refusal changes nothing and carries the intent.
    pub fn decide(self, case: &mut Case<'_>, id: &Ref<PaymentIntentId>) -> Result<Answer, Halt> {
        let intent: PaymentIntent = id.find(case, Noun::PaymentIntent, Place::Path)?;
        refuse_while_locked(&intent)?;
        self.go(case, intent.clone()).map_err(|halt| carrying(halt, &intent))
    }

    fn go(self, case: &mut Case<'_>, intent: PaymentIntent) -> Result<Answer, Halt> {
        let mut noted = intent.clone();
        self.description.apply(&mut noted.description);
        self.metadata.apply(&mut noted.metadata)?;
        let total = intent.amount.with_minor(self.amount);
        Ok(match raise(case, noted, total)? {
            held @ Raised::Held(_) => held.into(),
            Raised::Refused { failure, .. } => Raised::Refused { failure, intent }.into(),
        })
    }
}

/// Whether a hold may be raised to this total: what can be said without asking anybody.
///
/// # Errors
/// Why not.
pub fn check(intent: &PaymentIntent, charge: &Charge, total: Money) -> Result<(), Why> {
    let hold = intent.hold().ok_or(Why::Hold(HoldRefused::IncrementStatus(intent.status())))?;
    let limit = limit(charge);
    let most = total.with_minor(total.currency.maximum_charge());
    if hold.received.minor() > 0 {
        Err(Why::Hold(HoldRefused::IncrementCaptured))
    } else if !charge.terms.incremental {
        Err(Why::Hold(HoldRefused::IncrementUnavailable))
    } else if charge.terms.tried() >= terms::INCREMENTS {
        Err(Why::Hold(HoldRefused::TooManyIncrements))
    } else if charge.authorized().covers(total) {
        Err(Why::Hold(HoldRefused::IncrementNotHigher { authorized: charge.authorized() }))
    } else if !most.covers(total) {
        Err(Why::Payment(PaymentRefused::AmountTooLarge { most }))
    } else if !limit.covers(total) {
        Err(Why::Hold(HoldRefused::IncrementTooLarge { limit }))
    } else {
        amount::check_steps(total, "amount")
    }
}

/// The highest total that a hold may be raised to; `None` where it can't be raised at all.
pub fn most(intent: &PaymentIntent, charge: &Charge) -> Option<Money> {
    let limit = limit(charge);
    let minor = limit.minor().min(limit.currency.maximum_charge());
    let most = limit.with_minor(minor);
    check(intent, charge, most).ok().map(|()| most)
}

fn limit(charge: &Charge) -> Money {
    let first = charge.terms.first.unwrap_or(charge.amount.minor());
    terms::increment_limit(charge.in_its_currency(first))
}

/// Raises an intent's hold to `total`. For rules that do more in the same decision: they look for
/// an attempt on the wire themselves, and write nothing but new things before they call it, for it
/// asks the network ([`Case::attempt`]).
///
/// # Errors
/// Whatever [`Increment::decide`] refuses, without the intent.
pub fn raise(case: &mut Case<'_>, intent: PaymentIntent, total: Money) -> Result<Raised, Halt> {
    let hold = intent.hold().ok_or(Why::Hold(HoldRefused::IncrementStatus(intent.status())))?;
    if case.now() >= hold.expires_at {
        return Err(Why::Hold(HoldRefused::IncrementExpired).into());
    }
    let charge = hold.charge(case)?;
    check(&intent, &charge, total)?;
    let inputs = inputs(case, &intent, &charge, total)?;
    if let Some(agreement) = &inputs.agreement {
        // The difference alone may well be within limits that the total is not.
        guards::check_mandate(agreement, total, case.now())?;
    }
    let outcome = ask(case, &inputs, &charge)?;
    outcome.record(case, &inputs);
    match outcome.verdict {
        Verdict::Approved => Ok(Raised::Held(hold_more(case, intent, charge, (hold, total)))),
        Verdict::Refused { cause, by: _ } => Ok(refuse(case, intent, charge, inputs.method, cause)),
        Verdict::Challenged(_) => unreachable!("nobody is asked to prove that they are there"),
    }
}

/// Ends an increment whose answer was lost, on an intent that waits for it: as silence.
///
/// # Errors
/// Only [`Halt::Need`].
pub(crate) fn lost(
    case: &mut Case<'_>,
    mut intent: PaymentIntent,
    attempt: Attempt,
) -> Result<Answer, Halt> {
    let charge = attempt.charge.expect("an increment is made on a charge");
    let charge: Charge = case.get(charge)?;
    let method: PaymentMethod = case.get(attempt.payment_method)?;
    case.put(attempt::lost::ended(attempt));
    intent.inflight = None;
    case.put(intent.clone());
    Ok(refuse(case, intent, charge, method, unknown()).into())
}

/// What the guards look at and the message says: begun by the merchant, for the difference.
fn inputs(
    case: &Case<'_>,
    intent: &PaymentIntent,
    charge: &Charge,
    total: Money,
) -> Result<Inputs, Halt> {
    let agreement = match charge.terms.agreement {
        Some(id) => Some(case.get::<Agreement>(id)?),
        None => None,
    };
    Ok(Inputs {
        subject: Subject::Increment(intent.id),
        amount: total.minus(charge.authorized()),
        method: case.get(charge.payment_method)?,
        options: CardOptions { network: intent.card_options.network, ..CardOptions::default() },
        presence: Presence::OffSession(OffSession::OneOff),
        usage: None,
        mandate: None,
        agreement,
        soft: None,
        merchant: case.account().id.clone(),
        acquirer_country: case.account().country,
    })
}

/// Asks the issuer, unless a guard answers in its place.
fn ask(case: &mut Case<'_>, inputs: &Inputs, charge: &Charge) -> Result<Outcome, Halt> {
    let mut attempt = Attempt {
        id: case.mint.id(AttemptId::new),
        created: case.now(),
        subject: inputs.subject,
        payment_method: inputs.method.id,
        amount: Some(inputs.amount),
        state: AttemptState::Sent,
        trace: Vec::new(),
        warnings: Vec::new(),
        charge: Some(charge.id),
    };
    if let Some(stop) = guards::check(case, inputs)? {
        attempt.state = AttemptState::Done;
        attempt.trace.push(stop.rule.to_owned());
        return Ok(outcome(attempt, refused(Cause::Declined(stop.decline)), None));
    }
    let authorization = wire::increment(inputs, charge);
    case.attempt(attempt.clone());
    match case.ask(Question::Authorize(authorization.clone()))? {
        Reply::Authorization(reply) => {
            attempt.state = AttemptState::Done;
            attempt.trace.clone_from(&reply.rules);
            let verdict = if reply.is_approved() {
                Verdict::Approved
            } else {
                let network = inputs.facts().brand;
                let read = decline::answer(&reply, network, Initiator::Merchant);
                refused(Cause::Declined(read.decline))
            };
            let message = Message { authorization, reply: Some(reply) };
            Ok(outcome(attempt, verdict, Some(message)))
        }
        Reply::Silence => {
            attempt.state = AttemptState::Reversing;
            let message = Message { authorization, reply: None };
            Ok(outcome(attempt, refused(unknown()), Some(message)))
        }
        Reply::NotSent => {
            attempt.state = AttemptState::Done;
            Ok(outcome(attempt, refused(unknown()), None))
        }
        Reply::Authentication(_) => unreachable!("an issuer answers an authorization"),
    }
}

fn outcome(attempt: Attempt, verdict: Verdict, message: Option<Message>) -> Outcome {
    let declined = message.as_ref().and_then(|message| message.reply.as_ref());
    let declined = declined.filter(|reply| !reply.is_approved());
    let declines = declined
        .map(|reply| SeenDecline { code: reply.code.clone(), advice: reply.advice.clone() })
        .into_iter()
        .collect();
    Outcome {
        verdict,
        charge: None,
        proof: None,
        unknown: attempt.state == AttemptState::Reversing,
        message,
        soft: None,
        attempts: vec![attempt],
        declines,
    }
}

/// A no that makes no charge.
fn refused(cause: Cause) -> Verdict {
    Verdict::Refused { cause, by: None }
}

fn unknown() -> Cause {
    Cause::Declined(decline::plain("processing_error", Some("processing_error")))
}

/// The issuer said yes.
fn hold_more(
    case: &mut Case<'_>,
    mut intent: PaymentIntent,
    mut charge: Charge,
    (hold, total): (Hold, Money),
) -> PaymentIntent {
    let (before, charge_before) = (intent.clone(), charge.clone());
    charge.terms.first.get_or_insert(charge.amount.minor());
    charge.terms.increments = Some(charge.terms.tried() + 1);
    charge.terms.authorized = None;
    charge.amount = total;
    intent.amount = total;
    intent.state = Hold { capturable: total, ..hold }.state();
    case.rely_on::<PaymentMethod>(hold.method);
    case.put(charge.clone());
    case.put(intent.clone());
    case.tell_change(EventType::PaymentIntentAmountCapturableUpdated, &before, &intent);
    case.tell_change(EventType::ChargeUpdated, &charge_before, &charge);
    intent
}

/// No. That it was tried is counted, and shown nowhere.
fn refuse(
    case: &mut Case<'_>,
    intent: PaymentIntent,
    mut charge: Charge,
    method: PaymentMethod,
    cause: Cause,
) -> Raised {
    charge.terms.increments = Some(charge.terms.tried() + 1);
    case.put(charge);
    let failure = Failure { cause, charge: None, payment_method: Box::new(method) };
    Raised::Refused { failure, intent }
}
