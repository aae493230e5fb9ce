mod operations;

use super::*;
use crate::form;
use crate::version::Version;
use crate::view::Audience;
use onfile_domain::command::Patch;
use proptest::prelude::*;

const CARD: &[Param] = &[
    Param::new("exp_month", Kind::Integer { least: None }).required(),
    Param::text("cvc", 4),
    Param::new("networks", Kind::Hash(&[Param::new("preferred", Kind::Word(&["visa", "amex"]))])),
];

const ITEM: &[Param] = &[
    Param::new("price", Kind::Id).required(),
    Param::new("quantity", Kind::Integer { least: Some(1) }),
];

const TABLE: &[Param] = &[
    Param::new("amount", Kind::Amount(Floor::Charge)).required(),
    Param::new("currency", Kind::Currency).required(),
    Param::new("tip", Kind::Amount(Floor::Zero)),
    Param::new("part", Kind::Amount(Floor::One)),
    Param::new("credit", Kind::Amount(Floor::Nothing)),
    Param::hash("card", CARD).unsettable().publishable(),
    Param::new("confirm", Kind::Boolean),
    Param::new("off_session", Kind::BooleanOr(&["one_off", "recurring"])),
    Param::new("usage", Kind::Word(&["off_session", "on_session"])),
    Param::new("reason", Kind::Word(&["abandoned", "duplicate", "fraudulent"])).unsettable(),
    Param::text("description", 10).unsettable().publishable(),
    Param::text("name", 5_000).kept(),
    Param::new("email", Kind::Email),
    Param::new("return_url", Kind::Url),
    Param::list("types", &Kind::Text(20), 3).unsettable(),
    Param::list("items", &Kind::Hash(ITEM), 10),
    Param::new("extra", Kind::Any),
    Param::list("payment_method_types", &Kind::Text(20), 10).until(Change::NoMethodTypes),
    Param::text("amount_to_confirm", 10).since(Change::AmountToConfirm),
    Param::refused("transfer_data", &["false", "never"]),
    METADATA,
    EXPAND,
];

fn scope(version: &str) -> Scope {
    Scope { version: version.parse().unwrap(), audience: Audience::Secret }
}

fn parse_at(text: &str, scope: Scope) -> Result<Args, ParamError> {
    check(&form::parse(text.as_bytes()).unwrap(), TABLE, scope)
}

/// The arguments behind the two that are always needed.
fn parse(text: &str) -> Result<Args, ParamError> {
    parse_at(&format!("amount=1099&currency=usd&{text}"), scope("2026-08-26.dahlia"))
}

/// A refusal as `code / param: message`, `-` where there is none.
fn refused(text: &str, scope: Scope) -> String {
    match parse_at(text, scope) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => {
            let (code, param) = (error.code().unwrap_or("-"), error.param().unwrap_or("-"));
            format!("{code} / {param}: {}", error.message())
        }
    }
}

fn check_refusal(text: &str, expected: &str) {
    let text = format!("amount=1099&currency=usd&{text}");
    assert_eq!(refused(&text, scope("2026-08-26.dahlia")), expected, "{text}");
}

#[test]
fn values_arrive_with_their_types() {
    let args = parse(
        "description=&name=Jenny&confirm=True&off_session=recurring&usage=on_session&tip=0\
         &credit=-5&card[exp_month]=12&card[networks][preferred]=visa&types[]=a&types[]=b\
         &items[0][price]=p&items[1][price]=q&items[1][quantity]=2&metadata[k]=v\
         &expand[0]=customer&extra[a][b]=c",
    )
    .unwrap();
    assert_eq!(args.int("amount"), Some(1099));
    assert_eq!(args.currency("currency"), Some(onfile_domain::money::Currency::USD));
    assert_eq!(args.int("credit"), Some(-5));
    assert_eq!(args.text("name"), Some("Jenny"));
    assert_eq!(args.patch_text("name"), Patch::Set("Jenny"));
    assert_eq!(args.patch_text("description"), Patch::Unset);
    assert_eq!(args.patch_text("email"), Patch::Absent);
    assert_eq!(args.flag("confirm"), Some(true));
    assert_eq!(args.flag("off_session"), Some(true));
    assert_eq!(args.text("off_session"), Some("recurring"));
    assert_eq!(args.hash("card").and_then(|card| card.int("exp_month")), Some(12));
    assert_eq!(args.texts("types"), ["a", "b"]);
    let quantities = args.list("items").iter().map(|item| match item {
        Arg::Hash(item) => item.int("quantity"),
        other => panic!("{other:?}"),
    });
    assert_eq!(quantities.collect::<Vec<_>>(), [None, Some(2)]);
    let metadata = vec![("k".to_owned(), "v".to_owned())];
    assert_eq!(args.metadata("metadata").0, Patch::Set(metadata));
    assert_eq!(args.texts("expand"), ["customer"]);
    assert!(args.kept("extra").is_some());
    assert!(args.has("description") && !args.has("reason"));
}

