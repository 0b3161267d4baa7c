//! The keys of a UnionPay terminal as they arrive in field 62 of the sign-on answer.
//!
//! ```text
//! 24 bytes   PIK 8  kcv 4  MAK 8  kcv 4
//! 40 bytes   PIK 16 kcv 4  MAK 16 kcv 4      a single-length MAK is 8 bytes and 8 zeros
//! 60 bytes   as 40, then TDK 16 kcv 4
//! ```
//!
//! Each key is enciphered with the TMK block by block, each check value is the first four bytes
//! of a block of zeros under the clear key. When one does not match, no key is to be stored.
//!
//! **Source** practice, `unionpay` vectors (five published key blocks).

use super::cipher::{Algorithm, BlockCipher};
use super::error::CryptoError;
use super::kcv;
use super::key::{Key, Mak, Pik, Role, Tdk, Tmk};
use zeroize::Zeroizing;

/// The working keys of one terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminalKeys {
    /// Enciphers PIN blocks.
    pub pik: Key<Pik>,
    /// Makes MACs.
    pub mak: Key<Mak>,
    /// Enciphers tracks, when the acquirer wants that.
    pub tdk: Option<Key<Tdk>>,
}

impl TerminalKeys {
    /// Wraps the keys for field 62; the lengths of the keys choose the layout.
    ///
    /// **Errors** `KEY_LENGTH` when no layout has such keys.
    pub fn wrap(&self, tmk: &Key<Tmk>) -> Result<Vec<u8>, CryptoError> {
        let cipher = tmk.cipher();
        let place = self.pik.len_bytes();
        let mut out = Vec::with_capacity(60);
        wrap_one(&cipher, &self.pik, place, &mut out)?;
        wrap_one(&cipher, &self.mak, place, &mut out)?;
        if let Some(tdk) = &self.tdk {
            wrap_one(&cipher, tdk, 16, &mut out)?;
        }
        Ok(out)
    }

    /// Opens a block of 24, 40 or 60 bytes; the algorithm is that of the TMK.
    ///
    /// **Errors** `KEY_BLOCK_LENGTH`, `KCV_MISMATCH` with the role of the first key that fails.
    pub fn unwrap(tmk: &Key<Tmk>, block: &[u8]) -> Result<Self, CryptoError> {
        let refuse = CryptoError::KeyBlockLength { found: block.len() };
        let place = match block.len() {
            24 => 8,
            40 | 60 => 16,
            _ => return Err(refuse),
        };
        let (cipher, algorithm) = (tmk.cipher(), tmk.algorithm());
        let (pik, rest) = block.split_at_checked(place + 4).ok_or(refuse)?;
        let (mak, tdk) = rest.split_at_checked(place + 4).ok_or(refuse)?;
        let tdk = if tdk.is_empty() {
            None
        } else {
            Some(unwrap_one(&cipher, algorithm, tdk)?)
        };
        Ok(Self {
            pik: unwrap_one(&cipher, algorithm, pik)?,
            mak: unwrap_one(&cipher, algorithm, mak)?,
            tdk,
        })
    }
}

fn wrap_one<R: Role>(
    tmk: &BlockCipher,
    key: &Key<R>,
    place: usize,
    out: &mut Vec<u8>,
) -> Result<(), CryptoError> {
    let refuse = CryptoError::KeyLength {
        allowed: "8 or 16",
        found: key.len_bytes(),
    };
    if !matches!(key.len_bytes(), 8 | 16) || key.len_bytes() > place {
        return Err(refuse);
    }
    let mut enciphered = tmk.encrypted(key.reveal());
    enciphered.resize(place, 0);
    out.extend(enciphered);
    out.extend(key.kcv::<4>());
    Ok(())
}

/// Opens one key and its check value. A key of sixteen bytes whose second half is zeros on the
/// wire, or whose check value is that of its first half, is a single-length one.
fn unwrap_one<R: Role>(
    tmk: &BlockCipher,
    algorithm: Algorithm,
    part: &[u8],
) -> Result<Key<R>, CryptoError> {
    let refuse = CryptoError::KcvMismatch { role: R::NAME };
    let (enciphered, check) = part
        .split_at_checked(part.len().wrapping_sub(4))
        .ok_or(refuse)?;
    let mut clear = Zeroizing::new(enciphered.to_vec());
    tmk.decrypt_blocks(&mut clear);
    let left = clear.get(..8).unwrap_or(&[]);
    let single_on_wire = enciphered.iter().skip(8).all(|&byte| byte == 0);
    let candidates: &[&[u8]] = match (algorithm, clear.len(), single_on_wire) {
        (Algorithm::Sm4 | Algorithm::Aes, ..) | (_, 8, _) => &[&clear],
        (_, _, true) => &[left],
        (_, _, false) => &[&clear, left],
    };
    candidates
        .iter()
        .filter_map(|bytes| Key::new(algorithm, bytes).ok())
        .find(|key| kcv::of_zeros::<4>(&key.cipher()) == check)
        .ok_or(refuse)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        hex::decode(text).unwrap()
    }

    #[test]
    fn a_published_key_block_opens_and_closes() {
        // code456.com/article/3026509
        let tmk = Key::tdes(&hex("CA5D92598DCA48CE8A4C76361A9269E9")).unwrap();
        let block = hex(concat!(
            "6701EAD6A9AD51E51AA406E2C27FCFA98D0A74B8",
            "B651F9E9BACE9AE10000000000000000AB7153CA"
        ));
        let keys = TerminalKeys::unwrap(&tmk, &block).unwrap();
        assert_eq!(keys.pik.reveal(), hex("807A23AD32B36D457AE91FDF927570EA"));
        assert_eq!(keys.mak.reveal(), hex("5BB5C72CD00B7338"));
        assert_eq!(keys.wrap(&tmk).unwrap(), block);
    }

    #[test]
    fn a_double_length_mak_with_its_own_check_value_opens() {
        let tmk = Key::tdes(&hex("CE62D1F28DC50DFD98424413D67E4FA3")).unwrap();
        let block = hex(concat!(
            "2D25290B4C47B6EBD247D9C8D84993990A89AB77",
            "D6DDA3BED199AB7454D34EFADC5B67041EAF523B",
            "535C26152FE4F52D26B64CE60C3A2EFEB445E3AA"
        ));
        let keys = TerminalKeys::unwrap(&tmk, &block).unwrap();
        assert_eq!(keys.mak.reveal(), hex("9CAA6FBFE5E5A51AE8C99FA2371ACAA9"));
        assert_eq!(
            keys.tdk.unwrap().reveal(),
            hex("C9A0F37E18EA3FF71E3BDA58ACCEFCE0")
        );
    }

    #[test]
    fn one_wrong_bit_names_the_key() {
        let tmk = Key::tdes(&[0x11; 16]).unwrap();
        let keys = TerminalKeys {
            pik: Key::tdes(&[0x22; 16]).unwrap(),
            mak: Key::tdes(&[0x33; 8]).unwrap(),
            tdk: None,
        };
        let mut block = keys.wrap(&tmk).unwrap();
        assert_eq!(TerminalKeys::unwrap(&tmk, &block).unwrap(), keys);
        block[20] ^= 1;
        let error = TerminalKeys::unwrap(&tmk, &block).unwrap_err();
        assert_eq!(error, CryptoError::KcvMismatch { role: "MAK" });
    }
}
