//! Ids that look like Stripe's: a prefix, a per-world counter in base 62, a random tail.
//!
//! The counter sorts ids by creation and is the row's key inside its world; the tail keeps them
//! from being guessed. Lengths: `stripe-api.md` 1.11.

use std::fmt;
use std::str::FromStr;

/// Digits in ASCII order, so that ids sort as they were made.
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Sixteen random characters of the alphabet: 95 bits.
pub type Tail = [u8; 16];

/// The text is no id of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of this kind")]
pub struct NotAnId;

/// Writes `seq` in exactly `width` base-62 digits.
pub(crate) fn write_seq(f: &mut fmt::Formatter<'_>, seq: u64, width: usize) -> fmt::Result {
    let mut digits = [b'0'; 11];
    let mut rest = seq;
    for digit in digits[..width].iter_mut().rev() {
        *digit = ALPHABET[(rest % 62) as usize];
        rest /= 62;
    }
    assert_eq!(rest, 0, "a world's counter outgrew its ids");
    f.write_str(std::str::from_utf8(&digits[..width]).expect("the alphabet is ASCII"))
}

pub(crate) fn parse_seq(digits: &[u8]) -> Result<u64, NotAnId> {
    digits.iter().try_fold(0u64, |seq, digit| {
        let value = ALPHABET.binary_search(digit).map_err(|_| NotAnId)?;
        Ok(seq * 62 + value as u64)
    })
}

fn parse(text: &str, head: &str, width: usize, tail_len: usize) -> Result<(u64, Tail), NotAnId> {
    let rest = text.strip_prefix(head).ok_or(NotAnId)?.as_bytes();
    if rest.len() != width + tail_len || !rest.iter().all(u8::is_ascii_alphanumeric) {
        return Err(NotAnId);
    }
    let mut tail = [0; 16];
    tail[..tail_len].copy_from_slice(&rest[width..]);
    Ok((parse_seq(&rest[..width])?, tail))
}

/// Maps a random byte to a letter or digit without bias; `None` for the few bytes to skip.
pub fn letter(random: u8) -> Option<u8> {
    // 248 = 4 × 62: what lies above would favour the first eight.
    (random < 248).then(|| ALPHABET[usize::from(random % 62)])
}

macro_rules! ids {
    ($($name:ident = $head:literal, $width:literal, $tail:literal, $doc:literal;)*) => {$(
        #[doc = $doc]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name {
            /// The row's key inside its world; counts up with each thing made there.
            pub seq: u64,
            tail: Tail,
        }

        impl $name {
            /// What every id of this kind begins with.
            pub const HEAD: &'static str = $head;
            /// How many digits the counter behind it has.
            pub const COUNTER: usize = $width;
            /// How many letters and digits stand behind the counter.
            pub const TAIL: usize = $tail;

            /// The id of row `seq` with this random tail; a short kind uses the tail's beginning.
            pub fn new(seq: u64, mut tail: Tail) -> $name {
                tail[$tail..].fill(0);
                $name { seq, tail }
            }

            /// The random part, as it is stored.
            pub fn tail(&self) -> &str {
                std::str::from_utf8(&self.tail[..$tail]).expect("tails are letters and digits")
            }

            /// The id of a stored row.
            ///
            /// # Errors
            /// When `tail` is not a tail of this kind.
            pub fn from_row(seq: u64, tail: &str) -> Result<$name, NotAnId> {
                if tail.len() != $tail || !tail.bytes().all(|b| b.is_ascii_alphanumeric()) {
                    return Err(NotAnId);
                }
                let mut bytes = [0; 16];
                bytes[..$tail].copy_from_slice(tail.as_bytes());
                Ok($name { seq, tail: bytes })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($head)?;
                write_seq(f, self.seq, $width)?;
                f.write_str(self.tail())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<$name, NotAnId> {
                let (seq, tail) = parse(text, $head, $width, $tail)?;
                Ok($name { seq, tail })
            }
        }
    )*};
}

ids! {
    CustomerId           = "cus_",     6,  8, "Someone who pays an account more than once.";
    PaymentMethodId      = "pm_1",     7, 16, "How someone pays: one card.";
    PaymentIntentId      = "pi_3",     7, 16, "One wish to be paid, whatever number of attempts it takes.";
    SetupIntentId        = "seti_1",   7, 16, "One wish to save a payment method.";
    SetupAttemptId       = "setatt_1", 7, 16, "One confirmation of a setup intent.";
    ChargeId             = "ch_3",     7, 16, "One message of a payment to the issuer, or one we blocked.";
    BalanceTransactionId = "txn_3",    7, 16, "One movement of an account's money.";
    EventId              = "evt_1",    7, 16, "Something that happened, told to whoever listens.";
    AttemptId            = "att_1",    7, 16, "One try to move money; written down before the network hears of it.";
    AgreementId          = "agr_1",    7, 16, "A customer's standing leave to charge one saved card.";
    AgreementUseId       = "agu_1",    7, 16, "One charge made under an agreement.";
    AuthenticationId     = "payatt_3", 7, 16, "One question to the customer's bank whether the customer is there.";
    PastDeclineId        = "dec_1",    7, 16, "A decline that counts against the networks' limits.";
    SnapshotId           = "snap_1",   7, 16, "A world as it stood.";
    TestClockId          = "clock_1",  7, 16, "A frozen time of its own for some customers.";
    WebhookEndpointId    = "we_1",     7, 16, "An address that is told of events.";
    RefundId             = "re_3",     7, 16, "Money given back.";
    StatementId          = "stm_1",    7, 16, "What an account had at a moment. Stripe's balance has no id, so that nobody sees it.";
    AdjustmentId         = "adj_1",    7, 16, "An order's new total, and how it was reached.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_the_wire() {
        let id = PaymentIntentId::new(1_234_567, *b"abcdefghijklmnop");
        let text = id.to_string();
        assert_eq!(text.len(), "pi_".len() + 24);
        assert_eq!(text.parse(), Ok(id));
        assert_eq!(PaymentIntentId::from_row(id.seq, id.tail()), Ok(id));

        let customer = CustomerId::new(61, *b"abcdefghijklmnop");
        assert_eq!(customer.to_string(), "cus_00000zabcdefgh");
        assert_eq!(customer.to_string().parse(), Ok(customer));
    }

    #[test]
    fn other_texts_are_no_ids() {
        for text in [
            "",
            "pi_",
            "pi_3",
            "cus_00000zabcdefgh",
            "pi_3000000!abcdefghijklmnop",
            "pi_nope",
            "pi_3é",
        ] {
            assert_eq!(text.parse::<PaymentIntentId>(), Err(NotAnId), "{text}");
        }
    }

    #[test]
    fn ids_sort_as_they_were_made() {
        let early = ChargeId::new(61, *b"zzzzzzzzzzzzzzzz").to_string();
        let late = ChargeId::new(62, *b"0000000000000000").to_string();
        assert!(early < late);
    }
}
