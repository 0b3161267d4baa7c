//! `poslab calc`: the bench for programs, one JSON object per line in, one per line out.

use crate::fail::Fail;
use crate::key_ring::KeyRing;
use clap::Args;
use poslab_core::crypto::Working;
use poslab_core::crypto::calc::{calc, ops, steps_as_json};
use serde_json::{Map, Value, json};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Payment crypto for programs: one JSON object per line in, one per line out, in order.
///
/// A line is {"id"?, "op", "inputs"}; the answer is {"id", "op", "outputs"} or
/// {"id", "op", "error": {"code", "message"}}. A line that is no such object gets an error line.
/// With --keys, keys that a question does not give are those of its "terminal" in the ring.
#[derive(Args)]
pub struct Calc {
    /// File with the questions; standard input when absent or `-`.
    file: Option<String>,
    /// Key ring: keys by terminal and role, as JSON
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// Whose keys of the ring to take where a question names no "terminal"
    #[arg(long, value_name = "TID", requires = "keys")]
    terminal: Option<String>,
    /// Add the steps of every computation.
    #[arg(long)]
    trace: bool,
    /// List the operations and their inputs, and stop.
    #[arg(long)]
    list: bool,
}

impl Calc {
    /// Answers every line.
    pub fn run(self) -> ExitCode {
        let ring = match self.keys.as_deref().map(KeyRing::read).transpose() {
            Ok(ring) => ring,
            Err(fail) => return fail.report(false),
        };
        match self.answer_all(ring.as_ref()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => Fail::Io("calc".to_owned(), error).report(false),
        }
    }

    fn answer_all(&self, ring: Option<&KeyRing>) -> std::io::Result<()> {
        let mut out = BufWriter::new(std::io::stdout().lock());
        if self.list {
            for op in ops() {
                writeln!(out, "{}", json!({"op": op.name, "inputs": op.inputs}))?;
            }
            return out.flush();
        }
        match self.file.as_deref() {
            None | Some("-") => {
                self.answer_lines(&mut BufReader::new(std::io::stdin().lock()), ring, &mut out)
            }
            Some(path) => {
                let file = std::fs::File::open(path)?;
                self.answer_lines(&mut BufReader::new(file), ring, &mut out)
            }
        }
    }

    fn answer_lines<R: std::io::Read>(
        &self,
        lines: &mut BufReader<R>,
        ring: Option<&KeyRing>,
        out: &mut impl Write,
    ) -> std::io::Result<()> {
        let mut line = Vec::new();
        loop {
            line.clear();
            if lines.read_until(b'\n', &mut line)? == 0 {
                return out.flush();
            }
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            serde_json::to_writer(&mut *out, &self.answer(&line, ring))?;
            out.write_all(b"\n")?;
            // A partner that waits for each answer gets it; a file goes through in large pieces.
            if lines.buffer().is_empty() {
                out.flush()?;
            }
        }
    }

    fn answer(&self, line: &[u8], ring: Option<&KeyRing>) -> Value {
        let question: Value = match serde_json::from_slice(line) {
            Ok(question) => question,
            Err(error) => {
                // The position only: the text may hold a key.
                let message = format!("not a JSON object: column {}", error.column());
                return failure(&Value::Null, &Value::Null, "MALFORMED_LINE", &message);
            }
        };
        let (id, op) = (&question["id"], &question["op"]);
        let Some(name) = op.as_str() else {
            return failure(id, op, "MALFORMED_LINE", "\"op\" is missing or not a text");
        };
        let empty = Map::new();
        let inputs = match &question["inputs"] {
            Value::Object(inputs) => inputs,
            Value::Null => &empty,
            _ => return failure(id, op, "MALFORMED_LINE", "\"inputs\" is not an object"),
        };
        let with_keys;
        let inputs = match ring.map(|ring| self.filled(name, inputs, &question, ring)) {
            Some(Ok(filled)) => {
                with_keys = filled;
                &with_keys
            }
            Some(Err(fail)) => return failure(id, op, "KEY_RING", &fail.to_string()),
            None => inputs,
        };
        let mut working = if self.trace {
            Working::recording()
        } else {
            Working::off()
        };
        match calc(name, inputs, &mut working) {
            Ok(outputs) => {
                let mut answer = json!({"id": id, "op": op, "outputs": outputs});
                if self.trace {
                    answer["steps"] = steps_as_json(&working);
                }
                answer
            }
            Err(error) => failure(id, op, error.code(), &error.to_string()),
        }
    }

    /// The inputs, with the keys that are missing taken from the ring where it has them.
    fn filled(
        &self,
        op: &str,
        inputs: &Map<String, Value>,
        question: &Value,
        ring: &KeyRing,
    ) -> Result<Map<String, Value>, Fail> {
        let mut filled = inputs.clone();
        let taken = ops()
            .find(|one| one.name == op)
            .map_or(&[][..], |one| one.inputs);
        let missing = taken.iter().filter(|input| !inputs.contains_key(**input));
        let wanted: Vec<_> = missing
            .filter_map(|input| Some((*input, role(op, input)?)))
            .collect();
        if wanted.is_empty() {
            return Ok(filled);
        }
        let named = question["terminal"].as_str().or(self.terminal.as_deref());
        let keys = ring.of(named)?;
        for (input, role) in wanted {
            if let Ok(key) = keys.key(role) {
                filled.insert(input.to_owned(), Value::from(key.as_str()));
            }
        }
        Ok(filled)
    }
}

/// The role of a key that an operation takes, as a key ring names it.
fn role(op: &str, input: &str) -> Option<&'static str> {
    Some(match (input, op) {
        ("mak", _) => "MAK",
        ("pik", _) => "PIK",
        ("tdk", _) => "TDK",
        ("tmk", _) => "TMK",
        ("bdk", _) => "BDK",
        ("kbpk", _) => "KBPK",
        ("imk", _) => "IMK",
        ("cvk", _) => "CVK",
        ("pvk", _) => "PVK",
        ("src_key", "pin.translate") => "PIK",
        ("dst_key", "pin.translate") => "ZPK",
        ("key", op) if op.starts_with("mac.") => "MAK",
        ("key", op) if op.starts_with("pinblock.") => "PIK",
        _ => return None,
    })
}

fn failure(id: &Value, op: &Value, code: &str, message: &str) -> Value {
    json!({"id": id, "op": op, "error": {"code": code, "message": message}})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::schema::bench;

    #[test]
    fn what_calc_writes_is_what_the_schema_says() {
        let calc = Calc {
            file: None,
            keys: None,
            terminal: None,
            trace: true,
            list: false,
        };
        let key = "0123456789ABCDEFFEDCBA9876543210";
        let lines = [
            json!({"id": 1, "op": "mac.retail", "inputs": {"key": key, "data": "00"}}).to_string(),
            json!({"op": "kcv", "inputs": {"key": "01", "method": "TDES-ECB-0"}}).to_string(),
            json!({"op": 5}).to_string(),
            "[]".to_owned(),
            "{".to_owned(),
        ];
        for line in lines {
            let answer = calc.answer(line.as_bytes(), None);
            let read: Result<bench::Calc, _> = serde_json::from_value(answer.clone());
            assert!(read.is_ok(), "{answer}: {read:?}");
        }
    }
}
