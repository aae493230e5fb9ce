//! Which fields can be expanded, and what they become.

use crate::version::{Change, Version};

/// A kind of object that an answer shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resource {
    /// The account that is asked.
    Account,
    /// An order's new total: ours.
    Adjustment,
    /// What it has.
    Balance,
    /// A movement of its money.
    BalanceTransaction,
    /// A charge.
    Charge,
    /// What steers a test: ours, with nothing to expand.
    Control,
    /// A customer.
    Customer,
    /// One event to one endpoint: ours.
    Delivery,
    /// A dispute.
    Dispute,
    /// An event.
    Event,
    /// Leave to charge, as an object.
    Mandate,
    /// A payment intent.
    PaymentIntent,
    /// A payment method.
    PaymentMethod,
    /// A refund.
    Refund,
    /// One confirmation of a setup intent.
    SetupAttempt,
    /// A setup intent.
    SetupIntent,
    /// A frozen time of its own for some customers.
    TestClock,
    /// An address that is told of events.
    WebhookEndpoint,
}

/// What a field becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The object that its id names.
    One(Resource),
    /// A list that is left out unless it is asked for.
    List(Resource),
    /// Objects of several kinds, or of kinds that this server does not have: what follows in a
    /// path is not looked at.
    Unchecked,
}

/// A field that can be expanded.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Whose field it is.
    pub of: Resource,
    /// Where it stands, with dots.
    pub path: &'static str,
    /// What it becomes.
    pub to: Target,
    /// The change that brought it.
    since: Option<Change>,
    /// The change that took it away.
    until: Option<Change>,
}

impl Field {
    /// Whether a version has it.
    pub fn exists(&self, version: Version) -> bool {
        self.since.is_none_or(|change| version.has(change))
            && self.until.is_none_or(|change| !version.has(change))
    }

    const fn since(self, change: Change) -> Field {
        Field { since: Some(change), ..self }
    }

    const fn until(self, change: Change) -> Field {
        Field { until: Some(change), ..self }
    }
}

const fn one(of: Resource, path: &'static str, to: Resource) -> Field {
    Field { of, path, to: Target::One(to), since: None, until: None }
}

const fn list(of: Resource, path: &'static str, to: Resource) -> Field {
    Field { of, path, to: Target::List(to), since: None, until: None }
}

const fn unchecked(of: Resource, path: &'static str) -> Field {
    Field { of, path, to: Target::Unchecked, since: None, until: None }
}

use Resource::{
    Adjustment, BalanceTransaction, Charge, Customer, Dispute, Mandate, PaymentIntent,
    PaymentMethod, Refund, SetupAttempt, SetupIntent, TestClock,
};

/// Every field that can be expanded.
pub const EXPANDABLE: &[Field] = &[
    one(Adjustment, "payment_intent", PaymentIntent),
    unchecked(PaymentIntent, "application"),
    list(PaymentIntent, "charges", Charge).until(Change::LatestCharge),
    one(PaymentIntent, "customer", Customer),
    unchecked(PaymentIntent, "invoice").until(Change::NoInvoice),
    one(PaymentIntent, "latest_charge", Charge),
    unchecked(PaymentIntent, "on_behalf_of"),
    one(PaymentIntent, "payment_method", PaymentMethod),
    unchecked(PaymentIntent, "payment_record"),
    unchecked(PaymentIntent, "review"),
    unchecked(PaymentIntent, "source"),
    unchecked(PaymentIntent, "transfer_data.destination"),
    unchecked(SetupIntent, "application"),
    one(SetupIntent, "customer", Customer),
    one(SetupIntent, "latest_attempt", SetupAttempt),
    one(SetupIntent, "mandate", Mandate),
    unchecked(SetupIntent, "on_behalf_of"),
    one(SetupIntent, "payment_method", PaymentMethod),
    one(SetupIntent, "single_use_mandate", Mandate),
    unchecked(SetupAttempt, "application"),
    one(SetupAttempt, "customer", Customer),
    unchecked(SetupAttempt, "on_behalf_of"),
    one(SetupAttempt, "payment_method", PaymentMethod),
    one(SetupAttempt, "setup_intent", SetupIntent),
    one(Mandate, "payment_method", PaymentMethod),
    unchecked(Charge, "application"),
    unchecked(Charge, "application_fee"),
    one(Charge, "balance_transaction", BalanceTransaction),
    one(Charge, "customer", Customer),
    one(Charge, "dispute", Dispute),
    one(Charge, "failure_balance_transaction", BalanceTransaction),
    unchecked(Charge, "invoice").until(Change::NoInvoice),
    unchecked(Charge, "on_behalf_of"),
    one(Charge, "payment_intent", PaymentIntent),
    one(Charge, "payment_method_details.card.mandate", Mandate).since(Change::CardMandateExpands),
    list(Charge, "refunds", Refund),
    unchecked(Charge, "review"),
    unchecked(Charge, "source_transfer"),
    unchecked(Charge, "transfer"),
    unchecked(Charge, "transfer_data.destination"),
    one(Refund, "balance_transaction", BalanceTransaction),
    one(Refund, "charge", Charge),
    one(Refund, "failure_balance_transaction", BalanceTransaction),
    one(Refund, "payment_intent", PaymentIntent),
    unchecked(Refund, "source_transfer_reversal"),
    unchecked(Refund, "transfer_reversal"),
    one(Dispute, "charge", Charge),
    one(Dispute, "payment_intent", PaymentIntent),
    unchecked(Customer, "cash_balance"),
    unchecked(Customer, "default_source"),
    unchecked(Customer, "invoice_credit_balance"),
    one(Customer, "invoice_settings.default_payment_method", PaymentMethod),
    unchecked(Customer, "sources"),
    unchecked(Customer, "subscriptions"),
    unchecked(Customer, "tax"),
    unchecked(Customer, "tax_ids"),
    one(Customer, "test_clock", TestClock),
    one(PaymentMethod, "customer", Customer),
    unchecked(BalanceTransaction, "source"),
];
