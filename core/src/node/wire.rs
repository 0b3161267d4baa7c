//! Frames between the boxes: length, TPDU and header around a POS message, and the switch's own.
//!
//! ```text
//! POS     [len 2B] [60 dest dest src src] [header 6B] [MTI bitmap fields … F64]
//! switch  [len, 4 ASCII digits] [MTI bitmap fields … F128]
//! ```

use super::image::Image;
use super::vault::MacKey;
use crate::bytes::to_hex;
use crate::codec::{self, Message};
use crate::spec::Dialect;

/// The POS header a terminal sends: finance, version 31, normal, nothing wanted, sub-version.
pub const HEADER: [u8; 6] = [0x60, 0x31, 0x00, 0x31, 0x00, 0x01];

/// A POS frame taken apart.
#[derive(Clone, Copy, Debug)]
pub struct PosFrame<'a> {
    /// TPDU destination.
    pub to: u16,
    /// TPDU source.
    pub from: u16,
    /// The header's processing requirement (digit 6).
    pub wanted: u8,
    /// MTI and fields.
    pub body: &'a [u8],
}

/// Puts length, TPDU and header in front of `body`.
pub fn wrap_pos(to: u16, from: u16, wanted: u8, body: &[u8]) -> Vec<u8> {
    let len = (5 + 6 + body.len()) as u16;
    let mut out = Vec::with_capacity(body.len() + 13);
    out.extend(len.to_be_bytes());
    out.push(0x60);
    out.extend(to.to_be_bytes());
    out.extend(from.to_be_bytes());
    let mut header = HEADER;
    header[2] = header[2] & 0xF0 | wanted & 0x0F;
    out.extend(header);
    out.extend(body);
    out
}

/// Takes a POS frame apart; `None` when its outside is not as it should be.
pub fn unwrap_pos(frame: &[u8]) -> Option<PosFrame<'_>> {
    let (len, rest) = frame.split_first_chunk::<2>()?;
    if usize::from(u16::from_be_bytes(*len)) != rest.len() {
        return None;
    }
    let (&[id, to_hi, to_lo, from_hi, from_lo], rest) = rest.split_first_chunk::<5>()?;
    let (header, body) = rest.split_first_chunk::<6>()?;
    (id == 0x60).then_some(PosFrame {
        to: u16::from_be_bytes([to_hi, to_lo]),
        from: u16::from_be_bytes([from_hi, from_lo]),
        wanted: header[2] & 0x0F,
        body,
    })
}

/// Replaces destination or source of a POS frame in place.
pub fn readdress(frame: &mut [u8], to: Option<u16>, from: Option<u16>) {
    let mut put = |at: usize, value: Option<u16>| {
        if let (Some(value), Some(slot)) = (value, frame.get_mut(at..at + 2)) {
            slot.copy_from_slice(&value.to_be_bytes());
        }
    };
    put(3, to);
    put(5, from);
}

/// Puts the four-digit length in front of a switch message.
pub fn wrap_switch(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 4);
    out.extend(format!("{:04}", body.len()).bytes());
    out.extend(body);
    out
}

/// Takes the length off a switch frame; `None` when it is wrong.
pub fn unwrap_switch(frame: &[u8]) -> Option<&[u8]> {
    let (len, body) = frame.split_first_chunk::<4>()?;
    let len = std::str::from_utf8(len).ok()?.parse::<usize>().ok()?;
    (len == body.len()).then_some(body)
}

/// Packs a POS message; with a key, field 64 is its MAC over everything before.
pub fn seal_pos(dialect: &Dialect, mut image: Image, mak: Option<&MacKey>) -> Option<Vec<u8>> {
    if mak.is_some() {
        image.set(64, "0000000000000000");
    }
    let mut body = codec::pack(dialect, &image.draft()).ok()?;
    if let Some(mak) = mak {
        let (mab, slot) = body.split_last_chunk_mut::<8>()?;
        *slot = mak.union_pay(mab);
    }
    Some(body)
}

/// Whether field 64 of an unpacked POS body is the MAC of what stands before it.
pub fn mac_64_holds(body: &[u8], mak: &MacKey) -> bool {
    body.split_last_chunk::<8>()
        .is_some_and(|(mab, f64)| mak.union_pay(mab) == *f64)
}

/// Packs a switch message; with a key, field 128 is its MAC over everything before.
pub fn seal_switch(dialect: &Dialect, mut image: Image, zak: Option<&MacKey>) -> Option<Vec<u8>> {
    let Some(zak) = zak else {
        return codec::pack(dialect, &image.draft()).ok();
    };
    image.set(128, "0000000000000000");
    let mut body = codec::pack(dialect, &image.draft()).ok()?;
    // Some dialects write a binary field as eight bytes, some as sixteen hexadecimal characters.
    let text = body.ends_with(b"0000000000000000");
    if text {
        let (data, slot) = body.split_last_chunk_mut::<16>()?;
        hex::encode_to_slice(zak.x9_9(data), slot).ok()?;
        slot.make_ascii_uppercase();
    } else {
        let (data, slot) = body.split_last_chunk_mut::<8>()?;
        *slot = zak.x9_9(data);
    }
    Some(body)
}

/// Whether field 128 of an unpacked switch message is the MAC of what stands before it.
pub fn mac_128_holds(message: &Message<'_>, body: &[u8], zak: &MacKey) -> bool {
    let (Some(span), Some(value)) = (message.span(128), message.value(128)) else {
        return false;
    };
    let Some(data) = body.get(..span.start) else {
        return false;
    };
    to_hex(&zak.x9_9(data)) == *value
}

/// A message's fields as an image.
pub fn image_of(message: &Message<'_>) -> Image {
    let mut image = Image::new(message.mti().parse().unwrap_or(0));
    for de in message.fields() {
        image.append(de, |text| message.write_value(de, text));
    }
    image
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pos_frames_come_apart_again() {
        let mut frame = wrap_pos(0x0003, 0x0001, 3, b"body");
        readdress(&mut frame, None, Some(0x1002));
        let f = unwrap_pos(&frame).expect("just made");
        assert_eq!(
            (f.to, f.from, f.wanted, f.body),
            (3, 0x1002, 3, &b"body"[..])
        );
        frame.pop();
        assert!(unwrap_pos(&frame).is_none());
    }

    #[test]
    fn switch_frames_come_apart_again() {
        assert_eq!(unwrap_switch(&wrap_switch(b"0200")), Some(&b"0200"[..]));
        assert_eq!(unwrap_switch(b"00050200"), None);
    }
}
