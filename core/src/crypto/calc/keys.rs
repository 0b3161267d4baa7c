//! Operations on ciphers, keys and card numbers.

use super::{CalcError, Given, Op, Outputs, op};
use crate::crypto::cipher::{Algorithm, BlockCipher};
use crate::crypto::kcv::{KcvMethod, kcv};
use crate::crypto::key_material::{self, LmkScheme};
use crate::crypto::working::{Flow, Working, key as whole, octets};
use crate::crypto::{pan, parity};

pub(super) const OPS: &[Op] = &[
    op(
        "cipher",
        &["cipher", "data", "dir", "iv", "key", "mode"],
        cipher,
    ),
    op("hash", &["data", "hash"], hash),
    op("kcv", &["bytes", "key", "method"], check_value),
    op("key.check", &["key"], check),
    op("key.combine", &["components"], combine),
    op(
        "key.lmk_encrypt",
        &["key", "lmk_pair", "scheme", "variant"],
        lmk_encrypt,
    ),
    op("key.parity", &["key"], key_parity),
    op("key.variant", &["key", "variant"], variant),
    op("as2805.kek_validation", &["kek", "rnd"], kek_validation),
    op("owf.as2805", &["data", "key"], one_way),
    op("pan.check", &["pan"], pan_check),
];

/// A way to take a cipher over more than one block.
#[derive(Clone, Copy)]
enum Mode {
    Ecb,
    Cbc,
    Cfb,
    Cfb8,
    Ofb,
    Ctr,
}

impl Mode {
    fn named(name: &str) -> Option<Self> {
        match name {
            "ECB" => Some(Self::Ecb),
            "CBC" => Some(Self::Cbc),
            "CFB" | "CFB64" | "CFB128" => Some(Self::Cfb),
            "CFB8" => Some(Self::Cfb8),
            "OFB" => Some(Self::Ofb),
            "CTR" => Some(Self::Ctr),
            _ => None,
        }
    }
}

fn cipher(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let (key, data) = (given.hex("key")?, given.hex("data")?);
    let cipher = BlockCipher::new(given.cipher("cipher", Algorithm::Tdes)?, &key)?;
    let decrypt = match given.maybe_text("dir")? {
        None | Some("encrypt") => false,
        Some("decrypt") => true,
        Some(_) => {
            return Err(CalcError::Malformed {
                input: "dir",
                expected: "encrypt or decrypt",
            });
        }
    };
    let block = cipher.block_len();
    let iv = given
        .maybe_hex("iv")?
        .map_or(vec![0; block], |iv| iv.to_vec());
    let mode = given.choice("mode", "ECB, CBC, CFB, CFB8, OFB or CTR", Mode::named)?;
    let (out, formula, flow) = match mode {
        Mode::Ecb if decrypt => (
            cipher.ecb_decrypt(&data)?,
            "ECB^-1(key, data)",
            Flow::Blocks(block),
        ),
        Mode::Ecb => (
            cipher.ecb_encrypt(&data)?,
            "ECB(key, data)",
            Flow::Blocks(block),
        ),
        Mode::Cbc if decrypt => (
            cipher.cbc_decrypt(&iv, &data)?,
            "CBC^-1(key, iv, data)",
            Flow::Chain(block),
        ),
        Mode::Cbc => (
            cipher.cbc_encrypt(&iv, &data)?,
            "CBC(key, iv, data)",
            Flow::Chain(block),
        ),
        Mode::Cfb => (
            cipher.cfb(&iv, &data, block, decrypt)?,
            "CFB(key, iv, data)",
            Flow::Chain(block),
        ),
        Mode::Cfb8 => (
            cipher.cfb(&iv, &data, 1, decrypt)?,
            "CFB8(key, iv, data)",
            Flow::Chain(1),
        ),
        Mode::Ofb => (
            cipher.ofb(&iv, &data)?,
            "OFB(key, iv) XOR data",
            Flow::From(0),
        ),
        Mode::Ctr => (
            cipher.ctr(&iv, &data)?,
            "CTR(key, iv) XOR data",
            Flow::From(0),
        ),
    };
    let inputs = [
        octets("data", &data).flow(flow),
        whole("key", &key),
        whole("iv", &iv),
    ];
    working.step("out", formula, &inputs, &out);
    Ok(Outputs::new().hex("out", &out))
}

