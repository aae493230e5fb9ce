//! Shows what a program prints while it prints it, and counts from its lines.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::counts::Counts;

/// A line that parts one runner's output from the next one's.
pub(super) fn heading(text: &str) {
    println!("\n==== {text}");
}

/// Runs `command` to its end, passing its output on. A program that fails without naming a failed
/// test (it did not compile, or broke off) counts as one failure; so does one that ran no test.
pub(super) fn run(mut command: Command, line: fn(&str) -> Counts) -> Result<Counts> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("starting {name}"))?;
    let mut counts = Counts::default();
    if let Some(output) = child.stdout.take() {
        let mut reader = BufReader::new(output);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).context("reading a runner's output")? > 0 {
            let text = String::from_utf8_lossy(&bytes);
            print!("{text}");
            counts.add(line(text.trim_end()));
            bytes.clear();
        }
    }
    let status = child.wait().with_context(|| format!("waiting for {name}"))?;
    if !status.success() && counts.failed == 0 {
        println!("{name} ended with {status} and named no failed test: counted as one");
        counts.failed = 1;
    }
    if counts.passed == 0 && counts.failed == 0 {
        println!("{name} ran no test: counted as one failure");
        counts.failed = 1;
    }
    Ok(counts)
}
