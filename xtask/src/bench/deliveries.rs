//! P4 and P7: charges while their events are sent, and how fast events can be sent.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::http::{Connection, each, request, window};
use super::process::{KEY, Process};
use super::shopper::{Shopper, shoppers};
use super::sink::{Sink, object_of};
use super::{Bench, Figure, median, now};

/// Connections that an open load is sent over: enough that none of it waits for a free one.
const CONNECTIONS: usize = 128;
/// Customers whose cards are charged in turn.
const SHOPPERS: usize = 64;
/// Milliseconds that 99 of 100 answers must stay under.
const P99: f64 = 50.0;
/// How long the rate that is found must be borne, in windows of the probes: a minute of the usual
/// eight seconds.
const CONFIRMED: f64 = 7.5;
/// What is left of a rate that was not borne, for the next try.
const LESS: f64 = 0.9;
/// Halvings of the span that the rate lies in.
const STEPS: usize = 7;
/// So long nothing comes to a sink that has everything.
const SILENCE: Duration = Duration::from_millis(500);
/// Endpoints that one event goes to.
const ENDPOINTS: usize = 10;
/// Events a second of a window that deliveries are measured over: each makes ten.
const EVENTS_A_SECOND: u64 = 700;

fn endpoint(server: &Process, sink: SocketAddr, event: &str) -> Result<()> {
    let form = format!("url={}&enabled_events[]={event}", Sink::url(sink));
    server.ask("POST", "/v1/webhook_endpoints", &form).map(drop)
}

/// What an open load came to.
struct Borne {
    p99: f64,
    /// When each payment was answered.
    answered: Vec<(String, Instant)>,
}

/// P4: the greatest rate at which payments that come when they come are answered in time.
pub(super) fn open_loop(bench: &Bench) -> Result<Vec<Figure>> {
    let server = Process::onfile(&bench.onfile, &bench.folder("p4")?.join("data"))?;
    let shoppers = shoppers(&server, SHOPPERS)?;
    let sink = Sink::start(true)?;
    endpoint(&server, sink.address, "payment_intent.succeeded")?;
    let of = |number: u64| &shoppers[number as usize % SHOPPERS];
    let make = |number: u64| of(number).charge(&format!("p4-closed-{number}"));
    let most = window(server.address, 64, bench.window, make)?.per_second;
    let (mut low, mut high) = (0.0, most * 1.1);
    for step in 0..STEPS {
        let rate = (low + high) / 2.0;
        sink.rest(SILENCE);
        let borne = bear(&server, &shoppers, rate, bench.window, &format!("p4-{step}"))?;
        if borne.p99 <= P99 { low = rate } else { high = rate }
    }
    let length = bench.window.mul_f64(CONFIRMED);
    let mut rate = low;
    for again in 0..12 {
        sink.rest(SILENCE);
        let borne = bear(&server, &shoppers, rate, length, &format!("p4-long-{again}"))?;
        if borne.p99 > P99 {
            eprintln!("{rate:.0}/s: p99 {:.1} ms", borne.p99);
            rate *= LESS;
            continue;
        }
        // What is behind comes too, and counts as late as it is.
        sink.rest(SILENCE);
        let first = sink.first();
        let mut waits: Vec<f64> = borne
            .answered
            .iter()
            .filter_map(|(id, answered)| {
                let came = first.get(id)?;
                Some(came.saturating_duration_since(*answered).as_secs_f64() * 1_000.0)
            })
            .collect();
        waits.sort_by(f64::total_cmp);
        if waits.len() < borne.answered.len() {
            bail!("{} of {} payments were told of", waits.len(), borne.answered.len());
        }
        let at = waits.get((waits.len().saturating_sub(1)) * 99 / 100).copied();
        return Ok(vec![Figure {
            row: "P4",
            what: format!(
                "charges/s of an open load for {} s, one endpoint subscribed to \
                 `payment_intent.succeeded`, p99 ≤ {P99} ms ({:.1} ms; closed loop {most:.0}/s; \
                 from the answer to the first byte at the sink p99 {:.1} ms)",
                length.as_secs(),
                borne.p99,
                at.unwrap_or(f64::NAN)
            ),
            value: format!("{rate:.0}/s"),
            at_least: "2,284/s",
            aim: "3,317/s",
        }]);
    }
    bail!("no rate was borne for {} s", length.as_secs())
}

