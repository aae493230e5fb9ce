//! Asks the server as an SDK would; an answer that does not come is `None`.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// How long an answer is waited for: the clock's comes when all that fell due on the way is done,
/// and the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(600);
/// The world of these tests.
const KEY: &str = "sk_test_program";

/// Where a server listens.
#[derive(Clone, Copy)]
pub struct Client(pub SocketAddr);

/// A customer with a saved card.
pub struct Shopper {
    customer: String,
    method: String,
}

/// The object's id.
pub fn id(object: &Value) -> String {
    object["id"].as_str().unwrap_or_else(|| panic!("no id in {object}")).to_owned()
}

impl Client {
    /// Status and body, where an answer came whole.
    pub fn ask(&self, method: &str, path: &str, key: &str, form: &str) -> Option<(u16, Value)> {
        let mut stream = TcpStream::connect(self.0).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        let named =
            if key.is_empty() { String::new() } else { format!("Idempotency-Key: {key}\r\n") };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {KEY}\r\n{named}\
             Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\
             Content-Length: {}\r\n\r\n{form}",
            form.len()
        );
        stream.write_all(request.as_bytes()).ok()?;
        let mut text = String::new();
        stream.read_to_string(&mut text).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, serde_json::from_str(body).ok()?))
    }

    /// The object, of a server that must answer 200.
    pub fn post(&self, path: &str, form: &str) -> Value {
        let (status, body) = self.ask("POST", path, "", form).expect("the server answers");
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// Every object of a list, narrowed or not.
    pub fn all(&self, path: &str) -> Vec<Value> {
        let mut all: Vec<Value> = Vec::new();
        self.each(path, |object| all.push(object.clone()));
        all
    }

    /// The same, page by page, so that a long list fits in.
    pub fn each(&self, path: &str, mut look: impl FnMut(&Value)) {
        let mark = if path.contains('?') { '&' } else { '?' };
        let mut page = format!("{path}{mark}limit=100");
        loop {
            let list = self.get(&page);
            let objects = list["data"].as_array().expect("a list");
            objects.iter().for_each(&mut look);
            match objects.last() {
                Some(last) if list["has_more"] == true => {
                    page = format!("{path}{mark}limit=100&starting_after={}", id(last));
                }
                Some(_) | None => return,
            }
        }
    }

    /// The first object of a narrowed list.
    pub fn first(&self, path: &str) -> Option<Value> {
        self.get(&format!("{path}&limit=1"))["data"].get(0).cloned()
    }

    fn get(&self, path: &str) -> Value {
        let (status, body) = self.ask("GET", path, "", "").expect("the server answers");
        assert_eq!(status, 200, "{path}: {body}");
        body
    }
}

impl Shopper {
    /// Saves a card while paying.
    pub fn new(client: &Client) -> Shopper {
        let customer = id(&client.post("/v1/customers", ""));
        let form = format!(
            "amount=1099&currency=usd&customer={customer}&payment_method=pm_card_visa&confirm=true\
             &setup_future_usage=off_session"
        );
        let intent = client.post("/v1/payment_intents", &form);
        let method = intent["payment_method"].as_str().expect("a method").to_owned();
        Shopper { customer, method }
    }

    /// The id of an off-session charge under this key.
    pub fn charge(&self, client: &Client, key: &str) -> Option<String> {
        let form = format!(
            "amount=450&currency=usd&customer={}&payment_method={}&off_session=true&confirm=true",
            self.customer, self.method
        );
        let (status, body) = client.ask("POST", "/v1/payment_intents", key, &form)?;
        assert_eq!(status, 200, "{key}: {body}");
        Some(id(&body))
    }
}