#[test]
fn spellings_of_lists() {
    for text in ["types[]=a&types[]=b", "types[0]=a&types[1]=b", "types[1]=b&types[0]=a"] {
        assert_eq!(parse(text).unwrap().texts("types"), ["a", "b"], "{text}");
    }
    assert_eq!(parse("types=").unwrap().patch_list("types"), Patch::Unset);
    assert!(parse("expand=").unwrap().texts("expand").is_empty());
}

#[test]
fn the_order_of_refusals() {
    let dahlia = scope("2026-08-26.dahlia");
    // Unknown names come first, all of them, nested ones too, as they were written.
    assert_eq!(
        refused("foo=1&card[bar]=2&items[0][baz]=3&confirm=x&transfer_data=1", dahlia),
        "parameter_unknown / foo: Received unknown parameters: foo, card[bar], items[0][baz]"
    );
    // Then what is missing, outer names before inner ones.
    assert_eq!(
        refused("amount=1&card[cvc]=1&transfer_data=1", dahlia),
        "parameter_missing / currency: Missing required param: currency."
    );
    check_refusal(
        "card[cvc]=1&confirm=x&transfer_data=1",
        "parameter_missing / card[exp_month]: Missing required param: card[exp_month].",
    );
    check_refusal(
        "items[][quantity]=1",
        "parameter_missing / items[0][price]: Missing required param: items[0][price].",
    );
    // Then the table's order, not the form's; unserved ones in their place.
    check_refusal("transfer_data=1&confirm=x", "- / confirm: Invalid boolean: x");
    check_refusal(
        "metadata=x&transfer_data=1",
        "parameter_unsupported / transfer_data: The parameter `transfer_data` is not supported \
         by this server. See docs/coverage.md.",
    );
}

#[test]
fn texts_of_refusals() {
    for (text, expected) in [
        ("foo=1", "parameter_unknown / foo: Received unknown parameter: foo"),
        ("card[exp_month]=x", "parameter_invalid_integer / card[exp_month]: Invalid integer: x"),
        ("confirm=yes", "- / confirm: Invalid boolean: yes"),
        ("off_session=never", "- / off_session: Invalid boolean: never"),
        ("usage=x", "- / usage: Invalid usage: must be one of off_session or on_session"),
        (
            "reason=x",
            "- / reason: Invalid reason: must be one of abandoned, duplicate, or fraudulent",
        ),
        (
            "description=abcdefghijklm",
            "- / description: Invalid string: abcd...jklm; must be at most 10 characters",
        ),
        ("email=x", "email_invalid / email: Invalid email address: x"),
        ("return_url=x", "url_invalid / return_url: Not a valid URL"),
        ("types=x", "- / types: Invalid array"),
        ("types[a]=x", "- / types: Invalid array"),
        (
            "types[]=a&types[]=b&types[]=c&types[]=d",
            "- / types: Array types exceeded maximum 3 allowed elements.",
        ),
        ("card=x", "- / card: Invalid object"),
        ("card[]=x", "- / card: Invalid object"),
        ("name[a]=x", "- / name: Invalid string"),
        ("tip=-1", "- / tip: Invalid non-negative integer"),
        (
            "part=0",
            "parameter_invalid_integer / part: This value must be greater than or equal to 1.",
        ),
        (
            "items[][price]=a&items[][quantity]=0",
            "parameter_invalid_integer / items[0][quantity]: This value must be greater than or \
             equal to 1.",
        ),
        ("metadata=x", "- / metadata: Invalid object"),
        (
            "name=",
            "parameter_invalid_empty / name: You passed an empty string for 'name'. We assume \
             empty values are an attempt to unset a parameter; however 'name' cannot be unset. \
             You should remove 'name' from your request or supply a non-empty value.",
        ),
        (
            "card[exp_month]=99999999999999999999",
            "parameter_invalid_integer / card[exp_month]: Invalid integer: ********************",
        ),
    ] {
        check_refusal(text, expected);
    }
    let dahlia = scope("2026-08-26.dahlia");
    for amount in ["0", "-1"] {
        let refusal = refused(&format!("amount={amount}&currency=usd"), dahlia);
        assert_eq!(
            refusal,
            "parameter_invalid_integer / amount: The amount must be greater than or equal to the \
             minimum charge amount allowed for your account and the currency set \
             (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If you \
             want to save a Payment Method for future use without an immediate payment, use a \
             Setup Intent instead: https://docs.stripe.com/payments/setup-intents"
        );
    }
    let currency = refused("amount=1&currency=zzz", dahlia);
    assert!(currency.starts_with(
        "- / currency: Invalid currency: zzz. Stripe currently supports these currencies: usd, \
         aed,"
    ));
    assert!(currency.ends_with("sll, mro"), "{currency}");
}

