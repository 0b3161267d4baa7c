//! jPOS `<isomsg>` XML: alone, in a file, or many times in a Q2 log.

use super::{Content, FieldEntry, FieldValue, Fields, Form, Intake, Item};
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

/// What every message begins with.
pub(super) const OPEN: &str = "<isomsg";
const CLOSE: &str = "</isomsg>";

pub(super) fn read(text: &str) -> Option<Intake> {
    let (mut items, mut from) = (Vec::new(), 0);
    while let Some(start) = text.get(from..)?.find(OPEN).map(|at| from + at) {
        let end = message_end(text, start);
        let body = text.get(start..end)?;
        if let Some(fields) = fields_of(body, start) {
            let line = 1 + text.get(..start)?.matches('\n').count();
            items.push(Item {
                form: Form::IsoMsg,
                chars: start..end,
                line,
                content: Content::Fields(fields),
            });
        }
        from = end.max(start + OPEN.len());
    }
    let lines = text.lines().count();
    (!items.is_empty()).then_some(Intake {
        form: Form::IsoMsg,
        lines,
        items,
        notes: Vec::new(),
    })
}

/// The end of the outermost element that starts at `start`.
fn message_end(text: &str, start: usize) -> usize {
    let (mut depth, mut at) = (0usize, start);
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let (open, close) = (rest.find(OPEN), rest.find(CLOSE));
        match (open, close) {
            (Some(o), Some(c)) if o < c => {
                depth += usize::from(!self_closed(rest.get(o..).unwrap_or_default()));
                at += o + OPEN.len();
            }
            (_, Some(c)) => {
                at += c + CLOSE.len();
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at;
                }
            }
            (_, None) => return text.len(),
        }
    }
}

fn self_closed(tag: &str) -> bool {
    tag.split('>')
        .next()
        .is_some_and(|inside| inside.ends_with('/'))
}

/// Reads one element. Damaged XML gives what was read before the damage.
fn fields_of(body: &str, base: usize) -> Option<Fields> {
    let mut reader = Reader::from_str(body);
    let mut fields = Fields::default();
    let mut open: Vec<(String, usize, Vec<FieldEntry>)> = Vec::new();
    let mut before = 0;
    while let Ok(event) = reader.read_event() {
        let after = usize::try_from(reader.buffer_position()).unwrap_or(body.len());
        match event {
            Event::Start(tag) if tag.name().as_ref() == "isomsg" => {
                open.push((
                    attribute(&tag, "id").unwrap_or_default(),
                    before,
                    Vec::new(),
                ));
            }
            Event::Start(tag) | Event::Empty(tag) if tag.name().as_ref() == "field" => {
                let place = base + before..base + after;
                if let (Some((_, _, entries)), Some(entry)) = (open.last_mut(), leaf(&tag, place)) {
                    entries.push(entry);
                }
            }
            Event::Text(text) if open.len() == 1 && fields.header.is_none() => {
                fields.header = header(&text, body.get(..before)?);
            }
            Event::End(tag) if tag.name().as_ref() == "isomsg" => {
                if let Some((id, start, entries)) = open.pop() {
                    match open.last_mut() {
                        Some((_, _, parent)) => parent.push(FieldEntry {
                            id,
                            value: FieldValue::Nested(entries),
                            chars: base + start..base + after,
                        }),
                        None => fields.entries = entries,
                    }
                }
            }
            Event::Eof => break,
            _ => {}
        }
        before = after;
    }
    if let Some((_, _, entries)) = open.into_iter().next() {
        fields.entries = entries;
    }
    take_mti(&mut fields);
    (fields.mti.is_some() || !fields.entries.is_empty()).then_some(fields)
}

fn take_mti(fields: &mut Fields) {
    fields.mti = fields.text("0").map(str::to_owned);
    fields
        .entries
        .retain(|entry| !matches!(entry.id.as_str(), "0" | "-1"));
}

/// The text of `<header>`: hex digits, jPOS writes nothing else there.
fn header(text: &str, before: &str) -> Option<String> {
    let inside = before.trim_end().ends_with("<header>") || before.contains("<header ");
    let text = text.trim();
    (inside && !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit()))
        .then(|| text.to_ascii_uppercase())
}

fn leaf(tag: &BytesStart<'_>, chars: std::ops::Range<usize>) -> Option<FieldEntry> {
    let id = attribute(tag, "id")?;
    let value = attribute(tag, "value").unwrap_or_default();
    let binary = attribute(tag, "type").is_some_and(|t| t == "binary");
    let value = if binary {
        FieldValue::Binary(value.to_ascii_uppercase())
    } else {
        FieldValue::Text(value)
    };
    Some(FieldEntry { id, value, chars })
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = tag.try_get_attribute(name).ok().flatten()?;
    match attribute.normalized_value(XmlVersion::Implicit1_0) {
        Ok(value) => Some(value.into_owned()),
        Err(_) => Some(attribute.value.to_string()),
    }
}
