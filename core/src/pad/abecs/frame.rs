//! ABECS link frames: the escape, the CRC, and a decoder that takes bytes in any portions.
//!
//! ```text
//!  0    1 …                         n      n+1   n+2
//! +----+---------------------------+------+-----------+
//! | 16 | data; 13 16 17 -> 13 b+20 |  17  | CRC hi lo |
//! +----+---------------------------+------+-----------+
//! ```

/// End of transmission: the pad's answer to CAN.
pub const EOT: u8 = 0x04;
/// The frame arrived whole.
pub const ACK: u8 = 0x06;
/// Opens an enciphered payload.
pub const DC2: u8 = 0x12;
/// The next byte of the data is 20h too high.
pub const DC3: u8 = 0x13;
/// The frame arrived damaged.
pub const NAK: u8 = 0x15;
/// Opens a frame.
pub const SYN: u8 = 0x16;
/// Closes the data of a frame.
pub const ETB: u8 = 0x17;
/// The host aborts whatever runs.
pub const CAN: u8 = 0x18;

/// The longest data of a frame, before escaping.
pub const MAX_DATA: usize = 2049;

/// CRC-16 with polynomial 1021h from zero, most significant bit first (XMODEM).
#[must_use]
pub fn crc(bytes: impl IntoIterator<Item = u8>) -> u16 {
    bytes.into_iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 {
                crc << 1
            } else {
                (crc << 1) ^ 0x1021
            }
        })
    })
}

/// Puts a frame around data: the bytes as they go over the line.
///
/// ```
/// use poslab_core::pad::abecs::frame::wrap;
/// assert_eq!(hex::encode_upper(wrap(b"OPN")), "164F504E17A8A9");
/// ```
#[must_use]
pub fn wrap(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len() + 8);
    out.push(SYN);
    for byte in data {
        match *byte {
            DC3 | SYN | ETB => out.extend([DC3, byte + 0x20]),
            plain => out.push(plain),
        }
    }
    out.push(ETB);
    out.extend(crc(data.iter().copied().chain([ETB])).to_be_bytes());
    out
}

/// What is wrong with a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The CRC says other bytes were sent.
    Crc {
        /// As computed here.
        expected: u16,
        /// As it stood in the frame.
        found: u16,
    },
    /// More data than a frame may carry.
    TooLong,
}

/// What a byte completed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// A whole frame with a right CRC; the data unescaped.
    Packet(Vec<u8>),
    /// A frame that must be refused.
    Bad(Fault),
    /// A byte outside any frame: a control, or noise.
    Byte(u8),
}

/// Finds frames in a stream of bytes.
#[derive(Debug, Clone, Default)]
pub struct Decoder {
    state: State,
    data: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Outside,
    Data,
    Escaped,
    CrcHigh,
    CrcLow(u8),
}

impl Decoder {
    /// A decoder outside any frame.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A frame has begun and not ended.
    #[must_use]
    pub fn inside(&self) -> bool {
        self.state != State::Outside
    }

    /// Forgets a frame that has begun.
    pub fn reset(&mut self) {
        self.state = State::Outside;
        self.data.clear();
    }

    /// Takes one byte.
    pub fn push(&mut self, byte: u8) -> Option<Received> {
        match (self.state, byte) {
            (State::Outside, SYN) | (State::Data | State::Escaped, SYN) => {
                // SYN is always escaped inside, so a bare one begins anew.
                self.reset();
                self.state = State::Data;
                None
            }
            (State::Outside, other) => Some(Received::Byte(other)),
            (State::Data, DC3) => self.go(State::Escaped),
            (State::Data, ETB) => self.go(State::CrcHigh),
            (State::Data, plain) => self.take(plain),
            (State::Escaped, high) => {
                self.state = State::Data;
                self.take(high.wrapping_sub(0x20))
            }
            (State::CrcHigh, high) => self.go(State::CrcLow(high)),
            (State::CrcLow(high), low) => Some(self.close(u16::from_be_bytes([high, low]))),
        }
    }

    fn go(&mut self, state: State) -> Option<Received> {
        self.state = state;
        None
    }

    fn take(&mut self, byte: u8) -> Option<Received> {
        if self.data.len() == MAX_DATA {
            self.reset();
            return Some(Received::Bad(Fault::TooLong));
        }
        self.data.push(byte);
        None
    }

    fn close(&mut self, found: u16) -> Received {
        let data = std::mem::take(&mut self.data);
        self.reset();
        let expected = crc(data.iter().copied().chain([ETB]));
        if expected == found {
            Received::Packet(data)
        } else {
            Received::Bad(Fault::Crc { expected, found })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<Received> {
        let mut decoder = Decoder::new();
        bytes.iter().filter_map(|b| decoder.push(*b)).collect()
    }

    #[test]
    fn every_byte_value_survives_the_escape() {
        let data: Vec<u8> = (0..=255).collect();
        assert_eq!(all(&wrap(&data)), [Received::Packet(data)]);
    }

    #[test]
    fn a_frame_cut_by_another_is_dropped() {
        let mut bytes = wrap(b"GKY");
        bytes.truncate(3);
        bytes.extend(wrap(b"OPN"));
        assert_eq!(all(&bytes), [Received::Packet(b"OPN".to_vec())]);
    }

    #[test]
    fn a_flipped_bit_is_seen() {
        let mut bytes = wrap(b"OPN");
        *bytes.last_mut().expect("a frame is not empty") ^= 1;
        let fault = Fault::Crc {
            expected: 0xA8A9,
            found: 0xA8A8,
        };
        assert_eq!(all(&bytes), [Received::Bad(fault)]);
    }

    #[test]
    fn too_much_data_is_refused_not_kept() {
        let mut bytes = vec![SYN];
        bytes.extend(std::iter::repeat_n(b'A', MAX_DATA + 1));
        assert_eq!(all(&bytes), [Received::Bad(Fault::TooLong)]);
    }
}
