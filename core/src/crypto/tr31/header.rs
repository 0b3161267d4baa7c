//! The header of a key block: sixteen characters, then optional blocks.

use super::CryptoError;

/// What the "length of length" of a long optional block counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LengthDialect {
    /// Characters, as the standard's own examples do.
    X9143,
    /// Bytes, two characters each, as some software does.
    Bytes,
}

/// One optional block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionalBlock {
    /// Two characters that name the block.
    pub id: String,
    /// Its data, without name and length.
    pub data: String,
}

/// A header: its text and the optional blocks in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    text: String,
    blocks: Vec<OptionalBlock>,
}

impl Header {
    /// Reads the header at the front of `text`; what follows it is not looked at.
    ///
    /// **Errors** `TR31_LENGTH` below sixteen characters, `TR31_OPT_BLOCK`.
    pub fn read(text: &str, dialect: LengthDialect) -> Result<Self, CryptoError> {
        let refuse = CryptoError::Tr31OptBlock;
        let fixed = text
            .get(..16)
            .filter(|t| t.is_ascii())
            .ok_or(CryptoError::Tr31Length)?;
        let count = fixed.get(12..14).and_then(decimal).ok_or(refuse)?;
        let mut rest = text.get(16..).unwrap_or("");
        let mut blocks = Vec::with_capacity(count);
        for _ in 0..count {
            let (block, after) = read_block(rest, dialect)?;
            blocks.push(block);
            rest = after;
        }
        let len = text.len() - rest.len();
        Ok(Self {
            text: text.get(..len).unwrap_or("").to_owned(),
            blocks,
        })
    }

    /// The header as text, optional blocks included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The optional blocks.
    pub fn blocks(&self) -> &[OptionalBlock] {
        &self.blocks
    }

    /// The first eight bytes: the initial vector of versions A and C.
    pub(super) fn iv(&self) -> &[u8] {
        self.text.as_bytes().get(..8).unwrap_or(&[])
    }

    /// Writes the length of the whole block into the header.
    ///
    /// **Errors** `TR31_LENGTH` above 9999.
    pub(super) fn set_length(&mut self, len: usize) -> Result<(), CryptoError> {
        if len > 9999 {
            return Err(CryptoError::Tr31Length);
        }
        self.text.replace_range(1..5, &format!("{len:04}"));
        Ok(())
    }

    /// Adds a padding block when the optional blocks do not fill whole cipher blocks.
    pub(super) fn align(&mut self, block: usize) {
        let over = self.text.len() % block;
        if over == 0 || self.blocks.is_empty() {
            return;
        }
        let mut len = block - over;
        if len < 4 {
            len += block;
        }
        let data = "0".repeat(len - 4);
        self.text.push_str(&format!("PB{len:02X}{data}"));
        self.blocks.push(OptionalBlock {
            id: "PB".to_owned(),
            data,
        });
        let count = format!("{:02}", self.blocks.len());
        self.text.replace_range(12..14, &count);
    }
}

/// A number of decimal digits alone: no sign, no space.
pub(super) fn decimal(digits: &str) -> Option<usize> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| plain)
}

/// One optional block and what follows it.
fn read_block(text: &str, dialect: LengthDialect) -> Result<(OptionalBlock, &str), CryptoError> {
    let refuse = CryptoError::Tr31OptBlock;
    let take = |from: usize, len: usize| text.get(from..from + len).ok_or(refuse);
    let number = |digits: &str| {
        let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = usize::from_str_radix(digits, 16).ok().filter(|_| plain);
        number.ok_or(refuse)
    };
    let id = take(0, 2)?;
    if !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(refuse);
    }
    let short = number(take(2, 2)?)?;
    let (len, data_at) = if short == 0 {
        let digits = number(take(4, 2)?)?;
        let digits = if dialect == LengthDialect::Bytes {
            2 * digits
        } else {
            digits
        };
        if digits == 0 {
            return Err(refuse);
        }
        (number(take(6, digits)?)?, 6 + digits)
    } else {
        (short, 4)
    };
    let data_len = len.checked_sub(data_at).ok_or(refuse)?;
    let data = take(data_at, data_len)?;
    let block = OptionalBlock {
        id: id.to_owned(),
        data: data.to_owned(),
    };
    Ok((block, text.get(len..).unwrap_or("")))
}
