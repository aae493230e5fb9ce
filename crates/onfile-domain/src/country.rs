//! Countries by ISO 3166, and the zones that their law puts them in.

use std::fmt;
use std::str::FromStr;

/// A country by its upper-case ISO 3166 alpha-2 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

/// Whose law on authentication a country's banks follow (`card-network.md` 5.1 and 5.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Region {
    /// The European Economic Area.
    Eea,
    /// The United Kingdom: a zone of its own.
    Uk,
    /// Europe outside of both: no law, but its issuers follow the EU's.
    RestOfEurope,
    /// Everywhere else.
    Elsewhere,
}

const EEA: &[&str] = &[
    "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV",
    "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE", "IS", "LI", "NO",
];

/// Without Turkey, which has a row of its own in 5.8.
const REST_OF_EUROPE: &[&str] = &[
    "AD", "AL", "BA", "BY", "CH", "FO", "GG", "GI", "IM", "JE", "MC", "MD", "ME", "MK", "RS", "RU",
    "SM", "UA", "VA", "XK",
];

/// Not two upper-case letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a country code")]
pub struct NotACountry;

impl Country {
    /// The United States, the country of a new test account.
    pub const US: Country = Country(*b"US");

    /// The code, as the wire shows it.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("parsed from ASCII letters")
    }

    /// Whose law on authentication its banks follow.
    pub fn region(self) -> Region {
        let code = self.code();
        if code == "GB" {
            Region::Uk
        } else if EEA.contains(&code) {
            Region::Eea
        } else if REST_OF_EUROPE.contains(&code) {
            Region::RestOfEurope
        } else {
            Region::Elsewhere
        }
    }
}

impl FromStr for Country {
    type Err = NotACountry;

    fn from_str(text: &str) -> Result<Country, NotACountry> {
        let bytes: [u8; 2] = text.as_bytes().try_into().map_err(|_| NotACountry)?;
        if bytes.iter().all(u8::is_ascii_uppercase) { Ok(Country(bytes)) } else { Err(NotACountry) }
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_country_is_in_one_region() {
        assert_eq!(EEA.len(), 30);
        for (code, region) in [
            ("FR", Region::Eea),
            ("NO", Region::Eea),
            ("GB", Region::Uk),
            ("CH", Region::RestOfEurope),
            ("TR", Region::Elsewhere),
            ("US", Region::Elsewhere),
        ] {
            assert_eq!(code.parse::<Country>().map(Country::region), Ok(region), "{code}");
        }
        assert!(REST_OF_EUROPE.iter().all(|code| !EEA.contains(code)));
    }
}
