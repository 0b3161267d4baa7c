//! "Why do my two values differ?": finds the one known mistake that turns the right value into
//! the other.
//!
//! Each candidate is computed and compared, so an answer is never a guess; when no single known
//! mistake explains the value, the list is empty. A right value has no causes, cut or not.

mod card;
mod dukpt;
mod keys;
mod macs;
mod mistake;
mod pins;

pub use mistake::Mistake;

use super::{CalcError, Given, Op, Outputs, calc, op};
use crate::crypto::working::Working;
use serde_json::{Map, Value, json};
use subtle::ConstantTimeEq;

pub(super) const OPS: &[Op] = &[op("explain_mismatch", &["inputs", "observed", "op"], run)];

fn run(given: &Given<'_>, _: &mut Working) -> Result<Outputs, CalcError> {
    let causes = explain(
        given.text("op")?,
        given.object("inputs")?,
        given.text("observed")?,
    )?;
    let causes: Vec<Value> = causes
        .into_iter()
        .map(|m| json!({"cause": m.code(), "explanation": m.english(), "zh": m.chinese()}))
        .collect();
    Ok(Outputs::new().value("causes", causes))
}

/// The mistakes that, alone, make `observed` out of the inputs of an operation.
///
/// **Errors** those of the operation itself: inputs it refuses cannot be explained.
pub fn explain(
    op: &str,
    inputs: &Map<String, Value>,
    observed: &str,
) -> Result<Vec<Mistake>, CalcError> {
    explain_behind(op, inputs, observed, &[])
}

/// As [`explain()`], for a message of which is known what stood in front of it on the line: any
/// of `fronts` may have gone into the MAC by mistake.
///
/// **Errors** as [`explain()`].
pub fn explain_behind(
    op: &str,
    inputs: &Map<String, Value>,
    observed: &str,
    fronts: &[&[u8]],
) -> Result<Vec<Mistake>, CalcError> {
    let right = calc(op, inputs, &mut Working::off())?;
    let mut search = Search::new(op, inputs, observed);
    search.fronts = fronts.iter().map(hex::encode_upper).collect();
    if agrees(op, inputs, &right, observed) {
        return Ok(Vec::new());
    }
    match op {
        "mac.unionpay_ecb" => macs::unionpay(&mut search),
        "kcv" => keys::check_values(&mut search),
        "cvv" => card::cvv(&mut search),
        "pin.visa_pvv" => card::pvv(&mut search),
        "emv.ac" | "emv.arpc1" | "emv.script_mac" => card::emv(&mut search),
        _ if op.starts_with("mac.") => macs::standard(&mut search),
        _ if op.starts_with("dukpt.") => dukpt::dukpt(&mut search),
        _ if op.starts_with("pinblock.") || op == "pin.translate" => pins::blocks(&mut search),
        _ => {}
    }
    search.halves();
    Ok(search.found)
}

/// Whether a value is what an operation gives: the same, whatever its case, or cut on the right
/// as far as such values are cut. The comparison takes the same time whatever differs.
pub fn agrees(
    op: &str,
    inputs: &Map<String, Value>,
    made: &Map<String, Value>,
    value: &str,
) -> bool {
    let search = Search::new(op, inputs, value);
    answers(op)
        .iter()
        .any(|name| search.is_observed(value_of(made, name)))
}

/// The outputs of an operation that people compare, the first being its answer.
pub fn answers(op: &str) -> &'static [&'static str] {
    match op {
        "mac.unionpay_ecb" => &["mac_text", "result_ascii"],
        "kcv" => &["kcv"],
        "cvv" => &["cvv"],
        "dcvv" => &["dcvv"],
        "pin.visa_pvv" => &["pvv"],
        "emv.ac" => &["ac"],
        "emv.arpc1" | "emv.arpc2" => &["arpc"],
        "dukpt.tdes.mac" | "emv.script_mac" => &["mac"],
        "dukpt.tdes.pin_encrypt" | "dukpt.tdes.data" | "dukpt.des98.pin_encrypt" => &["out"],
        "dukpt.tdes.txn" | "dukpt.aes.txn" => &["txn_key"],
        "dukpt.aes.working" => &["key"],
        _ if op.starts_with("mac.") => &["mac"],
        _ if op.starts_with("pinblock.") || op.ends_with("pin_encrypt") => &["block"],
        "pin.translate" => &["block"],
        _ => &[
            "out", "key", "mac", "block", "pin", "offset", "sk", "icc_mk",
        ],
    }
}

