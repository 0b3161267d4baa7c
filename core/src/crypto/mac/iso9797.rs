//! ISO/IEC 9797-1 MACs: one chain, four ways to end it, three ways to pad.
//!
//! ANSI X9.9 is algorithm 1 with DES, ANSI X9.19 ("retail MAC") is algorithm 3 with DES, and
//! AS2805.4 is one or the other depending on whom one asks. Algorithm 5 of the 2011 edition is
//! CMAC and stands in its own module.

use super::cmac::chain_block;
use crate::crypto::cipher::{Algorithm, BlockCipher, Cipher64, xor, xor_into};
use crate::crypto::error::CryptoError;
use crate::crypto::key::{Key, MacRole};
use crate::crypto::working::{Flow, Working, named, octets};
use std::fmt;

/// How a message is brought to whole blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Padding {
    /// Zeros as needed; an empty message becomes one block.
    Zeros,
    /// One bit 1, then zeros as needed (`80 00 ...`).
    OneZeros,
    /// A block with the length in bits in front, then zeros as needed.
    LengthZeros,
}

impl Padding {
    /// Padding method 1, 2 or 3 of the standard.
    ///
    /// **Errors** `PAD_METHOD` for any other number.
    pub fn numbered(method: i64) -> Result<Self, CryptoError> {
        match method {
            1 => Ok(Self::Zeros),
            2 => Ok(Self::OneZeros),
            3 => Ok(Self::LengthZeros),
            _ => Err(CryptoError::PadMethod),
        }
    }

    /// The padded message, a whole number of blocks.
    pub fn apply(self, data: &[u8], block: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(data.len() + 2 * block);
        if self == Self::LengthZeros {
            let bits = (data.len() as u64 * 8).to_be_bytes();
            out.resize(block.saturating_sub(bits.len()), 0);
            out.extend(bits.iter().skip(bits.len().saturating_sub(block)));
        }
        out.extend_from_slice(data);
        if self == Self::OneZeros {
            out.push(0x80);
        }
        let zeros = match out.len() % block.max(1) {
            // Method 3's length block does not stand for the message itself.
            0 if data.is_empty() && self != Self::OneZeros => block,
            0 => 0,
            rest => block - rest,
        };
        out.resize(out.len() + zeros, 0);
        out
    }
}

/// How the chain begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MacAlgorithm {
    /// Algorithm 1: the last block as it is.
    Plain,
    /// Algorithm 2: the last block enciphered with a second key.
    Extra,
    /// Algorithm 3: deciphered with a second key, enciphered with the first.
    Retail,
    /// Algorithm 4: the first block enciphered with a third key too, the last with the second.
    Double,
}

impl MacAlgorithm {
    /// The algorithm of a number of the standard.
    ///
    /// **Errors** `MAC_ALG` for numbers other than 1 to 4.
    pub fn numbered(number: i64) -> Result<Self, CryptoError> {
        match number {
            1 => Ok(Self::Plain),
            2 => Ok(Self::Extra),
            3 => Ok(Self::Retail),
            4 => Ok(Self::Double),
            _ => Err(CryptoError::MacAlg),
        }
    }
}

/// The keys of a MAC; the algorithms after the first use more than one.
#[derive(Debug, Clone)]
pub struct MacKeys {
    /// The key of the chain.
    pub first: BlockCipher,
    /// K' of algorithms 2, 3 and 4.
    pub second: Option<BlockCipher>,
    /// K'' of algorithm 4.
    pub third: Option<BlockCipher>,
}

impl MacKeys {
    /// One key, for algorithm 1.
    pub fn one(first: BlockCipher) -> Self {
        Self {
            first,
            second: None,
            third: None,
        }
    }

    /// The two halves of the key called `name`, for algorithm 3: DES halves of 16 bytes, TDES
    /// halves of 32.
    ///
    /// **Errors** `KEY_LENGTH` for other lengths.
    pub fn halves(name: &str, key: &[u8], working: &mut Working) -> Result<Self, CryptoError> {
        if key.len() != 16 && key.len() != 32 {
            return Err(CryptoError::KeyLength {
                allowed: "16 or 32",
                found: key.len(),
            });
        }
        let (left, right) = key.split_at(key.len() / 2);
        let from = |at| [octets(name, key).flow(Flow::From(at))];
        working.step("k2", "k2 = right half of the key", &from(left.len()), right);
        working.step("key", "key = left half of the key", &from(0), left);
        Ok(Self {
            first: BlockCipher::new(Algorithm::Tdes, left)?,
            second: Some(BlockCipher::new(Algorithm::Tdes, right)?),
            third: None,
        })
    }
}

