//! The standard's own notation of a field: `n6`, `n..19`, `ans...163`, `b64`, `x+n8`, `z..37`.

use super::wire::{Class, Size};

/// A field attribute as the standard prints it.
///
/// **Shape**: class letters, then a fixed size, or one dot for each digit of the length and the
/// greatest size. Letters for digits work too (`LLVAR n 19` is not read, `n LL 19` is not either).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notation {
    /// Which characters.
    pub class: Class,
    /// How long; a fixed `b` is counted in bits here, as the standard does.
    pub size: Size,
    /// Digits of the length, 0 for a fixed size.
    pub dots: u8,
}

/// Reads one attribute. Spaces inside are left out; what follows a `;` or a space after the size
/// (such as `YYMM`) is ignored.
#[must_use]
pub fn parse_notation(text: &str) -> Option<Notation> {
    let text = text.split(';').next().unwrap_or_default().trim();
    let letters_end = text.find(|c: char| c.is_ascii_digit() || c == '.' || c == '…')?;
    let (letters, rest) = text.split_at_checked(letters_end)?;
    let class = class_of(letters.trim())?;
    let dots = rest
        .chars()
        .take_while(|c| *c == '.' || *c == '…')
        .map(|c| if c == '…' { 3 } else { 1 });
    let dots = u8::try_from(dots.sum::<usize>()).ok()?;
    let digits: String = rest
        .chars()
        .skip_while(|c| *c == '.' || *c == '…' || *c == ' ')
        .take_while(char::is_ascii_digit)
        .collect();
    let number: u32 = digits.parse().ok()?;
    let size = if dots == 0 {
        Size::Fixed(number)
    } else {
        Size::Var {
            min: 0,
            max: number,
        }
    };
    (dots <= 6).then_some(Notation { class, size, dots })
}

fn class_of(letters: &str) -> Option<Class> {
    let lower: String = letters
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_ascii_lowercase();
    Some(match lower.as_str() {
        "a" => Class::A,
        "an" => Class::An,
        "anp" => Class::Anp,
        "ans" | "ansb" => Class::Ans,
        "as" => Class::As,
        "ascii" => Class::Ascii,
        "b" => Class::B,
        "h" => Class::Hex,
        "n" => Class::N,
        "ns" => Class::Ns,
        "s" => Class::S,
        "text" => Class::Text,
        "x+n" | "xn" => Class::Xn,
        "z" => Class::Z,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_that_specifications_print() {
        let var = |class, max, dots| {
            Some(Notation {
                class,
                size: Size::Var { min: 0, max },
                dots,
            })
        };
        assert_eq!(parse_notation("n..19"), var(Class::N, 19, 2));
        assert_eq!(parse_notation("ans...999"), var(Class::Ans, 999, 3));
        assert_eq!(parse_notation("z ..37"), var(Class::Z, 37, 2));
        let fixed = |class, len| {
            Some(Notation {
                class,
                size: Size::Fixed(len),
                dots: 0,
            })
        };
        assert_eq!(parse_notation("n 10; MMDDhhmmss"), fixed(Class::N, 10));
        assert_eq!(parse_notation("x+n 8"), fixed(Class::Xn, 8));
        assert_eq!(parse_notation("b 64"), fixed(Class::B, 64));
        assert_eq!(parse_notation("q9"), None);
        assert_eq!(parse_notation("n"), None);
    }
}
