//! The issuers' and the ACS's rules, a line each: who asks what of whom, and what is answered.

mod acs;
mod increment;
mod issuer;
mod memory;

use onfile_domain::bank::{AccountStatus, Credential, IssuedValue, ScaPolicy, Strength};
use onfile_domain::card::{Brand, Expiry, ThreeDs};
use onfile_domain::country::Country;
use onfile_domain::id::PaymentMethodId;
use onfile_domain::money::{Currency, Money};
use onfile_domain::network::*;

use super::*;

const PAR: &str = "PAR00000000000000000000000001";
const MERCHANT: &str = "acct_1";
const VALUE: &str = "AQIAAAAAAAAAAAAAAAAAAAAAAAA=";
const KEY: &str = "a-link-of-the-network";
/// 1 June 2026.
const NOW: WorldTime = WorldTime(1_780_272_000);

fn pan() -> Pan {
    Pan::parse("4000002760000016").unwrap()
}

fn entropy() -> Entropy {
    Entropy { key: [7; 32], random: std::array::from_fn(|at| at as u8), order: 1 }
}

fn german() -> Profile {
    Profile::of("DE".parse().unwrap(), ThreeDs::Enrolled)
}

fn american() -> Profile {
    Profile::of(Country::US, ThreeDs::NotEnrolled)
}

/// A customer's payment of 20 EUR, typed, at a German shop.
fn payment() -> Authorization {
    Authorization {
        method: PaymentMethodId::new(1, [b'a'; 16]),
        network: Brand::Visa,
        amount: Money::new(2_000, Currency::EUR),
        adds_to: None,
        expiry: Expiry { year: 2030, month: 12 },
        mcc: "5999",
        acquirer_country: "DE".parse().unwrap(),
        entry_mode: EntryMode::Manual,
        condition: Condition::Ecommerce,
        merchant: MERCHANT.to_owned(),
        eci: "07",
        authentication_value: None,
        imported_value: false,
        cof: None,
        mit: None,
        original: None,
        series: None,
        recurring_indicator: None,
        cvc: CvcField::Absent,
        line1_given: false,
        postal_code_given: false,
    }
}

fn nti() -> Nti {
    let link = Some(KEY.to_owned());
    Nti { network: Brand::Visa, kind: NtiKind::Tid, value: "1".repeat(15), link }
}

/// A merchant's charge of 20 EUR under an agreement.
fn merchants() -> Authorization {
    Authorization {
        entry_mode: EntryMode::CredentialOnFile,
        mit: Some(MitType::Unscheduled),
        original: Some(nti()),
        ..payment()
    }
}

fn proven(eci: &'static str) -> Authorization {
    Authorization { eci, authentication_value: Some(VALUE.to_owned()), ..payment() }
}

fn value(strength: Strength) -> IssuedValue {
    IssuedValue {
        value: VALUE.to_owned(),
        par: PAR.to_owned(),
        merchant: MERCHANT.to_owned(),
        amount: Money::new(100_000, Currency::EUR),
        ds_trans_id: "ds".to_owned(),
        strength,
        issued_at: NOW,
        used: false,
    }
}

fn credential(strength: Strength, marker: Option<CofMarker>) -> Credential {
    Credential {
        nti: KEY.to_owned(),
        kind: NtiKind::Tid,
        network: Brand::Visa,
        par: PAR.to_owned(),
        merchant: MERCHANT.to_owned(),
        strength,
        marker,
    }
}

/// A message that is answered, step by step: `bank(…).knows(…).hears(…)`.
struct Bank {
    profile: Option<Profile>,
    state: BankState,
}

fn bank(profile: Profile) -> Bank {
    Bank { profile: Some(profile), state: BankState::default() }
}

impl Bank {
    fn with(mut self, set: impl FnOnce(&mut BankState)) -> Bank {
        set(&mut self.state);
        self
    }

    fn saved(self, strength: Strength) -> Bank {
        self.with(|it| it.credential = Some(credential(strength, Some(CofMarker::General))))
    }

    fn issued(self, strength: Strength) -> Bank {
        self.with(|it| it.value = Some(value(strength)))
    }

    fn hears(&self, question: Question) -> (Reply, Vec<BankChange>) {
        let pan = pan();
        let card = BankCard { pan: &pan, par: PAR, profile: self.profile.clone() };
        answer(&question, &card, &self.state, NOW, &entropy())
    }

    fn authorizes(&self, message: Authorization) -> (AuthorizationReply, Vec<BankChange>) {
        match self.hears(Question::Authorize(message)) {
            (Reply::Authorization(reply), changes) => (reply, changes),
            other => panic!("not an answer to an authorization: {other:?}"),
        }
    }

    fn authenticates(
        &self,
        request: AuthenticationRequest,
    ) -> (AuthenticationReply, Vec<BankChange>) {
        match self.hears(Question::Authenticate(request)) {
            (Reply::Authentication(reply), changes) => (reply, changes),
            other => panic!("not an answer to an authentication: {other:?}"),
        }
    }
}

/// `rules: Visa's answer | Mastercard's answer`, the advice behind a plus.
#[track_caller]
fn check(bank: &Bank, message: Authorization, told: &str) {
    let say = |network| {
        let reply = bank.authorizes(Authorization { network, ..message.clone() }).0;
        let advice = reply.advice.map(|advice| format!("+{advice}")).unwrap_or_default();
        (reply.rules.join(" "), format!("{}{advice}", reply.code))
    };
    let (rules, visa) = say(Brand::Visa);
    let (_, mastercard) = say(Brand::Mastercard);
    assert_eq!(format!("{rules}: {visa} | {mastercard}"), told);
}

fn of(amount: i64, message: Authorization) -> Authorization {
    Authorization { amount: Money::new(amount, Currency::EUR), ..message }
}

fn at(country: &str, message: Authorization) -> Authorization {
    Authorization { acquirer_country: country.parse().unwrap(), ..message }
}