#[test]
fn what_asks_for_nothing_passes() {
    for text in ["", "=never", "[a]=", "[a][b]=false&transfer_data[c]=", "[]="] {
        let args = parse(&format!("transfer_data{text}")).unwrap();
        assert!(!args.has("transfer_data"), "{text}");
    }
    assert!(parse("transfer_data[a]=true").is_err());
    assert!(parse("transfer_data[a][]=&transfer_data[b]=x").is_err());
}

#[test]
fn what_depends_on_the_version() {
    let base = "amount=1&currency=usd&";
    for (text, version, expected) in [
        ("payment_method_types[]=card", "2026-08-26.dahlia", "accepted"),
        (
            "payment_method_types[]=card",
            "2026-09-30.endive",
            "payment_method_types_no_longer_supported / payment_method_types: The parameter \
             `payment_method_types` is no longer supported in this API version. Use \
             `allowed_payment_method_types` or `automatic_payment_methods` instead.",
        ),
        ("amount_to_confirm=1", "2026-04-22.dahlia", "accepted"),
        (
            "amount_to_confirm=1",
            "2026-03-25.dahlia",
            "parameter_unknown / amount_to_confirm: Received unknown parameter: amount_to_confirm",
        ),
    ] {
        let refusal = refused(&format!("{base}{text}"), scope(version));
        assert_eq!(refusal, expected, "{text} {version}");
    }
}

#[test]
fn what_a_browser_may_send() {
    let browser = Scope { version: Version::DEFAULT, audience: Audience::Publishable };
    assert_eq!(
        refused("description=x&confirm=true", browser),
        "parameter_unknown / confirm: Received unknown parameter: confirm"
    );
    assert_eq!(refused("description=x&expand[]=customer", browser), "accepted");
}

#[test]
#[should_panic(expected = "no parameter foo")]
fn asking_for_what_is_not_declared_is_a_bug() {
    parse("").unwrap().text("foo");
}

#[test]
#[should_panic(expected = "amount is of another kind")]
fn asking_for_another_kind_is_a_bug() {
    parse("").unwrap().text("amount");
}

proptest! {
    #[test]
    fn never_panics(
        form in "((amount|currency|card|types|items|metadata|expand|transfer_data|return_url)\
                 (\\[[a-z0-9]{0,4}\\]){0,3}=[a-z0-9:/@.%4\u{e9}]{0,8}&){0,12}"
    ) {
        let form = form::parse(form.as_bytes());
        let checked = form.map(|form| check(&form, TABLE, scope("2026-08-26.dahlia")));
        if let Ok(Err(error)) = checked {
            crate::error::WireError::from(error).to_json("http://127.0.0.1:12111");
        }
    }
}
