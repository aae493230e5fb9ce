//! API versions: which there are, and what each changed (`stripe-api.md` section 12).
//!
//! Nothing else looks at a version: a parameter table or a view asks [`Version::has`].

use std::fmt;
use std::str::FromStr;

/// One of the versions in [`LISTED`]; later ones are greater.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u16);

impl Version {
    /// The version of calls that name none: the last one before endive, because unversioned
    /// clients still send `payment_method_types` (`stripe-api.md` 1.4).
    pub const DEFAULT: Version = Version::listed("2026-08-26.dahlia");
    /// The newest version.
    pub const LATEST: Version = Version(LISTED.len() as u16 - 1);

    /// The version as the header spells it.
    pub fn as_str(self) -> &'static str {
        LISTED[usize::from(self.0)]
    }

    /// Whether a change is part of this version.
    pub fn has(self, change: Change) -> bool {
        self >= change.since()
    }

    /// A version that is known to be listed; asking for another does not compile.
    const fn listed(name: &str) -> Version {
        let mut at = 0;
        while at < LISTED.len() {
            if same(LISTED[at].as_bytes(), name.as_bytes()) {
                return Version(at as u16);
            }
            at += 1;
        }
        panic!("no such version")
    }
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

impl Default for Version {
    fn default() -> Version {
        Version::DEFAULT
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is no version that is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a known API version")]
pub struct UnknownVersion;

impl FromStr for Version {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Version, UnknownVersion> {
        // Newest first: that is what clients send.
        let at = LISTED.iter().rposition(|listed| *listed == text).ok_or(UnknownVersion)?;
        u16::try_from(at).map(Version).map_err(|_| UnknownVersion)
    }
}

macro_rules! changes {
    ($($name:ident, $since:literal, $resource:literal, $what:literal;)*) => {
        /// A difference between versions that a client of ours can see.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Change { $(#[doc = $what] $name,)* }

        impl Change {
            /// Every change, oldest first.
            pub const ALL: &'static [Change] = &[$(Change::$name,)*];

            /// The first version that has it.
            pub const fn since(self) -> Version {
                match self { $(Change::$name => const { Version::listed($since) },)* }
            }

            /// The resource that it is about.
            pub fn resource(self) -> &'static str {
                match self { $(Change::$name => $resource,)* }
            }

            /// What is different from then on.
            pub fn what(self) -> &'static str {
                match self { $(Change::$name => $what,)* }
            }
        }
    };
}

changes! {
    EventRequest, "2017-05-25", "event",
        "`request` is a hash with the idempotency key beside the id, where it was the id alone.";
    ListsNotExpanded, "2020-08-27", "customer",
        "`sources`, `subscriptions` and `tax_ids` are there only when expanded; search exists.";
    LatestCharge, "2022-11-15", "payment_intent",
        "`latest_charge` takes the place of the list `charges`; a charge's `refunds` are there \
         only when expanded.";
    AutomaticMethods, "2023-08-16", "payment_intent",
        "`automatic_payment_methods` is the default of intents that name no types.";
    AutomaticAsync, "2024-04-10", "payment_intent",
        "`capture_method` is `automatic_async` unless it is named.";
    AddedFields, "2024-09-30.acacia", "payment_intent",
        "Fields of answers that were only added since (`customer_account`, `payment_record`, \
         `tax_id`) are shown.";
    NetworkCodes, "2024-12-18.acacia", "charge",
        "`network_advice_code` and `network_decline_code` on errors and outcomes.";
    AdviceCode, "2025-01-27.acacia", "charge",
        "`advice_code` on errors and outcomes.";
    NoInvoice, "2025-03-31.basil", "payment_intent",
        "`invoice` is gone from payment intents and charges.";
    NoTotalCount, "2025-03-31.basil", "list",
        "`total_count` can't be included in lists.";
    ReasonExpired, "2025-03-31.basil", "payment_intent",
        "A hold that ran out is canceled as `expired`, where it was `automatic`.";
    ReleaseIsNoRefund, "2025-03-31.basil", "charge",
        "Letting go of a hold, or of its rest, makes no refund.";
    TaxId, "2025-04-30.basil", "billing_details",
        "`tax_id` may be sent in billing details.";
    PendingReason, "2025-04-30.basil", "refund",
        "`pending_reason` of refunds.";
    CustomerAccount, "2025-12-15.clover", "customer",
        "`customer_account` on customers themselves.";
    AmountToConfirm, "2026-04-22.dahlia", "payment_intent",
        "`amount_to_confirm` when confirming.";
    TransactionLink, "2026-06-24.dahlia", "charge",
        "`transaction_link_id` of a charge's card.";
    AllowedMethodTypes, "2026-07-29.dahlia", "payment_intent",
        "`allowed_payment_method_types`.";
    RefundCustomer, "2026-07-29.dahlia", "refund",
        "`customer`, `customer_account` and `payment_method` of refunds.";
    NoMethodTypes, "2026-09-30.endive", "payment_intent",
        "`payment_method_types` is refused on intents.";
    CardMandateExpands, "2026-09-30.endive", "charge",
        "`payment_method_details.card.mandate` can be expanded.";
    CredentialUsage, "2026-10-28.endive", "payment_intent",
        "`setup_credential_usage` and `stored_credential_usage` for cards.";
}

