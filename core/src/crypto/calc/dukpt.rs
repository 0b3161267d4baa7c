//! Operations on DUKPT keys, and with them.

use super::pins::random;
use super::{CalcError, Given, Op, Outputs, op};
use crate::crypto::cipher::{Algorithm, BlockCipher};
use crate::crypto::dukpt::aes::{self, KeyType};
use crate::crypto::dukpt::des98;
use crate::crypto::dukpt::tdes::{self, Usage};
use crate::crypto::error::CryptoError;
use crate::crypto::mac::cmac::cmac;
use crate::crypto::mac::iso9797::{self, MacAlgorithm, MacKeys, Padding};
use crate::crypto::pin::{Pin, iso, iso4};
use crate::crypto::working::{Flow, Working, key as whole, octets};

pub(super) const OPS: &[Op] = &[
    op("dukpt.tdes.ik", &["bdk", "ksn"], tdes_ik),
    op("dukpt.tdes.txn", &["bdk", "ksn"], |given, working| {
        Ok(Txn::read(given, working)?.outputs())
    }),
    op(
        "dukpt.tdes.pin_encrypt",
        &["bdk", "ksn", "pan", "pin"],
        tdes_pin,
    ),
    op(
        "dukpt.tdes.data",
        &[
            "bdk",
            "data",
            "dir",
            "iv",
            "ksn",
            "legacy_pin_variant",
            "legacy_variant_only",
            "op",
        ],
        tdes_data,
    ),
    op(
        "dukpt.tdes.mac",
        &["alg", "bdk", "data", "dir", "ksn", "len", "pad"],
        tdes_mac,
    ),
    op(
        "dukpt.des98.pin_encrypt",
        &["bdk", "ksn", "pan", "pin"],
        des98_pin,
    ),
    op("dukpt.aes.ik", &["bdk", "ikid"], aes_ik),
    op("dukpt.aes.txn", &["bdk", "ksn"], aes_txn),
    op(
        "dukpt.aes.working",
        &["bdk", "ksn", "type", "usage"],
        aes_working,
    ),
    op("dukpt.aes.update", &["ik", "ikid", "type"], aes_update),
    op(
        "dukpt.aes.pin_encrypt",
        &["bdk", "ksn", "pan", "pin", "random", "type"],
        aes_pin,
    ),
];

/// Initial and transaction key of a TDES terminal.
struct Txn {
    ik: [u8; 16],
    key: [u8; 16],
}

impl Txn {
    fn read(given: &Given<'_>, working: &mut Working) -> Result<Self, CalcError> {
        let ksn = tdes::Ksn::new(&given.hex("ksn")?)?;
        let ik = tdes::initial_key(&given.hex("bdk")?, ksn, working)?;
        Ok(Self {
            ik,
            key: tdes::transaction_key(ik, ksn, working)?,
        })
    }

    fn outputs(&self) -> Outputs {
        let variant = |usage| tdes::variant(&self.key, usage);
        Outputs::new()
            .hex("ik", &self.ik)
            .hex("txn_key", &self.key)
            .hex("pin_variant", &variant(Usage::Pin))
            .hex("mac_req_variant", &variant(Usage::MacRequest))
            .hex("mac_rsp_variant", &variant(Usage::MacResponse))
            .hex("data_req_variant", &variant(Usage::DataRequest))
            .hex("data_rsp_variant", &variant(Usage::DataResponse))
            .hex(
                "data_req_key",
                &tdes::data_key(&self.key, Usage::DataRequest),
            )
            .hex(
                "data_rsp_key",
                &tdes::data_key(&self.key, Usage::DataResponse),
            )
    }
}

fn tdes_ik(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let ksn = tdes::Ksn::new(&given.hex("ksn")?)?;
    Ok(Outputs::new().hex("ik", &tdes::initial_key(&given.hex("bdk")?, ksn, working)?))
}

fn tdes_pin(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let txn = Txn::read(given, working)?;
    let clear = clear_block(given, working)?;
    let out = tdes::encipher_pin_block(&txn.key, clear, working);
    Ok(txn.outputs().hex("pin_block", &clear).hex("out", &out))
}

