//! Writes one value: fills it, counts it, puts its length in front.

use super::PackFault;
use crate::bytes::{Charset, hex_digit};
use crate::codec::chars::{
    first_wrong, hex_digit_value, only_alphanumeric, only_digits, only_printable_ascii,
};
use crate::spec::{
    CheckStep, Class, Coding, Counts, Fill, LengthStep, Prefix, PrefixCoding, Side, Size, Step,
    Wire,
};
use std::borrow::Cow;

/// Appends a common field; false, with nothing appended, when it is uncommon or anything is wrong
/// with it.
#[inline]
pub(super) fn step(step: &Step, text: &str, out: &mut Vec<u8>) -> bool {
    let bytes = text.as_bytes();
    let units = bytes.len();
    if units > step.size as usize {
        return false;
    }
    let right = match step.check {
        CheckStep::Alphanumeric => only_alphanumeric(bytes),
        CheckStep::Printable => only_printable_ascii(bytes),
        CheckStep::Chars(class) => text.is_ascii() && first_wrong(class, bytes).is_none(),
        CheckStep::Packed => {
            (units.is_multiple_of(2) || step.pad == Side::Right) && only_digits(bytes)
        }
        CheckStep::Digits => only_digits(bytes),
        CheckStep::Nothing => false,
    };
    if !right {
        return false;
    }
    let digit = |unit: u32| (units as u32 / unit % 10) as u8;
    match step.length {
        LengthStep::Fixed if units == step.size as usize => {}
        LengthStep::Ascii2 => out.extend([digit(10) + b'0', digit(1) + b'0']),
        LengthStep::Ascii3 => {
            out.extend([digit(100) + b'0', digit(10) + b'0', digit(1) + b'0']);
        }
        LengthStep::Bcd1 => out.push(digit(10) << 4 | digit(1)),
        LengthStep::Bcd2 => {
            out.extend([digit(1000) << 4 | digit(100), digit(10) << 4 | digit(1)]);
        }
        LengthStep::Fixed | LengthStep::Uncommon => return false,
    }
    if step.shift == 1 {
        let (pairs, last) = bytes.as_chunks::<2>();
        out.extend(pairs.iter().map(|[high, low]| high << 4 | low & 15));
        out.extend(last.iter().map(|high| high << 4 | step.nibble));
    } else {
        out.extend_from_slice(bytes);
    }
    true
}

/// Appends a value with its prefix.
pub(super) fn value(wire: &Wire, text: &str, out: &mut Vec<u8>) -> Result<(), PackFault> {
    let text = filled(wire, text)?;
    let start = out.len();
    let Some(prefix) = wire.prefix else {
        let units = data(wire, &text, out)?;
        return check_size(wire, units);
    };
    let room = prefix.len_bytes();
    out.resize(start + room, 0);
    let units = data(wire, &text, out)?;
    check_size(wire, units)?;
    let number = units + u32::from(prefix.adds);
    if number > prefix.max() {
        return Err(PackFault::TooLong {
            len: units,
            max: prefix.max(),
        });
    }
    if prefix.coding == PrefixCoding::Ber {
        let _ = out.splice(start..start + room, ber_length(number));
    } else {
        let slot = out.get_mut(start..start + room).unwrap_or_default();
        write_number(prefix, number, slot);
    }
    if wire.filled {
        out.resize(start + room + wire.data_len(wire.size.max()).0, 0);
    }
    Ok(())
}

fn check_size(wire: &Wire, units: u32) -> Result<(), PackFault> {
    match wire.size {
        Size::Fixed(size) if units < size => Err(PackFault::TooShort { len: units, size }),
        Size::Fixed(size) if units > size => Err(PackFault::TooLong {
            len: units,
            max: size,
        }),
        Size::Var { max, .. } if units > max => Err(PackFault::TooLong { len: units, max }),
        _ => Ok(()),
    }
}

