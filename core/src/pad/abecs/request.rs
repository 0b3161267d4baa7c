//! The application layer: commands with blocks, replies with a status.
//!
//! ```text
//! command   GPN 093 <93 bytes> 000 …        id A3, then length N3 and block, any number
//! reply     GPN 000 036 <36 bytes>          id, status, blocks;  GPN 013  when it failed
//! ```

use super::field;

/// A command as it stands in a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request<'a> {
    /// The three letters.
    pub id: [u8; 3],
    /// The blocks, or `None` when the lengths do not divide the data.
    pub blocks: Option<Vec<&'a [u8]>>,
}

impl<'a> Request<'a> {
    /// Reads a command; `None` when there are not even three bytes.
    #[must_use]
    pub fn read(data: &'a [u8]) -> Option<Self> {
        let (id, rest) = data.split_first_chunk::<3>()?;
        Some(Self {
            id: *id,
            blocks: divide(rest),
        })
    }

    /// The only block, or the first of several; empty when there is none.
    #[must_use]
    pub fn block(&self) -> &'a [u8] {
        self.blocks
            .as_ref()
            .and_then(|b| b.first())
            .copied()
            .unwrap_or_default()
    }

    /// The tagged fields of all blocks; `None` when a block does not divide.
    #[must_use]
    pub fn fields(&self) -> Option<Fields<'a>> {
        let mut all = Vec::new();
        for block in self.blocks.as_ref()? {
            all.extend(field::decode(block)?);
        }
        Some(Fields(all))
    }
}

/// The tagged fields of a command; of two with one id the first counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields<'a>(pub Vec<(u16, &'a [u8])>);

impl<'a> Fields<'a> {
    /// The value of an id.
    #[must_use]
    pub fn first(&self, id: u16) -> Option<&'a [u8]> {
        self.0.iter().find(|(i, _)| *i == id).map(|(_, v)| *v)
    }

    /// Every value of an id, in order.
    pub fn each(&self, id: u16) -> impl Iterator<Item = &'a [u8]> + '_ {
        self.0
            .iter()
            .filter(move |(i, _)| *i == id)
            .map(|(_, v)| *v)
    }

    /// The value of an id as a number of its big-endian bytes.
    #[must_use]
    pub fn number(&self, id: u16) -> Option<u64> {
        self.first(id).filter(|v| v.len() <= 8).map(|v| {
            v.iter()
                .fold(0, |number, byte| (number << 8) | u64::from(*byte))
        })
    }
}

/// A reply before it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The three letters.
    pub id: [u8; 3],
    /// The result code.
    pub status: u16,
    /// The blocks; empty unless the status is 000.
    pub blocks: Vec<Vec<u8>>,
}

impl Reply {
    /// A reply without data.
    #[must_use]
    pub fn status(id: [u8; 3], status: u16) -> Self {
        Self {
            id,
            status,
            blocks: Vec::new(),
        }
    }

    /// A successful reply with one block.
    #[must_use]
    pub fn block(id: [u8; 3], block: impl Into<Vec<u8>>) -> Self {
        Self {
            id,
            status: 0,
            blocks: vec![block.into()],
        }
    }

    /// A successful reply with fields, shared out over blocks of at most 999 bytes.
    #[must_use]
    pub fn fields(id: [u8; 3], fields: impl IntoIterator<Item = (u16, Vec<u8>)>) -> Self {
        let mut blocks: Vec<Vec<u8>> = Vec::new();
        for (tag, value) in fields {
            let bytes = field::encode(tag, &value);
            match blocks.last_mut().filter(|b| b.len() + bytes.len() <= 999) {
                Some(block) => block.extend(bytes),
                None => blocks.push(bytes),
            }
        }
        Self {
            id,
            status: 0,
            blocks,
        }
    }

    /// Reads a reply; `None` when it is no reply.
    #[must_use]
    pub fn read(data: &[u8]) -> Option<Self> {
        let (id, rest) = data.split_first_chunk::<3>()?;
        let (status, rest) = rest.split_first_chunk::<3>()?;
        let blocks = divide(rest)?.into_iter().map(<[u8]>::to_vec).collect();
        Some(Self {
            id: *id,
            status: digits(status)? as u16,
            blocks,
        })
    }

    /// The reply in bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.id.to_vec();
        out.extend(format!("{:03}", self.status).bytes());
        for block in &self.blocks {
            out.extend(length(block));
        }
        out
    }
}

/// Writes a command with blocks.
#[must_use]
pub fn command(id: &str, blocks: &[&[u8]]) -> Vec<u8> {
    let mut out = id.as_bytes().to_vec();
    for block in blocks {
        out.extend(length(block));
    }
    out
}

/// Writes a command with tagged fields in one block.
#[must_use]
pub fn tagged(id: &str, fields: &[(u16, &[u8])]) -> Vec<u8> {
    let block: Vec<u8> = fields
        .iter()
        .flat_map(|(id, v)| field::encode(*id, v))
        .collect();
    if block.is_empty() {
        id.as_bytes().to_vec()
    } else {
        command(id, &[&block])
    }
}

/// A block with its length before it.
fn length(block: &[u8]) -> Vec<u8> {
    let block = block.get(..999).unwrap_or(block);
    let mut out = format!("{:03}", block.len()).into_bytes();
    out.extend(block);
    out
}

fn divide(mut rest: &[u8]) -> Option<Vec<&[u8]>> {
    let mut blocks = Vec::new();
    while !rest.is_empty() {
        let (head, tail) = rest.split_first_chunk::<3>()?;
        let (block, tail) = tail.split_at_checked(digits(head)?)?;
        blocks.push(block);
        rest = tail;
    }
    Some(blocks)
}

/// A decimal number of ASCII digits.
#[must_use]
pub(crate) fn digits(bytes: &[u8]) -> Option<usize> {
    if bytes.is_empty() || bytes.len() > 9 {
        return None;
    }
    bytes.iter().try_fold(0, |n, b| {
        b.is_ascii_digit().then(|| n * 10 + usize::from(b - b'0'))
    })
}

/// Text in the charset of the protocol, ISO 8859-1; what it lacks becomes `?`.
#[must_use]
pub fn latin1(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
        .collect()
}

/// The inverse of [`latin1`].
#[must_use]
pub fn from_latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|b| char::from(*b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_that_do_not_divide_are_seen() {
        let request = Request::read(b"DSP0321234").expect("three letters stand there");
        assert_eq!(request.blocks, None);
        assert_eq!(Request::read(b"DS"), None);
        assert_eq!(Request::read(b"GKY").and_then(|r| r.blocks), Some(vec![]));
    }

    #[test]
    fn long_replies_are_shared_out() {
        let reply = Reply::fields(*b"GIX", [(1, vec![0; 900]), (2, vec![0; 100])]);
        assert_eq!(
            reply.blocks.iter().map(Vec::len).collect::<Vec<_>>(),
            [904, 104]
        );
        assert_eq!(Reply::read(&reply.to_bytes()), Some(reply));
    }
}
