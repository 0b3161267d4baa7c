//! YAML as JSON values: enough for specification files, with lines for errors.

use super::error::ImportError;
use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Number, Value};

/// Reads the first document.
pub(super) fn parse(text: &str) -> Result<Value, ImportError> {
    let mut open: Vec<Node> = Vec::new();
    for item in Parser::new_from_str(text) {
        let (event, span) = item.map_err(|error| ImportError::NotJson {
            line: error.marker().line(),
            what: error.to_string(),
        })?;
        let done = match event {
            Event::MappingStart(..) if open.len() < 64 => {
                open.push(Node::Map(Map::new(), None));
                None
            }
            Event::SequenceStart(..) if open.len() < 64 => {
                open.push(Node::List(Vec::new()));
                None
            }
            Event::MappingEnd | Event::SequenceEnd => open.pop().map(Node::finish),
            Event::Scalar(text, style, ..) => Some(scalar(&text, style)),
            Event::Alias(_) | Event::MappingStart(..) | Event::SequenceStart(..) => {
                let what = "aliases and deep nesting are not read".into();
                return Err(ImportError::NotJson {
                    line: span.start.line(),
                    what,
                });
            }
            _ => None,
        };
        if let Some(value) = done {
            match open.last_mut() {
                Some(parent) => parent.add(value),
                None => return Ok(value),
            }
        }
    }
    Err(ImportError::NotJson {
        line: 1,
        what: "no document".into(),
    })
}

enum Node {
    Map(Map<String, Value>, Option<String>),
    List(Vec<Value>),
}

impl Node {
    fn add(&mut self, value: Value) {
        match self {
            Self::List(list) => list.push(value),
            Self::Map(map, key) => match key.take() {
                Some(key) => {
                    map.insert(key, value);
                }
                None => {
                    *key = Some(match value {
                        Value::String(text) => text,
                        other => other.to_string(),
                    });
                }
            },
        }
    }

    fn finish(self) -> Value {
        match self {
            Self::List(list) => Value::Array(list),
            Self::Map(map, _) => Value::Object(map),
        }
    }
}

fn scalar(text: &str, style: ScalarStyle) -> Value {
    if !matches!(style, ScalarStyle::Plain) {
        return Value::String(text.to_owned());
    }
    match text {
        "true" | "True" => Value::Bool(true),
        "false" | "False" => Value::Bool(false),
        "" | "~" | "null" => Value::Null,
        _ => match text.parse::<i64>() {
            Ok(number) if !text.starts_with('0') || text == "0" => {
                Value::Number(Number::from(number))
            }
            _ => Value::String(text.to_owned()),
        },
    }
}
