//! The laws of the road over a wire, over whatever is on it and whatever else is called meanwhile:
//! when all is told, the bank holds and took what our charges say, and no attempt is open.

use std::cell::RefCell;

use onfile_server::routes::{ROUTES, Verb};
use onfile_store::Options;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

use crate::app::{Road, TestApp, id, until};
use crate::bank::Mood;
use crate::client::{Answer, Call};
use crate::payments::pay;

/// What is put on the wire.
#[derive(Debug, Clone, Copy)]
enum Sent {
    /// A saved card is charged with nobody there.
    OffSession,
    /// An intent without a method, which falls to the customer's default.
    OnDefault,
    /// A payment with a card that is saved by it.
    Saving,
    /// A hold.
    Manual,
    /// A higher hold.
    Increment,
    /// A set-up with the saved card.
    SetUp,
    /// The check of an attach.
    Attach,
}

/// What is called while it is there.
#[derive(Debug, Clone)]
enum Meanwhile {
    Detach,
    DeleteCustomer,
    OtherDefault,
    ChangeCard,
    /// Another payment with the same number, which its bank declines for good.
    HardDecline,
    ChargeElsewhere,
    /// What the saved card paid is given back.
    Refund,
    /// The account is another country's.
    MoveAccount,
    /// An hour passes: keys live a day.
    MoveClock,
    /// Any other row of the API that writes, about whatever there is.
    Route(Index, Index),
}

/// What comes of it.
#[derive(Debug, Clone, Copy)]
enum End {
    Approved,
    /// A soft decline first, so that there are two messages.
    SteppedUp,
    /// Its answer is lost.
    Lost,
    /// The server dies while it is there.
    Dies,
}

fn sent() -> impl Strategy<Value = Sent> {
    use Sent::*;
    select(vec![OffSession, OnDefault, Saving, Manual, Increment, SetUp, Attach])
}

fn meanwhile() -> impl Strategy<Value = Meanwhile> {
    use Meanwhile::*;
    let named = vec![
        Detach,
        DeleteCustomer,
        OtherDefault,
        ChangeCard,
        HardDecline,
        ChargeElsewhere,
        Refund,
        MoveAccount,
        MoveClock,
    ];
    let route = (any::<Index>(), any::<Index>()).prop_map(|(row, of)| Route(row, of));
    prop_oneof![3 => select(named), 2 => route]
}

fn end() -> impl Strategy<Value = End> {
    use End::*;
    select(vec![Approved, Approved, SteppedUp, Lost, Dies])
}

/// A customer with two saved cards, the first of them the default; a third card is free.
struct Scene {
    app: TestApp,
    customer: String,
    first: String,
    second: String,
    free: String,
}

/// A plain Canadian card: what its bank declines counts.
const NUMBER: [(&str, &str); 4] = [
    ("payment_method_data[type]", "card"),
    ("payment_method_data[card][number]", "4000001241234566"),
    ("payment_method_data[card][exp_month]", "12"),
    ("payment_method_data[card][exp_year]", "2030"),
];

impl Scene {
    fn set() -> Scene {
        let mut app = TestApp::kept(Road::Remote, Options::default());
        app.die();
        app.be_patient();
        app.rise();
        let customer = app.customer();
        let mut form = vec![("customer", customer.as_str()), ("setup_future_usage", "off_session")];
        form.extend(NUMBER);
        let paid = pay(&app, &form).expect(200);
        let first = paid["payment_method"].as_str().expect("a method").to_owned();
        let second = app.card("tok_mastercard");
        app.made(&format!("/v1/payment_methods/{second}/attach"), &[("customer", &customer)]);
        let free = app.card("tok_visa");
        let scene = Scene { app, customer, first, second, free };
        scene.make_default(&scene.first);
        scene
    }

    fn make_default(&self, card: &str) -> Answer {
        let form = [("invoice_settings[default_payment_method]", card)];
        self.app.post(&format!("/v1/customers/{}", self.customer), &form)
    }

