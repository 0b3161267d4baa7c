//! The same key over many messages: MACs and PIN blocks of a whole log, bitsliced.
//!
//! One pass of a DES circuit works on 256 blocks at once, in safe portable Rust that the compiler
//! vectorises (SSE2, AVX2, NEON). It has no tables and so no cache timing either.
//! A handful of blocks goes through the ordinary cipher, which is quicker for them.

mod des;
mod lanes;
mod sbox;

use super::cipher::{Algorithm, Cipher64, xor, xor_into};
use super::error::CryptoError;
use super::key::{Key, MacRole, PinRole};
use super::mac::unionpay::{first_characters, fold, halves};
use super::pin::{ClearPinBlock, PinBlock};
use des::Schedule;
use std::fmt;
use zeroize::Zeroizing;

/// Below this many blocks the ordinary cipher is as quick.
const WORTH_IT: usize = 12;

/// DES or triple DES with one key, ready for many blocks at a time.
pub struct DesBatch {
    schedules: Zeroizing<Vec<Schedule>>,
    few: Cipher64,
}

impl DesBatch {
    /// Prepares a key.
    ///
    /// **Errors** `KEY_LENGTH` unless 8, 16 or 24 bytes.
    pub fn new(key: &[u8]) -> Result<Self, CryptoError> {
        let few = Cipher64::tdes(key)?;
        let (parts, _) = key.as_chunks::<8>();
        let schedules = Zeroizing::new(parts.iter().map(des::schedule).collect());
        Ok(Self { schedules, few })
    }

    /// Enciphers every block in place, each by itself.
    pub fn encrypt(&self, blocks: &mut [[u8; 8]]) {
        self.each(blocks, false);
    }

    /// Deciphers every block in place, each by itself.
    pub fn decrypt(&self, blocks: &mut [[u8; 8]]) {
        self.each(blocks, true);
    }

    fn each(&self, blocks: &mut [[u8; 8]], decrypt: bool) {
        for part in blocks.chunks_mut(256) {
            match part.len() {
                ..WORTH_IT if decrypt => part.iter_mut().for_each(|b| *b = self.few.decrypt(*b)),
                ..WORTH_IT => part.iter_mut().for_each(|b| *b = self.few.encrypt(*b)),
                // Without vector registers, wider lanes are no quicker and three times the code.
                _ if cfg!(target_family = "wasm") => part
                    .chunks_mut(64)
                    .for_each(|few| self.pass::<1>(few, decrypt)),
                WORTH_IT..=64 => self.pass::<1>(part, decrypt),
                65..=128 => self.pass::<2>(part, decrypt),
                _ => self.pass::<4>(part, decrypt),
            }
        }
    }

    fn pass<const N: usize>(&self, part: &mut [[u8; 8]], decrypt: bool) {
        let mut planes = lanes::to_planes::<N>(part);
        match (self.schedules.as_slice(), decrypt) {
            ([one], _) => des::through(&mut planes, &[(one, decrypt)]),
            ([one, two], _) => {
                let passes = [(one, decrypt), (two, !decrypt), (one, decrypt)];
                des::through(&mut planes, &passes);
            }
            ([one, two, three], false) => {
                let passes = [(one, false), (two, true), (three, false)];
                des::through(&mut planes, &passes);
            }
            ([one, two, three], true) => {
                let passes = [(three, true), (two, false), (one, true)];
                des::through(&mut planes, &passes);
            }
            _ => {}
        }
        lanes::from_planes(&planes, part);
    }
}

impl fmt::Debug for DesBatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DesBatch({:?})", self.few)
    }
}

/// A TDES key of a role; AES and SM4 keys have no batch.
fn batch_of<R: super::key::Role>(key: &Key<R>) -> Result<DesBatch, CryptoError> {
    if !matches!(key.algorithm(), Algorithm::Des | Algorithm::Tdes) {
        return Err(CryptoError::KeyLength {
            allowed: "a TDES key's",
            found: key.len_bytes(),
        });
    }
    DesBatch::new(key.reveal())
}

/// Enciphers PIN blocks of many messages under one PIN key.
///
/// **Errors** `KEY_LENGTH` for an AES or SM4 key.
pub fn pin_blocks<R: PinRole>(
    key: &Key<R>,
    clear: &[ClearPinBlock],
) -> Result<Vec<PinBlock>, CryptoError> {
    let mut blocks = Zeroizing::new(clear.iter().map(|b| *b.reveal()).collect::<Vec<_>>());
    batch_of(key)?.encrypt(&mut blocks);
    Ok(blocks.iter().map(|block| PinBlock(*block)).collect())
}

