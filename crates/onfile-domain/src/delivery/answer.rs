//! What is kept of an endpoint's answer: enough to see why it said no, and nothing that it should
//! not have said.

/// Bytes of an answer that are kept.
pub const ANSWER_BYTES: usize = 500;

/// Digits in a row, spaces and hyphens between them left out, that may be a card's number.
const CARD_DIGITS: usize = 12;

/// The beginning of an answer's body as text; `None` where it says nothing. What is no text, or
/// steers a terminal, is U+FFFD; digits that may be a card's number are stars, for whatever answers
/// may have been handed one.
pub fn kept(body: &[u8]) -> Option<String> {
    let beginning = &body[..body.len().min(ANSWER_BYTES)];
    let whole = match std::str::from_utf8(beginning) {
        // A character that the limit cut through is left out.
        Err(error) if error.error_len().is_none() && beginning.len() == ANSWER_BYTES => {
            &beginning[..error.valid_up_to()]
        }
        Ok(_) | Err(_) => beginning,
    };
    let plain = |c: char| if is_plain(c) { c } else { char::REPLACEMENT_CHARACTER };
    let text: String = String::from_utf8_lossy(whole).trim().chars().map(plain).collect();
    (!text.is_empty()).then(|| without_cards(&text))
}

fn is_plain(c: char) -> bool {
    !c.is_control() || matches!(c, '\n' | '\r' | '\t')
}

/// Stars in place of the digits of a long row.
fn without_cards(text: &str) -> String {
    let mut shown: Vec<char> = text.chars().collect();
    let (mut from, mut digits) = (0, 0);
    for at in 0..=shown.len() {
        match shown.get(at) {
            Some(c) if c.is_ascii_digit() => digits += 1,
            Some(' ' | '-') if digits > 0 => {}
            _ => {
                if digits >= CARD_DIGITS {
                    let row = shown[from..at].iter_mut().filter(|c| c.is_ascii_digit());
                    row.for_each(|c| *c = '*');
                }
                (from, digits) = (at + 1, 0);
            }
        }
    }
    shown.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_an_answer() {
        for (body, shown) in [
            (&b""[..], None),
            (b" \r\n", None),
            (b"no such order\n", Some("no such order")),
            (b"{\"error\": \"caf\xc3\xa9\"}", Some("{\"error\": \"caf\u{e9}\"}")),
            (b"a\xff\xfeb\x1b[2J\0", Some("a\u{fffd}\u{fffd}b\u{fffd}[2J\u{fffd}")),
            (b"at 1790000000, 12345678901", Some("at 1790000000, 12345678901")),
            (b"card 4242 4242-42424242!", Some("card **** ****-********!")),
            (b"4242424242424242", Some("****************")),
            (b"a4242424242424242b 7", Some("a****************b 7")),
        ] {
            assert_eq!(kept(body).as_deref(), shown, "{}", body.escape_ascii());
        }
    }

    #[test]
    fn it_is_cut_between_two_characters() {
        for (before, after) in [(499, 499), (498, 500), (500, 500), (501, 500)] {
            let mut body = vec![b'x'; before];
            body.extend("é".repeat(9).bytes());
            let text = kept(&body).unwrap_or_default();
            assert_eq!(text.len(), after, "{before}");
            assert!(!text.contains(char::REPLACEMENT_CHARACTER), "{before}");
        }
        let kept = kept(&vec![0xff; 2_000]).unwrap_or_default();
        assert!(kept.chars().count() <= ANSWER_BYTES, "{}", kept.chars().count());
    }
}
