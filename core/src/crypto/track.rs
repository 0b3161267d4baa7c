//! Magnetic tracks under a TDK: eight bytes in the middle enciphered, the rest left readable.
//!
//! The track is packed two digits to a byte (a last odd digit gets a pad nibble), and the eight
//! bytes before its last byte go through the cipher. The number of digits does not change.
//!
//! **Source** practice (one terminal's code and its worked values).

use super::cipher::BlockCipher;
use super::error::CryptoError;
use super::key::{Key, Tdk};

/// Enciphers a track given as digits with `D` for the separator.
///
/// **Shape** at least 18 nibbles; the result has as many.
///
/// **Errors** `TRACK_LENGTH` when shorter, or when a character is no hexadecimal digit.
pub fn encipher(key: &Key<Tdk>, track: &str) -> Result<String, CryptoError> {
    middle(track, |block| key.cipher().encrypt_blocks(block))
}

/// Deciphers a track of [`encipher`].
///
/// **Errors** as [`encipher`].
pub fn decipher(key: &Key<Tdk>, track: &str) -> Result<String, CryptoError> {
    middle(track, |block| key.cipher().decrypt_blocks(block))
}

/// The nibbles that are enciphered, for a track of `len` nibbles.
pub fn enciphered_range(len: usize) -> Option<std::ops::Range<usize>> {
    let end = len + len % 2 - 2;
    (len >= 18).then(|| end - 16..end)
}

fn middle(track: &str, call: impl FnOnce(&mut [u8])) -> Result<String, CryptoError> {
    let refuse = CryptoError::TrackLength { found: track.len() };
    let range = enciphered_range(track.len()).ok_or(refuse)?;
    let (front, rest) = track.split_at_checked(range.start).ok_or(refuse)?;
    let (block, back) = rest.split_at_checked(16).ok_or(refuse)?;
    let mut bytes = hex::decode(block).map_err(|_| refuse)?;
    call(&mut bytes);
    Ok(format!("{front}{}{back}", hex::encode_upper(bytes)))
}

impl Key<Tdk> {
    /// Whether the key can encipher a track: its blocks are eight bytes.
    pub fn fits_track(&self) -> bool {
        matches!(self.cipher(), BlockCipher::B64(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_and_even_tracks() {
        // unionpay-vectors.json: track_odd37, track_even.
        let key = Key::tdes(&hex::decode("C9A0F37E18EA3FF71E3BDA58ACCEFCE0").unwrap()).unwrap();
        for (clear, enciphered) in [
            (
                "6216261000000000018D30122201234567890",
                "6216261000000000018DAC48748EB14A6A0D0",
            ),
            (
                "6226090000000048D30122011234567890",
                "6226090000000048666573502FB6918A90",
            ),
        ] {
            assert_eq!(encipher(&key, clear).unwrap(), enciphered);
            assert_eq!(decipher(&key, enciphered).unwrap(), clear);
        }
    }

    #[test]
    fn a_short_track_is_refused() {
        let key = Key::tdes(&[1; 16]).unwrap();
        let error = encipher(&key, "12345678901234567").unwrap_err();
        assert_eq!(error, CryptoError::TrackLength { found: 17 });
    }
}
