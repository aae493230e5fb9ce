//! From checked arguments to the commands of payment intents.

use onfile_domain::command::{MethodChoice, Patch, Ref};
use onfile_domain::money::Money;
use onfile_domain::payment_intent::cancel::Cancel;
use onfile_domain::payment_intent::capture::{Capture, Finality};
use onfile_domain::payment_intent::confirm::{Confirm, OffSession, Presence};
use onfile_domain::payment_intent::create::Create;
use onfile_domain::payment_intent::increment::Increment;
use onfile_domain::payment_intent::update::Update;
use onfile_domain::payment_intent::{
    AllowRedirects, CaptureMethod, ConfirmationMethod, MethodTypes,
};

use crate::error::WireError;
use crate::params::{
    Args, ListFilter, ParamError, ParseCx, card_options, contact, mandate, method, types,
};
use crate::version::Change;

/// The longest text on a statement, in characters.
const DESCRIPTOR_CHARS: usize = 22;

/// Reads [`super::CREATE`].
///
/// # Errors
/// The first that is wrong: exclusive parameters, what needs `confirm`, what may pay, then the
/// method.
pub fn create(args: &Args, cx: &mut ParseCx<'_>) -> Result<Create, WireError> {
    let (Some(amount), Some(currency)) = (args.int("amount"), args.currency("currency")) else {
        return Err(ParamError::Missing("amount".to_owned()).into());
    };
    let confirms = args.flag("confirm") == Some(true);
    if !confirms {
        needs_confirm(args)?;
    }
    let methods = methods_of_new(args, cx)?;
    not_with_dynamic(args, &methods, cx)?;
    let method = method::choice(args, cx)?.into_set();
    Ok(Create {
        amount: Money::new(amount, currency),
        customer: args.text("customer").map(Ref::new),
        method,
        capture_method: args.word("capture_method").unwrap_or(capture_method(cx)),
        confirmation_method: args
            .word("confirmation_method")
            .unwrap_or(ConfirmationMethod::Automatic),
        setup_future_usage: args.word("setup_future_usage"),
        methods,
        card_options: card_options::whole(args)?,
        description: args.string("description"),
        metadata: contact::metadata(args),
        receipt_email: args.string("receipt_email"),
        shipping: args.hash("shipping").map(contact::shipping),
        statement_descriptor_suffix: suffix(args)?.into_set(),
        transfer_group: args.string("transfer_group"),
        confirm: if confirms {
            Some(Confirm {
                // Said once more, so that what a confirmation may not bring is refused here too.
                card_options: card_options::patch(args)?,
                ..confirming(args, cx)?
            })
        } else {
            None
        },
    })
}

/// Reads [`super::UPDATE`].
///
/// # Errors
/// As [`create`].
pub fn update(args: &Args, cx: &mut ParseCx<'_>) -> Result<Update, WireError> {
    Ok(Update {
        amount: args.int("amount"),
        currency: args.currency("currency"),
        customer: args.patch_text("customer").map(Ref::new),
        methods: given_types(args)?,
        method: method::choice(args, cx)?,
        capture_method: args.word("capture_method"),
        setup_future_usage: args.patch_word("setup_future_usage"),
        card_options: card_options::patch(args)?,
        description: args.patch_string("description"),
        metadata: args.metadata("metadata"),
        receipt_email: args.patch_string("receipt_email"),
        shipping: args.patch_hash("shipping").map(contact::shipping),
        statement_descriptor_suffix: suffix(args)?,
        transfer_group: args.patch_string("transfer_group"),
    })
}

/// Reads [`super::CONFIRM`].
///
/// # Errors
/// As [`create`].
pub fn confirm(args: &Args, cx: &mut ParseCx<'_>) -> Result<Confirm, WireError> {
    let methods = given_types(args)?;
    let method: Option<MethodChoice> = method::choice(args, cx)?.into_set();
    Ok(Confirm {
        method,
        setup_future_usage: args.patch_word("setup_future_usage"),
        card_options: card_options::patch(args)?,
        capture_method: args.word("capture_method"),
        methods,
        receipt_email: args.patch_string("receipt_email"),
        shipping: args.patch_hash("shipping").map(contact::shipping),
        client_secret: args.string("client_secret"),
        ..confirming(args, cx)?
    })
}

