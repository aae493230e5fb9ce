//! Every operation's parser, by its form: a part of the command, or the error.

use onfile_domain::account::{Account, Mode};
use onfile_domain::card::{Brand, CardFacts, Expiry, Funding, Risk, ThreeDs};
use onfile_domain::command::Caller;
use onfile_domain::country::Country;
use onfile_domain::money::Currency;
use onfile_domain::pan::Pan;
use onfile_domain::time::WorldTime;
use onfile_domain::webhook_endpoint::Reach;
use proptest::prelude::*;

use crate::error::WireError;
use crate::form;
use crate::params::*;
use crate::version::Version;
use crate::view::Audience;

/// 2026-11-25.
const NOW: WorldTime = WorldTime(1_795_600_000);

/// Knows a few cards.
#[derive(Default)]
struct Desk {
    taken: usize,
}

impl Desk {
    fn card(&mut self, brand: Brand, last4: &str, networks: &[Brand]) -> TakenCard {
        self.taken += 1;
        TakenCard {
            hand: self.taken - 1,
            facts: CardFacts {
                brand,
                networks: networks.to_vec(),
                funding: Funding::Credit,
                country: Country::US,
                last4: last4.to_owned(),
                three_ds: ThreeDs::NotEnrolled,
                named: true,
                risk: Risk::Normal,
                risk_score: 10,
                radar_block: false,
                effect: None,
            },
            fingerprint: "fingerprint".to_owned(),
            par: "par".to_owned(),
            expiry: Expiry { year: 2027, month: 11 },
        }
    }
}

impl CardDesk for Desk {
    fn take(&mut self, pan: Pan) -> Result<TakenCard, UnknownCard> {
        match pan.last4() {
            "4242" => Ok(self.card(Brand::Visa, "4242", &[Brand::Visa])),
            "0005" => Ok(self.card(Brand::Amex, "0005", &[Brand::Amex])),
            "1001" => {
                let networks = [Brand::CartesBancaires, Brand::Visa];
                Ok(self.card(Brand::CartesBancaires, "1001", &networks))
            }
            "0259" => Err(UnknownCard::NotServed),
            _ => Err(UnknownCard::NotATestCard),
        }
    }

    fn take_named(&mut self, name: &str) -> Result<TakenCard, UnknownName> {
        match name {
            "pm_card_visa" | "tok_visa" => Ok(self.card(Brand::Visa, "4242", &[Brand::Visa])),
            "pm_card_createDispute" => Err(UnknownName::NotServed),
            _ => Err(UnknownName::Unknown),
        }
    }
}