/// Field 64 of many messages under one MAC key.
///
/// **Errors** `KEY_LENGTH` for an SM4 key.
pub fn unionpay_macs<R: MacRole>(
    key: &Key<R>,
    mabs: &[&[u8]],
) -> Result<Vec<[u8; 8]>, CryptoError> {
    let batch = batch_of(key)?;
    let texts: Vec<_> = mabs.iter().map(|mab| halves(&fold::<8>(mab))).collect();
    let mut blocks: Vec<[u8; 8]> = texts.iter().map(|(left, _)| *left).collect();
    batch.encrypt(&mut blocks);
    blocks
        .iter_mut()
        .zip(&texts)
        .for_each(|(block, (_, right))| xor_into(block, right));
    batch.encrypt(&mut blocks);
    Ok(blocks.iter().map(|block| first_characters(block)).collect())
}

/// CBC MACs of many messages, zero padded: X9.9 with a key of 8 bytes, X9.19 with one of 16.
///
/// **Errors** `KEY_LENGTH` for any other key.
pub fn cbc_macs<R: MacRole>(key: &Key<R>, messages: &[&[u8]]) -> Result<Vec<[u8; 8]>, CryptoError> {
    let refuse = CryptoError::KeyLength {
        allowed: "8 or 16",
        found: key.len_bytes(),
    };
    batch_of(key)?;
    let (left, right) = key.reveal().split_at_checked(8).ok_or(refuse)?;
    if right.len() > 8 {
        return Err(refuse);
    }
    let chain = DesBatch::new(left)?;
    let mut macs = vec![[0; 8]; messages.len()];
    let longest = messages
        .iter()
        .map(|m| m.len().div_ceil(8).max(1))
        .max()
        .unwrap_or(0);
    for step in 0..longest {
        // Messages that have ended keep their value; the others go on together.
        let going: Vec<usize> = (0..messages.len())
            .filter(|at| {
                messages
                    .get(*at)
                    .is_some_and(|m| step < m.len().div_ceil(8).max(1))
            })
            .collect();
        let mut blocks: Vec<[u8; 8]> = going
            .iter()
            .map(|at| {
                xor(
                    &macs.get(*at).copied().unwrap_or_default(),
                    &block(messages, *at, step),
                )
            })
            .collect();
        chain.encrypt(&mut blocks);
        for (at, block) in going.into_iter().zip(blocks) {
            if let Some(mac) = macs.get_mut(at) {
                *mac = block;
            }
        }
    }
    if !right.is_empty() {
        DesBatch::new(right)?.decrypt(&mut macs);
        chain.encrypt(&mut macs);
    }
    Ok(macs)
}

/// One block of a message, zero padded.
fn block(messages: &[&[u8]], at: usize, step: usize) -> [u8; 8] {
    let mut out = [0; 8];
    let rest = messages
        .get(at)
        .and_then(|m| m.get(8 * step..))
        .unwrap_or(&[]);
    xor_into(&mut out, rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::key::Mak;
    use crate::crypto::{CbcMac, UnionPayMac};

    fn noise(seed: u64, len: usize) -> Vec<u8> {
        let mut state = seed | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state as u8
        };
        (0..len).map(|_| next()).collect()
    }

    #[test]
    fn equals_the_ordinary_cipher_at_every_size_and_key_length() {
        for key_len in [8, 16, 24] {
            let key = noise(key_len as u64, key_len);
            let (batch, plain) = (DesBatch::new(&key).unwrap(), Cipher64::tdes(&key).unwrap());
            for count in [1, 11, 12, 63, 64, 65, 128, 129, 256, 300] {
                let clear: Vec<[u8; 8]> = noise(99, 8 * count).as_chunks().0.to_vec();
                let mut blocks = clear.clone();
                batch.encrypt(&mut blocks);
                let wanted: Vec<_> = clear.iter().map(|b| plain.encrypt(*b)).collect();
                assert_eq!(blocks, wanted, "{key_len} {count}");
                batch.decrypt(&mut blocks);
                assert_eq!(blocks, clear, "{key_len} {count}");
            }
        }
    }

    #[test]
    fn macs_of_messages_of_all_lengths_equal_the_ones_made_singly() {
        let messages: Vec<Vec<u8>> = (0..150).map(|n| noise(n, (n as usize * 7) % 90)).collect();
        let messages: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
        for len in [8, 16] {
            let key = Key::<Mak>::tdes(&noise(5, len)).unwrap();
            let (union, cbc) = (UnionPayMac::new(&key), CbcMac::new(&key).unwrap());
            let made = unionpay_macs(&key, &messages).unwrap();
            assert!(
                made.iter()
                    .zip(&messages)
                    .all(|(mac, m)| *mac == union.generate(m))
            );
            let made = cbc_macs(&key, &messages).unwrap();
            assert!(
                made.iter()
                    .zip(&messages)
                    .all(|(mac, m)| *mac == cbc.generate(m))
            );
        }
    }
}
