//! What an ABECS frame says.

use super::{Part, masked_account};
use crate::pad::Words;
use crate::pad::abecs::command::command;
use crate::pad::abecs::field::{self, Form};
use crate::pad::abecs::frame::{DC2, DC3};
use crate::pad::abecs::request::{digits, from_latin1};
use crate::pad::abecs::status::meaning;
use crate::pad::traffic::{Direction, readable};
use std::ops::Range;

/// The unescaped data, each byte with its place in the frame.
struct Data {
    bytes: Vec<u8>,
    at: Vec<usize>,
}

impl Data {
    fn of(frame: &[u8]) -> Self {
        let end = frame.len().saturating_sub(3);
        let mut data = Self {
            bytes: Vec::new(),
            at: Vec::new(),
        };
        let mut escaped = None;
        for (place, byte) in frame.iter().enumerate().take(end).skip(1) {
            match escaped.take() {
                Some(from) => {
                    data.bytes.push(byte.wrapping_sub(0x20));
                    data.at.push(from);
                }
                None if *byte == DC3 => escaped = Some(place),
                None => {
                    data.bytes.push(*byte);
                    data.at.push(place);
                }
            }
        }
        data.at.push(end);
        data
    }

    fn places(&self, range: Range<usize>) -> Range<usize> {
        let at = |i: usize| self.at.get(i).copied().unwrap_or_default();
        at(range.start)..at(range.end)
    }

    fn part(&self, range: Range<usize>, name: Words, text: String, hidden: bool) -> Part {
        Part {
            bytes: self.places(range),
            name,
            text,
            hidden,
        }
    }
}

pub(super) fn tell(frame: &[u8], direction: Direction) -> (String, Words, Vec<Part>) {
    let data = Data::of(frame);
    if data.bytes.first() == Some(&DC2) {
        let name = Words::new("enciphered with the session key", "会话密钥加密");
        let text = format!("{} bytes", data.bytes.len().saturating_sub(1));
        let part = data.part(0..data.bytes.len(), name, text, false);
        return ("DC2".to_owned(), name, vec![part]);
    }
    let id = data.bytes.get(..3).unwrap_or(&data.bytes);
    let code = from_latin1(id);
    let known = command(id);
    let title = match (id, known) {
        (b"NTM", _) => Words::new("a text for the operator", "给操作员的提示"),
        (b"ERR", _) => Words::new("the command was not understood", "命令无法识别"),
        (_, Some(command)) => command.words,
        (_, None) => Words::new("unknown command", "未知命令"),
    };
    let mut parts = vec![data.part(
        0..id.len(),
        Words::new("command", "命令"),
        code.clone(),
        false,
    )];
    let mut at = 3;
    if direction == Direction::FromPad {
        parts.extend(status(&data));
        at = 6;
    }
    let tagged = known.is_some_and(|c| c.tagged);
    blocks(&data, at, &code, tagged, direction, &mut parts);
    (code, title, parts)
}

fn status(data: &Data) -> Option<Part> {
    let found = data.bytes.get(3..6)?;
    let code = digits(found)? as u16;
    let text = match meaning(code) {
        Some(m) => format!("{code:03} {} — {}", m.name, m.words.en),
        None => format!("{code:03}"),
    };
    Some(data.part(3..6, Words::new("status", "状态"), text, false))
}

/// The blocks behind the command or the status.
fn blocks(
    data: &Data,
    mut at: usize,
    code: &str,
    tagged: bool,
    direction: Direction,
    parts: &mut Vec<Part>,
) {
    while at < data.bytes.len() {
        let length = data.bytes.get(at..at + 3).and_then(digits);
        let range = length
            .map(|len| at + 3..at + 3 + len)
            .filter(|r| r.end <= data.bytes.len());
        let Some(range) = range else {
            let name = Words::new("does not divide into blocks", "无法划分数据块");
            let rest = data.bytes.get(at..).unwrap_or_default();
            parts.push(data.part(at..data.bytes.len(), name, readable(rest), false));
            return;
        };
        let name = Words::new("block length", "块长度");
        parts.push(data.part(at..at + 3, name, range.len().to_string(), false));
        at = range.end;
        match (code, direction) {
            _ if tagged => fields(data, range, parts),
            ("GPN", Direction::ToPad) => gpn(data, range, parts),
            _ => {
                let bytes = data.bytes.get(range.clone()).unwrap_or_default();
                let hidden = matches!(code, "CKE" | "GCR");
                let text = if hidden {
                    "***".to_owned()
                } else {
                    from_latin1(bytes)
                };
                parts.push(data.part(range, Words::new("data", "数据"), text, hidden));
            }
        }
    }
}

fn fields(data: &Data, range: Range<usize>, parts: &mut Vec<Part>) {
    let block = data.bytes.get(range.clone()).unwrap_or_default();
    let mut at = range.start;
    for (id, value) in field::decode(block).unwrap_or_default() {
        let row = field::field(id);
        let name = row.map_or(Words::new("unknown field", "未知字段"), |f| f.words);
        let tag = row.map_or_else(|| format!("{id:04X}"), |f| f.name.to_owned());
        let hidden = row.is_some_and(|f| f.form == Form::Card);
        let value_text = match row.map(|f| f.form) {
            Some(Form::Card) => "***".to_owned(),
            Some(Form::Text) => from_latin1(value),
            Some(Form::Number) => value
                .iter()
                .fold(0u64, |n, b| (n << 8) | u64::from(*b))
                .to_string(),
            Some(Form::Binary) | None => hex::encode_upper(value),
        };
        let end = at + 4 + value.len();
        parts.push(data.part(
            at..at + 4,
            Words::new("id and length", "标识与长度"),
            tag,
            false,
        ));
        parts.push(data.part(at + 4..end, name, value_text, hidden));
        at = end;
    }
}

/// `method key wkenc panlen pan entries min max message`.
fn gpn(data: &Data, range: Range<usize>, parts: &mut Vec<Part>) {
    let columns = [
        (
            1,
            Words::new("method: 1 master key, 3 DUKPT", "方式：1 主密钥，3 DUKPT"),
        ),
        (2, Words::new("key index", "密钥索引")),
        (
            32,
            Words::new("working key under the master key", "主密钥加密的工作密钥"),
        ),
        (2, Words::new("account length", "卡号长度")),
        (19, Words::new("account", "卡号")),
        (1, Words::new("entries", "录入项数")),
        (2, Words::new("least digits", "最少位数")),
        (2, Words::new("most digits", "最多位数")),
        (32, Words::new("prompt", "提示文字")),
    ];
    let mut at = range.start;
    for (len, name) in columns {
        let end = (at + len).min(range.end);
        let text = from_latin1(data.bytes.get(at..end).unwrap_or_default());
        let hidden = len == 19;
        let text = if hidden {
            masked_account(text.trim_end())
        } else {
            text
        };
        parts.push(data.part(at..end, name, text, hidden));
        at = end;
    }
}