/// The clear format 0 block of the PIN and PAN given.
fn clear_block(given: &Given<'_>, working: &mut Working) -> Result<[u8; 8], CalcError> {
    let pin = Pin::new(given.text("pin")?)?;
    let pan = Some(given.text("pan")?);
    Ok(*iso::encode(iso::Format::Iso0, &pin, pan, &[], working)?
        .block
        .reveal())
}

/// Whether the answer's keys are asked for.
fn is_response(given: &Given<'_>) -> Result<bool, CalcError> {
    match given.maybe_text("dir")? {
        None | Some("request") => Ok(false),
        Some("response") => Ok(true),
        Some(_) => Err(CalcError::Malformed {
            input: "dir",
            expected: "request or response",
        }),
    }
}

fn tdes_data(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let txn = Txn::read(given, working)?;
    let usage = if is_response(given)? {
        Usage::DataResponse
    } else {
        Usage::DataRequest
    };
    let variant = tdes::variant(&txn.key, usage);
    let (key, formula) = if given.switch("legacy_pin_variant")? {
        (
            tdes::variant(&txn.key, Usage::Pin),
            "data_key = txn_key with the PIN mask",
        )
    } else if given.switch("legacy_variant_only")? {
        (variant, "data_key = txn_key with the data mask")
    } else {
        (
            tdes::data_key(&txn.key, usage),
            "data_key = E(variant, variant), half by half",
        )
    };
    let inputs = [octets("variant", &variant).flow(Flow::Whole)];
    working.step(
        "variant",
        "variant = txn_key with the mask",
        &[octets("txn_key", &txn.key)],
        &variant,
    );
    working.step("data_key", formula, &inputs, &key);
    let data = given.hex("data")?;
    let iv = given.maybe_hex("iv")?.map_or(vec![0; 8], |iv| iv.to_vec());
    let cipher = tdes::data_cipher(&key);
    let out = match given.maybe_text("op")? {
        None | Some("encrypt") => cipher.cbc_encrypt(&iv, &data)?,
        Some("decrypt") => cipher.cbc_decrypt(&iv, &data)?,
        Some(_) => {
            return Err(CalcError::Malformed {
                input: "op",
                expected: "encrypt or decrypt",
            });
        }
    };
    let inputs = [
        octets("data", &data).flow(Flow::Chain(8)),
        whole("data_key", &key),
    ];
    working.step("out", "out = CBC(data_key, data)", &inputs, &out);
    Ok(txn.outputs().hex("data_key", &key).hex("out", &out))
}

fn tdes_mac(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let txn = Txn::read(given, working)?;
    let usage = if is_response(given)? {
        Usage::MacResponse
    } else {
        Usage::MacRequest
    };
    let key = tdes::variant(&txn.key, usage);
    working.step(
        "mac_key",
        "mac_key = txn_key with the MAC mask",
        &[octets("txn_key", &txn.key)],
        &key,
    );
    let data = given.hex("data")?;
    let padding =
        || Padding::numbered(given.maybe_number("pad")?.unwrap_or(1)).map_err(CalcError::from);
    let one = || BlockCipher::new(Algorithm::Tdes, &key);
    let mac = match given.text("alg")? {
        "cmac" => cmac(&one()?, &data, working),
        "retail" => {
            let keys = MacKeys::halves("mac_key", &key, working)?;
            iso9797::mac(
                MacAlgorithm::Retail,
                &keys,
                None,
                padding()?,
                &data,
                working,
            )?
        }
        "cbc" => {
            let keys = MacKeys::one(one()?);
            iso9797::mac(MacAlgorithm::Plain, &keys, None, padding()?, &data, working)?
        }
        _ => {
            return Err(CalcError::Malformed {
                input: "alg",
                expected: "cmac, retail or cbc",
            });
        }
    };
    let len = given.maybe_number("len")?.unwrap_or(8);
    let refuse = CryptoError::MacLength {
        found: usize::try_from(len).unwrap_or(0),
    };
    let cut = usize::try_from(len)
        .ok()
        .filter(|len| *len > 0)
        .and_then(|len| mac.get(..len))
        .ok_or(refuse)?;
    Ok(txn.outputs().hex("mac_key", &key).hex("mac", cut))
}

