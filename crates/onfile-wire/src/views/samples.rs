//! Objects for tests, as a first day's traffic makes them.

use std::collections::BTreeMap;

use onfile_domain::agreement::Usage;
use onfile_domain::balance_transaction::CapturedCharge;
use onfile_domain::card::{Brand, CardFacts, Expiry, Funding, Risk, ThreeDs};
use onfile_domain::charge::{Charge, ChargeResult, ChargeRisk, ChargedCard, FailedBy, HoldTerms};
use onfile_domain::contact::BillingDetails;
use onfile_domain::country::Country;
use onfile_domain::customer::{Customer, TaxExempt};
use onfile_domain::decline::{self, Decline};
use onfile_domain::failure::{Cause, Failure};
use onfile_domain::id::*;
use onfile_domain::money::{Currency, Money};
use onfile_domain::payment_intent::{
    CaptureMethod, CardOptions, ConfirmationMethod, MethodTypes, NextAction, PaymentIntent, State,
};
use onfile_domain::payment_method::{AllowRedisplay, Card, Check, Checks, PaymentMethod, Standing};
use onfile_domain::refund::{Refund, RefundState};
use onfile_domain::setup_intent::{SetupAttempt, SetupAttemptStatus, SetupIntent, SetupState};
use onfile_domain::time::WorldTime;

use crate::version::Version;
use crate::view::{Audience, Frame};

pub(crate) const NOW: WorldTime = WorldTime(1_785_715_226);
const TAIL: &[u8; 16] = b"abcdefghijklmnop";

pub(crate) fn frame(version: &str) -> Frame<'static> {
    Frame {
        version: version.parse::<Version>().unwrap(),
        audience: Audience::Secret,
        now: NOW,
        livemode: false,
        account: "acct_1234567890abcdef",
        base: "http://127.0.0.1:12111",
    }
}

fn facts() -> CardFacts {
    CardFacts {
        brand: Brand::Visa,
        networks: vec![Brand::Visa],
        funding: Funding::Credit,
        country: Country::US,
        last4: "4242".to_owned(),
        three_ds: ThreeDs::Enrolled,
        named: true,
        risk: Risk::Normal,
        risk_score: 20,
        radar_block: false,
        effect: None,
    }
}

const EXPIRY: Expiry = Expiry { year: 2034, month: 12 };
const CHECKED: Checks =
    Checks { address_line1: None, address_postal_code: None, cvc: Some(Check::Pass) };

pub(crate) fn method() -> PaymentMethod {
    PaymentMethod {
        id: PaymentMethodId::new(1, *TAIL),
        created: NOW,
        standing: Standing::Fresh,
        allow_redisplay: AllowRedisplay::Unspecified,
        billing_details: BillingDetails::default(),
        card: Card {
            facts: facts(),
            expiry: EXPIRY,
            fingerprint: "mToisGZ01V71BCos".to_owned(),
            par: "0".repeat(29),
            checks: CHECKED,
            preferred_network: None,
        },
        metadata: BTreeMap::new(),
    }
}

pub(crate) fn customer() -> Customer {
    Customer {
        id: CustomerId::new(2, *TAIL),
        created: NOW,
        deleted: false,
        address: None,
        balance: 0,
        business_name: None,
        currency: None,
        description: None,
        email: Some("jenny@example.com".to_owned()),
        individual_name: None,
        invoice_prefix: "A6EZPRP2".to_owned(),
        invoice_footer: None,
        default_payment_method: None,
        metadata: BTreeMap::new(),
        name: Some("Jenny".to_owned()),
        next_invoice_sequence: 1,
        phone: None,
        preferred_locales: vec![],
        shipping: None,
        tax_exempt: TaxExempt::None,
        test_clock: None,
    }
}

pub(crate) fn intent(state: State) -> PaymentIntent {
    PaymentIntent {
        id: PaymentIntentId::new(3, *TAIL),
        secret: "abcdefghijklmnopqrstuvwxy".to_owned(),
        created: NOW,
        amount: Money::new(2_000, Currency::USD),
        state,
        inflight: None,
        customer: None,
        capture_method: CaptureMethod::AutomaticAsync,
        confirmation_method: ConfirmationMethod::Automatic,
        setup_future_usage: None,
        methods: MethodTypes::Listed,
        card_options: CardOptions::default(),
        latest_charge: None,
        last_payment_error: None,
        soft: None,
        description: None,
        metadata: BTreeMap::new(),
        receipt_email: None,
        shipping: None,
        statement_descriptor_suffix: None,
        transfer_group: None,
        original: None,
    }
}

