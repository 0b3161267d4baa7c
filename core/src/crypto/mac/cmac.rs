//! CMAC (NIST SP 800-38B, ISO/IEC 9797-1:2011 algorithm 5) over any of the block ciphers.
//!
//! Written on the block cipher and not taken whole from a crate, because its subkeys and the
//! choice of the last block are what people want to see.

use crate::crypto::cipher::{BlockCipher, xor_into};
use crate::crypto::working::{Flow, Given, Working, named, octets};

/// The two subkeys and the block they come from.
#[derive(Clone, PartialEq, Eq)]
pub struct Subkeys {
    /// A block of zeros enciphered.
    pub l: Vec<u8>,
    /// Used when the last block is whole.
    pub k1: Vec<u8>,
    /// Used when the last block was padded.
    pub k2: Vec<u8>,
}

/// Makes the subkeys: doubling in the field of the block length.
pub fn subkeys(cipher: &BlockCipher, working: &mut Working) -> Subkeys {
    let l = cipher.encrypted(&vec![0; cipher.block_len()]);
    let k1 = doubled(&l);
    let k2 = doubled(&k1);
    working.step("L", "L = E(key, 0)", &[named("key")], &l);
    working.step(
        "k1",
        "k1 = L * x",
        &[octets("L", &l).flow(Flow::Whole)],
        &k1,
    );
    working.step(
        "k2",
        "k2 = k1 * x",
        &[octets("k1", &k1).flow(Flow::Whole)],
        &k2,
    );
    Subkeys { l, k1, k2 }
}

/// Shifts left by one bit, with the field's constant when a bit falls out.
fn doubled(block: &[u8]) -> Vec<u8> {
    let constant = if block.len() == 16 { 0x87 } else { 0x1B };
    let carry_in = block.iter().skip(1).map(|byte| byte >> 7).chain([0]);
    let mut out: Vec<u8> = block
        .iter()
        .zip(carry_in)
        .map(|(b, carry)| (b << 1) | carry)
        .collect();
    if block.first().is_some_and(|byte| byte & 0x80 != 0)
        && let Some(last) = out.last_mut()
    {
        *last ^= constant;
    }
    out
}

/// The full CMAC of `data`, one block long.
pub fn cmac(cipher: &BlockCipher, data: &[u8], working: &mut Working) -> Vec<u8> {
    let keys = subkeys(cipher, working);
    let block = cipher.block_len();
    let whole = !data.is_empty() && data.len().is_multiple_of(block);
    let last_at = if whole {
        data.len() - block
    } else {
        data.len() / block * block
    };
    let (front, rest) = data.split_at(last_at);

    let mut last = rest.to_vec();
    if !whole {
        last.push(0x80);
        last.resize(block, 0);
    }
    let (name, subkey) = if whole {
        ("k1", &keys.k1)
    } else {
        ("k2", &keys.k2)
    };
    let padded = last.clone();
    xor_into(&mut last, subkey);
    working.step(
        "last_block",
        "last_block = rest of data, filled up unless whole",
        &[octets("data", data).flow(Flow::From(last_at))],
        &padded,
    );
    let inputs = [octets("last_block", &padded), octets(name, subkey)];
    working.step("last", "last = last_block XOR subkey", &inputs, &last);

    let mut chain = vec![0; block];
    for (index, part) in front.chunks(block).enumerate() {
        let from = octets("data", data).flow(Flow::From(index * block));
        chain_block(cipher, &mut chain, part, from, index, working);
    }
    let from = octets("last", &last);
    chain_block(cipher, &mut chain, &last, from, last_at / block, working);
    working.step(
        "mac",
        "mac = last cipher block",
        &[octets("chain", &chain)],
        &chain,
    );
    chain
}

/// One link of a CBC chain, with its XOR and its cipher block taken down; `from` is the value
/// that `part` is cut from.
pub(super) fn chain_block(
    cipher: &BlockCipher,
    chain: &mut [u8],
    part: &[u8],
    from: Given<'_>,
    index: usize,
    working: &mut Working,
) {
    let before = working.is_recording().then(|| chain.to_vec());
    xor_into(chain, part);
    let mixed = working.is_recording().then(|| chain.to_vec());
    cipher.encrypt_blocks(chain);
    if let (Some(before), Some(mixed)) = (before, mixed) {
        let (block_name, xor_name) = (format!("block_{}", index + 1), format!("xor_{}", index + 1));
        let chain_name = format!("chain_{index}");
        working.step(&block_name, "block = the next block", &[from], part);
        let inputs = [octets(&block_name, part), octets(&chain_name, &before)];
        working.step(&xor_name, "xor = block XOR chain", &inputs, &mixed);
        let inputs = [octets(&xor_name, &mixed).flow(Flow::Whole), named("key")];
        working.step(
            &format!("chain_{}", index + 1),
            "chain = E(key, xor)",
            &inputs,
            chain,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::cipher::Algorithm;
    use ::cmac::{Cmac, KeyInit, Mac};

    #[test]
    fn equals_the_cmac_crate_at_every_length() {
        let key: Vec<u8> = (0..16).collect();
        let cipher = BlockCipher::new(Algorithm::Aes, &key).unwrap();
        for len in 0..70 {
            let data: Vec<u8> = (0..len).map(|n: u8| n.wrapping_mul(7)).collect();
            let mut theirs = Cmac::<aes::Aes128>::new_from_slice(&key).unwrap();
            theirs.update(&data);
            let theirs = theirs.finalize().into_bytes();
            assert_eq!(
                cmac(&cipher, &data, &mut Working::off()),
                theirs.as_slice(),
                "{len}"
            );
        }
    }
}
