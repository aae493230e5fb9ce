//! What a test card is like, said in as few words as its row needs.

use onfile_domain::bank::ScaPolicy;
use onfile_domain::card::TestEffect;
use onfile_domain::payment_method::Check;

use super::*;
use crate::simulated::profile::{Accepts, Acs, Challenge, Scope, Script, Verdicts};

/// What a test card is like.
#[derive(Debug, Clone, Copy)]
pub struct Traits {
    /// The networks of a co-branded card, in the order shown; empty for a card of one brand.
    pub networks: &'static [Brand],
    /// Whose money it is.
    pub funding: Funding,
    country: &'static str,
    /// How far it takes part in 3-D Secure.
    pub three_ds: ThreeDs,
    /// Outside the retry governor and S16 (`card-network.md` 6.9).
    pub named: bool,
    /// Whether its effect is built.
    pub served: bool,
    /// How risky its payments look.
    pub risk: Risk,
    /// Its payments are blocked before the network.
    pub radar_block: bool,
    /// What becomes of its money.
    pub effect: Option<TestEffect>,
    sca_policy: Option<ScaPolicy>,
    accepts: Accepts,
    challenge: Challenge,
    acs: Acs,
    script: Option<Script>,
    balance: Option<i64>,
    pre_seeded: bool,
    checks: Verdicts,
}

impl Traits {
    /// As 4242: a credit card of the United States that isn't enrolled in 3-D Secure.
    pub(super) const US: Traits = Traits {
        networks: &[],
        funding: Funding::Credit,
        country: "US",
        three_ds: ThreeDs::NotEnrolled,
        named: true,
        served: true,
        risk: Risk::Normal,
        radar_block: false,
        effect: None,
        sca_policy: None,
        accepts: Accepts::ByPolicy,
        challenge: Challenge::Auto,
        acs: Acs::Up,
        script: None,
        balance: None,
        pre_seeded: false,
        checks: Verdicts::PASS,
    };

    /// A card that follows its country's rules: enrolled, and counted as any other.
    pub(super) const fn abroad(country: &'static str) -> Traits {
        Traits { country, three_ds: ThreeDs::Enrolled, named: false, ..Traits::US }
    }

    /// S/c of `card-network.md` 6.9: strict everywhere, no exemption, always a challenge.
    pub(super) const fn strict(country: &'static str) -> Traits {
        Traits {
            country,
            three_ds: ThreeDs::Enrolled,
            sca_policy: Some(ScaPolicy::Strict),
            accepts: Accepts::Nothing,
            challenge: Challenge::Always,
            ..Traits::US
        }
    }

    pub(super) const fn from(self, country: &'static str) -> Traits {
        Traits { country, ..self }
    }

    pub(super) const fn funded(self, funding: Funding) -> Traits {
        Traits { funding, ..self }
    }

    pub(super) const fn co_branded(self, networks: &'static [Brand]) -> Traits {
        Traits { networks, ..self }
    }

    pub(super) const fn three_ds(self, three_ds: ThreeDs) -> Traits {
        Traits { three_ds, ..self }
    }

    pub(super) const fn policy(self, policy: ScaPolicy) -> Traits {
        Traits { sca_policy: Some(policy), ..self }
    }

    pub(super) const fn challenge(self, challenge: Challenge) -> Traits {
        Traits { challenge, ..self }
    }

    pub(super) const fn acs(self, acs: Acs) -> Traits {
        Traits { acs, ..self }
    }

    pub(super) const fn scripted(self, code: &'static str, scope: Scope) -> Traits {
        Traits { script: Some(Script { code, scope }), ..self }
    }

    pub(super) const fn balance(self, balance: i64) -> Traits {
        Traits { balance: Some(balance), ..self }
    }

    pub(super) const fn pre_seeded(self) -> Traits {
        Traits { pre_seeded: true, ..self }
    }

    pub(super) const fn cvc(self, cvc: Check) -> Traits {
        Traits { checks: Verdicts { cvc, ..self.checks }, ..self }
    }

    pub(super) const fn address(self, line1: Check, postal_code: Check) -> Traits {
        Traits { checks: Verdicts { line1, postal_code, ..self.checks }, ..self }
    }

    pub(super) const fn risky(self, risk: Risk) -> Traits {
        Traits { risk, ..self }
    }

    pub(super) const fn blocked(self) -> Traits {
        Traits { radar_block: true, ..self }
    }

    pub(super) const fn with(self, effect: TestEffect) -> Traits {
        Traits { effect: Some(effect), ..self }
    }

    pub(super) const fn unserved(self) -> Traits {
        Traits { served: false, ..self }
    }

    /// Where its issuer is.
    pub fn country(&self) -> Country {
        self.country.parse().expect("the tables hold ISO codes, and a test reads each")
    }

    /// How its bank behaves.
    pub(super) fn profile(&self) -> Profile {
        Profile {
            country: self.country(),
            three_ds: self.three_ds,
            sca_policy: self.sca_policy,
            accepts: self.accepts,
            challenge: self.challenge,
            acs: self.acs,
            script: self.script,
            balance: self.balance,
            pre_seeded: self.pre_seeded,
            named: self.named,
            checks: self.checks,
        }
    }
}

/// A row of a table.
pub(super) const fn card(
    number: &'static str,
    names: &'static [&'static str],
    traits: Traits,
) -> TestCard {
    TestCard { number, names, traits }
}