/// The text at its fixed size, when the dialect says how to fill it.
fn filled<'t>(wire: &Wire, text: &'t str) -> Result<Cow<'t, str>, PackFault> {
    let (Size::Fixed(size), Some(Fill { side, with })) = (wire.size, wire.fill) else {
        return Ok(Cow::Borrowed(text));
    };
    let have = if text.is_ascii() {
        text.len()
    } else {
        encoded_len(wire, text)
    };
    let room = match wire.coding {
        Coding::Chars(_) => wire.data_len(size).0,
        _ => size as usize,
    };
    let lacks = room.saturating_sub(have);
    if lacks == 0 || matches!(wire.coding, Coding::Raw | Coding::HexChars(_)) {
        return Ok(Cow::Borrowed(text));
    }
    let fill = with.to_string().repeat(lacks);
    Ok(Cow::Owned(match side {
        Side::Left => fill + text,
        Side::Right => text.to_owned() + &fill,
    }))
}

fn encoded_len(wire: &Wire, text: &str) -> usize {
    match wire.coding {
        Coding::Chars(Charset::Utf8) => text.len(),
        Coding::Chars(Charset::Gbk) => text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum(),
        _ => text.chars().count(),
    }
}

/// Appends the data alone and gives its length in the unit of the dialect.
fn data(wire: &Wire, text: &str, out: &mut Vec<u8>) -> Result<u32, PackFault> {
    let class = wire.class;
    let start = out.len();
    let wrong = |found| PackFault::Character { found, class };
    match wire.coding {
        Coding::Chars(set) => {
            check_class(class, text)?;
            set.encode_into(text, out).map_err(|error| wrong(error.0))?;
            if wire.counts == Counts::HexDigits {
                return Ok(2 * to_u32(out.len() - start));
            }
        }
        Coding::Bcd => return packed(wire, text, out),
        Coding::Raw => return raw(wire, text, out),
        Coding::HexChars(set) => {
            if let Some(found) = text.chars().find(|c| !c.is_ascii_hexdigit()) {
                return Err(wrong(found));
            }
            set.encode_into(text, out).map_err(|error| wrong(error.0))?;
            let len = to_u32(text.len());
            return match wire.counts {
                Counts::Bytes if !len.is_multiple_of(2) => Err(PackFault::OddHex),
                Counts::Bytes => Ok(len / 2),
                Counts::Digits | Counts::HexDigits => Ok(len),
            };
        }
        Coding::Zoned => zoned(text, class, out)?,
        Coding::SignBcd => {
            let mut characters = text.chars();
            let sign = characters.next();
            let sign = sign.ok_or_else(|| wrong(text.chars().next().unwrap_or(' ')))?;
            out.push(u8::try_from(sign).map_err(|_| wrong(sign))?);
            return packed(wire, characters.as_str(), out).map(|digits| digits + 1);
        }
    }
    Ok(to_u32(out.len() - start))
}

fn check_class(class: Class, text: &str) -> Result<(), PackFault> {
    if first_wrong(class, text.as_bytes()).is_none() && text.is_ascii() {
        return Ok(());
    }
    match text.chars().find(|c| !class.allows(*c)) {
        None => Ok(()),
        Some(found) => Err(PackFault::Character { found, class }),
    }
}

