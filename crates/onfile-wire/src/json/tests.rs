use super::*;
use proptest::prelude::*;

fn written(layout: Layout, write: impl FnOnce(&mut Json)) -> String {
    let mut json = Json::new(layout);
    write(&mut json);
    String::from_utf8(json.into_bytes()).unwrap()
}

fn sample(json: &mut Json) {
    json.object(|o| {
        o.text("id", "cus_1");
        o.text("object", "customer");
        o.object("address", |_| {});
        o.int("balance", -1_099);
        o.flag("livemode", false);
        o.map("metadata", |m| {
            m.entry("z").text("1");
            m.entry("a \"b\"").text("2");
        });
        o.opt_text("name", None);
        o.list("tags", |l| {
            l.text("a");
            l.item().object(|o| o.null("b"));
        });
        o.list("urls", |_| {});
    });
}

const PRETTY: &str = r#"{
  "id": "cus_1",
  "object": "customer",
  "address": {},
  "balance": -1099,
  "livemode": false,
  "metadata": {
    "z": "1",
    "a \"b\"": "2"
  },
  "name": null,
  "tags": [
    "a",
    {
      "b": null
    }
  ],
  "urls": []
}"#;

#[test]
fn as_stripe_prints_it() {
    assert_eq!(written(Layout::Pretty, sample), PRETTY);
}

#[test]
fn without_blanks() {
    let compact = written(Layout::Compact, sample);
    assert_eq!(
        compact,
        r#"{"id":"cus_1","object":"customer","address":{},"balance":-1099,"livemode":false,"#
            .to_owned()
            + r#""metadata":{"z":"1","a \"b\"":"2"},"name":null,"tags":["a",{"b":null}],"urls":[]}"#
    );
    assert_eq!(written(Layout::Pretty, |json| json.raw(compact.as_bytes())), PRETTY);
    assert_eq!(written(Layout::Compact, |json| json.raw(PRETTY.as_bytes())), compact);
}

#[test]
fn a_written_value_fits_its_place() {
    let inner = |json: &mut Json| json.object(|o| o.list("b", |l| l.text("{[:,]}\\\"")));
    let compact = written(Layout::Compact, inner);
    let outer = |json: &mut Json, raw: bool| {
        json.object(|o| match raw {
            true => o.field("a").raw(compact.as_bytes()),
            false => inner(o.field("a")),
        });
    };
    assert_eq!(
        written(Layout::Pretty, |json| outer(json, true)),
        written(Layout::Pretty, |json| outer(json, false)),
    );
}

#[test]
#[should_panic(expected = "amount stands after currency")]
fn keys_out_of_order_are_a_bug() {
    written(Layout::Pretty, |json| {
        json.object(|o| {
            o.text("object", "charge");
            o.text("currency", "usd");
            o.int("amount", 1);
        });
    });
}

#[test]
#[should_panic(expected = "a key without a value")]
fn a_key_needs_a_value() {
    written(Layout::Pretty, |json| {
        json.object(|o| {
            o.field("a");
        });
    });
}

#[test]
fn numbers() {
    for number in [0, 7, 10, -1, i64::MAX, i64::MIN] {
        assert_eq!(written(Layout::Compact, |json| json.int(number)), number.to_string());
    }
}

proptest! {
    #[test]
    fn texts_come_back(text in any::<String>()) {
        let json = written(Layout::Pretty, |json| json.text(&text));
        prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn raw_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut json = Json::new(Layout::Pretty);
        json.raw(&bytes);
        json.into_bytes();
    }

    #[test]
    fn raw_never_panics_near_json(text in "[\\[\\]{}\",:a\\\\ \n]{0,60}") {
        let mut json = Json::new(Layout::Pretty);
        json.raw(text.as_bytes());
        json.into_bytes();
    }
}
