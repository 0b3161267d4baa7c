//! Upper-case hex, the form of every binary value that people see.

const DIGITS: [u8; 16] = *b"0123456789ABCDEF";

/// The upper-case hex digit of a nibble; only the low four bits count.
#[must_use]
#[expect(clippy::indexing_slicing, reason = "a nibble is below sixteen")]
pub const fn hex_digit(nibble: u8) -> u8 {
    DIGITS[(nibble & 0x0F) as usize]
}

/// The value of a hex digit in either case.
#[must_use]
pub const fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// Appends `bytes` as upper-case hex.
pub fn push_hex(out: &mut String, bytes: &[u8]) {
    out.reserve(bytes.len() * 2);
    // By the block: one check that the digits are text, and one copy.
    let mut digits = [b'0'; 64];
    for block in bytes.chunks(digits.len() / 2) {
        let (pairs, _) = digits.as_chunks_mut::<2>();
        for (pair, byte) in pairs.iter_mut().zip(block) {
            *pair = [hex_digit(byte >> 4), hex_digit(*byte)];
        }
        let block = digits.get(..block.len() * 2).unwrap_or_default();
        out.push_str(std::str::from_utf8(block).unwrap_or_default());
    }
}

/// `bytes` as upper-case hex.
#[must_use]
pub fn to_hex(bytes: &[u8]) -> String {
    let mut out = String::new();
    push_hex(&mut out, bytes);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_upper_case_and_reads_both() {
        assert_eq!(to_hex(&[0x01, 0xAF]), "01AF");
        assert_eq!(hex_value(b'f'), hex_value(b'F'));
        assert_eq!(hex_value(b'g'), None);
    }
}
