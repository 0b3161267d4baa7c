//! TR-31 / ANSI X9.143 key blocks, versions A to E: a key with what it may be used for, bound by
//! a MAC.
//!
//! ```text
//! B 0080 K0 T N 00 N 00 00 | optional blocks | key enciphered, hex | MAC, hex
//! | |    |  | | |  | |         A, C   variants of the KBPK, TDES, MAC of 4 bytes
//! | |    |  | | |  | count     B      derived keys, TDES, MAC of 8 bytes
//! | |    |  | | |  exportable  D      derived keys, AES in CBC, MAC of 16 bytes
//! | |    |  | | key version    E      derived keys, AES in CTR, MAC of 16 bytes
//! | |    |  | mode of use
//! | |    |  algorithm
//! | |    usage
//! | length
//! version
//! ```
//!
//! The MAC is verified before a key is given out.
//!
//! **Source** the standards' published examples through openemv's tests; the text was not read.

mod derive;
mod header;

pub use derive::{Derived, derive};
pub use header::{Header, LengthDialect, OptionalBlock};

use super::cipher::{Algorithm, BlockCipher};
use super::error::CryptoError;
use super::mac::cmac::cmac;
use super::mac::iso9797::{self, MacAlgorithm, MacKeys, Padding};
use super::mac::matches;
use super::working::{Flow, Given, Working, chars, key as whole, octets};
use zeroize::Zeroizing;

/// A version of the key block format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// TDES, key variants, 2005.
    A,
    /// TDES, derived keys.
    B,
    /// TDES, key variants.
    C,
    /// AES in CBC mode.
    D,
    /// AES in CTR mode (ISO 20038).
    E,
}

impl Version {
    /// The version of a letter.
    ///
    /// **Errors** `TR31_VERSION` for other letters.
    pub fn of(letter: u8) -> Result<Self, CryptoError> {
        match letter {
            b'A' => Ok(Self::A),
            b'B' => Ok(Self::B),
            b'C' => Ok(Self::C),
            b'D' => Ok(Self::D),
            b'E' => Ok(Self::E),
            _ => Err(CryptoError::Tr31Version),
        }
    }

    /// The cipher the block stands on.
    pub fn algorithm(self) -> Algorithm {
        match self {
            Self::A | Self::B | Self::C => Algorithm::Tdes,
            Self::D | Self::E => Algorithm::Aes,
        }
    }

    /// Bytes of one cipher block.
    fn block_len(self) -> usize {
        if self.algorithm() == Algorithm::Aes {
            16
        } else {
            8
        }
    }

    /// Bytes the enciphered part is a multiple of: a stream cipher takes any.
    fn alignment(self) -> usize {
        if self == Self::E { 1 } else { self.block_len() }
    }

    /// Bytes of the MAC.
    pub fn mac_len(self) -> usize {
        match self {
            Self::A | Self::C => 4,
            Self::B => 8,
            Self::D | Self::E => 16,
        }
    }
}

/// A key block with all its parts.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyBlock {
    /// The header with its optional blocks.
    pub header: Header,
    /// The key.
    pub key: Zeroizing<Vec<u8>>,
    /// The padding after the key.
    pub pad: Vec<u8>,
    /// The MAC.
    pub mac: Vec<u8>,
    /// The keys derived from the protection key.
    pub derived: Derived,
    /// Length, key and padding as they were enciphered.
    pub plaintext: Zeroizing<Vec<u8>>,
    /// The block as text.
    pub text: String,
}