/// A MAC over `data`, one block long.
///
/// **Errors** `MAC_ALG` when a key the algorithm needs is missing, `MAC_ALG4_TOO_SHORT` when
/// algorithm 4 gets fewer than two blocks, `IV_LENGTH` for an IV that is not one block.
///
/// **Source** ISO/IEC 9797-1 annexes through the published vectors; the text itself was not read.
pub fn mac(
    algorithm: MacAlgorithm,
    keys: &MacKeys,
    iv: Option<&[u8]>,
    padding: Padding,
    data: &[u8],
    working: &mut Working,
) -> Result<Vec<u8>, CryptoError> {
    let block = keys.first.block_len();
    let padded = padding.apply(data, block);
    working.step(
        "padded",
        "padded = data, filled up",
        &[octets("data", data)],
        &padded,
    );
    if algorithm == MacAlgorithm::Double && padded.len() < 2 * block {
        return Err(CryptoError::MacAlg4TooShort);
    }
    let mut chain = match iv {
        Some(iv) if iv.len() != block => {
            return Err(CryptoError::IvLength {
                expected: block,
                found: iv.len(),
            });
        }
        Some(iv) => iv.to_vec(),
        None => vec![0; block],
    };
    for (index, part) in padded.chunks(block).enumerate() {
        let from = octets("padded", &padded).flow(Flow::From(index * block));
        chain_block(&keys.first, &mut chain, part, from, index, working);
        if index == 0 && algorithm == MacAlgorithm::Double {
            let third = keys.third.as_ref().ok_or(CryptoError::MacAlg)?;
            more(
                "initial",
                "initial = E(k3, chain_1)",
                "k3",
                &mut chain,
                working,
                |b| {
                    third.encrypt_blocks(b);
                },
            );
        }
    }
    finish(algorithm, keys, &mut chain, working)?;
    working.step(
        "mac",
        "mac = last value",
        &[octets("chain", &chain)],
        &chain,
    );
    Ok(chain)
}

/// The steps after the chain.
fn finish(
    algorithm: MacAlgorithm,
    keys: &MacKeys,
    chain: &mut [u8],
    working: &mut Working,
) -> Result<(), CryptoError> {
    let second = || keys.second.as_ref().ok_or(CryptoError::MacAlg);
    match algorithm {
        MacAlgorithm::Plain => {}
        MacAlgorithm::Extra | MacAlgorithm::Double => {
            let second = second()?;
            more("final", "final = E(k2, chain)", "k2", chain, working, |b| {
                second.encrypt_blocks(b)
            });
        }
        MacAlgorithm::Retail => {
            let second = second()?;
            more(
                "opened",
                "opened = D(k2, chain)",
                "k2",
                chain,
                working,
                |b| second.decrypt_blocks(b),
            );
            let first = &keys.first;
            more(
                "final",
                "final = E(key, opened)",
                "key",
                chain,
                working,
                |b| first.encrypt_blocks(b),
            );
        }
    }
    Ok(())
}

/// One more cipher call on the chain, under the key of a name, taken down.
fn more(
    name: &str,
    formula: &'static str,
    key: &str,
    chain: &mut [u8],
    working: &mut Working,
    call: impl FnOnce(&mut [u8]),
) {
    let before = working.is_recording().then(|| chain.to_vec());
    call(chain);
    if let Some(before) = before {
        working.step(
            name,
            formula,
            &[octets("chain", &before).flow(Flow::Whole), named(key)],
            chain,
        );
    }
}

/// The values of the withdrawn algorithm 5.
pub struct Withdrawn {
    /// The XOR of both.
    pub mac: Vec<u8>,
    /// The chain under the first key.
    pub mac1: Vec<u8>,
    /// The chain under the second key.
    pub mac2: Vec<u8>,
}

/// Algorithm 5 of the 1999 edition, withdrawn since: the XOR of two chains under two keys.
///
/// **Shape** DES keys of 8 bytes, of which the second is derived by the caller.
pub fn withdrawn_algorithm_5(
    first: &BlockCipher,
    second: &BlockCipher,
    padding: Padding,
    data: &[u8],
    working: &mut Working,
) -> Result<Withdrawn, CryptoError> {
    let one = |cipher: &BlockCipher| {
        let keys = MacKeys::one(cipher.clone());
        mac(
            MacAlgorithm::Plain,
            &keys,
            None,
            padding,
            data,
            &mut Working::off(),
        )
    };
    let (mac1, mac2) = (one(first)?, one(second)?);
    let mut out = mac1.clone();
    xor_into(&mut out, &mac2);
    let whole = |name, bytes| octets(name, bytes).flow(Flow::Whole);
    working.step(
        "mac1",
        "mac1 = CBC-MAC(key, data)",
        &[whole("data", data), named("key")],
        &mac1,
    );
    working.step(
        "mac2",
        "mac2 = CBC-MAC(k2, data)",
        &[whole("data", data), named("k2")],
        &mac2,
    );
    let inputs = [octets("mac1", &mac1), octets("mac2", &mac2)];
    working.step("mac", "mac = mac1 XOR mac2", &inputs, &out);
    Ok(Withdrawn {
        mac: out,
        mac1,
        mac2,
    })
}

