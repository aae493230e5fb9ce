//! `stripe-api.md` 5.2: cards that succeed. Where the sheet names no country the issuer is in the
//! United States, but for JCB's and UnionPay's, which are at home where their networks are.

use onfile_domain::card::Brand::{CartesBancaires, EftposAu, Mastercard, Visa};
use onfile_domain::card::Funding::{Debit, Prepaid};

use super::traits::card;
use super::*;

const AU_DEBIT: Traits = Traits::abroad("AU").funded(Debit);

#[rustfmt::skip]
pub(super) const CARDS: &[TestCard] = &[
    card("4242424242424242", &["visa", "us"], Traits::US),
    card("4000056655665556", &["visa_debit"], Traits::US.funded(Debit)),
    card("5555555555554444", &["mastercard"], Traits::US),
    card("2223003122003222", &[], Traits::US),
    card("5200828282828210", &["mastercard_debit"], Traits::US.funded(Debit)),
    card("5105105105105100", &["mastercard_prepaid"], Traits::US.funded(Prepaid)),
    card(
        "378282246310005",
        &["amex", "pm_card_amex_threeDSecureNotSupported"],
        Traits::US.three_ds(ThreeDs::None),
    ),
    card("371449635398431", &[], Traits::US),
    card("6011111111111117", &["discover"], Traits::US),
    card("6011000990139424", &[], Traits::US),
    card("6011981111111113", &[], Traits::US.funded(Debit)),
    card("3056930009020004", &["diners"], Traits::US),
    card("36227206271667", &[], Traits::US),
    card("6555900000604105", &[], Traits::US),
    card("3566002020360505", &["jcb"], Traits::US.from("JP")),
    card("6200000000000005", &["unionpay"], Traits::US.from("CN")),
    card("6200000000000047", &[], Traits::US.from("CN").funded(Debit)),
    card("6205500000000000004", &[], Traits::US.from("CN")),
    card(
        "4000002500001001",
        &["visa_cartesBancaires"],
        Traits::abroad("FR").co_branded(&[CartesBancaires, Visa]),
    ),
    card(
        "5555552500001001",
        &["mastercard_cartesBancaires"],
        Traits::abroad("FR").co_branded(&[CartesBancaires, Mastercard]),
    ),
    card(
        "4000050360000001",
        &["visa_debit_eftposAuCoBranded"],
        AU_DEBIT.co_branded(&[EftposAu, Visa]),
    ),
    card(
        "5555050360000080",
        &["mastercard_debit_eftposAuCoBranded"],
        AU_DEBIT.co_branded(&[EftposAu, Mastercard]),
    ),
    card(
        "4000051230000072",
        &["debit_visaFsaProductCode", "debit_visaHsaProductCode"],
        Traits::US.funded(Debit),
    ),
    card(
        "5200828282828897",
        &["mastercard_debit_mastercardFsaProductCode"],
        Traits::US.funded(Debit),
    ),
];
