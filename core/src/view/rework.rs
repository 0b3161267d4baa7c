//! What becomes of a result when a step is left out: the later steps done again.
//!
//! A working holds values and formulas, not code. What a step does is found out: of the few things
//! that steps do (XOR, cipher, cut, fill, write as text), it is the one that makes the value that
//! was taken down. A step that none of them explains cannot be done again, and nothing in front of
//! it can be left out.

use super::working::{Line, Origin, Sheet};
use crate::bytes::hex_digit;
use crate::crypto::cipher::{Algorithm, BlockCipher};
use crate::crypto::parity;
use crate::crypto::working::Flow;
use std::collections::BTreeSet;
use zeroize::Zeroizing;

/// The bytes of every value, by index.
type Values = Vec<Zeroizing<Vec<u8>>>;

/// What a step does to its inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    /// Every place of the output is the XOR of what flows into it.
    Mix,
    /// Places are copied; what nothing flows into stays as it was taken down.
    Copy,
    /// The first places of the hexadecimal text.
    Write,
    /// Digits packed.
    Pack,
    /// Odd parity of the only input.
    Parity,
    /// The XOR of the other inputs under a cipher; the key by its place among the inputs.
    Encipher(Algorithm, usize),
    /// The same backwards.
    Decipher(Algorithm, usize),
}

impl Sheet {
    /// The steps that can be left out: each gives on its first input as it is, and every later
    /// step can be done again.
    #[must_use]
    pub fn optional(&self) -> Vec<bool> {
        let one = |line: usize| self.without(&BTreeSet::from([line])).is_some();
        (0..self.lines().len()).map(one).collect()
    }

    /// The same computation with some steps left out; nothing when that cannot be done.
    #[must_use]
    pub fn without(&self, skipped: &BTreeSet<usize>) -> Option<Self> {
        let before = self.bytes();
        let mut values = before.clone();
        for (number, line) in self.lines().iter().enumerate() {
            self.renew_parts(&mut values, line);
            let output = values.get(line.output)?.clone();
            let made = if skipped.contains(&number) {
                let given_on = values.get(given_on(line, &before)?)?;
                Some(given_on.clone()).filter(|value| value.len() == output.len())?
            } else if line
                .inputs
                .iter()
                .all(|(at, _)| values.get(*at) == before.get(*at))
            {
                continue;
            } else {
                let deed = deed(line, &before)?;
                Zeroizing::new(deed.done(line, &values, &output)?)
            };
            *values.get_mut(line.output)? = made;
        }
        Some(self.with_bytes(values))
    }

    /// Brings the parts that a step reads into line with the values they are parts of.
    fn renew_parts(&self, values: &mut Values, line: &Line) {
        for (index, _) in &line.inputs {
            let Some(shown) = self.values().get(*index) else {
                continue;
            };
            let Origin::Part { of, at, stride } = shown.origin else {
                continue;
            };
            let part = values
                .get(of)
                .and_then(|whole| whole.get(at..at + shown.len() * stride));
            let part = part.and_then(|part| match stride {
                1 => Some(part.to_vec()),
                _ => hex::decode(part).ok(),
            });
            if let (Some(part), Some(slot)) = (part, values.get_mut(*index)) {
                *slot = Zeroizing::new(part);
            }
        }
    }
}

/// The input that a step gives on when it is left out: the first that is not its key.
fn given_on(line: &Line, values: &Values) -> Option<usize> {
    let key = match deed(line, values) {
        Some(Deed::Encipher(_, key) | Deed::Decipher(_, key)) => Some(key),
        _ => None,
    };
    let mut inputs = line.inputs.iter().enumerate();
    let (_, (index, _)) = inputs.find(|(at, _)| Some(*at) != key)?;
    Some(*index)
}

/// What a step does, found by doing it.
fn deed(line: &Line, values: &Values) -> Option<Deed> {
    let output = values.get(line.output)?;
    let ciphers = [Algorithm::Tdes, Algorithm::Aes, Algorithm::Sm4];
    let keys = (0..line.inputs.len()).rev();
    let under = keys.flat_map(|key| {
        ciphers
            .into_iter()
            .flat_map(move |one| [Deed::Encipher(one, key), Deed::Decipher(one, key)])
    });
    [Deed::Mix, Deed::Copy, Deed::Write, Deed::Pack, Deed::Parity]
        .into_iter()
        .chain(under)
        .find(|deed| {
            let done = || deed.done(line, values, output);
            deed.fits(line) && done().as_deref() == Some(output.as_slice())
        })
}

impl Deed {
    /// Whether the ways into the output are those of such a step.
    fn fits(self, line: &Line) -> bool {
        let bytewise = |flow: &Flow| {
            matches!(
                flow,
                Flow::From(_) | Flow::Into(_) | Flow::Fold(_) | Flow::Pick(_)
            )
        };
        let all = |test: &dyn Fn(&Flow) -> bool| line.inputs.iter().all(|(_, flow)| test(flow));
        match self {
            Self::Mix | Self::Copy => all(&bytewise),
            Self::Write => all(&|flow| *flow == Flow::Expand),
            Self::Pack => all(&|flow| *flow == Flow::Pack),
            Self::Parity => line.inputs.len() == 1,
            Self::Encipher(..) | Self::Decipher(..) => line.inputs.len() > 1,
        }
    }

