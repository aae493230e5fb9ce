//! Where people live and how they are reached, as cards, customers and parcels carry it.

use std::collections::BTreeMap;

/// The caller's own notes on an object: up to 50 keys (`stripe-api.md` 1.10).
pub type Metadata = BTreeMap<String, String>;

/// A postal address; every part may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// City, district, suburb, town or village.
    pub city: Option<String>,
    /// ISO 3166 alpha-2, as the caller wrote it.
    pub country: Option<String>,
    /// Street or company.
    pub line1: Option<String>,
    /// Apartment, suite or building.
    pub line2: Option<String>,
    /// ZIP or postal code.
    pub postal_code: Option<String>,
    /// State, county, province or region.
    pub state: Option<String>,
}

/// What the issuer may hold against its own record of the cardholder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BillingDetails {
    /// Always shown, even when nothing in it is known.
    pub address: Address,
    /// E-mail address.
    pub email: Option<String>,
    /// Full name.
    pub name: Option<String>,
    /// Phone number with its extension.
    pub phone: Option<String>,
    /// Tax identification, since 2025-04-30.basil.
    pub tax_id: Option<String>,
}

/// Where goods go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shipping {
    /// The recipient's address.
    pub address: Address,
    /// Fedex, UPS, USPS, ….
    pub carrier: Option<String>,
    /// The recipient's name; always given on intents and charges.
    pub name: Option<String>,
    /// The recipient's phone.
    pub phone: Option<String>,
    /// The carrier's number for the parcel.
    pub tracking_number: Option<String>,
}
