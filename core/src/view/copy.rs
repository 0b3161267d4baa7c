//! A message in the forms people paste elsewhere: code, dumps, tables, the command line.
//!
//! What is hidden on screen is hidden in every copy: [`redact`] puts zeros of the same length in
//! its place, so the copy is a message all the same, and its MAC can no longer be checked.

use super::decode::{Shape, push_json};
use super::outline::{Row, outline};
use super::veil::Veil;
use crate::bytes::{Span, to_hex};
use crate::codec::{Dissection, NodeKind};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use std::fmt::Write as _;

/// A form to copy a message in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyAs {
    /// Hex digits.
    Hex,
    /// Hex digits with a space between bytes, sixteen bytes a line.
    SpacedHex,
    /// A C array.
    C,
    /// A Rust array.
    Rust,
    /// Python bytes.
    Python,
    /// A Java array.
    Java,
    /// A Go slice.
    Go,
    /// Base64.
    Base64,
    /// jPOS `<isomsg>` XML.
    Isomsg,
    /// The JSON of `poslab decode`, with spans.
    Json,
    /// Text with the bytes of each field beside its value.
    Dump,
    /// A Markdown table.
    Markdown,
    /// The command that decodes these bytes.
    Command,
}

impl CopyAs {
    /// Every form, in the order of a menu.
    pub const ALL: [CopyAs; 13] = [
        CopyAs::Hex,
        CopyAs::SpacedHex,
        CopyAs::C,
        CopyAs::Rust,
        CopyAs::Python,
        CopyAs::Java,
        CopyAs::Go,
        CopyAs::Base64,
        CopyAs::Isomsg,
        CopyAs::Json,
        CopyAs::Dump,
        CopyAs::Markdown,
        CopyAs::Command,
    ];

    /// What the form is called, in both languages alike.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            CopyAs::Hex => "hex",
            CopyAs::SpacedHex => "hex, spaced",
            CopyAs::C => "C",
            CopyAs::Rust => "Rust",
            CopyAs::Python => "Python",
            CopyAs::Java => "Java",
            CopyAs::Go => "Go",
            CopyAs::Base64 => "Base64",
            CopyAs::Isomsg => "jPOS XML",
            CopyAs::Json => "JSON",
            CopyAs::Dump => "text",
            CopyAs::Markdown => "Markdown",
            CopyAs::Command => "poslab …",
        }
    }

    /// The message in this form; hidden digits come out as zeros, or as dots where the form is for
    /// reading.
    #[must_use]
    pub fn write(self, tree: &Dissection<'_>, veil: &Veil) -> String {
        let frame = redact(tree.frame(), veil);
        let list = |prefix: &str| {
            let each = frame.iter().map(|byte| format!("{prefix}{byte:02X}"));
            wrapped(&each.collect::<Vec<String>>())
        };
        match self {
            CopyAs::Hex => to_hex(&frame),
            CopyAs::SpacedHex => spaced(&frame),
            CopyAs::C => format!(
                "static const unsigned char message[{}] = {{\n{}\n}};\n",
                frame.len(),
                list("0x")
            ),
            CopyAs::Rust => format!(
                "const MESSAGE: [u8; {}] = [\n{}\n];\n",
                frame.len(),
                list("0x")
            ),
            CopyAs::Python => format!("message = bytes.fromhex(\"{}\")\n", to_hex(&frame)),
            CopyAs::Java => {
                let signed = frame
                    .iter()
                    .map(|byte| i8::from_be_bytes([*byte]).to_string());
                let lines = wrapped(&signed.collect::<Vec<String>>());
                format!("byte[] message = {{\n{lines}\n}};\n")
            }
            CopyAs::Go => format!("message := []byte{{\n{},\n}}\n", list("0x")),
            CopyAs::Base64 => BASE64_STANDARD.encode(&frame),
            CopyAs::Isomsg => isomsg(tree, veil),
            CopyAs::Json => json(tree, veil),
            CopyAs::Dump => dump(tree, &outline(tree, veil), &frame, veil),
            CopyAs::Markdown => markdown(&outline(tree, veil)),
            CopyAs::Command => format!(
                "poslab decode --dialect {} --hex {}",
                tree.dialect().name(),
                to_hex(&frame)
            ),
        }
    }
}

/// The frame with every hidden digit replaced by a zero of its coding: the same length, and
/// nothing left of what was hidden.
#[must_use]
pub fn redact(frame: &[u8], veil: &Veil) -> Vec<u8> {
    let mut out = frame.to_vec();
    for span in veil.spans() {
        blank(&mut out, span);
    }
    out
}

/// Puts zeros over some bits: characters become the character zero, the rest the value zero.
pub(super) fn blank(frame: &mut [u8], span: Span) {
    let one_character = span.len() == 8 && span.start.is_multiple_of(8);
    for nibble in span.start / 4..span.end.div_ceil(4) {
        let Some(byte) = frame.get_mut((nibble / 2) as usize) else {
            return;
        };
        if one_character {
            *byte = match *byte {
                0x20..=0x7E => b'0',
                0x81..=0xF9 => 0xF0,
                _ => 0,
            };
            return;
        }
        *byte &= if nibble.is_multiple_of(2) { 0x0F } else { 0xF0 };
    }
}

