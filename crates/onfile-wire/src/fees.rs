//! The page on what an account pays, from the very table that it is booked by.

use onfile_domain::fees::{SCHEDULES, Schedule, Settlement};

const HEAD: &str = "\
# Fees and settlement

What an account pays for each captured payment, and when its money can be paid out: by the country \
of the account (`POST /onfile/v1/test/account` moves a test account), for what follows. Generated \
from the table that payments are booked by; a test keeps it true.

| account in | of each payment | card of another country | and | can be paid out |
|---|---|---|---|---|
";

const TAIL: &str = "
The percent part is rounded half up; the whole fee is never more than the payment. The fixed part \
is in hundredths of the currency's unit, or in units where it has no parts (¥30). A payment in \
another currency is converted into the account's first, and the fee is taken of what it comes to.

A refund costs nothing and returns no fee. It leaves the account's balance in the currency that \
the charge was booked in, and settles as a payment does; so does money that comes back because its \
bank did not take it. Refunds of parts give back, all together, what was booked, to the cent.

Payments of the test cards `pm_card_bypassPending` and `pm_card_bypassPendingInternational` can be \
paid out at once. The dispute fee comes with disputes.
";

/// The text of `docs/fees.md`.
pub fn page() -> String {
    let rows: String = SCHEDULES.iter().map(row).collect();
    format!("{HEAD}{rows}{TAIL}")
}

fn row(it: &Schedule) -> String {
    let country = it.country.unwrap_or("any other country");
    let days = match it.settlement {
        Settlement::BusinessDays(days) => format!("{days} business days later"),
        Settlement::Days(days) => format!("{days} days later"),
    };
    let (each, foreign) = (percent(it.percent_bps), percent(it.foreign_bps));
    let (units, parts) = (it.fixed / 100, it.fixed % 100);
    format!("| {country} | {each} | + {foreign} | {units}.{parts:02} | {days}, midnight UTC |\n")
}

/// Hundredths of a percent in words: `2.9 %`.
fn percent(bps: i64) -> String {
    let parts = format!("{:02}", bps % 100);
    match parts.trim_end_matches('0') {
        "" => format!("{} %", bps / 100),
        parts => format!("{}.{parts} %", bps / 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_every_row() {
        let page = page();
        for row in [
            "| CA | 2.9 % | + 0.8 % | 0.30 | 7 days later, midnight UTC |\n",
            "| any other country | 2.9 % | + 0 % | 0.30 | 2 business days later, midnight UTC |\n",
        ] {
            assert!(page.contains(row), "{page}");
        }
        assert_eq!(
            (percent(325), percent(300), percent(5)),
            ("3.25 %".into(), "3 %".into(), "0.05 %".into())
        );
    }
}
