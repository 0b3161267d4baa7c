//! What a sub-verb is given beside plain texts: secrets, data, and random digits.

use crate::fail::Fail;
use crate::secret::Source;
use zeroize::Zeroizing;

/// Reads a secret: `@FILE`, `-`, `fd:N`, or a literal when `literal` is allowed.
pub fn secret(flag: &str, value: &str, literal: bool) -> Result<Zeroizing<String>, Fail> {
    Source::from(value).named(flag, literal)
}

/// Reads data: as a secret, literals always allowed, white space dropped.
pub fn data(flag: &str, value: &str) -> Result<String, Fail> {
    let text = secret(flag, value, true)?;
    Ok(text.chars().filter(|c| !c.is_whitespace()).collect())
}

/// Random hexadecimal digits from the system, each at least `lowest`.
pub fn random_digits(lowest: u8, count: usize) -> Result<String, Fail> {
    let mut digits = String::new();
    let mut byte = [0];
    while digits.len() < count {
        getrandom::fill(&mut byte).map_err(|error| {
            let words = format!("random digits ({error}); give them with --fill or --random");
            Fail::Io(words, std::io::ErrorKind::Unsupported.into())
        })?;
        let nibble = byte[0] & 15;
        if nibble >= lowest {
            digits.push(
                char::from_digit(nibble.into(), 16)
                    .unwrap_or('F')
                    .to_ascii_uppercase(),
            );
        }
    }
    Ok(digits)
}
