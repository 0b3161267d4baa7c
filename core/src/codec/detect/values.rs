//! Does a value look like what its field holds? Only fields whose meaning is the same everywhere.

use crate::bytes::Charset;
use crate::spec::Coding;
use crate::value::{Currency, Pan};

/// Whether the value of a field is plausible; `None` for fields that may hold anything.
pub(in crate::codec) fn plausible(de: u8, value: &str, coding: Coding) -> Option<bool> {
    let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    Some(match de {
        2 => digits && (12..=19).contains(&value.len()),
        3 | 4 | 5 | 6 | 11 => digits,
        7 => digits && month_day(value, 0) && time(value, 4),
        12 => {
            digits
                && if value.len() == 12 {
                    month_day(value, 2) && time(value, 6)
                } else {
                    time(value, 0)
                }
        }
        13 | 15..=17 => digits && (month_day(value, value.len().saturating_sub(4)) || zero(value)),
        14 => digits && value.get(2..4).is_some_and(|m| in_range(m, 1, 12)) || zero(value),
        18 | 24 | 70 => digits,
        22 if value.len() <= 4 => digits,
        25 | 26 => digits,
        32 | 33 => digits,
        35 => track2(value),
        37 | 38 | 41 | 42 | 43 => printable(value, coding),
        39 if value.len() <= 3 => value.bytes().all(|b| b.is_ascii_alphanumeric()),
        44..=48 | 54 | 56..=63 if matches!(coding, Coding::Chars(_)) => printable(value, coding),
        49..=51 => Currency::parse(value).is_ok_and(Currency::is_known),
        _ => return None,
    })
}

/// How strongly a plausible value speaks for a reading: a card number with a right check digit
/// and a track with a separator rarely come by chance.
pub(super) fn weight(de: u8, value: &str) -> usize {
    match de {
        2 if Pan::parse(value).is_ok_and(|pan| pan.luhn_ok()) => 3,
        7 | 35 | 49 => 3,
        12..=15 | 37 | 41 | 42 => 2,
        _ => 1,
    }
}

fn in_range(text: &str, low: u32, high: u32) -> bool {
    text.parse::<u32>().is_ok_and(|n| (low..=high).contains(&n))
}

fn zero(value: &str) -> bool {
    value.bytes().all(|b| b == b'0')
}

fn month_day(value: &str, at: usize) -> bool {
    value.get(at..at + 2).is_some_and(|m| in_range(m, 1, 12))
        && value
            .get(at + 2..at + 4)
            .is_some_and(|d| in_range(d, 1, 31))
}

fn time(value: &str, at: usize) -> bool {
    value.get(at..at + 2).is_some_and(|h| in_range(h, 0, 23))
        && value
            .get(at + 2..at + 4)
            .is_some_and(|m| in_range(m, 0, 59))
        && value
            .get(at + 4..at + 6)
            .is_some_and(|s| in_range(s, 0, 59))
}

/// Enciphered tracks have no separator, so only a wrong place for one is implausible.
fn track2(value: &str) -> bool {
    let value = value.trim_start_matches(';');
    match value.find(['D', '=', 'd']) {
        Some(at) => (8..=19).contains(&at),
        None => value.bytes().all(|b| b.is_ascii_hexdigit()) && value.len() >= 16,
    }
}

fn printable(value: &str, coding: Coding) -> bool {
    let gbk = matches!(coding, Coding::Chars(Charset::Gbk | Charset::Utf8));
    value
        .chars()
        .all(|c| !c.is_control() && c != '\u{fffd}' && (c.is_ascii() || gbk))
}
