//! Leave to charge later: `mandate_data` and `mandate_options` (`stripe-api.md` 3.7).

use onfile_domain::agreement::{AmountType, Interval, MandateOptions};
use onfile_domain::command::Caller;

use super::{Args, EXPAND, Floor, Kind, Param, ParamError, ParseCx, TEXT_CHARS, joined, open};

/// `GET /v1/mandates/:id`.
pub const RETRIEVE: &[Param] = &[EXPAND];

/// `mandate_data`: checked, and without effect on cards.
pub(super) const MANDATE_DATA: Param =
    Param::hash("mandate_data", &open([Param::hash("customer_acceptance", ACCEPTANCE).required()]))
        .kept()
        .unsettable();

const ACCEPTANCE: &[Param] = &open([
    Param::new("type", Kind::Word(&["offline", "online"])).required(),
    Param::new("accepted_at", Kind::Timestamp),
    Param::hash("offline", &[]).unsettable(),
    Param::hash(
        "online",
        &open([Param::text("ip_address", TEXT_CHARS), Param::text("user_agent", TEXT_CHARS)]),
    )
    .unsettable(),
]);

/// `mandate_options` of a payment intent.
pub(super) const OPTIONS: &[Param] = &[
    Param::new("amount", Kind::Amount(Floor::One)).required(),
    Param::new("amount_type", Kind::Word(&["fixed", "maximum"])).required(),
    Param::text("description", 200),
    Param::new("end_date", Kind::Timestamp),
    Param::new("interval", Kind::Word(&["day", "month", "sporadic", "week", "year"])).required(),
    Param::new("interval_count", Kind::Integer { least: Some(1) }),
    Param::text("reference", 80).required(),
    Param::new("start_date", Kind::Timestamp).required(),
    Param::list("supported_types", &Kind::Word(&["india"]), 1).kept(),
];

/// `mandate_options` of a setup intent.
pub(super) const SETUP_OPTIONS: &[Param] =
    joined!(OPTIONS, &[Param::new("currency", Kind::Currency).required()]);

/// Holds `mandate_data` against what the caller must know of an acceptance: a server says where
/// it came from, a browser need not.
pub(super) fn check_acceptance(args: &Args, cx: &ParseCx<'_>) -> Result<(), ParamError> {
    const PATH: &str = "mandate_data[customer_acceptance]";
    let acceptance = args.hash("mandate_data").and_then(|data| data.hash("customer_acceptance"));
    let Some(acceptance) = acceptance else {
        return Ok(());
    };
    let online = acceptance.text("type") == Some("online");
    match cx.caller {
        Caller::Publishable if online => return Ok(()),
        Caller::Publishable => {
            let param = format!("{PATH}[type]");
            return Err(ParamError::Word { param, words: &["online"] });
        }
        Caller::Secret if !online => return Ok(()),
        Caller::Secret => {}
    }
    let Some(from) = acceptance.hash("online") else {
        return Err(ParamError::Missing(format!("{PATH}[online]")));
    };
    match ["ip_address", "user_agent"].into_iter().find(|name| !from.has(name)) {
        Some(name) => Err(ParamError::Missing(format!("{PATH}[online][{name}]"))),
        None => Ok(()),
    }
}

/// Reads [`OPTIONS`] or [`SETUP_OPTIONS`], which stand at `path`.
pub(super) fn options(args: &Args, path: &str) -> Result<MandateOptions, ParamError> {
    let missing = |name: &str| ParamError::Missing(format!("{path}[{name}]"));
    let options = MandateOptions {
        amount: args.int("amount").ok_or_else(|| missing("amount"))?,
        amount_type: args
            .word::<AmountType>("amount_type")
            .ok_or_else(|| missing("amount_type"))?,
        description: args.string("description"),
        end_date: args.time("end_date"),
        interval: args.word("interval").ok_or_else(|| missing("interval"))?,
        interval_count: args.int("interval_count"),
        reference: args.string("reference").ok_or_else(|| missing("reference"))?,
        start_date: args.time("start_date").ok_or_else(|| missing("start_date"))?,
        supported_types: args
            .has("supported_types")
            .then(|| args.texts("supported_types").into_iter().map(str::to_owned).collect()),
    };
    check_interval(&options, path)?;
    Ok(options)
}

/// At most a year between two charges, and no count where there is no rhythm.
fn check_interval(options: &MandateOptions, path: &str) -> Result<(), ParamError> {
    let Some(count) = options.interval_count else {
        return Ok(());
    };
    let most = match options.interval {
        Interval::Day => 365,
        Interval::Week => 52,
        Interval::Month => 12,
        Interval::Year => 1,
        Interval::Sporadic => {
            let message = "`interval_count` can't be given when `interval` is `sporadic`.";
            return Err(ParamError::rule(&format!("{path}[interval_count]"), message));
        }
    };
    if count > most {
        let message = format!("This value must be less than or equal to {most}.");
        return Err(ParamError::rule(&format!("{path}[interval_count]"), message));
    }
    Ok(())
}
