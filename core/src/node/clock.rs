//! Calendar time inside the world: milliseconds turned into the dates and hours messages carry.
//!
//! The world begins on 2026-11-23 at 09:30:00, UTC+8, and owns the only clock there is.

use super::id::Millis;

/// Seconds from midnight at the moment the world begins: 09:30:00.
const START_OF_DAY_S: u64 = 9 * 3600 + 30 * 60;
/// Days from 1970-01-01 to 2026-11-23.
const START_DAY: u64 = 20_780;

/// A moment as people write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// Year, four digits.
    pub year: u32,
    /// Month, 1 to 12.
    pub month: u32,
    /// Day of the month, 1 to 31.
    pub day: u32,
    /// Hour, 0 to 23.
    pub hour: u32,
    /// Minute.
    pub minute: u32,
    /// Second.
    pub second: u32,
}

/// The calendar moment `now` milliseconds after the world began.
pub fn civil(now: Millis) -> Civil {
    let seconds = START_OF_DAY_S + now / 1000;
    let (year, month, day) = date(START_DAY + seconds / 86_400);
    let of_day = (seconds % 86_400) as u32;
    Civil {
        year,
        month,
        day,
        hour: of_day / 3600,
        minute: of_day / 60 % 60,
        second: of_day % 60,
    }
}

/// Days since 1970-01-01 as a Gregorian date (Howard Hinnant's civil_from_days, for positive days).
fn date(days: u64) -> (u32, u32, u32) {
    let z = days + 719_468;
    let era = z / 146_097;
    let doe = z % 146_097;
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + u64::from(month <= 2);
    (year as u32, month as u32, day as u32)
}

impl Civil {
    /// `hhmmss`, as F12 carries it.
    pub fn hhmmss(self) -> String {
        format!("{:02}{:02}{:02}", self.hour, self.minute, self.second)
    }

    /// `MMDD`, as F13 and F15 carry it.
    pub fn mmdd(self) -> String {
        format!("{:02}{:02}", self.month, self.day)
    }

    /// `YYMMDD`, as EMV tag 9A carries it.
    pub fn yymmdd(self) -> String {
        format!("{:02}{:02}{:02}", self.year % 100, self.month, self.day)
    }

    /// `MMDDhhmmss`, as F7 carries it.
    pub fn f7(self) -> String {
        format!("{}{}", self.mmdd(), self.hhmmss())
    }

    /// `YYMM` as a number, to compare with an expiry.
    pub fn yymm(self) -> u32 {
        self.year % 100 * 100 + self.month
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_world_begins_on_its_day() {
        let c = civil(0);
        assert_eq!((c.year, c.month, c.day), (2026, 11, 23));
        assert_eq!(c.f7(), "1123093000");
    }

    #[test]
    fn midnight_and_new_year_pass() {
        let to_midnight = (24 * 3600 - START_OF_DAY_S) * 1000;
        assert_eq!(civil(to_midnight).f7(), "1124000000");
        let c = civil(to_midnight + 38 * 86_400_000);
        assert_eq!((c.year, c.month, c.day), (2027, 1, 1));
    }
}