pub(crate) fn fresh() -> PaymentIntent {
    intent(State::RequiresPaymentMethod)
}

pub(crate) fn action(return_url: Option<&str>) -> NextAction {
    NextAction {
        authentication: AuthenticationId::new(9, *TAIL),
        secret: "s".repeat(24),
        return_url: return_url.map(str::to_owned),
    }
}

pub(crate) fn setup(state: SetupState) -> SetupIntent {
    SetupIntent {
        id: SetupIntentId::new(4, *TAIL),
        secret: "abcdefghijklmnopqrstuvwxyz12345".to_owned(),
        created: NOW,
        state,
        inflight: None,
        customer: Some(customer().id),
        usage: Usage::OffSession,
        methods: MethodTypes::Listed,
        card_options: CardOptions::default(),
        mandate_currency: None,
        latest_attempt: Some(SetupAttemptId::new(5, *TAIL)),
        last_setup_error: None,
        soft: None,
        attach_to_self: None,
        flow_directions: None,
        description: None,
        metadata: BTreeMap::new(),
    }
}

pub(crate) fn attempt() -> SetupAttempt {
    SetupAttempt {
        other_network: None,
        id: SetupAttemptId::new(5, *TAIL),
        created: NOW,
        setup_intent: SetupIntentId::new(4, *TAIL),
        customer: None,
        payment_method: method().id,
        card: method().card,
        status: SetupAttemptStatus::Succeeded,
        error: None,
        three_d_secure: None,
        moto: false,
        usage: Usage::OffSession,
        attach_to_self: None,
        flow_directions: None,
    }
}

pub(crate) fn captured() -> ChargeResult {
    ChargeResult::Captured {
        amount: 2_000,
        refunded: 0,
        refunding: 0,
        balance_transaction: BalanceTransactionId::new(7, *TAIL),
        shown_at: NOW.plus(1),
        capture_before: None,
    }
}

pub(crate) fn charge(result: ChargeResult) -> Charge {
    Charge {
        id: ChargeId::new(6, *TAIL),
        created: NOW,
        amount: Money::new(2_000, Currency::USD),
        result,
        terms: HoldTerms::default(),
        payment_intent: fresh().id,
        payment_method: method().id,
        customer: None,
        billing_details: BillingDetails::default(),
        description: None,
        metadata: BTreeMap::new(),
        receipt_email: None,
        shipping: None,
        statement_descriptor_suffix: None,
        transfer_group: None,
        user_report: None,
        risk: ChargeRisk { score: 20, level: Risk::Normal },
        card: ChargedCard {
            other_network: None,
            facts: facts(),
            expiry: EXPIRY,
            fingerprint: "mToisGZ01V71BCos".to_owned(),
            checks: CHECKED,
            authorization_code: Some("281162".to_owned()),
            network_transaction_id: Some("791057772779751".to_owned()),
            eci: Some("07".to_owned()),
            three_d_secure: None,
            moto: false,
            setup_credential_usage: None,
            stored_credential_usage: None,
        },
    }
}

pub(crate) fn insufficient_funds() -> Decline {
    decline::read("51", None, Brand::Visa).decline
}

pub(crate) fn failed_charge() -> Charge {
    charge(ChargeResult::Failed { decline: insufficient_funds(), by: FailedBy::Issuer })
}

pub(crate) fn failure() -> Failure {
    Failure {
        cause: Cause::Declined(insufficient_funds()),
        charge: Some(ChargeId::new(6, *TAIL)),
        payment_method: Box::new(method()),
    }
}

pub(crate) fn movement() -> onfile_domain::balance_transaction::BalanceTransaction {
    CapturedCharge {
        id: BalanceTransactionId::new(7, *TAIL),
        at: NOW,
        charge: ChargeId::new(6, *TAIL),
        taken: Money::new(2_000, Currency::USD),
        before: Money::new(0, Currency::USD),
        description: None,
        account_country: Country::US,
        card_country: Country::US,
        effect: None,
        settles_in: Currency::USD,
    }
    .movement()
}

pub(crate) fn refund(state: RefundState) -> Refund {
    Refund {
        id: RefundId::new(10, *TAIL),
        created: NOW,
        amount: Money::new(500, Currency::USD),
        state,
        charge: ChargeId::new(6, *TAIL),
        payment_intent: fresh().id,
        payment_method: method().id,
        customer: None,
        reason: None,
        instructions_email: None,
        metadata: BTreeMap::new(),
    }
}