/// Items in lines of twelve.
fn wrapped(items: &[String]) -> String {
    let lines = items
        .chunks(12)
        .map(|line| format!("    {}", line.join(", ")));
    lines.collect::<Vec<String>>().join(",\n")
}

/// Hex with spaces, sixteen bytes a line.
fn spaced(frame: &[u8]) -> String {
    let line = |bytes: &[u8]| {
        let each = bytes.iter().map(|byte| to_hex(&[*byte]));
        each.collect::<Vec<String>>().join(" ")
    };
    frame
        .chunks(16)
        .map(line)
        .collect::<Vec<String>>()
        .join("\n")
}

/// The message as jPOS writes it: sub-fields in one value, binary as such.
fn isomsg(tree: &Dissection<'_>, veil: &Veil) -> String {
    let mut out = String::from("<isomsg>\n");
    let mut line = |id: &str, value: &str, binary: bool| {
        let kind = if binary { " type=\"binary\"" } else { "" };
        let value = value.replace('•', "0").replace('&', "&amp;");
        let value = value.replace('<', "&lt;").replace('"', "&quot;");
        let _ = writeln!(out, "  <field id=\"{id}\" value=\"{value}\"{kind}/>");
    };
    line("0", tree.mti().unwrap_or_default(), false);
    for (de, id) in tree.fields() {
        let binary = tree
            .node(tree.data(id))
            .is_some_and(|node| node.coding == crate::spec::Coding::Raw);
        line(&de.to_string(), &veil.text(tree, id), binary);
    }
    out + "</isomsg>\n"
}

/// The JSON of the command line.
fn json(tree: &Dissection<'_>, veil: &Veil) -> String {
    let shape = Shape {
        reveal: veil.is_lifted(),
        spans: true,
        summary: true,
        ..Shape::default()
    };
    let mut out = String::new();
    push_json(tree, &[], shape, &|_| None, &mut out);
    out
}

/// The bytes of each field beside its name and value.
fn dump(tree: &Dissection<'_>, rows: &[Row], frame: &[u8], veil: &Veil) -> String {
    let mut out = String::new();
    let shown = rows
        .iter()
        .filter(|row| row.kind != NodeKind::Prefix && row.kind != NodeKind::Tag);
    for row in shown {
        let bytes = row.span.byte_range();
        let hex = if veil.hides(row.span) {
            "(hidden)".to_owned()
        } else {
            to_hex(frame.get(bytes.clone()).unwrap_or_default())
        };
        let indent = "  ".repeat(row.depth);
        let value = if row.meaning.en.is_empty() {
            &row.value
        } else {
            &row.meaning.en
        };
        let _ = writeln!(
            out,
            "{:04X} {indent}{} {}: {value}  [{hex}]",
            bytes.start, row.number, row.name.en
        );
    }
    let _ = write!(out, "{} findings", tree.findings.len());
    out
}

/// The fields as a Markdown table.
fn markdown(rows: &[Row]) -> String {
    let mut out =
        String::from("| field | name | value | meaning | bytes |\n|---|---|---|---|---|\n");
    let valued = |row: &&Row| {
        matches!(
            row.kind,
            NodeKind::Mti | NodeKind::Field | NodeKind::Part | NodeKind::Tagged
        )
    };
    for row in rows.iter().filter(valued) {
        let bytes = row.span.byte_range();
        let cell = |text: &str| text.replace('|', "\\|");
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {}–{} |",
            row.path,
            cell(&row.name.en),
            cell(&row.value),
            cell(&row.meaning.en),
            bytes.start,
            bytes.end.saturating_sub(1)
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{Draft, dissect, pack};
    use crate::frame::Framing;
    use crate::spec::builtin;

    #[test]
    fn no_copy_shows_what_the_screen_hides() {
        let dialect = builtin("unionpay-pos").unwrap();
        let draft = Draft::new("0200")
            .with(2, "6216261000000000018")
            .with(4, "000000012345")
            .with(35, "6216261000000000018D30122201234567890");
        let frame = pack(&dialect, &draft).unwrap();
        let tree = dissect(&dialect, &frame, &Framing::none());
        let veil = Veil::over(&tree);
        for form in CopyAs::ALL {
            let text = form.write(&tree, &veil);
            assert!(!text.is_empty());
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            assert!(!digits.contains("62162610"), "{}: {text}", form.name());
            assert!(!digits.contains("22012345"), "{}: {text}", form.name());
        }
    }

    #[test]
    fn a_redacted_frame_reads_as_the_same_message() {
        let dialect = builtin("iso8583-1987-ascii").unwrap();
        let draft = Draft::new("0200")
            .with(2, "6216261000000000018")
            .with(11, "000001");
        let frame = pack(&dialect, &draft).unwrap();
        let tree = dissect(&dialect, &frame, &Framing::none());
        let redacted = redact(&frame, &Veil::over(&tree));
        let again = dissect(&dialect, &redacted, &Framing::none());
        let pan = again.field(2).unwrap();
        assert_eq!(again.value(pan), "6216260000000000018");
        assert_eq!(again.fields().count(), 2);
    }
}
