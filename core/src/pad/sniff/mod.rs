//! Bytes between a host and a pad, taken apart: which family, which frame, what it says.
//!
//! The sniffer knows the three families that poslab speaks and recognises four more by their
//! start byte and check. It keeps one buffer for each direction, so an answer may come in the
//! middle of a command. What it cannot place it reports as noise; it never drops a byte.
//!
//! Account numbers, tracks and clear keys are marked as hidden: [`Seen::masked`] and the texts
//! of their parts show none of them.

pub mod other;
mod scan;
mod tell_abecs;
mod tell_epp;
mod tell_visa;

use super::traffic::{Direction, control_name};
use super::{Millis, Protocol, Words};
use scan::Scan;
use std::ops::Range;

/// Every framing that is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// ABECS 2.20.
    Abecs,
    /// VISA/VeriFone.
    Visa,
    /// `02 Ln CMD`.
    Epp,
    /// ZT598: `02 ddd … 03 HH`.
    Zt,
    /// IDTECH NGA: `02 length length … two checks 03`.
    Nga,
    /// START and XZ F35: `1B … 0D 0A`.
    Esc,
    /// Castles: `10 02 … 10 03`.
    Dle,
}

impl Family {
    /// A name for logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Abecs => "abecs",
            Self::Visa => "visa",
            Self::Epp => "epp",
            Self::Zt => "zt598",
            Self::Nga => "nga",
            Self::Esc => "esc",
            Self::Dle => "dle",
        }
    }

    /// The family poslab can speak, if it is one.
    #[must_use]
    pub const fn protocol(self) -> Option<Protocol> {
        match self {
            Self::Abecs => Some(Protocol::Abecs),
            Self::Visa => Some(Protocol::Visa),
            Self::Epp => Some(Protocol::Epp),
            Self::Zt | Self::Nga | Self::Esc | Self::Dle => None,
        }
    }
}

/// What stands at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// One control character, or one key byte.
    Control(&'static str),
    /// A whole frame.
    Frame(Family),
    /// A frame that its check refutes.
    Damaged(Family),
    /// Bytes that are no part of any frame.
    Noise,
}

/// One stretch of a frame and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which bytes of the frame.
    pub bytes: Range<usize>,
    /// What it is.
    pub name: Words,
    /// What it says, masked where it must be.
    pub text: String,
    /// The bytes are card data or a clear key.
    pub hidden: bool,
}

/// A piece of traffic, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// When its first byte came.
    pub at_ms: Millis,
    /// Which way it went.
    pub direction: Direction,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// What it is.
    pub what: What,
    /// The command or answer in a few letters: `GPN`, `71`, `35`.
    pub code: String,
    /// What it does.
    pub title: Words,
    /// Its stretches, in order.
    pub parts: Vec<Part>,
}

impl Seen {
    /// The bytes in hex, two stars for each hidden one.
    #[must_use]
    pub fn masked(&self) -> String {
        let hidden = |i: usize| self.parts.iter().any(|p| p.hidden && p.bytes.contains(&i));
        let one = |(i, byte): (usize, &u8)| match hidden(i) {
            true => "**".to_owned(),
            false => format!("{byte:02X}"),
        };
        self.bytes
            .iter()
            .enumerate()
            .map(one)
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Something of it must be hidden.
    #[must_use]
    pub fn has_secret(&self) -> bool {
        self.parts.iter().any(|part| part.hidden)
    }
}

/// Takes traffic apart as it comes.
#[derive(Debug, Clone, Default)]
pub struct Sniffer {
    to_pad: Buffer,
    from_pad: Buffer,
    /// What has been seen, which is what is tried first.
    family: Option<Family>,
}

#[derive(Debug, Clone, Default)]
struct Buffer {
    bytes: Vec<u8>,
    since: Millis,
}

impl Sniffer {
    /// A sniffer that expects any family, or this one first.
    #[must_use]
    pub fn new(expect: Option<Protocol>) -> Self {
        let family = expect.map(|protocol| match protocol {
            Protocol::Abecs => Family::Abecs,
            Protocol::Visa => Family::Visa,
            Protocol::Epp => Family::Epp,
        });
        Self {
            family,
            ..Self::default()
        }
    }

