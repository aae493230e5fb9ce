//! Moves an order to its new total.
//!
//! Where there is a wire between us and the network, the rule is run a second time with the
//! answer, over rows that its first commit wrote. So the plan is kept with the adjustment before
//! anything is asked: the second run goes on with it and says the same events again.

use crate::adjustment::order::Order;
use crate::adjustment::plan::{Move, Plan, plan};
use crate::adjustment::report::report;
use crate::adjustment::{Adjustment, Lines, Raise};
use crate::attempt::{Authentication, AuthenticationState};
use crate::case::{Case, Halt, Need};
use crate::command::{Answer, Caller, MethodChoice, Patch, Ref};
use crate::contact::{Metadata, Shipping};
use crate::failure::Failure;
use crate::id::{AdjustmentId, PaymentIntentId};
use crate::money::{Currency, Money};
use crate::object::Kind;
use crate::payment_intent::capture::{self, Finality};
use crate::payment_intent::confirm::{Confirm, OffSession, Presence};
use crate::payment_intent::create::{Create as CreatePayment, Made};
use crate::payment_intent::increment::{self, Raised};
use crate::payment_intent::update::{Update, carrying};
use crate::payment_intent::{
    CancelReason, CaptureMethod, CardOptions, ConfirmationMethod, PaymentIntent, State, amount,
    cancel, reverse,
};
use crate::refund::{Wish, give_back};
use crate::refusal::{AdjustmentRefused, Noun, Place, Why};

/// A change of an order's total.
#[derive(Debug, Clone)]
pub struct Create {
    /// Any payment of the order.
    pub payment_intent: Ref<PaymentIntentId>,
    /// The new total, in minor units.
    pub total: i64,
    /// What it is the sum of.
    pub lines: Option<Lines>,
    /// The currency that the caller counts in, which can't change.
    pub currency: Option<Currency>,
    /// Where the goods go.
    pub shipping: Patch<Shipping>,
    /// Why.
    pub reason: Option<String>,
    /// The caller's notes.
    pub metadata: Metadata,
}

impl Create {
    /// Adjusts the order.
    ///
    /// # Errors
    /// A refusal changes nothing and carries the order's first payment. What the bank refuses is
    /// an adjustment all the same.
    pub fn decide(self, case: &mut Case<'_>) -> Result<Answer, Halt> {
        let original = self.original(case)?;
        self.go(case, original.clone()).map_err(|halt| carrying(halt, &original))
    }

    /// The order's first payment.
    pub(super) fn original(&self, case: &Case<'_>) -> Result<PaymentIntent, Halt> {
        let place = Place::Param("payment_intent");
        let named: PaymentIntent = self.payment_intent.find(case, Noun::PaymentIntent, place)?;
        match named.original {
            Some(original) => case.get(original),
            None => Ok(named),
        }
    }

    fn go(self, case: &mut Case<'_>, original: PaymentIntent) -> Result<Answer, Halt> {
        let id = case.mint.id(AdjustmentId::new);
        let (number, plan) = match case.find::<Adjustment>(id)? {
            Some(begun) => (begun.number, begun.plan),
            None => {
                let (order, plan) = self.plan(case, original.id)?;
                order.rely_on(case);
                (order.adjustments.last().map_or(1, |it| it.number + 1), plan)
            }
        };
        for superseded in &plan.superseded {
            give_up(case, *superseded)?;
        }
        let mut adjustment = Adjustment {
            id,
            created: case.now(),
            payment_intent: original.id,
            number,
            amount: Money::new(self.total, original.amount.currency),
            plan,
            raise: None,
            made: None,
            refunds: Vec::new(),
            lines: self.lines,
            shipping: self.shipping.clone().into_set(),
            reason: self.reason,
            metadata: self.metadata,
        };
        let original = change_details(case, original, self.shipping, &adjustment.plan)?;
        for step in adjustment.plan.moves.clone() {
            take(case, &original, &mut adjustment, step)?;
        }
        case.put(adjustment.clone());
        Ok(Answer::Adjusted(Box::new(report(case, adjustment)?)))
    }

