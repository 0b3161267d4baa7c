//! The UnionPay POS MAC of field 64, called "ECB" by those who use it.
//!
//! All blocks of the message are XORed into one, that block is written out as hexadecimal text,
//! and the text is enciphered in two halves with an XOR between. The first eight characters of
//! the result, again as text, are field 64. The text part is a CBC MAC; the first part makes the
//! order of blocks invisible, which the tests show.
//!
//! ```text
//! MAB  b1 | b2 | ... | bn 00     xor = b1 ^ b2 ^ ... ^ bn
//! ascii = hex(xor)   left | right
//! enc1 = E(MAK, left)      temp = enc1 ^ right      enc2 = E(MAK, temp)
//! field 64 = first 8 characters of hex(enc2)
//! ```

use crate::crypto::cipher::{Algorithm, BlockCipher, Cipher64, Cipher128, xor, xor_into};
use crate::crypto::error::CryptoError;
use crate::crypto::key::{Key, MacRole};
use crate::crypto::working::{Flow, Working, chars, key as whole, octets};
use std::fmt;

/// A UnionPay MAC key ready for many messages; one MAC allocates nothing.
#[derive(Clone)]
pub struct UnionPayMac {
    cipher: BlockCipher,
}

impl UnionPayMac {
    /// Prepares a MAC key: DES, double-length TDES, or SM4.
    pub fn new<R: MacRole>(key: &Key<R>) -> Self {
        Self {
            cipher: key.cipher(),
        }
    }

    /// Field 64 of a message: eight upper-case hexadecimal characters as ASCII bytes.
    ///
    /// **Shape** `mab` is the message type up to field 63: no length, no TPDU, no header.
    pub fn generate(&self, mab: &[u8]) -> [u8; 8] {
        match &self.cipher {
            BlockCipher::B64(cipher) => first_characters(&two_calls_64(cipher, fold(mab))),
            BlockCipher::B128(cipher) => first_characters(&two_calls_128(cipher, fold(mab))),
        }
    }

    /// Whether `field_64` is the MAC of the message.
    pub fn verify(&self, mab: &[u8], field_64: &[u8]) -> bool {
        field_64.len() == 8 && super::matches(&self.generate(mab), field_64).unwrap_or(false)
    }
}

impl fmt::Debug for UnionPayMac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnionPayMac({:?})", self.cipher)
    }
}

/// The XOR of all blocks, the last one filled up with zeros.
pub fn fold<const N: usize>(mab: &[u8]) -> [u8; N] {
    const { assert!(N <= 16) };
    // As numbers: a sum that is an array waits for its own bytes to come back from memory.
    let wide = |block: &[u8]| {
        let mut bytes = [0; 16];
        xor_into(&mut bytes, block);
        u128::from_le_bytes(bytes)
    };
    let (blocks, rest) = mab.as_chunks::<N>();
    let whole = blocks.iter().fold(0, |sum, block| sum ^ wide(block));
    let mut out = [0; N];
    xor_into(&mut out, &(whole ^ wide(rest)).to_le_bytes());
    out
}

fn two_calls_64(cipher: &Cipher64, sum: [u8; 8]) -> [u8; 8] {
    let (left, right) = halves(&sum);
    cipher.encrypt(xor(&cipher.encrypt(left), &right))
}

fn two_calls_128(cipher: &Cipher128, sum: [u8; 16]) -> [u8; 16] {
    let (left, right) = halves(&sum);
    cipher.encrypt(xor(&cipher.encrypt(left), &right))
}

/// The hexadecimal text of a block in two halves, each as long as the block.
pub(crate) fn halves<const N: usize>(sum: &[u8; N]) -> ([u8; N], [u8; N]) {
    let (mut left, mut right) = ([0; N], [0; N]);
    let (front, back) = sum.split_at(N / 2);
    write_hex(&mut left, front);
    write_hex(&mut right, back);
    (left, right)
}

pub(crate) fn first_characters(block: &[u8]) -> [u8; 8] {
    let mut out = [0; 8];
    write_hex(&mut out, block);
    out
}

/// Writes bytes as hexadecimal text, as many as have room.
fn write_hex(into: &mut [u8], bytes: &[u8]) {
    let pairs = into.as_chunks_mut::<2>().0;
    for (pair, byte) in pairs.iter_mut().zip(bytes) {
        *pair = [hex_digit(byte >> 4), hex_digit(byte & 15)];
    }
}

/// Upper-case hexadecimal digit of a nibble.
pub(crate) fn hex_digit(nibble: u8) -> u8 {
    if nibble < 10 {
        b'0' + nibble
    } else {
        b'A' + nibble - 10
    }
}

/// Every value of a UnionPay MAC, in the order they are made.
#[derive(Clone, PartialEq, Eq)]
pub struct UnionPaySteps {
    /// The message filled up with zeros.
    pub padded: Vec<u8>,
    /// The XOR of its blocks.
    pub xor: Vec<u8>,
    /// That as hexadecimal text.
    pub ascii: String,
    /// The first half of the text enciphered.
    pub enc1: Vec<u8>,
    /// That XOR the second half of the text.
    pub temp: Vec<u8>,
    /// That enciphered.
    pub enc2: Vec<u8>,
}