fn value_of<'a>(made: &'a Map<String, Value>, name: &str) -> &'a str {
    made.get(name).and_then(Value::as_str).unwrap_or("")
}

/// A search under way: the question, and what was found.
pub(super) struct Search<'a> {
    op: &'a str,
    inputs: &'a Map<String, Value>,
    observed: String,
    /// What may have stood in front of the message; empty when nobody knows.
    fronts: Vec<String>,
    found: Vec<Mistake>,
}

impl<'a> Search<'a> {
    fn new(op: &'a str, inputs: &'a Map<String, Value>, observed: &str) -> Self {
        let observed = observed.chars().filter(|c| !c.is_whitespace());
        let observed = observed.map(|c| c.to_ascii_uppercase()).collect();
        Self {
            op,
            inputs,
            observed,
            fronts: Vec::new(),
            found: Vec::new(),
        }
    }

    /// A text input of the question.
    fn text(&self, input: &str) -> &'a str {
        self.inputs.get(input).and_then(Value::as_str).unwrap_or("")
    }

    /// An input of octets; empty when absent or unreadable.
    fn hex(&self, input: &str) -> Vec<u8> {
        hex::decode(self.text(input)).unwrap_or_default()
    }

    /// Whether a value is the observed one: the same, or the observed one is it cut on the right
    /// to no fewer than eight characters (six or four for a check value).
    fn is_observed(&self, value: &str) -> bool {
        let shortest = match self.op {
            "kcv" => 4,
            "cvv" | "pin.visa_pvv" => usize::MAX,
            _ => 8,
        };
        let (ours, theirs) = (value.as_bytes(), self.observed.as_bytes());
        let cut = ours.get(..theirs.len()).unwrap_or(ours);
        let long_enough = theirs.len() >= shortest || theirs.len() == ours.len();
        !theirs.is_empty() && long_enough && bool::from(theirs.ct_eq(&cut.to_ascii_uppercase()))
    }

    /// Notes a mistake when its value is the observed one.
    fn value(&mut self, mistake: Mistake, value: &str) {
        if self.is_observed(value) && !self.found.contains(&mistake) {
            self.found.push(mistake);
        }
    }

    /// Notes a mistake when an operation with edited inputs gives the observed value.
    fn with(&mut self, mistake: Mistake, op: &str, edit: impl FnOnce(&mut Map<String, Value>)) {
        let mut inputs = self.inputs.clone();
        edit(&mut inputs);
        if let Ok(made) = calc(op, &inputs, &mut Working::off()) {
            for name in answers(op) {
                self.value(mistake, value_of(&made, name));
            }
        }
    }

    /// As [`with`](Self::with), one text input replaced, the operation the same.
    fn set(&mut self, mistake: Mistake, input: &str, text: impl Into<Value>) {
        let text = text.into();
        self.with(mistake, self.op, |inputs| {
            inputs.insert(input.to_owned(), text);
        });
    }

    /// Swapped halves of a double-length key, and the left half alone, whatever the operation.
    fn halves(&mut self) {
        for input in ["key", "mak", "cvk", "pvk", "sk", "bdk"] {
            let key = self.text(input);
            let Some((left, right)) = key.split_at_checked(16).filter(|_| key.len() == 32) else {
                continue;
            };
            let swapped = if input == "cvk" {
                Mistake::KeySwapped
            } else {
                Mistake::HalvesSwapped
            };
            self.set(swapped, input, format!("{right}{left}"));
            if matches!(input, "key" | "mak" | "pvk") && self.op != "kcv" {
                self.set(Mistake::SingleDes, input, left);
            }
        }
    }
}
