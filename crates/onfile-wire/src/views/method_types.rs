//! What may pay or be saved: the fields about types of methods, of both intents.

use onfile_domain::payment_intent::MethodTypes;

use crate::json::Object;

/// `allowed_payment_method_types`, as it was given.
pub(super) fn allowed(methods: &MethodTypes, o: &mut Object<'_>) {
    match methods {
        MethodTypes::Allowed(types) => o.list("allowed_payment_method_types", |l| {
            types.iter().for_each(|it| l.text(it));
        }),
        MethodTypes::Automatic { .. } | MethodTypes::Listed => {
            o.null("allowed_payment_method_types");
        }
    }
}

/// `automatic_payment_methods`.
pub(super) fn automatic(methods: &MethodTypes, o: &mut Object<'_>) {
    match methods {
        MethodTypes::Automatic { allow_redirects } => o.object("automatic_payment_methods", |o| {
            o.text("allow_redirects", allow_redirects.as_str());
            o.flag("enabled", true);
        }),
        MethodTypes::Listed | MethodTypes::Allowed(_) => o.null("automatic_payment_methods"),
    }
}

/// `payment_method_configuration_details`: an account has one configuration, named after it.
pub(super) fn configuration(methods: &MethodTypes, account: &str, o: &mut Object<'_>) {
    const NAME: &str = "payment_method_configuration_details";
    match methods {
        MethodTypes::Automatic { .. } => o.object(NAME, |o| {
            let own = account.strip_prefix("acct_").unwrap_or(account);
            o.id("id", format_args!("pmc_1{own}Default"));
            o.null("parent");
        }),
        MethodTypes::Listed | MethodTypes::Allowed(_) => o.null(NAME),
    }
}

/// `payment_method_types`: an account here takes cards.
pub(super) fn types(o: &mut Object<'_>) {
    o.list("payment_method_types", |l| l.text("card"));
}
