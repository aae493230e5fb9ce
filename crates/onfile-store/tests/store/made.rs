//! Things to keep: small, whole, and different where a number is.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;

use onfile_domain::account::{Account, Mode};
use onfile_domain::attempt::{Attempt, AttemptState, Subject};
use onfile_domain::balance_transaction::{BalanceTransaction, CapturedCharge};
use onfile_domain::card::TestEffect;
use onfile_domain::case::Decision;
use onfile_domain::contact::Metadata;
use onfile_domain::country::Country;
use onfile_domain::customer::{Customer, TaxExempt};
use onfile_domain::event::{EventType, NewEvent};
use onfile_domain::id::{
    AttemptId, BalanceTransactionId, ChargeId, CustomerId, PaymentIntentId, PaymentMethodId,
};
use onfile_domain::money::{Currency, Money};
use onfile_domain::object::Object;
use onfile_domain::payment_intent::{
    CaptureMethod, CardOptions, ConfirmationMethod, MethodTypes, PaymentIntent, State,
};
use onfile_domain::time::WorldTime;
use onfile_store::{
    Cause, Claim, ClaimState, KeptAnswer, KeyHash, Store, World, WorldId, WriteSet,
};

/// Runs a future to its end on this thread.
pub fn wait<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(it) => return it,
            Poll::Pending => std::thread::park(),
        }
    }
}

pub const NOW: WorldTime = WorldTime(1_790_000_000);

pub fn account() -> Account {
    Account {
        id: "acct_1onfileTestAcct1".to_owned(),
        created: NOW,
        country: Country::US,
        default_currency: Currency::USD,
        mode: Mode::Test,
    }
}

pub fn world(store: &Store, name: u8) -> World {
    wait(store.create_world(KeyHash([name; 32]), account())).unwrap()
}

pub fn customer(seq: u64) -> Customer {
    Customer {
        id: CustomerId::new(seq, [b'a'; 16]),
        created: NOW.plus(seq as i64),
        deleted: false,
        address: None,
        balance: 0,
        business_name: None,
        currency: None,
        description: Some(format!("\"{seq}\"\n\\ \u{1} é 🦀")),
        email: None,
        individual_name: None,
        invoice_prefix: "AB12CD34".to_owned(),
        invoice_footer: None,
        default_payment_method: None,
        metadata: Metadata::from([("seq".to_owned(), seq.to_string())]),
        name: None,
        next_invoice_sequence: 1,
        phone: None,
        preferred_locales: Vec::new(),
        shipping: None,
        tax_exempt: TaxExempt::None,
        test_clock: None,
    }
}

pub fn intent(seq: u64) -> PaymentIntent {
    PaymentIntent {
        id: PaymentIntentId::new(seq, [b'i'; 16]),
        secret: "s".repeat(25),
        created: NOW,
        amount: Money::new(500, Currency::USD),
        state: State::RequiresPaymentMethod,
        inflight: None,
        customer: None,
        capture_method: CaptureMethod::Manual,
        confirmation_method: ConfirmationMethod::Automatic,
        setup_future_usage: None,
        methods: MethodTypes::Listed,
        card_options: CardOptions::default(),
        latest_charge: None,
        last_payment_error: None,
        soft: None,
        description: None,
        metadata: Metadata::new(),
        receipt_email: None,
        shipping: None,
        statement_descriptor_suffix: None,
        transfer_group: None,
        original: None,
    }
}

/// What a charge of this row moved, less its fee.
pub fn moved(
    seq: u64,
    at: WorldTime,
    minor: i64,
    effect: Option<TestEffect>,
) -> BalanceTransaction {
    let captured = CapturedCharge {
        id: BalanceTransactionId::new(seq, [b'b'; 16]),
        at,
        charge: ChargeId::new(seq, [b'c'; 16]),
        taken: Money::new(minor, Currency::USD),
        before: Money::new(0, Currency::USD),
        description: None,
        account_country: Country::US,
        card_country: Country::US,
        effect,
        settles_in: Currency::USD,
    };
    captured.movement()
}

pub fn told(event_type: EventType, object: impl Into<Object>) -> NewEvent {
    NewEvent { event_type, object: object.into(), previous: None }
}

pub fn set(world: WorldId, decision: Decision) -> WriteSet {
    WriteSet {
        world,
        at: NOW,
        event_tails: vec![[b'e'; 16]; decision.events.len()],
        decision,
        sealed: Vec::new(),
        bank: Vec::new(),
        account: None,
        cause: Cause { request: Some("req_1".to_owned()), idempotency_key: None },
        idempotency: None,
        told: Vec::new(),
        failing: None,
        settles: None,
    }
}

pub fn claim(key: &str, request: &str, answered: bool) -> Claim {
    Claim {
        key: key.to_owned(),
        endpoint: "POST /v1/customers".to_owned(),
        params: [7; 32],
        request: request.to_owned(),
        at: NOW,
        state: match answered {
            false => ClaimState::Running(None),
            true => ClaimState::Answered(KeptAnswer {
                status: 200,
                version: "2026-08-26.dahlia".to_owned(),
                body: request.as_bytes().to_vec(),
            }),
        },
    }
}

pub fn attempt(seq: u64, intent: u64, state: AttemptState) -> Attempt {
    Attempt {
        id: AttemptId::new(seq, [b't'; 16]),
        created: NOW,
        subject: Subject::Payment(PaymentIntentId::new(intent, [b'i'; 16])),
        payment_method: PaymentMethodId::new(1, [b'm'; 16]),
        amount: None,
        state,
        trace: Vec::new(),
        warnings: Vec::new(),
        charge: None,
    }
}
