//! Reads one value off the wire: where its prefix, data and padding stand, and whether its
//! characters are allowed. Shared by the strict and the lossless reader, so they cannot disagree.

use super::chars::{
    begins_printable, begins_with_alphanumerics, begins_with_digits, first_not_packed, first_wrong,
};
use super::fault::{Fault, SaidBy};
use crate::bytes::{Charset, Span, hex_value, to_hex};
use crate::spec::{
    CheckStep, Class, Coding, Counts, LengthStep, Prefix, PrefixCoding, Side, Size, Step, Wire,
};

/// Where the parts of one value stand, in bytes from the start of the slice that was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// First byte of the prefix (and of the whole).
    pub start: u32,
    /// First byte of the data, padding nibble included.
    pub data: u32,
    /// One past the last byte of data.
    pub data_end: u32,
    /// One past the last byte of the whole; differs from `data_end` for filled values.
    pub end: u32,
    /// The nibble that is padding, if there is one.
    pub pad: Option<Side>,
}

impl Place {
    /// The bits of the value itself, without prefix and padding.
    pub fn value_span(self) -> Span {
        let whole = Span::bytes(self.data as usize..self.data_end as usize);
        match self.pad {
            Some(Side::Left) => Span::bits(whole.start + 4, whole.end),
            Some(Side::Right) => Span::bits(whole.start, whole.end - 4),
            None => whole,
        }
    }

    /// The bits of the padding nibble.
    pub fn pad_span(self) -> Option<Span> {
        let whole = Span::bytes(self.data as usize..self.data_end as usize);
        self.pad.map(|side| match side {
            Side::Left => Span::bits(whole.start, whole.start + 4),
            Side::Right => Span::bits(whole.end - 4, whole.end),
        })
    }
}

/// A fault and the byte where it stands, from the start of the slice that was read.
pub(super) type At<T> = Result<T, Box<(usize, Fault)>>;

fn at<T>(offset: usize, fault: Fault) -> At<T> {
    Err(Box::new((offset, fault)))
}

/// Finds the value at `start`; `bytes` ends where the enclosing data ends.
#[inline]
pub(super) fn locate(wire: &Wire, bytes: &[u8], start: usize) -> At<Place> {
    let (units, data) = match (wire.size, wire.prefix) {
        (Size::Fixed(units), _) => (units, start),
        (Size::Var { .. }, Some(prefix)) => {
            let (number, data) = read_prefix(prefix, bytes, start)?;
            let units = number.checked_sub(u32::from(prefix.adds));
            let least = u32::from(prefix.adds);
            let under = Fault::LengthUnderMinimum {
                len: number,
                min: least,
            };
            (units.ok_or_else(|| Box::new((start, under)))?, data)
        }
        (Size::Rest, _) | (Size::Var { .. }, None) => (rest_units(wire, bytes, start), start),
    };
    if let Size::Var { max, .. } = wire.size
        && units > max
    {
        return over_maximum(wire, bytes, start, data, units);
    }
    let (len, odd) = wire.data_len(units);
    let data_end = data + len;
    let end = if wire.filled {
        data + wire.data_len(wire.size.max()).0
    } else {
        data_end
    };
    if end > bytes.len() {
        return at(start, beyond(wire, bytes, start, data, units, end));
    }
    Ok(Place {
        start: start as u32,
        data: data as u32,
        data_end: data_end as u32,
        end: end as u32,
        pad: odd.then_some(wire.pad.side),
    })
}

/// A length over the maximum: when the data is not even there, that is the graver fault.
#[cold]
fn over_maximum(wire: &Wire, bytes: &[u8], start: usize, data: usize, units: u32) -> At<Place> {
    let end = data + wire.data_len(units).0;
    if end > bytes.len() {
        return at(start, beyond(wire, bytes, start, data, units, end));
    }
    at(
        start,
        Fault::LengthOverMaximum {
            len: units,
            max: wire.size.max(),
        },
    )
}

#[cold]
fn beyond(wire: &Wire, bytes: &[u8], start: usize, data: usize, units: u32, end: usize) -> Fault {
    let (need, have) = (end - data, bytes.len().saturating_sub(data));
    if wire.prefix.is_none() || !matches!(wire.size, Size::Var { .. }) {
        return Fault::TruncatedField { need, have };
    }
    let unit = match wire.counts {
        Counts::Bytes => "bytes",
        Counts::Digits => "digits",
        Counts::HexDigits => "hex digits",
    };
    let said_by = SaidBy::Prefix {
        at: start,
        number: units,
        unit,
    };
    Fault::LengthBeyondData {
        need,
        have,
        said_by,
    }
}

