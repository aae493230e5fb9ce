//! The programs that are measured: started, asked what they used, ended by their handles.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::http::{Connection, request};
use super::now;

/// A running program that listens on loopback; ended when dropped.
pub(super) struct Process {
    child: Child,
    pub(super) address: SocketAddr,
}

/// Ticks of `/proc/<pid>/stat` a second: what Linux has used on every machine for decades.
const TICKS: f64 = 100.0;

impl Process {
    /// Starts a program whose first line on standard output is JSON with a `base_url`.
    pub(super) fn start(mut command: Command) -> Result<Process> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().with_context(|| format!("starting {command:?}"))?;
        let output = child.stdout.take().context("no standard output")?;
        let mut lines = BufReader::new(output);
        let mut line = String::new();
        lines.read_line(&mut line).context("reading what the program printed")?;
        let said: serde_json::Value =
            serde_json::from_str(&line).with_context(|| format!("it printed {line:?}"))?;
        let url = said["base_url"].as_str().context("it printed no base_url")?;
        let address = url.trim_start_matches("http://").trim_end_matches('/').parse()?;
        // The rest must be read, or the program would wait for it.
        std::thread::spawn(move || lines.lines().for_each(drop));
        Ok(Process { child, address })
    }

    /// The server, durable in `folder`, with nothing in its way that protects a laptop's disk.
    pub(super) fn onfile(program: &Path, folder: &Path) -> Result<Process> {
        std::fs::create_dir_all(folder).context("making a data folder")?;
        let mut command = Command::new(program);
        command
            .args(["serve", "--port", "0", "--print-json", "--data-dir"])
            .arg(folder)
            .env("ONFILE_MASTER_KEY_FILE", folder.join("../master.key"))
            .env("ONFILE_ROWS_PER_WORLD", "1000000000")
            .env("ONFILE_LOG", "warn");
        Process::start(command)
    }

    /// Waits until the program takes connections on `address`.
    pub(super) fn listening(mut command: Command, address: SocketAddr) -> Result<Process> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().with_context(|| format!("starting {command:?}"))?;
        let process = Process { child, address };
        let begun = now();
        while std::net::TcpStream::connect(address).is_err() {
            if begun.elapsed() > Duration::from_secs(20) {
                bail!("{command:?} does not listen");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(process)
    }

    /// Asks once; the answer's JSON.
    pub(super) fn ask(&self, method: &str, path: &str, form: &str) -> Result<serde_json::Value> {
        let mut connection = Connection::open(self.address)?;
        let answer = connection.ask(&request(method, path, KEY, "", form))?;
        let json = serde_json::from_slice(answer.body).context("an answer that is no JSON")?;
        if answer.status != 200 {
            bail!("{method} {path}: {} {json}", answer.status);
        }
        Ok(json)
    }

    /// Seconds of processor time so far, in user and in system mode.
    pub(super) fn cpu(&self) -> Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let fields: Vec<&str> =
            stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok());
        let (user, system) = ticks(11).zip(ticks(12)).context("/proc/…/stat has other fields")?;
        Ok((user + system) / TICKS)
    }

    /// Bytes that it has caused to be written to the disk.
    pub(super) fn written(&self) -> Result<f64> {
        let io = std::fs::read_to_string(format!("/proc/{}/io", self.child.id()))?;
        let line = io.lines().find_map(|line| line.strip_prefix("write_bytes:"));
        let bytes = line.and_then(|text| text.trim().parse::<f64>().ok());
        bytes.context("/proc/…/io has no write_bytes")
    }

    /// Anonymous memory in MiB.
    pub(super) fn memory(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with("RssAnon:"));
        let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
        Ok(kib.context("/proc/…/status has no RssAnon")? / 1_024.0)
    }

    /// Ends it without a chance to tidy up.
    pub(super) fn kill(mut self) -> Result<()> {
        self.child.kill().context("ending a program")?;
        self.child.wait().context("ending a program")?;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself: then there is nothing to end.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The world that is measured.
pub(super) const KEY: &str = "sk_test_bench";