/// Wraps a key; the length in the header is set, and a `PB` block is added when the optional
/// blocks do not fill whole cipher blocks.
///
/// **Errors** `TR31_VERSION`, `TR31_OPT_BLOCK`, `KEY_LENGTH` of the protection key,
/// `TR31_LENGTH` when `pad` does not fill the last block.
pub fn wrap(
    kbpk: &[u8],
    header: &str,
    key: &[u8],
    pad: Option<&[u8]>,
    working: &mut Working,
) -> Result<KeyBlock, CryptoError> {
    let version = Version::of(header.as_bytes().first().copied().unwrap_or(0))?;
    let derived = derive(version, kbpk, working)?;
    let mut header = Header::read(header, LengthDialect::X9143)
        .or_else(|_| Header::read(header, LengthDialect::Bytes))?;
    header.align(version.block_len());

    let bits = u16::try_from(key.len() * 8).map_err(|_| CryptoError::Tr31Length)?;
    let needed = (2 + key.len()).next_multiple_of(version.block_len()) - 2 - key.len();
    let pad = pad.map_or_else(|| vec![0; needed], <[u8]>::to_vec);
    let bits_bytes = bits.to_be_bytes();
    let plaintext = Zeroizing::new([&bits_bytes, key, &pad].concat());
    if !plaintext.len().is_multiple_of(version.alignment()) {
        return Err(CryptoError::Tr31Length);
    }
    header.set_length(header.text().len() + 2 * (plaintext.len() + version.mac_len()))?;
    let inputs = [
        octets("bits", &bits_bytes),
        octets("key", key).flow(Flow::Into(2)),
        octets("pad", &pad).flow(Flow::Into(2 + key.len())),
    ];
    working.step(
        "plaintext",
        "plaintext = bits of key || key || pad",
        &inputs,
        &plaintext,
    );

    let (enciphered, mac) = seal(version, &derived, &header, &plaintext, working)?;
    let text = format!(
        "{}{}{}",
        header.text(),
        hex::encode_upper(&enciphered),
        hex::encode_upper(&mac)
    );
    working.text(
        "key_block",
        "key_block = header || HEX(enciphered) || HEX(mac)",
        &[
            chars("header", header.text()),
            expanded("enciphered", &enciphered, header.text().len()),
            expanded("mac", &mac, header.text().len() + 2 * enciphered.len()),
        ],
        &text,
    );
    let key = Zeroizing::new(key.to_vec());
    Ok(KeyBlock {
        header,
        key,
        pad,
        mac,
        derived,
        plaintext,
        text,
    })
}

/// Opens a key block: MAC first, key after.
///
/// **Errors** `TR31_VERSION`, `KEY_LENGTH` of the protection key, `TR31_LENGTH`,
/// `TR31_OPT_BLOCK`, `TR31_MAC`, in this order.
pub fn unwrap(kbpk: &[u8], text: &str, working: &mut Working) -> Result<KeyBlock, CryptoError> {
    let version = Version::of(text.as_bytes().first().copied().unwrap_or(0))?;
    let derived = derive(version, kbpk, working)?;
    let stated = text.get(1..5).and_then(header::decimal);
    if stated != Some(text.len()) || !text.is_ascii() {
        return Err(CryptoError::Tr31Length);
    }
    let header = Header::read(text, LengthDialect::X9143)
        .or_else(|_| Header::read(text, LengthDialect::Bytes))?;
    let body = text.get(header.text().len()..).unwrap_or("");
    let body = hex::decode(body).map_err(|_| CryptoError::Tr31Length)?;
    let split = body
        .len()
        .checked_sub(version.mac_len())
        .ok_or(CryptoError::Tr31Length)?;
    let (enciphered, mac) = body.split_at(split);
    if enciphered.len() < 2 || !enciphered.len().is_multiple_of(version.alignment()) {
        return Err(CryptoError::Tr31Length);
    }
    let plaintext = open(version, &derived, &header, enciphered, mac, working)?;
    let ([b0, b1], rest) = plaintext
        .split_first_chunk()
        .ok_or(CryptoError::Tr31Length)?;
    let len = usize::from(u16::from_be_bytes([*b0, *b1])).div_ceil(8);
    let (key, pad) = rest.split_at_checked(len).ok_or(CryptoError::Tr31Length)?;
    let inputs = [octets("plaintext", &plaintext)];
    let bits = [*b0, *b1];
    working.step("bits", "bits = first two bytes", &inputs, &bits);
    let inputs = [
        octets("plaintext", &plaintext).flow(Flow::From(2)),
        whole("bits", &bits),
    ];
    working.step(
        "key",
        "key = as many bits of plaintext as it says",
        &inputs,
        key,
    );
    let key = Zeroizing::new(key.to_vec());
    let (pad, mac) = (pad.to_vec(), mac.to_vec());
    Ok(KeyBlock {
        header,
        key,
        pad,
        mac,
        derived,
        plaintext,
        text: text.to_owned(),
    })
}

