//! Mistakes in PIN blocks.

use super::{Mistake, Search};
use crate::crypto::cipher::Cipher64;
use crate::crypto::pin::iso::{self, Format};
use crate::crypto::working::Working;
use serde_json::Value;

/// Wrong clear blocks of format 0 (or 3, by its control digit), as hexadecimal text.
pub(super) fn wrong_blocks(control: u8, pin: &str, pan: &str) -> Vec<(Mistake, String)> {
    let len = pin.len();
    let digits = pan.len();
    let front = format!("{control:X}{len:X}{pin}");
    let field = format!("{front:F<16}");
    let rightmost = pan
        .get(digits.saturating_sub(13)..digits.saturating_sub(1))
        .unwrap_or("");
    let with_check = pan.get(digits.saturating_sub(12)..).unwrap_or("");
    let leftmost = pan.get(..12).unwrap_or("");
    let zero_left = |twelve: &str| format!("{twelve:0>16}");
    let ascii: String = front
        .bytes()
        .take(8)
        .map(|byte| format!("{byte:02X}"))
        .collect::<String>();
    vec![
        (Mistake::PanNotXored, field.clone()),
        (
            Mistake::CheckDigitIncluded,
            mixed(&field, &zero_left(with_check)),
        ),
        (Mistake::Leftmost12, mixed(&field, &zero_left(leftmost))),
        (
            Mistake::PanNotZeroPrefixed,
            mixed(&field, &format!("{rightmost:0<16}")),
        ),
        (
            Mistake::FillZero,
            mixed(&format!("{front:0<16}"), &zero_left(rightmost)),
        ),
        (
            Mistake::AsciiPin,
            mixed(&format!("{ascii:F<16}"), &zero_left(rightmost)),
        ),
    ]
}

/// The XOR of two hexadecimal texts, digit by digit.
fn mixed(a: &str, b: &str) -> String {
    let value = |c: char| c.to_digit(16).unwrap_or(0);
    a.chars()
        .zip(b.chars())
        .map(|(a, b)| format!("{:X}", value(a) ^ value(b)))
        .collect()
}

/// Mistakes of the block encodings and of translation.
pub(super) fn blocks(search: &mut Search<'_>) {
    let control = match search.op {
        "pinblock.iso0.encode" => 0,
        "pinblock.iso3.encode" => 3,
        "pinblock.iso2.encode" => 2,
        "pin.translate" => return translation(search),
        _ => return,
    };
    let (pin, pan) = (search.text("pin"), search.text("pan"));
    for (mistake, block) in wrong_blocks(control, pin, pan) {
        search.value(mistake, &block);
    }
}

/// Mistakes of the block that goes out of a translation.
fn translation(search: &mut Search<'_>) {
    let swap = |key: &str| match key.len() {
        32 => format!(
            "{}{}",
            key.get(16..).unwrap_or(""),
            key.get(..16).unwrap_or("")
        ),
        _ => String::new(),
    };
    let swapped = swap(search.text("dst_key"));
    search.set(Mistake::HalvesSwapped, "dst_key", swapped);
    if let Some(left) = search.text("dst_key").get(..16) {
        search.set(Mistake::SingleDes, "dst_key", left);
    }
    wrong_clear_blocks(search);
}

/// The clear block of format 0 or 3 made wrongly, under the right key.
fn wrong_clear_blocks(search: &mut Search<'_>) {
    let made = super::calc(search.op, search.inputs, &mut Working::off());
    let format = search.inputs.get("dst_format").and_then(Value::as_i64);
    let (Ok(made), Some(control @ (0 | 3))) = (made, format) else {
        return;
    };
    let Ok(cipher) = Cipher64::tdes(&search.hex("dst_key")) else {
        return;
    };
    let pan = search.text("dst_pan");
    let opened = |block: &str| {
        let block: [u8; 8] = hex::decode(block).ok()?.try_into().ok()?;
        let format = if control == 0 {
            Format::Iso0
        } else {
            Format::Iso3
        };
        iso::decode(format, &block, Some(pan), &mut Working::off()).ok()
    };
    let Some(pin) = opened(super::value_of(&made, "clear_out")) else {
        return;
    };
    for (mistake, block) in wrong_blocks(control as u8, pin.reveal(), pan) {
        let block = hex::decode(block).ok().and_then(|b| b.try_into().ok());
        let enciphered = block.map(|block| hex::encode_upper(cipher.encrypt(block)));
        search.value(mistake, &enciphered.unwrap_or_default());
    }
}
