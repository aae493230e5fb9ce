//! What takes longer than CI may: the same tests in release, with many more seeds, batch by batch,
//! or in one long run. What passed is a line in `docs/proof/`; where there are batches, the next
//! run goes on behind the last.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

const USAGE: &str = "\
usage: cargo xtask proof adjustments [--sequences N]
       cargo xtask proof deliveries [--events N]";
/// Seeds in one run of the test: what a broken-off proof loses.
const BATCH: u64 = 5_000;

/// Plays what was asked for.
///
/// # Errors
/// When the test fails, or the page can't be written.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<ExitCode> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["adjustments"] => adjustments(root, 100_000),
        ["adjustments", "--sequences", count] => {
            adjustments(root, count.parse().context("--sequences")?)
        }
        ["deliveries"] => deliveries(root, 100_000),
        ["deliveries", "--events", count] => deliveries(root, count.parse().context("--events")?),
        _ => bail!("{USAGE}"),
    }?;
    Ok(ExitCode::SUCCESS)
}

/// Plays sequences until so many have passed, those of earlier runs included.
fn adjustments(root: &Path, wanted: u64) -> Result<()> {
    let page = Page { path: root.join("docs/proof/adjustments.md") };
    let mut done = page.done()?;
    while done < wanted {
        let seeds = done..wanted.min(done + BATCH);
        eprintln!("seeds {}..{}", seeds.start, seeds.end);
        let (said, seconds) = Played {
            target: ["--package", "onfile-server", "--test", "api"],
            test: "adjustments::any_order",
            variable: ("ONFILE_ADJUSTMENTS", format!("{}..{}", seeds.start, seeds.end)),
            says: " sequences, ",
        }
        .play(root)?;
        page.append_seeds(&seeds, &said, seconds)?;
        done = seeds.end;
    }
    Ok(())
}

/// Has so many events happen, in one run.
fn deliveries(root: &Path, events: u64) -> Result<()> {
    let page = Page { path: root.join("docs/proof/deliveries.md") };
    let (said, seconds) = Played {
        target: ["--package", "onfile", "--test", "program"],
        test: "deliveries::sinks_that_fail_and_hang_lose_nothing",
        variable: ("ONFILE_EVENTS", events.to_string()),
        says: &format!("| {events} | "),
    }
    .play(root)?;
    page.append(&format!("{said} {seconds} s |"))
}

/// A test that says in one line what passed.
struct Played<'a> {
    target: [&'static str; 4],
    test: &'static str,
    /// How it is told how much to play.
    variable: (&'static str, String),
    /// What its line has and no other.
    says: &'a str,
}

impl Played<'_> {
    /// Plays it; what it says, and how many seconds it took.
    fn play(&self, root: &Path) -> Result<(String, u64)> {
        let built = self.cargo(root).arg("--no-run").status().context("running cargo")?;
        if !built.success() {
            bail!("the test does not build");
        }
        let begun = crate::bench::now();
        let mut played = self.cargo(root);
        played.args([self.test, "--", "--nocapture"]).env(self.variable.0, &self.variable.1);
        let output = played.output().context("running cargo")?;
        let seconds = begun.elapsed().as_secs();
        // What a test says of itself goes to stderr; what became of it, to stdout.
        let text = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            bail!("{}{text}", String::from_utf8_lossy(&output.stdout));
        }
        let line = text.lines().find(|line| line.contains(self.says)).map(str::to_owned);
        let line = line.with_context(|| format!("it says nothing of what passed: {text}"))?;
        Ok((line, seconds))
    }

    fn cargo(&self, root: &Path) -> Command {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["test", "--quiet", "--release"]).args(self.target).current_dir(root);
        cargo
    }
}

/// The page of a proof.
struct Page {
    path: PathBuf,
}

impl Page {
    /// How many seeds have passed: behind the last line's.
    fn done(&self) -> Result<u64> {
        let text = std::fs::read_to_string(&self.path).context("reading the proof's page")?;
        let seeds = |line: &str| Some(line.strip_prefix("| ")?.split_once("..")?.1.to_owned());
        let last = text.lines().rev().find_map(seeds);
        let Some(last) = last else { return Ok(0) };
        let end = last.split(' ').next().unwrap_or_default();
        end.parse().with_context(|| format!("{end:?} ends no seeds"))
    }

    fn append_seeds(&self, seeds: &Range<u64>, said: &str, seconds: u64) -> Result<()> {
        self.append(&format!("| {}..{} | {said} | {seconds} s |", seeds.start, seeds.end))
    }

    fn append(&self, line: &str) -> Result<()> {
        let mut text = std::fs::read_to_string(&self.path).context("reading the proof's page")?;
        writeln!(text, "{line}")?;
        std::fs::write(&self.path, text).context("writing the proof's page")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on_behind_the_last_line() {
        let path = std::env::temp_dir().join(format!("onfile-proof-{}.md", std::process::id()));
        let page = Page { path: path.clone() };
        std::fs::write(&path, "# A proof\n\n| seeds | passed | took |\n|---|---|---|\n").unwrap();
        assert_eq!(page.done().unwrap(), 0);
        page.append_seeds(&(0..5_000), "5000 sequences, 17000 adjustments", 90).unwrap();
        page.append_seeds(&(5_000..6_000), "1000 sequences, 3400 adjustments", 20).unwrap();
        assert_eq!(page.done().unwrap(), 6_000);
        std::fs::remove_file(path).unwrap();
    }
}
