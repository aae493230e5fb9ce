//! Measures the server against ceilings of the same run, and writes `docs/benchmarks.md`.
//!
//! Windows of what is compared alternate, and the median of the paired ratios counts: a disk or a
//! neighbour that changes its mood changes both sides. No test asserts a figure.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

mod adjusting;
mod charges;
mod deliveries;
mod growth;
mod http;
mod page;
mod process;
mod rival;
mod shopper;
mod sink;
mod start;

/// What is measured, where, and for how long.
struct Bench {
    root: PathBuf,
    target: PathBuf,
    /// The measured server.
    onfile: PathBuf,
    /// Where its data folders are made, and removed again.
    scratch: PathBuf,
    window: Duration,
    rounds: usize,
    /// How many saved cards the large world of P5 and P6 has.
    cards: u64,
}

/// One figure of `docs/benchmarks.md`.
struct Figure {
    row: &'static str,
    what: String,
    value: String,
    at_least: &'static str,
    aim: &'static str,
}

const USAGE: &str = "\
usage: cargo xtask bench [--only P1,P2,P3,P4,P5,P6,P7,A1]
             [--seconds N] [--rounds N] [--cards N] [--write]

Prints the figures; with --write they replace those in docs/benchmarks.md.
";

/// What measures a row of the table.
type Measure = fn(&Bench) -> Result<Vec<Figure>>;

struct Plan {
    only: Vec<String>,
    seconds: u64,
    rounds: usize,
    cards: u64,
    write: bool,
}

impl Plan {
    fn parse(arguments: &[String]) -> Result<Plan> {
        let mut plan =
            Plan { only: Vec::new(), seconds: 8, rounds: 5, cards: 1_000_000, write: false };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().with_context(|| format!("{word} wants a value"));
            match word.as_str() {
                "--only" => plan.only = value()?.split(',').map(str::to_owned).collect(),
                "--seconds" => plan.seconds = value()?.parse().context("--seconds")?,
                "--rounds" => plan.rounds = value()?.parse().context("--rounds")?,
                "--cards" => plan.cards = value()?.parse().context("--cards")?,
                "--write" => plan.write = true,
                _ => bail!("{USAGE}"),
            }
        }
        Ok(plan)
    }

    fn wants(&self, row: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|wanted| wanted == row)
    }
}

/// Runs what `arguments` ask for.
///
/// # Errors
/// When something could not be built, started or asked.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<ExitCode> {
    let plan = Plan::parse(arguments)?;
    let target = match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root.join(folder),
        None => root.join("target"),
    };
    let bench = Bench {
        root: root.to_path_buf(),
        onfile: target.join("dist/onfile"),
        scratch: target.join("bench"),
        target,
        window: Duration::from_secs(plan.seconds),
        rounds: plan.rounds,
        cards: plan.cards,
    };
    bench.build()?;
    let mut figures = Vec::new();
    let rows: [(&str, Measure); 8] = [
        ("P1", charges::against_sqlite),
        ("P2", charges::against_hello),
        ("P3", rival::localstripe),
        ("P4", deliveries::open_loop),
        ("P5", growth::cards),
        ("P6", start::times),
        ("P7", deliveries::to_sinks),
        ("A1", adjusting::orders),
    ];
    for (row, measure) in rows {
        if plan.wants(row) {
            eprintln!("measuring {row}");
            let measured = measure(&bench).with_context(|| format!("measuring {row}"))?;
            measured.iter().for_each(|figure| println!("{}", page::line(figure)));
            figures.extend(measured);
        }
    }
    if plan.write {
        page::write(&bench, &figures)?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Bench {
    fn build(&self) -> Result<()> {
        let dist = ["--profile", "dist"];
        self.cargo(&["build", "--package", "onfile"], &dist)?;
        self.cargo(&["build", "--package", "onfile-server", "--example", "hello"], &dist)?;
        self.cargo(&["build", "--package", "onfile-store", "--example", "raw_rows"], &dist)?;
        self.cargo(&["build", "--package", "onfile-store", "--example", "written"], &dist)
    }

    fn cargo(&self, words: &[&str], more: &[&str]) -> Result<()> {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        let done = cargo.args(words).args(more).current_dir(&self.root).status();
        if !done.context("running cargo")?.success() {
            bail!("cargo {} failed", words.join(" "));
        }
        Ok(())
    }

    /// An empty folder for a server's data.
    fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.scratch.join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).context("emptying a scratch folder")?;
        }
        std::fs::create_dir_all(&folder).context("making a scratch folder")?;
        Ok(folder)
    }

    fn example(&self, name: &str) -> PathBuf {
        self.target.join("dist/examples").join(name)
    }
}

/// The middle of some numbers.
fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures the wall's time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let plan = Plan::parse(&words("--only P1,P6 --seconds 3")).unwrap();
        assert!(plan.wants("P1") && plan.wants("P6") && !plan.wants("P2"));
        assert_eq!((plan.seconds, plan.write), (3, false));
        assert!(Plan::parse(&words("--seconds")).is_err());
        assert!(Plan::parse(&words("--only P1 now")).is_err());
    }

    #[test]
    fn the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert!(median(Vec::new()).is_nan());
    }
}
