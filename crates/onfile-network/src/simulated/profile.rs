//! How one simulated card's bank behaves (`card-network.md` 6.6): what its number says before
//! anything was ever asked of it. What a test sets on an account
//! ([`onfile_domain::bank::ProfileOverride`]) goes over it, and is the issuer's business.

use onfile_domain::bank::{ScaPolicy, Strength};
use onfile_domain::card::ThreeDs;
use onfile_domain::country::{Country, Region};
use onfile_domain::payment_method::Check;

/// Up to this the ACS is content without a challenge, and a weaker set-up will do: 50 EUR, in
/// hundredths.
pub const FRICTIONLESS_LIMIT: i64 = 5_000;

/// A card's bank: its issuer and its ACS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Where the issuer is.
    pub country: Country,
    /// How far the card takes part in 3-D Secure.
    pub three_ds: ThreeDs,
    /// The policy set on the card, for every acquirer's country; `None` goes by zone.
    pub sca_policy: Option<ScaPolicy>,
    /// Which exemptions the issuer accepts.
    pub accepts: Accepts,
    /// When the ACS challenges.
    pub challenge: Challenge,
    /// Whether the ACS works.
    pub acs: Acs,
    /// What the issuer answers in any case.
    pub script: Option<Script>,
    /// What the account holds, in hundredths of a euro; `None` is always enough.
    pub balance: Option<i64>,
    /// The ledger knows every network transaction id, at every merchant, as a general credential
    /// that was set up with a challenge.
    pub pre_seeded: bool,
    /// A named test card: S16 doesn't bind it.
    pub named: bool,
    /// What the issuer says of data that stands in a message.
    pub checks: Verdicts,
}

/// Which exemptions an issuer accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepts {
    /// Low value, low risk up to 500 EUR, corporate and trusted beneficiaries where its policy is
    /// strict or lenient; none elsewhere.
    ByPolicy,
    /// None.
    Nothing,
}

/// When an ACS challenges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Challenge {
    /// By amount and what was asked for (A11 to A13).
    Auto,
    /// Always (A7).
    Always,
    /// Never (A8).
    Never,
}

/// Whether an ACS works (A2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acs {
    /// It answers.
    Up,
    /// It doesn't: the directory answers for it.
    Down,
    /// It answers with an error message.
    Error,
}

/// A fixed DE39 (S20).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Script {
    /// DE39.
    pub code: &'static str,
    /// To which messages.
    pub scope: Scope,
}

/// Which messages a script answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All of them.
    EveryMessage,
    /// Those that move money: DE4 is not zero.
    Payments,
}

/// What the issuer says of each datum that stands in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdicts {
    /// The security code.
    pub cvc: Check,
    /// The first line of the address.
    pub line1: Check,
    /// The postal code.
    pub postal_code: Check,
}

impl Verdicts {
    /// Everything is right.
    pub const PASS: Verdicts =
        Verdicts { cvc: Check::Pass, line1: Check::Pass, postal_code: Check::Pass };
}

impl Profile {
    /// A card of this country that nothing is set on.
    pub fn of(country: Country, three_ds: ThreeDs) -> Profile {
        Profile {
            country,
            three_ds,
            sca_policy: None,
            accepts: Accepts::ByPolicy,
            challenge: Challenge::Auto,
            acs: Acs::Up,
            script: None,
            balance: None,
            pre_seeded: false,
            named: false,
            checks: Verdicts::PASS,
        }
    }

    /// The issuer's policy towards an acquirer in this country (DE19): zones 1 to 3 strict, 4
    /// lenient. India and Japan follow the rest of the world until their rules are built.
    pub fn policy(&self, acquirer: Country) -> ScaPolicy {
        if let Some(set) = self.sca_policy {
            return set;
        }
        match (self.country.region(), acquirer.region()) {
            (Region::Eea | Region::Uk, Region::Eea | Region::Uk) => ScaPolicy::Strict,
            (Region::Eea | Region::Uk, Region::RestOfEurope | Region::Elsewhere)
            | (
                Region::RestOfEurope,
                Region::Eea | Region::Uk | Region::RestOfEurope | Region::Elsewhere,
            ) => ScaPolicy::Lenient,
            (
                Region::Elsewhere,
                Region::Eea | Region::Uk | Region::RestOfEurope | Region::Elsewhere,
            ) => ScaPolicy::None,
        }
    }

