//! `onfile tour`: plays the flows against a running server, or one that it starts itself and ends
//! again, and narrates each step: the request, the rules that fired, the outcome.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, anyhow};

mod client;
mod narrator;
mod story;

use client::Client;
use narrator::Narrator;

/// What the tour is told.
#[derive(Debug, clap::Args)]
pub(crate) struct Tour {
    /// A running server, e.g. http://127.0.0.1:12111; without it one is started that forgets.
    #[arg(long, env = "ONFILE_BASE_URL")]
    base_url: Option<String>,
}

impl Tour {
    /// Plays everything that exists.
    ///
    /// # Errors
    /// When the server can't be reached, or doesn't answer as the story goes.
    pub(crate) fn run(&self, out: &mut dyn Write) -> Result<()> {
        let (base_url, _server) = match &self.base_url {
            Some(url) => (url.clone(), None),
            None => {
                let (url, server) = Started::start()?;
                (url, Some(server))
            }
        };
        // A world of its own for each tour, so that it always begins with nothing.
        let mut name = [0; 8];
        getrandom::fill(&mut name).map_err(|error| anyhow!("no random bytes: {error}"))?;
        let name: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
        let client = |country: &str| Client::new(&base_url, format!("sk_test_tour{country}{name}"));
        let mut narrator = Narrator::new(out, &base_url);
        story::play(&mut narrator, &client("US")?, &client("DE")?)
    }
}

/// A server of our own; ended when dropped.
struct Started(Child);

impl Started {
    fn start() -> Result<(String, Started)> {
        let program = std::env::current_exe().context("finding this program")?;
        let mut child = Command::new(program)
            .args(["serve", "--ephemeral", "--port", "0", "--print-json"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("starting a server")?;
        let output = child.stdout.take().context("the server has no standard output")?;
        let started = Started(child);
        let mut lines = BufReader::new(output);
        let mut line = String::new();
        lines.read_line(&mut line).context("reading what the server printed")?;
        let said: serde_json::Value =
            serde_json::from_str(&line).with_context(|| format!("the server said {line:?}"))?;
        let url = said["base_url"].as_str().context("the server named no address")?;
        Ok((url.to_owned(), started))
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // It may have ended by itself: then there is nothing to end.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