    /// The order and the road to its new total.
    pub(super) fn plan(
        &self,
        case: &Case<'_>,
        original: PaymentIntentId,
    ) -> Result<(Order, Plan), Halt> {
        let order = Order::load(case, original, None)?;
        order.refuse_while_locked()?;
        let funds = order.funds(case);
        if self.currency.is_some_and(|currency| currency != funds.currency) {
            return Err(
                Why::Adjustment(AdjustmentRefused::Currency { counts_in: funds.currency }).into()
            );
        }
        let plan = plan(&funds, self.total)?;
        Ok((order, plan))
    }
}

/// Gives a payment up that an earlier adjustment made and nobody completed.
fn give_up(case: &mut Case<'_>, id: PaymentIntentId) -> Result<(), Halt> {
    let mut intent: PaymentIntent = case.get(id)?;
    if let State::RequiresAction { ref action, .. } = intent.state {
        let mut open: Authentication = case.get(action.authentication)?;
        open.state = AuthenticationState::Closed;
        case.put(open);
    }
    cancel::close(case, &mut intent, Some(CancelReason::Abandoned));
    Ok(())
}

/// Writes the order's first payment, with its new details or as it is: of two adjustments at
/// once, one finds that it moved.
fn change_details(
    case: &mut Case<'_>,
    mut original: PaymentIntent,
    shipping: Patch<Shipping>,
    plan: &Plan,
) -> Result<PaymentIntent, Halt> {
    if let [Move::Update { to, .. }] = plan.moves[..] {
        let update = Update { amount: Some(to), shipping, ..Update::default() };
        let id = Ref { text: String::new(), id: Some(original.id) };
        update.decide(case, &id, Caller::Secret)?;
        return case.get(original.id);
    }
    shipping.apply(&mut original.shipping);
    case.put(original.clone());
    Ok(original)
}

/// Takes one step of the road.
fn take(
    case: &mut Case<'_>,
    original: &PaymentIntent,
    adjustment: &mut Adjustment,
    step: Move,
) -> Result<(), Halt> {
    match step {
        // Done with the details.
        Move::Update { .. } => Ok(()),
        Move::Charge { amount } => {
            let capture = match original.capture_method {
                CaptureMethod::AutomaticAsync => CaptureMethod::AutomaticAsync,
                CaptureMethod::Automatic | CaptureMethod::Manual => CaptureMethod::Automatic,
            };
            pay(case, original, adjustment, (amount, capture))
        }
        Move::Authorize { amount } => {
            pay(case, original, adjustment, (amount, CaptureMethod::Manual))
        }
        Move::Lower { intent, by } => {
            let held: PaymentIntent = case.get(intent)?;
            let total = total_held(&held);
            reverse::lower(case, held, total.minus(total.with_minor(by))).map(drop)
        }
        Move::Release { intent, .. } => release(case, case.get(intent)?),
        Move::Increment { intent, by } => raise(case, original, adjustment, (intent, by)),
        Move::Refund { intent, amount } => {
            let refunded: PaymentIntent = case.get(intent)?;
            let charge = refunded.latest_charge.expect("what was taken has a charge");
            let wish = Wish { amount: Some(amount), ..Wish::default() };
            adjustment.refunds.push(give_back(case, charge, wish)?.id);
            Ok(())
        }
    }
}

/// What the issuer has authorized for a payment that is held.
fn total_held(held: &PaymentIntent) -> Money {
    held.hold().expect("the plan changes only what is held").total()
}

/// Lets a hold go. What was taken of it stays taken.
fn release(case: &mut Case<'_>, held: PaymentIntent) -> Result<(), Halt> {
    let hold = held.hold().expect("the plan lets go only of what is held");
    if hold.received.minor() > 0 {
        capture::take(case, held, Some(0), Finality::Final).map(drop)
    } else {
        cancel::give_up(case, held, None).map(drop)
    }
}

/// Raises a hold, if the issuer agrees.
fn raise(
    case: &mut Case<'_>,
    original: &PaymentIntent,
    adjustment: &mut Adjustment,
    (intent, by): (PaymentIntentId, i64),
) -> Result<(), Halt> {
    adjustment.raise = Some(Raise::Asked);
    case.put(adjustment.clone());
    let held: PaymentIntent = case.get(intent)?;
    let total = total_held(&held);
    match increment::raise(case, held, total.plus(total.with_minor(by)))? {
        Raised::Held(_) => {
            adjustment.raise = Some(Raise::Held);
            Ok(())
        }
        Raised::Refused { failure, .. } => refuse(case, original, adjustment, failure),
    }
}

