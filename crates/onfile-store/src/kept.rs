//! Answers as they are kept under an idempotency key: compressed, byte for byte the same when they
//! are read.
//!
//! Answers are much alike, so each is written as what differs from a text of example answers, the
//! dictionary: a payment's 1.7 KB become some 200 bytes in about 2 µs (LZ4; deflate without a
//! dictionary takes 170 µs and makes 760 bytes of it). Rows outlive releases, so a dictionary is
//! never edited once released: a better one gets the next number.

use crate::contract::KeptAnswer;

/// What answers are compared with, by the number before each of them.
const DICTIONARIES: [(u8, &[u8]); 1] = [(1, include_bytes!("kept/answers-1.txt"))];
/// Bytes of the number and of the length that stand before what was packed.
const HEAD: usize = 5;
/// More than any answer has: what claims to be longer is damaged.
const MOST: usize = 16 * 1024 * 1024;

/// What is wrong with a kept answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("kept answer: {0}")]
pub(crate) struct Damaged(&'static str);

impl KeptAnswer {
    /// The body as a row holds it.
    pub(crate) fn packed(&self) -> Vec<u8> {
        let (number, dictionary) = DICTIONARIES[DICTIONARIES.len() - 1];
        let most = lz4_flex::block::get_maximum_output_size(self.body.len());
        let mut row = vec![0; HEAD + most];
        row[0] = number;
        let length = u32::try_from(self.body.len()).unwrap_or(u32::MAX);
        row[1..HEAD].copy_from_slice(&length.to_le_bytes());
        let packed =
            lz4_flex::block::compress_into_with_dict(&self.body, &mut row[HEAD..], dictionary)
                .expect("there is room for what can't be packed at all");
        row.truncate(HEAD + packed);
        row
    }
}

/// The body that a row holds.
pub(crate) fn unpacked(row: &[u8]) -> Result<Vec<u8>, Damaged> {
    let (head, packed) = row.split_at_checked(HEAD).ok_or(Damaged("it is too short"))?;
    let dictionary = DICTIONARIES.iter().find(|(number, _)| *number == head[0]);
    let (_, dictionary) = dictionary.ok_or(Damaged("no dictionary has its number"))?;
    let length = head[1..].iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
    if length > MOST {
        return Err(Damaged("it says that it is longer than any answer"));
    }
    let body = lz4_flex::block::decompress_with_dict(packed, length, dictionary)
        .map_err(|_| Damaged("it does not unpack"))?;
    if body.len() == length { Ok(body) } else { Err(Damaged("it unpacks to another length")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packed(body: &[u8]) -> Vec<u8> {
        let body = body.to_vec();
        KeptAnswer { status: 200, version: "2026-08-26.dahlia".to_owned(), body }.packed()
    }

    #[test]
    fn an_answer_takes_a_fraction_of_its_room() {
        let examples = std::str::from_utf8(DICTIONARIES[0].1).unwrap();
        let last = examples.rfind("{\n  \"id\"").unwrap();
        let other = examples[last..].replace("1099", "4500").replace("pi_3", "pi_3zzzz");
        let row = packed(other.as_bytes());
        assert!(row.len() * 4 < other.len(), "{} of {}", row.len(), other.len());
        assert_eq!(unpacked(&row).unwrap(), other.as_bytes());
    }

    /// A row of an earlier release: if this fails, a dictionary was edited.
    #[test]
    fn rows_are_read_for_ever() {
        let row = b"\x01\x15\0\0\0\xf0\x06{\"object\": \"unheard\"}";
        assert_eq!(unpacked(row).unwrap(), b"{\"object\": \"unheard\"}");
        let sum = DICTIONARIES[0].1.iter().fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        assert_eq!(sum, 0xffea_f6ee_4377_4d5e);
    }

    #[test]
    fn damage_is_told() {
        let row = packed(b"{\"id\": \"pi_1\"}");
        for (row, what) in [
            (&row[..3], "it is too short"),
            (&[&[9][..], &row[1..]].concat()[..], "no dictionary has its number"),
            (&[&[1, 0xff, 0xff, 0xff, 0xff][..], &row[5..]].concat()[..], "than any answer"),
            (&row[..row.len() - 1], "it does not unpack"),
        ] {
            let error = unpacked(row).unwrap_err().to_string();
            assert!(error.contains(what), "{error}");
        }
    }

    proptest! {
        #[test]
        fn what_is_packed_is_read_back(body in proptest::collection::vec(any::<u8>(), 0..5_000)) {
            prop_assert_eq!(unpacked(&packed(&body)).unwrap(), body);
        }

        #[test]
        fn never_panics(row in proptest::collection::vec(any::<u8>(), 0..500)) {
            let _ = unpacked(&row);
            let _ = unpacked(&[&[1, 100, 0, 0, 0][..], &row].concat());
        }
    }
}
