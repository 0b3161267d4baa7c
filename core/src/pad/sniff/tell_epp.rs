//! What an EPP frame says.

use super::{Part, masked_account};
use crate::pad::Words;
use crate::pad::epp::command::{COMMANDS, STATUSES, words};
use crate::pad::epp::frame::{Coding, Decoder, Received};
use crate::pad::traffic::Direction;
use std::ops::Range;

pub(super) fn tell(frame: &[u8], direction: Direction) -> (String, Words, Vec<Part>) {
    let mut received = Vec::new();
    let mut decoder = Decoder::new();
    frame.iter().for_each(|b| decoder.push(*b, &mut received));
    decoder.flush(&mut received);
    let Some(Received::Frame { coding, body }) = received.into_iter().next() else {
        let name = Words::new("unreadable", "无法解析");
        return ("?".to_owned(), name, Vec::new());
    };
    let (head, data) = body.split_first().map_or((0, &[][..]), |(h, d)| (*h, d));
    let (table, name) = match direction {
        Direction::ToPad => (COMMANDS, Words::new("command", "命令")),
        Direction::FromPad => (STATUSES, Words::new("status", "状态")),
    };
    let title = words(table, head).unwrap_or(Words::new("unknown", "未知"));
    let place = |range: Range<usize>| match coding {
        Coding::Hex => 1 + range.start * 2..1 + range.end * 2,
        Coding::Binary | Coding::BinaryEtx => 1 + range.start..1 + range.end,
    };
    let whole = body.len();
    let mut parts = vec![
        Part {
            bytes: place(0..1),
            name: Words::new("length", "长度"),
            text: whole.to_string(),
            hidden: false,
        },
        Part {
            bytes: place(1..2),
            name,
            text: format!("{head:02X} — {}", title.en),
            hidden: false,
        },
    ];
    if !data.is_empty() {
        let (name, text, hidden) = data_words(head, data, direction);
        parts.push(Part {
            bytes: place(2..whole + 1),
            name,
            text,
            hidden,
        });
    }
    parts.push(Part {
        bytes: place(whole + 1..whole + 2),
        name: Words::new("check", "校验"),
        text: String::new(),
        hidden: false,
    });
    (format!("{head:02X}"), title, parts)
}

fn data_words(head: u8, data: &[u8], direction: Direction) -> (Words, String, bool) {
    match (direction, head) {
        (Direction::ToPad, 0x32) => (Words::new("master key", "主密钥"), "***".to_owned(), true),
        (Direction::ToPad, 0x34) => {
            let digits = String::from_utf8_lossy(data);
            (
                Words::new("account", "卡号"),
                masked_account(&format!("{digits}?")),
                true,
            )
        }
        _ => (Words::new("data", "数据"), hex::encode_upper(data), false),
    }
}