/// The hold stands as before. The difference may be held a second time, by another card or with
/// the customer there: the payment for it is made, and waits for them.
fn refuse(
    case: &mut Case<'_>,
    original: &PaymentIntent,
    adjustment: &mut Adjustment,
    failure: Failure,
) -> Result<(), Halt> {
    adjustment.raise = Some(Raise::Refused(failure.clone()));
    let previous = adjustment.amount.with_minor(adjustment.plan.previous);
    let amount = adjustment.amount.minus(previous);
    if amount::check(amount, case.account().default_currency).is_err() {
        return Ok(());
    }
    let id = case.mint.id(PaymentIntentId::new);
    let create = CreatePayment {
        method: None,
        confirm: None,
        ..payment_of(original, amount, CaptureMethod::Manual)
    };
    match create.make(case, Made { id, original: Some(original.id) }) {
        Ok(_) => {
            let made: PaymentIntent = case.get(id)?;
            case.put(PaymentIntent { last_payment_error: Some(failure), ..made });
            adjustment.made = Some(id);
            Ok(())
        }
        // Whoever would pay it is gone: the adjustment is declined, and there it ends.
        Err(Halt::Refused(_)) => Ok(()),
        Err(halt @ (Halt::Need(_) | Halt::Ask(_))) => Err(halt),
    }
}

/// Ends an adjustment whose hold was being raised when the answer was lost with the process.
///
/// # Errors
/// Only [`Halt::Need`].
pub(crate) fn lost(
    case: &mut Case<'_>,
    raised: PaymentIntentId,
    answer: &Answer,
) -> Result<(), Halt> {
    let Answer::Failed { failure, .. } = answer else { return Ok(()) };
    let raised: PaymentIntent = case.get(raised)?;
    let original: PaymentIntent = case.get(raised.original.unwrap_or(raised.id))?;
    let all = case.all::<Adjustment>(Need::Children(Kind::Adjustment, original.id.seq))?;
    let waits = |it: &Adjustment| it.raise == Some(Raise::Asked) && it.raises(raised.id);
    let Some(mut adjustment) = all.into_iter().find(waits) else { return Ok(()) };
    refuse(case, &original, &mut adjustment, failure.clone())?;
    case.put(adjustment);
    Ok(())
}

/// Pays the difference with the card of the first payment, under the agreement that it was saved
/// with, and with nobody present.
fn pay(
    case: &mut Case<'_>,
    original: &PaymentIntent,
    adjustment: &mut Adjustment,
    (amount, capture_method): (i64, CaptureMethod),
) -> Result<(), Halt> {
    let id = case.mint.id(PaymentIntentId::new);
    adjustment.made = Some(id);
    case.put(adjustment.clone());
    let amount = adjustment.amount.with_minor(amount);
    let create = payment_of(original, amount, capture_method);
    create.make(case, Made { id, original: Some(original.id) }).map(drop)
}

/// A payment of the same order.
fn payment_of(
    original: &PaymentIntent,
    amount: Money,
    capture_method: CaptureMethod,
) -> CreatePayment {
    let asked = &original.card_options;
    let card_options = CardOptions {
        network: asked.network,
        request_incremental_authorization: asked.request_incremental_authorization,
        stored_credential_usage: asked.stored_credential_usage,
        ..CardOptions::default()
    };
    let method = original.payment_method();
    CreatePayment {
        amount,
        customer: original.customer.map(|it| Ref { text: it.to_string(), id: Some(it) }),
        method: method.map(|it| MethodChoice::Known(Ref { text: it.to_string(), id: Some(it) })),
        capture_method,
        confirmation_method: ConfirmationMethod::Automatic,
        setup_future_usage: None,
        methods: original.methods.clone(),
        card_options,
        description: original.description.clone(),
        metadata: original.metadata.clone(),
        receipt_email: original.receipt_email.clone(),
        shipping: original.shipping.clone(),
        statement_descriptor_suffix: original.statement_descriptor_suffix.clone(),
        transfer_group: original.transfer_group.clone(),
        confirm: Some(Confirm {
            presence: Presence::OffSession(OffSession::OneOff),
            ..Confirm::default()
        }),
    }
}
