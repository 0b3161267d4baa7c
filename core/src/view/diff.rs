//! Two messages side by side, field by field: what `poslab diff` prints and Compare draws.
//!
//! Values are compared as they are and shown as the veil has them, so two card numbers that differ
//! in their hidden digits differ. With `echo`, the second message is the answer to the first:
//! what an answer must repeat and does not is an error of its own.

use super::outline::outline;
use super::veil::Veil;
use crate::bytes::Span;
use crate::codec::{Dissection, Fault, Finding, NodeKind};
use crate::spec::{Name, Presence};
use std::collections::BTreeMap;

/// How a value fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// The same on both sides.
    Same,
    /// Only in the second message.
    Added,
    /// Only in the first message.
    Removed,
    /// Another value.
    Changed,
    /// The answer should have repeated it.
    EchoBroken,
}

/// One line of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffRow {
    /// The path.
    pub path: String,
    /// The name of the field, part or tag.
    pub name: Name,
    /// The first value as it may be shown.
    pub left: Option<String>,
    /// The second value as it may be shown.
    pub right: Option<String>,
    /// How it fared.
    pub change: Change,
    /// Its bits in the second message; none when it is not there.
    pub place: Span,
}

impl DiffRow {
    /// What to say when an answer does not repeat what it must.
    #[must_use]
    pub fn finding(&self) -> Option<Finding> {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        let fault = Fault::EchoBroken {
            sent: shown(&self.left),
            answered: shown(&self.right),
        };
        let broken = self.change == Change::EchoBroken;
        broken.then(|| Finding::new(fault, self.path.clone(), self.place))
    }
}

/// What the caller wants.
#[derive(Clone, Copy, Debug, Default)]
pub struct DiffOptions<'a> {
    /// Secrets as they are.
    pub reveal: bool,
    /// The second message answers the first.
    pub echo: bool,
    /// Paths that are left out, with everything under them: `DE11` or `11`.
    pub ignore: &'a [String],
}

/// What an answer repeats where the dialect's tables are silent and the request has it.
/// **Source**: practice of terminals and hosts; times, card number and reference are left out, as
/// hosts put their own there.
const ECHOED: [&str; 8] = ["DE3", "DE4", "DE11", "DE25", "DE32", "DE41", "DE42", "DE49"];

/// Compares two messages; lines in the order of the first, then of the second.
#[must_use]
pub fn diff(
    left: &Dissection<'_>,
    right: &Dissection<'_>,
    options: DiffOptions<'_>,
) -> Vec<DiffRow> {
    let (ones, others) = (values(left, options.reveal), values(right, options.reveal));
    let (echoed, by_table) = echoed(right);
    let mut rows: Vec<DiffRow> = Vec::new();
    for (path, one) in &ones {
        let other = others
            .iter()
            .find(|(name, _)| name == path)
            .map(|(_, other)| other);
        let change = match other {
            Some(other) if other.raw == one.raw => Change::Same,
            Some(_) if options.echo && echoed.contains(path) => Change::EchoBroken,
            Some(_) => Change::Changed,
            None if options.echo && by_table && echoed.contains(path) => Change::EchoBroken,
            None => Change::Removed,
        };
        rows.push(DiffRow {
            path: path.clone(),
            name: one.name.clone(),
            left: Some(one.shown.clone()),
            right: other.map(|other| other.shown.clone()),
            change,
            place: other.map(|other| other.place).unwrap_or_default(),
        });
    }
    let known: BTreeMap<&String, ()> = ones.iter().map(|(path, _)| (path, ())).collect();
    let added = others.iter().filter(|(path, _)| !known.contains_key(path));
    rows.extend(added.map(|(path, other)| DiffRow {
        path: path.clone(),
        name: other.name.clone(),
        left: None,
        right: Some(other.shown.clone()),
        change: Change::Added,
        place: other.place,
    }));
    rows.retain(|row| !ignored(&row.path, options.ignore));
    rows
}

/// The first bits that two readings of the same bytes take for different things: a leaf of one
/// that is no leaf of the other, or is called otherwise there.
#[must_use]
pub fn parting(left: &Dissection<'_>, right: &Dissection<'_>) -> Option<Span> {
    let leaf = |tree: &Dissection<'_>, id| tree.node(id).map(|node| (node.span, tree.path(id)));
    let mut ones = left.leaves().filter_map(|id| leaf(left, id));
    let mut others = right.leaves().filter_map(|id| leaf(right, id));
    loop {
        match (ones.next(), others.next()) {
            (None, None) => return None,
            (one, other) if one == other => {}
            (one, other) => {
                let spans = [one, other].into_iter().flatten().map(|(span, _)| span);
                return spans.min_by_key(|span| (span.start, span.end));
            }
        }
    }
}

