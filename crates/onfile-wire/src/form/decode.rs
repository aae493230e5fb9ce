//! Percent-encoding, as forms use it.

use super::FormError;

/// Decodes a name or a value: `+` is a blank, `%41` a byte, the whole UTF-8.
///
/// # Errors
/// [`FormError::Percent`], [`FormError::Utf8`], [`FormError::Null`].
pub(super) fn text(encoded: &[u8]) -> Result<String, FormError> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = rest.next().copied().and_then(digit).ok_or(FormError::Percent)?;
                let low = rest.next().copied().and_then(digit).ok_or(FormError::Percent)?;
                high * 16 + low
            }
            plain => *plain,
        });
    }
    if bytes.contains(&0) {
        return Err(FormError::Null);
    }
    String::from_utf8(bytes).map_err(|_| FormError::Utf8)
}

fn digit(byte: u8) -> Option<u8> {
    // Two digits of sixteen: the value is below 16.
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}
