//! `payment_method_options[card]` (`stripe-api.md` 2.2, 4.2).

use onfile_domain::command::Patch;
use onfile_domain::gateway::ImportedAuthentication;
use onfile_domain::payment_intent::CardOptions;
use onfile_domain::payment_intent::update::CardOptionsPatch;

use super::{Args, Kind, Param, ParamError, TEXT_CHARS, joined, mandate, types};
use crate::version::Change;

const NETWORKS: &[&str] = &[
    "amex",
    "cartes_bancaires",
    "diners",
    "discover",
    "eftpos_au",
    "girocard",
    "interac",
    "jcb",
    "link",
    "mastercard",
    "unionpay",
    "unknown",
    "visa",
];
const THREE_D_SECURE: &[&str] = &["any", "automatic", "challenge"];
const IF_AVAILABLE: Kind = Kind::Word(&["if_available", "never"]);
const USAGE: Kind = Kind::Word(&["installment", "recurring", "unscheduled"]);

/// 3-D Secure that was run elsewhere.
const IMPORTED: &[Param] = &[
    Param::new("ares_trans_status", Kind::Word(&["A", "C", "I", "N", "R", "U", "Y"])),
    Param::text("cryptogram", TEXT_CHARS).required(),
    Param::new("electronic_commerce_indicator", Kind::Word(&["01", "02", "05", "06", "07"])),
    Param::new("exemption_indicator", Kind::Word(&["low_risk", "none"])),
    Param::refused("network_options", &[]),
    Param::text("requestor_challenge_indicator", 2).kept(),
    Param::text("transaction_id", TEXT_CHARS).required(),
    Param::new("version", Kind::Word(&["1.0.2", "2.1.0", "2.2.0", "2.3.0", "2.3.1"])).required(),
];

/// What both kinds of intents take.
const BOTH: &[Param] = &[
    Param::new("network", Kind::Word(NETWORKS)).publishable(),
    Param::new("moto", Kind::Boolean),
    Param::new("request_three_d_secure", Kind::Word(THREE_D_SECURE)),
    Param::new("setup_credential_usage", USAGE).unsettable().since(Change::CredentialUsage),
    Param::hash("three_d_secure", IMPORTED).unsettable(),
];

const CARD: &[Param] = joined!(
    BOTH,
    &[
        Param::new("capture_method", Kind::Word(&["manual"])).unsettable(),
        Param::refused("cvc_token", &[]),
        Param::refused("installments", &["false"]),
        Param::hash("mandate_options", mandate::OPTIONS).unsettable(),
        Param::new("request_extended_authorization", IF_AVAILABLE),
        Param::new("request_incremental_authorization", IF_AVAILABLE),
        Param::new("request_multicapture", IF_AVAILABLE),
        Param::new("request_overcapture", IF_AVAILABLE),
        Param::new("require_cvc_recollection", Kind::Boolean).kept(),
        Param::new("setup_future_usage", Kind::Word(&["none", "off_session", "on_session"]))
            .unsettable(),
        Param::refused("statement_descriptor_suffix_kana", &[]),
        Param::refused("statement_descriptor_suffix_kanji", &[]),
        Param::new("stored_credential_usage", USAGE).unsettable().since(Change::CredentialUsage),
    ],
);

const SETUP_CARD: &[Param] =
    joined!(BOTH, &[Param::hash("mandate_options", mandate::SETUP_OPTIONS).unsettable()],);

/// `payment_method_options` of a payment intent.
pub(super) const OPTIONS: Param = Param::hash(
    "payment_method_options",
    joined!(&[Param::hash("card", CARD).unsettable().publishable()], types::OTHER_OPTIONS),
)
.publishable();

/// `payment_method_options` of a setup intent.
pub(super) const SETUP_OPTIONS: Param = Param::hash(
    "payment_method_options",
    joined!(
        &[Param::hash("card", SETUP_CARD).unsettable().publishable()],
        types::OTHER_SETUP_OPTIONS,
    ),
)
.publishable();

/// Reads [`OPTIONS`] or [`SETUP_OPTIONS`] as a change; `None` where the card's aren't named.
pub(super) fn patch(args: &Args) -> Result<Option<CardOptionsPatch>, ParamError> {
    let Some(options) = args.hash("payment_method_options") else {
        return Ok(None);
    };
    match options.patch_hash("card") {
        Patch::Absent => Ok(None),
        Patch::Unset => Ok(Some(CardOptionsPatch { cleared: true, ..CardOptionsPatch::default() })),
        Patch::Set(card) => of_card(card).map(Some),
    }
}

/// Reads them for a new intent.
pub(super) fn whole(args: &Args) -> Result<CardOptions, ParamError> {
    let mut options = CardOptions::default();
    if let Some(patch) = patch(args)? {
        patch.apply(&mut options);
    }
    Ok(options)
}

/// The currency of a setup intent's mandate, lower case.
pub(super) fn mandate_currency(args: &Args) -> Option<String> {
    let card = args.hash("payment_method_options")?.hash("card")?;
    let currency = card.hash("mandate_options")?.currency("currency")?;
    Some(currency.to_string())
}

fn of_card(card: &Args) -> Result<CardOptionsPatch, ParamError> {
    let both = CardOptionsPatch {
        request_three_d_secure: card.patch_word("request_three_d_secure"),
        network: card.patch_word("network"),
        moto: card.patch_flag("moto"),
        mandate_options: mandate_options(card)?,
        setup_credential_usage: card.patch_word("setup_credential_usage"),
        three_d_secure: imported(card)?,
        ..CardOptionsPatch::default()
    };
    if !card.declares("stored_credential_usage") {
        return Ok(both);
    }
    Ok(CardOptionsPatch {
        capture_method: card.patch_word("capture_method"),
        setup_future_usage: card.patch_word("setup_future_usage"),
        request_extended_authorization: card.patch_word("request_extended_authorization"),
        request_incremental_authorization: card.patch_word("request_incremental_authorization"),
        request_multicapture: card.patch_word("request_multicapture"),
        request_overcapture: card.patch_word("request_overcapture"),
        require_cvc_recollection: card.patch_flag("require_cvc_recollection"),
        stored_credential_usage: card.patch_word("stored_credential_usage"),
        ..both
    })
}

fn mandate_options(
    card: &Args,
) -> Result<Patch<onfile_domain::agreement::MandateOptions>, ParamError> {
    match card.patch_hash("mandate_options") {
        Patch::Absent => Ok(Patch::Absent),
        Patch::Unset => Ok(Patch::Unset),
        Patch::Set(options) => {
            let path = "payment_method_options[card][mandate_options]";
            mandate::options(options, path).map(Patch::Set)
        }
    }
}

fn imported(card: &Args) -> Result<Patch<ImportedAuthentication>, ParamError> {
    let args = match card.patch_hash("three_d_secure") {
        Patch::Absent => return Ok(Patch::Absent),
        Patch::Unset => return Ok(Patch::Unset),
        Patch::Set(args) => args,
    };
    let required = |name: &str| {
        let path = "payment_method_options[card][three_d_secure]";
        args.string(name).ok_or_else(|| ParamError::Missing(format!("{path}[{name}]")))
    };
    Ok(Patch::Set(ImportedAuthentication {
        ares_trans_status: args.string("ares_trans_status"),
        cryptogram: required("cryptogram")?,
        eci: args.string("electronic_commerce_indicator"),
        exemption_indicator: args.string("exemption_indicator"),
        transaction_id: required("transaction_id")?,
        version: required("version")?,
    }))
}