    /// The call, and how to send it again after a death.
    fn call(&self, sent: Sent) -> (String, Vec<(String, String)>) {
        let customer = ("customer", self.customer.as_str());
        let card = ("payment_method", self.first.as_str());
        let amount = [("amount", "700"), ("currency", "usd")];
        let confirm = ("confirm", "true");
        let (path, form) = match sent {
            Sent::OffSession => {
                let more = [customer, card, ("off_session", "true"), confirm];
                ("/v1/payment_intents".to_owned(), [&amount[..], &more].concat())
            }
            Sent::OnDefault => {
                let form = [&amount[..], &[customer]].concat();
                let intent = id(&self.app.made("/v1/payment_intents", &form));
                (format!("/v1/payment_intents/{intent}/confirm"), Vec::new())
            }
            Sent::Saving => {
                let card = ("payment_method", self.free.as_str());
                let more = [customer, card, ("setup_future_usage", "off_session"), confirm];
                ("/v1/payment_intents".to_owned(), [&amount[..], &more].concat())
            }
            Sent::Manual => {
                let more = [customer, card, ("capture_method", "manual"), confirm];
                ("/v1/payment_intents".to_owned(), [&amount[..], &more].concat())
            }
            Sent::Increment => {
                let wish = "payment_method_options[card][request_incremental_authorization]";
                let more =
                    [customer, card, ("capture_method", "manual"), confirm, (wish, "if_available")];
                let form = [&amount[..], &more].concat();
                let held = id(&self.app.made("/v1/payment_intents", &form));
                let path = format!("/v1/payment_intents/{held}/increment_authorization");
                (path, vec![("amount", "900")])
            }
            Sent::SetUp => ("/v1/setup_intents".to_owned(), vec![customer, card, confirm]),
            Sent::Attach => (format!("/v1/payment_methods/{}/attach", self.free), vec![customer]),
        };
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        (path, form.into_iter().map(owned).collect())
    }

    fn named(&self, (path, form): &(String, Vec<(String, String)>)) -> Call {
        let form: Vec<_> =
            form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.app.call("POST", path).form(&form).named("on the wire")
    }

    fn does(&self, what: &Meanwhile) -> Answer {
        let app = &self.app;
        match what {
            Meanwhile::Detach => {
                app.post(&format!("/v1/payment_methods/{}/detach", self.first), &[])
            }
            Meanwhile::DeleteCustomer => {
                app.call("DELETE", &format!("/v1/customers/{}", self.customer)).send()
            }
            Meanwhile::OtherDefault => self.make_default(&self.second),
            Meanwhile::ChangeCard => {
                let form = [("billing_details[name]", "Jenny Rosen"), ("card[exp_year]", "2031")];
                app.post(&format!("/v1/payment_methods/{}", self.first), &form)
            }
            Meanwhile::HardDecline => {
                app.bank.set(Mood::Closes);
                pay(app, &NUMBER)
            }
            Meanwhile::ChargeElsewhere => {
                app.bank.set(Mood::Passes);
                let card = [("customer", &*self.customer), ("payment_method", &*self.first)];
                pay(app, &card)
            }
            Meanwhile::Refund => {
                let charges = app.got("/v1/charges?limit=100");
                let oldest = charges["data"].as_array().and_then(|all| all.last()).map(id);
                let charge = oldest.expect("the card was saved by a charge");
                app.post("/v1/refunds", &[("charge", &charge), ("amount", "100")])
            }
            Meanwhile::MoveAccount => app.post("/onfile/v1/test/account", &[("country", "CA")]),
            Meanwhile::MoveClock => app.post("/onfile/v1/test/clock", &[("advance", "3600")]),
            Meanwhile::Route(row, of) => self.call_route(row, of),
        }
    }

