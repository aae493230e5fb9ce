//! P6: how soon a server answers after it was started, and what memory it keeps.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::http::window;
use super::process::Process;
use super::shopper::shoppers;
use super::{Bench, Figure, growth, median, now};

/// P6.
pub(super) fn times(bench: &Bench) -> Result<Vec<Figure>> {
    let large = bench.scratch.join(growth::LARGE).join("data");
    ensure!(large.exists(), "P6 starts from the world that P5 fills: measure both");
    let (mut empty, mut full, mut killed) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..bench.rounds {
        empty.push(first_answer(bench, &bench.folder(&format!("p6-{round}"))?.join("data"))?.0);
        let (took, server) = first_answer(bench, &large)?;
        full.push(took);
        let shoppers = shoppers(&server, 8)?;
        let make = |n: u64| shoppers[n as usize % 8].charge(&format!("p6-{round}-{n}"));
        window(server.address, 16, Duration::from_secs(2), make)?;
        server.kill()?;
        killed.push(first_answer(bench, &large)?.0);
    }
    let server = Process::onfile(&bench.onfile, &bench.folder("p6-memory")?.join("data"))?;
    server.ask("GET", "/healthz", "")?;
    let idle = server.memory()?;
    let shoppers = shoppers(&server, 64)?;
    let make = |n: u64| shoppers[n as usize % 64].charge(&format!("p6-{n}"));
    window(server.address, 64, bench.window, make)?;
    let busy = server.memory()?;
    let figure = |what: String, value: String, at_least, aim| Figure {
        row: "P6",
        what,
        value,
        at_least,
        aim,
    };
    let spawn = |what: &str| format!("spawn to first answer, {what}");
    let cards = bench.cards;
    Ok(vec![
        figure(spawn("empty"), milliseconds(empty), "60 ms", "15 ms"),
        figure(spawn(&format!("{cards} saved cards")), milliseconds(full), "150 ms", "50 ms"),
        figure(spawn("the same after a kill under load"), milliseconds(killed), "500 ms", "200 ms"),
        figure("anonymous memory, idle".to_owned(), format!("{idle:.0} MiB"), "20 MiB", "12 MiB"),
        figure(
            "anonymous memory under 64 connections".to_owned(),
            format!("{busy:.0} MiB"),
            "80 MiB",
            "50 MiB",
        ),
    ])
}

fn milliseconds(times: Vec<f64>) -> String {
    format!("{:.0} ms", median(times))
}

/// Milliseconds from spawning the program until it has answered.
fn first_answer(bench: &Bench, data: &Path) -> Result<(f64, Process)> {
    let begun = now();
    let server = Process::onfile(&bench.onfile, data)?;
    server.ask("GET", "/healthz", "")?;
    Ok((begun.elapsed().as_secs_f64() * 1_000.0, server))
}
