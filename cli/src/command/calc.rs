//! `poslab calc`: the bench for programs, one JSON object per line in, one per line out.

use clap::Args;
use poslab_core::crypto::Working;
use poslab_core::crypto::calc::{calc, ops, steps_as_json};
use serde_json::{Map, Value, json};
use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

/// Payment crypto for programs: one JSON object per line in, one per line out, in order.
///
/// A line is {"id"?, "op", "inputs"}; the answer is {"id", "op", "outputs"} or
/// {"id", "op", "error": {"code", "message"}}. A line that is no such object gets an error line.
#[derive(Args)]
pub struct Calc {
    /// File with the questions; standard input when absent or `-`.
    file: Option<String>,
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
        match self.answer_all() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("poslab calc: {error}");
                ExitCode::from(4)
            }
        }
    }

    fn answer_all(&self) -> std::io::Result<()> {
        let mut out = BufWriter::new(std::io::stdout().lock());
        if self.list {
            for op in ops() {
                writeln!(out, "{}", json!({"op": op.name, "inputs": op.inputs}))?;
            }
            return out.flush();
        }
        match self.file.as_deref() {
            None | Some("-") => {
                self.answer_lines(&mut BufReader::new(std::io::stdin().lock()), &mut out)
            }
            Some(path) => {
                let file = std::fs::File::open(path)?;
                self.answer_lines(&mut BufReader::new(file), &mut out)
            }
        }
    }

    fn answer_lines<R: std::io::Read>(
        &self,
        lines: &mut BufReader<R>,
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
            serde_json::to_writer(&mut *out, &self.answer(&line))?;
            out.write_all(b"\n")?;
            // A partner that waits for each answer gets it; a file goes through in large pieces.
            if lines.buffer().is_empty() {
                out.flush()?;
            }
        }
    }

    fn answer(&self, line: &[u8]) -> Value {
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
}

fn failure(id: &Value, op: &Value, code: &str, message: &str) -> Value {
    json!({"id": id, "op": op, "error": {"code": code, "message": message}})
}
