//! A frame on a line, bit by bit: async characters with parity and LRC, HDLC with stuffing and FCS.
//!
//! ```text
//! async   idle 1 … | 0 d0 d1 … d7 p 1 | …          STX payload ETX LRC, payload with its own length
//! sync    01111110 address control payload fcs-lo fcs-hi 01111110, a 0 stuffed after five 1s
//! ```
//! Apart from [`Framing`](super::Framing), which knows bytes only: here a flipped bit is caught by
//! the layer that really catches it. **Source**: LRC is the exclusive or of ISO 1155; the check
//! sequence is CRC-16/X-25 (catalogued check value 0x906E for "123456789").

use std::fmt;

/// Start of text.
const STX: u8 = 0x02;
/// End of text.
const ETX: u8 = 0x03;

/// How an async character checks itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Parity {
    /// Not at all.
    None,
    /// An even number of ones.
    #[default]
    Even,
    /// An odd number of ones.
    Odd,
}

/// What a bit on a line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Start bit of a character, 0.
    Start,
    /// A bit of the text.
    Data,
    /// Parity bit.
    Parity,
    /// Stop bit, 1.
    Stop,
    /// STX, ETX: framing characters.
    Mark,
    /// The longitudinal check.
    Lrc,
    /// A flag, 01111110.
    Flag,
    /// Address and control of HDLC.
    Header,
    /// The frame check sequence.
    Fcs,
    /// A zero stuffed after five ones.
    Stuffed,
}

/// A bit on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bit {
    /// What it is for.
    pub part: Part,
    /// Its level.
    pub high: bool,
}

/// How a line carries frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Characters of eight bits.
    Async(Parity),
    /// HDLC.
    Sync,
}

/// The layer that noticed that a frame was damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caught {
    /// A stop bit or a start bit is not where it must be.
    Character,
    /// The parity of a character.
    Parity,
    /// STX, ETX or the length.
    Frame,
    /// The longitudinal check.
    Lrc,
    /// A flag where none may be, or none at the end, or seven ones.
    Flag,
    /// The frame check sequence.
    Fcs,
}

impl fmt::Display for Caught {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Caught::Character => "start or stop bit",
            Caught::Parity => "parity",
            Caught::Frame => "STX, ETX or length",
            Caught::Lrc => "LRC",
            Caught::Flag => "flag or abort",
            Caught::Fcs => "FCS",
        })
    }
}

/// A frame as bits.
pub fn send(line: Line, frame: &[u8]) -> Vec<Bit> {
    match line {
        Line::Async(parity) => {
            let mut bits = Vec::with_capacity((frame.len() + 3) * 11);
            character(STX, Part::Mark, parity, &mut bits);
            frame
                .iter()
                .for_each(|byte| character(*byte, Part::Data, parity, &mut bits));
            character(ETX, Part::Mark, parity, &mut bits);
            character(lrc(frame) ^ ETX, Part::Lrc, parity, &mut bits);
            bits
        }
        Line::Sync => hdlc(frame),
    }
}

/// The frame that arrives.
///
/// **Errors** with the layer that refuses it.
pub fn receive(line: Line, levels: &[bool]) -> Result<Vec<u8>, Caught> {
    match line {
        Line::Async(parity) => unwrap(&characters(levels, parity)?),
        Line::Sync => receive_hdlc(levels),
    }
}

/// The exclusive or of some bytes.
pub fn lrc(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum ^ byte)
}

/// CRC-16/X-25 of some bytes.
pub fn fcs(bytes: &[u8]) -> u16 {
    let step = |mut sum: u16, byte: &u8| {
        sum ^= u16::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 {
                (sum >> 1) ^ 0x8408
            } else {
                sum >> 1
            };
        }
        sum
    };
    !bytes.iter().fold(0xFFFF, step)
}

fn odd(byte: u8) -> bool {
    byte.count_ones() % 2 == 1
}

