//! Who is paid: the owner of keys and data.

use crate::country::Country;
use crate::money::Currency;
use crate::time::WorldTime;

/// An account as its world shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// `acct_` and 16 characters, derived from the key's name so that a world has it before
    /// its first write.
    pub id: String,
    /// When the world was made; the moment of asking while it isn't.
    pub created: WorldTime,
    /// Decides the acquirer's country, and with it the zone of every charge.
    pub country: Country,
    /// What charges settle in.
    pub default_currency: Currency,
    /// Live keys reach an acquirer, test keys the simulated network.
    pub mode: Mode,
}

/// Real money, or the simulated network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// The simulated network answers.
    Test,
    /// An acquirer answers.
    Live,
}

/// A change of a test account: it moves to another country, or settles in another currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Update {
    /// Where the account is; its currency becomes the one to settle in.
    pub country: Option<Country>,
    /// What charges settle in from now on, over the country's.
    pub default_currency: Option<Currency>,
}

impl Update {
    /// Changes the account, for what follows.
    pub fn apply(self, account: &mut Account) {
        if let Some(country) = self.country {
            account.country = country;
            account.default_currency = currency_of(country);
        }
        if let Some(currency) = self.default_currency {
            account.default_currency = currency;
        }
    }
}

impl Account {
    /// The wire's `livemode`.
    pub fn is_live(&self) -> bool {
        self.mode == Mode::Live
    }
}

/// The currency that an account in this country settles in by default.
pub fn currency_of(country: Country) -> Currency {
    let code = match country.code() {
        "US" | "PR" | "EC" | "PA" => "usd",
        "GB" | "GI" => "gbp",
        "CA" => "cad",
        "AU" => "aud",
        "NZ" => "nzd",
        "JP" => "jpy",
        "IN" => "inr",
        "CH" | "LI" => "chf",
        "SE" => "sek",
        "NO" => "nok",
        "DK" => "dkk",
        "PL" => "pln",
        "CZ" => "czk",
        "HU" => "huf",
        "RO" => "ron",
        "SG" => "sgd",
        "HK" => "hkd",
        "MX" => "mxn",
        "BR" => "brl",
        "AE" => "aed",
        "TH" => "thb",
        "MY" => "myr",
        "AT" | "BE" | "BG" | "HR" | "CY" | "EE" | "FI" | "FR" | "DE" | "GR" | "IE" | "IT"
        | "LV" | "LT" | "LU" | "MT" | "NL" | "PT" | "SK" | "SI" | "ES" => "eur",
        _ => "usd",
    };
    code.parse().expect("each of these codes is in the list")
}
