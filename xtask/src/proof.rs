//! What takes longer than CI may: the same tests with many more seeds, in release, batch by batch.
//! Each batch that passed is a line in `docs/proof/`, and the next run goes on behind the last.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

const USAGE: &str = "usage: cargo xtask proof adjustments [--sequences N]";
/// Seeds in one run of the test: what a broken-off proof loses.
const BATCH: u64 = 5_000;

/// Plays sequences until so many have passed, those of earlier runs included.
///
/// # Errors
/// When a sequence fails, or the page can't be written.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<ExitCode> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let wanted: u64 = match words.as_slice() {
        ["adjustments"] => 100_000,
        ["adjustments", "--sequences", count] => count.parse().context("--sequences")?,
        _ => bail!("{USAGE}"),
    };
    let page = Page { path: root.join("docs/proof/adjustments.md") };
    let mut done = page.done()?;
    while done < wanted {
        let seeds = done..wanted.min(done + BATCH);
        eprintln!("seeds {}..{}", seeds.start, seeds.end);
        let begun = crate::bench::now();
        let said = play(root, &seeds)?;
        page.append(&seeds, &said, begun.elapsed().as_secs())?;
        done = seeds.end;
    }
    Ok(ExitCode::SUCCESS)
}

/// Plays the sequences of some seeds; what the test says of them.
fn play(root: &Path, seeds: &Range<u64>) -> Result<String> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let output = cargo
        .args(["test", "--quiet", "--release", "--package", "onfile-server", "--test", "api"])
        .args(["adjustments::any_order", "--", "--nocapture"])
        .env("ONFILE_ADJUSTMENTS", format!("{}..{}", seeds.start, seeds.end))
        .current_dir(root)
        .output()
        .context("running cargo")?;
    // What a test says of itself goes to stderr; what became of it, to stdout.
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("{}{text}", String::from_utf8_lossy(&output.stdout));
    }
    let line = text.lines().find(|line| line.contains(" sequences, "));
    line.map(str::to_owned).with_context(|| format!("the test says nothing of sequences: {text}"))
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

    fn append(&self, seeds: &Range<u64>, said: &str, seconds: u64) -> Result<()> {
        let mut text = std::fs::read_to_string(&self.path).context("reading the proof's page")?;
        writeln!(text, "| {}..{} | {said} | {seconds} s |", seeds.start, seeds.end)?;
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
        page.append(&(0..5_000), "5000 sequences, 17000 adjustments", 90).unwrap();
        page.append(&(5_000..6_000), "1000 sequences, 3400 adjustments", 20).unwrap();
        assert_eq!(page.done().unwrap(), 6_000);
        std::fs::remove_file(path).unwrap();
    }
}
