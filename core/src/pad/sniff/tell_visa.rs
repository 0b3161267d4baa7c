//! What a VISA frame says.

use super::{Part, masked_account};
use crate::pad::Words;
use crate::pad::traffic::readable;
use crate::pad::visa::frame::FS;
use crate::pad::visa::message::{MAC_RESULTS, PIN_ERRORS, message};
use std::ops::Range;

pub(super) fn tell(frame: &[u8]) -> (String, Words, Vec<Part>) {
    let text = frame
        .get(1..frame.len().saturating_sub(2))
        .unwrap_or_default();
    let Some(known) = message(text) else {
        let code = readable(text.get(..2).unwrap_or(text));
        let name = Words::new("unknown message", "未知报文");
        return (code, name, vec![part(text, 0..text.len(), name, false)]);
    };
    let id = known.id.len();
    let mut parts = vec![part(text, 0..id, Words::new("message", "报文"), false)];
    match known.id {
        "02" | "90" | "94" => {
            parts.push(part(text, id..text.len(), Words::new("key", "密钥"), true));
        }
        "70" | "Z60" | "Z62" | "Z63" | "76" => pin_request(text, id, &mut parts),
        "71" => result(text, id, PIN_ERRORS, &mut parts),
        "Z67" => result(text, id, MAC_RESULTS, &mut parts),
        "Z51" => parts.push(part(
            text,
            id..text.len(),
            Words::new("digits", "数字"),
            true,
        )),
        _ if text.len() > id => {
            parts.push(part(
                text,
                id..text.len(),
                Words::new("data", "数据"),
                false,
            ));
        }
        _ => {}
    }
    (known.id.to_owned(), known.words, parts)
}

/// A stretch of the text, placed in the frame.
fn part(text: &[u8], range: Range<usize>, name: Words, hidden: bool) -> Part {
    let bytes = text.get(range.clone()).unwrap_or_default();
    let text = if hidden {
        "***".to_owned()
    } else {
        readable(bytes)
    };
    Part {
        bytes: range.start + 1..range.end + 1,
        name,
        text,
        hidden,
    }
}

fn pin_request(text: &[u8], id: usize, parts: &mut Vec<Part>) {
    let from = if text.get(id) == Some(&b'.') {
        id + 1
    } else {
        id
    };
    let account_end = text
        .iter()
        .skip(from)
        .position(|b| *b == FS)
        .map_or(text.len(), |n| from + n);
    let account = text.get(from..account_end).unwrap_or_default();
    let masked = masked_account(&String::from_utf8_lossy(account));
    let name = Words::new("account", "卡号");
    parts.push(Part {
        bytes: from + 1..account_end + 1,
        name,
        text: masked,
        hidden: true,
    });
    if account_end < text.len() {
        let name = Words::new("working key and what follows", "工作密钥及其余");
        parts.push(part(text, account_end + 1..text.len(), name, false));
    }
}

fn result(text: &[u8], id: usize, table: &[(char, Words)], parts: &mut Vec<Part>) {
    let code = text.get(id).map(|b| char::from(*b));
    let known = table.iter().find(|(c, _)| Some(*c) == code);
    if let (Some((letter, words)), Some(_)) = (known, text.get(id)) {
        let text = format!("{letter} — {}", words.en);
        let name = Words::new("result", "结果");
        parts.push(Part {
            bytes: id + 1..id + 2,
            name,
            text,
            hidden: false,
        });
    }
    let from = if known.is_some() { id + 1 } else { id };
    if from < text.len() {
        parts.push(part(
            text,
            from..text.len(),
            Words::new("data", "数据"),
            false,
        ));
    }
}