fn character(byte: u8, part: Part, parity: Parity, bits: &mut Vec<Bit>) {
    let bit = |part, high| Bit { part, high };
    bits.push(bit(Part::Start, false));
    bits.extend((0..8).map(|at| bit(part, byte >> at & 1 == 1)));
    match parity {
        Parity::None => {}
        Parity::Even => bits.push(bit(Part::Parity, odd(byte))),
        Parity::Odd => bits.push(bit(Part::Parity, !odd(byte))),
    }
    bits.push(bit(Part::Stop, true));
}

fn characters(levels: &[bool], parity: Parity) -> Result<Vec<u8>, Caught> {
    let len = if parity == Parity::None { 10 } else { 11 };
    let read = |bits: &[bool]| {
        let data = bits.get(1..9).ok_or(Caught::Character)?;
        let byte = data
            .iter()
            .rev()
            .fold(0_u8, |byte, high| byte << 1 | u8::from(*high));
        if bits.len() != len || bits.first() != Some(&false) || bits.last() != Some(&true) {
            return Err(Caught::Character);
        }
        let wanted = match parity {
            Parity::None => return Ok(byte),
            Parity::Even => odd(byte),
            Parity::Odd => !odd(byte),
        };
        if bits.get(9) == Some(&wanted) {
            Ok(byte)
        } else {
            Err(Caught::Parity)
        }
    };
    levels.chunks(len).map(read).collect()
}

/// Takes STX, ETX and LRC off; the frame's own length header says where ETX must be.
fn unwrap(bytes: &[u8]) -> Result<Vec<u8>, Caught> {
    let [STX, frame @ .., ETX, sum] = bytes else {
        return Err(Caught::Frame);
    };
    if !is_whole(frame) {
        Err(Caught::Frame)
    } else if lrc(frame) ^ ETX == *sum {
        Ok(frame.to_vec())
    } else {
        Err(Caught::Lrc)
    }
}

/// Whether a frame is as long as its header says: two octets, or four digits between hosts.
fn is_whole(frame: &[u8]) -> bool {
    let octets = frame.split_first_chunk::<2>();
    let octets =
        octets.is_some_and(|(len, rest)| usize::from(u16::from_be_bytes(*len)) == rest.len());
    let digits = || {
        let (len, rest) = frame.split_first_chunk::<4>()?;
        let len: usize = std::str::from_utf8(len).ok()?.parse().ok()?;
        Some(len == rest.len())
    };
    octets || digits() == Some(true)
}

/// Address of the station, and control: an information frame, N(S) 0, N(R) 0, polling for the
/// acknowledgement.
const HEADER: [u8; 2] = [0x30, 0x10];

fn hdlc(frame: &[u8]) -> Vec<Bit> {
    let mut body = HEADER.to_vec();
    body.extend(frame);
    let sum = fcs(&body).to_le_bytes();
    let mut bits = Vec::with_capacity((frame.len() + 6) * 9);
    let flag = |bits: &mut Vec<Bit>| {
        bits.extend((0..8).map(|at| Bit {
            part: Part::Flag,
            high: 0x7E >> at & 1 == 1,
        }));
    };
    flag(&mut bits);
    let mut ones = 0;
    for (at, byte) in body.iter().chain(&sum).enumerate() {
        let part = match at {
            0 | 1 => Part::Header,
            at if at >= body.len() => Part::Fcs,
            _ => Part::Data,
        };
        for shift in 0..8 {
            let high = byte >> shift & 1 == 1;
            bits.push(Bit { part, high });
            ones = if high { ones + 1 } else { 0 };
            if ones == 5 {
                bits.push(Bit {
                    part: Part::Stuffed,
                    high: false,
                });
                ones = 0;
            }
        }
    }
    flag(&mut bits);
    bits
}