/// Reads [`super::CAPTURE`].
///
/// # Errors
/// A text that no statement shows.
pub fn capture(args: &Args, _cx: &mut ParseCx<'_>) -> Result<Capture, WireError> {
    Ok(Capture {
        // What is too little is the rule's to refuse: its error carries the intent.
        amount: args.int("amount_to_capture"),
        finality: match args.flag("final_capture") {
            Some(false) => Finality::MoreToCome,
            Some(true) | None => Finality::Final,
        },
        metadata: args.metadata("metadata"),
        statement_descriptor_suffix: suffix(args)?,
    })
}

/// Reads [`super::INCREMENT`].
///
/// # Errors
/// No amount; `statement_descriptor`, which cards don't have.
pub fn increment(args: &Args, _cx: &mut ParseCx<'_>) -> Result<Increment, WireError> {
    refuse_descriptor(args)?;
    let missing = || ParamError::Missing("amount".to_owned());
    Ok(Increment {
        amount: args.int("amount").ok_or_else(missing)?,
        description: args.patch_string("description"),
        metadata: args.metadata("metadata"),
    })
}

/// Reads [`super::CANCEL`].
///
/// # Errors
/// None beyond the table's.
pub fn cancel(args: &Args, _cx: &mut ParseCx<'_>) -> Result<Cancel, WireError> {
    Ok(Cancel { reason: args.word("cancellation_reason") })
}

/// Reads [`super::LIST`].
///
/// # Errors
/// None beyond the table's.
pub fn list(args: &Args) -> Result<ListFilter, WireError> {
    ListFilter::parse(args)
}

/// What a confirmation alone may bring, also inside a create.
fn confirming(args: &Args, cx: &ParseCx<'_>) -> Result<Confirm, ParamError> {
    mandate::check_acceptance(args, cx)?;
    let presence = match (args.flag("off_session"), args.text_beside("off_session")) {
        (Some(true), Some("recurring")) => Presence::OffSession(OffSession::Recurring),
        (Some(true), _) => Presence::OffSession(OffSession::OneOff),
        (Some(false) | None, _) => Presence::OnSession,
    };
    Ok(Confirm {
        presence,
        return_url: args.string("return_url"),
        use_stripe_sdk: args.flag("use_stripe_sdk").unwrap_or(false),
        error_on_requires_action: args.flag("error_on_requires_action").unwrap_or(false),
        mandate: args.string("mandate"),
        ..Confirm::default()
    })
}

/// Refuses what says something about a confirmation where there is none.
fn needs_confirm(args: &Args) -> Result<(), ParamError> {
    let names =
        ["error_on_requires_action", "mandate", "mandate_data", "off_session", "return_url"];
    match names.into_iter().find(|name| args.has(name)) {
        None => Ok(()),
        Some(name) => {
            let message = format!(
                "The parameter `{name}` cannot be passed when creating a PaymentIntent unless \
                 `confirm` is set to true."
            );
            Err(ParamError::rule(name, message))
        }
    }
}

/// When the money is taken where nobody says.
fn capture_method(cx: &ParseCx<'_>) -> CaptureMethod {
    if cx.version.has(Change::AutomaticAsync) {
        CaptureMethod::AutomaticAsync
    } else {
        CaptureMethod::Automatic
    }
}

/// What may pay a new intent.
fn methods_of_new(args: &Args, cx: &ParseCx<'_>) -> Result<MethodTypes, ParamError> {
    exclusive(args, &["automatic_payment_methods", "confirmation_method"])?;
    automatic_or_given(args, args.text("confirmation_method") == Some("manual"), cx)
}

/// What may pay a new intent of either kind: dynamic methods unless the caller says otherwise.
/// `by_server` says that only a server confirms, which switches them off.
pub(in crate::params) fn automatic_or_given(
    args: &Args,
    by_server: bool,
    cx: &ParseCx<'_>,
) -> Result<MethodTypes, ParamError> {
    exclusive(args, &["allowed_payment_method_types", "automatic_payment_methods"])?;
    exclusive(args, &["automatic_payment_methods", "payment_method_types"])?;
    if let Some(given) = given_types(args)? {
        return Ok(given);
    }
    match args.hash("automatic_payment_methods") {
        Some(automatic) if automatic.flag("enabled") == Some(true) => {
            let allow_redirects =
                automatic.word("allow_redirects").unwrap_or(AllowRedirects::Always);
            Ok(MethodTypes::Automatic { allow_redirects })
        }
        Some(_) => Ok(MethodTypes::Listed),
        None if by_server || !cx.version.has(Change::AutomaticMethods) => Ok(MethodTypes::Listed),
        None => Ok(MethodTypes::Automatic { allow_redirects: AllowRedirects::Always }),
    }
}

