//! A payment to begin tests with.

use crate::agreement::{Agreement, AgreementKind, AgreementState, Level, Usage};
use crate::attempt::Subject;
use crate::card::{Brand, CardFacts, Expiry, Funding, Risk, ThreeDs};
use crate::contact::{BillingDetails, Metadata};
use crate::country::Country;
use crate::gateway::inputs::Inputs;
use crate::id::{AgreementId, CustomerId, PaymentIntentId, PaymentMethodId, SetupIntentId};
use crate::money::{Currency, Money};
use crate::network::{Nti, NtiKind};
use crate::payment_intent::CardOptions;
use crate::payment_intent::confirm::{OffSession, Presence};
use crate::payment_method::{AllowRedisplay, Card, Check, Checks, PaymentMethod, Standing};
use crate::time::WorldTime;

/// 20 US dollars on session, with a new American Visa card, at an American account.
pub(crate) fn payment() -> Inputs {
    Inputs {
        subject: Subject::Payment(PaymentIntentId::new(1, [b'a'; 16])),
        amount: Money::new(2_000, Currency::USD),
        method: method(),
        options: CardOptions::default(),
        presence: Presence::OnSession,
        usage: None,
        mandate: None,
        agreement: None,
        soft: None,
        merchant: "acct_1234567890abcdef".to_owned(),
        acquirer_country: Country::US,
    }
}

/// A set-up for charges with nobody present.
pub(crate) fn set_up() -> Inputs {
    Inputs {
        subject: Subject::Setup(SetupIntentId::new(1, [b'a'; 16])),
        amount: Money::new(0, Currency::USD),
        usage: Some(Usage::OffSession),
        ..payment()
    }
}

/// The payment with nobody present, with a saved card.
pub(crate) fn off_session() -> Inputs {
    let mut inputs = payment();
    inputs.presence = Presence::OffSession(OffSession::OneOff);
    inputs.method.standing = Standing::Attached(CustomerId::new(1, [b'a'; 16]));
    inputs
}

/// An agreement of this level.
pub(crate) fn agreement(level: Level) -> Agreement {
    Agreement {
        id: AgreementId::new(1, [b'a'; 16]),
        created: WorldTime(0),
        payment_method: method().id,
        kind: AgreementKind::Unspecified,
        usage: Usage::OffSession,
        level,
        mandate: None,
        sca_proof: None,
        initial: Some(Nti {
            network: Brand::Visa,
            kind: NtiKind::Tid,
            value: "791057772779751".to_owned(),
            link: None,
        }),
        state: AgreementState::Active,
    }
}

fn method() -> PaymentMethod {
    PaymentMethod {
        id: PaymentMethodId::new(1, [b'a'; 16]),
        created: WorldTime(0),
        standing: Standing::Fresh,
        allow_redisplay: AllowRedisplay::Unspecified,
        billing_details: BillingDetails::default(),
        card: Card {
            facts: CardFacts {
                brand: Brand::Visa,
                networks: vec![Brand::Visa],
                funding: Funding::Credit,
                country: Country::US,
                last4: "4242".to_owned(),
                three_ds: ThreeDs::Enrolled,
                named: false,
                risk: Risk::Normal,
                risk_score: 32,
                radar_block: false,
                effect: None,
            },
            expiry: Expiry { year: 2040, month: 1 },
            fingerprint: "fingerprint00001".to_owned(),
            par: "PAR00000000000000000000000001".to_owned(),
            checks: Checks { cvc: Some(Check::Unchecked), ..Checks::default() },
            preferred_network: None,
        },
        metadata: Metadata::new(),
    }
}
