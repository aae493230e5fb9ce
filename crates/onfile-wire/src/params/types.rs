//! The kinds of payment methods that Stripe has beside cards: refused by name.

use super::{Param, ParamError, joined};

macro_rules! refused {
    ($inert:expr; $($name:literal)+) => { &[$(Param::refused($name, $inert),)+] };
}

/// The other kinds inside `payment_method_data`, and beside `card` on a payment method.
pub(super) const OTHER_DATA: &[Param] = refused!(&[];
    "acss_debit" "affirm" "afterpay_clearpay" "alipay" "alma" "amazon_pay" "au_becs_debit"
    "bacs_debit" "bancontact" "billie" "bizum" "blik" "boleto" "cashapp" "crypto"
    "customer_balance" "eps" "fpx" "giropay" "grabpay" "ideal" "interac_present" "kakao_pay"
    "klarna" "konbini" "kr_card" "link" "mb_way" "mobilepay" "multibanco" "naver_pay"
    "nz_bank_account" "oxxo" "p24" "pay_by_bank" "payco" "paynow" "paypal" "payto" "pix"
    "promptpay" "revolut_pay" "samsung_pay" "satispay" "scalapay" "sepa_debit" "sofort" "sunbit"
    "swish" "twint" "upi" "us_bank_account" "wechat_pay" "zip"
);

/// The other kinds inside a setup intent's `payment_method_options`.
pub(super) const OTHER_SETUP_OPTIONS: &[Param] = refused!(&["none"];
    "acss_debit" "amazon_pay" "bacs_debit" "bizum" "card_present" "klarna" "link" "paypal"
    "payto" "pix" "sepa_debit" "upi" "us_bank_account"
);

/// The other kinds inside a payment intent's `payment_method_options`.
pub(super) const OTHER_OPTIONS: &[Param] = joined!(
    OTHER_SETUP_OPTIONS,
    refused!(&["none"];
        "affirm" "afterpay_clearpay" "alipay" "alma" "au_becs_debit" "bancontact" "billie" "blik"
        "boleto" "cashapp" "crypto" "customer_balance" "eps" "fpx" "giropay" "grabpay" "ideal"
        "interac_present" "kakao_pay" "konbini" "kr_card" "mb_way" "mobilepay" "multibanco"
        "naver_pay" "nz_bank_account" "oxxo" "p24" "pay_by_bank" "payco" "paynow" "promptpay"
        "revolut_pay" "samsung_pay" "satispay" "scalapay" "sofort" "swish" "twint" "wechat_pay"
        "zip"
    ),
);

/// Refuses every kind but the card.
pub(super) fn only_card(kind: &str, param: &str) -> Result<(), ParamError> {
    match kind {
        "card" => Ok(()),
        _ => Err(unserved(kind, param)),
    }
}

/// The refusal of another kind.
pub(super) fn unserved(kind: &str, param: &str) -> ParamError {
    let kind: String = kind.chars().take(64).collect();
    let what = format!("The payment method type `{}`", super::echo(&kind));
    ParamError::unserved(param, &what)
}
