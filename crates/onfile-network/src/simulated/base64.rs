//! Base64, as far as authentication values and link ids need it.

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// With `=` to a multiple of four characters.
pub(super) fn padded(bytes: &[u8]) -> String {
    let mut text = encode(bytes, STANDARD);
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// In the alphabet for addresses, without `=`.
pub(super) fn url(bytes: &[u8]) -> String {
    encode(bytes, URL)
}

/// Whether it is the padded form of twenty bytes, as every cryptogram is.
pub(super) fn is_twenty_bytes(text: &str) -> bool {
    let digits = text.strip_suffix('=').unwrap_or_default().as_bytes();
    digits.len() == 27 && digits.iter().all(|digit| STANDARD.contains(digit))
}

fn encode(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let held = chunk.iter().fold(0u32, |held, byte| (held << 8) | u32::from(*byte));
        let held = held << (8 * (3 - chunk.len()));
        for at in 0..=chunk.len() {
            let digit = (held >> (18 - 6 * at)) & 63;
            text.push(char::from(alphabet[digit as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_texts() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foobar", "Zm9vYmFy")] {
            assert_eq!(padded(bytes.as_bytes()), text);
        }
        assert_eq!(url(&[0xff, 0xef]), "_-8");
        assert_eq!(url(&[7; 16]).len(), 22);
    }

    #[test]
    fn cryptograms_are_told_by_their_form() {
        assert!(is_twenty_bytes(&padded(&[9; 20])));
        for text in
            ["", "AAAA", &padded(&[9; 19]), &padded(&[9; 21]), "AAAAAAAAAAAAAAAAAAAAAAAAAA!="]
        {
            assert!(!is_twenty_bytes(text), "{text}");
        }
    }
}
