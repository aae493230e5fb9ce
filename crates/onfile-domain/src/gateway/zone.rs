//! Whose law on authentication binds a charge (`card-network.md` 5.1 and 5.8).

use crate::card::Funding;
use crate::country::{Country, Region};
use crate::words::words;

words! {
    /// A zone, by the issuer's and the acquirer's country.
    Zone {
        /// Both in the EEA: authentication is law.
        Eu = "Z1",
        /// Both in the UK: authentication is law.
        Uk = "Z2",
        /// One in the EEA, one in the UK.
        EuUk = "Z3",
        /// A European issuer, an acquirer elsewhere.
        IssuerInEurope = "Z4",
        /// An issuer elsewhere, a European acquirer.
        AcquirerInEurope = "Z5",
        /// Everything else.
        Rest = "Z8",
    }
}

/// The zone of a charge. Z9 (anonymous instruments), Z6 (India) and Z7 (Japan) come before these
/// once they are built; until then their cards fall through to Z5 and Z8.
pub fn zone(issuer: Country, acquirer: Country) -> Zone {
    match (issuer.region(), acquirer.region()) {
        (Region::Eea, Region::Eea) => Zone::Eu,
        (Region::Uk, Region::Uk) => Zone::Uk,
        (Region::Eea, Region::Uk) | (Region::Uk, Region::Eea) => Zone::EuUk,
        (Region::RestOfEurope, _)
        | (Region::Eea | Region::Uk, Region::RestOfEurope | Region::Elsewhere) => {
            Zone::IssuerInEurope
        }
        (Region::Elsewhere, Region::Eea | Region::Uk) => Zone::AcquirerInEurope,
        (Region::Elsewhere, Region::RestOfEurope | Region::Elsewhere) => Zone::Rest,
    }
}

impl Zone {
    /// Whether strong customer authentication is law here: Z1 and Z2.
    pub fn is_sca(self) -> bool {
        match self {
            Zone::Eu | Zone::Uk => true,
            Zone::EuUk | Zone::IssuerInEurope | Zone::AcquirerInEurope | Zone::Rest => false,
        }
    }
}

/// Countries whose banks ask for a one-time password on domestic charges (`card-network.md` 5.8).
const DOMESTIC_OTP: &[&str] = &["ZA", "NG", "KE", "SA", "AE", "TR", "MY", "BD", "PK", "LK"];

/// Whether a domestic charge of this country is authenticated by custom; in Brazil debit only.
pub fn asks_domestically(issuer: Country, acquirer: Country, funding: Funding) -> bool {
    issuer == acquirer
        && (DOMESTIC_OTP.contains(&issuer.code())
            || (issuer.code() == "BR" && funding == Funding::Debit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pair_of_countries_has_a_zone() {
        for (issuer, acquirer, rule) in [
            ("DE", "FR", "Z1"),
            ("NO", "IS", "Z1"),
            ("GB", "GB", "Z2"),
            ("GB", "IE", "Z3"),
            ("DE", "GB", "Z3"),
            ("FR", "US", "Z4"),
            ("GB", "CH", "Z4"),
            ("CH", "CH", "Z4"),
            ("CH", "DE", "Z4"),
            ("US", "DE", "Z5"),
            ("JP", "GB", "Z5"),
            ("US", "US", "Z8"),
            ("IN", "US", "Z8"),
            ("JP", "JP", "Z8"),
            ("US", "CH", "Z8"),
        ] {
            let pair = (issuer.parse().unwrap(), acquirer.parse().unwrap());
            assert_eq!(zone(pair.0, pair.1).as_str(), rule, "{issuer} {acquirer}");
        }
    }

    #[test]
    fn customs_bind_at_home() {
        for (issuer, acquirer, funding, asks) in [
            ("ZA", "ZA", Funding::Credit, true),
            ("ZA", "US", Funding::Credit, false),
            ("BR", "BR", Funding::Debit, true),
            ("BR", "BR", Funding::Credit, false),
            ("US", "US", Funding::Debit, false),
        ] {
            let pair = (issuer.parse().unwrap(), acquirer.parse().unwrap());
            assert_eq!(asks_domestically(pair.0, pair.1, funding), asks, "{issuer} {acquirer}");
        }
    }
}
