//! The plain meaning of one value: what the characters of a field say to a person.

mod date;
mod emv;
mod field;
mod private;
mod track;

use super::Lang;

/// How a description asks for the other fields of its message, by path (`DE49`, `DE60.1`, `MTI`).
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The plain meaning of a value, or `None` when the characters speak for themselves.
///
/// `path` is `MTI`, `DE4`, `DE60.2`, `DE55.9F10` (a second occurrence is `DE55.9F10#2`) or a tag
/// alone; `value` is the canonical text: digits, text, or upper-case hexadecimal for binary.
/// Card numbers are masked and names are never shown.
///
/// ```
/// use poslab_core::words::{Lang, describe};
/// let other = |path: &str| (path == "DE49").then(|| "156".to_owned());
/// assert_eq!(describe("DE4", "000000012345", &other, Lang::En).as_deref(), Some("CNY 123.45"));
/// assert_eq!(describe("DE39", "51", &other, Lang::Zh).as_deref(), Some("51 可用余额不足"));
/// ```
#[must_use]
pub fn describe(path: &str, value: &str, other: Lookup<'_>, lang: Lang) -> Option<String> {
    let path = path.split('#').next().unwrap_or_default();
    if path == "MTI" {
        return Some(super::mti::describe(
            crate::value::Mti::parse(value).ok()?,
            lang,
        ));
    }
    let Some((number, rest)) = field_number(path) else {
        return emv::describe(last(path), value, other, lang);
    };
    match (number, rest) {
        (_, None) => field::describe(number, value, other, lang),
        (48 | 60 | 61 | 62 | 63, Some(part)) => private::part(number, part, value, other, lang),
        (_, Some(part)) if super::emv_tag(last(part)).is_some() => {
            emv::describe(last(part), value, other, lang)
        }
        (_, Some(part)) => field::part(number, part, value, other, lang),
    }
}

/// The number of a field and what stands behind the first dot of its path.
fn field_number(path: &str) -> Option<(u8, Option<&str>)> {
    let path = path.strip_prefix("DE")?;
    let (number, rest) = path
        .split_once('.')
        .map_or((path, None), |(n, rest)| (n, Some(rest)));
    Some((number.parse().ok()?, rest))
}

/// The last segment of a path.
fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or_default()
}

/// One of two texts.
fn say(en: impl Into<String>, zh: impl Into<String>, lang: Lang) -> String {
    match lang {
        Lang::En => en.into(),
        Lang::Zh => zh.into(),
    }
}

/// Parts joined as a list.
pub(super) fn join(parts: &[String], lang: Lang) -> Option<String> {
    let separator = match lang {
        Lang::En => "; ",
        Lang::Zh => "；",
    };
    (!parts.is_empty()).then(|| parts.join(separator))
}

/// The characters that hexadecimal digits stand for, when all are printable ASCII.
fn ascii_of_hex(hex_digits: &str) -> Option<String> {
    let bytes = hex::decode(hex_digits).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    (!text.is_empty() && text.chars().all(|c| c == ' ' || c.is_ascii_graphic())).then_some(text)
}

#[cfg(test)]
mod tests;