/// Two digits a byte; `=` is written as the nibble D that track separators are.
fn packed(wire: &Wire, text: &str, out: &mut Vec<u8>) -> Result<u32, PackFault> {
    let class = wire.class;
    let digits_only = matches!(class, Class::N | Class::Ns | Class::Xn);
    let nibble = |byte: u8| match byte {
        b'0'..=b'9' => Ok(byte - b'0'),
        b'=' if class == Class::Z => Ok(0xD),
        _ => match hex_digit_value(byte) {
            value if value < 0x10 && !digits_only => Ok(value),
            _ => Err(PackFault::Character {
                found: char::from(byte),
                class,
            }),
        },
    };
    let bytes = text.as_bytes();
    let odd = bytes.len() % 2 == 1;
    if digits_only && !odd && first_wrong(Class::N, bytes).is_none() {
        let (pairs, _) = bytes.as_chunks::<2>();
        out.extend(pairs.iter().map(|[high, low]| high << 4 | low & 15));
        let digits = to_u32(bytes.len());
        return Ok(if wire.counts == Counts::Bytes {
            digits / 2
        } else {
            digits
        });
    }
    if odd && wire.counts == Counts::Bytes {
        return Err(PackFault::OddHex);
    }
    let mut rest = bytes;
    if odd
        && wire.pad.side == Side::Left
        && let Some((first, after)) = rest.split_first()
    {
        out.push(wire.pad.nibble << 4 | nibble(*first)?);
        rest = after;
    }
    let mut pairs = rest.chunks_exact(2);
    for pair in &mut pairs {
        if let [high, low] = pair {
            out.push(nibble(*high)? << 4 | nibble(*low)?);
        }
    }
    if let [last] = pairs.remainder() {
        out.push(nibble(*last)? << 4 | wire.pad.nibble);
    }
    let digits = to_u32(bytes.len());
    Ok(if wire.counts == Counts::Bytes {
        digits / 2
    } else {
        digits
    })
}

fn raw(wire: &Wire, text: &str, out: &mut Vec<u8>) -> Result<u32, PackFault> {
    if wire.counts != Counts::Bytes {
        return packed(
            &Wire {
                class: Class::Hex,
                ..*wire
            },
            text,
            out,
        );
    }
    let wrong = |byte: u8| PackFault::Character {
        found: char::from(byte),
        class: wire.class,
    };
    if !text.len().is_multiple_of(2) {
        return Err(PackFault::OddHex);
    }
    for pair in text.as_bytes().chunks_exact(2) {
        if let [high, low] = pair {
            let (first, second) = (hex_digit_value(*high), hex_digit_value(*low));
            if first | second > 0x0F {
                return Err(wrong(if first > 0x0F { *high } else { *low }));
            }
            out.push(first << 4 | second);
        }
    }
    Ok(to_u32(text.len() / 2))
}

/// EBCDIC digits with the sign in the zone of the last one.
fn zoned(text: &str, class: Class, out: &mut Vec<u8>) -> Result<(), PackFault> {
    let (minus, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    for found in digits.chars() {
        let digit = found
            .to_digit(10)
            .ok_or(PackFault::Character { found, class })?;
        out.push(0xF0 | u8::try_from(digit).unwrap_or(0));
    }
    if let (true, Some(last)) = (minus, out.last_mut()) {
        *last = *last & 0x0F | 0xD0;
    }
    Ok(())
}

fn to_u32(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

fn write_number(prefix: Prefix, number: u32, slot: &mut [u8]) {
    let mut rest = number;
    for byte in slot.iter_mut().rev() {
        *byte = match prefix.coding {
            PrefixCoding::Ascii => take_digit(&mut rest) + b'0',
            PrefixCoding::Ebcdic => take_digit(&mut rest) + 0xF0,
            PrefixCoding::Bcd => take_digit(&mut rest) | take_digit(&mut rest) << 4,
            PrefixCoding::Binary | PrefixCoding::Ber => {
                let low = (rest & 0xFF) as u8;
                rest >>= 8;
                low
            }
            PrefixCoding::HexAscii => {
                let low = (rest & 0xF) as u8;
                rest >>= 4;
                hex_digit(low)
            }
        };
    }
}

fn take_digit(rest: &mut u32) -> u8 {
    let digit = (*rest % 10) as u8;
    *rest /= 10;
    digit
}

/// A BER length in its shortest form.
pub(super) fn ber_length(number: u32) -> Vec<u8> {
    if number < 0x80 {
        return vec![number as u8];
    }
    let bytes = number.to_be_bytes();
    let skip = bytes.iter().take_while(|b| **b == 0).count();
    let mut out = vec![0x80 | (4 - skip) as u8];
    out.extend(bytes.into_iter().skip(skip));
    out
}
