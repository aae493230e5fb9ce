//! The whole API, to be read here.

use hyper::Method;

use crate::control::Control;
use crate::controls as steer;
use crate::lists::{self, Listing};
use crate::operations as op;
use crate::pipeline::Operation;
use crate::retrieve::{self, Retrieval};

/// A method of HTTP that the API has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Reads.
    Get,
    /// Writes.
    Post,
    /// Deletes.
    Delete,
}

impl Verb {
    /// The word of HTTP.
    pub fn as_str(self) -> &'static str {
        match self {
            Verb::Get => "GET",
            Verb::Post => "POST",
            Verb::Delete => "DELETE",
        }
    }
}

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// The account's own server.
    Secret,
    /// A browser too, with a publishable key.
    Browser,
}

/// What a route does.
pub enum Does {
    /// One write, by the pipeline.
    Perform(&'static Operation),
    /// A page of a list.
    List(&'static Listing),
    /// One object.
    Retrieve(&'static Retrieval),
    /// The account that is asked.
    Account,
    /// What it has.
    Balance,
    /// A page of events.
    ListEvents,
    /// One event.
    RetrieveEvent,
    /// Steers a test.
    Control(&'static Control),
    /// A page of deliveries.
    ListDeliveries,
    /// One delivery.
    RetrieveDelivery,
    /// It isn't built: the answer names the coverage page.
    Unbuilt,
}

/// One line of the API.
pub struct Route {
    /// The method.
    pub verb: Verb,
    /// The path; `{id}` and `{other}` stand for ids.
    pub template: &'static str,
    /// Who may call.
    pub access: Access,
    /// What it does.
    pub does: Does,
}

const fn get(template: &'static str, retrieval: &'static Retrieval) -> Route {
    let does = Does::Retrieve(retrieval);
    Route { verb: Verb::Get, template, access: Access::Secret, does }
}

const fn list(template: &'static str, listing: &'static Listing) -> Route {
    Route { verb: Verb::Get, template, access: Access::Secret, does: Does::List(listing) }
}

const fn post(template: &'static str, operation: &'static Operation) -> Route {
    let does = Does::Perform(operation);
    Route { verb: Verb::Post, template, access: Access::Secret, does }
}

const fn delete(template: &'static str, operation: &'static Operation) -> Route {
    let does = Does::Perform(operation);
    Route { verb: Verb::Delete, template, access: Access::Secret, does }
}

const fn control(template: &'static str, control: &'static Control) -> Route {
    let does = Does::Control(control);
    Route { verb: Verb::Post, template, access: Access::Secret, does }
}

const fn uncontrol(template: &'static str, control: &'static Control) -> Route {
    let does = Does::Control(control);
    Route { verb: Verb::Delete, template, access: Access::Secret, does }
}

const fn other(template: &'static str, does: Does) -> Route {
    Route { verb: Verb::Get, template, access: Access::Secret, does }
}

const fn unbuilt(verb: Verb, template: &'static str) -> Route {
    Route { verb, template, access: Access::Secret, does: Does::Unbuilt }
}

/// The same, also with a publishable key.
const fn browser(route: Route) -> Route {
    let Route { verb, template, access: _, does } = route;
    Route { verb, template, access: Access::Browser, does }
}

/// Every call. A row stands before those whose templates would take its path too.
pub static ROUTES: &[Route] = &[
    list("/v1/customers", &lists::CUSTOMERS),
    post("/v1/customers", &op::CREATE_CUSTOMER),
    unbuilt(Verb::Get, "/v1/customers/search"),
    get("/v1/customers/{id}", &retrieve::CUSTOMER),
    post("/v1/customers/{id}", &op::UPDATE_CUSTOMER),
    delete("/v1/customers/{id}", &op::DELETE_CUSTOMER),
    list("/v1/customers/{id}/payment_methods", &lists::METHODS_OF_CUSTOMER),
    get("/v1/customers/{id}/payment_methods/{other}", &retrieve::METHOD_OF_CUSTOMER),
    list("/v1/payment_methods", &lists::METHODS),
    browser(post("/v1/payment_methods", &op::CREATE_METHOD)),
    get("/v1/payment_methods/{id}", &retrieve::METHOD),
    post("/v1/payment_methods/{id}", &op::UPDATE_METHOD),
    post("/v1/payment_methods/{id}/attach", &op::ATTACH_METHOD),
    post("/v1/payment_methods/{id}/detach", &op::DETACH_METHOD),
    list("/v1/payment_intents", &lists::PAYMENTS),
    post("/v1/payment_intents", &op::CREATE_PAYMENT),
    unbuilt(Verb::Get, "/v1/payment_intents/search"),
    browser(get("/v1/payment_intents/{id}", &retrieve::PAYMENT)),
    post("/v1/payment_intents/{id}", &op::UPDATE_PAYMENT),
    browser(post("/v1/payment_intents/{id}/confirm", &op::CONFIRM_PAYMENT)),
    post("/v1/payment_intents/{id}/capture", &op::CAPTURE_PAYMENT),
    post("/v1/payment_intents/{id}/cancel", &op::CANCEL_PAYMENT),
    post("/v1/payment_intents/{id}/increment_authorization", &op::INCREMENT_PAYMENT),
    list("/v1/setup_intents", &lists::SETUPS),
    post("/v1/setup_intents", &op::CREATE_SETUP),
    browser(get("/v1/setup_intents/{id}", &retrieve::SETUP)),
    post("/v1/setup_intents/{id}", &op::UPDATE_SETUP),
    browser(post("/v1/setup_intents/{id}/confirm", &op::CONFIRM_SETUP)),
    post("/v1/setup_intents/{id}/cancel", &op::CANCEL_SETUP),
    list("/v1/setup_attempts", &lists::SETUP_ATTEMPTS),
    get("/v1/mandates/{id}", &retrieve::MANDATE),
    list("/v1/charges", &lists::CHARGES),
    unbuilt(Verb::Post, "/v1/charges"),
    unbuilt(Verb::Get, "/v1/charges/search"),
    get("/v1/charges/{id}", &retrieve::CHARGE),
    post("/v1/charges/{id}", &op::UPDATE_CHARGE),
    post("/v1/charges/{id}/refund", &op::REFUND_CHARGE),
    list("/v1/charges/{id}/refunds", &lists::REFUNDS_OF_CHARGE),
    post("/v1/charges/{id}/refunds", &op::CREATE_REFUND_OF_CHARGE),
    get("/v1/charges/{id}/refunds/{other}", &retrieve::REFUND_OF_CHARGE),
    list("/v1/refunds", &lists::REFUNDS),
    post("/v1/refunds", &op::CREATE_REFUND),
    get("/v1/refunds/{id}", &retrieve::REFUND),
    post("/v1/refunds/{id}", &op::UPDATE_REFUND),
    post("/v1/refunds/{id}/cancel", &op::CANCEL_REFUND),
    other("/v1/balance", Does::Balance),
    list("/v1/balance_transactions", &lists::MOVEMENTS),
    get("/v1/balance_transactions/{id}", &retrieve::BALANCE_TRANSACTION),
    other("/v1/events", Does::ListEvents),
    other("/v1/events/{id}", Does::RetrieveEvent),
    post("/v1/events/{id}/retry", &op::RETRY_EVENT),
    list("/v1/webhook_endpoints", &lists::ENDPOINTS),
    post("/v1/webhook_endpoints", &op::CREATE_ENDPOINT),
    get("/v1/webhook_endpoints/{id}", &retrieve::ENDPOINT),
    post("/v1/webhook_endpoints/{id}", &op::UPDATE_ENDPOINT),
    delete("/v1/webhook_endpoints/{id}", &op::DELETE_ENDPOINT),
    other("/v1/account", Does::Account),
    other("/v1/accounts/{id}", Does::Account),
    list("/v1/test_helpers/test_clocks", &lists::TEST_CLOCKS),
    post("/v1/test_helpers/test_clocks", &op::CREATE_TEST_CLOCK),
    get("/v1/test_helpers/test_clocks/{id}", &retrieve::TEST_CLOCK),
    delete("/v1/test_helpers/test_clocks/{id}", &op::DELETE_TEST_CLOCK),
    post("/v1/test_helpers/test_clocks/{id}/advance", &op::ADVANCE_TEST_CLOCK),
    list("/onfile/v1/adjustments", &lists::ADJUSTMENTS),
    post("/onfile/v1/adjustments", &op::CREATE_ADJUSTMENT),
    post("/onfile/v1/adjustments/preview", &op::PREVIEW_ADJUSTMENT),
    get("/onfile/v1/adjustments/{id}", &retrieve::ADJUSTMENT),
    list("/onfile/v1/attempts", &lists::ATTEMPTS),
    other("/onfile/v1/deliveries", Does::ListDeliveries),
    other("/onfile/v1/deliveries/{id}", Does::RetrieveDelivery),
    post("/onfile/v1/deliveries/{id}/resend", &op::RESEND_DELIVERY),
    post("/onfile/v1/webhook_endpoints/{id}/roll_secret", &op::ROLL_SECRET),
    other("/onfile/v1/test/account", Does::Account),
    post("/onfile/v1/test/account", &op::UPDATE_ACCOUNT),
    other("/onfile/v1/test/changes", Does::Control(&steer::LIST_CHANGES)),
    other("/onfile/v1/test/clock", Does::Control(&steer::SHOW_CLOCK)),
    control("/v1/stripecli/sessions", &steer::OPEN_SESSION),
    control("/onfile/v1/test/clock", &steer::MOVE_CLOCK),
    other("/onfile/v1/test/events/wait", Does::Control(&steer::WAIT_FOR_EVENTS)),
    other("/onfile/v1/test/faults", Does::Control(&steer::LIST_FAULTS)),
    control("/onfile/v1/test/faults", &steer::ADD_FAULT),
    uncontrol("/onfile/v1/test/faults/{id}", &steer::REMOVE_FAULT),
    control("/onfile/v1/test/fixture", &steer::MAKE_FROM_FILE),
    control("/onfile/v1/test/reset", &steer::RESET),
    other("/onfile/v1/test/snapshots", Does::Control(&steer::LIST_SNAPSHOTS)),
    control("/onfile/v1/test/snapshots", &steer::TAKE_SNAPSHOT),
    uncontrol("/onfile/v1/test/snapshots/{id}", &steer::FORGET_SNAPSHOT),
    control("/onfile/v1/test/snapshots/{id}/restore", &steer::RESTORE_SNAPSHOT),
];

/// What Stripe has beyond [`ROUTES`], by the beginnings of its paths: its calls are refused with a
/// word on why, so that nobody looks for a typing error.
const UNBUILT: &[&str] = &[
    "account_links",
    "account_sessions",
    "accounts",
    "apple_pay",
    "application_fees",
    "apps",
    "balance",
    "balance_settings",
    "balance_transactions",
    "billing",
    "billing_portal",
    "charges",
    "checkout",
    "climate",
    "confirmation_tokens",
    "country_specs",
    "coupons",
    "credit_notes",
    "customer_sessions",
    "customers",
    "disputes",
    "elements",
    "ephemeral_keys",
    "events",
    "exchange_rates",
    "external_accounts",
    "file_links",
    "files",
    "financial_connections",
    "forwarding",
    "identity",
    "invoice_payments",
    "invoice_rendering_templates",
    "invoiceitems",
    "invoices",
    "issuing",
    "link_account_sessions",
    "mandates",
    "payment_attempt_records",
    "payment_intents",
    "payment_links",
    "payment_method_configurations",
    "payment_method_domains",
    "payment_methods",
    "payment_pages",
    "payment_records",
    "payouts",
    "plans",
    "prices",
    "products",
    "promotion_codes",
    "quotes",
    "radar",
    "refunds",
    "reporting",
    "reviews",
    "setup_attempts",
    "setup_intents",
    "shipping_rates",
    "sigma",
    "sources",
    "subscription_items",
    "subscription_schedules",
    "subscriptions",
    "tax",
    "tax_codes",
    "tax_ids",
    "tax_rates",
    "terminal",
    "test_helpers",
    "three_d_secure",
    "tokens",
    "topups",
    "transfers",
    "treasury",
    "webhook_endpoints",
];

/// Where a request leads.
pub(crate) enum Found {
    /// To a route, with the ids of its path.
    Route(&'static Route, Vec<String>),
    /// The path is there, the method isn't.
    WrongMethod,
    /// To one of our own calls, asked for as if it were Stripe's: where it is.
    Ours(String),
    /// To something of Stripe's that isn't built.
    Unbuilt,
    /// Nowhere.
    Nothing,
}

/// Finds the route of a request.
pub(crate) fn find(method: &Method, path: &str) -> Found {
    let mut is_known = false;
    for route in ROUTES {
        let Some(ids) = ids(route.template, path) else { continue };
        if verb(method) == Some(route.verb) {
            return Found::Route(route, ids);
        }
        is_known = true;
    }
    if is_known {
        return Found::WrongMethod;
    }
    if path.starts_with("/v1/") {
        let ours = format!("/onfile{path}");
        if let Found::Route(..) = find(method, &ours) {
            return Found::Ours(ours);
        }
    }
    let mut segments = path.split('/').skip(1);
    let is_stripes = matches!(segments.next(), Some("v1" | "v2"));
    let last_is_empty = path.ends_with('/');
    match segments.next() {
        Some(resource) if is_stripes && !last_is_empty && UNBUILT.contains(&resource) => {
            Found::Unbuilt
        }
        Some(_) | None => Found::Nothing,
    }
}

fn verb(method: &Method) -> Option<Verb> {
    match *method {
        Method::GET | Method::HEAD => Some(Verb::Get),
        Method::POST => Some(Verb::Post),
        Method::DELETE => Some(Verb::Delete),
        _ => None,
    }
}

/// The ids of a path that a template takes.
fn ids(template: &str, path: &str) -> Option<Vec<String>> {
    let mut ids = Vec::new();
    let mut given = path.split('/');
    for wanted in template.split('/') {
        let given = given.next()?;
        if wanted.starts_with('{') {
            if given.is_empty() {
                return None;
            }
            ids.push(decoded(given));
        } else if wanted != given {
            return None;
        }
    }
    given.next().is_none().then_some(ids)
}

/// A segment as it was meant; one that is no text names nothing.
fn decoded(segment: &str) -> String {
    if !segment.contains('%') {
        return segment.to_owned();
    }
    match onfile_wire::form::parse(format!("a={}", segment.replace('+', "%2B")).as_bytes()) {
        Ok(form) => match form.get("a") {
            Some(onfile_wire::form::Value::Text(text)) => text.clone(),
            Some(_) | None => segment.to_owned(),
        },
        Err(_) => segment.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(method: Method, path: &str, expected: &str) {
        let found = match find(&method, path) {
            Found::Route(route, ids) => format!("{} {}", route.template, ids.join(" ")),
            Found::WrongMethod => "wrong method".to_owned(),
            Found::Ours(path) => format!("at {path}"),
            Found::Unbuilt => "unbuilt".to_owned(),
            Found::Nothing => "nothing".to_owned(),
        };
        assert_eq!(found.trim(), expected, "{method} {path}");
    }

    #[test]
    fn paths() {
        check(Method::GET, "/v1/customers", "/v1/customers");
        check(Method::GET, "/v1/customers/search", "/v1/customers/search");
        check(Method::GET, "/v1/customers/cus_1", "/v1/customers/{id} cus_1");
        check(Method::GET, "/v1/customers/%41", "/v1/customers/{id} A");
        check(Method::GET, "/v1/customers/", "nothing");
        check(Method::POST, "/v1/charges", "/v1/charges");
        check(Method::PUT, "/v1/customers", "wrong method");
        check(Method::DELETE, "/v1/charges/ch_1", "wrong method");
        check(Method::POST, "/v1/disputes", "unbuilt");
        check(Method::POST, "/v1/payment_intents/pi_1/apply_customer_balance", "unbuilt");
        check(Method::GET, "/v1/foo", "nothing");
        check(Method::GET, "/v1/deliveries", "at /onfile/v1/deliveries");
        let roll = "/v1/webhook_endpoints/we_1/roll_secret";
        check(Method::POST, roll, "at /onfile/v1/webhook_endpoints/we_1/roll_secret");
        check(Method::GET, roll, "unbuilt");
        check(Method::POST, "/v1/test/clock", "at /onfile/v1/test/clock");
        check(Method::GET, "/v2/deliveries", "nothing");
        check(Method::GET, "/", "nothing");
    }
}