    /// Takes bytes that went one way and gives what they complete.
    pub fn feed(&mut self, direction: Direction, bytes: &[u8], now: Millis) -> Vec<Seen> {
        let buffer = self.buffer(direction);
        if buffer.bytes.is_empty() {
            buffer.since = now;
        }
        buffer.bytes.extend(bytes);
        self.drain(direction, now, false)
    }

    /// Some bytes wait for the rest of their frame.
    #[must_use]
    pub fn pending(&self) -> bool {
        !self.to_pad.bytes.is_empty() || !self.from_pad.bytes.is_empty()
    }

    /// The line fell quiet: what waits is given as it stands.
    pub fn flush(&mut self, now: Millis) -> Vec<Seen> {
        let mut seen = self.drain(Direction::ToPad, now, true);
        seen.extend(self.drain(Direction::FromPad, now, true));
        seen
    }

    fn buffer(&mut self, direction: Direction) -> &mut Buffer {
        match direction {
            Direction::ToPad => &mut self.to_pad,
            Direction::FromPad => &mut self.from_pad,
        }
    }

    fn drain(&mut self, direction: Direction, now: Millis, quiet: bool) -> Vec<Seen> {
        let mut all = Vec::new();
        let family = self.family;
        let mut learned = family;
        let buffer = self.buffer(direction);
        while !buffer.bytes.is_empty() {
            let (len, what) = match scan::scan(&buffer.bytes, learned, quiet) {
                Scan::NotYet => break,
                Scan::Found { len, what } => (len, what),
            };
            let len = len.clamp(1, buffer.bytes.len());
            let rest = buffer.bytes.split_off(len);
            let bytes = std::mem::replace(&mut buffer.bytes, rest);
            if let What::Frame(found) = what {
                learned = Some(found);
            }
            all.push(tell(buffer.since, direction, bytes, what));
            buffer.since = now;
        }
        self.family = learned;
        all
    }
}

/// Puts words to a piece of traffic.
fn tell(at_ms: Millis, direction: Direction, bytes: Vec<u8>, what: What) -> Seen {
    let blank = |code: &str, title| (code.to_owned(), title, Vec::new());
    let (code, title, parts) = match what {
        What::Control(name) => blank(name, control_words(name)),
        What::Noise => blank("?", Words::new("bytes outside any frame", "帧外字节")),
        What::Damaged(family) => blank(
            family.name(),
            Words::new("the check does not fit", "校验不符"),
        ),
        What::Frame(Family::Abecs) => tell_abecs::tell(&bytes, direction),
        What::Frame(Family::Visa) => tell_visa::tell(&bytes),
        What::Frame(Family::Epp) => tell_epp::tell(&bytes, direction),
        What::Frame(family @ (Family::Zt | Family::Nga | Family::Esc | Family::Dle)) => {
            blank(family.name(), other::words(family))
        }
    };
    Seen {
        at_ms,
        direction,
        bytes,
        what,
        code,
        title,
        parts,
    }
}

fn control_words(name: &str) -> Words {
    match name {
        "ACK" => Words::new("received whole", "确认"),
        "NAK" => Words::new("received damaged, say it again", "否认，请重发"),
        "EOT" => Words::new("the exchange is over", "传输结束"),
        "CAN" => Words::new("cancel whatever runs", "取消当前操作"),
        "ENQ" => Words::new("are you there?", "询问"),
        "*" => Words::new("a digit was pressed", "按下一位数字"),
        "BS" => Words::new("clear was pressed", "按下清除键"),
        "CR" => Words::new("enter was pressed", "按下确认键"),
        "ESC" => Words::new("cancel was pressed", "按下取消键"),
        "80" => Words::new("the time ran out", "超时"),
        _ => Words::new("control character", "控制字符"),
    }
}

/// The name of a byte that may stand alone.
fn lone(byte: u8) -> Option<&'static str> {
    match byte {
        0x2A => Some("*"),
        0x80 => Some("80"),
        0x04 | 0x05 | 0x06 | 0x08 | 0x0D | 0x15 | 0x18 | 0x1B => control_name(byte),
        _ => None,
    }
}

/// A number of which only the ends may be shown.
fn masked_account(digits: &str) -> String {
    let count = digits.chars().count();
    if count < 13 {
        return "*".repeat(count);
    }
    let show = |(i, c): (usize, char)| if i < 6 || i + 4 >= count { c } else { '*' };
    digits.chars().enumerate().map(show).collect()
}
