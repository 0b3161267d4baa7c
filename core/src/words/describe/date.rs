//! Dates and times in words: the digits in the order in which people read them.

use super::say;
use crate::words::Lang;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Reads a date or time by a pattern of the letters `YMDhms`, two digits each (`YYYY` is four).
pub(super) fn date(pattern: &str, digits: &str, lang: Lang) -> Option<String> {
    if pattern.len() != digits.len() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |letter: char| {
        let taken = pattern
            .chars()
            .zip(digits.chars())
            .filter(|(p, _)| *p == letter);
        taken.map(|(_, d)| d).collect::<String>()
    };
    let [year, month, day] = ['Y', 'M', 'D'].map(part);
    let [hour, minute, second] = ['h', 'm', 's'].map(part);
    let mut text = match (month.is_empty(), day.is_empty()) {
        (true, _) => String::new(),
        (false, true) => month_and_year(&century(&year), &month, lang)?,
        (false, false) => whole_date(&century(&year), &month, &day, lang)?,
    };
    if !hour.is_empty() {
        let within = |part: &str, limit: &str| part.is_empty() || part <= limit;
        if !(within(&hour, "23") && within(&minute, "59") && within(&second, "60")) {
            return None;
        }
        let gap = if text.is_empty() { "" } else { " " };
        let tail = if second.is_empty() {
            String::new()
        } else {
            format!(":{second}")
        };
        text = format!("{text}{gap}{hour}:{minute}{tail}");
    }
    Some(text)
}

/// A year with its century; cards and messages of this field are all of the twenty-first.
fn century(year: &str) -> String {
    if year.len() == 2 {
        format!("20{year}")
    } else {
        year.to_owned()
    }
}

fn month_and_year(year: &str, month: &str, lang: Lang) -> Option<String> {
    let name = month_name(month)?;
    Some(say(
        format!("{name} {year}"),
        format!("{year} 年 {} 月", plain(month)),
        lang,
    ))
}

fn whole_date(year: &str, month: &str, day: &str, lang: Lang) -> Option<String> {
    let name = month_name(month)?;
    if !(1..=31).contains(&day.parse::<u8>().ok()?) {
        return None;
    }
    let (month, day) = (plain(month), plain(day));
    Some(match year {
        "" => say(
            format!("{day} {name}"),
            format!("{month} 月 {day} 日"),
            lang,
        ),
        year => say(
            format!("{day} {name} {year}"),
            format!("{year} 年 {month} 月 {day} 日"),
            lang,
        ),
    })
}

fn month_name(month: &str) -> Option<&'static str> {
    MONTHS
        .get(month.parse::<usize>().ok()?.checked_sub(1)?)
        .copied()
}

/// Digits without leading zeros.
fn plain(digits: &str) -> &str {
    let plain = digits.trim_start_matches('0');
    if plain.is_empty() { "0" } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_in_both_languages() {
        for (pattern, digits, en, zh) in [
            ("YYMM", "3012", "Dec 2030", "2030 年 12 月"),
            ("MMDD", "0427", "27 Apr", "4 月 27 日"),
            ("hhmmss", "134704", "13:47:04", "13:47:04"),
            (
                "MMDDhhmmss",
                "1107120000",
                "7 Nov 12:00:00",
                "11 月 7 日 12:00:00",
            ),
            ("YYMMDD", "170314", "14 Mar 2017", "2017 年 3 月 14 日"),
            ("YYYYMMDD", "20301231", "31 Dec 2030", "2030 年 12 月 31 日"),
        ] {
            assert_eq!(date(pattern, digits, Lang::En).as_deref(), Some(en));
            assert_eq!(date(pattern, digits, Lang::Zh).as_deref(), Some(zh));
        }
        for (pattern, digits) in [
            ("YYMM", "3013"),
            ("MMDD", "0100"),
            ("hhmmss", "240000"),
            ("MMDD", "1"),
        ] {
            assert_eq!(date(pattern, digits, Lang::En), None, "{digits}");
        }
    }
}
