//! The shapes of what `mac`, `pin`, `key`, `card`, `emv` and `calc` print.

use super::Mistake;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

/// An answer of `mac`, `pin`, `key`, `card` or `emv`; `schema` names the verb: `poslab/mac/1`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
pub(crate) struct Answer {
    /// `poslab/`, the verb, `/1`.
    schema: String,
    /// The operation, as `calc` calls it; absent when there is none because of an error.
    op: Option<String>,
    /// What it gives, by name: keys, data and results in upper-case hex; numbers of cards, PINs
    /// and dates as digits.
    outputs: Option<Map<String, Value>>,
    /// The steps, with `--trace`.
    steps: Option<Vec<Step>>,
    /// Whether the value of `--verify` or `--explain-mismatch` is the right one.
    valid: Option<bool>,
    /// The known mistakes that, alone, make that value.
    causes: Option<Vec<Mistake>>,
    /// Why there is no answer; written to stderr.
    error: Option<Problem>,
}

/// A line of `calc`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
pub(crate) struct Calc {
    /// What the question gave as its `id`.
    id: Value,
    /// The operation.
    op: Value,
    /// What it gives, by name.
    outputs: Option<Map<String, Value>>,
    /// The steps, with `--trace`.
    steps: Option<Vec<Step>>,
    /// Why it gives nothing.
    error: Option<Problem>,
}

/// One step of a computation.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
struct Step {
    /// The step's name, which is that of the value it makes.
    name: String,
    /// The step as a formula over the names of its inputs.
    formula: String,
    /// What it reads.
    inputs: Vec<Named>,
    /// What it makes.
    output: Named,
}

/// A value of a computation.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
struct Named {
    /// Its name; equal names in one computation are the same value.
    name: String,
    /// `hex` or `text`.
    form: String,
    /// The value.
    value: String,
}

/// Why there is no answer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
struct Problem {
    /// A stable code such as `KEY_LENGTH`.
    code: String,
    /// One sentence.
    message: String,
}
