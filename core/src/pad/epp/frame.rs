//! EPP frames in their three codings, and a decoder that tells them apart.
//!
//! ```text
//!  0    1    2     3 …         n     n+1
//! +----+----+-----+-----------+-----+------+
//! | 02 | Ln | CMD | DATA      | BCC | [03] |   Ln counts CMD and DATA;
//! +----+----+-----+-----------+-----+------+   BCC is the exclusive or of Ln to DATA
//! ```

/// Opens a frame.
pub const STX: u8 = 0x02;
/// Stands behind the frames of some models.
pub const ETX: u8 = 0x03;

/// How a frame is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Coding {
    /// Every byte after 02 as two characters.
    #[default]
    Hex,
    /// Bytes as they are.
    Binary,
    /// Bytes as they are, then 03.
    BinaryEtx,
}

impl Coding {
    /// The name on command lines: `hex`, `binary`, `binary-03`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hex => "hex",
            Self::Binary => "binary",
            Self::BinaryEtx => "binary-03",
        }
    }

    /// The coding of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Hex, Self::Binary, Self::BinaryEtx]
            .into_iter()
            .find(|c| c.name() == name)
    }
}

/// Puts a frame around a command (or status) and its data; more than 255 bytes are cut.
///
/// ```
/// use poslab_core::pad::epp::frame::{Coding, wrap};
/// assert_eq!(wrap(Coding::Hex, &[0x43, 0, 0]), b"\x020343000040");
/// assert_eq!(wrap(Coding::BinaryEtx, &[0x42]), [2, 1, 0x42, 0x43, 3]);
/// ```
#[must_use]
pub fn wrap(coding: Coding, body: &[u8]) -> Vec<u8> {
    let body = body.get(..255).unwrap_or(body);
    let mut bytes = vec![body.len() as u8];
    bytes.extend(body);
    bytes.push(check(&bytes));
    let mut out = vec![STX];
    match coding {
        Coding::Hex => out.extend(hex::encode_upper(bytes).into_bytes()),
        Coding::Binary => out.extend(bytes),
        Coding::BinaryEtx => {
            out.extend(bytes);
            out.push(ETX);
        }
    }
    out
}

fn check(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |bcc, byte| bcc ^ byte)
}

/// What the decoder found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// A whole frame with a right BCC.
    Frame {
        /// How it was written.
        coding: Coding,
        /// Command or status, and data.
        body: Vec<u8>,
    },
    /// A frame that fits neither coding.
    Bad {
        /// The bytes from behind 02.
        bytes: Vec<u8>,
    },
    /// A byte outside any frame: a key, or noise.
    Byte(u8),
}

/// Finds frames in a stream of bytes and learns how they are written.
///
/// A binary frame of hex digits alone could be either; what was seen last decides, and before
/// anything was seen the longer reading has the right of way until the line falls quiet
/// ([`flush`](Self::flush)).
#[derive(Debug, Clone, Default)]
pub struct Decoder {
    raw: Option<Vec<u8>>,
    known: Option<Coding>,
    fixed: bool,
    /// A binary frame that may still be followed by 03.
    held: Option<Vec<u8>>,
}

impl Decoder {
    /// A decoder that knows nothing of the line.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A decoder that takes one coding and no other.
    #[must_use]
    pub fn fixed(coding: Coding) -> Self {
        Self {
            known: Some(coding),
            fixed: true,
            ..Self::default()
        }
    }

    /// A frame has begun, or ended and may still have its 03.
    #[must_use]
    pub fn inside(&self) -> bool {
        self.raw.is_some() || self.held.is_some()
    }

    /// Forgets a frame that has begun, but not what was learned of the line.
    pub fn reset(&mut self) {
        self.raw = None;
        self.held = None;
    }

    /// The coding of the last frame.
    #[must_use]
    pub fn coding(&self) -> Option<Coding> {
        self.known
    }

    /// Takes one byte; what it completes goes to the end of `out`.
    pub fn push(&mut self, byte: u8, out: &mut Vec<Received>) {
        if let Some(body) = self.held.take() {
            let etx = byte == ETX;
            self.emit(
                if etx {
                    Coding::BinaryEtx
                } else {
                    Coding::Binary
                },
                body,
                out,
            );
            if etx {
                return;
            }
        }
        match &mut self.raw {
            None if byte == STX => self.raw = Some(Vec::new()),
            None => out.push(Received::Byte(byte)),
            Some(raw) => {
                raw.push(byte);
                self.judge(false, out);
            }
        }
    }

    /// The line fell quiet: a frame that has begun is now judged as it stands.
    pub fn flush(&mut self, out: &mut Vec<Received>) {
        if let Some(body) = self.held.take() {
            self.emit(Coding::Binary, body, out);
        }
        if self.raw.is_some() {
            self.judge(true, out);
        }
        // Still there: cut short. What stands behind another 02 gets its own chance.
        if self.raw.is_some() {
            self.give_up(out);
            self.flush(out);
        }
    }

