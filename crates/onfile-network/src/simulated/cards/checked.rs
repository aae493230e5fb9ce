//! `stripe-api.md` 5.4: cards with a risk, or with data that the issuer finds wrong. The two with
//! a captcha are plain cards to the API: the captcha is the browser's.

use onfile_domain::card::Funding::Debit;
use onfile_domain::payment_method::Check::{Fail, Pass, Unavailable};

use super::traits::card;
use super::*;

const DEBIT: Traits = Traits::US.funded(Debit);

#[rustfmt::skip]
pub(super) const CARDS: &[TestCard] = &[
    card("4100000000000019", &["radarBlock"], Traits::US.risky(Risk::Highest).blocked()),
    card("4000000000004954", &["riskLevelHighest"], Traits::US.risky(Risk::Highest)),
    card("4000000000009235", &["riskLevelElevated"], Traits::US.risky(Risk::Elevated)),
    card("4000000000000101", &["cvcCheckFail"], Traits::US.cvc(Fail)),
    card("4000000000000036", &["avsZipFail"], Traits::US.address(Pass, Fail)),
    card("4000058400307872", &["cvcCheckFailElevatedRisk"], DEBIT.cvc(Fail).risky(Risk::Elevated)),
    card(
        "4000058400306072",
        &["avsZipFailElevatedRisk"],
        DEBIT.address(Pass, Fail).risky(Risk::Elevated),
    ),
    card("4000000000000028", &["avsLine1Fail"], Traits::US.address(Fail, Pass)),
    card("4000000000000010", &["avsFail"], Traits::US.address(Fail, Fail)),
    card("4000000000000044", &["avsUnchecked"], Traits::US.address(Unavailable, Unavailable)),
    card("4000000000001208", &[], Traits::US),
    card("4000000000003725", &[], Traits::US),
];
