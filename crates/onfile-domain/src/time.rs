//! Two kinds of time, two types: a world's clock can be moved, the wall's can't.

/// Seconds since 1970 by a world's clock, as the wire's `created` counts them.
///
/// Expiries, retries that are due and the age of idempotency keys are counted in it.
/// Signatures and HTTP timeouts use the wall's clock and never this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct WorldTime(pub i64);

impl WorldTime {
    /// This instant, `seconds` later (or earlier, when negative).
    pub fn plus(self, seconds: i64) -> WorldTime {
        WorldTime(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` until this instant; negative when it lies before.
    pub fn since(self, earlier: WorldTime) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Year and month (1 to 12) in UTC.
    pub fn year_month(self) -> (i64, u8) {
        let (year, month, _) = civil_from_days(self.0.div_euclid(86_400));
        (year, month)
    }

    /// Midnight UTC at the start of this day.
    pub fn midnight(self) -> WorldTime {
        WorldTime(self.0.div_euclid(86_400) * 86_400)
    }

    /// Days since Monday: 0 is Monday, 6 is Sunday.
    pub fn weekday(self) -> u8 {
        // 1970-01-01 was a Thursday.
        (self.0.div_euclid(86_400) + 3).rem_euclid(7) as u8
    }

    /// The first instant of a UTC month; `month` counts from 1.
    pub fn month_start(year: i64, month: u8) -> WorldTime {
        WorldTime(days_from_civil(year, i64::from(month), 1) * 86_400)
    }
}

/// Gregorian date of a day count from 1970-01-01 (the usual era arithmetic).
fn civil_from_days(days: i64) -> (i64, u8, u8) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month as u8, day as u8)
}

/// Days from 1970-01-01 to a Gregorian date.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let era = shifted_year.div_euclid(400);
    let year_of_era = shifted_year.rem_euclid(400);
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_days() {
        for (unix, year_month, weekday) in [
            (0, (1970, 1), 3),
            (951_782_400, (2000, 2), 1),    // 29 February 2000, a Tuesday
            (1_767_225_599, (2025, 12), 2), // the last second of 2025, a Wednesday
            (1_767_225_600, (2026, 1), 3),
        ] {
            let at = WorldTime(unix);
            assert_eq!(at.year_month(), year_month, "{unix}");
            assert_eq!(at.weekday(), weekday, "{unix}");
        }
        assert_eq!(WorldTime::month_start(2026, 1), WorldTime(1_767_225_600));
    }
}
