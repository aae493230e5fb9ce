//! A1 to A3: what an order's change costs, beside the plain charge that it is made of.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::http::{Each, each, request, window};
use super::process::{KEY, Process};
use super::shopper::{Shopper, shoppers};
use super::{Bench, Figure, median};

/// Connections that ask at once.
const CONNECTIONS: usize = 64;
/// Customers whose orders change in turn.
const SHOPPERS: usize = 64;
/// How many are counted, one after the other, for A3.
const COUNTED: u64 = 500;

/// A running server with customers.
struct Shop {
    server: Process,
    shoppers: Vec<Shopper>,
}

impl Shop {
    fn charge(&self, name: &str, number: u64) -> Vec<u8> {
        let shopper = &self.shoppers[number as usize % self.shoppers.len()];
        shopper.charge(&format!("{name}-{number}"))
    }

    /// So many orders, paid off-session.
    fn orders(&self, name: &str, count: u64) -> Result<Vec<String>> {
        each(self.server.address, CONNECTIONS, count, |number| self.charge(name, number))?.ids()
    }

    /// Sends one request for each order.
    fn for_each(&self, orders: &[String], make: impl Fn(&str) -> Vec<u8> + Sync) -> Result<Each> {
        let count = orders.len() as u64;
        each(self.server.address, CONNECTIONS, count, |number| make(&orders[number as usize]))
    }
}

/// The difference of an order that costs 5.00 more.
fn adjust(order: &str) -> Vec<u8> {
    let form = format!("payment_intent={order}&amount=1599");
    request("POST", "/onfile/v1/adjustments", KEY, &format!("adjust-{order}"), &form)
}

/// Half of an order's money back.
fn refund(order: &str) -> Vec<u8> {
    let form = format!("payment_intent={order}&amount=550");
    request("POST", "/v1/refunds", KEY, &format!("refund-{order}"), &form)
}

/// A1, A2 and A3.
pub(super) fn orders(bench: &Bench) -> Result<Vec<Figure>> {
    let data = bench.folder("a1")?.join("data");
    let server = Process::onfile(&bench.onfile, &data)?;
    let shoppers = shoppers(&server, SHOPPERS)?;
    let shop = Shop { server, shoppers };
    let (mut ratios, mut charges, mut adjustments, mut refunds) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut p50, mut p99) = (Vec::new(), Vec::new());
    for round in 0..bench.rounds {
        let make = |number| shop.charge(&format!("a1-{round}"), number);
        let charged = window(shop.server.address, CONNECTIONS, bench.window, make)?;
        let count = (charged.per_second * bench.window.as_secs_f64()) as u64;
        let orders = shop.orders(&format!("a1-orders-{round}"), count)?;
        let adjusted = shop.for_each(&orders, adjust)?.window;
        let refunded = shop.for_each(&orders, refund)?.window;
        ratios.push(adjusted.per_second / charged.per_second);
        charges.push(charged.per_second);
        adjustments.push(adjusted.per_second);
        refunds.push(refunded.per_second);
        p50.push(adjusted.p50);
        p99.push(adjusted.p99);
    }
    let mut figures = vec![
        figure(
            "A1",
            format!(
                "adjustments/s that charge a difference over {CONNECTIONS} connections ({:.0}/s, \
                 p50 {:.1} ms, p99 {:.1} ms) ÷ plain off-session charges ({:.0}/s)",
                median(adjustments),
                median(p50),
                median(p99),
                median(charges)
            ),
            format!("{:.2}", median(ratios)),
        ),
        figure(
            "A2",
            format!("durable refunds over {CONNECTIONS} connections"),
            format!("{:.0}/s", median(refunds)),
        ),
    ];
    figures.extend(counted(bench, &shop, &data)?);
    Ok(figures)
}

/// A3: one after the other, so that nothing else is in the counts.
fn counted(bench: &Bench, shop: &Shop, data: &Path) -> Result<[Figure; 2]> {
    let orders = shop.orders("a3", COUNTED)?;
    let address = shop.server.address;
    let cost = |what: &str, make: &(dyn Fn(u64) -> Vec<u8> + Sync)| -> Result<Figure> {
        settle();
        let before = written(bench, data)?.zip_with(shop.server.written()?);
        each(address, 1, COUNTED, make)?;
        settle();
        let after = written(bench, data)?.zip_with(shop.server.written()?);
        let per = |at: usize| (after[at] - before[at]) / COUNTED as f64;
        Ok(figure(
            "A3",
            format!("{what}: rows written, bytes that stay, bytes that went to the disk"),
            format!("{:.1}, {:.0}, {:.0}", per(0), per(1), per(2)),
        ))
    };
    Ok([
        cost("a plain off-session charge", &|number| shop.charge("a3-plain", number))?,
        cost("an adjustment that charges a difference", &|number| {
            adjust(&orders[number as usize])
        })?,
    ])
}

/// Lets what comes a moment later (`charge.updated`, checkpoints) come.
fn settle() {
    std::thread::sleep(std::time::Duration::from_secs(3));
}

/// Rows written so far, and the bytes of those that are there.
struct Written([f64; 2]);

impl Written {
    fn zip_with(self, disk: f64) -> [f64; 3] {
        [self.0[0], self.0[1], disk]
    }
}

fn written(bench: &Bench, data: &Path) -> Result<Written> {
    let output = Command::new(bench.example("written")).arg(data).output();
    let output = output.context("running written")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let numbers: [f64; 2] = numbers.try_into().ok().with_context(|| {
        format!("written said {text:?} {}", String::from_utf8_lossy(&output.stderr))
    })?;
    Ok(Written(numbers))
}

/// No aim was set for these.
fn figure(row: &'static str, what: String, value: String) -> Figure {
    Figure { row, what, value, at_least: "", aim: "" }
}
