//! Operations that make and verify MACs.

use super::{CalcError, Given, Op, Outputs, op};
use crate::crypto::cipher::{Algorithm, BlockCipher};
use crate::crypto::error::CryptoError;
use crate::crypto::mac::cmac::{cmac, subkeys};
use crate::crypto::mac::hmac::{Hash, hmac};
use crate::crypto::mac::iso9797::{self, MacAlgorithm, MacKeys, Padding};
use crate::crypto::mac::{matches, unionpay};
use crate::crypto::working::{Working, octets};

pub(super) const OPS: &[Op] = &[
    op("mac.pad", &["block", "data", "method"], pad),
    op(
        "mac.cbc",
        &["cipher", "data", "key", "len", "pad"],
        |given, working| cut(given, cbc(given, working)?, working),
    ),
    op(
        "mac.retail",
        &["data", "key", "len", "pad"],
        |given, working| cut(given, retail(given, working)?, working),
    ),
    op(
        "mac.iso9797",
        &[
            "alg", "cipher", "data", "iv", "k2", "k3", "key", "len", "pad",
        ],
        |given, working| cut(given, iso(given, working)?, working),
    ),
    op(
        "mac.iso9797_1999_alg5",
        &["data", "k2", "key", "pad"],
        withdrawn,
    ),
    op(
        "mac.cmac",
        &["cipher", "data", "key", "len"],
        |given, working| cut(given, cipher_mac(given, working)?, working),
    ),
    op("mac.cmac_subkeys", &["cipher", "key"], cmac_subkeys),
    op(
        "mac.hmac",
        &["data", "hash", "key", "len"],
        |given, working| cut(given, hash_mac(given, working)?, working),
    ),
    op("mac.unionpay_ecb", &["cipher", "mab", "mak"], unionpay_ecb),
    op(
        "mac.verify",
        &[
            "alg", "cipher", "data", "family", "hash", "k2", "k3", "key", "mac", "pad",
        ],
        verify,
    ),
];

fn pad(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let method = Padding::numbered(given.number("method")?)?;
    let data = given.hex("data")?;
    let block = usize::try_from(given.maybe_number("block")?.unwrap_or(8)).unwrap_or(0);
    if !(1..=256).contains(&block) {
        return Err(CalcError::Malformed {
            input: "block",
            expected: "1 to 256",
        });
    }
    let padded = method.apply(&data, block);
    working.step(
        "padded",
        "padded = data, filled up",
        &[octets("data", &data)],
        &padded,
    );
    Ok(Outputs::new().hex("padded", &padded))
}

/// The MAC, cut on the right to the length asked for.
fn cut(given: &Given<'_>, mac: Vec<u8>, working: &mut Working) -> Result<Outputs, CalcError> {
    let len = given.maybe_number("len")?;
    let shown = match len.map(usize::try_from) {
        None => mac.as_slice(),
        Some(len) => {
            let refuse = CryptoError::MacLength {
                found: len.unwrap_or(0),
            };
            let len = len.ok().filter(|len| *len > 0);
            len.and_then(|len| mac.get(..len)).ok_or(refuse)?
        }
    };
    if shown.len() < mac.len() {
        working.step(
            "mac_cut",
            "mac, cut on the right",
            &[octets("mac", &mac)],
            shown,
        );
    }
    Ok(Outputs::new().hex("mac", shown))
}

fn padding(given: &Given<'_>) -> Result<Padding, CalcError> {
    Ok(Padding::numbered(given.maybe_number("pad")?.unwrap_or(1))?)
}

fn cbc(given: &Given<'_>, working: &mut Working) -> Result<Vec<u8>, CalcError> {
    let padding = padding(given)?;
    let cipher = BlockCipher::new(given.cipher("cipher", Algorithm::Tdes)?, &given.hex("key")?)?;
    let keys = MacKeys::one(cipher);
    let data = given.hex("data")?;
    Ok(iso9797::mac(
        MacAlgorithm::Plain,
        &keys,
        None,
        padding,
        &data,
        working,
    )?)
}

fn retail(given: &Given<'_>, working: &mut Working) -> Result<Vec<u8>, CalcError> {
    let padding = padding(given)?;
    let keys = MacKeys::halves("key", &given.hex("key")?, working)?;
    let data = given.hex("data")?;
    Ok(iso9797::mac(
        MacAlgorithm::Retail,
        &keys,
        None,
        padding,
        &data,
        working,
    )?)
}