impl UnionPaySteps {
    /// Field 64: the first eight characters of the last block as text.
    pub fn mac_text(&self) -> String {
        hex::encode_upper(&self.enc2).chars().take(8).collect()
    }
}

/// The MAC with every value on the way to it.
///
/// **Errors** `KEY_LENGTH` when the algorithm takes no key of that length.
///
/// **Source** practice: `unionpay` vectors of four published worked examples.
pub fn explained(
    algorithm: Algorithm,
    mak: &[u8],
    mab: &[u8],
    working: &mut Working,
) -> Result<UnionPaySteps, CryptoError> {
    let cipher = BlockCipher::new(algorithm, mak)?;
    let block = cipher.block_len();
    let mut padded = mab.to_vec();
    padded.resize(mab.len().div_ceil(block).max(1) * block, 0);
    let sum: Vec<u8> = match block {
        8 => fold::<8>(mab).to_vec(),
        _ => fold::<16>(mab).to_vec(),
    };
    let ascii = hex::encode_upper(&sum);
    let (left, right) = ascii.as_bytes().split_at(block);
    let enc1 = cipher.encrypted(left);
    let mut temp = enc1.clone();
    xor_into(&mut temp, right);
    let enc2 = cipher.encrypted(&temp);
    let made = UnionPaySteps {
        padded,
        xor: sum,
        ascii,
        enc1,
        temp,
        enc2,
    };
    if working.is_recording() {
        made.note(mak, mab, block, working);
    }
    Ok(made)
}

impl UnionPaySteps {
    fn note(&self, mak: &[u8], mab: &[u8], block: usize, working: &mut Working) {
        let ascii = self.ascii.as_str();
        let mab = [octets("mab", mab)];
        working.step(
            "padded_mab",
            "padded_mab = mab || 00...",
            &mab,
            &self.padded,
        );
        let inputs = [octets("padded_mab", &self.padded).flow(Flow::Fold(block))];
        working.step(
            "xor",
            "xor = block 1 XOR block 2 XOR ...",
            &inputs,
            &self.xor,
        );
        let inputs = [octets("xor", &self.xor).flow(Flow::Expand)];
        working.text("ascii", "ascii = HEX(xor)", &inputs, ascii);
        let (left, right) = ascii.split_at(block);
        working.text(
            "left",
            "left = first half of ascii",
            &[chars("ascii", ascii)],
            left,
        );
        let inputs = [chars("ascii", ascii).flow(Flow::From(block))];
        working.text("right", "right = second half of ascii", &inputs, right);
        let inputs = [chars("left", left).flow(Flow::Whole), whole("mak", mak)];
        working.step("enc1", "enc1 = E(mak, left)", &inputs, &self.enc1);
        let inputs = [octets("enc1", &self.enc1), chars("right", right)];
        working.step("temp", "temp = enc1 XOR right", &inputs, &self.temp);
        let inputs = [
            octets("temp", &self.temp).flow(Flow::Whole),
            whole("mak", mak),
        ];
        working.step("enc2", "enc2 = E(mak, temp)", &inputs, &self.enc2);
        let inputs = [octets("enc2", &self.enc2).flow(Flow::Expand)];
        let text = self.mac_text();
        working.text(
            "mac_text",
            "mac_text = first 8 characters of HEX(enc2)",
            &inputs,
            &text,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::key::Mak;

    fn generate(key: &str, mab: &str) -> String {
        let key = Key::<Mak>::tdes(&hex::decode(key).unwrap()).unwrap();
        let mac = UnionPayMac::new(&key).generate(&hex::decode(mab).unwrap());
        String::from_utf8(mac.to_vec()).unwrap()
    }

    #[test]
    fn published_examples_with_single_and_double_keys() {
        let mab = "1234567890ABCDEFABCDEF1234567890";
        assert_eq!(generate("2222222222222222", mab), "E267B6E2");
        assert_eq!(
            generate("22222222222222222222222222222222", mab),
            "E267B6E2"
        );
    }

    #[test]
    fn the_order_of_blocks_is_invisible() {
        let one = generate(
            "C24A8FB57AA20123",
            "112233445566778899AABBCCDDEEFF000F1E2D3C4B5A6978",
        );
        let two = generate(
            "C24A8FB57AA20123",
            "0F1E2D3C4B5A6978112233445566778899AABBCCDDEEFF00",
        );
        assert_eq!(one, "512C672E");
        assert_eq!(two, one);
    }

    #[test]
    fn the_fast_path_and_the_explained_path_agree() {
        let bytes = [7; 16];
        for (algorithm, key) in [
            (Algorithm::Tdes, Key::<Mak>::tdes(&bytes).unwrap()),
            (Algorithm::Sm4, Key::<Mak>::sm4(&bytes).unwrap()),
        ] {
            for len in 0..40 {
                let mab: Vec<u8> = (0..len).collect();
                let mut working = Working::recording();
                explained(algorithm, &bytes, &mab, &mut working).unwrap();
                let fast = UnionPayMac::new(&key).generate(&mab);
                assert_eq!(working.value("mac_text").unwrap().reveal(), fast);
            }
        }
    }
}
