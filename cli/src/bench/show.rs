//! How an answer is written: names and values for people, an object with a schema for programs.

use super::ask::Answer;
use crate::look::Look;
use poslab_core::crypto::calc::{explain, steps_as_json};
use poslab_core::crypto::working::Step;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

/// Writes an answer; 0, or 1 when a value to compare with was not right.
pub fn answer(verb: &str, as_json: bool, answer: &Answer, look: &Look) -> ExitCode {
    let text = if as_json {
        json_of(verb, answer)
    } else {
        text_of(answer, look)
    };
    // A reader that went away is no failure of ours.
    let _ = std::io::stdout().write_all(text.as_bytes());
    let wrong = answer.valid == Some(false) || answer.outputs.get("valid") == Some(&json!(false));
    ExitCode::from(u8::from(wrong))
}

/// Writes why there is no answer.
pub fn problem(verb: &str, as_json: bool, code: &str, message: &str) {
    let text = if as_json {
        let error = json!({"code": code, "message": message});
        format!(
            "{}\n",
            json!({"schema": format!("poslab/{verb}/1"), "error": error})
        )
    } else {
        format!("poslab {verb}: {message}\n")
    };
    let _ = std::io::stderr().write_all(text.as_bytes());
}

fn json_of(verb: &str, answer: &Answer) -> String {
    let mut object = Map::new();
    object.insert("schema".to_owned(), json!(format!("poslab/{verb}/1")));
    object.insert("op".to_owned(), json!(answer.op));
    object.insert("outputs".to_owned(), Value::Object(answer.outputs.clone()));
    if answer.working.is_recording() {
        object.insert("steps".to_owned(), steps_as_json(&answer.working));
    }
    if let Some(valid) = answer.valid {
        object.insert("valid".to_owned(), json!(valid));
    }
    if let Some(causes) = &answer.causes {
        let list: Vec<Value> = causes
            .iter()
            .map(|m| json!({"cause": m.code(), "explanation": m.english(), "zh": m.chinese()}))
            .collect();
        object.insert("causes".to_owned(), Value::from(list));
    }
    format!("{}\n", Value::Object(object))
}

fn text_of(answer: &Answer, look: &Look) -> String {
    let mut out = String::new();
    for (index, step) in answer.working.steps().iter().enumerate() {
        step_of(index + 1, step, &mut out);
    }
    let answers = explain::answers(answer.op);
    let width = answer.outputs.keys().map(String::len).max().unwrap_or(0);
    // What people came for stands last, where the eye is.
    let (last, first): (Vec<_>, Vec<_>) = answer
        .outputs
        .iter()
        .partition(|(name, _)| answers.contains(&name.as_str()));
    for (name, value) in first.into_iter().chain(last) {
        let _ = writeln!(out, "{name:<width$}  {}", plain(value));
    }
    if let Some(valid) = answer.valid {
        let words = if valid {
            look.say("equal", "相等")
        } else {
            look.say("not equal", "不相等")
        };
        let _ = writeln!(out, "{words}");
    }
    if let Some(causes) = &answer.causes {
        if causes.is_empty() && answer.valid == Some(false) {
            let words = look.say(
                "no single known mistake explains the other value",
                "没有哪一个已知的错误能单独解释另一个值",
            );
            let _ = writeln!(out, "{words}");
        }
        for mistake in causes {
            let because = look.say("because", "原因");
            let sentence = look.say(mistake.english(), mistake.chinese());
            let _ = writeln!(out, "{because}: {sentence} ({})", mistake.code());
        }
    }
    out
}

fn step_of(number: usize, step: &Step, out: &mut String) {
    let _ = writeln!(out, "{number:>3}  {}", step.formula());
    for (value, _) in step.inputs() {
        let _ = writeln!(out, "       {:<16} {}", value.name(), value.reveal_text());
    }
    let _ = writeln!(
        out,
        "     = {:<16} {}",
        step.name(),
        step.output().reveal_text()
    );
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::schema::bench;
    use poslab_core::crypto::Working;
    use poslab_core::crypto::calc::calc;

    #[test]
    fn what_the_verbs_write_is_what_the_schema_says() {
        let inputs = json!({"mak": "2222222222222222", "mab": "1234567890ABCDEF"});
        let inputs = inputs.as_object().unwrap();
        let mut working = Working::recording();
        let outputs = calc("mac.unionpay_ecb", inputs, &mut working).unwrap();
        let causes = explain::explain("mac.unionpay_ecb", inputs, "0123456789ABCDEF").unwrap();
        let known = explain::Mistake::all().take(2);
        let answer = Answer {
            op: "mac.unionpay_ecb",
            outputs,
            working,
            valid: Some(false),
            causes: Some(causes.into_iter().chain(known).collect()),
        };
        let text = json_of("mac", &answer);
        let read: Result<bench::Answer, _> = serde_json::from_str(&text);
        assert!(read.is_ok(), "{text}: {read:?}");
    }
}