fn iso(given: &Given<'_>, working: &mut Working) -> Result<Vec<u8>, CalcError> {
    let algorithm = MacAlgorithm::numbered(given.number("alg")?)?;
    let padding = padding(given)?;
    let cipher = given.cipher("cipher", Algorithm::Des)?;
    let ready = |bytes: &[u8]| BlockCipher::new(cipher, bytes);
    let optional = |input| {
        given
            .maybe_hex(input)?
            .map(|k| ready(&k))
            .transpose()
            .map_err(CalcError::from)
    };
    let keys = MacKeys {
        first: ready(&given.hex("key")?)?,
        second: optional("k2")?,
        third: optional("k3")?,
    };
    if algorithm != MacAlgorithm::Plain && keys.second.is_none() {
        return Err(CalcError::Missing { input: "k2" });
    }
    if algorithm == MacAlgorithm::Double && keys.third.is_none() {
        return Err(CalcError::Missing { input: "k3" });
    }
    let (iv, data) = (given.maybe_hex("iv")?, given.hex("data")?);
    Ok(iso9797::mac(
        algorithm,
        &keys,
        iv.as_deref().map(Vec::as_slice),
        padding,
        &data,
        working,
    )?)
}

fn withdrawn(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let padding = padding(given)?;
    let first = BlockCipher::new(Algorithm::Des, &given.hex("key")?)?;
    let second = BlockCipher::new(Algorithm::Des, &given.hex("k2")?)?;
    let data = given.hex("data")?;
    let made = iso9797::withdrawn_algorithm_5(&first, &second, padding, &data, working)?;
    Ok(Outputs::new()
        .hex("mac", &made.mac)
        .hex("mac1", &made.mac1)
        .hex("mac2", &made.mac2))
}

fn cipher_mac(given: &Given<'_>, working: &mut Working) -> Result<Vec<u8>, CalcError> {
    let cipher = BlockCipher::new(given.cipher("cipher", Algorithm::Aes)?, &given.hex("key")?)?;
    Ok(cmac(&cipher, &given.hex("data")?, working))
}

fn cmac_subkeys(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let cipher = BlockCipher::new(given.cipher("cipher", Algorithm::Aes)?, &given.hex("key")?)?;
    let made = subkeys(&cipher, working);
    Ok(Outputs::new()
        .hex("L", &made.l)
        .hex("k1", &made.k1)
        .hex("k2", &made.k2))
}

fn hash_mac(given: &Given<'_>, working: &mut Working) -> Result<Vec<u8>, CalcError> {
    let hash = given.choice(
        "hash",
        "SHA1, SHA224, SHA256, SHA384, SHA512 or SM3",
        Hash::named,
    )?;
    Ok(hmac(hash, &given.hex("key")?, &given.hex("data")?, working))
}

fn unionpay_ecb(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let (mak, mab) = (given.hex("mak")?, given.hex("mab")?);
    let algorithm = given.cipher("cipher", Algorithm::Tdes)?;
    let made = unionpay::explained(algorithm, &mak, &mab, working)?;
    let text = made.mac_text();
    Ok(Outputs::new()
        .hex("padded_mab", &made.padded)
        .hex("xor", &made.xor)
        .hex("ascii", made.ascii.as_bytes())
        .hex("enc1", &made.enc1)
        .hex("temp", &made.temp)
        .hex("enc2", &made.enc2)
        .text("mac_text", &text)
        .hex("result_ascii", text.as_bytes()))
}

fn verify(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let computed = match given.text("family")? {
        "retail" => retail(given, working)?,
        "cbc" => cbc(given, working)?,
        "iso9797" => iso(given, working)?,
        "cmac" => cipher_mac(given, working)?,
        "hmac" => hash_mac(given, working)?,
        _ => {
            let expected = "retail, cbc, iso9797, cmac or hmac";
            return Err(CalcError::Malformed {
                input: "family",
                expected,
            });
        }
    };
    let valid = matches(&computed, &given.hex("mac")?)?;
    Ok(Outputs::new().value("valid", valid))
}