/// One value of a message.
struct Shown {
    name: Name,
    raw: String,
    shown: String,
    place: Span,
}

/// The values of a message that have no values under them, by path.
fn values(tree: &Dissection<'_>, reveal: bool) -> Vec<(String, Shown)> {
    let veil = if reveal {
        Veil::lifted()
    } else {
        Veil::over(tree)
    };
    let rows = outline(tree, &veil);
    let valued = |kind| {
        matches!(
            kind,
            NodeKind::Mti | NodeKind::Field | NodeKind::Part | NodeKind::Tagged
        )
    };
    let is_parent = |index: usize| {
        rows.iter().any(|row| {
            row.parent == Some(index) && matches!(row.kind, NodeKind::Part | NodeKind::Tagged)
        })
    };
    let kept = rows
        .iter()
        .enumerate()
        .filter(|(index, row)| valued(row.kind) && !is_parent(*index));
    kept.map(|(_, row)| {
        let shown = Shown {
            name: row.name.clone(),
            raw: tree.value(row.node),
            shown: row.value.clone(),
            place: row.span,
        };
        (row.path.clone(), shown)
    })
    .collect()
}

/// What an answer has to repeat: the tables of its dialect say so, else practice, which says
/// nothing of fields that are left out.
fn echoed(answer: &Dissection<'_>) -> (Vec<String>, bool) {
    let by_table: Vec<String> = answer
        .rule()
        .into_iter()
        .flat_map(|rule| rule.with(Presence::Echoed))
        .map(|de| format!("DE{de}"))
        .collect();
    if by_table.is_empty() {
        (ECHOED.map(str::to_owned).to_vec(), false)
    } else {
        (by_table, true)
    }
}

/// Whether a path is one of those left out, or stands under one.
fn ignored(path: &str, ignore: &[String]) -> bool {
    let bare = |text: &str| text.strip_prefix("DE").unwrap_or(text).to_owned();
    let path = bare(path);
    ignore.iter().map(|one| bare(one)).any(|one| {
        path == one
            || path
                .strip_prefix(&one)
                .is_some_and(|rest| rest.starts_with(['.', '#']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{Draft, dissect, pack};
    use crate::frame::Framing;
    use crate::spec::builtin;

    fn changes(
        left: &Draft<'_>,
        right: &Draft<'_>,
        options: DiffOptions<'_>,
    ) -> Vec<(String, Change)> {
        let dialect = builtin("unionpay-pos").unwrap();
        let (left, right) = (
            pack(&dialect, left).unwrap(),
            pack(&dialect, right).unwrap(),
        );
        let (left, right) = (
            dissect(&dialect, &left, &Framing::none()),
            dissect(&dialect, &right, &Framing::none()),
        );
        let rows = diff(&left, &right, options);
        let other = rows.into_iter().filter(|row| row.change != Change::Same);
        other.map(|row| (row.path, row.change)).collect()
    }

    #[test]
    fn values_are_compared_behind_the_veil() {
        let left = Draft::new("0200")
            .with(2, "6216261000000000018")
            .with(4, "000000000001");
        let right = Draft::new("0200")
            .with(2, "6216261000000010018")
            .with(11, "000001");
        let ignore = ["11".to_owned()];
        let options = DiffOptions {
            ignore: &ignore,
            ..DiffOptions::default()
        };
        assert_eq!(
            changes(&left, &right, options),
            [
                ("DE2".into(), Change::Changed),
                ("DE4".into(), Change::Removed)
            ]
        );
    }

    #[test]
    fn two_readings_part_where_a_field_ends_elsewhere() {
        let [one, other] = ["unionpay-pos", "hypercom-pos"].map(|name| builtin(name).unwrap());
        let draft = Draft::new("0200")
            .with(3, "000000")
            .with(22, "051")
            .with(25, "00");
        let bytes = pack(&one, &draft).unwrap();
        let [left, right] =
            [&one, &other].map(|dialect| dissect(dialect, &bytes, &Framing::none()));
        // DE22 is padded on the right in the one and on the left in the other.
        assert_eq!(parting(&left, &right), Some(Span::bits(104, 108)));
        assert_eq!(parting(&left, &left), None);
    }

    #[test]
    fn an_answer_repeats_what_it_must() {
        let left = Draft::new("0200")
            .with(3, "000000")
            .with(11, "000001")
            .with(41, "10000001");
        let right = Draft::new("0210")
            .with(3, "000000")
            .with(11, "000002")
            .with(41, "10000001");
        let options = DiffOptions {
            echo: true,
            ..DiffOptions::default()
        };
        assert_eq!(
            changes(&left, &right, options),
            [
                ("MTI".into(), Change::Changed),
                ("DE11".into(), Change::EchoBroken)
            ]
        );
    }
}
