//! What everybody may know of a card: what the BIN table says, and when it ends.

use crate::country::Country;
use crate::time::WorldTime;
use crate::words::words;

words! {
    /// A card's brand, and the networks it may be sent over.
    Brand {
        /// American Express.
        Amex = "amex",
        /// Cartes Bancaires, on French co-branded cards.
        CartesBancaires = "cartes_bancaires",
        /// Diners Club.
        Diners = "diners",
        /// Discover.
        Discover = "discover",
        /// eftpos, on Australian co-branded cards.
        EftposAu = "eftpos_au",
        /// JCB.
        Jcb = "jcb",
        /// Mastercard.
        Mastercard = "mastercard",
        /// UnionPay.
        Unionpay = "unionpay",
        /// Visa.
        Visa = "visa",
        /// None of these.
        Unknown = "unknown",
    }
    /// Whose money it is.
    Funding {
        /// The bank's, for a while.
        Credit = "credit",
        /// The holder's.
        Debit = "debit",
        /// Loaded before.
        Prepaid = "prepaid",
        /// The table doesn't say.
        Unknown = "unknown",
    }
    /// How far a card takes part in 3-D Secure (`card-network.md` 6.1, `card.3ds`).
    ThreeDs {
        /// It must be authenticated.
        Required = "required",
        /// It can be.
        Enrolled = "enrolled",
        /// The network takes part, the card does not: attempts.
        NotEnrolled = "not_enrolled",
        /// Neither does.
        None = "none",
    }
    /// What becomes of a test card's money, beside what its bank answers (`stripe-api.md` 5.5).
    TestEffect {
        /// What is captured can be paid out at once.
        BypassPending = "bypass_pending",
        /// What is given back is pending for a while.
        PendingRefund = "pending_refund",
        /// What is given back comes back: its bank does not take it.
        RefundFails = "refund_fails",
    }
    /// How risky a payment looks.
    Risk {
        /// 0 to 64.
        Normal = "normal",
        /// 65 to 74.
        Elevated = "elevated",
        /// 75 and more.
        Highest = "highest",
    }
}

/// What the BIN table says of a card, with the marks of a test card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardFacts {
    /// The brand that it is shown as.
    pub brand: Brand,
    /// The networks it may be sent over, in the order shown.
    pub networks: Vec<Brand>,
    /// Whose money it is.
    pub funding: Funding,
    /// Where its issuer is.
    pub country: Country,
    /// The last four digits.
    pub last4: String,
    /// How far it takes part in 3-D Secure.
    pub three_ds: ThreeDs,
    /// A named test card: outside the retry governor and S16 (`card-network.md` 6.9), so that it
    /// answers the same each time.
    pub named: bool,
    /// How risky its payments look.
    pub risk: Risk,
    /// The same, 0 to 99.
    pub risk_score: i64,
    /// A test card whose payments are blocked before the network (`stripe-api.md` 5.4).
    pub radar_block: bool,
    /// What becomes of a test card's money; `None` is the usual.
    pub effect: Option<TestEffect>,
}

impl CardFacts {
    /// Whether the rules of Mastercard hold; every other network follows Visa's here.
    pub fn is_mastercard(&self) -> bool {
        self.brand == Brand::Mastercard
    }
}

/// A payment account reference as a number: what the past declines of a card are listed under.
/// Two cards may share one, so whoever lists them looks at the reference too.
pub fn par_key(par: &str) -> u64 {
    // FNV-1a, kept to the 63 bits of a row number.
    let hash = par.bytes().fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    hash >> 1
}

/// The month that a card is valid through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expiry {
    /// Four digits.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
}

impl Expiry {
    /// Whether the last time zone (UTC-12) has left the month (`card-network.md` 10.1).
    pub fn is_past(self, now: WorldTime) -> bool {
        let (year, month) =
            if self.month == 12 { (self.year + 1, 1) } else { (self.year, self.month + 1) };
        now >= WorldTime::month_start(year, month).plus(12 * 3_600)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_ends_with_its_month_in_the_last_time_zone() {
        let expiry = Expiry { year: 2030, month: 1 };
        let end = WorldTime::month_start(2030, 2).plus(12 * 3_600);
        assert!(!expiry.is_past(end.plus(-1)));
        assert!(expiry.is_past(end));
    }
}