    fn call_route(&self, row: &Index, of: &Index) -> Answer {
        let app = &self.app;
        app.bank.set(Mood::Passes);
        let writes = |route: &&onfile_server::routes::Route| match route.verb {
            Verb::Get => false,
            Verb::Post | Verb::Delete => !route.template.contains("{other}"),
        };
        let rows: Vec<_> = ROUTES.iter().filter(writes).collect();
        let route = rows[row.index(rows.len())];
        let noun = route.template.split("/{id}").next().unwrap_or_default();
        let mut path = route.template.to_owned();
        if route.template.contains("{id}") {
            let list = app.get(&format!("{noun}?limit=10"));
            let Some(known) = ids(&list, &self.first).filter(|known| !known.is_empty()) else {
                return list;
            };
            path = path.replace("{id}", &known[of.index(known.len())]);
        }
        let verb = if route.verb == Verb::Delete { "DELETE" } else { "POST" };
        app.call(verb, &path).send()
    }

    /// Whether everything came to its end, and agrees with the bank.
    fn judge(&self) {
        let app = &self.app;
        until("all is told", || app.owed() == 0 && app.open_attempts() == 0);
        app.check();
        // No mark stands that nobody would take away.
        for kind in ["payment_intents", "setup_intents"] {
            let list = app.got(&format!("/v1/{kind}?limit=20"));
            for intent in list["data"].as_array().expect("a list") {
                let path = format!("/v1/{kind}/{}", id(intent));
                let noted = app.post(&path, &[("metadata[seen]", "yes")]);
                assert_ne!(noted.status, 429, "{}", noted.text());
            }
        }
    }
}

/// The ids of a list; methods are listed by their customer only.
fn ids(list: &Answer, method: &str) -> Option<Vec<String>> {
    if list.status != 200 {
        return Some(vec![method.to_owned()]);
    }
    let json: Value = serde_json::from_slice(&list.body).ok()?;
    Some(json["data"].as_array()?.iter().map(id).collect())
}

fn is_no_fault(answer: &Answer) {
    assert!(answer.status < 500, "{}", answer.text());
}

/// Plays one case.
fn play(sent: Sent, meanwhile: &[Meanwhile], end: End) {
    let mut scene = Scene::set();
    let call = scene.call(sent);
    let before = scene.app.bank.authorized();
    if let End::SteppedUp = end {
        scene.app.bank.decline_next("1A");
    }
    scene.app.bank.set(Mood::Slow);
    let scene = RefCell::new(&mut scene);
    let first = scene.borrow().named(&call);
    let answer = std::thread::scope(|scope| {
        let wire = scope.spawn(move || first.try_send());
        {
            let scene = scene.borrow();
            // A soft decline of a check, or with nobody there, is the end of it.
            until("it is on the wire", || {
                scene.app.bank.is_holding()
                    || (wire.is_finished() && scene.app.bank.authorized() > before)
            });
            for what in meanwhile {
                is_no_fault(&scene.does(what));
            }
        }
        match end {
            End::Approved | End::SteppedUp => scene.borrow().app.bank.set(Mood::Answers),
            End::Lost => scene.borrow().app.bank.set(Mood::Drops),
            End::Dies => {
                scene.borrow_mut().app.die();
            }
        }
        wire.join().expect("it ends")
    });
    let scene = scene.into_inner();
    if let End::Dies = end {
        scene.app.bank.set(Mood::Answers);
        scene.app.rise();
    }
    scene.app.bank.set(Mood::Answers);
    let again = scene.named(&call).send();
    is_no_fault(&again);
    if let Some(answer) = answer {
        is_no_fault(&answer);
        assert_eq!(again.body, answer.body, "a name stands for one answer");
    }
    scene.judge();
}

/// Each is a server of its own, for a third of a second.
fn forty_cases() -> ProptestConfig {
    ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(forty_cases())]

    #[test]
    fn what_the_bank_holds_is_what_we_charged(
        sent in sent(),
        meanwhile in prop::collection::vec(meanwhile(), 1..4),
        end in end(),
    ) {
        play(sent, &meanwhile, end);
    }
}
