//! Customers.

use onfile_domain::customer::Customer;

use super::macros::record;

record!(Customer v 1 {
    id, created, deleted, address, balance, business_name, currency, description, email,
    individual_name, invoice_prefix, invoice_footer, default_payment_method, metadata, name,
    next_invoice_sequence, phone, preferred_locales, shipping, tax_exempt, test_clock,
});
