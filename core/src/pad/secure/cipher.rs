//! DES, triple DES and AES as the pads use them: the only place that touches the ciphers.

use aes::Aes128;
use cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use des::{Des, TdesEde2, TdesEde3};

/// Enciphers one block under a DES key of 8, 16 or 24 bytes.
pub(crate) fn encipher(key: &[u8], block: [u8; 8]) -> [u8; 8] {
    let mut out = Array(block);
    if let Ok(des) = Des::new_from_slice(key) {
        des.encrypt_block(&mut out);
    } else if let Ok(des) = TdesEde2::new_from_slice(key) {
        des.encrypt_block(&mut out);
    } else if let Ok(des) = TdesEde3::new_from_slice(key) {
        des.encrypt_block(&mut out);
    } else {
        unreachable!("keys enter through Secret::new, which admits 8, 16 and 24 bytes only");
    }
    out.0
}

/// Deciphers one block under a DES key of 8, 16 or 24 bytes.
pub(crate) fn decipher(key: &[u8], block: [u8; 8]) -> [u8; 8] {
    let mut out = Array(block);
    if let Ok(des) = Des::new_from_slice(key) {
        des.decrypt_block(&mut out);
    } else if let Ok(des) = TdesEde2::new_from_slice(key) {
        des.decrypt_block(&mut out);
    } else if let Ok(des) = TdesEde3::new_from_slice(key) {
        des.decrypt_block(&mut out);
    } else {
        unreachable!("keys enter through Secret::new, which admits 8, 16 and 24 bytes only");
    }
    out.0
}

/// Applies a block function to every whole block of eight; what is left over is dropped.
pub(crate) fn each_block(data: &[u8], mut with: impl FnMut([u8; 8]) -> [u8; 8]) -> Vec<u8> {
    data.as_chunks::<8>()
        .0
        .iter()
        .flat_map(|block| with(*block))
        .collect()
}

/// Two blocks of eight, bit by bit.
pub(crate) fn xor(a: [u8; 8], b: [u8; 8]) -> [u8; 8] {
    (u64::from_be_bytes(a) ^ u64::from_be_bytes(b)).to_be_bytes()
}

/// AES-128 in CBC mode from a zero vector; `data` is whole blocks of sixteen.
pub(crate) fn aes_cbc_encipher(key: &[u8; 16], data: &[u8]) -> Vec<u8> {
    let aes = Aes128::new(&Array(*key));
    let mut chain = [0u8; 16];
    let mut out = Vec::with_capacity(data.len());
    for block in data.as_chunks::<16>().0 {
        let mut next = Array(std::array::from_fn(|i| {
            block.get(i).copied().unwrap_or(0) ^ chain.get(i).copied().unwrap_or(0)
        }));
        aes.encrypt_block(&mut next);
        chain = next.0;
        out.extend_from_slice(&chain);
    }
    out
}

/// The inverse of [`aes_cbc_encipher`].
pub(crate) fn aes_cbc_decipher(key: &[u8; 16], data: &[u8]) -> Vec<u8> {
    let aes = Aes128::new(&Array(*key));
    let mut chain = [0u8; 16];
    let mut out = Vec::with_capacity(data.len());
    for block in data.as_chunks::<16>().0 {
        let mut next = Array(*block);
        aes.decrypt_block(&mut next);
        out.extend(next.0.iter().zip(chain).map(|(a, b)| a ^ b));
        chain = *block;
    }
    out
}
