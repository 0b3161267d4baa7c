//! What `pad` prints, and how it ends when something went wrong.

use super::Format;
use crate::secret::SecretError;
use poslab_core::pad::{Outcome, TaskError, Words};
use poslab_core::words::Lang;
use serde_json::{Value, json};
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::OnceLock;

/// Why a verb did not do what it was asked.
pub(super) enum Failure {
    /// The pad or the person said no.
    Negative { code: &'static str, message: String },
    /// The command line contradicts itself.
    Usage(String),
    /// Bytes that cannot be read.
    Undecodable(String),
    /// A port or file.
    Io {
        code: &'static str,
        message: String,
        fix: Option<String>,
    },
    /// Whoever read our output has gone.
    Closed,
}

impl Failure {
    /// Exit code, slug, what happened and what helps.
    fn parts(self) -> Option<(u8, &'static str, String, Option<String>)> {
        Some(match self {
            Self::Negative { code, message } => (1, code, message, None),
            Self::Usage(message) => (2, "usage", message, None),
            Self::Undecodable(message) => (3, "undecodable", message, None),
            Self::Io { code, message, fix } => (4, code, message, fix),
            Self::Closed => return None,
        })
    }

    /// Exit code and words, for a verb with its own way to fail.
    pub(super) fn words(self) -> (u8, String) {
        match self.parts() {
            None => (0, String::new()),
            Some((exit, _, message, None)) => (exit, message),
            Some((exit, _, message, Some(fix))) => (exit, format!("{message}\n{fix}")),
        }
    }

    /// Says on standard error what happened and gives the exit code.
    pub(super) fn report(self, format: Format) -> ExitCode {
        let Some((exit, code, message, fix)) = self.parts() else {
            return ExitCode::SUCCESS;
        };
        match format {
            Format::Json => eprintln!("{}", error_json(code, &message, fix.as_deref())),
            Format::Text => {
                eprintln!("poslab: {message}");
                if let Some(fix) = fix {
                    eprintln!("{fix}");
                }
            }
        }
        ExitCode::from(exit)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Io {
                code: "io",
                message: error.to_string(),
                fix: None,
            },
        }
    }
}

impl From<SecretError> for Failure {
    fn from(error: SecretError) -> Self {
        match error {
            SecretError::Literal => Self::Usage(error.to_string()),
            SecretError::Io(_) => Self::Io {
                code: "io",
                message: error.to_string(),
                fix: None,
            },
        }
    }
}

impl From<TaskError> for Failure {
    fn from(error: TaskError) -> Self {
        let said = error.say(lang());
        match error {
            TaskError::Refused { .. } => Self::Negative {
                code: "refused",
                message: said,
            },
            TaskError::Cancelled => Self::Negative {
                code: "cancelled",
                message: said,
            },
            TaskError::TimedOut => Self::Negative {
                code: "timed-out",
                message: said,
            },
            TaskError::Unsupported { .. } => Self::Negative {
                code: "unsupported",
                message: said,
            },
            TaskError::Invalid(_) => Self::Usage(said),
            TaskError::Unreadable => Self::Undecodable(said),
            TaskError::Link(_) => Self::Io {
                code: "no-answer",
                message: said,
                fix: Some(
                    say(
                        "is it this pad's family, speed and parity? `poslab pad identify` tries them",
                        "协议、速率、校验是否与键盘一致？可用 `poslab pad identify` 试探",
                    )
                    .to_owned(),
                ),
            },
        }
    }
}

/// Decides the language of every word that follows; the first decision stays.
pub(super) fn speak(lang: Lang) {
    let _ = LANG.set(lang);
}

/// One of two texts, in that language.
pub(super) fn say(en: &'static str, zh: &'static str) -> &'static str {
    Words::new(en, zh).say(lang())
}

/// One of two texts with its `{places}` filled.
pub(super) fn with(en: &'static str, zh: &'static str, places: &[(&str, &str)]) -> String {
    let text = say(en, zh).to_owned();
    places.iter().fold(text, |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), value)
    })
}

/// The language that was decided on.
pub(super) fn lang() -> Lang {
    LANG.get().copied().unwrap_or_default()
}

static LANG: OnceLock<Lang> = OnceLock::new();

/// Prints one line; a reader that has gone ends everything quietly.
pub(super) fn line(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}

/// Prints one object.
pub(super) fn object(value: &Value) -> Result<(), Failure> {
    line(&value.to_string())
}

/// Prints what came of a task.
pub(super) fn outcome(verb: &str, format: Format, outcome: &Outcome) -> Result<(), Failure> {
    match format {
        Format::Json => object(&outcome_json(verb, outcome)),
        Format::Text => outcome_text(outcome).iter().try_for_each(|text| line(text)),
    }
}

/// An error as one object.
pub(super) fn error_json(code: &str, message: &str, fix: Option<&str>) -> Value {
    json!({ "error": { "code": code, "message": message, "fix": fix } })
}

pub(super) fn outcome_json(verb: &str, outcome: &Outcome) -> Value {
    let schema = format!("poslab/pad-{verb}/1");
    match outcome {
        Outcome::Info(rows) => {
            let rows: serde_json::Map<String, Value> = rows
                .iter()
                .map(|(name, value)| (name.clone(), json!(value)))
                .collect();
            json!({ "schema": schema, "info": rows })
        }
        Outcome::Shown => json!({ "schema": schema, "shown": true }),
        Outcome::Key(name) => json!({ "schema": schema, "key": name }),
        Outcome::PinBlock { block, ksn } => {
            json!({ "schema": schema, "pin_block": hex::encode_upper(block), "ksn": ksn })
        }
        Outcome::Mac(mac) => json!({ "schema": schema, "mac": hex::encode_upper(mac) }),
        Outcome::Loaded { check } => json!({ "schema": schema, "loaded": true, "check": check }),
    }
}

fn outcome_text(outcome: &Outcome) -> Vec<String> {
    match outcome {
        Outcome::Info(rows) => rows
            .iter()
            .map(|(name, value)| format!("{name:<14} {value}"))
            .collect(),
        Outcome::Shown => Vec::new(),
        Outcome::Key(name) => vec![name.clone()],
        Outcome::PinBlock { block, ksn } => {
            let mut rows = vec![format!("pin-block {}", hex::encode_upper(block))];
            rows.extend(ksn.as_ref().map(|ksn| format!("ksn       {ksn}")));
            rows
        }
        Outcome::Mac(mac) => vec![format!("mac {}", hex::encode_upper(mac))],
        Outcome::Loaded { check } => check.iter().map(|check| format!("check {check}")).collect(),
    }
}