fn rest_units(wire: &Wire, bytes: &[u8], start: usize) -> u32 {
    let len = u32::try_from(bytes.len().saturating_sub(start)).unwrap_or(u32::MAX / 2);
    match (wire.coding, wire.counts) {
        (Coding::Bcd | Coding::Raw, Counts::Digits | Counts::HexDigits) => len * 2,
        (Coding::HexChars(_), Counts::Bytes) => len / 2,
        (Coding::Chars(_), Counts::HexDigits) => len * 2,
        _ => len,
    }
}

#[inline]
fn read_prefix(prefix: Prefix, bytes: &[u8], start: usize) -> At<(u32, usize)> {
    let len = prefix.len_bytes();
    let Some(wire) = bytes.get(start..start + len) else {
        let have = bytes.len().saturating_sub(start);
        return at(start, Fault::TruncatedField { need: len, have });
    };
    let number = match prefix.coding {
        PrefixCoding::Ascii => decimal(wire.iter().map(|b| b.wrapping_sub(b'0'))),
        PrefixCoding::Ebcdic => decimal(wire.iter().map(|b| b.wrapping_sub(0xF0))),
        PrefixCoding::Bcd => bcd_number(wire),
        PrefixCoding::Binary => Some(wire.iter().fold(0, |n, b| n << 8 | u32::from(*b))),
        PrefixCoding::HexAscii => wire.iter().try_fold(0, |n: u32, b| {
            hex_value(*b).map(|digit| n << 4 | u32::from(digit))
        }),
        PrefixCoding::Ber => return read_ber(bytes, start),
    };
    match number {
        Some(number) => Ok((number, start + len)),
        None => at(
            start,
            Fault::PrefixNotANumber {
                found: to_hex(wire),
            },
        ),
    }
}

fn decimal(digits: impl Iterator<Item = u8>) -> Option<u32> {
    let mut number = 0u32;
    for digit in digits {
        if digit > 9 {
            return None;
        }
        number = number.wrapping_mul(10).wrapping_add(u32::from(digit));
    }
    Some(number)
}

#[inline]
fn bcd_number(wire: &[u8]) -> Option<u32> {
    let mut number = 0u32;
    for byte in wire {
        let (high, low) = (byte >> 4, byte & 15);
        if high > 9 || low > 9 {
            return None;
        }
        number = number
            .wrapping_mul(100)
            .wrapping_add(u32::from(high * 10 + low));
    }
    Some(number)
}

/// A BER length: its number and the byte after it.
pub(super) fn read_ber(bytes: &[u8], start: usize) -> At<(u32, usize)> {
    let Some(first) = bytes.get(start) else {
        return at(start, Fault::TruncatedField { need: 1, have: 0 });
    };
    if *first < 0x80 {
        return Ok((u32::from(*first), start + 1));
    }
    let count = usize::from(first & 0x7F);
    if count == 0 || count > 4 {
        return at(start, Fault::TlvLengthMalformed { found: *first });
    }
    match bytes.get(start + 1..start + 1 + count) {
        None => at(
            start,
            Fault::TruncatedField {
                need: 1 + count,
                have: bytes.len() - start,
            },
        ),
        Some(more) => {
            let number = more.iter().fold(0, |n: u32, b| n << 8 | u32::from(*b));
            Ok((number, start + 1 + count))
        }
    }
}

/// Reads and checks a common field; `None` when it is uncommon, or when anything is wrong with it.
#[inline]
pub(super) fn step(step: &Step, bytes: &[u8], start: usize) -> Option<Place> {
    let rest = bytes.get(start..)?;
    let (units, prefix) = match step.length {
        LengthStep::Fixed => (step.size, 0),
        LengthStep::Ascii2 => (ascii_number(rest.first_chunk::<2>()?)?, 2),
        LengthStep::Ascii3 => (ascii_number(rest.first_chunk::<3>()?)?, 3),
        LengthStep::Bcd1 => (packed_pair(*rest.first()?)?, 1),
        LengthStep::Bcd2 => {
            let [high, low] = *rest.first_chunk::<2>()?;
            (packed_pair(high)? * 100 + packed_pair(low)?, 2)
        }
        LengthStep::Uncommon => return None,
    };
    if units > step.size {
        return None;
    }
    let shift = u32::from(step.shift);
    let len = ((units + shift) >> shift) as usize;
    let ahead = rest.get(prefix..)?;
    let value = ahead.get(..len)?;
    let pad = (units & shift == 1).then_some(step.pad);
    let right = match step.check {
        CheckStep::Digits => begins_with_digits(ahead, len),
        CheckStep::Alphanumeric => begins_with_alphanumerics(ahead, len),
        CheckStep::Printable => begins_printable(ahead, len),
        CheckStep::Nothing => true,
        CheckStep::Chars(class) => first_wrong(class, value).is_none(),
        CheckStep::Packed => {
            first_not_packed(value).is_none() || bcd_wrong(Class::N, value, pad).is_none()
        }
    };
    let data = (start + prefix) as u32;
    let end = data + len as u32;
    right.then_some(Place {
        start: start as u32,
        data,
        data_end: end,
        end,
        pad,
    })
}

