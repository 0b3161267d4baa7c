//! Every operation by its name, with inputs and outputs as JSON: what programs and tests call.
//!
//! The names of operations, inputs, outputs and errors are those of the published vector set, and
//! outputs may hold more than a vector lists. Keys, data and results are upper-case hexadecimal;
//! PIN, PAN, dates and tables are decimal text.
//!
//! ```
//! use poslab_core::crypto::{Working, calc};
//!
//! let inputs = serde_json::json!({"mak": "2222222222222222", "mab": "1234567890ABCDEF"});
//! let inputs = inputs.as_object().expect("it is an object");
//! let out = calc::calc("mac.unionpay_ecb", inputs, &mut Working::off());
//! assert_eq!(out.expect("the key is a DES key")["xor"], "1234567890ABCDEF");
//! ```

mod card;
mod dukpt;
mod emv;
pub mod explain;
mod given;
mod keys;
mod line;
mod macs;
mod old_pins;
mod pins;
mod terminal;
mod tr31;

pub use given::{CalcError, Given, Outputs};

use super::working::{Form, Step, Value as StepValue, Working};
use serde_json::{Map, Value, json};

/// One operation.
#[derive(Clone, Copy)]
pub struct Op {
    /// Its name.
    pub name: &'static str,
    /// The names of what it takes; some are optional.
    pub inputs: &'static [&'static str],
    run: Run,
}

type Run = fn(&Given<'_>, &mut Working) -> Result<Outputs, CalcError>;

const fn op(name: &'static str, inputs: &'static [&'static str], run: Run) -> Op {
    Op { name, inputs, run }
}

/// All operations, family by family.
pub fn ops() -> impl Iterator<Item = &'static Op> {
    [
        keys::OPS,
        macs::OPS,
        pins::OPS,
        old_pins::OPS,
        dukpt::OPS,
        card::OPS,
        emv::OPS,
        line::OPS,
        terminal::OPS,
        tr31::OPS,
        explain::OPS,
    ]
    .into_iter()
    .flatten()
}

/// Runs one operation.
///
/// **Errors** the operation's own code; `UNKNOWN_OP`, `INPUT_MISSING`, `INPUT_MALFORMED` when
/// the question itself is wrong.
pub fn calc(
    name: &str,
    inputs: &Map<String, Value>,
    working: &mut Working,
) -> Result<Map<String, Value>, CalcError> {
    let op = ops()
        .find(|op| op.name == name)
        .ok_or(CalcError::UnknownOp)?;
    (op.run)(&Given::new(inputs), working).map(Outputs::into_map)
}

/// The steps of a working as JSON; the values may be those of keys and PINs.
pub fn steps_as_json(working: &Working) -> Value {
    working.steps().iter().map(step_as_json).collect()
}

fn step_as_json(step: &Step) -> Value {
    let inputs: Vec<Value> = step
        .inputs()
        .map(|(value, _)| value_as_json(value))
        .collect();
    json!({
        "name": step.name(),
        "formula": step.formula(),
        "inputs": inputs,
        "output": value_as_json(step.output()),
    })
}

fn value_as_json(value: &StepValue) -> Value {
    let form = match value.form() {
        Form::Hex => "hex",
        Form::Text => "text",
    };
    json!({"name": value.name(), "form": form, "value": value.reveal_text()})
}
