//! Which brand a number belongs to, by its first digits (`card-network.md` 10.1). Brands that no
//! test card has and the API has no word for are left out: their numbers are `unknown`.

use onfile_domain::card::Brand;

/// The brand of a number: the longest range that it falls into.
pub(super) fn brand(number: &str) -> Brand {
    RANGES
        .iter()
        .filter(|range| range.holds(number))
        .max_by_key(|range| range.first.len())
        .map_or(Brand::Unknown, |range| range.brand)
}

struct Range {
    first: &'static str,
    last: &'static str,
    brand: Brand,
}

impl Range {
    fn holds(&self, number: &str) -> bool {
        // Texts of one length compare as numbers do.
        number.get(..self.first.len()).is_some_and(|head| self.first <= head && head <= self.last)
    }
}

const fn range(first: &'static str, last: &'static str, brand: Brand) -> Range {
    Range { first, last, brand }
}

const RANGES: &[Range] = &[
    range("4", "4", Brand::Visa),
    range("51", "55", Brand::Mastercard),
    range("222100", "272099", Brand::Mastercard),
    range("34", "34", Brand::Amex),
    range("37", "37", Brand::Amex),
    range("6011", "6011", Brand::Discover),
    range("644", "649", Brand::Discover),
    range("65", "65", Brand::Discover),
    range("300", "305", Brand::Diners),
    range("309", "309", Brand::Diners),
    range("36", "36", Brand::Diners),
    range("38", "39", Brand::Diners),
    range("3528", "3589", Brand::Jcb),
    range("3088", "3094", Brand::Jcb),
    range("3096", "3102", Brand::Jcb),
    range("3112", "3120", Brand::Jcb),
    range("3158", "3159", Brand::Jcb),
    range("3337", "3349", Brand::Jcb),
    range("62", "62", Brand::Unionpay),
    range("8100", "8171", Brand::Unionpay),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_range_wins() {
        for (number, expected) in [
            ("4242424242424242", Brand::Visa),
            ("5555555555554444", Brand::Mastercard),
            ("5000000000000000", Brand::Unknown),
            ("2220990000000000", Brand::Unknown),
            ("2221000000000000", Brand::Mastercard),
            ("2720990000000000", Brand::Mastercard),
            ("2721000000000000", Brand::Unknown),
            ("378282246310005", Brand::Amex),
            ("6011111111111117", Brand::Discover),
            ("6555900000604105", Brand::Discover),
            ("3056930009020004", Brand::Diners),
            ("36227206271667", Brand::Diners),
            ("3088000000000000", Brand::Jcb),
            ("3566002020360505", Brand::Jcb),
            ("6205500000000000004", Brand::Unionpay),
            ("5062210000000009", Brand::Unknown),
        ] {
            assert_eq!(brand(number), expected, "{number}");
        }
    }
}
