//! HMAC (RFC 2104) over SHA-1, SHA-2 and SM3, with its two hashes shown.

use crate::crypto::working::{Flow, Working, key as whole, octets};
use sha2::Digest;

/// A hash function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hash {
    /// SHA-1, 20 bytes.
    Sha1,
    /// SHA-224, 28 bytes.
    Sha224,
    /// SHA-256, 32 bytes.
    Sha256,
    /// SHA-384, 48 bytes.
    Sha384,
    /// SHA-512, 64 bytes.
    Sha512,
    /// SM3, 32 bytes.
    Sm3,
}

impl Hash {
    /// The hash of a name such as `SHA256` or `SM3`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "SHA1" => Some(Self::Sha1),
            "SHA224" => Some(Self::Sha224),
            "SHA256" => Some(Self::Sha256),
            "SHA384" => Some(Self::Sha384),
            "SHA512" => Some(Self::Sha512),
            "SM3" => Some(Self::Sm3),
            _ => None,
        }
    }

    /// Bytes of the block that HMAC pads its key to.
    pub fn block_len(self) -> usize {
        match self {
            Self::Sha384 | Self::Sha512 => 128,
            Self::Sha1 | Self::Sha224 | Self::Sha256 | Self::Sm3 => 64,
        }
    }

    /// The digest of `data`.
    pub fn digest(self, data: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => sha1::Sha1::digest(data).to_vec(),
            Self::Sha224 => sha2::Sha224::digest(data).to_vec(),
            Self::Sha256 => sha2::Sha256::digest(data).to_vec(),
            Self::Sha384 => sha2::Sha384::digest(data).to_vec(),
            Self::Sha512 => sha2::Sha512::digest(data).to_vec(),
            Self::Sm3 => sm3::Sm3::digest(data).to_vec(),
        }
    }
}

/// The full HMAC of `data`.
///
/// **Shape** a key of any length; longer than a block, it is hashed first.
pub fn hmac(hash: Hash, key: &[u8], data: &[u8], working: &mut Working) -> Vec<u8> {
    let mut block = if key.len() > hash.block_len() {
        hash.digest(key)
    } else {
        key.to_vec()
    };
    block.resize(hash.block_len(), 0);
    let masked = |mask: u8| block.iter().map(|byte| byte ^ mask).collect::<Vec<u8>>();
    let (inner_pad, outer_pad) = (masked(0x36), masked(0x5C));
    let inner = hash.digest(&[&inner_pad, data].concat());
    let outer = hash.digest(&[&outer_pad, inner.as_slice()].concat());

    working.step(
        "key_block",
        "key_block = key, or H(key), 00...",
        &[whole("key", key)],
        &block,
    );
    working.step(
        "ipad",
        "ipad = key_block XOR 36...",
        &[octets("key_block", &block)],
        &inner_pad,
    );
    working.step(
        "opad",
        "opad = key_block XOR 5C...",
        &[octets("key_block", &block)],
        &outer_pad,
    );
    let inputs = [
        whole("ipad", &inner_pad),
        octets("data", data).flow(Flow::Whole),
    ];
    working.step("inner", "inner = H(ipad || data)", &inputs, &inner);
    let inputs = [
        whole("opad", &outer_pad),
        octets("inner", &inner).flow(Flow::Whole),
    ];
    working.step("mac", "mac = H(opad || inner)", &inputs, &outer);
    outer
}
