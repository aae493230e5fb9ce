//! The rows of `card-network.md` 2.4: data, not code.

use crate::card::Brand;
use crate::decline::Class;

/// One response code.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// DE39.
    pub code: &'static str,
    /// Stripe's `code` and `decline_code`.
    pub stripe: (&'static str, Option<&'static str>),
    /// Stripe's `advice_code`.
    pub advice: Option<&'static str>,
    /// Visa's category, 4 for all that no list names, 0 where there is none.
    pub category: u8,
    /// What a retry may do.
    pub class: Class,
}

const C: Option<&str> = Some("confirm_card_data");
const N: Option<&str> = Some("do_not_try_again");
const L: Option<&str> = Some("try_again_later");

const fn declined(
    code: &'static str,
    decline_code: &'static str,
    advice: Option<&'static str>,
    category: u8,
    class: Class,
) -> Row {
    Row { code, stripe: ("card_declined", Some(decline_code)), advice, category, class }
}

const fn coded(
    code: &'static str,
    stripe: &'static str,
    advice: Option<&'static str>,
    category: u8,
    class: Class,
) -> Row {
    Row { code, stripe: (stripe, Some(stripe)), advice, category, class }
}

const fn number(code: &'static str) -> Row {
    Row { code, stripe: ("incorrect_number", None), advice: C, category: 1, class: Class::Hard }
}

/// What stands for a code that the table doesn't know.
const OTHER: Row = declined("", "generic_decline", None, 0, Class::Timed);

/// Visa's reading, which every network but Mastercard shares.
pub const ROWS: &[Row] = &[
    declined("01", "generic_decline", L, 0, Class::Timed),
    declined("02", "call_issuer", None, 0, Class::Timed),
    declined("03", "service_not_allowed", None, 2, Class::Technical),
    declined("04", "pickup_card", N, 1, Class::Hard),
    declined("05", "do_not_honor", L, 4, Class::Timed),
    coded("06", "processing_error", L, 4, Class::Technical),
    declined("07", "pickup_card", N, 1, Class::Hard),
    declined("12", "transaction_not_allowed", N, 1, Class::Hard),
    declined("13", "invalid_amount", None, 4, Class::Technical),
    number("14"),
    number("15"),
    declined("17", "generic_decline", None, 0, Class::Hard),
    declined("19", "reenter_transaction", L, 2, Class::Timed),
    coded("25", "processing_error", None, 0, Class::Technical),
    coded("26", "processing_error", None, 0, Class::Technical),
    coded("27", "processing_error", None, 0, Class::Technical),
    Row {
        code: "28",
        stripe: ("processing_error", Some("try_again_later")),
        advice: L,
        category: 0,
        class: Class::Technical,
    },
    coded("30", "processing_error", None, 4, Class::Technical),
    declined("31", "card_not_supported", None, 0, Class::Technical),
    coded("33", "expired_card", C, 0, Class::Fix),
    declined("34", "pickup_card", N, 1, Class::Hard),
    declined("35", "pickup_card", N, 1, Class::Hard),
    declined("36", "pickup_card", N, 1, Class::Hard),
    declined("37", "pickup_card", N, 1, Class::Hard),
    declined("38", "pickup_card", N, 1, Class::Hard),
    declined("39", "invalid_account", None, 4, Class::Hard),
    declined("40", "service_not_allowed", None, 4, Class::Technical),
    declined("41", "lost_card", N, 1, Class::Hard),
    declined("42", "invalid_account", None, 4, Class::Hard),
    declined("43", "stolen_card", N, 1, Class::Hard),
    declined("44", "invalid_account", None, 4, Class::Hard),
    declined("45", "invalid_account", N, 1, Class::Hard),
    declined("46", "invalid_account", N, 1, Class::Hard),
    declined("48", "invalid_account", None, 4, Class::Hard),
    declined("49", "invalid_account", None, 4, Class::Hard),
    declined("50", "invalid_account", None, 4, Class::Hard),
    declined("51", "insufficient_funds", L, 2, Class::Timed),
    declined("52", "invalid_account", None, 4, Class::Hard),
    declined("53", "invalid_account", None, 4, Class::Hard),
    coded("54", "expired_card", C, 3, Class::Fix),
    declined("55", "incorrect_pin", None, 3, Class::Fix),
    declined("57", "transaction_not_allowed", N, 1, Class::Hard),
    declined("58", "transaction_not_allowed", None, 4, Class::Technical),
    declined("59", "fraudulent", N, 2, Class::Timed),
    declined("5C", "transaction_not_allowed", N, 2, Class::Hard),
    declined("61", "card_velocity_exceeded", L, 2, Class::Timed),
    declined("62", "restricted_card", None, 2, Class::Timed),
    declined("63", "security_violation", None, 4, Class::Timed),
    declined("64", "transaction_not_allowed", None, 4, Class::Hard),
    declined("65", "card_velocity_exceeded", L, 2, Class::Timed),
    coded("68", "processing_error", None, 0, Class::Unknown),
    declined("70", "call_issuer", None, 0, Class::Timed),
    declined("71", "generic_decline", None, 0, Class::Timed),
    declined("72", "generic_decline", None, 0, Class::Timed),
    declined("74", "generic_decline", None, 4, Class::Timed),
    declined("75", "pin_try_exceeded", None, 2, Class::Timed),
    declined("78", "restricted_card", None, 2, Class::Timed),
    declined("80", "issuer_not_available", L, 4, Class::Technical),
    coded("82", "incorrect_cvc", C, 3, Class::Fix),
    declined("86", "generic_decline", L, 2, Class::Timed),
    declined("87", "generic_decline", None, 4, Class::Timed),
    declined("88", "generic_decline", None, 4, Class::Timed),
    declined("89", "generic_decline", None, 4, Class::Timed),
    declined("91", "issuer_not_available", L, 2, Class::Technical),
    declined("92", "issuer_not_available", None, 4, Class::Technical),
    declined("93", "transaction_not_allowed", N, 2, Class::Hard),
    declined("94", "duplicate_transaction", None, 0, Class::Unknown),
    coded("96", "processing_error", L, 2, Class::Technical),
    coded("1A", "authentication_required", None, 3, Class::StepUp),
    coded("A1", "authentication_required", None, 3, Class::StepUp),
    declined("6P", "generic_decline", C, 3, Class::Fix),
    declined("9G", "revocation_of_authorization", N, 2, Class::Hard),
    declined("B1", "invalid_amount", None, 4, Class::Technical),
    declined("B2", "invalid_amount", None, 4, Class::Technical),
    declined("N3", "transaction_not_allowed", None, 2, Class::Hard),
    declined("N4", "transaction_not_allowed", None, 2, Class::Hard),
    declined("N5", "do_not_try_again", N, 0, Class::Hard),
    coded("N7", "incorrect_cvc", C, 3, Class::Fix),
    declined("N8", "invalid_amount", None, 4, Class::Fix),
    declined("Q1", "generic_decline", None, 4, Class::Timed),
    declined("R0", "stop_payment_order", N, 1, Class::Hard),
    declined("R1", "revocation_of_authorization", N, 1, Class::Hard),
    declined("R2", "transaction_not_allowed", None, 0, Class::Hard),
    declined("R3", "revocation_of_all_authorizations", N, 1, Class::Hard),
];

