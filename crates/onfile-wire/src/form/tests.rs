use super::*;
use proptest::prelude::*;

/// A form as a line that can be read: `{a: "1", b: [..]}`.
fn show(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("{text:?}"),
        Value::List(items) => {
            format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", "))
        }
        Value::Hash(hash) => show_hash(hash),
    }
}

fn show_hash(hash: &Hash) -> String {
    let entries: Vec<_> = hash.iter().map(|(name, v)| format!("{name}: {}", show(v))).collect();
    format!("{{{}}}", entries.join(", "))
}

fn check(form: &str, expected: &str) {
    let shown = match parse(form.as_bytes()) {
        Ok(hash) => show_hash(&hash),
        Err(error) => error.to_string(),
    };
    assert_eq!(shown, expected, "{form}");
}

#[test]
fn every_way_that_callers_write_forms() {
    check("", "{}");
    check("&&", "{}");
    check("amount=1099&currency=usd", r#"{amount: "1099", currency: "usd"}"#);
    check("card[number]=4242&card%5Bcvc%5D=123", r#"{card: {number: "4242", cvc: "123"}}"#);
    check("name=Jenny+Rosen%2B%C3%A9", r#"{name: "Jenny Rosen+é"}"#);
    check("description=", r#"{description: ""}"#);
    check("description", r#"{description: ""}"#);
    check("a=b=c", r#"{a: "b=c"}"#);
    check("expand[]=a&expand[]=b", r#"{expand: ["a", "b"]}"#);
    check("expand[0]=a&expand[1]=b", r#"{expand: {0: "a", 1: "b"}}"#);
    check("a=1&a=2", r#"{a: "2"}"#);
    check("b=1&a=2&b=3", r#"{b: "3", a: "2"}"#);
    check("metadata[a b]=c", r#"{metadata: {a b: "c"}}"#);
}

#[test]
fn a_repeated_key_starts_a_new_element() {
    check(
        "items[][price]=a&items[][quantity]=1&items[][price]=b&items[][quantity]=2",
        r#"{items: [{price: "a", quantity: "1"}, {price: "b", quantity: "2"}]}"#,
    );
    check("i[][a][b]=1&i[][a][c]=2&i[][a][b]=3", r#"{i: [{a: {b: "1", c: "2"}}, {a: {b: "3"}}]}"#);
    check("i[][a][]=1&i[][a][]=2&i[][b]=3", r#"{i: [{a: ["1", "2"], b: "3"}]}"#);
    check("i[0][a]=1&i[0][b]=2&i[1][a]=3", r#"{i: {0: {a: "1", b: "2"}, 1: {a: "3"}}}"#);
}

#[test]
fn names_that_are_no_names_stay_as_they_are() {
    check("a[b=1", r#"{a[b: "1"}"#);
    check("a]b=1", r#"{a]b: "1"}"#);
    check("a[b]c=1", r#"{a[b]c: "1"}"#);
    check("[a]=1", r#"{[a]: "1"}"#);
    check("a[b[c]]=1", r#"{a[b[c]]: "1"}"#);
    check("=1", r#"{: "1"}"#);
}

#[test]
fn what_no_form_can_be() {
    check("a=%", "malformed percent-encoding");
    check("a=%4", "malformed percent-encoding");
    check("a=%zz", "malformed percent-encoding");
    check("a=%FF", "not UTF-8");
    check("a=%00", "a null character");
    check("a[b][c][d][e][f]=1", r#"{a: {b: {c: {d: {e: {f: "1"}}}}}}"#);
    check("a[b][c][d][e][f][g]=1", "nested too deeply");
    check("a=1&a[b]=2", "conflicting values for a parameter");
    check("a[b]=2&a=1", "conflicting values for a parameter");
    check("a[]=2&a[b]=1", "conflicting values for a parameter");
    check("a[b]=2&a[]=1", "conflicting values for a parameter");
    check("a[]=1&a=2", "conflicting values for a parameter");
}

#[test]
fn a_thousand_fields_and_no_more() {
    let form: Vec<String> = (0..FIELDS).map(|at| format!("metadata[key{at}]={at}")).collect();
    let form = form.join("&");
    let hash = parse(form.as_bytes()).unwrap();
    let Some(Value::Hash(metadata)) = hash.get("metadata") else { panic!("a hash") };
    assert_eq!(metadata.len(), FIELDS);
    assert_eq!(metadata.get("key999"), Some(&Value::Text("999".to_owned())));
    let more = format!("{form}&a=1");
    assert_eq!(parse(more.as_bytes()), Err(FormError::TooManyFields));
}

#[test]
fn a_query_and_a_body_are_one_form() {
    let mut form = parse_all(&[b"expand[]=a&key=pk", b"amount=1&expand[]=b"]).unwrap();
    assert_eq!(form.take("key"), Some(Value::Text("pk".to_owned())));
    assert_eq!(form.take("key"), None);
    assert_eq!(show_hash(&form), r#"{expand: ["a", "b"], amount: "1"}"#);
}

#[test]
fn indexes_order_a_list() {
    let form = parse(b"e[1]=b&e[0]=a&e[10]=c&n[1]=x&n[y]=z").unwrap();
    let Some(Value::Hash(list)) = form.get("e") else { panic!("a hash") };
    let order: Vec<_> = list.indexed().unwrap().iter().map(|(at, _)| *at).collect();
    assert_eq!(order, [0, 1, 10]);
    let Some(Value::Hash(hash)) = form.get("n") else { panic!("a hash") };
    assert_eq!(hash.indexed(), None);
}

#[test]
fn debug_shows_no_text() {
    let form = parse(b"card[number]=4242424242424242&x[]=4000").unwrap();
    let shown = format!("{form:?}");
    assert!(!shown.contains("4242") && !shown.contains("4000"), "{shown}");
}

fn plain(form: &str) -> Vec<u8> {
    canonical(&parse(form.as_bytes()).unwrap(), &mut |_, _| None)
}

#[test]
fn canonical_forms() {
    assert_eq!(plain("b=2&a=1"), plain("a=1&b=2"));
    assert_eq!(plain("e[]=a&e[]=b"), plain("e[0]=a&e[1]=b"));
    assert_eq!(plain("a%5Bb%5D=1"), plain("a[b]=1"));
    assert_ne!(plain("e[]=a&e[]=b"), plain("e[]=b&e[]=a"));
    assert_ne!(plain("a=1"), plain("a[]=1"));
    assert_ne!(plain("a=&b=1"), plain("b=1"));
    assert_ne!(plain("a=1t1:b"), plain("a=1&t1=b"));
}

#[test]
fn canonical_forms_hide_cards() {
    let form = parse(b"payment_method_data[card][number]=4242&payment_method_data[card][cvc]=1");
    let form = form.unwrap();
    let bytes = canonical(&form, &mut |path, _| match path {
        [.., "card", "number"] => Some("fingerprint".to_owned()),
        [.., "card", "cvc"] => Some("present".to_owned()),
        _ => None,
    });
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("r11:fingerprint") && text.contains("r7:present"), "{text}");
    assert!(!text.contains("4242"), "{text}");
}

proptest! {
    #[test]
    fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(form) = parse(&bytes) {
            canonical(&form, &mut |_, _| None);
        }
    }

    #[test]
    fn never_panics_near_forms(form in "([ab]?(\\[[ab01]?\\]?){0,7}=?[a%]{0,2}&){0,12}") {
        if let Ok(form) = parse(form.as_bytes()) {
            canonical(&form, &mut |_, _| None);
        }
    }

    #[test]
    fn texts_come_back(texts in proptest::collection::vec("[^\0]{0,12}", 1..40)) {
        let fields: Vec<String> = texts.iter().enumerate().map(|(at, text)| {
            let encoded: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
            format!("m[k{at}]={encoded}")
        }).collect();
        let form = parse(fields.join("&").as_bytes()).unwrap();
        let Some(Value::Hash(hash)) = form.get("m") else { panic!("a hash") };
        let read: Vec<_> = hash.iter().map(|(_, value)| value.clone()).collect();
        prop_assert_eq!(read, texts.into_iter().map(Value::Text).collect::<Vec<_>>());
    }
}
