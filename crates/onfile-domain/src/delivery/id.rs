//! `dlv_` and two numbers in base 62: the event's and the endpoint's. It has no random tail: only
//! the account's own server may ask for one.

use std::fmt;
use std::str::FromStr;

use super::DeliveryId;
use crate::id::{NotAnId, parse_seq, write_seq};

const HEAD: &str = "dlv_";
/// Digits of each number, as in every id.
const WIDTH: usize = 7;

impl fmt::Display for DeliveryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HEAD)?;
        write_seq(f, self.event, WIDTH)?;
        write_seq(f, self.endpoint, WIDTH)
    }
}

impl FromStr for DeliveryId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<DeliveryId, NotAnId> {
        let digits = text.strip_prefix(HEAD).ok_or(NotAnId)?.as_bytes();
        if digits.len() != 2 * WIDTH {
            return Err(NotAnId);
        }
        let (event, endpoint) = digits.split_at(WIDTH);
        Ok(DeliveryId { event: parse_seq(event)?, endpoint: parse_seq(endpoint)? })
    }
}
