//! A customer's standing leave to charge one saved card (`card-network.md` 6.2).
//!
//! How strongly the customer was authenticated belongs to the agreement, not to the card: the
//! same card may be saved twice, in two ways.

use crate::id::{AgreementId, PaymentMethodId};
use crate::money::Money;
use crate::network::Nti;
use crate::time::WorldTime;
use crate::words::words;

pub mod keep;

words! {
    /// What a card is saved for.
    Usage {
        /// Charges with nobody present.
        OffSession = "off_session",
        /// Charges with the customer present.
        OnSession = "on_session",
    }
    /// The kind of charges agreed on, as declared when the card was saved.
    AgreementKind {
        /// Nobody said: any may follow.
        Unspecified = "unspecified",
        /// Whenever the trigger agreed on comes.
        Unscheduled = "unscheduled",
        /// At fixed intervals.
        Recurring = "recurring",
        /// Part of one purchase.
        Installment = "installment",
    }
    /// How it was saved: the higher, the likelier a charge passes with nobody present.
    Level {
        /// Without an approved transaction.
        Bare = "L0",
        /// For charges with the customer present: no leave to charge without.
        OnSession = "L1",
        /// Off-session consent, not authenticated.
        OffSession = "L2",
        /// Authenticated without a challenge.
        Frictionless = "L3",
        /// Authenticated by a challenge.
        Challenged = "L4",
        /// With a registered mandate.
        Mandated = "L5",
    }
    /// Whether it may be used.
    AgreementState {
        /// It may.
        Active = "active",
        /// Saved without a customer: an attach wakes it.
        Dormant = "dormant",
        /// The card was taken off the customer.
        Revoked = "revoked",
        /// The customer stopped it at the bank (`card-network.md` G7).
        Blocked = "blocked",
    }
    /// How a mandate's amount binds.
    AmountType {
        /// Exactly this.
        Fixed = "fixed",
        /// At most this.
        Maximum = "maximum",
    }
    /// How often a mandate is charged.
    Interval {
        /// Days.
        Day = "day",
        /// Months.
        Month = "month",
        /// Whenever.
        Sporadic = "sporadic",
        /// Weeks.
        Week = "week",
        /// Years.
        Year = "year",
    }
}

/// What the customer agreed to be charged (`stripe-api.md` 3.7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MandateOptions {
    /// In the currency of the intent, minor units.
    pub amount: i64,
    /// How the amount binds.
    pub amount_type: AmountType,
    /// What it is for, at most 200 characters.
    pub description: Option<String>,
    /// The last moment of the mandate; `None` has no end.
    pub end_date: Option<WorldTime>,
    /// How often.
    pub interval: Interval,
    /// Every so many intervals.
    pub interval_count: Option<i64>,
    /// The caller's name for it, at most 80 characters.
    pub reference: String,
    /// The first moment.
    pub start_date: WorldTime,
    /// `india`, or nothing.
    pub supported_types: Option<Vec<String>>,
}

/// An agreement. At most one is active for a method and kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// `agr_…`.
    pub id: AgreementId,
    /// When it was made.
    pub created: WorldTime,
    /// The card.
    pub payment_method: PaymentMethodId,
    /// What was declared.
    pub kind: AgreementKind,
    /// What it was saved for.
    pub usage: Usage,
    /// How it was saved; nothing lowers it.
    pub level: Level,
    /// The limits agreed on, with the currency of `mandate.amount`.
    pub mandate: Option<(MandateOptions, Money)>,
    /// The directory's id of the authentication behind the level.
    pub sca_proof: Option<String>,
    /// The network's id of the transaction that made it.
    pub initial: Option<Nti>,
    /// Whether it may be used.
    pub state: AgreementState,
}

/// An approved set-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetUp {
    /// When.
    pub at: WorldTime,
    /// The card.
    pub payment_method: PaymentMethodId,
    /// What was declared.
    pub kind: AgreementKind,
    /// What it is saved for.
    pub usage: Usage,
    /// The level it yields.
    pub level: Level,
    /// The limits agreed on.
    pub mandate: Option<(MandateOptions, Money)>,
    /// The directory's id of the authentication.
    pub sca_proof: Option<String>,
    /// The network's id of it.
    pub nti: Option<Nti>,
    /// Whether it has a customer already.
    pub state: AgreementState,
}

impl Agreement {
    /// Whether a charge with nobody present may rest on it: L2 and up.
    pub fn has_consent(&self) -> bool {
        match self.state {
            AgreementState::Active => self.level >= Level::OffSession,
            AgreementState::Dormant | AgreementState::Revoked | AgreementState::Blocked => false,
        }
    }

    /// Whether it still stands, for set-ups and attaches.
    pub fn is_standing(&self) -> bool {
        match self.state {
            AgreementState::Active | AgreementState::Dormant => true,
            AgreementState::Revoked | AgreementState::Blocked => false,
        }
    }
}

impl SetUp {
    /// A first agreement of its kind.
    pub fn first(self, id: AgreementId) -> Agreement {
        Agreement {
            id,
            created: self.at,
            payment_method: self.payment_method,
            kind: self.kind,
            usage: self.usage,
            level: self.level,
            mandate: self.mandate,
            sca_proof: self.sca_proof,
            initial: self.nti,
            state: self.state,
        }
    }

    /// What it makes of the agreement of its kind: level, network id and mandate are written
    /// anew, unless the agreement stands higher already.
    pub fn renew(self, standing: &Agreement) -> Agreement {
        if standing.level > self.level {
            return standing.clone();
        }
        let created = standing.created;
        Agreement { created, ..self.first(standing.id) }
    }
}

/// The agreement that a charge of this kind rests on: its own kind, else the unspecified one,
/// else the highest.
pub fn pick(agreements: &[Agreement], kind: AgreementKind) -> Option<&Agreement> {
    let usable = || agreements.iter().filter(|agreement| agreement.has_consent());
    usable()
        .find(|agreement| agreement.kind == kind)
        .or_else(|| usable().find(|agreement| agreement.kind == AgreementKind::Unspecified))
        .or_else(|| usable().max_by_key(|agreement| agreement.level))
}
