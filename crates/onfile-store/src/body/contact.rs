//! Addresses and what stands around them.

use onfile_domain::contact::{Address, BillingDetails, Shipping};

use super::macros::record;

record!(Address or default { city, country, line1, line2, postal_code, state });
record!(BillingDetails or default { address, email, name, phone, tax_id });
record!(Shipping or default { address, carrier, name, phone, tracking_number });
