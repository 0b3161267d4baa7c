//! From the texts of the form to the core and back: nothing is computed here.

use super::data::{Bench, Stage};
use super::row::cell;
use poslab_core::crypto::Working;
use poslab_core::crypto::calc::explain::answers;
use poslab_core::crypto::calc::{CalcError, calc};
use poslab_core::view::working::Sheet;
use serde_json::{Map, Value, json};

/// What people may put into a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// Yes or no.
    Switch,
    /// Several texts, with spaces between.
    List,
}

/// One input as it stands in the form.
#[derive(Clone, PartialEq)]
pub struct Field {
    /// The operation it belongs to.
    pub stage: usize,
    /// Its name in the core.
    pub name: String,
    /// What may stand in it.
    pub kind: Kind,
    /// What stands in it.
    pub text: String,
}

/// Why there is no result.
#[derive(Clone, PartialEq)]
pub struct Refusal {
    /// The operation that refused.
    pub stage: usize,
    /// The code of the error.
    pub code: &'static str,
    /// The error in English.
    pub message: String,
    /// The input it is about, when one is named.
    pub input: Option<&'static str>,
}

/// One computation.
#[derive(Clone, Default, PartialEq)]
pub struct Run {
    /// Its steps, laid out.
    pub sheet: Sheet,
    /// What the last operation was given.
    pub inputs: Map<String, Value>,
    /// What the last operation gave.
    pub outputs: Map<String, Value>,
    /// True when every value the vector lists came out.
    pub matches: bool,
    /// The same as lines for `poslab calc`.
    pub lines: Vec<String>,
    /// True when steps are left out, so that the outputs are no longer those of the operation.
    pub gaps: bool,
}

impl Run {
    /// Name and value of what people compare.
    pub fn answer(&self, bench: &Bench) -> Option<(String, String)> {
        let op = &bench.stages.last()?.op;
        let mut names = answers(op).iter().copied().chain(["adjusted", "variant"]);
        let name = names
            .find(|name| self.outputs.contains_key(*name))
            .map(str::to_owned)
            .or_else(|| self.outputs.keys().next().cloned())?;
        let shown = self.sheet.find(&name).filter(|_| self.gaps);
        let value = match shown.and_then(|index| self.sheet.values().get(index)) {
            Some(shown) => (0..shown.len()).map(|place| cell(shown, place)).collect(),
            None => plain(self.outputs.get(&name)?),
        };
        Some((name, value))
    }
}

/// A JSON value as people write it.
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// The fields of an algorithm, filled with its vector.
pub fn fields(bench: &Bench) -> Vec<Field> {
    let stages = bench.stages.iter().enumerate();
    let of = |(stage, one): (usize, &Stage)| {
        let field = move |(name, value): (&String, &Value)| Field {
            stage,
            name: name.clone(),
            kind: kind(name, value),
            text: plain(value),
        };
        one.inputs.iter().map(field).collect::<Vec<_>>()
    };
    stages.flat_map(of).collect()
}

/// Runs the operations of an algorithm one after the other.
pub fn run(bench: &Bench, fields: &[Field]) -> Result<Run, Refusal> {
    let mut working = Working::recording();
    let mut given = Map::new();
    let mut last = Run {
        matches: true,
        ..Run::default()
    };
    for (index, stage) in bench.stages.iter().enumerate() {
        let mut inputs = inputs_of(index, fields);
        for (to, from) in &stage.take {
            if let Some(value) = last.outputs.get(from) {
                inputs.insert(to.clone(), value.clone());
            }
        }
        let outputs = calc(&stage.op, &inputs, &mut working).map_err(|error| Refusal {
            stage: index,
            code: error.code(),
            message: error.to_string(),
            input: input_of(&error),
        })?;
        last.matches &= stage
            .expected
            .iter()
            .all(|(name, value)| outputs.get(name).is_some_and(|made| same(made, value)));
        let line = json!({"op": stage.op, "inputs": inputs});
        last.lines.push(line.to_string());
        given.extend(inputs.clone());
        (last.inputs, last.outputs) = (inputs, outputs);
    }
    last.sheet = Sheet::of(&working, &given);
    Ok(last)
}

