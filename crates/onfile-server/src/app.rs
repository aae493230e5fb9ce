//! What every request shares.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use onfile_domain::account::{Account, Mode};
use onfile_domain::country::Country;
use onfile_domain::money::Currency;
use onfile_domain::object::Object;
use onfile_domain::time::WorldTime;
use onfile_network::acquirer::Acquirer;
use onfile_store::{Claim, KeyHash, Store, StoreError, WorldId};
use onfile_vault::Vault;
use onfile_wire::error::{ErrorType, WireError};
use onfile_wire::header::ApiKey;
use tokio::runtime::Handle;
use tokio::sync::{Notify, Semaphore};

use crate::config::Settings;
use crate::delivery::{Client, Connector, Deliveries};
use crate::disk::FreeSpace;
use crate::limits;
use crate::listening::Listeners;
use crate::page::Authenticator;
use crate::stop::Stop;
use crate::surroundings::Surroundings;
use crate::worlds::{World, Worlds};

/// The road to the issuers.
pub enum Executor {
    /// The banks are simulated here: their memory is in our own store, and everything is one
    /// commit.
    Local,
    /// There is a wire between: what is sent is written down before.
    Remote(Arc<dyn Acquirer>),
}

/// What the server is made of.
pub struct Parts {
    /// Where everything is kept.
    pub store: Store,
    /// Seals card numbers.
    pub vault: Vault,
    /// The road to the issuers.
    pub executor: Executor,
    /// What asks the customer to prove that they are there.
    pub authenticator: Box<dyn Authenticator>,
    /// Clock and generator.
    pub surroundings: Box<dyn Surroundings>,
    /// What can be set.
    pub settings: Settings,
    /// How much the disk has left.
    pub free_space: Box<dyn FreeSpace>,
}

/// The server's own state.
pub struct App {
    pub(crate) store: Arc<Store>,
    /// Those who read without an index, behind whoever came first.
    scans: Semaphore,
    pub(crate) vault: Vault,
    pub(crate) executor: Executor,
    pub(crate) authenticator: Box<dyn Authenticator>,
    pub(crate) surroundings: Box<dyn Surroundings>,
    pub(crate) settings: Settings,
    pub(crate) worlds: Worlds,
    /// Those who listen.
    pub(crate) listeners: Listeners,
    /// Nudges the worker of timers: something may be due sooner than it thinks.
    pub(crate) timers: Notify,
    /// Places for calls that wait for events.
    pub(crate) waiting: Semaphore,
    /// Sends them home: the server is about to end.
    pub(crate) leaving: Notify,
    /// Attempts that were sent and could not be booked.
    abandoned: Mutex<Vec<(WorldId, u64)>>,
    /// Calls that were moving a clock when the last process ended.
    cut_off_moves: Mutex<Vec<(WorldId, Claim)>>,
    /// What is being sent to endpoints.
    pub(crate) deliveries: Deliveries,
    /// Where this server listens.
    address: OnceLock<SocketAddr>,
    /// Nudges the worker that tells the network what is owed.
    pub(crate) owed: Notify,
    free_space: Box<dyn FreeSpace>,
    free_bytes: AtomicU64,
    measured_at: AtomicI64,
    /// Whether the disk could be asked the last time.
    disk_answers: AtomicBool,
}

impl App {
    /// Takes in what the store holds.
    ///
    /// # Errors
    /// When it can't be read.
    pub async fn new(parts: Parts) -> Result<App, StoreError> {
        let worlds = Worlds::new(parts.store.worlds().await?);
        for (world, row) in parts.store.endpoints(None).await? {
            if let (Some(world), Object::WebhookEndpoint(endpoint)) =
                (worlds.of_id(world), row.object)
            {
                world.learn(row.version, *endpoint);
            }
        }
        let settings = &parts.settings;
        let connector = Connector::new(settings.reach.clone(), settings.delivery_roots.clone());
        let client = Client::new(connector, settings.delivery);
        let deliveries = Deliveries::new(client, parts.store.failing().await?);
        Ok(App {
            store: Arc::new(parts.store),
            scans: Semaphore::new(limits::SCANS),
            vault: parts.vault,
            executor: parts.executor,
            authenticator: parts.authenticator,
            surroundings: parts.surroundings,
            settings: parts.settings,
            worlds,
            listeners: Listeners::default(),
            timers: Notify::new(),
            waiting: Semaphore::new(limits::WAITING),
            leaving: Notify::new(),
            deliveries,
            address: OnceLock::new(),
            owed: Notify::new(),
            abandoned: Mutex::new(Vec::new()),
            cut_off_moves: Mutex::new(Vec::new()),
            free_space: parts.free_space,
            free_bytes: AtomicU64::new(u64::MAX),
            measured_at: AtomicI64::new(i64::MIN),
            disk_answers: AtomicBool::new(true),
        })
    }

