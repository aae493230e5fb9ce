//! P3: the same charges at localstripe, the local server that people use today.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::http::{request, window};
use super::process::{KEY, Process};
use super::shopper::shoppers;
use super::{Bench, Figure, median};

const CONNECTIONS: usize = 16;
/// Objects that are stored before the first window.
const STORED: usize = 1_000;
const RIVAL: &str = "localstripe==1.15.10";
const RIVAL_PORT: u16 = 12_181;

/// P3.
pub(super) fn localstripe(bench: &Bench) -> Result<Vec<Figure>> {
    let theirs = start(install(bench)?)?;
    let data = bench.folder("p3")?.join("data");
    let ours = Process::onfile(&bench.onfile, &data)?;
    let mut both = Vec::new();
    for server in [&theirs, &ours] {
        for _ in 0..STORED {
            server.ask("POST", "/v1/customers", "description=stored")?;
        }
        let customer = server.ask("POST", "/v1/customers", "description=payer")?;
        let card = "type=card&card[number]=4242424242424242&card[exp_month]=12&card[exp_year]=2040\
                    &card[cvc]=123";
        let method = server.ask("POST", "/v1/payment_methods", card)?;
        let (customer, method) = (text(&customer)?, text(&method)?);
        let form = format!("customer={customer}");
        server.ask("POST", &format!("/v1/payment_methods/{method}/attach"), &form)?;
        let form = format!(
            "amount=1099&currency=usd&customer={customer}&payment_method={method}\
             &off_session=true&confirm=true"
        );
        both.push(request("POST", "/v1/payment_intents", KEY, "", &form));
    }
    drop(shoppers(&ours, 1)?);
    let (mut ratios, mut mine, mut yours) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..bench.rounds {
        let slow = window(theirs.address, CONNECTIONS, bench.window, |_| both[0].clone())?;
        let fast = window(ours.address, CONNECTIONS, bench.window, |_| both[1].clone())?;
        ratios.push(fast.per_second / slow.per_second);
        mine.push(fast.per_second);
        yours.push(slow.per_second);
    }
    Ok(vec![Figure {
        row: "P3",
        what: format!(
            "charges/s ({:.0}) ÷ {RIVAL}'s ({:.0}/s) from {STORED} stored objects on, over \
             {CONNECTIONS} connections",
            median(mine),
            median(yours)
        ),
        value: format!("{:.0}×", median(ratios)),
        at_least: "200×",
        aim: "400×",
    }])
}

fn text(json: &serde_json::Value) -> Result<String> {
    json["id"].as_str().map(str::to_owned).with_context(|| format!("no id in {json}"))
}

/// The rival in an environment of its own, made once.
fn install(bench: &Bench) -> Result<PathBuf> {
    let folder = bench.target.join("venv-bench");
    let program = folder.join("bin/localstripe");
    if !program.exists() {
        let steps = [
            Command::new("python3").args(["-m", "venv"]).arg(&folder).status(),
            Command::new(folder.join("bin/python"))
                .args(["-m", "pip", "install", "--quiet", RIVAL])
                .status(),
        ];
        for step in steps {
            if !step.context("installing localstripe")?.success() {
                bail!("localstripe could not be installed");
            }
        }
    }
    Ok(program)
}

fn start(program: PathBuf) -> Result<Process> {
    let mut command = Command::new(program);
    command.args(["--port", &RIVAL_PORT.to_string(), "--from-scratch"]);
    Process::listening(command, SocketAddr::from(([127, 0, 0, 1], RIVAL_PORT)))
}