type Parser = fn(&Args, &mut ParseCx<'_>) -> Result<String, WireError>;

/// A table with its parser, whose command is shown as text.
macro_rules! operations {
    ($($name:literal: $module:ident $table:ident $parser:expr;)*) => {
        const OPERATIONS: &[(&str, &[Param], Parser)] = &[$(
            ($name, $module::$table, |args, cx| {
                Ok(format!("{:?}", ($parser)(args, cx)?))
            }),
        )*];
    };
}

operations! {
    "customer": customer CREATE customer::create;
    "customer update": customer UPDATE customer::update;
    "customer list": customer LIST |args, _cx: &mut ParseCx<'_>| customer::list(args);
    "customer methods": customer LIST_METHODS
        |args, _cx: &mut ParseCx<'_>| customer::list_methods(args);
    "method": payment_method CREATE payment_method::create;
    "method update": payment_method UPDATE payment_method::update;
    "method attach": payment_method ATTACH payment_method::attach;
    "method detach": payment_method DETACH payment_method::detach;
    "method list": payment_method LIST |args, _cx: &mut ParseCx<'_>| payment_method::list(args);
    "payment": payment_intent CREATE payment_intent::create;
    "payment update": payment_intent UPDATE payment_intent::update;
    "payment confirm": payment_intent CONFIRM payment_intent::confirm;
    "payment capture": payment_intent CAPTURE payment_intent::capture;
    "payment increment": payment_intent INCREMENT payment_intent::increment;
    "payment cancel": payment_intent CANCEL payment_intent::cancel;
    "payment list": payment_intent LIST |args, _cx: &mut ParseCx<'_>| payment_intent::list(args);
    "setup": setup_intent CREATE setup_intent::create;
    "setup update": setup_intent UPDATE setup_intent::update;
    "setup confirm": setup_intent CONFIRM setup_intent::confirm;
    "setup cancel": setup_intent CANCEL setup_intent::cancel;
    "setup list": setup_intent LIST |args, _cx: &mut ParseCx<'_>| setup_intent::list(args);
    "attempt list": setup_attempt LIST |args, _cx: &mut ParseCx<'_>| setup_attempt::list(args);
    "charge update": charge UPDATE charge::update;
    "charge list": charge LIST |args, _cx: &mut ParseCx<'_>| charge::list(args);
    "refund": refund CREATE refund::create;
    "refund of charge": refund CREATE_OF_CHARGE refund::create_of_charge;
    "refund charge": refund CREATE_OF_CHARGE refund::refund_charge;
    "refund update": refund UPDATE refund::update;
    "refund cancel": refund CANCEL refund::cancel;
    "refund list": refund LIST |args, _cx: &mut ParseCx<'_>| refund::list(args);
    "movement list": balance_transaction LIST
        |args, _cx: &mut ParseCx<'_>| balance_transaction::list(args);
    "event retry": event RETRY event::retry;
    "endpoint": webhook_endpoint CREATE webhook_endpoint::create;
    "endpoint update": webhook_endpoint UPDATE webhook_endpoint::update;
    "endpoint list": webhook_endpoint LIST
        |args, _cx: &mut ParseCx<'_>| webhook_endpoint::list(args);
    "roll secret": webhook_endpoint ROLL webhook_endpoint::roll;
    "delivery list": delivery LIST
        |args, _cx: &mut ParseCx<'_>| Ok::<_, WireError>(delivery::list(args));
    "resend": delivery RESEND delivery::resend;
    "event list": event LIST |args, _cx: &mut ParseCx<'_>| event::list(args);
    "account update": account UPDATE account::update;
}

/// Reads a form: the command as text, or the error.
fn parse(operation: &str, id: &str, form: &str, scope: Scope) -> Result<String, WireError> {
    let (_, table, parser) = OPERATIONS.iter().find(|(name, ..)| *name == operation).unwrap();
    let form = form::parse(form.as_bytes()).map_err(ParamError::from)?;
    let args = crate::params::check(&form, table, scope)?;
    let account = Account {
        id: "acct_1".to_owned(),
        created: NOW,
        country: Country::US,
        default_currency: Currency::USD,
        mode: Mode::Test,
    };
    let caller = match scope.audience {
        Audience::Secret => Caller::Secret,
        Audience::Publishable => Caller::Publishable,
    };
    parser(
        &args,
        &mut ParseCx {
            version: scope.version,
            caller,
            id,
            now: NOW,
            account: &account,
            reach: &Reach::default(),
            desk: &mut Desk::default(),
        },
    )
}

const OLD: &str = "2023-08-16";
const DAHLIA: &str = "2026-08-26.dahlia";
const ENDIVE: &str = "2026-10-28.endive";

fn scope(version: &str, audience: Audience) -> Scope {
    Scope { version: version.parse().unwrap(), audience }
}

fn secret(version: &str) -> Scope {
    scope(version, Audience::Secret)
}

/// The command holds each of these texts.
fn accepts(operation: &str, form: &str, version: &str, parts: &[&str]) {
    let command = parse(operation, "pm_1", form, secret(version))
        .unwrap_or_else(|error| panic!("{operation} {form}: {}", error.message));
    for part in parts {
        assert!(command.contains(part), "{operation} {form}: no {part} in {command}");
    }
}

/// An error as `status code / param: message`.
fn told(error: &WireError) -> String {
    let (code, param) = (error.code.unwrap_or("-"), error.param.as_deref().unwrap_or("-"));
    format!("{} {code} / {param}: {}", error.status, error.message)
}

fn refuses(operation: &str, form: &str, version: &str, expected: &str) {
    let refusal = match parse(operation, "pm_1", form, secret(version)) {
        Ok(command) => command,
        Err(error) => told(&error),
    };
    assert_eq!(refusal, expected, "{operation} {form}");
}

#[test]
fn what_payments_may_be_made_with() {
    let base = "amount=1099&currency=USD";
    for (form, version, parts) in [
        ("", DAHLIA, &["minor: 1099", "usd", "AutomaticAsync", "allow_redirects: Always"][..]),
        ("", "2023-10-16", &["capture_method: Automatic,", "Automatic { allow_redirects: Always"]),
        ("", "2022-11-15", &["methods: Listed"]),
        ("confirmation_method=manual", DAHLIA, &["Manual", "methods: Listed"]),
        ("payment_method_types[]=card", DAHLIA, &["methods: Listed"]),
        (
            "allowed_payment_method_types[0]=card&allowed_payment_method_types[1]=link",
            ENDIVE,
            &["Allowed([\"card\", \"link\"])"],
        ),
        (
            "automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never",
            ENDIVE,
            &["allow_redirects: Never"],
        ),
        ("automatic_payment_methods[enabled]=false", ENDIVE, &["methods: Listed"]),
        ("capture_method=manual", ENDIVE, &["capture_method: Manual"]),
        (
            "setup_future_usage=off_session",
            ENDIVE,
            &["setup_future_usage: Some(OffSession)", "confirm: None"],
        ),
        ("payment_method=pm_123&customer=cus_1", ENDIVE, &["Known(Ref { text: \"pm_123\""]),
        ("payment_method=pm_card_visa", ENDIVE, &["New(NewMethod { hand: 0", "year: 2027"]),
        ("payment_method=pm_card_nonsense", ENDIVE, &["Known(Ref { text: \"pm_card_nonsense\""]),
        ("source=tok_visa", ENDIVE, &["New(NewMethod { hand: 0"]),
        (
            "payment_method_data[type]=card&payment_method_data[card][token]=tok_visa",
            ENDIVE,
            &["New(NewMethod"],
        ),
        (
            "payment_method_options[card][setup_future_usage]=none\
          &payment_method_options[card][setup_credential_usage]=recurring",
            ENDIVE,
            &["setup_future_usage: Some(None)", "setup_credential_usage: Some(Recurring)"],
        ),
        ("payment_method_options[klarna][setup_future_usage]=none", ENDIVE, &["amount"]),
        ("transfer_data=&application_fee_amount=0&save_payment_method=false", ENDIVE, &["amount"]),
        ("confirm=true&off_session=true", ENDIVE, &["OffSession(OneOff)"]),
        ("confirm=true&off_session=one_off", ENDIVE, &["OffSession(OneOff)"]),
        ("confirm=true&off_session=recurring", ENDIVE, &["OffSession(Recurring)"]),
        ("confirm=true&off_session=false", ENDIVE, &["OnSession"]),
        (
            "confirm=true&payment_method_options[card][stored_credential_usage]=recurring",
            ENDIVE,
            &["card_options: Some(CardOptionsPatch"],
        ),
        // The rule that both exclude each other is the domain's: it carries the intent.
        (
            "confirm=true&off_session=true&setup_future_usage=off_session",
            ENDIVE,
            &["OffSession(OneOff)", "setup_future_usage: Some(OffSession)"],
        ),
        (
            "confirm=true&return_url=myapp://done&use_stripe_sdk=true&mandate=mandate_1",
            ENDIVE,
            &["return_url: Some(\"myapp://done\")", "use_stripe_sdk: true", "mandate_1"],
        ),
        (
            "confirm=true&error_on_requires_action=true&confirmation_method=manual",
            ENDIVE,
            &["error_on_requires_action: true"],
        ),
        (
            "shipping[address][line1]=x&shipping[name]=Jenny&metadata[a]=b&description=",
            ENDIVE,
            &["line1: Some(\"x\")", "{\"a\": \"b\"}", "description: None"],
        ),
        (
            "statement_descriptor_suffix=SHOP%201&transfer_group=g",
            ENDIVE,
            &["Some(\"SHOP 1\")", "Some(\"g\")"],
        ),
    ] {
        accepts("payment", &format!("{base}&{form}"), version, parts);
    }
}

#[test]
fn what_payments_are_refused_for() {
    let base = "amount=1099&currency=usd";
    for (form, version, expected) in [
        (
            "off_session=true",
            ENDIVE,
            "400 - / off_session: The parameter `off_session` cannot be passed when creating a \
             PaymentIntent unless `confirm` is set to true.",
        ),
        (
            "return_url=https://x.y&confirm=false",
            ENDIVE,
            "400 - / return_url: The parameter `return_url` cannot be passed when creating a \
             PaymentIntent unless `confirm` is set to true.",
        ),
        (
            "payment_method_types[]=card",
            ENDIVE,
            "400 payment_method_types_no_longer_supported / payment_method_types: The parameter \
             `payment_method_types` is no longer supported in this API version. Use \
             `allowed_payment_method_types` or `automatic_payment_methods` instead.",
        ),
        (
            "payment_method_types[]=card&payment_method_types[]=klarna",
            DAHLIA,
            "400 parameter_unsupported / payment_method_types: The payment method type `klarna` \
             is not supported by this server. See docs/coverage.md.",
        ),
        (
            "allowed_payment_method_types[]=link",
            ENDIVE,
            "400 parameter_unsupported / allowed_payment_method_types: The payment method type \
             `link` is not supported by this server. See docs/coverage.md.",
        ),
        (
            "allowed_payment_method_types[]=card",
            "2026-06-24.dahlia",
            "400 parameter_unknown / allowed_payment_method_types: Received unknown parameter: \
             allowed_payment_method_types",
        ),
        (
            "payment_method_options[card][setup_credential_usage]=recurring",
            "2026-09-30.endive",
            "400 parameter_unknown / payment_method_options[card][setup_credential_usage]: \
             Received unknown parameter: payment_method_options[card][setup_credential_usage]",
        ),
        (
            "automatic_payment_methods[enabled]=true&confirmation_method=automatic",
            ENDIVE,
            "400 parameters_exclusive / automatic_payment_methods: You may only specify one of \
             these parameters: automatic_payment_methods, confirmation_method.",
        ),
        (
            "automatic_payment_methods[enabled]=true&payment_method_types[]=card",
            DAHLIA,
            "400 parameters_exclusive / automatic_payment_methods: You may only specify one of \
             these parameters: automatic_payment_methods, payment_method_types.",
        ),
        (
            "payment_method=pm_1&payment_method_data[type]=card",
            ENDIVE,
            "400 parameters_exclusive / payment_method: You may only specify one of these \
             parameters: payment_method, payment_method_data.",
        ),
        (
            "confirm=true&error_on_requires_action=true",
            ENDIVE,
            "400 parameters_exclusive / automatic_payment_methods: You may only specify one of \
             these parameters: automatic_payment_methods, error_on_requires_action.",
        ),
        (
            "payment_method_data[type]=card",
            ENDIVE,
            "400 parameter_missing / payment_method_data[card]: Missing required param: \
             payment_method_data[card].",
        ),
        (
            "payment_method_data[card][number]=4242424242424242&payment_method_data[type]=card",
            ENDIVE,
            "400 parameter_missing / payment_method_data[card][exp_month]: Missing required \
             param: payment_method_data[card][exp_month].",
        ),
        (
            "payment_method_data[type]=link",
            ENDIVE,
            "400 parameter_unsupported / payment_method_data[type]: The payment method type \
             `link` is not supported by this server. See docs/coverage.md.",
        ),
        (
            "payment_method=pm_card_createDispute",
            ENDIVE,
            "400 parameter_unsupported / payment_method: The test card `pm_card_createDispute` is \
             not supported by this server. See docs/coverage.md.",
        ),
        (
            "source=tok_nonsense",
            ENDIVE,
            "400 resource_missing / source: No such token: 'tok_nonsense'",
        ),
        (
            "statement_descriptor=SHOP",
            ENDIVE,
            "400 - / statement_descriptor: The statement_descriptor parameter is not supported for \
             the payment_method_type `card`. To continue supporting payment_method_type `card`, \
             please pass in `statement_descriptor_suffix` or remove the `statement_descriptor` \
             parameter altogether. Please see https://support.stripe.com/questions/use-of-the-\
             statement-descriptor-parameter-on-paymentintents-for-card-charges for additional \
             details.",
        ),
        (
            "statement_descriptor_suffix=ABCDEFGHIJKLMNOPQRSTUVW",
            ENDIVE,
            "400 - / statement_descriptor_suffix: Invalid string: ABCD...TUVW; must be at most \
             22 characters",
        ),
        (
            "statement_descriptor_suffix=A*B",
            ENDIVE,
            "400 - / statement_descriptor_suffix: The statement descriptor suffix can't contain \
             any of these characters: < > \\ ' \" *",
        ),
        (
            "statement_descriptor_suffix=123",
            ENDIVE,
            "400 - / statement_descriptor_suffix: The statement descriptor suffix must contain at \
             least one letter.",
        ),
        (
            "transfer_data[destination]=acct_1",
            ENDIVE,
            "400 parameter_unsupported / transfer_data: The parameter `transfer_data` is not \
             supported by this server. See docs/coverage.md.",
        ),
        (
            "confirm=true&mandate_data[customer_acceptance][type]=online",
            ENDIVE,
            "400 parameter_missing / mandate_data[customer_acceptance][online]: Missing required \
             param: mandate_data[customer_acceptance][online].",
        ),
        ("guid=x", ENDIVE, "400 parameter_unknown / guid: Received unknown parameter: guid"),
    ] {
        refuses("payment", &format!("{base}&{form}"), version, expected);
    }
    refuses(
        "payment",
        "currency=usd",
        ENDIVE,
        "400 parameter_missing / amount: Missing required param: amount.",
    );
}

#[test]
fn which_error_wins() {
    // Each form drops the part that was refused before.
    let parts = [
        ("foo=1", "parameter_unknown / foo"),
        ("amount=0", "parameter_invalid_integer / amount"),
        ("payment_method_types[]=x", "payment_method_types_no_longer_supported"),
        ("off_session=true", "- / off_session"),
        (
            "automatic_payment_methods[enabled]=true&confirmation_method=manual",
            "parameters_exclusive / automatic_payment_methods",
        ),
        ("payment_method=pm_1&source=tok_1", "parameters_exclusive / payment_method"),
        ("statement_descriptor=x", "- / statement_descriptor"),
    ];
    for (at, (_, expected)) in parts.iter().enumerate() {
        let rest: Vec<&str> = parts[at..].iter().map(|(form, _)| *form).collect();
        let amount = if at > 1 { "&amount=100" } else { "" };
        let form = format!("currency=usd{amount}&{}", rest.join("&"));
        let error = parse("payment", "", &form, secret(ENDIVE)).unwrap_err();
        assert!(told(&error).contains(expected), "{form}: {}", told(&error));
    }
}

#[test]
fn cards() {
    let card = "type=card&card[exp_month]=8&card[exp_year]=2030";
    for (form, parts) in [
        ("card[number]=4242424242424242&card[cvc]=123", &["cvc_given: true", "month: 8"][..]),
        ("card[number]=4242 4242 4242 4242", &["cvc_given: false"]),
        ("card[number]=4242424242424242&card[exp_year]=31", &["year: 2031"]),
        ("card[number]=378282246310005&card[cvc]=1234", &["Amex"]),
        (
            "card[number]=4000002500001001&card[networks][preferred]=visa",
            &["preferred_network: Some(\"visa\")"],
        ),
        ("card[number]=4242424242424242&card[exp_month]=11&card[exp_year]=2026", &["year: 2026"]),
        ("card[token]=tok_visa&billing_details[address][postal_code]=94103", &["94103"]),
    ] {
        accepts("method", &format!("{card}&{form}"), ENDIVE, parts);
    }
    for (form, expected) in [
        ("", "400 parameter_missing / card[number]: Missing required param: card[number]."),
        (
            "card[number]=abc",
            "402 invalid_number / number: The card number is not a valid credit card number.",
        ),
        (
            "card[number]=4242424242424241",
            "402 incorrect_number / number: Your card number is incorrect.",
        ),
        (
            "card[number]=4242424242424242&card[exp_month]=13",
            "402 invalid_expiry_month / exp_month: Your card's expiration month is invalid.",
        ),
        (
            "card[number]=4242424242424242&card[exp_year]=1995",
            "402 invalid_expiry_year / exp_year: Your card's expiration year is invalid.",
        ),
        // More than twenty years ahead.
        (
            "card[number]=4242424242424242&card[exp_year]=2047",
            "402 invalid_expiry_year / exp_year: Your card's expiration year is invalid.",
        ),
        (
            "card[number]=4242424242424242&card[exp_year]=9223372036854775807",
            "402 invalid_expiry_year / exp_year: Your card's expiration year is invalid.",
        ),
        (
            "card[number]=4242424242424242&card[exp_month]=10&card[exp_year]=26",
            "402 invalid_expiry_month / exp_month: Your card's expiration month is invalid.",
        ),
        (
            "card[number]=4242424242424242&card[cvc]=99",
            "402 invalid_cvc / cvc: Your card's security code is invalid.",
        ),
        (
            "card[number]=378282246310005&card[cvc]=123",
            "402 invalid_cvc / cvc: Your card's security code is invalid.",
        ),
        (
            "card[number]=4000000000000259",
            "400 parameter_unsupported / card[number]: The test card ending in 0259 is not \
             supported by this server. See docs/coverage.md.",
        ),
        ("card[token]=tok_nonsense", "400 - / token: Invalid token id: tok_nonsense"),
        (
            "card[token]=tok_visa&card[number]=1",
            "400 parameters_exclusive / card[number]: You may only specify one of these \
             parameters: card[number], card[token].",
        ),
        (
            "card[number]=4242424242424242&card[networks][preferred]=mastercard",
            "400 - / card[networks][preferred]: This card can't be used on `mastercard`.",
        ),
        (
            "card[token]=tok_visa&customer=cus_1",
            "400 - / -: You cannot attach a PaymentMethod to a Customer during PaymentMethod \
             creation. Please instead create the PaymentMethod and then attach it using the \
             attachment method of the PaymentMethods API.",
        ),
    ] {
        refuses("method", &format!("{card}&{form}"), ENDIVE, expected);
    }
}

#[test]
fn a_card_of_a_person_in_full() {
    let form = "type=card&card[number]=4111111111111111&card[exp_month]=1&card[exp_year]=2030";
    let error = parse("method", "", form, secret(ENDIVE)).unwrap_err();
    let json: serde_json::Value =
        serde_json::from_slice(&error.to_json("http://127.0.0.1:12111")).unwrap();
    let expected = serde_json::json!({"error": {
        "code": "card_declined",
        "decline_code": "test_mode_live_card",
        "doc_url": "https://stripe.com/docs/error-codes/card-declined",
        "message": "Your card was declined. Your request was in test mode, but used a non test \
                    (live) card. For a list of valid test cards, visit: \
                    https://stripe.com/docs/testing.",
        "type": "card_error",
    }});
    assert_eq!(json, expected);
}

#[test]
fn other_calls() {
    for (operation, form, parts) in [
        (
            "endpoint",
            "url=https://example.com/a&enabled_events[]=*&enabled_events[]=charge.failed\
             &api_version=2019-03-14&connect=false&description=",
            &["url: https://example.com/a", "[\"*\", \"charge.failed\"]", "2019-03-14", "Unset"][..],
        ),
        ("endpoint update", "disabled=true", &["status: Some(Disabled)", "url: None"]),
        ("roll secret", "", &["expires_in: 86400"]),
        ("roll secret", "expires_in=0", &["expires_in: 0"]),
        ("event retry", "for_stripecli=true", &["to: Listeners"]),
        ("event retry", "webhook_endpoint=we_x", &["text: \"we_x\""]),
        (
            "customer",
            "payment_method=pm_card_visa\
                      &invoice_settings[default_payment_method]=pm_card_visa",
            &["default_method: Some(TheAttached)", "New(NewMethod"][..],
        ),
        ("customer", "invoice_settings[default_payment_method]=pm_1", &["Other(\"pm_1\")"]),
        (
            "customer",
            "name=&email=jenny@example.com&balance=-5&tax_exempt=reverse",
            &["name: None", "balance: -5", "Reverse"],
        ),
        (
            "customer update",
            "address[city]=&invoice_settings[footer]=x&metadata=",
            &["city: Unset", "invoice_footer: Set(\"x\")", "MetadataPatch(Unset)"],
        ),
        (
            "customer update",
            "preferred_locales=&shipping=",
            &["preferred_locales: Unset", "shipping: Unset"],
        ),
        ("customer list", "email=a@b.c&limit=3", &["email: Some(\"a@b.c\")", "limit: 3"]),
        ("method attach", "customer=cus_1", &["text: \"cus_1\"", "text: \"pm_1\""]),
        ("method detach", "", &["text: \"pm_1\""]),
        (
            "method update",
            "card[exp_year]=30&card[networks][preferred]=",
            &["exp_year: Some(2030)", "exp_month: None", "preferred_network: Unset"],
        ),
        ("method update", "billing_details[email]=", &["email: Unset"]),
        (
            "payment update",
            "payment_method=&setup_future_usage=&customer=",
            &["method: Unset", "setup_future_usage: Unset", "customer: Unset"],
        ),
        ("payment update", "payment_method_options[card]=", &["cleared: true"]),
        (
            "payment confirm",
            "payment_method=pm_1&off_session=true&client_secret=s",
            &["OffSession(OneOff)", "client_secret: Some(\"s\")"],
        ),
        ("payment capture", "amount_to_capture=5&final_capture=true", &["amount: Some(5)"]),
        ("payment capture", "amount_to_capture=-1", &["amount: Some(-1)", "finality: Final"]),
        ("payment capture", "final_capture=false", &["amount: None", "finality: MoreToCome"]),
        (
            "payment increment",
            "amount=5&description=&metadata[a]=b",
            &["amount: 5", "description: Unset"],
        ),
        ("payment cancel", "cancellation_reason=fraudulent", &["Some(Fraudulent)"]),
        (
            "payment list",
            "customer=cus_1&created[gte]=5&expand[]=data.customer",
            &["Some(\"cus_1\")", "from: WorldTime(5)", "data.customer"],
        ),
        (
            "setup",
            "usage=on_session&flow_directions[]=inbound",
            &["usage: OnSession", "Some([\"inbound\"])"],
        ),
        ("setup", "", &["usage: OffSession", "allow_redirects: Always"]),
        ("setup", "confirm=true&return_url=https://a.b", &["Some(\"https://a.b\")"]),
        (
            "setup confirm",
            "payment_method=pm_card_visa&use_stripe_sdk=true",
            &["New(NewMethod", "use_stripe_sdk: true"],
        ),
        ("setup confirm", "allowed_payment_method_types[]=card", &["Allowed([\"card\"])"]),
        ("setup cancel", "cancellation_reason=duplicate", &["Some(Duplicate)"]),
        ("attempt list", "setup_intent=seti_1", &["setup_intent: Some(\"seti_1\")"]),
        ("charge update", "fraud_details[user_report]=safe", &["Set(Safe)"]),
        ("charge update", "fraud_details[user_report]=", &["user_report: Unset"]),
        (
            "refund",
            "charge=ch_1&amount=5&reason=duplicate&metadata[a]=b",
            &["Charge(Ref { text: \"ch_1\"", "amount: Some(5)", "Some(Duplicate)", "\"a\", \"b\""],
        ),
        (
            "refund",
            "payment_intent=pi_1&refund_application_fee=false&instructions_email=a@b.c",
            &["Payment { intent: Ref { text: \"pi_1\"", "charge: None", "Some(\"a@b.c\")"],
        ),
        ("refund", "payment_intent=pi_1&charge=ch_1", &["charge: Some(Ref { text: \"ch_1\""]),
        ("refund of charge", "", &["Charge(Ref { text: \"pm_1\"", "amount: None"]),
        ("refund charge", "amount=7", &["RefundCharge(Wish { amount: Some(7)"]),
        ("refund update", "metadata[a]=", &["[(\"a\", \"\")]"]),
        ("refund cancel", "", &["Cancel"]),
        ("refund list", "charge=ch_1&limit=3", &["charge: Some(\"ch_1\")", "limit: 3"]),
        (
            "movement list",
            "source=ch_1&type=refund&currency=usd",
            &["source: Some(\"ch_1\")", "[\"refund\"]", "currency: Some(\"usd\")"],
        ),
        ("event list", "types[]=a.b&types[]=c.*", &["[\"a.b\", \"c.*\"]"]),
        ("account update", "country=de", &["country: Some(DE)", "default_currency: None"]),
    ] {
        accepts(operation, form, ENDIVE, parts);
    }
    let mandate = "payment_method_options[card][mandate_options]";
    let form = [
        "amount=500",
        "amount_type=maximum",
        "currency=USD",
        "interval=month",
        "reference=r",
        "start_date=1800000000",
    ]
    .map(|pair| {
        let (name, value) = pair.split_once('=').unwrap();
        format!("{mandate}[{name}]={value}")
    })
    .join("&");
    accepts("setup", &form, ENDIVE, &["mandate_currency: Some(\"usd\")", "interval: Month"]);
    refuses(
        "setup",
        &format!("{form}&{mandate}[interval_count]=13"),
        ENDIVE,
        "400 - / payment_method_options[card][mandate_options][interval_count]: This value must \
         be less than or equal to 12.",
    );
}

#[test]
fn refusals_of_other_calls() {
    for (operation, form, expected) in [
        (
            "endpoint",
            "url=http://10.0.0.1&enabled_events[]=*",
            "400 url_invalid / url: Invalid URL: URL must be publicly accessible. Consider using \
             a tool like the Stripe CLI to test webhooks locally: \
             https://github.com/stripe/stripe-cli.",
        ),
        ("endpoint update", "url=https://example.com:0", "400 url_invalid / url: Not a valid URL"),
        ("endpoint update", "url=localhost:3000/hook", "400 url_invalid / url: Not a valid URL"),
        (
            "roll secret",
            "expires_in=86401",
            "400 - / expires_in: This value must be less than or equal to 86400.",
        ),
        (
            "account update",
            "country=uk",
            "400 - / country: Country 'UK' is unknown. Try using a 2-character alphanumeric \
             country code instead, such as 'US', 'EG', or 'GB'.",
        ),
        (
            "method attach",
            "",
            "400 parameter_missing / -: Must provide customer or customer_account.",
        ),
        ("payment capture", "final_capture=later", "400 - / final_capture: Invalid boolean: later"),
        (
            "payment increment",
            "amount=0",
            "400 parameter_invalid_integer / amount: This value must be greater than or equal to \
             1.",
        ),
        (
            "payment increment",
            "description=more",
            "400 parameter_missing / amount: Missing required param: amount.",
        ),
        (
            "payment increment",
            "amount=5&statement_descriptor=shop",
            "400 - / statement_descriptor: The statement_descriptor parameter is not supported for \
             the payment_method_type `card`. To continue supporting payment_method_type `card`, \
             please pass in `statement_descriptor_suffix` or remove the `statement_descriptor` \
             parameter altogether. Please see https://support.stripe.com/questions/use-of-the-\
             statement-descriptor-parameter-on-paymentintents-for-card-charges for additional \
             details.",
        ),
        (
            "payment cancel",
            "cancellation_reason=expired",
            "400 - / cancellation_reason: Invalid cancellation_reason: must be one of abandoned, \
             duplicate, fraudulent, or requested_by_customer",
        ),
        (
            "payment update",
            "confirm=true",
            "400 parameter_unknown / confirm: Received unknown parameter: confirm",
        ),
        (
            "payment confirm",
            "amount_to_confirm=5",
            "400 parameter_unsupported / amount_to_confirm: The parameter `amount_to_confirm` is \
             not supported by this server. See docs/coverage.md.",
        ),
        (
            "setup",
            "return_url=https://a.b",
            "400 - / return_url: The parameter `return_url` cannot be passed when creating a \
             SetupIntent unless `confirm` is set to true.",
        ),
        (
            "setup",
            "usage=bogus",
            "400 - / usage: Invalid usage: must be one of off_session or on_session",
        ),
        (
            "refund",
            "amount=5",
            "400 - / -: One of the following params should be provided for this request: \
             payment_intent or charge.",
        ),
        (
            "refund",
            "charge=ch_1&amount=0",
            "400 parameter_invalid_integer / amount: This value must be greater than or equal to \
             1.",
        ),
        (
            "refund",
            "charge=ch_1&amount=-4",
            "400 parameter_invalid_integer / amount: This value must be greater than or equal to \
             1.",
        ),
        (
            "refund",
            "charge=ch_1&reason=x",
            "400 - / reason: Invalid reason: must be one of duplicate, fraudulent, or \
             requested_by_customer",
        ),
        (
            "refund",
            "charge=ch_1&reverse_transfer=true",
            "400 parameter_unsupported / reverse_transfer: The parameter `reverse_transfer` is \
             not supported by this server. See docs/coverage.md.",
        ),
        (
            "refund update",
            "amount=5",
            "400 parameter_unknown / amount: Received unknown parameter: amount",
        ),
        (
            "attempt list",
            "",
            "400 parameter_missing / setup_intent: Missing required param: setup_intent.",
        ),
        (
            "event list",
            "type=a&types[]=b",
            "400 parameters_exclusive / type: You may only specify one of these parameters: type, \
             types.",
        ),
        (
            "customer",
            "invoice_prefix=a",
            "400 - / invoice_prefix: The invoice prefix must be 3 to 12 uppercase letters or \
             numbers.",
        ),
        (
            "customer",
            "invoice_settings[nope]=1",
            "400 parameter_unknown / invoice_settings[nope]: Received unknown parameter: \
             invoice_settings[nope]",
        ),
        (
            "customer",
            "payment_method=pm_card_createDispute",
            "400 parameter_unsupported / payment_method: The test card `pm_card_createDispute` \
             is not supported by this server. See docs/coverage.md.",
        ),
    ] {
        refuses(operation, form, ENDIVE, expected);
    }
}

#[test]
fn what_a_browser_sends() {
    let browser = scope(ENDIVE, Audience::Publishable);
    let telemetry = "key=pk_test_1&guid=g&muid=m&sid=s&time_on_page=5&payment_user_agent=x\
                     &referrer=r&pasted_fields=number&radar_options[hcaptcha_token]=h\
                     &client_attribution_metadata[client_session_id]=c";
    let card = "card[number]=4242424242424242&card[exp_month]=1&card[exp_year]=30&card[cvc]=123";
    let form = format!("type=card&{card}&billing_details[name]=J&{telemetry}");
    assert!(parse("method", "", &form, browser).is_ok());
    let inside = "payment_method_data[type]=card&payment_method_data[card][token]=tok_visa\
                  &payment_method_data[guid]=g&payment_method_data[radar_options][session]=r\
                  &payment_method_data[billing_details][address][line1]=x\
                  &expected_payment_method_type=card&use_stripe_sdk=true&client_secret=s\
                  &mandate_data[customer_acceptance][type]=online\
                  &mandate_data[customer_acceptance][online][user_agent]=u\
                  &shipping[name]=J&shipping[address][line1]=x&setup_future_usage=off_session";
    for operation in ["payment confirm", "setup confirm"] {
        let form = match operation {
            "setup confirm" => inside.split("&shipping").next().unwrap(),
            _ => inside,
        };
        let command = parse(operation, "", form, browser);
        assert!(command.is_ok(), "{operation}: {command:?}");
    }
    for (form, param) in [
        ("off_session=true", "off_session"),
        ("capture_method=manual", "capture_method"),
        ("payment_method_options[card][moto]=true", "payment_method_options[card][moto]"),
        ("nonsense=1", "nonsense"),
    ] {
        let error = parse("payment confirm", "", form, browser).unwrap_err();
        assert_eq!(error.code, Some("parameter_unknown"), "{form}");
        assert_eq!(error.param.as_deref(), Some(param), "{form}");
    }
    let form = "mandate_data[customer_acceptance][type]=offline";
    let error = parse("payment confirm", "", form, browser).unwrap_err();
    assert_eq!(
        error.message,
        "Invalid mandate_data[customer_acceptance][type]: must be one of online"
    );
}

#[test]
fn arguments_never_show_what_was_typed() {
    let form = "type=card&card[number]=4242424242424242&card[exp_month]=1&card[exp_year]=30\
                &card[cvc]=987&billing_details[name]=Jenny&metadata[a]=4242424242424242";
    let form = form::parse(form.as_bytes()).unwrap();
    let args = crate::params::check(&form, payment_method::CREATE, secret(ENDIVE)).unwrap();
    let shown = format!("{args:?}");
    for text in ["4242", "987", "Jenny"] {
        // The table's own numbers are limits of lengths.
        let values = shown.split("values:").nth(1).unwrap();
        assert!(!values.contains(text), "{text} in {values}");
    }
}

#[test]
fn an_alias_can_be_read() {
    let account = Account {
        id: "acct_1".to_owned(),
        created: NOW,
        country: Country::US,
        default_currency: Currency::USD,
        mode: Mode::Test,
    };
    let read = |id| {
        payment_method::of_alias(&mut ParseCx {
            version: Version::LATEST,
            caller: Caller::Secret,
            id,
            now: NOW,
            account: &account,
            reach: &Reach::default(),
            desk: &mut Desk::default(),
        })
    };
    assert!(matches!(read("pm_card_visa"), Ok(Some(_))));
    assert!(matches!(read("pm_1"), Ok(None)));
    assert_eq!(read("pm_card_x").unwrap_err().status, 404);
}

/// No table has a name twice, in any depth.
#[test]
fn names_stand_once() {
    fn check(path: &str, table: &[Param]) {
        for (at, param) in table.iter().enumerate() {
            let path = format!("{path} {}", param.name);
            assert!(table[..at].iter().all(|other| other.name != param.name), "{path}");
            if let Kind::Hash(inner) = param.kind {
                check(&path, inner);
            }
        }
    }
    for (name, table, _) in OPERATIONS {
        check(name, table);
    }
}

/// Every path that a table declares, with its kind.
fn paths(table: &'static [Param], prefix: &str, all: &mut Vec<(String, &'static Kind)>) {
    for param in table {
        let path = super::super::check::join(prefix, param.name);
        match &param.kind {
            Kind::Hash(inner) => paths(inner, &path, all),
            _ => all.push((path.clone(), &param.kind)),
        }
        if let Kind::Hash(_) = param.kind {
            all.push((path, &param.kind));
        }
    }
}