fn receive_hdlc(levels: &[bool]) -> Result<Vec<u8>, Caught> {
    const FLAG: [bool; 8] = [false, true, true, true, true, true, true, false];
    let inner = levels
        .strip_prefix(&FLAG)
        .and_then(|rest| rest.strip_suffix(&FLAG));
    let mut bits = Vec::with_capacity(levels.len());
    let mut ones = 0;
    for high in inner.ok_or(Caught::Flag)? {
        match (ones, high) {
            // Six ones end a frame or abort it.
            (5, true) => return Err(Caught::Flag),
            (5, false) => ones = 0,
            (_, high) => {
                bits.push(*high);
                ones = if *high { ones + 1 } else { 0 };
            }
        }
    }
    if bits.len() % 8 != 0 {
        return Err(Caught::Flag);
    }
    let byte = |bits: &[bool]| {
        bits.iter()
            .rev()
            .fold(0_u8, |byte, high| byte << 1 | u8::from(*high))
    };
    let bytes: Vec<u8> = bits.chunks(8).map(byte).collect();
    let (body, sum) = bytes.split_last_chunk::<2>().ok_or(Caught::Fcs)?;
    if fcs(body) != u16::from_le_bytes(*sum) {
        return Err(Caught::Fcs);
    }
    body.strip_prefix(&HEADER)
        .map(<[u8]>::to_vec)
        .ok_or(Caught::Frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: [Line; 4] = [
        Line::Async(Parity::None),
        Line::Async(Parity::Even),
        Line::Async(Parity::Odd),
        Line::Sync,
    ];

    fn frame() -> Vec<u8> {
        let mut frame = vec![
            0, 14, 0x60, 0, 3, 0, 1, 2, 0, 0xFF, 0xFF, 0x7E, 0x7E, 3, 2, 0x1F,
        ];
        frame[1] = frame.len() as u8 - 2;
        frame
    }

    fn levels(line: Line) -> Vec<bool> {
        send(line, &frame()).iter().map(|bit| bit.high).collect()
    }

    #[test]
    fn the_check_sequence_is_the_catalogued_one() {
        assert_eq!(fcs(b"123456789"), 0x906E);
    }

    #[test]
    fn what_is_sent_arrives() {
        for line in LINES {
            assert_eq!(receive(line, &levels(line)), Ok(frame()), "{line:?}");
        }
        let ones = send(Line::Sync, &frame());
        let stuffed = ones.iter().filter(|bit| bit.part == Part::Stuffed).count();
        // Counted apart from this code: three in FF FF, one in each 7E and in 1F.
        assert_eq!(stuffed, 6);
    }

    #[test]
    fn a_frame_between_hosts_has_digits_in_front() {
        let line = Line::Async(Parity::Even);
        for (frame, arrives) in [(&b"00040800"[..], true), (b"00050800", false)] {
            let levels: Vec<bool> = send(line, frame).iter().map(|bit| bit.high).collect();
            assert_eq!(receive(line, &levels).is_ok(), arrives, "{frame:?}");
        }
    }

    #[test]
    fn every_single_flip_is_caught() {
        for line in LINES {
            let good = levels(line);
            for at in 0..good.len() {
                let mut bad = good.clone();
                bad[at] = !bad[at];
                assert!(receive(line, &bad).is_err(), "{line:?} bit {at}");
            }
        }
    }

    #[test]
    fn two_flips_in_one_column_pass_the_lrc() {
        let line = Line::Async(Parity::None);
        let mut bad = levels(line);
        // The same bit of two characters of the text: the exclusive or is as it was.
        for character in [8, 9] {
            let at = character * 10 + 3;
            bad[at] = !bad[at];
        }
        let got = receive(line, &bad).expect("nobody notices");
        assert_ne!(got, frame());
        let line = Line::Async(Parity::Even);
        let mut bad = levels(line);
        for character in [8, 9] {
            let at = character * 11 + 3;
            bad[at] = !bad[at];
        }
        assert_eq!(receive(line, &bad), Err(Caught::Parity));
    }
}
