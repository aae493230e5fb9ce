//! P1, P1b and P2: charges, reads and replays against what the disk and the socket can do.

use std::process::Command;

use anyhow::{Context, Result};

use super::http::{request, window};
use super::process::Process;
use super::shopper::{Shopper, shoppers};
use super::{Bench, Figure, median};

/// Connections that ask at once.
const CONNECTIONS: usize = 64;
/// Customers whose cards are charged in turn.
const SHOPPERS: usize = 64;

/// A running server with customers.
struct Shop {
    server: Process,
    shoppers: Vec<Shopper>,
}

impl Shop {
    fn open(bench: &Bench, name: &str) -> Result<Shop> {
        let server = Process::onfile(&bench.onfile, &bench.folder(name)?.join("data"))?;
        let shoppers = shoppers(&server, SHOPPERS)?;
        Ok(Shop { server, shoppers })
    }

    fn of(&self, number: u64) -> &Shopper {
        &self.shoppers[number as usize % self.shoppers.len()]
    }
}

/// P1 and P1b.
pub(super) fn against_sqlite(bench: &Bench) -> Result<Vec<Figure>> {
    let shop = Shop::open(bench, "p1")?;
    let (mut ratios, mut ours, mut theirs, mut p50, mut p99, mut cpu) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for round in 0..bench.rounds {
        let before = shop.server.cpu()?;
        let make = |number: u64| shop.of(number).charge(&format!("p1-{round}-{number}"));
        let charged = window(shop.server.address, CONNECTIONS, bench.window, make)?;
        let used = shop.server.cpu()? - before;
        let rows = raw_rows(bench)?;
        cpu.push(used * 1e6 / (charged.per_second * bench.window.as_secs_f64()));
        ratios.push(charged.per_second / rows);
        ours.push(charged.per_second);
        theirs.push(rows);
        p50.push(charged.p50);
        p99.push(charged.p99);
    }
    let what = format!(
        "durable off-session charges/s over {CONNECTIONS} connections ({:.0}/s, p50 {:.1} ms, p99 \
         {:.1} ms) ÷ SQLite alone inserting the same rows in batches of 32 ({:.0}/s)",
        median(ours),
        median(p50),
        median(p99),
        median(theirs)
    );
    Ok(vec![
        Figure {
            row: "P1",
            what,
            value: format!("{:.2}", median(ratios)),
            at_least: "0.25",
            aim: "0.40",
        },
        Figure {
            row: "P1b",
            what: "server CPU per charge, user and system".to_owned(),
            value: format!("{:.0} µs", median(cpu)),
            at_least: "350 µs",
            aim: "220 µs",
        },
    ])
}

/// Charges' worth of rows a second, inserted by SQLite alone into a copy of the server's tables.
fn raw_rows(bench: &Bench) -> Result<f64> {
    let output = Command::new(bench.example("raw_rows"))
        .arg(bench.scratch.join("p1/data"))
        .arg(bench.folder("raw")?)
        .arg(bench.window.as_secs().to_string())
        .output()
        .context("running raw_rows")?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().with_context(|| {
        format!("raw_rows said {text:?} {}", String::from_utf8_lossy(&output.stderr))
    })
}

/// P2.
pub(super) fn against_hello(bench: &Bench) -> Result<Vec<Figure>> {
    let shop = Shop::open(bench, "p2")?;
    let hello = Process::start(Command::new(bench.example("hello")))?;
    let bytes = request("GET", "/", "none", "", "");
    let replay = shop.of(0).charge("p2-replayed");
    window(shop.server.address, 1, std::time::Duration::from_millis(50), |_| replay.clone())?;
    let mut rates: [Vec<f64>; 4] = Default::default();
    for round in 0..bench.rounds {
        let ask = |address, make: &(dyn Fn(u64) -> Vec<u8> + Sync)| {
            window(address, CONNECTIONS, bench.window, make).map(|window| window.per_second)
        };
        let ours = shop.server.address;
        rates[0].push(ask(hello.address, &|_| bytes.clone())?);
        rates[1].push(ask(ours, &|n| shop.of(n).charge(&format!("p2-{round}-{n}")))?);
        rates[2].push(ask(ours, &|n| shop.of(n).read())?);
        rates[3].push(ask(ours, &|_| replay.clone())?);
    }
    let [hello, charges, reads, replays] = rates;
    let figure = |what: &str, mine: Vec<f64>, at_least, aim| {
        let ratios = mine.iter().zip(&hello).map(|(mine, hello)| mine / hello).collect();
        Figure {
            row: "P2",
            what: format!(
                "{what}/s ({:.0}) ÷ hello-world HTTP ({:.0}/s)",
                median(mine.clone()),
                median(hello.clone())
            ),
            value: format!("{:.3}", median(ratios)),
            at_least,
            aim,
        }
    };
    Ok(vec![
        figure("charges", charges, "0.04", "0.06"),
        figure("reads of a saved card", reads, "0.30", "0.45"),
        figure("idempotent replays", replays, "0.30", "0.45"),
    ])
}
