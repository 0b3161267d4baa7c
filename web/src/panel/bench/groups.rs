//! Which steps are drawn together, and which of their values get a row.

use poslab_core::crypto::working::Flow;
use poslab_core::view::working::{Line, Sheet};
use std::ops::Range;

/// Steps that are drawn as one figure.
pub struct Group {
    /// The steps, by index.
    pub lines: Range<usize>,
    /// The rows, from top to bottom.
    pub rows: Vec<Row>,
}

/// One value in a figure.
#[derive(Clone, Copy)]
pub struct Row {
    /// The value, by index.
    pub value: usize,
    /// What joins it to the row above.
    pub sign: &'static str,
    /// The formula that made it.
    pub formula: Option<&'static str>,
    /// The step that made it, by index.
    pub step: Option<usize>,
    /// Bytes in a line, when they are to stand under each other.
    pub fold: Option<usize>,
    /// From this place on it is padding.
    pub pad_from: Option<usize>,
}

/// The figures of a working.
pub fn groups(sheet: &Sheet) -> Vec<Group> {
    let lines = sheet.lines();
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for index in 0..lines.len() {
        let with_before = index > 0 && belong(sheet, &lines[index - 1], &lines[index]);
        match ranges.last_mut() {
            Some(range) if with_before => range.end = index + 1,
            _ => ranges.push(index..index + 1),
        }
    }
    let mut seen = vec![false; sheet.values().len()];
    ranges
        .into_iter()
        .map(|lines| Group {
            rows: rows(sheet, &lines, &mut seen),
            lines,
        })
        .collect()
}

/// The name of what a step makes, without the number of its turn.
pub fn stem(name: &str) -> &str {
    match name.rsplit_once('_') {
        Some(("key", tail)) if tail.len() >= 6 => "key",
        Some((head, tail)) if tail.bytes().all(|b| b.is_ascii_digit()) => match head {
            "block" => "block_n",
            "xor" => "xor_n",
            "chain" | "component" | "part" | "weak" => head,
            _ => name,
        },
        _ => name,
    }
}

/// Whether a step is drawn in one figure with the step before it.
fn belong(sheet: &Sheet, before: &Line, line: &Line) -> bool {
    let name = |line: &Line| sheet.values()[line.output].name.as_str();
    let (a, b) = (name(before), name(line));
    match (stem(a), stem(b)) {
        ("block_n", "xor_n") | ("register", "key") | ("derivation_data", _) => true,
        ("id", "derivation_data") => true,
        ("xor_n", "chain") => true,
        ("padded_mab", "xor") | ("ascii", "left") | ("left", "right") => true,
        ("pan_12", "pan_digits") | ("pan_digits", "pan_field") => true,
        ("L", "k1") | ("k1", "k2") | ("r_left", "r_right") | ("ipad", "opad") => true,
        ("r_right", "raw_key") => true,
        ("k2", "key") => line.formula.contains("half of the key"),
        ("part", "weak") | ("layout", "block") | ("plaintext", "bits") => true,
        ("last_block", "last") | ("raw_key", "icc_mk" | "sk") => true,
        (_, b) => a.starts_with("enc_") || b.ends_with("_zeros") || a.ends_with("_zeros"),
    }
}

fn rows(sheet: &Sheet, lines: &Range<usize>, seen: &mut [bool]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for (step, line) in lines.clone().zip(&sheet.lines()[lines.clone()]) {
        let output = &sheet.values()[line.output];
        let mut pad_from = None;
        for (value, flow) in &line.inputs {
            let input = &sheet.values()[*value];
            let fold = match flow {
                Flow::Fold(block) => Some(*block),
                _ => None,
            };
            if let (Some(fold), Some(row)) = (fold, rows.iter_mut().find(|r| r.value == *value)) {
                row.fold = Some(fold);
                continue;
            }
            let begins = *flow == Flow::From(0)
                && input.form == output.form
                && output.len() >= input.len()
                && output.reveal().starts_with(input.reveal())
                && !line.formula.contains("XOR");
            if begins {
                pad_from = Some(input.len());
                continue;
            }
            let cut = matches!(flow, Flow::From(_)) && input.len() > output.len();
            let known = seen[*value] && (cut || !matches!(flow, Flow::From(_)));
            let there = rows.iter().any(|row| row.value == *value);
            if there || known || output.name.starts_with("block_") {
                continue;
            }
            seen[*value] = true;
            let mixed = line.formula.contains(" XOR ") && !line.formula.contains("E(");
            let joined = mixed && !rows.is_empty() && *flow == Flow::From(0);
            rows.push(Row {
                value: *value,
                sign: if joined { "⊕" } else { "" },
                formula: None,
                step: None,
                fold,
                pad_from: None,
            });
        }
        seen[line.output] = true;
        rows.push(Row {
            value: line.output,
            sign: sign(line),
            formula: Some(line.formula),
            step: Some(step),
            fold: None,
            pad_from: pad_from.filter(|len| *len < output.len()),
        });
    }
    rows
}

/// What stands before the row of a result.
fn sign(line: &Line) -> &'static str {
    let right = line.formula.rsplit(" = ").next().unwrap_or_default();
    let call = right.split_once('(').map(|(name, _)| name);
    match call {
        Some("E" | "AES" | "DES" | "TDES" | "SM4" | "ECB" | "CBC") => "E",
        Some("D") => "D",
        Some("H" | "CMAC" | "CBC-MAC" | "f") => "f",
        _ if right.contains("XOR") => "=",
        _ => "→",
    }
}