/// A value that the kind takes, or one that it may not.
fn value(kind: &Kind, pick: usize) -> String {
    let odd = ["", "x", "-1", "0", "99999999999999999999", "true", "é"];
    if pick.is_multiple_of(3) {
        return odd[pick / 3 % odd.len()].to_owned();
    }
    match kind {
        Kind::Integer { .. } | Kind::Amount(_) => (pick % 40).to_string(),
        Kind::Timestamp => "1800000000".to_owned(),
        Kind::Boolean | Kind::BooleanOr(_) => ["true", "false"][pick % 2].to_owned(),
        Kind::Word(words) => words[pick % words.len()].to_owned(),
        Kind::Currency => "usd".to_owned(),
        Kind::Email => "a@b.c".to_owned(),
        Kind::Url => "https://a.b".to_owned(),
        Kind::Text(_) | Kind::Id => {
            ["card", "pm_card_visa", "tok_visa", "4242424242424242", "123"][pick % 5].to_owned()
        }
        Kind::Range
        | Kind::Hash(_)
        | Kind::List { .. }
        | Kind::Metadata
        | Kind::Expand
        | Kind::Any => "card".to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever is sent, a parser answers, and its error can be written.
    #[test]
    fn no_parser_panics(
        operation in 0..OPERATIONS.len(),
        picks in prop::collection::vec((any::<prop::sample::Index>(), 0..1_000usize), 0..14),
        version in prop::sample::select(vec![OLD, DAHLIA, ENDIVE]),
        publishable in any::<bool>(),
    ) {
        let (name, table, _) = OPERATIONS[operation];
        let mut all = Vec::new();
        paths(table, "", &mut all);
        let required = table.iter().filter(|param| param.required);
        let mut form: Vec<String> =
            required.map(|param| format!("{}={}", param.name, value(&param.kind, 1))).collect();
        for (index, pick) in picks {
            let (path, kind) = &all[index.index(all.len())];
            let list = matches!(kind, Kind::List { .. } | Kind::Expand) && pick % 5 != 0;
            form.push(format!("{path}{}={}", if list { "[]" } else { "" }, value(kind, pick)));
        }
        let audience = if publishable { Audience::Publishable } else { Audience::Secret };
        if let Err(error) = parse(name, "pm_1", &form.join("&"), scope(version, audience)) {
            error.to_json("http://127.0.0.1:12111");
        }
    }
}
