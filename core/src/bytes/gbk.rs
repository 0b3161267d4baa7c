//! GBK, the character set of Chinese receipts and host texts.
//!
//! `gbk.bin` holds one little-endian UTF-16 unit for each lead byte 81 to FE and trail byte 40 to
//! FE, zero where nothing is assigned. **Source**: the `gbk` codec of CPython 3.11.

use crate::data::{BinaryFile, binary_file};

const TABLE: BinaryFile = binary_file!("src/bytes/gbk.bin");
const FIRST_LEAD: u8 = 0x81;
const FIRST_TRAIL: u8 = 0x40;
const TRAILS: usize = 0xFF - 0x40;

/// The character of a two-byte code.
pub(super) fn decode_pair(lead: u8, trail: u8) -> Option<char> {
    if lead == 0xFF || trail == 0xFF {
        return None;
    }
    let row = usize::from(lead.checked_sub(FIRST_LEAD)?);
    let at = 2 * (row * TRAILS + usize::from(trail.checked_sub(FIRST_TRAIL)?));
    let table = TABLE.read();
    let unit = u16::from_le_bytes([*table.get(at)?, *table.get(at + 1)?]);
    if unit == 0 {
        None
    } else {
        char::from_u32(u32::from(unit))
    }
}

/// The two-byte code of a character; a scan, as encoding Chinese text is rare and short.
pub(super) fn encode_char(c: char) -> Option<[u8; 2]> {
    let unit = u16::try_from(u32::from(c))
        .ok()
        .filter(|unit| *unit > 0x7F)?;
    let wanted = unit.to_le_bytes();
    let at = TABLE
        .read()
        .chunks_exact(2)
        .position(|entry| entry == wanted)?;
    let lead = u8::try_from(at / TRAILS).ok()? + FIRST_LEAD;
    let trail = u8::try_from(at % TRAILS).ok()? + FIRST_TRAIL;
    Some([lead, trail])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_go_both_ways() {
        assert_eq!(decode_pair(0xB3, 0xE5), Some('冲'));
        assert_eq!(encode_char('冲'), Some([0xB3, 0xE5]));
        assert_eq!(decode_pair(0x81, 0x7F), None);
        assert_eq!(encode_char('A'), None);
    }
}
