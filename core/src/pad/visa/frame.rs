//! VISA frames: two pairs of brackets, one check byte.
//!
//! ```text
//!  0     1 …            n       n+1
//! +-----+--------------+-------+-----+
//! | 0F  | text         |  0E   | LRC |   the LRC is the exclusive or of bytes 1 to n
//! +-----+--------------+-------+-----+
//! ```

/// Opens an administration frame.
pub const SI: u8 = 0x0F;
/// Closes an administration frame.
pub const SO: u8 = 0x0E;
/// Opens a transaction frame.
pub const STX: u8 = 0x02;
/// Closes a transaction frame.
pub const ETX: u8 = 0x03;
/// End of the exchange.
pub const EOT: u8 = 0x04;
/// The frame arrived whole.
pub const ACK: u8 = 0x06;
/// The frame arrived damaged.
pub const NAK: u8 = 0x15;
/// Clears the display first.
pub const SUB: u8 = 0x1A;
/// Divides fields.
pub const FS: u8 = 0x1C;

/// The longest text that is collected before the frame is given up.
pub const MAX_TEXT: usize = 1024;

/// Which brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// SI and SO.
    Admin,
    /// STX and ETX.
    Transaction,
}

impl Kind {
    /// The bytes that open and close.
    #[must_use]
    pub const fn brackets(self) -> (u8, u8) {
        match self {
            Self::Admin => (SI, SO),
            Self::Transaction => (STX, ETX),
        }
    }

    const fn opened_by(byte: u8) -> Option<Self> {
        match byte {
            SI => Some(Self::Admin),
            STX => Some(Self::Transaction),
            _ => None,
        }
    }
}

/// The exclusive or of some bytes.
#[must_use]
pub fn lrc(bytes: impl IntoIterator<Item = u8>) -> u8 {
    bytes.into_iter().fold(0, |lrc, byte| lrc ^ byte)
}

/// Puts a frame around text.
///
/// ```
/// use poslab_core::pad::visa::frame::{Kind, wrap};
/// assert_eq!(wrap(Kind::Admin, b"06"), [0x0F, 0x30, 0x36, 0x0E, 0x08]);
/// ```
#[must_use]
pub fn wrap(kind: Kind, text: &[u8]) -> Vec<u8> {
    let (open, close) = kind.brackets();
    let mut out = vec![open];
    out.extend(text);
    out.push(close);
    out.push(lrc(text.iter().copied().chain([close])));
    out
}

/// What is wrong with a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The LRC says other bytes were sent.
    Lrc {
        /// As computed here.
        expected: u8,
        /// As it stood in the frame.
        found: u8,
    },
    /// No closing byte came.
    TooLong,
}

/// What a byte completed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// A whole frame with a right LRC.
    Frame {
        /// Its brackets.
        kind: Kind,
        /// What stood between them.
        text: Vec<u8>,
    },
    /// A frame that must be refused.
    Bad(Fault),
    /// A byte outside any frame.
    Byte(u8),
}

/// Finds frames in a stream of bytes.
#[derive(Debug, Clone, Default)]
pub struct Decoder {
    state: State,
    text: Vec<u8>,
    seven_bits: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Outside,
    Text(Kind),
    Check(Kind),
}

impl Decoder {
    /// A decoder outside any frame.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The line carries seven bits: the eighth is parity and is dropped.
    #[must_use]
    pub fn seven_bits(mut self, on: bool) -> Self {
        self.seven_bits = on;
        self
    }

    /// A frame has begun and not ended.
    #[must_use]
    pub fn inside(&self) -> bool {
        self.state != State::Outside
    }

    /// Forgets a frame that has begun.
    pub fn reset(&mut self) {
        self.state = State::Outside;
        self.text.clear();
    }

    /// Takes one byte.
    pub fn push(&mut self, byte: u8) -> Option<Received> {
        let byte = if self.seven_bits { byte & 0x7F } else { byte };
        match self.state {
            State::Outside => match Kind::opened_by(byte) {
                Some(kind) => {
                    self.state = State::Text(kind);
                    None
                }
                None => Some(Received::Byte(byte)),
            },
            State::Text(kind) if byte == kind.brackets().1 => {
                self.state = State::Check(kind);
                None
            }
            State::Text(_) if self.text.len() == MAX_TEXT => {
                self.reset();
                Some(Received::Bad(Fault::TooLong))
            }
            State::Text(_) => {
                self.text.push(byte);
                None
            }
            State::Check(kind) => Some(self.close(kind, byte)),
        }
    }

    fn close(&mut self, kind: Kind, found: u8) -> Received {
        let text = std::mem::take(&mut self.text);
        self.reset();
        let expected = lrc(text.iter().copied().chain([kind.brackets().1]));
        match expected == found {
            true => Received::Frame { kind, text },
            false => Received::Bad(Fault::Lrc { expected, found }),
        }
    }
}