/// Where Mastercard reads a code, or a merchant advice code beside it, differently.
const MASTERCARD: &[(&str, Option<&str>, Row)] = &[
    ("65", None, coded("65", "authentication_required", None, 0, Class::StepUp)),
    ("79", Some("01"), declined("79", "new_account_information_available", C, 0, Class::Fix)),
    ("79", Some("03"), declined("79", "invalid_account", N, 0, Class::Hard)),
    ("79", None, declined("79", "invalid_account", N, 0, Class::Hard)),
    ("82", None, declined("82", "generic_decline", C, 0, Class::Timed)),
    ("83", Some("01"), coded("83", "authentication_required", None, 0, Class::StepUp)),
    ("83", None, declined("83", "fraudulent", N, 0, Class::Hard)),
];

/// Merchant advice code 21, whatever the code beside it: the cardholder ended the payments.
const ENDED: Row = declined("", "revocation_of_authorization", N, 0, Class::Hard);

/// Every row, whatever its network.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    ROWS.iter().chain(MASTERCARD.iter().map(|(.., row)| row)).chain([&ENDED, &OTHER])
}

/// The row of a code on a network.
pub(super) fn find(code: &str, advice: Option<&str>, network: Brand) -> Row {
    let mastercard = network == Brand::Mastercard;
    if mastercard && advice == Some("21") {
        return ENDED;
    }
    let special = MASTERCARD
        .iter()
        .filter(|(known, ..)| mastercard && *known == code)
        .find(|(_, wanted, _)| wanted.is_none() || *wanted == advice);
    if let Some((.., row)) = special {
        return *row;
    }
    ROWS.iter().find(|row| row.code == code).copied().unwrap_or(OTHER)
}
