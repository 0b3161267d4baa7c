//! Four framings that poslab recognises and does not speak: by start byte, length and check.

use super::Family;
use crate::pad::Words;

/// How long the frame at the head of `bytes` is; `None` when it is not whole or not of that
/// family.
#[must_use]
pub fn scan(family: Family, bytes: &[u8]) -> Option<usize> {
    match family {
        Family::Zt => zt(bytes),
        Family::Nga => nga(bytes),
        Family::Esc => esc(bytes),
        Family::Dle => dle(bytes),
        Family::Abecs | Family::Visa | Family::Epp => None,
    }
}

/// With more bytes it could become a frame of that family.
pub(super) fn possible(family: Family, bytes: &[u8]) -> bool {
    match family {
        Family::Zt => bytes.len() < MAX && bytes.iter().skip(1).take(3).all(u8::is_ascii_digit),
        Family::Nga => match bytes {
            [_, low, high, ..] => {
                let need = usize::from(u16::from_le_bytes([*low, *high])) + 6;
                need < MAX && bytes.len() < need
            }
            _ => true,
        },
        Family::Esc => bytes.len() < MAX && !bytes.ends_with(b"\r\n"),
        Family::Dle => matches!(bytes, [0x10] | [0x10, 0x02, ..]) && bytes.len() < MAX,
        Family::Abecs | Family::Visa | Family::Epp => false,
    }
}

pub(super) fn words(family: Family) -> Words {
    match family {
        Family::Zt => Words::new("a ZT598 frame", "ZT598 帧"),
        Family::Nga => Words::new("an IDTECH NGA frame", "IDTECH NGA 帧"),
        Family::Esc => Words::new("an ESC frame (START or XZ F35)", "ESC 帧（实达或旭子 F35）"),
        _ => Words::new("a DLE frame (Castles)", "DLE 帧（Castles）"),
    }
}

/// `02 | length, three digits | … | 03 | check, two hex digits`.
fn zt(bytes: &[u8]) -> Option<usize> {
    let length = bytes
        .get(1..4)
        .filter(|d| d.iter().all(u8::is_ascii_digit))?;
    let length = length.iter().fold(0, |n, d| n * 10 + usize::from(d - b'0'));
    let end = 4 + length;
    bytes.get(end).filter(|b| **b == 0x03)?;
    let found = bytes.get(end + 1..end + 3)?;
    let lrc = bytes.get(1..=end)?.iter().fold(0, |lrc, b| lrc ^ b);
    (found == format!("{lrc:02X}").as_bytes()).then_some(end + 3)
}

/// `02 | length, low byte first | body | exclusive or | sum | 03`.
fn nga(bytes: &[u8]) -> Option<usize> {
    let length = match bytes {
        [0x02, low, high, ..] => usize::from(u16::from_le_bytes([*low, *high])),
        _ => return None,
    };
    let body = bytes.get(3..3 + length)?;
    let xor = body.iter().fold(0, |x, b| x ^ b);
    let sum = body.iter().fold(0u8, |s, b| s.wrapping_add(*b));
    (bytes.get(3 + length..6 + length)? == [xor, sum, 0x03]).then_some(6 + length)
}

/// `1B | … | 0D 0A`.
fn esc(bytes: &[u8]) -> Option<usize> {
    let at = bytes.windows(2).position(|two| two == b"\r\n")?;
    (at > 1).then_some(at + 2)
}

/// `10 02 | command, data, check | 10 03`, 10 doubled inside.
fn dle(bytes: &[u8]) -> Option<usize> {
    let body = bytes.strip_prefix(&[0x10, 0x02])?;
    let mut plain: Vec<u8> = Vec::new();
    let mut at = 0;
    loop {
        match (body.get(at)?, body.get(at + 1)) {
            (0x10, Some(0x03)) => break,
            (0x10, Some(0x10)) => {
                plain.push(0x10);
                at += 2;
            }
            (0x10, _) => return None,
            (other, _) => {
                plain.push(*other);
                at += 1;
            }
        }
    }
    let (check, data) = plain.split_last()?;
    (data.iter().fold(0, |x, b| x ^ b) == *check && !data.is_empty()).then_some(at + 4)
}

/// Longer than any of these frames.
const MAX: usize = 1100;
