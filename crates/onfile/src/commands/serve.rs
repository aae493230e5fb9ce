//! `onfile serve`: opens what is kept, says where it listens, and serves until it is told to stop.

use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use onfile_domain::webhook_endpoint::{Network, Reach};
use onfile_server::disk::{DiskOf, FreeSpace, Unmeasured};
use onfile_server::page::PlainPage;
use onfile_server::surroundings::System;
use onfile_server::{App, Executor, Parts, Settings, limits};
use onfile_store::Store;

mod banner;
mod folders;
mod keys;

use banner::{Banner, Kept};

/// How to serve.
#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// Where everything is kept [default: $XDG_DATA_HOME/onfile, else ~/.local/share/onfile].
    #[arg(long, env = "ONFILE_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// The key that seals card numbers; made at the first run. It must lie outside the data folder
    /// [default: $XDG_CONFIG_HOME/onfile/master.key, else ~/.config/onfile/master.key].
    #[arg(long, env = "ONFILE_MASTER_KEY_FILE")]
    master_key_file: Option<PathBuf>,
    /// Keeps nothing: everything is gone when the server ends.
    #[arg(long, env = "ONFILE_EPHEMERAL", conflicts_with = "data_dir")]
    ephemeral: bool,
    /// The address to listen on. Other than loopback needs --test-only.
    #[arg(long, default_value = "127.0.0.1", env = "ONFILE_HOST")]
    host: IpAddr,
    /// The port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 12_111, env = "ONFILE_PORT")]
    port: u16,
    /// Another name that the server answers to, beside loopback's; may be repeated.
    #[arg(
        long = "allow-host",
        value_name = "NAME",
        env = "ONFILE_ALLOW_HOST",
        value_delimiter = ','
    )]
    hosts: Vec<String>,
    /// Open test worlds under any name, and no live keys at all: for containers in CI.
    #[arg(long, env = "ONFILE_TEST_ONLY")]
    test_only: bool,
    /// Prints what was started as one line of JSON.
    #[arg(long, env = "ONFILE_PRINT_JSON")]
    print_json: bool,
    /// Ends when its standard input does: what a test run started is gone with it, however that
    /// ends.
    #[arg(long, env = "ONFILE_UNTIL_STDIN_ENDS")]
    until_stdin_ends: bool,
    /// A network that events may be sent to, beside the internet: `10.1.0.0/16`; may be repeated.
    /// While the server listens on loopback only, test mode reaches every address nearby.
    #[arg(
        long = "allow-webhooks-to",
        value_name = "NETWORK",
        env = "ONFILE_ALLOW_WEBHOOKS_TO",
        value_delimiter = ','
    )]
    webhook_networks: Vec<Network>,
    /// Milliseconds that an endpoint may take to answer an event.
    #[arg(
        long,
        default_value_t = limits::DELIVERY.as_millis() as u64,
        env = "ONFILE_WEBHOOK_TIMEOUT_MS"
    )]
    webhook_timeout_ms: u64,
    /// Certificates, as PEM, that are trusted beside the system's when events are sent.
    #[arg(long, env = "ONFILE_WEBHOOK_CA_FILE")]
    webhook_ca_file: Option<PathBuf>,
    /// The most rows that one test world may have.
    #[arg(long, default_value_t = limits::ROWS, env = "ONFILE_ROWS_PER_WORLD")]
    rows_per_world: u64,
    /// Megabytes that must be free on the disk for a write.
    #[arg(
        long,
        default_value_t = limits::FREE_BYTES >> 20,
        value_parser = clap::value_parser!(u64).range(..=u64::MAX >> 20),
        env = "ONFILE_FREE_MEGABYTES"
    )]
    free_megabytes: u64,
    /// What is logged: error, warn, info, debug, or a list for parts of the program.
    #[arg(long, default_value = "info", env = "ONFILE_LOG")]
    log: String,
    /// Logs as JSON, one object a line.
    #[arg(long, env = "ONFILE_LOG_JSON")]
    log_json: bool,
}

impl Serve {
    /// Serves until a signal comes.
    ///
    /// # Errors
    /// When something kept can't be opened, or the address is taken.
    pub(crate) fn run(self, out: &mut dyn Write) -> Result<()> {
        if !self.host.is_loopback() && !self.test_only {
            bail!(
                "{} is not loopback: cards and keys would travel in the clear\n\
                 hint: --test-only, for test worlds in a container of your own",
                self.host
            );
        }
        self.log_to_stderr()?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .context("starting the runtime")?;
        runtime.block_on(self.serve(out))
    }

