//! A message for people: the sentence first, then the frame and the fields with their bytes.

use super::View;
use super::verify::Mac;
use crate::look::{Look, Paint};
use poslab_core::codec::{Candidate, Dissection, NodeKind, Severity};
use poslab_core::intake::{FieldEntry, FieldValue, Fields};
use poslab_core::view::decode::{facts, push_text};
use poslab_core::view::findings::{Told, tell};
use poslab_core::view::outline::{Row, outline};
use poslab_core::view::veil::Veil;
use poslab_core::words::{Lang, describe, sentence};
use std::fmt::Write as _;

/// Hex columns are cut to this many bytes; `--format json` has everything.
const BYTES_SHOWN: usize = 8;

/// One message.
pub fn message(
    view: &View<'_>,
    tree: &Dissection<'_>,
    mac: Option<&Mac>,
    decode: &super::Decode,
    look: &Look,
) -> String {
    let paint = look.stdout();
    let lang = look.lang();
    let mut out = String::new();
    if view.of > 1 {
        let place = format!("[{}/{}] line {}", view.index + 1, view.of, view.item.line);
        let _ = writeln!(out, "{}", paint.dim(&place));
    }
    let _ = writeln!(out, "{}", paint.bold(&sentence(&facts(tree), lang)));
    if let Some(best) = view.candidates.first() {
        let _ = writeln!(out, "{}\n", paint.dim(&detected(best, lang)));
    }
    let veil = if decode.reveal {
        Veil::lifted()
    } else {
        Veil::over(tree)
    };
    let rows = outline(tree, &veil);
    let shown = rows.iter().filter(|row| is_shown(row, &decode.select));
    for row in shown {
        out.push_str(&line(row, tree, &veil, paint, lang));
    }
    if let Some(mac) = mac {
        out.push_str(&mac.text(paint, look));
    }
    if let Some(best) = view.candidates.first() {
        out.push_str(&findings(
            &tell(tree, best, view.octets.double_encoded),
            paint,
            lang,
        ));
    }
    out.push('\n');
    out
}

fn detected(best: &Candidate, lang: Lang) -> String {
    let reasons: Vec<String> = best
        .reasons
        .iter()
        .map(|reason| {
            if lang == Lang::Zh {
                reason.text_zh()
            } else {
                reason.text()
            }
        })
        .collect();
    format!(
        "{} {}% · {}",
        best.dialect.name(),
        best.score,
        reasons.join(" · ")
    )
}

/// Structure (prefixes, tags, padding, single bits) is for the page and for JSON.
fn is_shown(row: &Row, select: &[String]) -> bool {
    let structure = matches!(row.kind, NodeKind::Prefix | NodeKind::Tag | NodeKind::Pad)
        || (row.kind == NodeKind::Bitmap && row.depth > 0)
        || (row.kind == NodeKind::Part && !row.path.starts_with("DE"));
    let selected = select.is_empty()
        || select.iter().any(|path| {
            let path = path.strip_prefix("DE").unwrap_or(path);
            let own = row.path.strip_prefix("DE").unwrap_or(&row.path);
            own == path
                || own
                    .strip_prefix(path)
                    .is_some_and(|rest| rest.starts_with('.'))
        });
    !structure && selected
}

fn line(row: &Row, tree: &Dissection<'_>, veil: &Veil, paint: Paint, lang: Lang) -> String {
    let offset = format!("{:04X}", row.span.start / 8);
    let bytes = bytes_column(row, tree, veil);
    let label = format!("{}{}", "  ".repeat(row.depth), label(row));
    let name = if lang == Lang::Zh && !row.name.zh.is_empty() {
        &row.name.zh
    } else {
        &row.name.en
    };
    let mark = match row.severity {
        Some(Severity::Error) => paint.style("31", "✗"),
        Some(Severity::Warning) => paint.style("33", "!"),
        _ => " ".to_owned(),
    };
    let mut out = format!(
        "{} {}  {} {} {}",
        paint.dim(&offset),
        paint.hue(row.hue, &padded(&bytes, BYTES_SHOWN * 3)),
        mark,
        paint.hue(row.hue, &padded(&label, 9)),
        padded(name, 28),
    );
    let value: String = row.value.chars().take(64).collect();
    out.push_str("  ");
    out.push_str(&value);
    if row.value.chars().count() > 64 {
        out.push('…');
    }
    let path = if row.kind == NodeKind::Mti {
        "MTI"
    } else {
        row.path.as_str()
    };
    let other = |path: &str| match path {
        "MTI" => tree.mti().map(str::to_owned),
        path => tree.find(path).map(|id| tree.value(id)),
    };
    let is_value = matches!(
        row.kind,
        NodeKind::Field | NodeKind::Part | NodeKind::Tagged | NodeKind::Mti
    );
    let hidden = veil.hides(row.span);
    if is_value
        && !hidden
        && let Some(meaning) = describe(path, &tree.value(row.node), &other, lang)
        && meaning != row.value
    {
        let _ = write!(out, "  {}", paint.dim(&meaning));
    }
    let end = out.trim_end().len();
    out.truncate(end);
    out.push('\n');
    out
}

