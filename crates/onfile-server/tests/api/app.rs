//! The server in this process, on a port of its own, over a world that a test holds in its hands.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use onfile_domain::account::{Account, Mode};
use onfile_domain::case::Decision;
use onfile_domain::charge::{Charge, ChargeResult};
use onfile_domain::country::Country;
use onfile_domain::gateway::regions::euro_cents;
use onfile_domain::money::{Currency, Money};
use onfile_domain::object::Entity;
use onfile_domain::refund::Refund;
use onfile_domain::time::WorldTime;
use onfile_domain::webhook_endpoint::Reach;
use onfile_server::page::PlainPage;
use onfile_server::surroundings::Surroundings;
use onfile_server::{App, Executor, Parts, Settings, finish_what_was_cut_off, serve};
use onfile_store::{
    Cause, Committed, Cursor, EventQuery, KeyHash, ListQuery, Options, Store, World, WriteSet,
};
use onfile_vault::{MasterKey, Vault, WrappedKeys};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::around::{Around, Disk};
use crate::bank::{Bank, Mood};
use crate::client::Client;

/// The road to the issuers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Road {
    Local,
    Remote,
}

/// What outlives a server.
struct Ground {
    road: Road,
    /// `None` keeps nothing.
    folder: Option<PathBuf>,
    options: Options,
    master: MasterKey,
    wrapped: WrappedKeys,
    settings: Settings,
}

/// A server that runs.
struct Running {
    runtime: Runtime,
    app: Arc<App>,
    stop: oneshot::Sender<()>,
    served: tokio::task::JoinHandle<()>,
}

/// A server, its bank and its clock. When it goes, everything that must hold is looked at.
pub struct TestApp {
    ground: Ground,
    running: Option<Running>,
    pub around: Around,
    pub bank: Bank,
    free: Arc<AtomicU64>,
    client: Client,
    /// A test made it owe what nobody can tell.
    pub owes_for_ever: bool,
}

impl Deref for TestApp {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// Plays a test on both roads.
pub fn on_both_roads(test: impl Fn(&mut TestApp)) {
    for road in [Road::Local, Road::Remote] {
        eprintln!("on the road {road:?}");
        test(&mut TestApp::start(road));
    }
}

impl TestApp {
    /// Over a store that forgets.
    pub fn start(road: Road) -> TestApp {
        TestApp::with(road, None, Options::default())
    }

    /// Over a folder, so that it can be stopped and started again.
    pub fn kept(road: Road, options: Options) -> TestApp {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("onfile-api-{}-{number}", std::process::id());
        TestApp::with(road, Some(std::env::temp_dir().join(name)), options)
    }

    /// With a wire that may take as long as a test likes.
    pub fn patient() -> TestApp {
        let mut app = TestApp::kept(Road::Remote, Options::default());
        app.die();
        app.be_patient();
        app.rise();
        app
    }

    /// A server whose events may not be sent to addresses nearby.
    pub fn far() -> TestApp {
        let mut app = TestApp::start(Road::Local);
        app.die();
        app.ground.settings.reach.near = false;
        app.begin();
        app
    }

    /// A server that gives an endpoint little time to answer.
    pub fn hasty() -> TestApp {
        let mut app = TestApp::start(Road::Local);
        app.die();
        app.ground.settings.delivery = Duration::from_millis(400);
        app.begin();
        app
    }

    /// A server that trusts this CA when it sends events.
    pub fn trusting(ca: &[u8]) -> TestApp {
        let mut app = TestApp::start(Road::Local);
        app.die();
        app.ground.settings.delivery_roots = ca.to_vec();
        app.ground.settings.delivery = Duration::from_secs(5);
        app.begin();
        app
    }

    fn with(road: Road, folder: Option<PathBuf>, options: Options) -> TestApp {
        let master = MasterKey::ephemeral().expect("the system has a generator");
        let (_, wrapped) = Vault::create(&master).expect("the system has a generator");
        const TELL_AGAIN: &[Duration] = &[Duration::from_millis(40), Duration::from_millis(80)];
        let wire = Duration::from_millis(400);
        let settings = Settings {
            wire,
            tell_again: TELL_AGAIN,
            reach: Reach { near: true, allowed: Vec::new() },
            // An endpoint of ours answers at once, but a busy machine may take its time.
            delivery: Duration::from_secs(2),
            listener_reads: Duration::from_millis(300),
            purge_every: Duration::from_millis(40),
            ..Settings::default()
        };
        let around = Around::new(1);
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let client = Client { address, key: "sk_test_api".to_owned() };
        let mut app = TestApp {
            ground: Ground { road, folder, options, master, wrapped, settings },
            running: None,
            bank: Bank::new(around.clone()),
            around,
            free: Arc::new(AtomicU64::new(u64::MAX)),
            client,
            owes_for_ever: false,
        };
        app.begin();
        app
    }

