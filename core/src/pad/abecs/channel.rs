//! The secure channel: AES-128 around commands and replies, under a key that the pad made.
//!
//! ```text
//! DC2 | AES-128-CBC( length X2 | CRC X2 | the clear command | zeros to 16 )
//! ```

use super::frame::{DC2, crc};
use crate::pad::secure::cipher::{aes_cbc_decipher, aes_cbc_encipher};
use zeroize::Zeroizing;

/// The key of one session (KSEC), wiped when dropped.
#[derive(Clone)]
pub struct SessionKey(Zeroizing<[u8; 16]>);

impl SessionKey {
    /// Takes the sixteen bytes that came through RSA.
    #[must_use]
    pub fn new(key: [u8; 16]) -> Self {
        Self(Zeroizing::new(key))
    }

    pub(crate) fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Seals a command or reply.
    #[must_use]
    pub fn seal(&self, clear: &[u8]) -> Vec<u8> {
        let mut block = (clear.len() as u16).to_be_bytes().to_vec();
        block.extend(crc(clear.iter().copied()).to_be_bytes());
        block.extend(clear);
        block.resize(block.len().next_multiple_of(16), 0);
        let mut out = vec![DC2];
        out.extend(aes_cbc_encipher(&self.0, &block));
        out
    }

    /// Opens what [`seal`](Self::seal) made; `None` when anything is wrong with it.
    #[must_use]
    pub fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let body = sealed.strip_prefix(&[DC2])?;
        if body.is_empty() || !body.len().is_multiple_of(16) {
            return None;
        }
        let block = aes_cbc_decipher(&self.0, body);
        let ([a, b, c, d], rest) = block.split_first_chunk::<4>()?;
        let clear = rest.get(..usize::from(u16::from_be_bytes([*a, *b])))?;
        (crc(clear.iter().copied()) == u16::from_be_bytes([*c, *d])).then(|| clear.to_vec())
    }
}

impl std::fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionKey(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ABECS 2.20, 5.2.2.2: the worked example of a sealed GIX.
    #[test]
    fn the_worked_example_seals_and_opens() {
        let key = SessionKey::new(0xDB3B_4D01_5432_AB32_2355_5A1F_8175_9A94_u128.to_be_bytes());
        let clear = hex::decode("4749583031340001000A8001800480349101910E").expect("hex");
        let sealed = key.seal(&clear);
        assert_eq!(
            hex::encode_upper(&sealed),
            "12EA229EDD36F84C2AA7E00275105C3A8A787FC9B2883540AEE827BA1C5A039496"
        );
        assert_eq!(key.open(&sealed), Some(clear));
        let mut damaged = sealed;
        damaged[5] ^= 1;
        assert_eq!(key.open(&damaged), None);
        assert_eq!(key.open(&[DC2]), None);
    }
}
