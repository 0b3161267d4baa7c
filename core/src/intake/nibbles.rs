//! Hex digits to bytes and back, fast enough for logs of gigabytes.
//!
//! The loops work on blocks of 32 digits without branches, so that compilers turn them into
//! vector instructions on native targets and with `simd128` in wasm.

/// Appends the bytes of `digits` to `out`; gives the offset of the first character that is not
/// a hex digit. An odd last digit is an error at its own offset.
///
/// # Errors
/// The offset of the offending character; `out` is then as long as before.
pub fn decode_hex(digits: &[u8], out: &mut Vec<u8>) -> Result<(), usize> {
    let before = out.len();
    let mut bad = false;
    let blocks = digits.chunks_exact(BLOCK);
    let tail = blocks.remainder();
    out.reserve(digits.len() / 2);
    for block in blocks {
        let Ok(block) = <&[u8; BLOCK]>::try_from(block) else {
            continue;
        };
        let (bytes, block_bad) = block_bytes(block);
        bad |= block_bad;
        out.extend_from_slice(&bytes);
    }
    for pair in tail.chunks_exact(2) {
        let [high, low] = *pair else { continue };
        match (nibble(high), nibble(low)) {
            (Some(high), Some(low)) => out.push(high << 4 | low),
            _ => bad = true,
        }
    }
    if bad || !digits.len().is_multiple_of(2) {
        out.truncate(before);
        let first = digits.iter().position(|&c| nibble(c).is_none());
        return Err(first.unwrap_or(digits.len() - 1));
    }
    Ok(())
}

/// Upper-case hex digits of `bytes`.
#[must_use]
pub fn encode_hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for &byte in bytes {
        out.push(digit(byte >> 4));
        out.push(digit(byte & 0x0f));
    }
    out
}

/// The value of a hex digit of either case.
pub(super) fn nibble(c: u8) -> Option<u8> {
    char::from(c)
        .to_digit(16)
        .and_then(|d| u8::try_from(d).ok())
}

const BLOCK: usize = 32;

fn block_bytes(block: &[u8; BLOCK]) -> ([u8; BLOCK / 2], bool) {
    let mut values = [0u8; BLOCK];
    let mut bad = 0u8;
    for (value, &c) in values.iter_mut().zip(block) {
        let decimal = c.wrapping_sub(b'0');
        let letter = (c | 0x20).wrapping_sub(b'a');
        let is_letter = u8::from(letter < 6);
        bad |= u8::from(decimal > 9) & (1 - is_letter);
        *value = if is_letter == 1 { letter + 10 } else { decimal };
    }
    let mut bytes = [0u8; BLOCK / 2];
    for (byte, pair) in bytes.iter_mut().zip(values.chunks_exact(2)) {
        *byte = match *pair {
            [high, low] => high << 4 | low,
            _ => 0,
        };
    }
    (bytes, bad != 0)
}

fn digit(value: u8) -> char {
    char::from(if value < 10 {
        b'0' + value
    } else {
        b'A' + value - 10
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_goes_there_and_back() {
        let all: Vec<u8> = (0..=255).collect();
        let text = encode_hex(&all);
        let mut back = Vec::new();
        decode_hex(text.to_lowercase().as_bytes(), &mut back).unwrap();
        assert_eq!(back, all);
    }

    #[test]
    fn every_other_character_is_found_where_it_stands() {
        for c in (0..=255u8).filter(|c| !c.is_ascii_hexdigit()) {
            for at in [0, 31, 32, 65] {
                let mut text = [b'A'; 66];
                text[at] = c;
                assert_eq!(decode_hex(&text, &mut Vec::new()), Err(at), "{c} at {at}");
            }
        }
        assert_eq!(decode_hex(b"123", &mut Vec::new()), Err(2));
    }
}
