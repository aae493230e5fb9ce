//! `payment_method_options[card]`, as it stands on intents: some keys always, the rest where
//! they were given (`stripe-api.md` 2.3, 4.1).

use onfile_domain::agreement::MandateOptions;
use onfile_domain::payment_intent::{CardOptions, IfAvailable, RequestThreeDSecure};

use crate::json::Object;
use crate::version::{Change, Version};

/// On a payment intent.
pub(super) fn of_payment(options: &CardOptions, o: &mut Object<'_>, version: Version) {
    let if_given = |o: &mut Object<'_>, name, wish: Option<IfAvailable>| {
        given(o, name, wish.map(IfAvailable::as_str));
    };
    in_card(o, |o| {
        given(o, "capture_method", options.capture_method.map(|it| it.as_str()));
        o.null("installments");
        mandate_options(options.mandate_options.as_ref(), None, o);
        o.opt_text("network", options.network.map(|it| it.as_str()));
        if_given(o, "request_extended_authorization", options.request_extended_authorization);
        let incremental = options.request_incremental_authorization;
        if_given(o, "request_incremental_authorization", incremental);
        if_given(o, "request_multicapture", options.request_multicapture);
        if_given(o, "request_overcapture", options.request_overcapture);
        three_d_secure(options, o);
        if let Some(require) = options.require_cvc_recollection {
            o.flag("require_cvc_recollection", require);
        }
        setup_credential_usage(options, o, version);
        given(o, "setup_future_usage", options.setup_future_usage.map(|it| it.as_str()));
        if version.has(Change::CredentialUsage) {
            let usage = options.stored_credential_usage;
            given(o, "stored_credential_usage", usage.map(|it| it.as_str()));
        }
    });
}

/// On a setup intent, where a mandate names its currency.
pub(super) fn of_setup(
    options: &CardOptions,
    currency: Option<&str>,
    o: &mut Object<'_>,
    version: Version,
) {
    in_card(o, |o| {
        mandate_options(options.mandate_options.as_ref(), Some(currency), o);
        o.opt_text("network", options.network.map(|it| it.as_str()));
        three_d_secure(options, o);
        setup_credential_usage(options, o, version);
    });
}

fn in_card(o: &mut Object<'_>, write: impl FnOnce(&mut Object<'_>)) {
    o.object("payment_method_options", |o| o.object("card", write));
}

fn given(o: &mut Object<'_>, name: &'static str, word: Option<&str>) {
    if let Some(word) = word {
        o.text(name, word);
    }
}

fn three_d_secure(options: &CardOptions, o: &mut Object<'_>) {
    let request = options.request_three_d_secure;
    let request = request.unwrap_or(RequestThreeDSecure::Automatic);
    o.text("request_three_d_secure", request.as_str());
}

fn setup_credential_usage(options: &CardOptions, o: &mut Object<'_>, version: Version) {
    if version.has(Change::CredentialUsage) {
        let usage = options.setup_credential_usage;
        given(o, "setup_credential_usage", usage.map(|it| it.as_str()));
    }
}

/// `currency` is shown where there is a place for one, `null` where none was given.
fn mandate_options(
    mandate: Option<&MandateOptions>,
    currency: Option<Option<&str>>,
    o: &mut Object<'_>,
) {
    let Some(mandate) = mandate else {
        return o.null("mandate_options");
    };
    o.object("mandate_options", |o| {
        o.int("amount", mandate.amount);
        o.text("amount_type", mandate.amount_type.as_str());
        if let Some(currency) = currency {
            o.opt_text("currency", currency);
        }
        o.opt_text("description", mandate.description.as_deref());
        o.opt_int("end_date", mandate.end_date.map(|at| at.0));
        o.text("interval", mandate.interval.as_str());
        o.opt_int("interval_count", mandate.interval_count);
        o.text("reference", &mandate.reference);
        o.int("start_date", mandate.start_date.0);
        match &mandate.supported_types {
            Some(types) => o.list("supported_types", |l| types.iter().for_each(|it| l.text(it))),
            None => o.null("supported_types"),
        }
    });
}
