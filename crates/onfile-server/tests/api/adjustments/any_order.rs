//! Any number of adjustments, in any order, between captures and confirms: the order ends with
//! exactly the last total taken. By chance from seeds; the store's own checker looks at everything
//! after each sequence.
//!
//! `ONFILE_ADJUSTMENTS=first..last` plays other seeds than CI's (`cargo xtask proof adjustments`).

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::app::{Road, until};
use crate::bank::Mood;
use crate::client::Client;

/// What CI plays.
const SEEDS: Range<u64> = 0..60;
/// How many sequences one server plays, each in a world of its own.
const WORLDS: u64 = 20;
/// How many servers play at once.
const SERVERS: usize = 4;

/// Repeatable chance.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, count: u64) -> u64 {
        self.roll() % count
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
}

/// An order under way, with what it must come to.
struct Order<'a> {
    client: Client,
    app: &'a TestApp,
    dice: Dice,
    id: String,
    /// The last total that was planned.
    total: i64,
    /// What was done, for whoever reads a failure.
    story: Vec<String>,
}

#[test]
fn any_number_in_any_order_ends_with_the_last_total() {
    let seeds = std::env::var("ONFILE_ADJUSTMENTS").ok().map(|text| {
        let (first, last) = text.split_once("..").expect("first..last");
        first.parse().expect("a number")..last.parse().expect("a number")
    });
    let seeds = seeds.unwrap_or(SEEDS);
    let (next, adjusted) = (AtomicU64::new(seeds.start), AtomicU64::new(0));
    let play_all = || {
        loop {
            let first = next.fetch_add(WORLDS, Ordering::Relaxed);
            if first >= seeds.end {
                return;
            }
            // One in four servers has a wire to its banks, which may decline.
            let road = if first / WORLDS % 4 == 3 { Road::Remote } else { Road::Local };
            let app = TestApp::start(road);
            for seed in first..seeds.end.min(first + WORLDS) {
                adjusted.fetch_add(play(&app, seed), Ordering::Relaxed);
                app.check();
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..SERVERS {
            scope.spawn(play_all);
        }
    });
    eprintln!("{} sequences, {} adjustments", seeds.end - seeds.start, adjusted.into_inner());
}

/// Plays one sequence; says how many adjustments it planned.
fn play(app: &TestApp, seed: u64) -> u64 {
    let client = app.with_key(&format!("sk_test_any{seed}"));
    let mut order = Order::begin(app, client, Dice(seed));
    let mut planned = 0;
    for _ in 0..1 + order.dice.below(8) {
        match order.dice.below(10) {
            0 => order.capture_one(),
            1 => order.pay(),
            _ => planned += u64::from(order.adjust()),
        }
    }
    order.end();
    planned
}

impl<'a> Order<'a> {
    fn begin(app: &'a TestApp, client: Client, mut dice: Dice) -> Order<'a> {
        let total = 50 + dice.below(5_000) as i64;
        let amount = total.to_string();
        let customer = id(&client.made("/v1/customers", &[]));
        let mut form = vec![
            ("amount", amount.as_str()),
            ("currency", "usd"),
            ("customer", customer.as_str()),
            ("setup_future_usage", "off_session"),
            ("payment_method", dice.one(&["pm_card_visa", "pm_card_mastercard", "pm_card_amex"])),
        ];
        let kind = dice.below(5);
        if kind > 0 {
            form.push(("confirm", "true"));
        }
        if kind > 2 {
            form.push(("capture_method", "manual"));
        }
        if kind == 4 {
            let asked = "payment_method_options[card][request_incremental_authorization]";
            form.push((asked, "if_available"));
        }
        let made = client.made("/v1/payment_intents", &form);
        let story = vec![format!("seed {}: {form:?}", dice.0)];
        Order { client, app, dice, id: id(&made), total, story }
    }

    /// Asks for a new total; whether one was planned.
    fn adjust(&mut self) -> bool {
        let wanted = match self.dice.below(8) {
            0 => 0,
            1 => self.total,
            2 => self.dice.below(60) as i64,
            3 => (self.total + self.dice.below(120) as i64 - 60).max(0),
            _ => self.dice.below(9_000) as i64,
        };
        let declines = self.app.road() == Road::Remote && self.dice.below(4) == 0;
        self.app.bank.set(if declines { Mood::Declines } else { Mood::Answers });
        let before = self.money();
        let amount = wanted.to_string();
        let form = [("payment_intent", self.id.as_str()), ("amount", &amount)];
        let answer = self.client.post(PATH, &form);
        self.app.bank.set(Mood::Answers);
        self.story.push(format!("{wanted}: {} {}", answer.status, answer.text()));
        let it = answer.json();
        match answer.status {
            200 => {
                let [authorized, captured, refunded, owed] = totals(&it);
                // A raise that the bank refused, of less than may be charged by itself, leaves
                // the order where it stood: there is nothing that the customer could complete.
                let ends = it["status"] == "declined" && it["payment_intents"][0].is_null();
                let stands = if ends { it["previous_amount"].as_i64() } else { Some(wanted) };
                let stands = stands.expect("an amount");
                assert_eq!(authorized + captured - refunded + owed, stands, "{}", self.told());
                if it["status"] == "succeeded" && it["road"] != "update" && !self.is_open() {
                    assert_eq!(owed, 0, "{}", self.told());
                }
                self.total = stands;
                true
            }
            400 => {
                assert_eq!(self.money(), before, "{}", self.told());
                false
            }
            _ => panic!("{}", self.told()),
        }
    }

    /// Takes one of the order's holds, as a call of its own.
    fn capture_one(&mut self) {
        let held = self.payments("requires_capture");
        if !held.is_empty() {
            let one = self.dice.one(&held.iter().collect::<Vec<_>>());
            self.story.push(format!("captures {one}"));
            self.client.made(&format!("/v1/payment_intents/{one}/capture"), &[]);
        }
    }

    /// The customer pays what is open.
    fn pay(&mut self) {
        for status in ["requires_confirmation", "requires_payment_method"] {
            for open in self.payments(status) {
                self.story.push(format!("pays {open}"));
                let form = [("payment_method", "pm_card_mastercard")];
                let path = format!("/v1/payment_intents/{open}/confirm");
                // A first payment keeps the card that it was made with, and saves it.
                let form = if status == "requires_confirmation" { &[][..] } else { &form[..] };
                self.client.made(&path, form);
            }
        }
    }

    fn end(&mut self) {
        self.pay();
        for held in self.payments("requires_capture") {
            self.client.made(&format!("/v1/payment_intents/{held}/capture"), &[]);
        }
        let [authorized, captured, refunded] = self.money();
        assert_eq!(authorized, 0, "{}", self.told());
        assert_eq!(captured - refunded, self.total, "{}", self.told());
        until("the network was told", || self.app.owed() == 0);
    }

    fn is_open(&self) -> bool {
        !["requires_confirmation", "requires_payment_method"]
            .map(|status| self.payments(status))
            .concat()
            .is_empty()
    }

    fn all(&self) -> Vec<Value> {
        let list = self.client.got("/v1/payment_intents?limit=100&expand[]=data.latest_charge");
        list["data"].as_array().expect("a list").clone()
    }

    fn payments(&self, status: &str) -> Vec<String> {
        self.all().iter().filter(|intent| intent["status"] == status).map(id).collect()
    }

    /// Held, taken, given back: from the world's payments, not from what adjustments say.
    fn money(&self) -> [i64; 3] {
        let mut sum = [0; 3];
        for intent in self.all() {
            let charge = &intent["latest_charge"];
            let number = |value: &Value| value.as_i64().unwrap_or(0);
            sum[0] += number(&intent["amount_capturable"]);
            sum[1] += number(&charge["amount_captured"]);
            sum[2] += number(&charge["amount_refunded"]);
        }
        sum
    }

    fn told(&self) -> String {
        self.story.join("\n")
    }
}