    /// The bytes are no frame; a frame may still begin among them.
    fn give_up(&mut self, out: &mut Vec<Received>) {
        let mut bytes = self.raw.take().unwrap_or_default();
        if !self.fixed {
            self.known = None;
        }
        let next = bytes.iter().position(|b| *b == STX).unwrap_or(bytes.len());
        let rest = bytes.split_off(next);
        out.push(Received::Bad { bytes });
        rest.into_iter().for_each(|byte| self.push(byte, out));
    }

    fn judge(&mut self, quiet: bool, out: &mut Vec<Received>) {
        let Some(raw) = &self.raw else { return };
        let hex = if self.may_be(Coding::Hex) {
            read_hex(raw)
        } else {
            Reading::Wrong
        };
        let binary = if self.known == Some(Coding::Hex) {
            Reading::Wrong
        } else {
            read_binary(raw)
        };
        let binary_known = self.known.is_some_and(|c| c != Coding::Hex);
        match (hex, binary) {
            (Reading::Whole(body), _) => {
                self.raw = None;
                self.emit(Coding::Hex, body, out);
            }
            (Reading::Wrong, Reading::Whole(body)) => self.close_binary(body, out),
            (_, Reading::Whole(body)) if quiet || binary_known => self.close_binary(body, out),
            (Reading::Wrong, Reading::Wrong) => self.give_up(out),
            _ => {}
        }
    }

    fn may_be(&self, coding: Coding) -> bool {
        self.known.is_none_or(|known| known == coding)
    }

    fn close_binary(&mut self, body: Vec<u8>, out: &mut Vec<Received>) {
        self.raw = None;
        match self.known {
            Some(Coding::Binary) => self.emit(Coding::Binary, body, out),
            _ => self.held = Some(body),
        }
    }

    fn emit(&mut self, coding: Coding, body: Vec<u8>, out: &mut Vec<Received>) {
        self.known.get_or_insert(coding);
        out.push(Received::Frame { coding, body });
    }
}

/// What one reading of the bytes behind 02 says.
enum Reading {
    Whole(Vec<u8>),
    NotYet,
    Wrong,
}

fn read_hex(raw: &[u8]) -> Reading {
    if !raw.iter().all(u8::is_ascii_hexdigit) {
        return Reading::Wrong;
    }
    let even = raw.get(..raw.len() & !1).unwrap_or_default();
    match hex::decode(even) {
        Ok(bytes) => read_binary(&bytes),
        Err(_) => Reading::Wrong,
    }
}

fn read_binary(raw: &[u8]) -> Reading {
    let Some((len, rest)) = raw.split_first() else {
        return Reading::NotYet;
    };
    match (*len, rest.split_last()) {
        (0, _) => Reading::Wrong,
        (_, Some((bcc, body))) if body.len() == usize::from(*len) => {
            match check(body) ^ len == *bcc {
                true => Reading::Whole(body.to_vec()),
                false => Reading::Wrong,
            }
        }
        (_, Some((_, body))) if body.len() > usize::from(*len) => Reading::Wrong,
        _ => Reading::NotYet,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(decoder: &mut Decoder, bytes: &[u8]) -> Vec<Received> {
        let mut out = Vec::new();
        bytes.iter().for_each(|b| decoder.push(*b, &mut out));
        decoder.flush(&mut out);
        out
    }

    #[test]
    fn the_three_codings_are_told_apart() {
        let body: Vec<u8> = vec![0x43, 0, 0];
        for coding in [Coding::Hex, Coding::Binary, Coding::BinaryEtx] {
            let found = all(&mut Decoder::new(), &wrap(coding, &body));
            assert_eq!(
                found,
                [Received::Frame {
                    coding,
                    body: body.clone()
                }]
            );
        }
        let lower = wrap(Coding::Hex, &[0xAB, 0xCD]).to_ascii_lowercase();
        let body = vec![0xAB, 0xCD];
        let found = all(&mut Decoder::new(), &lower);
        assert_eq!(
            found,
            [Received::Frame {
                coding: Coding::Hex,
                body
            }]
        );
    }

    #[test]
    fn a_binary_frame_of_digits_alone_waits_for_quiet_or_for_what_is_known() {
        let body: Vec<u8> = [b"A".as_slice(), &[b'0'; 48]].concat();
        let frame = wrap(Coding::Binary, &body);
        let want = [Received::Frame {
            coding: Coding::Binary,
            body,
        }];
        assert_eq!(all(&mut Decoder::new(), &frame), want);
        let mut known = Decoder::fixed(Coding::Binary);
        let mut out = Vec::new();
        frame.iter().for_each(|b| known.push(*b, &mut out));
        assert_eq!(out, want);
    }

    #[test]
    fn a_wrong_check_is_bad_in_both() {
        let found = all(&mut Decoder::new(), &[2, 1, 0x42, 0x44]);
        assert_eq!(
            found,
            [Received::Bad {
                bytes: vec![1, 0x42, 0x44]
            }]
        );
    }
}