    /// The script, where it answers a message of this amount in minor units.
    pub fn scripted(&self, amount: i64) -> Option<&'static str> {
        let script = self.script?;
        match script.scope {
            Scope::EveryMessage => Some(script.code),
            Scope::Payments => (amount > 0).then_some(script.code),
        }
    }
}

/// Whether a set-up of this strength carries a merchant-initiated transaction of this amount in
/// hundredths of a euro; `None` is above every limit (`setup_strength_needed`, S15).
pub fn setup_carries(policy: ScaPolicy, strength: Strength, amount: Option<i64>) -> bool {
    let small = amount.is_some_and(|amount| amount <= FRICTIONLESS_LIMIT);
    match (policy, strength) {
        (ScaPolicy::None, _) | (_, Strength::Challenge | Strength::Moto) => true,
        (ScaPolicy::Strict, Strength::Frictionless) => small,
        (ScaPolicy::Strict, Strength::None) => false,
        (ScaPolicy::Lenient, Strength::Frictionless) => true,
        (ScaPolicy::Lenient, Strength::None) => small,
        // S13 declines these before the strength is looked at.
        (ScaPolicy::Always, Strength::Frictionless | Strength::None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policy_goes_by_issuer_and_acquirer() {
        for (issuer, acquirer, policy) in [
            ("FR", "DE", ScaPolicy::Strict),
            ("FR", "GB", ScaPolicy::Strict),
            ("GB", "GB", ScaPolicy::Strict),
            ("GB", "FR", ScaPolicy::Strict),
            ("FR", "US", ScaPolicy::Lenient),
            ("GB", "CH", ScaPolicy::Lenient),
            ("CH", "FR", ScaPolicy::Lenient),
            ("CH", "US", ScaPolicy::Lenient),
            ("US", "FR", ScaPolicy::None),
            ("US", "US", ScaPolicy::None),
            ("IN", "IN", ScaPolicy::None),
            ("JP", "JP", ScaPolicy::None),
        ] {
            let [issuer, acquirer] = [issuer, acquirer].map(|code| code.parse().unwrap());
            let profile = Profile::of(issuer, ThreeDs::Enrolled);
            assert_eq!(profile.policy(acquirer), policy, "{issuer} at {acquirer}");
            let set = Profile { sca_policy: Some(ScaPolicy::Always), ..profile };
            assert_eq!(set.policy(acquirer), ScaPolicy::Always);
        }
    }

    #[test]
    fn set_ups_carry_by_strength_and_amount() {
        use ScaPolicy::{Always, Lenient, None as Free, Strict};
        for (policy, strength, amount, carries) in [
            (Strict, Strength::Challenge, None, true),
            (Strict, Strength::Moto, None, true),
            (Strict, Strength::Frictionless, Some(5_000), true),
            (Strict, Strength::Frictionless, Some(5_001), false),
            (Strict, Strength::None, Some(1), false),
            (Lenient, Strength::Frictionless, None, true),
            (Lenient, Strength::None, Some(5_000), true),
            (Lenient, Strength::None, Some(5_001), false),
            (Lenient, Strength::None, None, false),
            (Free, Strength::None, None, true),
            (Always, Strength::Frictionless, Some(1), false),
        ] {
            assert_eq!(
                setup_carries(policy, strength, amount),
                carries,
                "{policy:?} {strength:?} {amount:?}"
            );
        }
    }

    #[test]
    fn a_script_answers_what_it_is_for() {
        let mut profile = Profile::of(Country::US, ThreeDs::NotEnrolled);
        assert_eq!(profile.scripted(100), None);
        profile.script = Some(Script { code: "01", scope: Scope::Payments });
        assert_eq!((profile.scripted(0), profile.scripted(1)), (None, Some("01")));
        profile.script = Some(Script { code: "51", scope: Scope::EveryMessage });
        assert_eq!((profile.scripted(0), profile.scripted(1)), (Some("51"), Some("51")));
    }
}
