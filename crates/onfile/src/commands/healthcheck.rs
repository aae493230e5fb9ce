//! `onfile healthcheck`: whether a running server answers, as containers ask.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// Whom to ask.
#[derive(Debug, clap::Args)]
pub(crate) struct Healthcheck {
    /// The server's port on this machine.
    #[arg(long, default_value_t = 12_111, env = "ONFILE_PORT")]
    port: u16,
}

const PATIENCE: Duration = Duration::from_secs(5);

impl Healthcheck {
    /// Asks once.
    ///
    /// # Errors
    /// When nobody answers, or the answer is not 200.
    pub(crate) fn run(&self) -> Result<()> {
        let address = SocketAddr::from(([127, 0, 0, 1], self.port));
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)
            .with_context(|| format!("no server answers on {address}"))?;
        stream.set_read_timeout(Some(PATIENCE)).context("setting a time limit")?;
        let request =
            format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).context("sending the question")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).context("reading the answer")?;
        match answer.lines().next() {
            Some(line) if line.contains(" 200 ") => Ok(()),
            line => bail!("the server is not ready: {}", line.unwrap_or("no answer")),
        }
    }
}
