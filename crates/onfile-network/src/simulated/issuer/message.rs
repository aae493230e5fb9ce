//! An authorization as its issuer reads it.

use std::borrow::Cow;

use onfile_domain::bank::{BankChange, BankState, Credential, IssuedValue, ScaPolicy, Strength};
use onfile_domain::card::Brand;
use onfile_domain::gateway::regions::euro_cents;
use onfile_domain::network::{
    Authorization, CofMarker, Condition, EntryMode, MitType, is_approval,
};
use onfile_domain::payment_method::Check;
use onfile_domain::time::WorldTime;

use crate::simulated::BankCard;
use crate::simulated::base64;
use crate::simulated::issuer::Ruling;
use crate::simulated::profile::{Profile, Verdicts};

/// For how long an authentication value is good (`card-network.md` 4.6): 90 days.
const VALUE_LIFE: i64 = 90 * 86_400;

/// A message, what the bank knows of its account, and what the rules so far made of both.
pub(super) struct Message<'a> {
    pub(super) wire: &'a Authorization,
    pub(super) card: &'a BankCard<'a>,
    pub(super) state: &'a BankState,
    pub(super) now: WorldTime,
    /// In hundredths of a euro; `None` is above every limit.
    pub(super) euros: Option<i64>,
    pub(super) class: Class,
    pub(super) value: Value,
}

/// S10: whose transaction it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// The customer's.
    Customer,
    /// The customer's, by mail or telephone.
    Moto,
    /// The merchant's.
    Merchant,
    /// Said to be the merchant's, and taken for a customer's (S11).
    Reclassified,
}

/// The authentication value in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// There is none.
    Absent,
    /// It proves nothing (S8).
    Void,
    /// It proves this much, and is used up by the message.
    Good { strength: Strength, use_up: BankChange },
}

/// What an issuer answers.
#[derive(Debug)]
pub(super) struct Response {
    /// DE39.
    pub(super) code: Cow<'static, str>,
    /// DE48 se84.
    pub(super) advice: Option<&'static str>,
    /// The security code is why.
    wrong_cvc: bool,
}

impl Response {
    pub(super) fn plain(code: impl Into<Cow<'static, str>>) -> Response {
        Response { code: code.into(), advice: None, wrong_cvc: false }
    }

    pub(super) fn is_approval(&self) -> bool {
        is_approval(&self.code)
    }

    /// Whether the security code is to blame.
    pub(super) fn blames_code(&self) -> bool {
        self.wrong_cvc || self.code == "N7"
    }

    pub(super) fn for_security_code(mut self) -> Response {
        self.wrong_cvc = true;
        self
    }
}