/// The command that gives the same result.
pub fn command(lines: &[String]) -> String {
    let quoted = |line: &String| format!("'{}'", line.replace('\'', "'\\''"));
    let all: Vec<String> = lines.iter().map(quoted).collect();
    match all.as_slice() {
        [one] => format!("echo {one} | poslab calc --trace"),
        many => format!("printf '%s\\n' {} | poslab calc --trace", many.join(" ")),
    }
}

/// Answers one question of `poslab calc`; tests run every vector through it in the built page.
pub fn answer(question: &str) -> String {
    let question: Value = serde_json::from_str(question).unwrap_or_default();
    let op = question["op"].as_str().unwrap_or_default();
    let inputs = question["inputs"].as_object().cloned().unwrap_or_default();
    let answer = match calc(op, &inputs, &mut Working::recording()) {
        Ok(outputs) => json!({ "outputs": outputs }),
        Err(error) => json!({ "error": { "code": error.code() } }),
    };
    answer.to_string()
}

fn same(made: &Value, expected: &Value) -> bool {
    match (made, expected) {
        (Value::String(a), Value::String(b)) => a.eq_ignore_ascii_case(b),
        (a, b) => a == b,
    }
}

fn input_of(error: &CalcError) -> Option<&'static str> {
    match error {
        CalcError::Missing { input } | CalcError::Malformed { input, .. } => Some(input),
        _ => None,
    }
}

fn inputs_of(stage: usize, fields: &[Field]) -> Map<String, Value> {
    let own = fields.iter().filter(|field| field.stage == stage);
    let filled = own.filter(|field| !field.text.is_empty() || field.kind == Kind::Text);
    filled
        .map(|field| (field.name.clone(), value(field)))
        .collect()
}

fn value(field: &Field) -> Value {
    match field.kind {
        Kind::Switch => (field.text == "true").into(),
        Kind::List => field.text.split_whitespace().collect(),
        // Spaces help people who read; no input but a list has meaning in them.
        Kind::Text | Kind::Choice(_) => field.text.split_whitespace().collect::<String>().into(),
    }
}

fn kind(name: &str, value: &Value) -> Kind {
    match (name, value) {
        (_, Value::Bool(_)) => Kind::Switch,
        (_, Value::Array(_)) => Kind::List,
        ("cipher", _) => Kind::Choice(&["DES", "TDES", "AES", "SM4"]),
        ("pad", Value::Number(_)) => Kind::Choice(&["1", "2", "3"]),
        ("alg", Value::Number(_)) => Kind::Choice(&["1", "2", "3", "4"]),
        ("alg", _) => Kind::Choice(&["retail", "cbc", "cmac"]),
        ("hash", _) => Kind::Choice(&["SM3", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512"]),
        ("dir", _) => Kind::Choice(&["request", "response"]),
        ("padding", _) => Kind::Choice(&["EMV", "VISA"]),
        ("option", _) => Kind::Choice(&["A", "B"]),
        ("parity", _) => Kind::Choice(&["none", "odd"]),
        ("method", Value::String(text)) if text == "common" => {
            Kind::Choice(&["common", "visa_sm", "mastercard"])
        }
        ("src_format" | "dst_format", _) => Kind::Choice(&["0", "1", "2", "3", "4"]),
        ("kind", _) => Kind::Choice(&["hdlc", "xmodem", "bisync"]),
        ("usage", _) => Kind::Choice(&[
            "PIN",
            "KEK",
            "MAC_GEN",
            "MAC_VER",
            "MAC_BOTH",
            "DATA_ENC",
            "DATA_DEC",
            "DATA_BOTH",
        ]),
        ("type", _) => Kind::Choice(&["AES128", "AES192", "AES256", "TDES2", "TDES3"]),
        _ => Kind::Text,
    }
}