/// Every version that Stripe lists for webhook endpoints, and the monthly ones since.
pub const LISTED: &[&str] = &[
    "2011-01-01",
    "2011-06-21",
    "2011-06-28",
    "2011-08-01",
    "2011-09-15",
    "2011-11-17",
    "2012-02-23",
    "2012-03-25",
    "2012-06-18",
    "2012-06-28",
    "2012-07-09",
    "2012-09-24",
    "2012-10-26",
    "2012-11-07",
    "2013-02-11",
    "2013-02-13",
    "2013-07-05",
    "2013-08-12",
    "2013-08-13",
    "2013-10-29",
    "2013-12-03",
    "2014-01-31",
    "2014-03-13",
    "2014-03-28",
    "2014-05-19",
    "2014-06-13",
    "2014-06-17",
    "2014-07-22",
    "2014-07-26",
    "2014-08-04",
    "2014-08-20",
    "2014-09-08",
    "2014-10-07",
    "2014-11-05",
    "2014-11-20",
    "2014-12-08",
    "2014-12-17",
    "2014-12-22",
    "2015-01-11",
    "2015-01-26",
    "2015-02-10",
    "2015-02-16",
    "2015-02-18",
    "2015-03-24",
    "2015-04-07",
    "2015-06-15",
    "2015-07-07",
    "2015-07-13",
    "2015-07-28",
    "2015-08-07",
    "2015-08-19",
    "2015-09-03",
    "2015-09-08",
    "2015-09-23",
    "2015-10-01",
    "2015-10-12",
    "2015-10-16",
    "2016-02-03",
    "2016-02-19",
    "2016-02-22",
    "2016-02-23",
    "2016-02-29",
    "2016-03-07",
    "2016-06-15",
    "2016-07-06",
    "2016-10-19",
    "2017-01-27",
    "2017-02-14",
    "2017-04-06",
    "2017-05-25",
    "2017-06-05",
    "2017-08-15",
    "2017-12-14",
    "2018-01-23",
    "2018-02-05",
    "2018-02-06",
    "2018-02-28",
    "2018-05-21",
    "2018-07-27",
    "2018-08-23",
    "2018-09-06",
    "2018-09-24",
    "2018-10-31",
    "2018-11-08",
    "2019-02-11",
    "2019-02-19",
    "2019-03-14",
    "2019-05-16",
    "2019-08-14",
    "2019-09-09",
    "2019-10-08",
    "2019-10-17",
    "2019-11-05",
    "2019-12-03",
    "2020-03-02",
    "2020-08-27",
    "2022-08-01",
    "2022-11-15",
    "2023-08-16",
    "2023-10-16",
    "2024-04-10",
    "2024-06-20",
    "2024-09-30.acacia",
    "2024-10-28.acacia",
    "2024-11-20.acacia",
    "2024-12-18.acacia",
    "2025-01-27.acacia",
    "2025-02-24.acacia",
    "2025-03-01.dashboard",
    "2025-03-31.basil",
    "2025-04-30.basil",
    "2025-05-28.basil",
    "2025-06-30.basil",
    "2025-07-30.basil",
    "2025-08-27.basil",
    "2025-09-30.clover",
    "2025-10-29.clover",
    "2025-11-17.clover",
    "2025-12-15.clover",
    "2026-01-28.clover",
    "2026-02-25.clover",
    "2026-03-25.dahlia",
    "2026-04-22.dahlia",
    "2026-05-27.dahlia",
    "2026-06-24.dahlia",
    "2026-07-29.dahlia",
    "2026-08-26.dahlia",
    "2026-09-30.endive",
    "2026-10-28.endive",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_listed_in_order() {
        assert!(LISTED.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(Version::LATEST.as_str(), "2026-10-28.endive");
        assert_eq!(Version::default().as_str(), "2026-08-26.dahlia");
    }

    #[test]
    fn what_is_a_version() {
        for text in LISTED {
            assert_eq!(text.parse::<Version>().map(Version::as_str), Ok(*text));
        }
        for text in
            ["", "2026-08-26", "2026-08-26.endive", "not-a-real-version", "2026-08-26.preview"]
        {
            assert_eq!(text.parse::<Version>(), Err(UnknownVersion), "{text}");
        }
    }

    #[test]
    fn what_a_version_has() {
        let has = |version: &str, change| version.parse::<Version>().unwrap().has(change);
        for (change, before, from) in [
            (Change::AutomaticAsync, "2023-10-16", "2024-04-10"),
            (Change::AutomaticMethods, "2022-11-15", "2023-08-16"),
            (Change::LatestCharge, "2022-08-01", "2022-11-15"),
            (Change::NoMethodTypes, "2026-08-26.dahlia", "2026-09-30.endive"),
            (Change::AllowedMethodTypes, "2026-06-24.dahlia", "2026-07-29.dahlia"),
            (Change::CredentialUsage, "2026-09-30.endive", "2026-10-28.endive"),
            (Change::ReasonExpired, "2025-02-24.acacia", "2025-03-31.basil"),
        ] {
            assert!(!has(before, change), "{change:?} {before}");
            assert!(has(from, change), "{change:?} {from}");
        }
    }

    #[test]
    fn changes_are_in_order() {
        assert!(Change::ALL.windows(2).all(|pair| pair[0].since() <= pair[1].since()));
    }
}
