//! `onfile listen`: events at an app on this machine, with nothing registered. It does what
//! `stripe listen` does, over the same protocol, so the app needs neither a webhook endpoint nor
//! Stripe's command line.
//!
//! Events are forwarded one after the other, in the order in which they happened. What the app
//! answers is shown, and nothing is sent twice.

use std::io::Write;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use onfile_domain::event::is_meant;
use onfile_server::tls::Tls;
use onfile_wire::params::event_type::{self, Amiss};
use tokio::sync::mpsc;

mod address;
mod forward;
mod line;
mod session;
mod socket;

use super::serve::told_to_stop;
use address::{Address, Scheme};
use forward::Forward;
use line::Line;
use session::{Begin, Session, Trouble};
use socket::{End, Heard};

/// What is listened to, and where it goes.
#[derive(Debug, clap::Args)]
pub(crate) struct Listen {
    /// Where events go: http://127.0.0.1:3000/hook, localhost:3000/hook, or a port; https:// too.
    /// Without it they are only shown.
    #[arg(long, short = 'f', value_name = "URL", env = "ONFILE_FORWARD_TO")]
    forward_to: Option<String>,
    /// Takes any certificate of an app on https.
    #[arg(long, env = "ONFILE_SKIP_VERIFY")]
    skip_verify: bool,
    /// The server that is listened to.
    #[arg(long, default_value = "http://127.0.0.1:12111", env = "ONFILE_BASE_URL")]
    base_url: String,
    /// Whose events: the secret key of a test world.
    #[arg(long, default_value = "sk_test_myshop", env = "ONFILE_API_KEY", hide_env_values = true)]
    api_key: String,
    /// Only events of these types: customer.created,charge.* for example.
    #[arg(long, short = 'e', value_name = "TYPES", value_delimiter = ',', env = "ONFILE_EVENTS")]
    events: Vec<String>,
    /// Events in the latest API version in place of the account's.
    #[arg(long, env = "ONFILE_LATEST")]
    latest: bool,
    /// Seconds that the app may take to answer.
    #[arg(long, default_value_t = 30, value_name = "SECONDS", env = "ONFILE_TIMEOUT")]
    timeout: u64,
    /// Each device has a secret of its own, the same each time [default: this machine's name].
    #[arg(long, value_name = "NAME", env = "ONFILE_DEVICE_NAME")]
    device_name: Option<String>,
    /// Prints the secret that events are signed with, and ends.
    #[arg(long, env = "ONFILE_PRINT_SECRET")]
    print_secret: bool,
    /// Prints a JSON object a line: first the secret, then each event with what the app answered.
    #[arg(long, env = "ONFILE_PRINT_JSON")]
    print_json: bool,
}

/// How long to wait before the next try, where the server is away.
const PAUSE: Duration = Duration::from_secs(1);
/// Events that wait for the app. One that is further behind is not there.
const BEHIND: usize = 10_000;
/// Lines that wait to be written.
const LINES: usize = 100;

impl Listen {
    /// Listens until it is interrupted.
    ///
    /// # Errors
    /// When the server refuses, or an address is none. A server that is away is waited for.
    pub(crate) fn run(&self, out: &mut dyn Write) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("starting the runtime")?;
        runtime.block_on(self.listen(out))
    }

    async fn listen(&self, out: &mut dyn Write) -> Result<()> {
        let forward_to = self.forward_to.as_deref().map(Address::parse).transpose();
        let forward_to = forward_to.context("--forward-to")?;
        for name in &self.events {
            match event_type::look(name, |it| is_meant(name, it)) {
                Ok(()) => {}
                Err(Amiss::NotSent) => eprintln!("note: {}", Amiss::NotSent.message(name)),
                Err(amiss) => bail!("--events: {}", amiss.message(name)),
            }
        }
        let begin = Begin::new(&self.base_url, &self.api_key, self.device_name.as_deref())?;
        let stop = told_to_stop()?;
        if self.print_secret {
            let session = begin.session().await.map_err(Trouble::into_error)?;
            return writeln!(out, "{}", session.secret).context("printing the secret");
        }
        let (say, mut lines) = mpsc::channel(LINES);
        let (pass_on, events) = mpsc::channel(BEHIND);
        let timeout = Duration::from_secs(self.timeout.max(1));
        let tls = self.tls(forward_to.as_ref())?;
        let forward = Forward { to: forward_to, tls, timeout };
        let work = async {
            tokio::select! {
                done = self.hear(&begin, &say, &pass_on) => done,
                () = forward.run(events, &say) => Ok(()),
            }
        };
        tokio::pin!(work, stop);
        loop {
            tokio::select! {
                biased;
                Some(line) = lines.recv() => line.write(out, self.print_json)?,
                done = &mut work => return done,
                () = &mut stop => return Ok(()),
            }
        }
    }

    /// TLS, where the app wants it.
    fn tls(&self, to: Option<&Address>) -> Result<Option<Tls>> {
        let made = match (to.map(|to| to.scheme), self.skip_verify) {
            (None | Some(Scheme::Http), _) => return Ok(None),
            (Some(Scheme::Https), true) => Tls::dangerous_trusting_anyone(),
            (Some(Scheme::Https), false) => Tls::trusting(&[]),
        };
        made.map(Some).context("beginning TLS")
    }

    /// Hears, and connects again whenever the server was away.
    async fn hear(
        &self,
        begin: &Begin,
        say: &mpsc::Sender<Line>,
        pass_on: &mpsc::Sender<Heard>,
    ) -> Result<()> {
        let mut known: Option<Session> = None;
        let mut is_away = false;
        let (mut last, mut has_listened, mut has_missed) = (None, false, false);
        loop {
            let begun = match known.take() {
                Some(session) => Ok(session),
                None => begin.session().await,
            };
            let why = match begun {
                Err(Trouble::Refused(error)) => return Err(error),
                Err(Trouble::Away(error)) => error,
                Ok(session) => match socket::connect(&session).await {
                    Ok(Some(mut socket)) => {
                        is_away = false;
                        say.send(self.ready(&session.secret)).await?;
                        if std::mem::take(&mut has_missed) {
                            say.send(Line::Missed(last.clone())).await?;
                        }
                        has_listened = true;
                        let wants = |heard: &Heard| {
                            last = Some(heard.id.clone());
                            self.wants(heard)
                        };
                        let end = socket.hear(wants, pass_on).await;
                        known = Some(session);
                        match end {
                            End::Lost(error) => error,
                            End::Behind => bail!(
                                "the app is {BEHIND} events behind\nhint: see why it takes so \
                                 long to answer"
                            ),
                        }
                    }
                    // The next session is a new one: it is told what happens from then on.
                    Ok(None) => {
                        has_missed = has_listened;
                        continue;
                    }
                    Err(error) => {
                        known = Some(session);
                        error
                    }
                },
            };
            if !is_away {
                is_away = true;
                say.send(Line::Away(format!("{why:#}"))).await?;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn ready(&self, secret: &str) -> Line {
        Line::Ready {
            base_url: self.base_url.clone(),
            forward_to: self.forward_to.clone(),
            secret: secret.to_owned(),
        }
    }

    /// Whether an event was asked for, in this version of it.
    fn wants(&self, heard: &Heard) -> bool {
        let is_named = self.events.iter().any(|name| is_meant(name, &heard.event_type));
        heard.is_latest == self.latest && (self.events.is_empty() || is_named)
    }
}
