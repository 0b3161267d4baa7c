//! What of a message can be verified without a key: lengths, check digits, tracks, chip data, LRC.
//!
//! Apart from the findings, as what is right is said too; the MAC stands in the list as a question,
//! since only who has the key can answer it ([`mac`](super::mac)).

use super::mac::covered;
use crate::bytes::Span;
use crate::codec::{Dissection, Fault, Finding, NodeKind, Severity};
use crate::frame::line::lrc;
use crate::value::{Pan, Track2};
use crate::words::Text;

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is right.
    Right,
    /// It is wrong.
    Wrong,
    /// Nobody can say without a key.
    Open,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was checked, such as `MAC` or `Luhn DE2`.
    pub what: Text,
    /// The field, where there is one.
    pub path: String,
    /// The bits that it is about.
    pub span: Span,
    /// What came of it.
    pub verdict: Verdict,
    /// A number that says how much was checked, such as the objects of a list; none is 0.
    pub count: usize,
}

/// Every check that a message allows, in the order of its bits; the MAC is last.
#[must_use]
pub fn checks(tree: &Dissection<'_>) -> Vec<Check> {
    let mut found = Vec::new();
    length(tree, &mut found);
    card(tree, &mut found);
    chip(tree, &mut found);
    line(tree, &mut found);
    if let Some(covered) = covered(tree) {
        let path = format!("DE{}", covered.de);
        found.push(check(
            Text::new("MAC", "MAC"),
            &path,
            covered.field,
            Verdict::Open,
        ));
    }
    found
}

fn check(what: Text, path: &str, span: Span, verdict: Verdict) -> Check {
    Check {
        what,
        path: path.to_owned(),
        span,
        verdict,
        count: 0,
    }
}

const fn right(right: bool) -> Verdict {
    if right {
        Verdict::Right
    } else {
        Verdict::Wrong
    }
}

fn length(tree: &Dissection<'_>, found: &mut Vec<Check>) {
    let headers = tree.children(tree.root()).filter_map(|id| tree.node(id));
    for node in headers.filter(|node| node.kind == NodeKind::LengthHeader) {
        let wrong = |one: &Finding| {
            one.span == node.span
                && matches!(
                    one.fault,
                    Fault::LengthHeader { .. } | Fault::LengthHeaderUnreadable { .. }
                )
        };
        let verdict = right(!tree.findings.iter().any(wrong));
        found.push(check(
            Text::new("length", "长度头"),
            "length",
            node.span,
            verdict,
        ));
    }
}

/// Check digits, and whether track 2 is of the same card and expiry as the fields.
fn card(tree: &Dissection<'_>, found: &mut Vec<Check>) {
    let value = |path: &str| {
        let id = tree.find(path)?;
        let span = tree.node(tree.data(id))?.span;
        Some((tree.value(id), span))
    };
    for path in ["DE2", "DE55.5A"] {
        if let Some((digits, span)) = value(path)
            && let Ok(pan) = Pan::parse(digits.trim_end_matches('F'))
        {
            let what = Text::new("check digit", "校验位");
            found.push(check(what, path, span, right(pan.luhn_ok())));
        }
    }
    let Some((track, span)) = value("DE35") else {
        return;
    };
    let Ok(track) = Track2::parse(track.trim_end_matches('F')) else {
        return;
    };
    if let Some((digits, _)) = value("DE2") {
        let what = Text::new("track 2 = card number", "二磁道与卡号一致");
        let same = track.pan().reveal() == digits;
        found.push(check(what, "DE35", span, right(same)));
    }
    if let (Some((digits, _)), Some(expiry)) = (value("DE14"), track.expiry()) {
        let what = Text::new("track 2 = expiry", "二磁道与有效期一致");
        let same = format!("{:02}{:02}", expiry.year(), expiry.month()) == digits;
        found.push(check(what, "DE35", span, right(same)));
    }
}

/// Lists of tagged values: every object whole.
fn chip(tree: &Dissection<'_>, found: &mut Vec<Check>) {
    for (de, id) in tree.fields() {
        let tagged = |child: &_| {
            tree.node(*child)
                .is_some_and(|node| node.kind == NodeKind::Tagged)
        };
        let count = tree.children(tree.data(id)).filter(tagged).count();
        let Some(node) = tree.node(tree.data(id)).filter(|_| count > 0) else {
            continue;
        };
        let (own, inside) = (format!("DE{de}"), format!("DE{de}."));
        let error = |one: &Finding| {
            one.severity == Severity::Error && (one.path == own || one.path.starts_with(&inside))
        };
        let verdict = right(!tree.findings.iter().any(error));
        found.push(Check {
            count,
            ..check(Text::new("TLV", "TLV"), &own, node.span, verdict)
        });
    }
}

/// A single byte behind the message may be its LRC.
fn line(tree: &Dissection<'_>, found: &mut Vec<Check>) {
    let frame = tree.frame();
    let mut top = tree.children(tree.root()).filter_map(|id| tree.node(id));
    let behind = top.find(|node| node.kind == NodeKind::Trailing && node.span.len() == 8);
    if let (Some(node), Some((last, before))) = (behind, frame.split_last()) {
        let verdict = right(lrc(before) == *last);
        found.push(check(Text::new("LRC", "LRC"), "rest", node.span, verdict));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{Draft, dissect, pack};
    use crate::frame::Framing;
    use crate::spec::builtin;

    fn verdicts(bytes: &[u8]) -> Vec<(&'static str, Verdict)> {
        let dialect = builtin("unionpay-pos").unwrap();
        let tree = dissect(&dialect, bytes, &Framing::none());
        let all = checks(&tree).into_iter();
        all.map(|one| (one.what.en, one.verdict)).collect()
    }

    #[test]
    fn what_agrees_and_what_does_not_is_said() {
        let dialect = builtin("unionpay-pos").unwrap();
        let mut draft = Draft::new("0200")
            .with(2, "6216261000000000018")
            .with(35, "6216261000000000018D3012220")
            .with(64, "4141414141414141");
        let right = pack(&dialect, &draft).unwrap();
        let good = [
            ("check digit", Verdict::Right),
            ("track 2 = card number", Verdict::Right),
            ("MAC", Verdict::Open),
        ];
        assert_eq!(verdicts(&right), good);
        draft.set(2, "6216261000000000010");
        let wrong = pack(&dialect, &draft).unwrap();
        assert_eq!(verdicts(&wrong)[0], ("check digit", Verdict::Wrong));
        assert_eq!(
            verdicts(&wrong)[1],
            ("track 2 = card number", Verdict::Wrong)
        );
        let mut line = pack(&dialect, &Draft::new("0800").with(11, "000001")).unwrap();
        line.push(lrc(&line));
        assert_eq!(verdicts(&line), [("LRC", Verdict::Right)]);
    }
}