    /// Does it; `output` is what it made before.
    fn done(self, line: &Line, values: &Values, output: &[u8]) -> Option<Vec<u8>> {
        let first = values.get(line.inputs.first()?.0)?;
        match self {
            Self::Mix => mixed(line, values, output.len(), None),
            Self::Copy => mixed(line, values, output.len(), Some(output)),
            Self::Write => {
                let digits = first.iter().flat_map(|byte| [byte >> 4, byte & 15]);
                let text = digits.map(hex_digit).take(output.len());
                Some(text.collect())
            }
            Self::Pack => hex::decode(first.as_slice()).ok(),
            Self::Parity => Some(parity::odd(first)),
            Self::Encipher(algorithm, key) => {
                let (cipher, data) = under(line, values, algorithm, key)?;
                cipher.ecb_encrypt(&data).ok()
            }
            Self::Decipher(algorithm, key) => {
                let (cipher, data) = under(line, values, algorithm, key)?;
                cipher.ecb_decrypt(&data).ok()
            }
        }
    }
}

/// The cipher of a key among the inputs, and the XOR of the others.
fn under(
    line: &Line,
    values: &Values,
    algorithm: Algorithm,
    key: usize,
) -> Option<(BlockCipher, Vec<u8>)> {
    let own = values.get(line.inputs.get(key)?.0)?;
    let cipher = BlockCipher::new(algorithm, own).ok()?;
    let others = line.inputs.iter().enumerate().filter(|(at, _)| *at != key);
    let mut data: Vec<u8> = Vec::new();
    for (_, (index, _)) in others {
        let bytes = values.get(*index)?;
        if data.is_empty() {
            data.extend_from_slice(bytes);
        } else if data.len() == bytes.len() {
            data.iter_mut().zip(bytes.iter()).for_each(|(a, b)| *a ^= b);
        } else {
            return None;
        }
    }
    Some((cipher, data))
}

/// What flows into each place, mixed; places that nothing flows into are those of `kept`.
fn mixed(line: &Line, values: &Values, len: usize, kept: Option<&[u8]>) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(len);
    for place in 0..len {
        let mut sum = None;
        for (index, flow) in &line.inputs {
            let bytes = values.get(*index)?;
            for range in flow.sources(place, bytes.len()) {
                for byte in bytes.get(range)? {
                    sum = Some(sum.unwrap_or(0) ^ byte);
                }
            }
        }
        let own = kept.and_then(|kept| kept.get(place).copied());
        out.push(match (sum, own) {
            (Some(sum), _) => sum,
            (None, Some(own)) => own,
            (None, None) => 0,
        });
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::calc::calc;
    use crate::crypto::working::Working;
    use serde_json::{Value, json};

    fn sheet(op: &str, inputs: &Value) -> Sheet {
        let mut working = Working::recording();
        let inputs = inputs.as_object().unwrap().clone();
        calc(op, &inputs, &mut working).unwrap();
        Sheet::of(&working, &inputs)
    }

    fn made(sheet: &Sheet, name: &str) -> String {
        let value = &sheet.values()[sheet.find(name).unwrap()];
        hex::encode_upper(value.reveal())
    }

    fn line_of(sheet: &Sheet, name: &str) -> usize {
        let value = sheet.find(name).unwrap();
        let found = sheet.lines().iter().position(|line| line.output == value);
        found.unwrap()
    }

    #[test]
    fn a_pin_block_without_its_xor_is_the_pin_field() {
        let inputs = json!({"pin": "1234", "pan": "9999901234567890"});
        let sheet = sheet("pinblock.iso0.encode", &inputs);
        let skipped = BTreeSet::from([line_of(&sheet, "block")]);
        let other = sheet.without(&skipped).unwrap();
        assert_eq!(made(&other, "block"), "041234FFFFFFFFFF");
    }

    #[test]
    fn a_unionpay_mac_without_its_second_encryption_is_known() {
        let mab = "1234567890ABCDEFABCDEF1234567890";
        let sheet = sheet(
            "mac.unionpay_ecb",
            &json!({"mak": "2222222222222222", "mab": mab}),
        );
        let skipped = BTreeSet::from([line_of(&sheet, "enc2")]);
        let other = sheet.without(&skipped).unwrap();
        assert_eq!(made(&other, "enc2"), made(&sheet, "temp"));
        assert_eq!(made(&other, "mac_text"), hex::encode_upper("DEEAD6E7"));
        let optional = sheet.optional();
        for name in ["enc1", "temp", "enc2"] {
            assert!(optional[line_of(&sheet, name)], "{name}");
        }
        assert!(
            !optional[line_of(&sheet, "ascii")],
            "text is twice as long as bytes"
        );
    }

    #[test]
    fn nothing_left_out_changes_nothing() {
        let key = "0123456789ABCDEFFEDCBA9876543210";
        let data = "00112233445566778899AABBCCDDEEFF00";
        let sheet = sheet("mac.retail", &json!({"key": key, "data": data, "pad": 1}));
        assert_eq!(sheet.without(&BTreeSet::new()), Some(sheet.clone()));
        let first = line_of(&sheet, "chain_1");
        let other = sheet.without(&BTreeSet::from([first])).unwrap();
        assert_eq!(made(&other, "chain_1"), made(&sheet, "xor_1"));
        assert_ne!(made(&other, "mac"), made(&sheet, "mac"));
    }
}