fn hash(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    use crate::crypto::mac::hmac::Hash;
    let data = given.hex("data")?;
    let hash = given.choice(
        "hash",
        "SHA1, SHA224, SHA256, SHA384, SHA512 or SM3",
        Hash::named,
    )?;
    let digest = hash.digest(&data);
    working.step(
        "digest",
        "digest = H(data)",
        &[whole("data", &data)],
        &digest,
    );
    Ok(Outputs::new().hex("digest", &digest))
}

fn check_value(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let method = KcvMethod::named(given.text("method")?)?;
    let full = kcv(method, &given.hex("key")?, working)?;
    let bytes = given.maybe_number("bytes")?.unwrap_or(3);
    let refuse = CalcError::Malformed {
        input: "bytes",
        expected: "a positive number",
    };
    let bytes = usize::try_from(bytes)
        .ok()
        .filter(|n| *n > 0)
        .ok_or(refuse)?;
    let shown = full.get(..bytes).unwrap_or(&full);
    working.step("kcv", "kcv = first bytes", &[octets("check", &full)], shown);
    Ok(Outputs::new().hex("kcv", shown))
}

fn check(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let key = given.hex("key")?;
    let found = parity::check(&key)?;
    let codes: Vec<&str> = found.into_iter().map(parity::Finding::code).collect();
    let adjusted = adjusted(&key, working);
    for (nth, part) in adjusted.as_chunks::<8>().0.iter().enumerate() {
        let name = format!("part_{}", nth + 1);
        let inputs = [octets("adjusted", &adjusted).flow(Flow::From(8 * nth))];
        working.step(&name, "part = eight bytes of the key", &inputs, part);
        let weakness = parity::weakness(part).map_or("-", parity::Finding::code);
        working.text(
            &format!("weak_{}", nth + 1),
            "weak = what the 64 weak keys say of the part",
            &[whole(&name, part)],
            weakness,
        );
    }
    working.text(
        "findings",
        "findings = parity, weak parts, equal parts",
        &[whole("key", &key), whole("adjusted", &adjusted)],
        &codes.join(" "),
    );
    Ok(Outputs::new().value("findings", codes))
}

fn combine(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let key = key_material::combine(&given.hex_list("components")?, working)?;
    let out = Outputs::new()
        .hex("key", &key)
        .value("odd_parity", parity::is_odd(&key));
    let check = kcv(
        KcvMethod::Ecb(Algorithm::Tdes, 0),
        &key,
        &mut Working::off(),
    );
    Ok(match check {
        Ok(full) => out.hex("kcv_tdes", full.get(..3).unwrap_or(&full)),
        Err(_) => out,
    })
}

fn lmk_encrypt(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let (pair, key) = (given.hex("lmk_pair")?, given.hex("key")?);
    let scheme = given.choice("scheme", "Z, X, Y, U or T", LmkScheme::tagged)?;
    let number = given.maybe_number("variant")?.unwrap_or(0);
    let out = key_material::lmk_encrypt(&pair, number, scheme, &key, working)?;
    let check = kcv(
        KcvMethod::Ecb(Algorithm::Tdes, 0),
        &key,
        &mut Working::off(),
    )?;
    Ok(Outputs::new()
        .hex("cryptogram", &out)
        .hex("kcv", check.get(..3).unwrap_or(&check)))
}

/// The key with odd parity, taken down.
fn adjusted(key: &[u8], working: &mut Working) -> Vec<u8> {
    let adjusted = parity::odd(key);
    working.step(
        "adjusted",
        "each byte's lowest bit set for odd parity",
        &[octets("key", key)],
        &adjusted,
    );
    adjusted
}

fn key_parity(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let key = given.hex("key")?;
    let adjusted = adjusted(&key, working);
    Ok(Outputs::new()
        .hex("adjusted", &adjusted)
        .value("odd", parity::is_odd(&key)))
}

fn variant(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let key = given.hex("key")?;
    let out = key_material::variant(&key, given.number("variant")?, working)?;
    Ok(Outputs::new().hex("key", &out))
}

fn kek_validation(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let made = key_material::kek_validation(&given.hex("kek")?, &given.hex("rnd")?, working)?;
    Ok(Outputs::new()
        .hex("random_key_send", &made.random_key_send)
        .hex("inverted", &made.inverted)
        .hex("random_key_receive", &made.random_key_receive))
}

fn one_way(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let out = key_material::one_way(&given.hex("key")?, &given.hex("data")?, working)?;
    Ok(Outputs::new().hex("out", &out))
}

fn pan_check(given: &Given<'_>, _: &mut Working) -> Result<Outputs, CalcError> {
    let made = pan::check(given.text("pan")?)?;
    Ok(Outputs::new()
        .value("luhn", made.luhn)
        .text("masked", &made.masked))
}
