//! Every limit of the shell, with its unit and its reason.

use std::time::Duration;

/// Bytes of a request's body: the largest documented form is a few kilobytes.
pub const BODY_BYTES: usize = 256 * 1024;
/// Bytes of a request's line and headers together, as Stripe's own front has it.
pub const HEAD_BYTES: usize = 16 * 1024;
/// Bytes that the HTTP library reads before it gives up by itself, without a JSON body.
pub const HEAD_BUFFER_BYTES: usize = 4 * HEAD_BYTES;
/// Connections at once: above it the next ones wait in the system's queue.
pub const CONNECTIONS: usize = 1_024;
/// Requests at once: above it the next ones wait, so that memory stays bounded.
pub const REQUESTS: usize = 256;
/// Worlds in one store: a CI that makes one a test stays below it for a long time.
pub const WORLDS: usize = 10_000;
/// Rows of one test world, events left out, unless the configuration says otherwise.
pub const ROWS: u64 = 1_000_000;
/// Bytes that must be free on the disk for a write, unless the configuration says otherwise.
pub const FREE_BYTES: u64 = 512 * 1024 * 1024;
/// How old a measurement of the free disk may be: a call to the system for each write is too dear.
pub const FREE_BYTES_AGE_SECONDS: i64 = 1;
/// How often a decision is made anew because someone else wrote first.
pub const DECIDE_AGAIN: usize = 5;
/// How often the second commit of a payment on the wire is tried: its money has moved, so it is
/// tried for long.
pub const BOOK_AGAIN: usize = 100;
/// Row numbers that one call may use: a confirm makes about a dozen rows.
pub const SEQS_A_CALL: u64 = 64;
/// Random bytes that a rule is given at first, and again where it runs out of them: a row's id
/// takes 16, a charge about 170.
pub const RANDOM_AT_ONCE: usize = 256;
/// Row numbers of a call that may give back what fifty payments took
/// (`adjustment::plan::PAYMENTS`): a refund and its movement for each.
pub const SEQS_A_LARGE_CALL: u64 = 128;
/// How long an acquirer may take to answer before its silence is an outcome (`card-network.md`
/// 1.4).
pub const WIRE: Duration = Duration::from_secs(30);
/// How long after each try the network is told again what it did not acknowledge
/// (`card-network.md` T5).
pub const TELL_AGAIN: &[Duration] = &[
    Duration::from_secs(10),
    Duration::from_secs(30),
    Duration::from_secs(60),
    Duration::from_secs(300),
    Duration::from_secs(600),
];
/// Things that the network is told at once: each may wait for its acknowledgement as long as an
/// authorization waits for its answer.
pub const TOLD_AT_ONCE: usize = 32;
/// Things owed that are read in one go.
pub const OWED_PAGE: usize = 200;
/// How long a client may take to send its headers.
pub const HEADERS: Duration = Duration::from_secs(30);
/// How long a client may take to send its body.
pub const BODY: Duration = Duration::from_secs(30);
/// How long open requests may still run after a stop was asked for.
pub const GOODBYE: Duration = Duration::from_secs(10);
/// How long a try of a delivery may take, from its connection on, unless the configuration says
/// otherwise (`stripe-api.md` 8.5: 10 to 30 seconds).
pub const DELIVERY: Duration = Duration::from_secs(10);
/// Deliveries to one endpoint that are on their way at once; those of one call go one by one.
pub const DELIVERIES_TO_ONE: usize = 16;
/// The same for one that let a try run out of time, until it answers again.
pub const DELIVERIES_TO_A_HANGING_ONE: usize = 2;
/// The same for one that said nothing for as long as a try may take, while its world's clock is
/// moved: each step waits until the tries that are due at it have run out of time, which they do
/// side by side.
pub const DELIVERIES_TO_A_SILENT_ONE: usize = 64;
/// The same for all such endpoints together: half of [`DELIVERIES`] is always left to others.
pub const DELIVERIES_TO_SILENT_ONES: usize = 256;
/// How long an endpoint that was silent has to show that it answers again before it is given more
/// tries at once than any other: one that came back is not run over.
pub const DELIVERY_SILENCE: Duration = Duration::from_millis(250);
/// How long the events of a call wait for those of the one before, so that they arrive in order:
/// not when they are tried again.
pub const DELIVERY_PATIENCE: Duration = Duration::from_millis(50);
/// Calls whose events wait for those of the one before: where more wait, they go side by side.
pub const DELIVERIES_IN_ORDER: usize = 8;
/// Tries of deliveries to one endpoint that ended and are being written down.
pub const DELIVERIES_WRITTEN: usize = 64;
/// Tries at once, whoever they are made to: each has a connection.
pub const DELIVERIES: usize = 512;
/// Deliveries to one endpoint that are read ahead.
pub const DELIVERIES_AHEAD: usize = 48;
/// Bytes of an endpoint's answer that are read.
pub const DELIVERY_ANSWER_BYTES: usize = 64 * 1024;
/// Bytes of the headers of an endpoint's answer.
pub const DELIVERY_HEAD_BYTES: usize = 32 * 1024;
/// How long the rest of an endpoint's answer is waited for once its status is known.
pub const DELIVERY_ANSWER: Duration = Duration::from_secs(1);
/// How long a connection to an endpoint is kept for the next delivery.
pub const DELIVERY_IDLE: Duration = Duration::from_secs(15);
/// How long one is used at most: then the name is looked up anew.
pub const DELIVERY_CONNECTION: Duration = Duration::from_secs(120);
/// Timers that are worked off at once: they share commits.
pub const TIMERS_AT_ONCE: usize = 256;
/// How long after each try a timer that could not be settled is tried again: mostly a call holds
/// what it is about, and a call may wait for an acquirer ([`WIRE`]).
pub const TIMER_AGAIN: &[Duration] = &[
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(30),
    Duration::from_secs(60),
];
/// The longest that the timers' worker sleeps: a clock may be set meanwhile.
pub const TIMERS_SLEEP: Duration = Duration::from_secs(30);
/// How long a worker waits after something failed.
pub const WORKER_PAUSE: Duration = Duration::from_secs(1);
/// How often a clock that is moved comes back to a timer that is held by someone else, ten
/// milliseconds apart: as long as an acquirer may take.
pub const MOVE_AGAIN: usize = 3_000;
/// How long it waits in between.
pub const MOVE_PAUSE: Duration = Duration::from_millis(10);
/// Snapshots of one world: tests that use them as marks leave many behind.
pub const SNAPSHOTS: usize = 256;
/// Rows of a world that a snapshot is taken of, events left out: more take longer than a test
/// should.
pub const SNAPSHOT_ROWS: u64 = 100_000;
/// Calls that wait for events at once: each takes the place of a request, and those that make the
/// events must get through.
pub const WAITING: usize = 64;
/// How often a wait looks whether its world is made.
pub const WAIT_PAUSE: Duration = Duration::from_millis(20);
/// Faults of one world.
pub const FAULTS: usize = 100;
/// Stars in the path of a fault, or in the type of its events: each one more takes longer to
/// compare.
pub const FAULT_STARS: usize = 3;
/// Numbers of rows below this may be chosen by a fixture; what is given begins here, and 238,328
/// is 62³: `1000` in an id.
pub const FIXED_SEQS: u64 = 238_328;
/// Where no fault strikes, so that it can be taken away again.
pub const UNTOUCHED: &str = "/onfile/v1/test/";
/// How often old idempotency keys and old events are looked for. What waits or listens has heard
/// of an event that is older than this.
pub const PURGE_EVERY: Duration = Duration::from_secs(600);
/// Idempotency keys that are looked at in one go: other writes come between.
pub const PURGE_BATCH: usize = 500;
/// Events that are forgotten in one commit, with their deliveries.
pub const FORGET_BATCH: usize = 200;
/// Scans at once: each has a connection to the store and keeps a processor busy.
pub const SCANS: usize = 4;
/// Rows that are read in one go where a list is narrowed by what no index knows.
pub const SCAN: usize = 200;
/// Sessions of those who listen: each has a connection of its own, beside [`CONNECTIONS`].
pub const LISTENERS: usize = 256;
/// The same in one world.
pub const LISTENERS_OF_WORLD: usize = 32;
/// How long a session waits for its client: Stripe's command line tries every 10 seconds.
pub const LISTENER_AWAY: Duration = Duration::from_secs(120);
/// How long a listener may take to read a message before it is dropped.
pub const LISTENER_READS: Duration = Duration::from_secs(10);
/// How long a listener may say nothing: Stripe's command line pings every 2 seconds.
pub const LISTENER_SILENCE: Duration = Duration::from_secs(60);
/// How long a listener is waited for when it is sent away.
pub const LISTENER_GOODBYE: Duration = Duration::from_secs(1);
/// After how many seconds a client makes a new connection by itself. Nothing here needs that; 0
/// would mean a minute.
pub const LISTENER_RECONNECTS: i64 = 86_400;
/// Requests that wait to be told of, and events to be told again.
pub const LISTENER_QUEUE: usize = 500;
/// Events that are read for a listener in one go.
pub const LISTENER_PAGE: usize = 50;
/// Bytes that are read from a listener in one go.
pub const LISTENER_BUFFER_BYTES: usize = 8 * 1024;
/// Bytes of one message of a listener: an event, and what its receiver answered.
pub const LISTENER_SAYS_BYTES: usize = 1024 * 1024;
