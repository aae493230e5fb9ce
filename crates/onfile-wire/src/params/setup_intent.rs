//! The parameters of setup intents (`stripe-api.md` 4.2).

use onfile_domain::agreement::Usage;
use onfile_domain::command::Ref;
use onfile_domain::setup_intent::cancel::Cancel;
use onfile_domain::setup_intent::confirm::Confirm;
use onfile_domain::setup_intent::create::Create;
use onfile_domain::setup_intent::update::Update;

use super::method::{self, METHOD, METHOD_DATA, SOURCE};
use super::payment_intent::{self, AUTOMATIC, TYPES};
use super::{
    Args, EXPAND, Kind, ListFilter, METADATA, Param, ParamError, ParseCx, card_options, contact,
    joined, list as lists, mandate,
};
use crate::error::WireError;
use crate::page;

const FLOWS: Kind = Kind::Word(&["inbound", "outbound"]);

const BOTH: &[Param] = &[
    Param::new("attach_to_self", Kind::Boolean).kept(),
    Param::new("customer", Kind::Id).unsettable(),
    Param::refused("customer_account", &[]),
    Param::text("description", 1_000).unsettable(),
    EXPAND,
    Param::list("flow_directions", &FLOWS, 2).kept().unsettable(),
    METADATA,
    Param::refused("payment_method_configuration", &[]),
    METHOD_DATA,
    SOURCE,
    card_options::SETUP_OPTIONS,
];

const CONFIRMING: &[Param] = &[
    Param::refused("confirmation_token", &[]),
    mandate::MANDATE_DATA.publishable(),
    Param::new("return_url", Kind::Url).publishable(),
    Param::new("use_stripe_sdk", Kind::Boolean).publishable(),
];

/// `POST /v1/setup_intents`.
pub const CREATE: &[Param] = joined!(
    BOTH,
    &[
        AUTOMATIC,
        Param::new("confirm", Kind::Boolean),
        Param::refused("on_behalf_of", &[]),
        METHOD,
        Param::refused("single_use", &[]),
        Param::new("usage", Kind::Word(&["off_session", "on_session"])),
    ],
    TYPES,
    CONFIRMING,
);

/// `POST /v1/setup_intents/:id`.
pub const UPDATE: &[Param] = joined!(BOTH, &[METHOD.unsettable()], TYPES);

/// `POST /v1/setup_intents/:id/confirm`.
pub const CONFIRM: &[Param] = joined!(
    &[
        TYPES[0],
        Param::new("client_secret", Kind::Id).publishable(),
        EXPAND,
        METHOD,
        METHOD_DATA,
        SOURCE,
        card_options::SETUP_OPTIONS,
    ],
    CONFIRMING,
);

/// `POST /v1/setup_intents/:id/cancel`.
pub const CANCEL: &[Param] = &[
    Param::new(
        "cancellation_reason",
        Kind::Word(&["abandoned", "duplicate", "requested_by_customer"]),
    )
    .unsettable(),
    EXPAND,
];

/// `GET /v1/setup_intents/:id`.
pub const RETRIEVE: &[Param] = &[Param::new("client_secret", Kind::Id).publishable(), EXPAND];

/// `GET /v1/setup_intents`.
pub const LIST: &[Param] = joined!(
    &[
        Param::new("attach_to_self", Kind::Boolean),
        page::CREATED,
        Param::new("customer", Kind::Id),
        Param::refused("customer_account", &[]),
        Param::new("payment_method", Kind::Id),
    ],
    lists::PAGE,
);

/// Reads [`CREATE`].
///
/// # Errors
/// The first that is wrong: what needs `confirm`, what may be saved, then the method.
pub fn create(args: &Args, cx: &mut ParseCx<'_>) -> Result<Create, WireError> {
    let confirms = args.flag("confirm") == Some(true);
    if !confirms {
        needs_confirm(args)?;
    }
    let methods = payment_intent::automatic_or_given(args, false, cx)?;
    let method = method::choice(args, cx)?.into_set();
    Ok(Create {
        customer: args.text("customer").map(Ref::new),
        method,
        usage: args.word("usage").unwrap_or(Usage::OffSession),
        methods,
        card_options: card_options::whole(args)?,
        mandate_currency: card_options::mandate_currency(args),
        attach_to_self: args.flag("attach_to_self"),
        flow_directions: flows(args),
        description: args.string("description"),
        metadata: contact::metadata(args),
        confirm: if confirms { Some(confirming(args, cx)?) } else { None },
    })
}

/// Reads [`UPDATE`].
///
/// # Errors
/// As [`create`].
pub fn update(args: &Args, cx: &mut ParseCx<'_>) -> Result<Update, WireError> {
    Ok(Update {
        methods: payment_intent::given_types(args)?,
        customer: args.patch_text("customer").map(Ref::new),
        method: method::choice(args, cx)?,
        card_options: card_options::patch(args)?,
        mandate_currency: card_options::mandate_currency(args),
        attach_to_self: args.flag("attach_to_self"),
        flow_directions: args
            .patch_list("flow_directions")
            .map(|_| flows(args).unwrap_or_default()),
        description: args.patch_string("description"),
        metadata: args.metadata("metadata"),
    })
}

/// Reads [`CONFIRM`].
///
/// # Errors
/// As [`create`].
pub fn confirm(args: &Args, cx: &mut ParseCx<'_>) -> Result<Confirm, WireError> {
    let methods = payment_intent::given_types(args)?;
    let method = method::choice(args, cx)?.into_set();
    Ok(Confirm {
        method,
        methods,
        card_options: card_options::patch(args)?,
        mandate_currency: card_options::mandate_currency(args),
        client_secret: args.string("client_secret"),
        ..confirming(args, cx)?
    })
}

/// Reads [`CANCEL`].
///
/// # Errors
/// None beyond the table's.
pub fn cancel(args: &Args, _cx: &mut ParseCx<'_>) -> Result<Cancel, WireError> {
    Ok(Cancel { reason: args.word("cancellation_reason") })
}

/// Reads [`LIST`].
///
/// # Errors
/// None beyond the table's.
pub fn list(args: &Args) -> Result<ListFilter, WireError> {
    ListFilter::parse(args)
}

fn confirming(args: &Args, cx: &ParseCx<'_>) -> Result<Confirm, ParamError> {
    mandate::check_acceptance(args, cx)?;
    Ok(Confirm {
        return_url: args.string("return_url"),
        use_stripe_sdk: args.flag("use_stripe_sdk").unwrap_or(false),
        ..Confirm::default()
    })
}

fn needs_confirm(args: &Args) -> Result<(), ParamError> {
    match ["mandate_data", "return_url"].into_iter().find(|name| args.has(name)) {
        None => Ok(()),
        Some(name) => {
            let message = format!(
                "The parameter `{name}` cannot be passed when creating a SetupIntent unless \
                 `confirm` is set to true."
            );
            Err(ParamError::rule(name, message))
        }
    }
}

fn flows(args: &Args) -> Option<Vec<String>> {
    let flows = args.patch_list("flow_directions").into_set()?;
    (!flows.is_empty())
        .then(|| args.texts("flow_directions").into_iter().map(str::to_owned).collect())
}
