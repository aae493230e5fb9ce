//! Amounts and currencies. Floats never touch money.

use std::fmt;
use std::str::FromStr;

/// An amount in its currency's smallest unit: 1099 is $10.99, and ¥1,099. Negative only in a
/// ledger.
///
/// There is no `Add` and no `Ord`: two currencies can't be added, and asking is our bug. The count
/// is not to be counted with by hand where it can be asked here: sums are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    /// What is counted.
    pub currency: Currency,
}

impl Money {
    /// So many minor units of a currency.
    pub fn new(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }

    /// The count of minor units.
    pub fn minor(self) -> i64 {
        self.minor
    }

    /// So many minor units of the same currency.
    #[must_use]
    pub fn with_minor(self, minor: i64) -> Money {
        Money { minor, ..self }
    }

    /// Whether this is enough for `other`. Two currencies here are our bug, so it panics.
    pub fn covers(self, other: Money) -> bool {
        assert_eq!(self.currency, other.currency);
        self.minor >= other.minor
    }

    /// The sum. Two currencies, or an overflow, are our bug, so it panics.
    #[must_use]
    pub fn plus(self, other: Money) -> Money {
        assert_eq!(self.currency, other.currency);
        self.with_minor(self.minor.checked_add(other.minor).expect(FITS))
    }

    /// The difference. Two currencies, or an overflow, are our bug, so it panics.
    #[must_use]
    pub fn minus(self, other: Money) -> Money {
        assert_eq!(self.currency, other.currency);
        self.with_minor(self.minor.checked_sub(other.minor).expect(FITS))
    }
}

/// Why a sum of amounts can't be too great.
const FITS: &str = "amounts have at most 12 digits, so millions of them fit 64 bits";