/// Sends charges at a rate, whatever becomes of those before; times count from when each was due.
fn bear(
    server: &Process,
    shoppers: &[Shopper],
    rate: f64,
    length: Duration,
    name: &str,
) -> Result<Borne> {
    let count = (rate * length.as_secs_f64()) as u64;
    let next = AtomicU64::new(0);
    let taken = Mutex::new((Vec::new(), Vec::new()));
    let begun = now();
    let ask_all = || -> Result<()> {
        let mut connection = Connection::open(server.address)?;
        let (mut times, mut answered) = (Vec::new(), Vec::new());
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                break;
            }
            let bytes =
                shoppers[number as usize % shoppers.len()].charge(&format!("{name}-{number}"));
            let due = begun + Duration::from_secs_f64(number as f64 / rate);
            std::thread::sleep(due.saturating_duration_since(now()));
            let answer = connection.ask(&bytes)?;
            if answer.status != 200 {
                bail!("{}: {}", answer.status, String::from_utf8_lossy(answer.body));
            }
            times.push(due.elapsed().as_secs_f64() * 1_000.0);
            answered.extend(object_of(answer.body).map(|id| (id, now())));
        }
        let mut all = taken.lock().map_err(|_| anyhow::anyhow!("a client panicked"))?;
        all.0.extend(times);
        all.1.extend(answered);
        Ok(())
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(ask_all)).collect();
        for worker in workers {
            worker.join().map_err(|_| anyhow::anyhow!("a client panicked"))??;
        }
        Ok::<_, anyhow::Error>(())
    })?;
    let (mut times, answered) = taken.into_inner().context("a client panicked")?;
    times.sort_by(f64::total_cmp);
    let p99 = times.get(times.len().saturating_sub(1) * 99 / 100).copied().unwrap_or(f64::MAX);
    Ok(Borne { p99, answered })
}

/// P7: deliveries a second, and what is left of them where one of ten endpoints hangs.
pub(super) fn to_sinks(bench: &Bench) -> Result<Vec<Figure>> {
    let (mut whole, mut kept) = (Vec::new(), Vec::new());
    for round in 0..bench.rounds {
        let all = deliver(bench, &format!("p7-{round}"), ENDPOINTS, 0)?;
        let rest = deliver(bench, &format!("p7-hang-{round}"), ENDPOINTS - 1, 1)?;
        whole.push(all);
        // Each endpoint's own rate, where all are well and where one hangs.
        kept.push((rest / (ENDPOINTS - 1) as f64) / (all / ENDPOINTS as f64));
    }
    Ok(vec![
        Figure {
            row: "P7",
            what: format!(
                "signed durable webhook deliveries/s to a loopback sink, {ENDPOINTS} endpoints, \
                 while the events happen"
            ),
            value: format!("{:.0}/s", median(whole)),
            at_least: "2,500/s",
            aim: "6,000/s",
        },
        Figure {
            row: "P7",
            what: format!("share that the others keep with 1 of {ENDPOINTS} endpoints hanging"),
            value: format!("{:.2}", median(kept)),
            at_least: "0.9",
            aim: "0.98",
        },
    ])
}

/// Deliveries a second to endpoints that are well, from the first event to the last delivery.
fn deliver(bench: &Bench, name: &str, well: usize, hanging: usize) -> Result<f64> {
    let server = Process::onfile(&bench.onfile, &bench.folder(name)?.join("data"))?;
    let sink = Sink::start(false)?;
    for _ in 0..well {
        endpoint(&server, sink.address, "customer.created")?;
    }
    for _ in 0..hanging {
        endpoint(&server, Sink::hanging()?, "customer.created")?;
    }
    let events = EVENTS_A_SECOND * bench.window.as_secs();
    let make = |number: u64| {
        let form = format!("name=Jenny+{number}&email=jenny%40example.com");
        request("POST", "/v1/customers", KEY, &format!("{name}-{number}"), &form)
    };
    let begun = now();
    each(server.address, 16, events, make)?;
    sink.wait(events * well as u64)?;
    Ok((events * well as u64) as f64 / begun.elapsed().as_secs_f64())
}
