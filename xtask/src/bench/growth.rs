//! P5: whether a charge and a list cost the same with many saved cards as with few.

use anyhow::Result;

use super::http::{request, window};
use super::process::{KEY, Process};
use super::shopper::{Shopper, shoppers};
use super::{Bench, Figure, median};

const FEW: u64 = 1_000;
/// Connections while the world is filled.
const FILLING: usize = 64;
/// One connection while it is measured: what counts is what an answer costs, not a queue.
const MEASURING: usize = 1;

/// The folder of the large world, which P6 starts from.
pub(super) const LARGE: &str = "p5-large";

/// P5.
pub(super) fn cards(bench: &Bench) -> Result<Vec<Figure>> {
    let small = World::fill(bench, "p5-small", FEW)?;
    let large = World::fill(bench, LARGE, bench.cards)?;
    let (mut charges, mut lists) = (Vec::new(), Vec::new());
    for round in 0..bench.rounds {
        let [few, many] = [&small, &large].map(|world| world.measure(bench, round));
        let ((few_charge, few_list), (many_charge, many_list)) = (few?, many?);
        charges.push((many_charge / few_charge, few_charge, many_charge));
        lists.push((many_list / few_list, few_list, many_list));
    }
    let figure = |what: &str, rows: Vec<(f64, f64, f64)>| Figure {
        row: "P5",
        what: format!(
            "p50 of {what}, {} saved cards ({:.2} ms) ÷ {FEW} ({:.2} ms)",
            bench.cards,
            median(rows.iter().map(|row| row.2).collect()),
            median(rows.iter().map(|row| row.1).collect())
        ),
        value: format!("{:.2}", median(rows.iter().map(|row| row.0).collect())),
        at_least: "1.25",
        aim: "1.10",
    };
    Ok(vec![figure("a charge", charges), figure("a first list page", lists)])
}

struct World {
    server: Process,
    shoppers: Vec<Shopper>,
}

impl World {
    fn fill(bench: &Bench, name: &str, cards: u64) -> Result<World> {
        let server = Process::onfile(&bench.onfile, &bench.folder(name)?.join("data"))?;
        // Half before and half after, so that the measured ones lie in the middle.
        save(&server, cards / 2)?;
        let shoppers = shoppers(&server, 64)?;
        save(&server, cards - cards / 2)?;
        Ok(World { server, shoppers })
    }

    /// Milliseconds of the middle charge and of the middle list page.
    fn measure(&self, bench: &Bench, round: usize) -> Result<(f64, f64)> {
        let of = |number: u64| &self.shoppers[number as usize % self.shoppers.len()];
        let address = self.server.address;
        let charged = window(address, MEASURING, bench.window, |number| {
            of(number).charge(&format!("p5-{round}-{number}"))
        })?;
        let listed = window(address, MEASURING, bench.window, |number| of(number).list())?;
        Ok((charged.p50, listed.p50))
    }
}

/// Saves so many cards, each with a customer of its own.
fn save(server: &Process, cards: u64) -> Result<()> {
    let left = std::sync::atomic::AtomicU64::new(cards);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..FILLING)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    let mut connection = super::http::Connection::open(server.address)?;
                    let form = "payment_method=pm_card_visa";
                    let bytes = request("POST", "/v1/customers", KEY, "", form);
                    let take = |left: u64| left.checked_sub(1);
                    let order = std::sync::atomic::Ordering::Relaxed;
                    while left.fetch_update(order, order, take).is_ok() {
                        let answer = connection.ask(&bytes)?;
                        anyhow::ensure!(answer.status == 200, "saving a card: {}", answer.status);
                    }
                    Ok(())
                })
            })
            .collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().map_err(|_| anyhow::anyhow!("a client panicked"))?
        })
    })
}