impl<'a> Message<'a> {
    pub(super) fn read(
        wire: &'a Authorization,
        card: &'a BankCard<'a>,
        state: &'a BankState,
        now: WorldTime,
    ) -> Message<'a> {
        let euros = added(wire);
        let class = Class::of(wire);
        Message { wire, card, state, now, euros, class, value: Value::Absent }
    }

    /// The card's bank, of which S1 made sure.
    pub(super) fn profile(&self) -> &Profile {
        self.card.profile.as_ref().expect("S1 answers for cards that no bank issued")
    }

    pub(super) fn verdicts(&self) -> Verdicts {
        let nothing = Check::Unavailable;
        self.card
            .profile
            .as_ref()
            .map_or(Verdicts { cvc: nothing, line1: nothing, postal_code: nothing }, |profile| {
                profile.checks
            })
    }

    /// What a test set on the account goes before its profile.
    pub(super) fn policy(&self) -> ScaPolicy {
        let set = self.state.profile.sca_policy;
        set.unwrap_or_else(|| self.profile().policy(self.wire.acquirer_country))
    }

    /// What the account holds before anything is spent, in hundredths of a euro; `None` is
    /// always enough.
    pub(super) fn balance(&self) -> Option<i64> {
        self.state.profile.balance.or(self.profile().balance)
    }

    pub(super) fn is_above(&self, limit: i64) -> bool {
        self.euros.is_none_or(|euros| euros > limit)
    }

    /// Says it in the network's own way.
    pub(super) fn decline(
        &self,
        visa: &'static str,
        mastercard: &'static str,
        advice: Option<&'static str>,
    ) -> Ruling {
        Ruling::Answers(match self.wire.network {
            Brand::Mastercard => Response { advice, ..Response::plain(mastercard) },
            Brand::Amex
            | Brand::CartesBancaires
            | Brand::Diners
            | Brand::Discover
            | Brand::EftposAu
            | Brand::Jcb
            | Brand::Unionpay
            | Brand::Visa
            | Brand::Unknown => Response::plain(visa),
        })
    }

    /// The soft decline: the bank wants to see its customer.
    pub(super) fn soft_decline(&self) -> Ruling {
        self.decline("1A", "65", None)
    }

    /// Strength and marker of the transaction that a merchant's message rests on, where it is
    /// this card's and this merchant's. A pre-seeded card knows every one, also none at all.
    pub(super) fn original(&self) -> Option<(Strength, Option<CofMarker>)> {
        if self.profile().pre_seeded {
            return Some((Strength::Challenge, Some(CofMarker::General)));
        }
        self.credential().map(|entry| (entry.strength, entry.marker))
    }

    fn credential(&self) -> Option<&Credential> {
        let named = self.wire.original.as_ref()?.ledger_key();
        self.state.credential.as_ref().filter(|entry| {
            entry.nti == named && entry.par == self.card.par && entry.merchant == self.wire.merchant
        })
    }

    /// How strongly the customer was authenticated for this message.
    pub(super) fn strength(&self) -> Strength {
        match (&self.value, self.wire.eci) {
            (Value::Good { strength, .. }, "05" | "02") => *strength,
            (Value::Good { .. } | Value::Absent | Value::Void, _) => Strength::None,
        }
    }

    /// Whether it carries proof of an attempt.
    pub(super) fn is_attempt(&self) -> bool {
        matches!((&self.value, self.wire.eci), (Value::Good { .. }, "06" | "01"))
    }

    /// What the authentication value in the message is worth (S8).
    pub(super) fn weigh_value(&self) -> Value {
        let Some(text) = &self.wire.authentication_value else { return Value::Absent };
        let known = self.state.value.as_ref().filter(|known| known.value == *text);
        match known {
            Some(known) if self.covers(known) => Value::Good {
                strength: known.strength,
                use_up: BankChange::Use { value: text.clone() },
            },
            Some(_) => Value::Void,
            None if self.wire.imported_value && base64::is_twenty_bytes(text) => {
                let issued = self.imported(text);
                Value::Good { strength: issued.strength, use_up: BankChange::Issue(issued) }
            }
            None => Value::Void,
        }
    }

    fn covers(&self, value: &IssuedValue) -> bool {
        !value.used
            && value.par == self.card.par
            && value.merchant == self.wire.merchant
            && self.now.since(value.issued_at) <= VALUE_LIFE
            && value.amount.currency == self.wire.amount.currency
            && value.amount.covers(self.wire.amount)
    }

    /// A cryptogram that was made elsewhere, for this message and no other. Its bank would know
    /// from its own books how it came about; this one takes a full indicator for a challenge.
    fn imported(&self, text: &str) -> IssuedValue {
        let full = matches!(self.wire.eci, "05" | "02");
        IssuedValue {
            value: text.to_owned(),
            par: self.card.par.to_owned(),
            merchant: self.wire.merchant.clone(),
            amount: self.wire.amount,
            ds_trans_id: String::new(),
            strength: if full { Strength::Challenge } else { Strength::None },
            issued_at: self.now,
            used: true,
        }
    }
}

/// What a message asks for, in hundredths of a euro. An increment asks for what the new total is
/// above the old one: rounded by itself, the difference could be a cent more.
fn added(wire: &Authorization) -> Option<i64> {
    let held = wire.adds_to.unwrap_or(wire.amount.with_minor(0));
    Some(euro_cents(held.plus(wire.amount))? - euro_cents(held)?)
}

impl Class {
    fn of(wire: &Authorization) -> Class {
        let stored = wire.entry_mode == EntryMode::CredentialOnFile;
        // Industry practice needs no stored credential.
        if wire.mit == Some(MitType::Incremental) || (wire.mit.is_some() && stored) {
            Class::Merchant
        } else if wire.condition == Condition::Moto {
            Class::Moto
        } else {
            Class::Customer
        }
    }
}
