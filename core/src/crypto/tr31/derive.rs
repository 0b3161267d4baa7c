//! From the protection key to the two keys of a block: one enciphers, one makes the MAC.

use super::Version;
use crate::crypto::cipher::{Algorithm, BlockCipher};
use crate::crypto::error::CryptoError;
use crate::crypto::mac::cmac::cmac;
use crate::crypto::working::{Flow, Working, key as whole, octets};
use zeroize::Zeroizing;

/// The keys a block is made with.
#[derive(Clone, PartialEq, Eq)]
pub struct Derived {
    /// Enciphers the key.
    pub kbek: Zeroizing<Vec<u8>>,
    /// Makes the MAC.
    pub kbak: Zeroizing<Vec<u8>>,
}

/// Derives the two keys of a version.
///
/// **Errors** `KEY_LENGTH`: A and C take 8, 16 or 24 bytes, B 16 or 24, D and E an AES key.
pub fn derive(
    version: Version,
    kbpk: &[u8],
    working: &mut Working,
) -> Result<Derived, CryptoError> {
    let found = kbpk.len();
    let derived = match version {
        Version::A | Version::C => {
            if !matches!(found, 8 | 16 | 24) {
                return Err(CryptoError::KeyLength {
                    allowed: "8, 16 or 24",
                    found,
                });
            }
            let masked = |mask: u8| Zeroizing::new(kbpk.iter().map(|b| b ^ mask).collect());
            Derived {
                kbek: masked(0x45),
                kbak: masked(0x4D),
            }
        }
        Version::B => {
            if !matches!(found, 16 | 24) {
                return Err(CryptoError::KeyLength {
                    allowed: "16 or 24",
                    found,
                });
            }
            Derived {
                kbek: by_cmac(version, kbpk, 0)?,
                kbak: by_cmac(version, kbpk, 1)?,
            }
        }
        Version::D => Derived {
            kbek: by_cmac(version, kbpk, 0)?,
            kbak: by_cmac(version, kbpk, 1)?,
        },
        Version::E => Derived {
            kbek: by_cmac(version, kbpk, 2)?,
            kbak: by_cmac(version, kbpk, 1)?,
        },
    };
    let (enc, mac) = match version {
        Version::A | Version::C => ("kbek = kbpk XOR 45..", "kbak = kbpk XOR 4D.."),
        Version::B | Version::D => (
            "kbek = CMAC(kbpk, n 0000 ..)",
            "kbak = CMAC(kbpk, n 0001 ..)",
        ),
        Version::E => (
            "kbek = CMAC(kbpk, n 0002 ..)",
            "kbak = CMAC(kbpk, n 0001 ..)",
        ),
    };
    let way = if matches!(version, Version::A | Version::C) {
        Flow::From(0)
    } else {
        Flow::Whole
    };
    working.step(
        "kbek",
        enc,
        &[octets("kbpk", kbpk).flow(way)],
        &derived.kbek,
    );
    working.step("kbak", mac, &[whole("kbpk", kbpk)], &derived.kbak);
    Ok(derived)
}

/// Keys by CMAC over `counter, usage(2), 00, algorithm(2), bits(2)`.
fn by_cmac(version: Version, kbpk: &[u8], usage: u8) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    let cipher = BlockCipher::new(version.algorithm(), kbpk)?;
    let algorithm = match (version.algorithm(), kbpk.len()) {
        (Algorithm::Aes, 16) => 2,
        (Algorithm::Aes, 24) => 3,
        (Algorithm::Aes, _) => 4,
        (_, 16) => 0,
        _ => 1,
    };
    let [bits_high, bits_low] = (kbpk.len() as u16 * 8).to_be_bytes();
    let mut out = Zeroizing::new(Vec::with_capacity(kbpk.len() + 8));
    let mut counter = 1;
    while out.len() < kbpk.len() {
        let data = [counter, 0, usage, 0, 0, algorithm, bits_high, bits_low];
        out.extend(cmac(&cipher, &data, &mut Working::off()));
        counter += 1;
    }
    out.truncate(kbpk.len());
    Ok(out)
}
