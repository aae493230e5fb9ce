//! What sinks heard, held against what the server says it sent.

use serde_json::Value;

use crate::client::Client;
use crate::sink::{Sink, Times};

/// Tries at one endpoint that may be on their way when the server is killed, or made and not yet
/// written down: what one kill may leave out of the log, and have sent twice (`limits.rs`: 16
/// and 64).
const ON_THEIR_WAY: u64 = 80;

/// Everything that happened and was sent.
#[derive(Debug, Default)]
pub struct Tally {
    pub events: u64,
    pub deliveries: u64,
    /// Requests that came.
    pub tries: u64,
    /// Of these, answered with 500.
    pub failed: u64,
    /// And not answered.
    pub hung: u64,
    /// Taken again by who had taken it.
    pub twice: u64,
    /// Tries that came and are not in the log.
    unwritten: u64,
    /// Answers that came too late for the server.
    late: u64,
}

impl Tally {
    /// Asks for every event and every delivery. Each event must have come to each sink and been
    /// taken there, and each delivery's log must say so.
    pub fn of(client: Client, sinks: &[Sink]) -> Tally {
        let mut tally = Tally::default();
        client.each("/v1/events", |event| {
            assert_eq!(event["pending_webhooks"], 0, "{event}");
            tally.events += u64::from(event["type"] == "customer.created");
        });
        client.each("/onfile/v1/deliveries", |delivery| {
            let endpoint = delivery["webhook_endpoint"].as_str();
            let sink = sinks.iter().find(|sink| Some(sink.name.as_str()) == endpoint);
            let event = delivery["event"].as_str().expect("an event's id");
            let times = sink.expect("it is a sink's").times(event);
            tally.add(delivery, times.unwrap_or_else(|| panic!("lost: {delivery}")));
        });
        assert_eq!(tally.deliveries, tally.events * sinks.len() as u64);
        for sink in sinks {
            assert_eq!(sink.events(), tally.events, "what never happened was told");
            // Those that the server waits for, and those that it gave up on or that another one
            // had sent, as long as the sink has not noticed.
            assert!(sink.most_at_once() <= 2 * 16, "{}", sink.most_at_once());
        }
        tally
    }

    fn add(&mut self, delivery: &Value, times: Times) {
        assert_eq!(delivery["status"], "delivered");
        assert!(times.taken > 0, "lost: {delivery}");
        let tries = delivery["tries"].as_array().expect("its tries");
        let count =
            |status: Value| tries.iter().filter(|it| it["http_status"] == status).count() as u64;
        assert_eq!(count(200.into()), 1, "{delivery}");
        assert!(count(500.into()) <= times.failed, "{delivery}");
        self.deliveries += 1;
        self.tries += times.came;
        self.failed += times.failed;
        self.hung += times.hung;
        self.twice += times.taken - 1;
        self.unwritten += times.came.saturating_sub(tries.len() as u64);
        self.late += count(Value::Null).saturating_sub(times.hung);
    }

    /// Holds it against how often the server was killed.
    pub fn check(&self, kills: u64) {
        let Tally { tries, failed, hung, twice, unwritten, late, .. } = *self;
        let on_their_way = ON_THEIR_WAY * 2 * kills;
        assert!(unwritten <= on_their_way, "{unwritten} of {tries} are not in the log");
        assert!(twice <= on_their_way + late, "{twice} came twice, {late} for being late");
        let is_bad = failed * 100 > tries * 25 && hung * 100 > tries * 3;
        assert!(is_bad, "{failed} and {hung} of {tries}: the sinks were too kind");
    }
}
