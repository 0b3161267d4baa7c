//! Operations of a chip card and its issuer.

use super::{CalcError, Given, Op, Outputs, card, op};
use crate::crypto::emv::{self, AcPadding, ScriptEncipherment};
use crate::crypto::working::Working;

pub(super) const OPS: &[Op] = &[
    op(
        "emv.icc_mk",
        &["imk", "option", "pan", "parity", "psn"],
        icc_mk,
    ),
    op(
        "emv.sk",
        &[
            "atc", "branch", "height", "icc_mk", "iv", "method", "r", "un",
        ],
        session_key,
    ),
    op("emv.ac", &["data", "padding", "sk"], cryptogram),
    op("emv.arpc1", &["arc", "arqc", "sk"], arpc1),
    op("emv.arpc2", &["arqc", "csu", "pad", "sk"], arpc2),
    op("emv.script_mac", &["data", "sk"], script_mac),
    op(
        "emv.script_encrypt",
        &["data", "sk", "type"],
        script_encrypt,
    ),
];

fn icc_mk(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let (option, imk) = (card::option(given)?, given.hex("imk")?);
    let psn = card::psn(given)?;
    let adjust = match given.maybe_text("parity")? {
        None | Some("odd") => true,
        Some("none") => false,
        Some(_) => {
            return Err(CalcError::Malformed {
                input: "parity",
                expected: "odd or none",
            });
        }
    };
    let key = emv::icc_master_key(option, &imk, given.text("pan")?, psn, adjust, working)?;
    Ok(Outputs::new().hex("icc_mk", &key))
}

fn session_key(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let mk = given.hex("icc_mk")?;
    let key = match given.text("method")? {
        "common" => emv::session_key_common(&mk, &given.hex("r")?, working)?,
        "mastercard" => {
            emv::session_key_mastercard(&mk, &given.hex("atc")?, &given.hex("un")?, working)?
        }
        "visa_sm" => emv::session_key_visa(&mk, &given.hex("atc")?, working)?,
        "emv2000" => {
            let iv = given.maybe_hex("iv")?.map_or(vec![0; 16], |iv| iv.to_vec());
            let small = |input| -> Result<u32, CalcError> {
                let refuse = CalcError::Malformed {
                    input,
                    expected: "a small number",
                };
                let number = u32::try_from(given.number(input)?)
                    .ok()
                    .filter(|n| *n <= 0xFFFF);
                number.ok_or(refuse)
            };
            let (height, branch) = (small("height")?, small("branch")?);
            emv::session_key_tree(&mk, &given.hex("atc")?, height, branch, &iv, working)?
        }
        _ => {
            let expected = "common, mastercard, visa_sm or emv2000";
            return Err(CalcError::Malformed {
                input: "method",
                expected,
            });
        }
    };
    Ok(Outputs::new().hex("sk", &key))
}

fn cryptogram(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let padding = match given.maybe_text("padding")? {
        None | Some("EMV") => AcPadding::Emv,
        Some("VISA") => AcPadding::Visa,
        Some(_) => {
            return Err(CalcError::Malformed {
                input: "padding",
                expected: "EMV or VISA",
            });
        }
    };
    let ac = emv::application_cryptogram(&given.hex("sk")?, &given.hex("data")?, padding, working)?;
    Ok(Outputs::new().hex("ac", &ac))
}

fn arpc1(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let (sk, arqc, arc) = (given.hex("sk")?, given.hex("arqc")?, given.hex("arc")?);
    Ok(Outputs::new().hex("arpc", &emv::arpc_1(&sk, &arqc, &arc, working)?))
}

fn arpc2(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let (sk, arqc, csu) = (given.hex("sk")?, given.hex("arqc")?, given.hex("csu")?);
    let pad = given
        .maybe_hex("pad")?
        .map_or(Vec::new(), |pad| pad.to_vec());
    Ok(Outputs::new().hex("arpc", &emv::arpc_2(&sk, &arqc, &csu, &pad, working)?))
}

fn script_mac(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    Ok(Outputs::new().hex(
        "mac",
        &emv::script_mac(&given.hex("sk")?, &given.hex("data")?, working)?,
    ))
}

fn script_encrypt(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let way = given.choice("type", "VISA, MASTERCARD or CCD", |name| match name {
        "VISA" => Some(ScriptEncipherment::Visa),
        "MASTERCARD" => Some(ScriptEncipherment::Mastercard),
        "CCD" => Some(ScriptEncipherment::CommonCore),
        _ => None,
    })?;
    let out = emv::script_encrypt(&given.hex("sk")?, &given.hex("data")?, way, working)?;
    Ok(Outputs::new().hex("out", &out))
}