    pub fn road(&self) -> Road {
        self.ground.road
    }

    fn begin(&mut self) {
        let ground = &self.ground;
        let store = match &ground.folder {
            Some(folder) => Store::open(folder, ground.options),
            None => Store::open_ephemeral(),
        };
        let parts = Parts {
            store: store.expect("the store opens"),
            vault: Vault::open(&ground.master, &ground.wrapped).expect("the vault opens"),
            executor: match ground.road {
                Road::Local => Executor::Local,
                Road::Remote => Executor::Remote(Arc::new(self.bank.clone())),
            },
            authenticator: Box::new(PlainPage),
            surroundings: Box::new(self.around.clone()),
            settings: ground.settings.clone(),
            free_space: Box::new(Disk(Arc::clone(&self.free))),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime starts");
        let (app, listener) = runtime.block_on(async {
            let app = Arc::new(App::new(parts).await.expect("the store is read"));
            finish_what_was_cut_off(&app).await.expect("what was cut off is finished");
            let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
            (app, listener)
        });
        self.client.address = listener.local_addr().expect("a listener has an address");
        let (stop, stopped) = oneshot::channel();
        let served = runtime.spawn(serve(Arc::clone(&app), listener, async move {
            drop(stopped.await);
        }));
        self.running = Some(Running { runtime, app, stop, served });
    }

    /// Ends as a killed process does: whatever runs is dropped where it stands. Its folder stays.
    pub fn die(&mut self) {
        let Some(Running { runtime, app, stop, served }) = self.running.take() else { return };
        runtime.shutdown_timeout(Duration::from_secs(5));
        drop((app, stop, served));
    }

    /// Ends as a server does that is asked to.
    pub fn stop(&mut self) {
        let Some(Running { runtime, app, stop, served }) = self.running.take() else { return };
        drop(stop);
        runtime.block_on(served).expect("it ends");
        runtime.shutdown_timeout(Duration::from_secs(5));
        drop(app);
    }

    /// Starts again over the same folder.
    pub fn rise(&mut self) {
        self.begin();
    }

    /// What the store is opened with from the next start on.
    pub fn set_options(&mut self, options: Options) {
        self.ground.options = options;
    }

    /// From the next start on the wire may take as long as filling a database does.
    pub fn be_patient(&mut self) {
        self.ground.settings.wire = Duration::from_secs(60);
    }

    /// Moves the clock, and wakes what waits for it.
    pub fn advance(&self, seconds: i64) {
        self.around.advance(seconds);
        self.running().app.clock_was_set();
    }

    /// Waits until nothing is to be sent, in any world.
    pub fn quiet(&self) {
        let Running { runtime, app, .. } = self.running();
        runtime.block_on(async {
            for world in app.store().worlds().await.expect("the store can be read") {
                app.quiet(world.id).await.expect("the store can be read");
            }
        });
    }

    /// Waits until no timer is due, and nothing is to be sent.
    pub fn settled(&self) {
        until("no timer is due", || {
            let Running { runtime, app, .. } = self.running();
            let due = app.store().due(self.around.wall(), &[], 1);
            runtime.block_on(due).expect("the store can be read").is_empty()
        });
        self.quiet();
    }

    /// What the disk has left.
    pub fn set_free(&self, bytes: u64) {
        self.free.store(bytes, Ordering::SeqCst);
    }

    fn running(&self) -> &Running {
        self.running.as_ref().expect("the server runs")
    }

    /// Everything that must hold, holds.
    #[track_caller]
    pub fn check(&self) {
        let running = self.running();
        let violations = running.runtime.block_on(running.app.store().check());
        assert_eq!(violations.expect("the store can be read"), []);
        if self.road() == Road::Remote && self.owed() == 0 && self.open_attempts() == 0 {
            self.check_bank();
        }
    }

    /// What the bank at the other end was told is what our charges say.
    #[track_caller]
    fn check_bank(&self) {
        let mut captured = BTreeMap::new();
        let (mut spent, mut charges) = (0, 0);
        for charge in self.of_all_worlds::<Charge>() {
            let currency = charge.amount.currency;
            let standing = match charge.result {
                ChargeResult::Held { .. } => charge.authorized().minor(),
                ChargeResult::PartlyCaptured { amount, .. } => {
                    *captured.entry(currency.code().to_owned()).or_default() += amount;
                    charge.authorized().minor()
                }
                ChargeResult::Captured { amount, refunded, .. } => {
                    *captured.entry(currency.code().to_owned()).or_default() += amount;
                    amount - refunded
                }
                ChargeResult::Released { .. } | ChargeResult::Failed { .. } => 0,
            };
            spent += euro_cents(Money::new(standing, currency)).expect("it has a rate");
            charges += 1;
        }
        assert_eq!(self.bank.captured(), captured, "captured there and here");
        // A hold and the part of it that was let go are rounded apart, and so is each refund.
        let rounded = charges + self.of_all_worlds::<Refund>().len() as i64;
        let there = self.bank.spent();
        assert!((there - spent).abs() <= rounded, "held and taken: {there} there, {spent} here");
        assert_eq!(self.bank.complaints(), [""; 0]);
    }

    /// How many events each world has on the disk, told of or not, in the order of the worlds.
    pub fn kept_events(&self) -> Vec<usize> {
        let Running { runtime, app, .. } = self.running();
        let all = EventQuery {
            types: Vec::new(),
            from: None,
            to: None,
            delivered: None,
            cursor: Cursor::Newest,
            limit: 1_000_000,
        };
        runtime.block_on(async {
            let mut kept = Vec::new();
            for world in app.store().worlds().await.expect("the store can be read") {
                let page = app.store().list_events(world.id, &all).await;
                kept.push(page.expect("the store can be read").items.len());
            }
            kept
        })
    }

    fn of_all_worlds<E: Entity>(&self) -> Vec<E> {
        let running = self.running();
        let store = running.app.store();
        running.runtime.block_on(async {
            let mut found = Vec::new();
            for world in store.worlds().await.expect("the store can be read") {
                let query = ListQuery {
                    kind: E::KIND,
                    customer: None,
                    parent: None,
                    from: None,
                    to: None,
                    cursor: Cursor::Newest,
                    limit: 1_000_000,
                };
                let page = store.list(world.id, &query).await.expect("the store can be read");
                found.extend(page.items.iter().filter_map(|row| E::of(&row.object).cloned()));
            }
            found
        })
    }

    /// Keeps a decision that no call has made.
    pub fn decided(&self, decision: Decision) {
        let running = self.running();
        let worlds = running.runtime.block_on(running.app.store().worlds());
        self.decided_in(&worlds.expect("the store can be read")[0], decision);
    }

    /// Keeps a decision in a world that the server has not heard of.
    pub fn decided_nowhere(&self, decision: Decision) {
        let running = self.running();
        let account = Account {
            id: "acct_nowhere".to_owned(),
            created: WorldTime(0),
            country: Country::US,
            default_currency: Currency::USD,
            mode: Mode::Test,
        };
        let made = running.app.store().create_world(KeyHash([9; 32]), account);
        let world = running.runtime.block_on(made).expect("it is made");
        self.decided_in(&world, decision);
    }

    fn decided_in(&self, world: &World, decision: Decision) {
        let running = self.running();
        let store = running.app.store();
        let committed = running.runtime.block_on(async {
            let set = WriteSet {
                world: world.id,
                at: WorldTime(0),
                event_tails: Vec::new(),
                decision,
                sealed: Vec::new(),
                bank: Vec::new(),
                account: None,
                cause: Cause::default(),
                idempotency: None,
                told: Vec::new(),
                failing: None,
                settles: None,
            };
            store.commit(set).await.expect("it is kept")
        });
        assert!(matches!(committed, Committed::Done(_)), "{committed:?}");
    }

    /// Attempts that are on the wire or being reversed.
    pub fn open_attempts(&self) -> usize {
        let running = self.running();
        let open = running.runtime.block_on(running.app.store().open_attempts());
        open.expect("the store can be read").len()
    }

    /// What the network is still to be told.
    pub fn owed(&self) -> usize {
        let running = self.running();
        let owed = running.runtime.block_on(running.app.store().owed_followups(0, 1_000));
        owed.expect("the store can be read").len()
    }

    /// Calls that wait for events.
    pub fn waiting(&self) -> usize {
        self.running().app.waiting_calls()
    }

    // What tests do most.

    pub fn customer(&self) -> String {
        id(&self.made("/v1/customers", &[("email", "jenny@example.com")]))
    }

    /// A card of its own.
    pub fn card(&self, name: &str) -> String {
        id(&self.made("/v1/payment_methods", &[("type", "card"), ("card[token]", name)]))
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if !std::thread::panicking() && self.running.is_some() {
            self.bank.be_deaf(false);
            self.bank.set(Mood::Answers);
            if !self.owes_for_ever {
                until("all is told", || self.owed() == 0 && self.open_attempts() == 0);
            }
            self.check();
        }
        self.die();
        if let Some(folder) = &self.ground.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// The id of an object.
#[track_caller]
pub fn id(json: &Value) -> String {
    json["id"].as_str().unwrap_or_else(|| panic!("no id in {json}")).to_owned()
}

/// Waits until something holds that the server does by itself.
#[track_caller]
pub fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..400 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("it never came about: {what}");
}
