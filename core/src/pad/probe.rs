//! Which pad is that? Probes that change nothing, in the order in which they do no harm.
//!
//! Each probe asks for a sign of life, a serial number or a version. None loads, erases or
//! selects anything, and none makes the pad ask a person. The caller sets the line, sends,
//! listens for [`WAIT_MS`], and asks [`Probe::recognise`] what came.

use super::Protocol;
use super::sniff::{Family, other};
use super::{abecs, epp, visa};
use epp::frame::Coding;

/// How the parity bit is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parity {
    /// There is none.
    None,
    /// The count of ones is even.
    Even,
    /// The count of ones is odd.
    Odd,
}

/// Speed and shape of the characters on a line; one stop bit always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Bits a second.
    pub baud: u32,
    /// 7 or 8.
    pub data_bits: u8,
    /// The parity bit.
    pub parity: Parity,
}

impl Line {
    /// Eight bits, no parity.
    #[must_use]
    pub const fn plain(baud: u32) -> Self {
        Self {
            baud,
            data_bits: 8,
            parity: Parity::None,
        }
    }

    /// Reads `9600`, `9600-8N1`, `1200-7E1`.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let (baud, shape) = text.split_once('-').unwrap_or((text, "8N1"));
        let (data_bits, parity) = match shape.to_ascii_uppercase().as_str() {
            "8N1" => (8, Parity::None),
            "7E1" => (7, Parity::Even),
            "7O1" => (7, Parity::Odd),
            "8E1" => (8, Parity::Even),
            "8O1" => (8, Parity::Odd),
            _ => return None,
        };
        let baud = baud.parse().ok().filter(|b| *b > 0)?;
        Some(Self {
            baud,
            data_bits,
            parity,
        })
    }

    /// The usual line of a family.
    #[must_use]
    pub const fn usual(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Abecs => Self::plain(19_200),
            Protocol::Visa => Self {
                baud: 1200,
                data_bits: 7,
                parity: Parity::Even,
            },
            Protocol::Epp => Self::plain(9600),
        }
    }
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parity = match self.parity {
            Parity::None => 'N',
            Parity::Even => 'E',
            Parity::Odd => 'O',
        };
        write!(f, "{}-{}{parity}1", self.baud, self.data_bits)
    }
}

/// One probe.
#[derive(Debug, Clone, Copy)]
pub struct Probe {
    /// What it looks for.
    pub family: Family,
    /// How the line is set.
    pub line: Line,
    /// What is sent.
    pub send: &'static [u8],
    /// What the bytes ask.
    pub asks: &'static str,
}

/// A pad that answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its family.
    pub family: Family,
    /// How an EPP writes.
    pub coding: Option<Coding>,
    /// What it said of itself, as text.
    pub said: String,
}

/// How long to listen after each probe.
pub const WAIT_MS: u64 = 700;

/// The probes, the most harmless first.
pub const PROBES: &[Probe] = &[
    Probe {
        family: Family::Abecs,
        line: Line::plain(19_200),
        send: &[abecs::frame::CAN],
        asks: "cancel: an idle ABECS pad answers EOT",
    },
    Probe {
        family: Family::Visa,
        line: Line {
            baud: 1200,
            data_bits: 7,
            parity: Parity::Even,
        },
        send: b"\x0F06\x0E\x08",
        asks: "serial number, VISA",
    },
    Probe {
        family: Family::Visa,
        line: Line::plain(9600),
        send: b"\x0F06\x0E\x08",
        asks: "serial number, VISA",
    },
    Probe {
        family: Family::Epp,
        line: Line::plain(9600),
        send: b"\x02013031",
        asks: "version, EPP in hex",
    },
    Probe {
        family: Family::Nga,
        line: Line::plain(9600),
        send: &[0x02, 0x03, 0x00, 0x78, 0x46, 0x01, 0x3F, 0xBF, 0x03],
        asks: "firmware version, IDTECH NGA",
    },
    Probe {
        family: Family::Zt,
        line: Line::plain(9600),
        send: b"\x020013\x0301",
        asks: "version, ZT598",
    },
];

impl Probe {
    /// Reads what came back within [`WAIT_MS`]; `None` when it is no answer of this family.
    #[must_use]
    pub fn recognise(&self, answer: &[u8]) -> Option<Found> {
        match self.family {
            Family::Abecs => (answer == [abecs::frame::EOT]).then(|| self.found(None, "EOT")),
            Family::Visa => self.visa(answer),
            Family::Epp => self.epp(answer),
            Family::Nga | Family::Zt => {
                let frame = other::scan(self.family, answer)?;
                Some(self.found(None, &printable(answer.get(..frame)?)))
            }
            Family::Esc | Family::Dle => None,
        }
    }

    fn visa(&self, answer: &[u8]) -> Option<Found> {
        let mut decoder = visa::frame::Decoder::new().seven_bits(self.line.data_bits == 7);
        let frames = answer.iter().find_map(|b| match decoder.push(*b) {
            Some(visa::frame::Received::Frame { text, .. }) => Some(text),
            _ => None,
        });
        // An ACK alone is a sign of life only for those who asked in this family.
        let text = frames.or_else(|| (answer == [visa::frame::ACK]).then(Vec::new))?;
        Some(self.found(None, &printable(text.get(2..).unwrap_or_default())))
    }

    fn epp(&self, answer: &[u8]) -> Option<Found> {
        let mut decoder = epp::frame::Decoder::new();
        let mut received = Vec::new();
        answer.iter().for_each(|b| decoder.push(*b, &mut received));
        decoder.flush(&mut received);
        received.into_iter().find_map(|item| match item {
            epp::frame::Received::Frame { coding, body } => {
                let text = body.get(1..17).unwrap_or_default();
                Some(self.found(Some(coding), &printable(text)))
            }
            _ => None,
        })
    }

    fn found(&self, coding: Option<Coding>, said: &str) -> Found {
        Found {
            family: self.family,
            coding,
            said: said.trim().to_owned(),
        }
    }
}

/// Printable characters as they are, others as a dot.
fn printable(bytes: &[u8]) -> String {
    let shown = |b: &u8| {
        if (0x20..0x7F).contains(b) {
            char::from(*b)
        } else {
            '.'
        }
    };
    bytes.iter().map(shown).collect()
}

/// Makers of pads, and of the adapters that pads hang on, by USB vendor id.
///
/// **Source** usb.ids.
#[must_use]
pub fn vendor(vid: u16) -> Option<&'static str> {
    match vid {
        0x11CA => Some("VeriFone"),
        0x0B00 | 0x0F14 => Some("Ingenico"),
        0x079B | 0x0780 => Some("Sagem"),
        0x0ACD => Some("ID TECH"),
        0x0801 => Some("MagTek"),
        0x0CA6 => Some("Castles"),
        0x1753 => Some("Gertec"),
        0x1EAB => Some("Newland"),
        0x0403 => Some("FTDI adapter"),
        0x067B => Some("Prolific adapter"),
        0x1A86 => Some("WCH adapter"),
        0x10C4 => Some("SiLabs adapter"),
        _ => None,
    }
}
