//! What a rule makes ids and secrets from.

use std::str::FromStr;
use std::sync::Arc;

use crate::id::letter;

/// Row numbers and random bytes for what a rule makes, handed out in the same order each time
/// the rule is run. A mint that runs dry ([`Mint::is_dry`]) goes on with what anybody could guess:
/// the run counts for nothing, and is made again with more ([`Mint::with_more`]).
#[derive(Debug, Clone)]
pub struct Mint {
    first_seq: u64,
    seqs: u64,
    random: Arc<[u8]>,
    fixed: Vec<String>,
    minted: u64,
    used: usize,
    is_dry: bool,
}

impl Mint {
    /// Row numbers `first_seq..first_seq + seqs`, reserved for this call, and its random bytes.
    pub fn new(first_seq: u64, seqs: u64, random: Vec<u8>) -> Mint {
        Mint {
            first_seq,
            seqs,
            random: random.into(),
            fixed: Vec::new(),
            minted: 0,
            used: 0,
            is_dry: false,
        }
    }

    /// The same, with ids that are chosen beforehand: each stands for the next one of its kind.
    pub fn with_fixed(self, fixed: Vec<String>) -> Mint {
        Mint { fixed, ..self }
    }

    /// The same, with more random bytes behind those that it has.
    pub fn with_more(self, more: &[u8]) -> Mint {
        Mint { random: [&self.random[..], more].concat().into(), ..self }
    }

    /// Whether something was made when its random bytes were at an end.
    pub fn is_dry(&self) -> bool {
        self.is_dry
    }

    /// The next random byte.
    fn byte(&mut self) -> u8 {
        let Some(byte) = self.random.get(self.used) else {
            self.is_dry = true;
            return 0;
        };
        self.used += 1;
        *byte
    }

    /// The first of its row numbers.
    pub fn first_seq(&self) -> u64 {
        self.first_seq
    }

    /// The next row number.
    fn seq(&mut self) -> u64 {
        assert!(self.minted < self.seqs, "a rule made more rows than were reserved for it");
        self.minted += 1;
        self.first_seq + self.minted - 1
    }

    /// Random letters and digits.
    pub fn letters<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        for slot in &mut out {
            *slot = loop {
                if let Some(letter) = letter(self.byte()) {
                    break letter;
                }
            };
        }
        out
    }

    /// Random digits as text.
    pub fn digits<const N: usize>(&mut self) -> String {
        let mut text = String::with_capacity(N);
        while text.len() < N {
            let byte = self.byte();
            // 250 = 25 × 10: what lies above would favour the first six.
            if byte < 250 {
                text.push(char::from(b'0' + byte % 10));
            }
        }
        text
    }

    /// Random letters and digits as text.
    pub fn text<const N: usize>(&mut self) -> String {
        self.letters::<N>().iter().map(|byte| char::from(*byte)).collect()
    }

    /// A new id: `mint.id(ChargeId::new)`.
    pub fn id<I: FromStr>(&mut self, make: impl FnOnce(u64, [u8; 16]) -> I) -> I {
        let fixed = self.fixed.iter().enumerate().find_map(|(at, id)| Some((at, id.parse().ok()?)));
        if let Some((at, id)) = fixed {
            self.fixed.remove(at);
            return id;
        }
        let seq = self.seq();
        make(seq, self.letters())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_more_a_mint_makes_the_same_and_goes_on() {
        let bytes: Vec<u8> = (1..=60).collect();
        let mut short = Mint::new(1, 0, bytes[..20].to_vec());
        let made: [u8; 16] = short.letters();
        assert!(!short.is_dry());
        short.letters::<16>();
        assert!(short.is_dry(), "four bytes are no sixteen letters");
        let mut longer = Mint::new(1, 0, bytes[..20].to_vec()).with_more(&bytes[20..]);
        assert_eq!(longer.letters(), made);
        assert_eq!(longer.digits::<6>().len(), 6);
        assert!(!longer.is_dry());
    }
}
