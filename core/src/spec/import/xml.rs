//! A small element tree with line numbers.

use super::error::ImportError;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub name: String,
    pub line: usize,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Element>,
}

impl Element {
    /// An attribute without the spaces that hand-written files have around it.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let (_, value) = self.attributes.iter().find(|(key, _)| key == name)?;
        Some(value.trim())
    }

    pub fn flag(&self, name: &str) -> Option<bool> {
        self.attribute(name)
            .map(|value| value.eq_ignore_ascii_case("true"))
    }

    pub fn number(&self, name: &str) -> Option<u32> {
        self.attribute(name)?.parse().ok()
    }
}

/// The root element. A DTD is passed over and never fetched.
pub(super) fn parse(text: &str) -> Result<Element, ImportError> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = vec![Element::default()];
    let mut lines = Lines {
        text,
        at: 0,
        line: 1,
    };
    loop {
        let place = usize::try_from(reader.buffer_position()).unwrap_or(0);
        let event = reader.read_event().map_err(|error| ImportError::NotXml {
            line: lines.at(usize::try_from(reader.error_position()).unwrap_or(place)),
            what: error.to_string(),
        })?;
        match event {
            Event::Start(tag) => open.push(element(&tag, lines.at(place))),
            Event::Empty(tag) => {
                if let Some(parent) = open.last_mut() {
                    parent.children.push(element(&tag, lines.at(place)));
                }
            }
            Event::End(_) => {
                if let (Some(done), Some(parent)) = (open.pop(), open.last_mut()) {
                    parent.children.push(done);
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let root = open
        .into_iter()
        .next()
        .and_then(|top| top.children.into_iter().next());
    root.ok_or(ImportError::NotXml {
        line: 1,
        what: "no element".into(),
    })
}

/// Line numbers of growing offsets.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    fn at(&mut self, offset: usize) -> usize {
        let passed = self
            .text
            .as_bytes()
            .get(self.at..offset)
            .unwrap_or_default();
        self.line += passed.iter().filter(|&&b| b == b'\n').count();
        self.at = self.at.max(offset);
        self.line
    }
}

fn element(tag: &BytesStart<'_>, line: usize) -> Element {
    let mut found = tag.attributes();
    let attributes = found.with_checks(false).flatten().map(|attribute| {
        let value = match attribute.normalized_value(XmlVersion::Implicit1_0) {
            Ok(value) => value.into_owned(),
            Err(_) => attribute.value.to_string(),
        };
        (attribute.key.as_ref().to_owned(), value)
    });
    Element {
        name: tag.local_name().as_ref().to_owned(),
        line,
        attributes: attributes.collect(),
        children: Vec::new(),
    }
}
