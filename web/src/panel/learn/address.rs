//! Questions in the address and in the footer's command.

use poslab_core::value::Pan;

/// A question as the fragment of the address carries it: percent-encoded UTF-8.
pub fn encoded(question: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'=');
    let mut out = String::new();
    for byte in question.bytes() {
        if plain(byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The question that a fragment carries; what is not encoded rightly is taken as it stands.
pub fn decoded(rest: &str) -> String {
    let mut bytes = Vec::with_capacity(rest.len());
    let mut at = 0;
    let raw = rest.as_bytes();
    while let Some(&byte) = raw.get(at) {
        let escaped = rest.get(at + 1..at + 3).filter(|_| byte == b'%');
        match escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(value) => {
                bytes.push(value);
                at += 3;
            }
            None => {
                bytes.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| rest.to_owned())
}

/// A question as a shell takes it, with anything as long as a card number masked.
pub fn quoted(question: &str) -> String {
    let question = masked(question);
    let safe = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | '=' | '*');
    if question.chars().all(safe) {
        question
    } else {
        format!("'{}'", question.replace('\'', "'\\''"))
    }
}

/// The text with every run of twelve or more digits masked.
fn masked(text: &str) -> String {
    let mut out = String::new();
    let mut digits = String::new();
    for c in text.chars().chain(core::iter::once('\n')) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        out.push_str(&if digits.len() > 12 {
            Pan::mask(&digits)
        } else {
            digits.clone()
        });
        digits.clear();
        out.push(c);
    }
    out.pop();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_comes_back_from_the_address() {
        for question in [
            "reversal",
            "trace number",
            "冲正",
            "95=0000048000",
            "100%",
            "a&b#c?",
        ] {
            assert_eq!(decoded(&encoded(question)), question);
            assert!(encoded(question).is_ascii());
        }
        assert_eq!(decoded("%E5%86"), "%E5%86");
        assert_eq!(decoded("%"), "%");
    }

    #[test]
    fn a_shell_takes_it_as_one_word() {
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted("4=000000012345"), "4=000000012345");
    }
}