fn des98_pin(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let ksn = tdes::Ksn::new(&given.hex("ksn")?)?;
    let key = des98::transaction_key(&given.hex("bdk")?, ksn, working)?;
    let pin_key = des98::pin_key(&key);
    working.step(
        "pin_key",
        "pin_key = txn_key XOR 00..FF",
        &[octets("txn_key", &key)],
        &pin_key,
    );
    let clear = clear_block(given, working)?;
    let out = des98::encipher_pin_block(&pin_key, clear, working);
    Ok(Outputs::new()
        .hex("txn_key", &key)
        .hex("pin_key", &pin_key)
        .hex("pin_block", &clear)
        .hex("out", &out))
}

fn key_type(given: &Given<'_>) -> Result<KeyType, CalcError> {
    given.choice(
        "type",
        "AES128, AES192, AES256, TDES2, TDES3 or HMAC128 to 256",
        KeyType::named,
    )
}

fn ik_id(given: &Given<'_>) -> Result<[u8; 8], CalcError> {
    let id = given.hex("ikid")?;
    let refuse = CryptoError::KsnLength {
        expected: 8,
        found: id.len(),
    };
    Ok(id.as_slice().try_into().map_err(|_| refuse)?)
}

fn aes_ik(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let ik = aes::initial_key(&given.hex("bdk")?, ik_id(given)?, working)?;
    Ok(Outputs::new().hex("ik", &ik))
}

fn aes_txn(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let ksn = aes::Ksn::new(&given.hex("ksn")?)?;
    let ik = aes::initial_key(&given.hex("bdk")?, ksn.ik_id(), working)?;
    let key = aes::transaction_key(&ik, ksn, working)?;
    Ok(Outputs::new().hex("ik", &ik).hex("txn_key", &key))
}

fn aes_working(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let ksn = aes::Ksn::new(&given.hex("ksn")?)?;
    let expected = "PIN, KEK, MAC_GEN, MAC_VER, MAC_BOTH, DATA_ENC, DATA_DEC or DATA_BOTH";
    let usage = given.choice("usage", expected, aes::Usage::named)?;
    let key_type = key_type(given)?;
    let ik = aes::initial_key(&given.hex("bdk")?, ksn.ik_id(), working)?;
    let txn_key = aes::transaction_key(&ik, ksn, working)?;
    let key = aes::working_key(&txn_key, ksn, usage, key_type, working)?;
    Ok(Outputs::new()
        .hex("ik", &ik)
        .hex("txn_key", &txn_key)
        .hex("derivation_data", &aes::working_data(ksn, usage, key_type))
        .hex("key", &key))
}

fn aes_update(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let ik = given.hex("ik")?;
    let key = aes::update_key(&ik, ik_id(given)?, key_type(given)?, working)?;
    Ok(Outputs::new().hex("key", &key))
}

fn aes_pin(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let ksn = aes::Ksn::new(&given.hex("ksn")?)?;
    let key_type = if given.has("type") {
        key_type(given)?
    } else {
        KeyType::Aes128
    };
    let ik = aes::initial_key(&given.hex("bdk")?, ksn.ik_id(), working)?;
    let txn_key = aes::transaction_key(&ik, ksn, working)?;
    let pin_key = aes::working_key(&txn_key, ksn, aes::Usage::Pin, key_type, working)?;
    let pin = Pin::new(given.text("pin")?)?;
    let random = random(given, "random")?;
    let made = iso4::encipher(&pin_key, &pin, given.text("pan")?, random, working)?;
    Ok(Outputs::new()
        .hex("ik", &ik)
        .hex("txn_key", &txn_key)
        .hex("pin_key", &pin_key)
        .hex("intermediate_a", &made.a)
        .hex("intermediate_b", &made.b)
        .hex("block", &made.block))
}