/// The number that some ASCII digits write.
#[inline]
fn ascii_number<const N: usize>(digits: &[u8; N]) -> Option<u32> {
    let (mut number, mut wrong) = (0, false);
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        wrong |= digit > 9;
        number = number * 10 + u32::from(digit);
    }
    (!wrong).then_some(number)
}

#[inline]
fn packed_pair(byte: u8) -> Option<u32> {
    let (high, low) = (byte >> 4, byte & 15);
    (high <= 9 && low <= 9).then_some(u32::from(high * 10 + low))
}

/// Checks the characters of a value that was located; gives the bits of the first wrong one.
#[inline]
pub(super) fn check(wire: &Wire, bytes: &[u8], place: Place) -> Option<(Span, Fault)> {
    let range = place.data as usize..place.data_end as usize;
    let data = bytes.get(range).unwrap_or_default();
    let wrong = match wire.coding {
        Coding::Chars(Charset::Ascii) => first_wrong(wire.class, data),
        Coding::Bcd => bcd_wrong(wire.class, data, place.pad),
        Coding::Raw => None,
        Coding::HexChars(set) => position(data, |b| set.decode_byte(*b).is_ascii_hexdigit()),
        Coding::Chars(set @ (Charset::Gbk | Charset::Utf8)) => unreadable(set, data),
        Coding::Chars(set) => position(data, |b| wire.class.allows(set.decode_byte(*b))),
        Coding::Zoned | Coding::SignBcd => None,
    };
    wrong.map(|index| describe_wrong(wire, data, place, index))
}

#[cold]
fn describe_wrong(wire: &Wire, data: &[u8], place: Place, index: usize) -> (Span, Fault) {
    let byte = place.data as usize + index;
    let found = data.get(index).copied().unwrap_or_default();
    let text = match wire.coding {
        Coding::Chars(set) | Coding::HexChars(set) if (0x20..0x7F).contains(&found) => {
            format!("\"{}\" ({found:02X})", set.decode_byte(found))
        }
        _ => format!("{found:02X}"),
    };
    let class = if matches!(wire.coding, Coding::HexChars(_)) {
        Class::Hex
    } else {
        wire.class
    };
    (
        Span::bytes(byte..byte + 1),
        Fault::NotInClass { class, found: text },
    )
}

/// The first byte that is no character of a multi-byte set, or is not how the set writes it.
fn unreadable(set: Charset, data: &[u8]) -> Option<usize> {
    if data.is_ascii() {
        return None;
    }
    let mut again = Vec::with_capacity(data.len());
    let written = set.encode_into(&set.decode(data), &mut again);
    let differs = again.iter().zip(data).position(|(a, b)| a != b);
    match (written, differs) {
        (Ok(()), None) if again.len() == data.len() => None,
        (_, at) => Some(at.unwrap_or(again.len()).min(data.len() - 1)),
    }
}

fn position(data: &[u8], allowed: impl Fn(&u8) -> bool) -> Option<usize> {
    data.iter().position(|b| !allowed(b))
}

#[inline]
fn bcd_wrong(class: Class, data: &[u8], pad: Option<Side>) -> Option<usize> {
    if !matches!(class, Class::N | Class::Ns | Class::Xn) {
        return None;
    }
    let wrong = first_not_packed(data)?;
    let digits = |byte: u8| byte >> 4 <= 9 && byte & 15 <= 9;
    match pad {
        None => Some(wrong),
        Some(Side::Left) => {
            data.iter().enumerate().position(
                |(index, b)| {
                    if index == 0 { b & 15 > 9 } else { !digits(*b) }
                },
            )
        }
        Some(Side::Right) => data.iter().enumerate().position(|(index, b)| {
            if index + 1 == data.len() {
                b >> 4 > 9
            } else {
                !digits(*b)
            }
        }),
    }
}

/// The value of the padding nibble, if there is one.
pub(super) fn pad_nibble(bytes: &[u8], place: Place) -> Option<u8> {
    match place.pad? {
        Side::Left => bytes.get(place.data as usize).map(|b| b >> 4),
        Side::Right => bytes
            .get((place.data_end as usize).checked_sub(1)?)
            .map(|b| b & 15),
    }
}
