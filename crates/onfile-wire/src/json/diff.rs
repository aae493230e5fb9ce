//! What was different before: the `previous_attributes` of events (`stripe-api.md` 8.1).
//!
//! Works on compact texts that [`Json`] wrote itself, so that they are well-formed and equal
//! values are equal bytes.

use super::{Json, Object};

/// Writes the old values of the fields in which two objects differ; of nested objects only the
/// leaves that differ. A field that was not there before is `null`.
pub fn write_previous(before: &[u8], after: &[u8], w: &mut Json) {
    w.map(|o| differences(before, after, o));
}

fn differences(before: &[u8], after: &[u8], o: &mut Object<'_>) {
    let (old, new) = (fields(before), fields(after));
    for name in names(&old, &new) {
        match (find(&old, name), find(&new, name)) {
            (Some(was), Some(is)) if was == is => {}
            (Some(was), Some(is)) if is_object(was) && is_object(is) => {
                o.entry_written(name).map(|inside| differences(was, is, inside));
            }
            (Some(was), _) => o.entry_written(name).raw(was),
            (None, _) => o.entry_written(name).null(),
        }
    }
}

type Field<'a> = (&'a [u8], &'a [u8]);

fn find<'a>(fields: &[Field<'a>], name: &[u8]) -> Option<&'a [u8]> {
    fields.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

/// The names of both, what is only in the second at its place in the alphabet, by which objects
/// are written.
fn names<'a>(old: &[Field<'a>], new: &[Field<'a>]) -> Vec<&'a [u8]> {
    let mut names: Vec<&[u8]> = old.iter().map(|(name, _)| *name).collect();
    for (name, _) in new {
        if !names.contains(name) {
            // `id` and `object` stand first, whatever their letters.
            let place = names.iter().rposition(|known| known < name).map_or(0, |at| at + 1);
            names.insert(place, name);
        }
    }
    names
}

fn is_object(value: &[u8]) -> bool {
    value.first() == Some(&b'{')
}

/// The names (with their quotes) and values of a compact object.
fn fields(object: &[u8]) -> Vec<Field<'_>> {
    let mut fields = Vec::new();
    let mut rest = object.get(1..object.len().saturating_sub(1)).unwrap_or_default();
    while !rest.is_empty() {
        let (name, behind) = rest.split_at(value_len(rest));
        let behind = behind.get(1..).unwrap_or_default();
        let (value, behind) = behind.split_at(value_len(behind));
        fields.push((name, value));
        rest = behind.get(1..).unwrap_or_default();
    }
    fields
}

/// How many bytes the value at the beginning of `text` has: up to a comma, a colon or a closing
/// bracket that is not inside of it.
fn value_len(text: &[u8]) -> usize {
    let (mut depth, mut in_text, mut escaped) = (0usize, false, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' | b':' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::super::{Json, Layout};
    use super::*;

    fn check(before: &str, after: &str, expected: &str) {
        let mut json = Json::new(Layout::Compact);
        write_previous(before.as_bytes(), after.as_bytes(), &mut json);
        assert_eq!(String::from_utf8(json.into_bytes()).unwrap(), expected);
    }

    #[test]
    fn only_what_differs() {
        check(r#"{"a":1,"b":"x,y:{"}"#, r#"{"a":1,"b":"x,y:{"}"#, "{}");
        check(r#"{"a":1,"b":"\"}"}"#, r#"{"a":2,"b":null}"#, r#"{"a":1,"b":"\"}"}"#);
        check(
            r#"{"a":{"b":{"c":1,"d":2}},"e":[1,{"f":2}]}"#,
            r#"{"a":{"b":{"c":1,"d":3}},"e":[1]}"#,
            r#"{"a":{"b":{"d":2}},"e":[1,{"f":2}]}"#,
        );
        check(r#"{"m":{}}"#, r#"{"m":{"k":"v"}}"#, r#"{"m":{"k":null}}"#);
        check(r#"{"m":{"a":"b"}}"#, r#"{"m":{"a":"b","k":"v"}}"#, r#"{"m":{"k":null}}"#);
        check(r#"{"m":{"a":"b"}}"#, r#"{"m":{}}"#, r#"{"m":{"a":"b"}}"#);
        check(r#"{"m":{"a":1}}"#, r#"{"m":null}"#, r#"{"m":{"a":1}}"#);
        check(r#"{"m":null}"#, r#"{"m":{"a":1}}"#, r#"{"m":null}"#);
    }

    #[test]
    fn names_stand_in_their_order() {
        for (before, after, expected) in [
            (
                r#"{"b":1,"d":1}"#,
                r#"{"a":1,"b":2,"c":1,"d":2}"#,
                r#"{"a":null,"b":1,"c":null,"d":1}"#,
            ),
            (r#"{"a":1,"c":1}"#, r#"{"b":1}"#, r#"{"a":1,"b":null,"c":1}"#),
            (r#"{}"#, r#"{"a":1,"b":1}"#, r#"{"a":null,"b":null}"#),
            (
                r#"{"id":1,"a":1,"z":1}"#,
                r#"{"id":1,"a":2,"b":1,"z":2}"#,
                r#"{"a":1,"b":null,"z":1}"#,
            ),
        ] {
            check(before, after, expected);
        }
    }
}
