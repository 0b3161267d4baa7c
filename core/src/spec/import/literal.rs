//! Python literals: dicts, lists, strings, numbers, `True`, `None`; comments and trailing commas.

use serde_json::{Map, Number, Value};

/// Deeper nesting is an attack, not a specification.
const MAX_DEPTH: usize = 32;

/// Reads one literal; the error is its line.
pub(super) fn parse(text: &str) -> Result<Value, usize> {
    let mut reader = Reader {
        text: text.as_bytes(),
        at: 0,
    };
    let value = reader.value(0).ok_or(reader.line())?;
    reader.space();
    Ok(value)
}

/// The first dict in Python source, such as `spec = { ... }`.
pub(super) fn find_dict(text: &str) -> Option<Value> {
    let start = text.find('{')?;
    let before = text.get(..start)?.trim_end();
    if !before.ends_with(['=', '(', ':']) {
        return None;
    }
    parse(text.get(start..)?).ok().filter(Value::is_object)
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
}

impl Reader<'_> {
    fn line(&self) -> usize {
        1 + self
            .text
            .iter()
            .take(self.at)
            .filter(|b| **b == b'\n')
            .count()
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(c) = self.peek() {
            match c {
                b'#' => {
                    while self.peek().is_some_and(|c| c != b'\n') {
                        self.at += 1;
                    }
                }
                c if c.is_ascii_whitespace() => self.at += 1,
                _ => return,
            }
        }
    }

    fn take(&mut self, wanted: u8) -> bool {
        self.space();
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.space();
        match self.peek()? {
            b'{' => self.dict(depth),
            b'[' => self.list(b']', depth),
            b'(' => self.list(b')', depth),
            b'"' | b'\'' => self.string().map(Value::String),
            b'0'..=b'9' | b'-' => self.number(),
            _ => self.word(),
        }
    }

    fn dict(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut map = Map::new();
        while !self.take(b'}') {
            let key = match self.value(depth + 1)? {
                Value::String(key) => key,
                Value::Number(key) => key.to_string(),
                _ => return None,
            };
            if !self.take(b':') {
                return None;
            }
            let value = self.value(depth + 1)?;
            map.insert(key, value);
            if !self.take(b',') {
                return self.take(b'}').then_some(Value::Object(map));
            }
        }
        Some(Value::Object(map))
    }

    fn list(&mut self, close: u8, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut items = Vec::new();
        while !self.take(close) {
            items.push(self.value(depth + 1)?);
            if !self.take(b',') {
                return self.take(close).then_some(Value::Array(items));
            }
        }
        Some(Value::Array(items))
    }

    /// A string; neighbours are joined as Python does.
    fn string(&mut self) -> Option<String> {
        let mut bytes = Vec::new();
        while let Some(quote @ (b'"' | b'\'')) = self.peek() {
            self.at += 1;
            loop {
                let c = self.peek()?;
                self.at += 1;
                match c {
                    c if c == quote => break,
                    b'\\' => {
                        let escaped = self.peek()?;
                        self.at += 1;
                        bytes.push(match escaped {
                            b'n' => b'\n',
                            b't' => b'\t',
                            other => other,
                        });
                    }
                    c => bytes.push(c),
                }
            }
            self.space();
        }
        String::from_utf8(bytes).ok()
    }

    fn number(&mut self) -> Option<Value> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit() || c == b'-') {
            self.at += 1;
        }
        let digits = std::str::from_utf8(self.text.get(start..self.at)?).ok()?;
        digits
            .parse::<i64>()
            .ok()
            .map(|n| Value::Number(Number::from(n)))
    }

    fn word(&mut self) -> Option<Value> {
        let words: [(&str, Value); 6] = [
            ("True", Value::Bool(true)),
            ("true", Value::Bool(true)),
            ("False", Value::Bool(false)),
            ("false", Value::Bool(false)),
            ("None", Value::Null),
            ("null", Value::Null),
        ];
        let rest = self.text.get(self.at..)?;
        let (word, value) = words
            .into_iter()
            .find(|(word, _)| rest.starts_with(word.as_bytes()))?;
        self.at += word.len();
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_habits_are_read() {
        let text = "{ # spec\n 'h': {'max_len': 0,}, 2: {\"d\": None, 'x': ('a' 'b', True)}, }";
        let value = parse(text).unwrap();
        assert_eq!(value["2"]["x"][0], "ab");
        assert_eq!(value["h"]["max_len"], 0);
        assert_eq!(parse("{'a': 1\n 'b': 2}"), Err(2));
        assert!(find_dict("import x\nspec = {'t': {}}\n").is_some());
    }
}
