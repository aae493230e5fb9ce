//! Starts the server that the suites talk to, and ends it: that one process, by its handle.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};

use super::counts::Counts;

/// How long a debug server may take to listen.
const START: Duration = Duration::from_secs(60);

/// A running `onfile serve --ephemeral`; ended when dropped.
pub(super) struct Server {
    child: Child,
    /// Where it listens: loopback, a port of its own choice.
    pub(super) address: SocketAddr,
}

impl Server {
    /// Starts `program` and waits until it says where it listens. What it logs goes to `log`.
    pub(super) fn start(program: &Path, log: &Path) -> Result<Server> {
        let log = File::create(log).context("making the server's log")?;
        let mut child = Command::new(program)
            .args(["serve", "--ephemeral", "--port", "0", "--print-json"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        let said = first_line(&mut child);
        let mut server = Server { child, address: SocketAddr::from(([127, 0, 0, 1], 0)) };
        server.address = address(&said?)?;
        Ok(server)
    }

    /// Whether it still runs: nothing that a suite sends may end it.
    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself: then there is nothing to end.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The first line on the server's standard output; the rest is read and dropped, or it would block.
fn first_line(child: &mut Child) -> Result<String> {
    let output = child.stdout.take().context("the server has no standard output")?;
    let (say, said) = mpsc::channel();
    std::thread::spawn(move || {
        let mut lines = BufReader::new(output).lines();
        let _ = say.send(lines.next());
        lines.for_each(drop);
    });
    match said.recv_timeout(START) {
        Ok(Some(line)) => line.context("reading what the server printed"),
        Ok(None) => Err(anyhow!("the server ended without a word: see its log")),
        Err(_) => Err(anyhow!("the server said nothing for {} s", START.as_secs())),
    }
}

fn address(line: &str) -> Result<SocketAddr> {
    let said: serde_json::Value =
        serde_json::from_str(line).with_context(|| format!("the server printed {line:?}"))?;
    let url = said["base_url"].as_str().context("the server printed no base_url")?;
    let address = url.trim_start_matches("http://").trim_end_matches('/');
    address.parse().with_context(|| format!("the server listens on {url:?}"))
}

/// A line at level `ERROR`, a panic or a card number in the server's log is a failure of the run.
pub(super) fn look_at_log(log: &Path) -> Result<Counts> {
    let text = String::from_utf8_lossy(&std::fs::read(log).context("reading the server's log")?)
        .into_owned();
    let bad: Vec<&str> = text.lines().filter(|line| is_bad(line)).collect();
    for line in bad.iter().take(20) {
        println!("server log: {line}");
    }
    let failed = u64::try_from(bad.len()).context("counting log lines")?;
    Ok(Counts { passed: u64::from(failed == 0), failed })
}

fn is_bad(line: &str) -> bool {
    line.contains("ERROR") || line.contains("panicked at") || holds_card_number(line)
}

/// Whether a run of 14 to 19 digits begins as test cards do and has the check digit of a card.
fn holds_card_number(line: &str) -> bool {
    let heads = [
        "4000", "4100", "4242", "5555", "2223", "5200", "5105", "3782", "3714", "6011", "3056",
        "3622", "6555", "3566", "3530", "6200", "6205",
    ];
    // Numbers are also written in groups: 4242 4242 …, 4242-4242-….
    let closed = line.replace([' ', '-'], "");
    [line, &closed].into_iter().flat_map(digits).any(|run| {
        (14..=19).contains(&run.len())
            && heads.iter().any(|head| run.starts_with(head))
            && has_check_digit(run)
    })
}

fn digits(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_digit())
}

fn has_check_digit(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            match place % 2 {
                0 => digit,
                _ if digit > 4 => digit * 2 - 9,
                _ => digit * 2,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_lines() {
        assert!(is_bad("2026-11-24 ERROR store: disk is gone"));
        assert!(is_bad("thread 'x' panicked at src/a.rs:1:1"));
        assert!(is_bad("paid with 4242424242424242 today"));
        assert!(is_bad("paid with 4242 4242-4242 4242 today"));
        assert!(!is_bad("paid with 4242424242424241 today"));
        assert!(!is_bad("request.id=req_4242 status=200 at=1785715226000"));
    }

    #[test]
    fn where_it_listens() {
        let line = r#"{"base_url":"http://127.0.0.1:4711","secret_key":"sk_test_x"}"#;
        assert_eq!(address(line).unwrap(), SocketAddr::from(([127, 0, 0, 1], 4711)));
        assert!(address("listening").is_err());
    }
}
