//! Which dialect and frame fit best: every built-in dialect is tried in every usual frame.

use crate::words::{Lang, inspect as w};
use poslab_core::codec::{Severity, dissect};
use poslab_core::frame::Framing;
use poslab_core::spec::{builtin, builtin_names};

/// How well a dialect fits.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The dialect.
    pub name: String,
    /// The frame it fits best in.
    pub framing: Framing,
    /// Fields that were read.
    pub fields: usize,
    /// Bits that became fields, of a thousand.
    pub covered: u32,
    /// Errors found.
    pub errors: usize,
}

impl Fit {
    /// How well it fits, in words.
    pub fn said(&self, lang: Lang) -> String {
        let (fields, errors) = (self.fields.to_string(), self.errors.to_string());
        let phrase = if self.errors == 0 {
            w::FIT
        } else {
            w::FIT_ERRORS
        };
        phrase.with(lang, &[("fields", &fields), ("errors", &errors)])
    }
}

/// The frames that are tried.
const FRAMES: [&str; 8] = [
    "none",
    "len2be+tpdu+header6",
    "tpdu+header6",
    "len2be",
    "len2be+tpdu",
    "tpdu",
    "len4ascii",
    "iso12",
];

/// Every dialect in its best frame, the best fit first.
pub fn fits(frame: &[u8]) -> Vec<Fit> {
    let mut fits: Vec<Fit> = builtin_names()
        .filter_map(|name| best(name, frame))
        .collect();
    fits.sort_by_key(|fit| std::cmp::Reverse(score(fit)));
    fits
}

/// A dialect in the frame that suits it best.
fn best(name: &str, frame: &[u8]) -> Option<Fit> {
    let dialect = builtin(name)?;
    let tried = FRAMES.iter().filter_map(|text| {
        let framing: Framing = match *text {
            "none" => Framing::none(),
            text => text.parse().ok()?,
        };
        let tree = dissect(&dialect, frame, &framing);
        let bits: u32 = tree
            .fields()
            .filter_map(|(_, id)| tree.node(id))
            .map(|node| node.span.len())
            .sum();
        let errors = tree
            .findings
            .iter()
            .filter(|found| found.severity == Severity::Error)
            .count();
        let all = (frame.len() as u32 * 8).max(1);
        Some(Fit {
            name: name.to_owned(),
            framing,
            fields: tree.fields().count(),
            covered: bits.saturating_mul(1000) / all,
            errors,
        })
    });
    tried.max_by_key(score)
}

fn score(fit: &Fit) -> i64 {
    i64::from(fit.covered) - 300 * fit.errors as i64 + fit.framing.parts.len() as i64
}