/// A currency that Stripe supports, by its lower-case ISO 4217 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The US dollar, the currency of a new test account.
    pub const USD: Currency = Currency(*b"usd");
    /// The euro, in which the rules of section 6 count.
    pub const EUR: Currency = Currency(*b"eur");

    /// The lower-case code, as the wire shows it.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("parsed from ASCII letters")
    }

    /// Decimal digits of the minor unit as Stripe's API counts them (`stripe-api.md` 1.12).
    pub fn exponent(&self) -> u32 {
        match self.code() {
            "bif" | "clp" | "djf" | "gnf" | "jpy" | "kmf" | "krw" | "mga" | "pyg" | "rwf"
            | "vnd" | "vuv" | "xaf" | "xof" | "xpf" => 0,
            "bhd" | "jod" | "kwd" | "omr" | "tnd" => 3,
            _ => 2,
        }
    }

    /// The least that an account which settles in it can charge, in minor units; `None` where
    /// Stripe names no minimum.
    pub fn minimum_charge(&self) -> Option<i64> {
        Some(match self.code() {
            "usd" | "aud" | "brl" | "cad" | "chf" | "eur" | "inr" | "nzd" | "sgd" | "jpy" => 50,
            "gbp" => 30,
            "aed" | "myr" | "pln" | "ron" => 200,
            "bgn" => 100,
            "czk" => 1_500,
            "dkk" => 250,
            "hkd" => 400,
            "huf" => 17_500,
            "mxn" | "thb" => 1_000,
            "nok" | "sek" => 300,
            _ => return None,
        })
    }

    /// What every amount is a multiple of, in minor units: networks have no use for the third
    /// decimal of some currencies, nor for any of two whose decimals went out of use
    /// (`stripe-api.md` 1.12).
    pub fn step(&self) -> i64 {
        match (self.exponent(), self.code()) {
            (3, _) => 10,
            (_, "isk" | "ugx") => 100,
            _ => 1,
        }
    }

    /// The most that can be charged, in minor units: eight digits, twelve for the rupiah.
    pub fn maximum_charge(&self) -> i64 {
        if self.code() == "idr" { 999_999_999_999 } else { 99_999_999 }
    }

    /// The sign that Stripe's texts put before an amount, and nothing where they spell the code.
    pub fn symbol(&self) -> &'static str {
        match self.code() {
            "usd" | "cad" | "aud" | "nzd" | "sgd" | "hkd" | "mxn" => "$",
            "eur" => "€",
            "gbp" => "£",
            "jpy" | "cny" => "¥",
            "inr" => "₹",
            _ => "",
        }
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Not one of [`CURRENCIES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a supported currency")]
pub struct UnknownCurrency;

impl FromStr for Currency {
    type Err = UnknownCurrency;

    /// Takes any case, as Stripe does.
    fn from_str(text: &str) -> Result<Currency, UnknownCurrency> {
        let lower = text.to_ascii_lowercase();
        let known = CURRENCIES.split(", ").any(|code| code == lower && code.len() == 3);
        let bytes: [u8; 3] = lower.as_bytes().try_into().map_err(|_| UnknownCurrency)?;
        if known { Ok(Currency(bytes)) } else { Err(UnknownCurrency) }
    }
}

/// The currencies as Stripe's own refusal lists them, in its order (`stripe-api.md` 1.7).
/// `usdc` stands in that text but can't be charged to a card.
pub const CURRENCIES: &str = "usd, aed, afn, all, amd, ang, aoa, ars, aud, awg, azn, bam, bbd, \
bdt, bgn, bhd, bif, bmd, bnd, bob, brl, bsd, bwp, byn, bzd, cad, cdf, chf, clp, cny, cop, crc, \
cve, czk, djf, dkk, dop, dzd, egp, etb, eur, fjd, fkp, gbp, gel, gip, gmd, gnf, gtq, gyd, hkd, \
hnl, hrk, htg, huf, idr, ils, inr, isk, jmd, jod, jpy, kes, kgs, khr, kmf, krw, kwd, kyd, kzt, \
lak, lbp, lkr, lrd, lsl, mad, mdl, mga, mkd, mmk, mnt, mop, mur, mvr, mwk, mxn, myr, mzn, nad, \
ngn, nio, nok, npr, nzd, omr, pab, pen, pgk, php, pkr, pln, pyg, qar, ron, rsd, rub, rwf, sar, \
sbd, scr, sek, sgd, shp, sle, sos, srd, std, szl, thb, tjs, tnd, top, try, ttd, twd, tzs, uah, \
ugx, uyu, uzs, vnd, vuv, wst, xaf, xcd, xcg, xof, xpf, yer, zar, zmw, usdc, btn, ghs, eek, lvl, \
svc, vef, ltl, sll, mro";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_checked() {
        let usd = |minor| Money::new(minor, Currency::USD);
        assert_eq!(usd(7).plus(usd(-9)), usd(-2));
        assert_eq!(usd(7).minus(usd(9)), usd(-2));
        let panics = |sum: fn() -> Money| std::panic::catch_unwind(sum).is_err();
        assert!(panics(|| Money::new(i64::MAX, Currency::USD).plus(Money::new(1, Currency::USD))));
        assert!(
            panics(|| Money::new(-2, Currency::USD).minus(Money::new(i64::MAX, Currency::USD)))
        );
        assert!(panics(|| Money::new(0, Currency::USD).minus(Money::new(i64::MIN, Currency::USD))));
        assert!(panics(|| Money::new(1, Currency::USD).plus(Money::new(1, Currency::EUR))));
        assert!(panics(|| Money::new(1, Currency::USD).minus(Money::new(1, Currency::EUR))));
    }

    #[test]
    fn currencies_parse_in_any_case() {
        assert_eq!("USD".parse(), Ok(Currency::USD));
        assert_eq!("jpy".parse::<Currency>().map(|c| c.exponent()), Ok(0));
        assert_eq!("usdc".parse::<Currency>(), Err(UnknownCurrency));
        assert_eq!("us".parse::<Currency>(), Err(UnknownCurrency));
        assert_eq!("u, a".parse::<Currency>(), Err(UnknownCurrency));
    }
}
