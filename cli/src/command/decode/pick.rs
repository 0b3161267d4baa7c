//! Which messages and which fields: `--where`, `--select`, CSV.

use poslab_core::codec::{Dissection, NodeId};
use poslab_core::view::veil::Veil;
use std::str::FromStr;

/// One `--where`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    path: String,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    There,
    Is(String),
    IsNot(String),
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (path, test) = match (text.split_once("!="), text.split_once('=')) {
            (Some((path, value)), _) => (path, Test::IsNot(value.to_owned())),
            (None, Some((path, value))) => (path, Test::Is(value.to_owned())),
            (None, None) => (text, Test::There),
        };
        let number = path.trim().trim_start_matches("DE");
        let known = path == "MTI"
            || number
                .split('.')
                .next()
                .is_some_and(|n| n.parse::<u8>().is_ok());
        if known {
            Ok(Self {
                path: path.trim().to_owned(),
                test,
            })
        } else {
            Err(format!(
                "\"{path}\" is no path; expected MTI, DE39 or DE55.9F26"
            ))
        }
    }
}

/// Whether every condition holds.
pub fn holds(conditions: &[Condition], tree: &Dissection<'_>) -> bool {
    conditions.iter().all(|condition| {
        let found = match condition.path.as_str() {
            "MTI" => tree.mti().map(str::to_owned),
            path => tree.find(path).map(|id| tree.value(id)),
        };
        match (&condition.test, found) {
            (Test::There, found) => found.is_some(),
            (Test::Is(wanted), found) => found.is_some_and(|found| matches(wanted, &found)),
            (Test::IsNot(wanted), found) => found.is_none_or(|found| !matches(wanted, &found)),
        }
    })
}

/// A `*` at the end matches a beginning; spaces that fill a field do not count.
fn matches(wanted: &str, found: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some(start) => found.starts_with(start),
        None => found == wanted || found.trim_end() == wanted,
    }
}

/// The head of a CSV table.
pub fn csv_head(select: &[String]) -> String {
    if select.is_empty() {
        return "mti,summary\n".to_owned();
    }
    let names: Vec<String> = select
        .iter()
        .map(|path| {
            if path == "MTI" || path.starts_with("DE") {
                path.clone()
            } else {
                format!("DE{path}")
            }
        })
        .collect();
    format!("mti,{}\n", names.join(","))
}

/// One row of a CSV table.
pub fn csv_row(select: &[String], tree: &Dissection<'_>, reveal: bool, out: &mut String) {
    let veil = if reveal {
        Veil::lifted()
    } else {
        Veil::over(tree)
    };
    out.push_str(tree.mti().unwrap_or_default());
    if select.is_empty() {
        out.push(',');
        let facts = poslab_core::view::decode::facts(tree);
        push_cell(
            &poslab_core::words::sentence(&facts, poslab_core::words::Lang::En),
            out,
        );
    }
    for path in select {
        out.push(',');
        if let Some(id) = tree.find(path) {
            push_cell(&shown(tree, &veil, id), out);
        }
    }
    out.push('\n');
}

/// The value of a node, hidden digits as asterisks.
pub fn shown(tree: &Dissection<'_>, veil: &Veil, id: NodeId) -> String {
    let mut out = String::new();
    veil.push_text(tree, id, '*', &mut out);
    out
}

/// Quotes a cell where it must be. A leading sign is quoted by an apostrophe: spreadsheets take it
/// for a formula otherwise.
fn push_cell(text: &str, out: &mut String) {
    if text.contains([',', '"', '\n', '\r']) {
        out.push('"');
        out.push_str(&text.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(text);
    }
}
