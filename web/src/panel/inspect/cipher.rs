//! What a key makes of a MAC: answered in the module that has the ciphers.
//!
//! The question is lines: the rule of the dialect, the bytes covered, the MAC that arrived, the
//! cipher, the key. The answer is `right`, or `no key`, or `wrong` and a line for every mistake
//! that alone explains it, in English and, after a tab, in Chinese.

use crate::browser::event;
use crate::panel::bench;
use poslab_core::crypto::calc::explain::answers;
use poslab_core::spec::MacRule;
use poslab_core::view::mac::{names, op};
use serde_json::{Value, json};

/// Answers for as long as the page lives; called in the module `crypto`.
pub fn serve() {
    event::on(event::CALC, |question| {
        let answer = answer(&question).unwrap_or_else(|| "no key".to_owned());
        event::send(event::CALCULATED, &answer);
    });
    // Whoever asked before this module came asks again.
    event::send(event::CALCULATED, "");
}

fn answer(question: &str) -> Option<String> {
    let mut lines = question.split('\n');
    let mut next = || lines.next();
    let (rule, data, observed) = (next()?, next()?, next()?);
    let (cipher, key) = (next()?, next()?);
    let rules = [MacRule::Cbc, MacRule::UnionPay];
    let rule = rules.into_iter().find(|one| one.word() == rule)?;
    let op = op(rule, &vec![0; key.len() / 2]);
    let input = match rule {
        MacRule::UnionPay => "mab",
        MacRule::Cbc => "data",
    };
    let inputs = json!({names(rule).0: key, input: data, "cipher": cipher});
    let asked = json!({"op": op, "inputs": inputs, "observed": observed});
    let made = calculated(&asked)?;
    let outputs = answers(op).iter();
    let made = outputs.filter_map(|name| made["outputs"][name].as_str());
    if made.clone().next()?.eq_ignore_ascii_case(observed) {
        return Some("right".to_owned());
    }
    let explained = calculated(&json!({"op": "explain_mismatch", "inputs": asked}))?;
    let mut answer = "wrong".to_owned();
    for cause in explained["outputs"]["causes"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let text = |name: &str| cause[name].as_str().unwrap_or_default().replace('\n', " ");
        answer += &format!("\n{}\t{}", text("explanation"), text("zh"));
    }
    Some(answer)
}

fn calculated(question: &Value) -> Option<Value> {
    serde_json::from_str(&bench::answer(&question.to_string())).ok()
}