    async fn serve(self, out: &mut dyn Write) -> Result<()> {
        let (store, master, free_space, kept): (_, _, Box<dyn FreeSpace>, _) = if self.ephemeral {
            (Store::open_ephemeral()?, keys::forgotten()?, Box::new(Unmeasured), None)
        } else {
            let data = folders::data(self.data_dir.as_deref())?;
            let store = folders::open(&data)?;
            let master_key = folders::master_key(self.master_key_file.as_deref())?;
            let master = keys::master(&store, &master_key, &data).await?;
            let free_space = Box::new(DiskOf(data.clone()));
            (store, master, free_space, Some(Kept { data, master_key }))
        };
        let vault = keys::vault(&store, &master).await?;
        let delivery_roots = match &self.webhook_ca_file {
            Some(file) => std::fs::read(file)
                .with_context(|| format!("reading the certificates in {}", file.display()))?,
            None => Vec::new(),
        };
        let app = App::new(Parts {
            store,
            vault,
            executor: Executor::Local,
            authenticator: Box::new(PlainPage),
            surroundings: Box::new(System),
            settings: Settings {
                hosts: self.hosts.clone(),
                any_host: self.test_only && !self.host.is_loopback(),
                rows: self.rows_per_world,
                free_bytes: self.free_megabytes << 20,
                reach: Reach {
                    near: self.host.is_loopback(),
                    allowed: self.webhook_networks.clone(),
                },
                delivery: Duration::from_millis(self.webhook_timeout_ms.max(1)),
                delivery_roots,
                ..Settings::default()
            },
            free_space,
        });
        let app = Arc::new(app.await.context("reading the store")?);
        let finished = onfile_server::finish_what_was_cut_off(&app).await;
        finished.context("finishing what the last stop cut off")?;

        let asked = SocketAddr::new(self.host, self.port);
        let listener = tokio::net::TcpListener::bind(asked).await.with_context(|| {
            format!(
                "{asked} can't be listened on\n\
                 hint: another server may run there; --port 4242 takes another port, --port 0 any \
                 that is free"
            )
        })?;
        let address = listener.local_addr().context("asking for the address")?;
        // Before anybody hears of it: whoever does may tell it to stop at once.
        let told = told_to_stop()?;
        let alone = self.until_stdin_ends.then(stdin_ends).transpose()?;
        let stop = async move {
            match alone {
                None => told.await,
                Some(alone) => {
                    tokio::select! {
                        () = told => {}
                        _ = alone => {}
                    }
                }
            }
        };
        let banner = Banner { address, kept };
        out.write_all(banner.text(self.print_json).as_bytes()).context("saying where we listen")?;
        out.flush().context("saying where we listen")?;
        onfile_server::serve(app, listener, stop).await;
        Ok(())
    }

    fn log_to_stderr(&self) -> Result<()> {
        let filter = tracing_subscriber::EnvFilter::try_new(&self.log)
            .with_context(|| format!("--log {:?}", self.log))?;
        let builder =
            tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
        let done = match self.log_json {
            true => builder.json().try_init(),
            false => builder.with_ansi(false).try_init(),
        };
        done.map_err(anyhow::Error::msg)
    }
}

/// How long a standard input that doesn't wait is left alone before it is read again.
const STDIN_PAUSE: Duration = Duration::from_millis(100);

/// Ends when there is no more standard input: nobody is left who could write any. It is read by a
/// thread that nobody waits for, since a read can't be broken off.
fn stdin_ends() -> Result<tokio::sync::oneshot::Receiver<()>> {
    let (tell, told) = tokio::sync::oneshot::channel();
    let read = move || {
        let mut bytes = [0; 256];
        loop {
            match std::io::stdin().read(&mut bytes) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    std::thread::sleep(STDIN_PAUSE);
                }
                Err(_) => break,
            }
        }
        // Where nobody is told any more, the server ends already.
        tell.send(()).ok();
    };
    std::thread::Builder::new().name("stdin".to_owned()).spawn(read).context("reading stdin")?;
    Ok(told)
}

/// Ends when somebody interrupts or terminates the program.
pub(super) fn told_to_stop() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt()).context("listening for signals")?;
    let mut terminate = signal(SignalKind::terminate()).context("listening for signals")?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
