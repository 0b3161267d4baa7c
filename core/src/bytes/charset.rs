//! Character sets of the line: which byte is which character, both ways.

use super::{ebcdic, gbk};
use serde::{Deserialize, Serialize};

/// A character set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Charset {
    /// ASCII; bytes above 7F are read as Latin-1 so that nothing is lost.
    Ascii,
    /// EBCDIC code page 500.
    Ebcdic500,
    /// EBCDIC code page 1047.
    Ebcdic1047,
    /// GBK: one byte for ASCII, two for Chinese.
    Gbk,
    /// UTF-8.
    Utf8,
}

/// A character that the character set cannot write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotInCharset(pub char);

impl Charset {
    /// Appends the characters of `bytes`; a byte that means nothing becomes U+FFFD.
    pub fn decode_into(self, bytes: &[u8], out: &mut String) {
        match self {
            Self::Ascii => push_latin1(out, bytes),
            Self::Ebcdic500 => out.extend(bytes.iter().map(|b| by_table(&ebcdic::CP500, *b))),
            Self::Ebcdic1047 => out.extend(bytes.iter().map(|b| by_table(&ebcdic::CP1047, *b))),
            Self::Gbk => decode_gbk(bytes, out),
            Self::Utf8 => out.push_str(&String::from_utf8_lossy(bytes)),
        }
    }

    /// The characters of `bytes`.
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> String {
        let mut out = String::with_capacity(bytes.len());
        self.decode_into(bytes, &mut out);
        out
    }

    /// Appends `text` in this character set.
    ///
    /// **Errors**: the first character that it cannot write.
    pub fn encode_into(self, text: &str, out: &mut Vec<u8>) -> Result<(), NotInCharset> {
        if matches!(self, Self::Ascii | Self::Utf8 | Self::Gbk) && text.is_ascii() {
            out.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        text.chars().try_for_each(|c| self.encode_char(c, out))
    }

    fn encode_char(self, c: char, out: &mut Vec<u8>) -> Result<(), NotInCharset> {
        match self {
            Self::Ascii => out.push(u8::try_from(c).map_err(|_| NotInCharset(c))?),
            Self::Ebcdic500 => out.push(from_table(&ebcdic::CP500, c)?),
            Self::Ebcdic1047 => out.push(from_table(&ebcdic::CP1047, c)?),
            Self::Gbk => match u8::try_from(c) {
                Ok(byte) if byte.is_ascii() => out.push(byte),
                _ => out.extend(gbk::encode_char(c).ok_or(NotInCharset(c))?),
            },
            Self::Utf8 => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
        Ok(())
    }

    /// The character of one byte, for the single-byte sets.
    #[must_use]
    pub fn decode_byte(self, byte: u8) -> char {
        match self {
            Self::Ebcdic500 => by_table(&ebcdic::CP500, byte),
            Self::Ebcdic1047 => by_table(&ebcdic::CP1047, byte),
            Self::Ascii | Self::Gbk | Self::Utf8 => char::from(byte),
        }
    }
}

fn push_latin1(out: &mut String, bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => out.push_str(text),
        _ => out.extend(bytes.iter().map(|b| char::from(*b))),
    }
}

fn by_table(table: &[u8; 256], byte: u8) -> char {
    table
        .get(usize::from(byte))
        .map_or('\u{FFFD}', |c| char::from(*c))
}

fn from_table(table: &[u8; 256], c: char) -> Result<u8, NotInCharset> {
    let latin = u8::try_from(c).map_err(|_| NotInCharset(c))?;
    let at = table
        .iter()
        .position(|entry| *entry == latin)
        .ok_or(NotInCharset(c))?;
    u8::try_from(at).map_err(|_| NotInCharset(c))
}

fn decode_gbk(bytes: &[u8], out: &mut String) {
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if first.is_ascii() {
            out.push(char::from(*first));
            continue;
        }
        let pair = after
            .split_first()
            .and_then(|(second, tail)| gbk::decode_pair(*first, *second).map(|c| (c, tail)));
        match pair {
            Some((c, tail)) => {
                out.push(c);
                rest = tail;
            }
            None => out.push('\u{FFFD}'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_agree_in_both_ebcdic_pages() {
        let wire = [0xF0, 0xF8, 0xC1, 0x40];
        assert_eq!(Charset::Ebcdic500.decode(&wire), "08A ");
        assert_eq!(Charset::Ebcdic1047.decode(&wire), "08A ");
    }

    #[test]
    fn every_byte_survives_latin1_and_ebcdic() {
        let all: Vec<u8> = (0..=255).collect();
        for set in [Charset::Ascii, Charset::Ebcdic500, Charset::Ebcdic1047] {
            let mut back = Vec::new();
            set.encode_into(&set.decode(&all), &mut back)
                .expect("single-byte sets are total");
            assert_eq!(back, all);
        }
    }

    #[test]
    fn gbk_reads_chinese_and_marks_nonsense() {
        let mut wire = Vec::new();
        Charset::Gbk
            .encode_into("交易成功 OK", &mut wire)
            .expect("all in GBK");
        assert_eq!(Charset::Gbk.decode(&wire), "交易成功 OK");
        assert_eq!(Charset::Gbk.decode(&[0xFF, 0x41]), "\u{FFFD}A");
    }
}