fn label(row: &Row) -> String {
    match (row.kind, row.number.as_str()) {
        (NodeKind::Field, number) => format!("DE{number}"),
        (_, "") => String::new(),
        (_, number) => number.to_owned(),
    }
}

fn bytes_column(row: &Row, tree: &Dissection<'_>, veil: &Veil) -> String {
    let range = row.span.byte_range();
    let bytes = tree.frame().get(range.clone()).unwrap_or_default();
    let mut out = String::new();
    for (at, byte) in range.zip(bytes).take(BYTES_SHOWN - 1) {
        let start = at as u32 * 8;
        for (nibble, from) in [(byte >> 4, start), (byte & 15, start + 4)] {
            let hidden = veil.hides(poslab_core::bytes::Span::bits(from, from + 4));
            if hidden {
                out.push('·');
            } else {
                let _ = write!(out, "{nibble:X}");
            }
        }
        out.push(' ');
    }
    if bytes.len() >= BYTES_SHOWN {
        out.push('…');
    }
    out
}

/// Pads to a width on the screen: Chinese characters take two columns.
fn padded(text: &str, width: usize) -> String {
    let columns: usize = text
        .chars()
        .map(|c| if u32::from(c) >= 0x2E80 { 2 } else { 1 })
        .sum();
    format!("{text}{}", " ".repeat(width.saturating_sub(columns)))
}

/// What is wrong, each with its hint and its repair; `poslab explain CODE` says more.
fn findings(all: &[Told], paint: Paint, lang: Lang) -> String {
    let mut out = String::new();
    for told in all {
        let (sgr, en, zh) = match told.severity {
            Severity::Error => ("31", "error", "错误"),
            Severity::Warning => ("33", "warning", "警告"),
            Severity::Info => ("36", "info", "提示"),
        };
        let [word, hint, fix] = match lang {
            Lang::En => [en, "hint", "fix"],
            Lang::Zh => [zh, "建议", "修正"],
        };
        let _ = writeln!(
            out,
            "\n{} {}",
            paint.style(sgr, &format!("{word}[{}]", told.code)),
            told.say(lang)
        );
        let _ = writeln!(
            out,
            "  {} {}",
            paint.dim(&format!("{hint}:")),
            told.hint(lang)
        );
        if let Some(repair) = &told.fix {
            let _ = writeln!(
                out,
                "  {} {}",
                paint.style("32", &format!("{fix}:")),
                repair.say(lang)
            );
        }
    }
    if !all.is_empty() {
        let more = match lang {
            Lang::En => "more: poslab explain",
            Lang::Zh => "详情：poslab explain",
        };
        let codes: std::collections::BTreeSet<&str> = all.iter().map(|told| told.code).collect();
        let codes: Vec<&str> = codes.into_iter().collect();
        let _ = writeln!(
            out,
            "\n{}",
            paint.dim(&format!("{more} {}", codes.join(" | ")))
        );
    }
    out
}

/// The bytes as hex; hidden digits are zeros, so that the result is a message all the same.
pub fn hex(tree: &Dissection<'_>, reveal: bool) -> String {
    let veil = if reveal {
        Veil::lifted()
    } else {
        Veil::over(tree)
    };
    let mut out = String::new();
    for (at, byte) in (0u32..).zip(tree.frame()) {
        for (nibble, from) in [(byte >> 4, at * 8), (byte & 15, at * 8 + 4)] {
            let span = poslab_core::bytes::Span::bits(from, from + 4);
            let shown = if veil.hides(span) && !(nibble == 3 && from % 8 == 0) {
                0
            } else {
                nibble
            };
            let _ = write!(out, "{shown:X}");
        }
    }
    out.push('\n');
    out
}

/// A message that came as fields: shown as it was understood.
pub fn fields(fields: &Fields, reveal: bool, pretty: bool) -> String {
    let mut out = String::from("{\"schema\":\"poslab/fields/1\"");
    if let Some(mti) = &fields.mti {
        out.push_str(",\"mti\":");
        push_text(mti, &mut out);
    }
    out.push_str(",\"fields\":");
    entries(&fields.entries, reveal, &mut out);
    out.push('}');
    if pretty && let Ok(value) = serde_json::from_str::<serde_json::Value>(&out) {
        out = format!("{value:#}");
    }
    out.push('\n');
    out
}

fn entries(list: &[FieldEntry], reveal: bool, out: &mut String) {
    out.push('{');
    for (index, entry) in list.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        push_text(&entry.id, out);
        out.push(':');
        match &entry.value {
            FieldValue::Text(text) | FieldValue::Binary(text) => {
                push_text(&masked(&entry.id, text, reveal), out);
            }
            FieldValue::Nested(nested) => entries(nested, reveal, out),
        }
    }
    out.push('}');
}

/// Values by field number alone: there is no dialect to ask.
fn masked(id: &str, text: &str, reveal: bool) -> String {
    let secret = matches!(id, "2" | "34" | "35" | "36" | "45" | "52" | "57" | "5A");
    if reveal || !secret {
        return text.to_owned();
    }
    if matches!(id, "2" | "5A") {
        poslab_core::value::Pan::mask(text)
    } else {
        "*".repeat(text.chars().count())
    }
}