/// The caller's list of what may pay. A filter passes whatever else it names; a list must be
/// served as it stands.
pub(in crate::params) fn given_types(args: &Args) -> Result<Option<MethodTypes>, ParamError> {
    exclusive(args, &["allowed_payment_method_types", "payment_method_types"])?;
    if args.has("allowed_payment_method_types") {
        let allowed = args.texts("allowed_payment_method_types");
        if !allowed.contains(&"card") {
            let first = allowed.first().copied().unwrap_or_default();
            return Err(types::unserved(first, "allowed_payment_method_types"));
        }
        return Ok(Some(MethodTypes::Allowed(allowed.into_iter().map(str::to_owned).collect())));
    }
    if !args.declares("payment_method_types") || !args.has("payment_method_types") {
        return Ok(None);
    }
    for kind in args.texts("payment_method_types") {
        types::only_card(kind, "payment_method_types")?;
    }
    Ok(Some(MethodTypes::Listed))
}

fn exclusive(args: &Args, names: &[&'static str]) -> Result<(), ParamError> {
    let both = names.iter().all(|name| args.declares(name) && args.has(name));
    if both { Err(ParamError::Exclusive(names.to_vec())) } else { Ok(()) }
}

/// Dynamic methods may always need an action.
fn not_with_dynamic(
    args: &Args,
    methods: &MethodTypes,
    cx: &ParseCx<'_>,
) -> Result<(), ParamError> {
    let asked = args.flag("error_on_requires_action") == Some(true);
    match methods {
        MethodTypes::Automatic { .. } if asked && cx.version.has(Change::AutomaticMethods) => {
            Err(ParamError::Exclusive(vec![
                "automatic_payment_methods",
                "error_on_requires_action",
            ]))
        }
        MethodTypes::Automatic { .. } | MethodTypes::Listed | MethodTypes::Allowed(_) => Ok(()),
    }
}

/// Refuses `statement_descriptor`, which cards don't have.
fn refuse_descriptor(args: &Args) -> Result<(), ParamError> {
    if args.text("statement_descriptor").is_some() {
        let message = concat!(
            "The statement_descriptor parameter is not supported for the payment_method_type ",
            "`card`. To continue supporting payment_method_type `card`, please pass in ",
            "`statement_descriptor_suffix` or remove the `statement_descriptor` parameter ",
            "altogether. Please see https://support.stripe.com/questions/use-of-the-statement-",
            "descriptor-parameter-on-paymentintents-for-card-charges for additional details."
        );
        return Err(ParamError::rule("statement_descriptor", message));
    }
    Ok(())
}

/// Reads `statement_descriptor_suffix`.
fn suffix(args: &Args) -> Result<Patch<String>, ParamError> {
    refuse_descriptor(args)?;
    let suffix = args.patch_string("statement_descriptor_suffix");
    if let Patch::Set(text) = &suffix {
        check_descriptor(text)?;
    }
    Ok(suffix)
}

fn check_descriptor(text: &str) -> Result<(), ParamError> {
    const PARAM: &str = "statement_descriptor_suffix";
    if text.chars().count() > DESCRIPTOR_CHARS {
        let (param, text) = (PARAM.to_owned(), text.to_owned());
        return Err(ParamError::TooLong { param, text, most: DESCRIPTOR_CHARS });
    }
    if text.contains(['<', '>', '\\', '\'', '"', '*']) || text.chars().any(char::is_control) {
        let message = "The statement descriptor suffix can't contain any of these characters: \
                       < > \\ ' \" *";
        return Err(ParamError::rule(PARAM, message));
    }
    if !text.chars().any(char::is_alphabetic) {
        let message = "The statement descriptor suffix must contain at least one letter.";
        return Err(ParamError::rule(PARAM, message));
    }
    Ok(())
}