    /// What is kept, for whoever looks whether everything that must hold, holds.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Reads what no index finds, on a thread of its own: it may look at every row of a world, and
    /// nobody else's request waits behind it.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn scan<T, F>(
        &self,
        read: impl FnOnce(Arc<Store>) -> F + Send + 'static,
    ) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, StoreError>>,
    {
        let permit = self.scans.acquire().await;
        let (store, runtime) = (Arc::clone(&self.store), Handle::current());
        let reading = tokio::task::spawn_blocking(move || runtime.block_on(read(store)));
        let done = reading.await;
        drop(permit);
        Ok(done.map_err(Stop::panicked("a scan"))??)
    }

    /// Takes note of where this server listens.
    pub(crate) fn listens(&self, address: SocketAddr) {
        // Where there is a second listener, the first is as good.
        let _ = self.address.set(address);
    }

    /// This server as it can be reached by whoever reads an event: pages of challenges stand
    /// below it.
    pub(crate) fn base(&self) -> String {
        let address = self.address.get();
        let port = address.map_or(80, SocketAddr::port);
        match (self.settings.hosts.first(), address) {
            (Some(name), _) if name.contains(':') => format!("http://{name}"),
            (Some(name), _) => format!("http://{name}:{port}"),
            (None, Some(address)) if !address.ip().is_unspecified() => format!("http://{address}"),
            (None, _) => format!("http://127.0.0.1:{port}"),
        }
    }

    /// Waits until nothing is to be sent in a world: every delivery that was due was tried, and
    /// what became of it is written down. What failed waits for the world's clock. Whoever moves
    /// a clock and wants to see the end of it asks for this.
    pub async fn quiet(&self, world: WorldId) -> Result<(), StoreError> {
        self.deliveries.quiet(&self.store, world).await
    }

    /// Wakes what waits for a clock: call it when the clock of the surroundings was set.
    pub fn clock_was_set(&self) {
        self.timers.notify_one();
        self.owed.notify_one();
    }

    /// How many calls wait for events at this moment.
    pub fn waiting_calls(&self) -> usize {
        limits::WAITING - self.waiting.available_permits()
    }

    /// Leaves an attempt to the worker that finishes what was cut off.
    pub(crate) fn abandon(&self, world: WorldId, attempt: u64) {
        self.abandon_again(world, attempt);
        self.owed.notify_one();
    }

    /// The same, where the worker itself could not finish it: it comes back by itself.
    pub(crate) fn abandon_again(&self, world: WorldId, attempt: u64) {
        self.abandoned.lock().unwrap_or_else(PoisonError::into_inner).push((world, attempt));
    }

    /// The attempts that were left so.
    pub(crate) fn take_abandoned(&self) -> Vec<(WorldId, u64)> {
        std::mem::take(&mut *self.abandoned.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Leaves a move of a clock to the worker that finishes what was cut off.
    pub(crate) fn leave_move(&self, world: WorldId, claim: Claim) {
        let mut moves = self.cut_off_moves.lock().unwrap_or_else(PoisonError::into_inner);
        moves.push((world, claim));
    }

    /// The moves that were left so.
    pub(crate) fn take_cut_off_moves(&self) -> Vec<(WorldId, Claim)> {
        std::mem::take(&mut *self.cut_off_moves.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Random letters and digits: for `req_…` and the like.
    pub(crate) fn letters(&self, count: usize) -> String {
        let mut text = String::with_capacity(count);
        let mut bytes = [0; 32];
        while text.len() < count {
            self.surroundings.fill(&mut bytes);
            let letters = bytes.iter().filter_map(|byte| onfile_domain::id::letter(*byte));
            text.extend(letters.take(count - text.len()).map(char::from));
        }
        text
    }

    /// What a key's world is kept under: an `sk_` and its `pk_` twin lead to the same.
    pub(crate) fn key_hash(&self, key: &ApiKey) -> KeyHash {
        KeyHash(self.vault.mac("world of a test key", key.name().as_bytes()))
    }

    /// The account of a world that is still empty.
    pub(crate) fn new_account(&self, key: &KeyHash) -> Account {
        let digest = self.vault.mac("account of a world", &key.0);
        let letters = digest.iter().map(|byte| {
            let letter = onfile_domain::id::letter(byte % 248).unwrap_or(b'0');
            char::from(letter)
        });
        Account {
            id: format!("acct_{}", letters.take(16).collect::<String>()),
            created: WorldTime(self.surroundings.wall()),
            country: Country::US,
            default_currency: Currency::USD,
            mode: Mode::Test,
        }
    }

    /// The world of a key, made by its first write.
    ///
    /// # Errors
    /// When there are too many, or the store fails.
    pub(crate) async fn world_to_write(&self, key: KeyHash) -> Result<Arc<World>, Stop> {
        if let Some(world) = self.worlds.of_key(&key) {
            return Ok(world);
        }
        self.check_free_space()?;
        if self.worlds.len() >= limits::WORLDS {
            return Err(too_many_worlds().into());
        }
        let account = self.new_account(&key);
        Ok(self.worlds.add(self.store.create_world(key, account).await?))
    }

    /// Refuses a write while the disk is nearly full.
    ///
    /// # Errors
    /// 503, which clients send again.
    pub(crate) fn check_free_space(&self) -> Result<(), Stop> {
        let now = self.surroundings.wall();
        let measured_at = self.measured_at.load(Ordering::Relaxed);
        if now.saturating_sub(measured_at) >= limits::FREE_BYTES_AGE_SECONDS {
            self.measured_at.store(now, Ordering::Relaxed);
            self.measure_free_space();
        }
        if self.free_bytes.load(Ordering::Relaxed) < self.settings.free_bytes {
            return Err(WireError::unavailable().into());
        }
        Ok(())
    }

    /// A disk that can't be asked leaves what was measured last: the store itself says when it
    /// can't write.
    fn measure_free_space(&self) {
        let measured = self.free_space.bytes();
        let was_asked = self.disk_answers.swap(measured.is_ok(), Ordering::Relaxed);
        let free = match measured {
            Ok(free) => free.unwrap_or(u64::MAX),
            Err(error) => {
                if was_asked {
                    tracing::warn!(disk.error = %error, "the free disk can't be measured");
                }
                return;
            }
        };
        let before = self.free_bytes.swap(free, Ordering::Relaxed);
        let least = self.settings.free_bytes;
        if free < least && before >= least {
            tracing::warn!(
                disk.free_bytes = free,
                disk.least_bytes = least,
                "the disk is nearly full"
            );
        }
    }

    /// Refuses a write in a test world that has all the rows it may have.
    ///
    /// # Errors
    /// 400.
    pub(crate) fn check_rows(&self, world: &World) -> Result<(), Stop> {
        if world.rows() < self.settings.rows {
            return Ok(());
        }
        let message = format!(
            "This test world holds {} rows, which is the most that is configured \
             (ONFILE_ROWS_PER_WORLD). Use another key: each has a world of its own.",
            self.settings.rows
        );
        Err(WireError::invalid(message).into())
    }
}

fn too_many_worlds() -> WireError {
    let message = format!(
        "This server holds {} test worlds, which is the most. Use a key that was used before.",
        limits::WORLDS
    );
    WireError::new(403, ErrorType::InvalidRequest, message)
}