/// A CBC MAC with its key ready, for many messages: X9.9 with DES, zero padding, no allocation.
///
/// A double-length key makes it X9.19: the chain runs under the left half, and the last block is
/// deciphered with the right half and enciphered with the left.
#[derive(Clone)]
pub struct CbcMac {
    chain: Cipher64,
    right: Option<Cipher64>,
}

impl CbcMac {
    /// Prepares a key: 8 bytes for X9.9, 16 for X9.19.
    ///
    /// **Errors** `KEY_LENGTH` for any other length or an AES or SM4 key.
    pub fn new<R: MacRole>(key: &Key<R>) -> Result<Self, CryptoError> {
        let refuse = CryptoError::KeyLength {
            allowed: "8 or 16",
            found: key.len_bytes(),
        };
        if !matches!(key.algorithm(), Algorithm::Des | Algorithm::Tdes) {
            return Err(refuse);
        }
        let (left, right) = key.reveal().split_first_chunk::<8>().ok_or(refuse)?;
        let right = match right.len() {
            0 => None,
            8 => Some(Cipher64::des(right)?),
            _ => return Err(refuse),
        };
        Ok(Self {
            chain: Cipher64::single(left),
            right,
        })
    }

    /// The MAC of a message, zero padded.
    pub fn generate(&self, data: &[u8]) -> [u8; 8] {
        let (blocks, rest) = data.as_chunks::<8>();
        let mut chain = blocks
            .iter()
            .fold([0; 8], |chain, b| self.chain.encrypt(xor(&chain, b)));
        if !rest.is_empty() || blocks.is_empty() {
            xor_into(&mut chain, rest);
            chain = self.chain.encrypt(chain);
        }
        match &self.right {
            Some(right) => self.chain.encrypt(right.decrypt(chain)),
            None => chain,
        }
    }

    /// Whether a received MAC, at least 4 bytes of it, is that of the message.
    pub fn verify(&self, data: &[u8], received: &[u8]) -> bool {
        super::matches(&self.generate(data), received).unwrap_or(false)
    }
}

impl fmt::Debug for CbcMac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.right.is_some() {
            "CbcMac(X9.19)"
        } else {
            "CbcMac(X9.9)"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::key::{Mak, Zak};

    #[test]
    fn x9_9_and_x9_19_over_one_unionpay_message() {
        // unionpay-vectors.json: mac_x99_same_data, mac_x919_same_data.
        let mab = hex::decode(concat!(
            "0200702406C020C09A111962350134522000000690000000000000000058000317261107",
            "1000000012376235013452200000069D2611220778801000003635343635343233393431",
            "313330363539393939393235313536FF0C47F016D61C79260000000000000001459F2608",
            "AE60C8CABA4C02F99F2701809F101307020103A0A002010A010000001100B96D058B9F37",
            "04329971469F36020391950500A00470009A031903199C01009F02060000000000005F2A",
            "02015682027C009F1A0201569F03060000000000009F3303E0F0C89F34030203009F3501",
            "228408A0000003330101019F090200009F4104000007259F1E0836353436353432330014",
            "22000105000601"
        ))
        .unwrap();
        let single = Key::<Mak>::tdes(&hex::decode("C1A4AE89BAEAB029").unwrap()).unwrap();
        let mac = CbcMac::new(&single).unwrap().generate(&mab);
        assert_eq!(hex::encode_upper(mac), "713F64DD9CDCAD83");
        let double = hex::decode("9CAA6FBFE5E5A51AE8C99FA2371ACAA9").unwrap();
        let mac = CbcMac::new(&Key::<Zak>::tdes(&double).unwrap()).unwrap();
        assert_eq!(hex::encode_upper(mac.generate(&mab)), "F9D71FEC247FBBC5");
        assert!(mac.verify(&mab, &hex::decode("F9D71FEC").unwrap()));
        assert!(!mac.verify(&mab, &hex::decode("F9D71F").unwrap()));
    }
}
