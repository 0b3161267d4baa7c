//! The block ciphers as the pads use them, over those of `crypto`.

use crate::crypto::cipher::{Cipher64, Cipher128};

/// The cipher of a DES key of 8, 16 or 24 bytes.
fn des(key: &[u8]) -> Cipher64 {
    Cipher64::tdes(key).expect("keys enter through Secret::new, which admits 8, 16 and 24 bytes")
}

/// The cipher of an AES-128 key.
fn aes(key: &[u8; 16]) -> Cipher128 {
    Cipher128::aes(key).expect("sixteen bytes are an AES key")
}

/// Enciphers one block under a DES key of 8, 16 or 24 bytes.
pub(crate) fn encipher(key: &[u8], block: [u8; 8]) -> [u8; 8] {
    des(key).encrypt(block)
}

/// Deciphers one block under a DES key of 8, 16 or 24 bytes.
pub(crate) fn decipher(key: &[u8], block: [u8; 8]) -> [u8; 8] {
    des(key).decrypt(block)
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
    crate::crypto::cipher::xor(&a, &b)
}

/// AES-128 in CBC mode from a zero vector; `data` is whole blocks of sixteen.
pub(crate) fn aes_cbc_encipher(key: &[u8; 16], data: &[u8]) -> Vec<u8> {
    let aes = aes(key);
    let mut chain = [0u8; 16];
    let blocks = data.as_chunks::<16>().0.iter();
    blocks
        .flat_map(|block| {
            chain = aes.encrypt(crate::crypto::cipher::xor(block, &chain));
            chain
        })
        .collect()
}

/// The inverse of [`aes_cbc_encipher`].
pub(crate) fn aes_cbc_decipher(key: &[u8; 16], data: &[u8]) -> Vec<u8> {
    let aes = aes(key);
    let mut chain = [0u8; 16];
    let blocks = data.as_chunks::<16>().0.iter();
    blocks
        .flat_map(|block| {
            let clear = crate::crypto::cipher::xor(&aes.decrypt(*block), &chain);
            chain = *block;
            clear
        })
        .collect()
}