/// Enciphers and makes the MAC, in the version's order.
fn seal(
    version: Version,
    derived: &Derived,
    header: &Header,
    plaintext: &[u8],
    working: &mut Working,
) -> Result<(Vec<u8>, Vec<u8>), CryptoError> {
    let cipher = BlockCipher::new(version.algorithm(), &derived.kbek)?;
    let note = |iv: &[u8], enciphered: &[u8], working: &mut Working| {
        let inputs = [
            whole("plaintext", plaintext),
            whole("kbek", &derived.kbek),
            whole("iv", iv),
        ];
        let formula = "enciphered = E(kbek, iv, plaintext)";
        working.step("enciphered", formula, &inputs, enciphered);
    };
    if matches!(version, Version::A | Version::C) {
        let enciphered = cipher.cbc_encrypt(header.iv(), plaintext)?;
        note(header.iv(), &enciphered, working);
        let mac = mac_of(version, derived, header, &enciphered, working)?;
        return Ok((enciphered, mac));
    }
    let mac = mac_of(version, derived, header, plaintext, working)?;
    let enciphered = if version == Version::E {
        cipher.ctr(&mac, plaintext)?
    } else {
        cipher.cbc_encrypt(&mac, plaintext)?
    };
    note(&mac, &enciphered, working);
    Ok((enciphered, mac))
}

/// Verifies the MAC and deciphers, in the version's order.
fn open(
    version: Version,
    derived: &Derived,
    header: &Header,
    enciphered: &[u8],
    mac: &[u8],
    working: &mut Working,
) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    let cipher = BlockCipher::new(version.algorithm(), &derived.kbek)?;
    let plaintext = Zeroizing::new(match version {
        Version::A | Version::C => cipher.cbc_decrypt(header.iv(), enciphered)?,
        Version::B | Version::D => cipher.cbc_decrypt(mac, enciphered)?,
        Version::E => cipher.ctr(mac, enciphered)?,
    });
    let covered = match version {
        Version::A | Version::C => enciphered,
        Version::B | Version::D | Version::E => plaintext.as_slice(),
    };
    // What the MAC covers comes before it: the versions differ in the order.
    let first = matches!(version, Version::B | Version::D | Version::E);
    let note = |working: &mut Working| {
        let inputs = [
            whole("enciphered", enciphered),
            whole("kbek", &derived.kbek),
            whole("iv", if first { mac } else { header.iv() }),
        ];
        let formula = "plaintext = D(kbek, iv, enciphered)";
        working.step("plaintext", formula, &inputs, &plaintext);
    };
    if first {
        note(working);
    }
    let computed = mac_of(version, derived, header, covered, working)?;
    if !matches(&computed, mac)? {
        return Err(CryptoError::Tr31Mac);
    }
    if !first {
        note(working);
    }
    Ok(plaintext)
}

/// Octets that become hexadecimal digits from character `at` of the block on.
fn expanded<'a>(name: &'a str, bytes: &'a [u8], at: usize) -> Given<'a> {
    const NONE: usize = usize::MAX;
    let before = std::iter::repeat_n(NONE, at);
    let places = before.chain((0..2 * bytes.len()).map(|digit| digit / 2));
    octets(name, bytes).flow(Flow::Pick(places.collect()))
}

/// The MAC over header and key part.
fn mac_of(
    version: Version,
    derived: &Derived,
    header: &Header,
    covered: &[u8],
    working: &mut Working,
) -> Result<Vec<u8>, CryptoError> {
    let cipher = BlockCipher::new(version.algorithm(), &derived.kbak)?;
    let data = [header.text().as_bytes(), covered].concat();
    let mut mac = match version {
        Version::A | Version::C => {
            let keys = MacKeys::one(cipher);
            let off = &mut Working::off();
            iso9797::mac(MacAlgorithm::Plain, &keys, None, Padding::Zeros, &data, off)?
        }
        Version::B | Version::D | Version::E => cmac(&cipher, &data, &mut Working::off()),
    };
    mac.truncate(version.mac_len());
    let formula = match version {
        Version::A | Version::C => "mac = CBC-MAC(kbak, mac_data)",
        Version::B | Version::D | Version::E => "mac = CMAC(kbak, mac_data)",
    };
    let (covered_name, data_formula) = match version {
        Version::A | Version::C => ("enciphered", "mac_data = header || enciphered"),
        Version::B | Version::D | Version::E => ("plaintext", "mac_data = header || plaintext"),
    };
    let inputs = [
        chars("header", header.text()),
        octets(covered_name, covered).flow(Flow::Into(header.text().len())),
    ];
    working.step("mac_data", data_formula, &inputs, &data);
    let inputs = [whole("mac_data", &data), whole("kbak", &derived.kbak)];
    working.step("mac", formula, &inputs, &mac);
    Ok(mac)
}
