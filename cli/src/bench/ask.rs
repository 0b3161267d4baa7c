//! From the command line to the core and back.

use super::secret::{data, random_digits, secret};
use super::{Input, Kind, Sub, show};
use crate::fail::Fail;
use crate::key_ring::{KeyRing, TerminalKeys};
use crate::look::Look;
use clap::ArgMatches;
use poslab_core::crypto::Working;
use poslab_core::crypto::calc::explain::{self, Mistake};
use poslab_core::crypto::calc::{CalcError, calc};
use serde_json::{Map, Value};
use std::process::ExitCode;

/// What came out of a question.
pub struct Answer {
    /// Name of the operation.
    pub op: &'static str,
    /// Its outputs.
    pub outputs: Map<String, Value>,
    /// The steps, when asked for.
    pub working: Working,
    /// Whether the value to compare with is right.
    pub valid: Option<bool>,
    /// What explains a wrong one, when asked for.
    pub causes: Option<Vec<Mistake>>,
}

/// Runs a sub-verb and gives the exit code.
pub fn run(verb: &str, sub: &'static Sub, matches: &ArgMatches, look: &Look) -> ExitCode {
    let json = matches
        .get_one::<String>("format")
        .is_some_and(|format| format == "json");
    let inputs = match inputs(sub, matches) {
        Ok(inputs) => inputs,
        Err(fail) => {
            show::problem(verb, json, "INPUT", &fail.to_string());
            return fail.code();
        }
    };
    match answer(sub, &inputs, matches) {
        Ok(answer) => show::answer(verb, json, &answer, look),
        Err(error) => {
            show::problem(verb, json, error.code(), &error.to_string());
            ExitCode::from(if matches!(error, CalcError::Crypto(_)) {
                1
            } else {
                2
            })
        }
    }
}

fn answer(
    sub: &'static Sub,
    inputs: &Map<String, Value>,
    matches: &ArgMatches,
) -> Result<Answer, CalcError> {
    let mut working = if matches.get_flag("trace") {
        Working::recording()
    } else {
        Working::off()
    };
    let outputs = calc(sub.op, inputs, &mut working)?;
    let wanted = matches.get_one::<String>("explain-mismatch");
    let compared = wanted.or_else(|| matches.get_one::<String>("verify"));
    let valid = compared.map(|value| explain::agrees(sub.op, inputs, &outputs, value));
    let causes = wanted
        .map(|value| explain::explain(sub.op, inputs, value))
        .transpose()?;
    Ok(Answer {
        op: sub.op,
        outputs,
        working,
        valid,
        causes,
    })
}

/// The inputs of the operation, secrets read from where they stand.
fn inputs(sub: &Sub, matches: &ArgMatches) -> Result<Map<String, Value>, Fail> {
    let terminal = matches.get_one::<String>("terminal").map(String::as_str);
    let ring = matches
        .get_one::<String>("keys")
        .map(|path| KeyRing::read(path.as_ref()))
        .transpose()?;
    let ring = ring.as_ref().map(|ring| ring.of(terminal)).transpose()?;
    let literal = matches.get_flag("test-data");
    let mut map = Map::new();
    for (name, value) in sub.fixed {
        map.insert((*name).to_owned(), Value::from(*value));
    }
    for input in sub.inputs {
        if let Some(value) = one(input, matches, ring.as_ref(), literal)? {
            map.insert(input.input.to_owned(), value);
        }
    }
    Ok(map)
}

fn one(
    input: &Input,
    matches: &ArgMatches,
    ring: Option<&TerminalKeys<'_>>,
    literal: bool,
) -> Result<Option<Value>, Fail> {
    let given = || matches.get_one::<String>(input.flag).map(String::as_str);
    Ok(match input.kind {
        Kind::Switch => matches.get_flag(input.flag).then(|| Value::from(true)),
        Kind::Text => given().map(Value::from),
        Kind::Data => given()
            .map(|value| data(input.flag, value))
            .transpose()?
            .map(Value::from),
        Kind::Random(lowest, count) => Some(Value::from(match given() {
            Some(text) => text.to_owned(),
            None => random_digits(lowest, count)?,
        })),
        Kind::Secrets => {
            let list = matches.get_many::<String>(input.flag).into_iter().flatten();
            let list: Result<Vec<Value>, Fail> = list
                .map(|value| Ok(Value::from(&**secret(input.flag, value, literal)?)))
                .collect();
            Some(Value::from(list?))
        }
        Kind::Secret(role) => match (given(), role, ring) {
            (Some(value), ..) => Some(Value::from(&**secret(input.flag, value, literal)?)),
            (None, Some(role), Some(ring)) if !input.optional => {
                Some(Value::from(&**ring.key(role)?))
            }
            (None, Some(role), Some(ring)) => ring.key(role).ok().map(|key| Value::from(&**key)),
            (None, ..) if input.optional => None,
            (None, ..) => {
                return Err(Fail::Usage(format!(
                    "--{} is missing, or --keys",
                    input.flag
                )));
            }
        },
    })
}
