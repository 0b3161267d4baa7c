//! Tasks in the words of ABECS. It has no key loading: keys come from the factory. It has no MAC
//! either, but EBX enciphers in CBC mode, and the last block of a CBC chain is an X9.9 MAC.

use super::{
    Brought, MacTask, Outcome, PinTask, Planned, Step, Task, TaskError, Under, check_pin, last,
};
use crate::pad::abecs::field::{self, Form, field as row};
use crate::pad::abecs::request::{Reply, command, from_latin1, latin1, tagged};
use crate::pad::abecs::status::{self, meaning};
use crate::pad::{Protocol, Words};

pub(super) fn plan(task: &Task, opened: bool, secure: bool) -> Result<Vec<Planned>, TaskError> {
    let body = match task {
        Task::Info => vec![
            Planned::may(send(command("GIN", &[b"00"]))),
            Planned::may(send(b"GIX".to_vec())),
        ],
        Task::Display(text) => vec![Planned::must(send(display(text)))],
        Task::Key { seconds } => {
            let fields = [
                (field::CEXOPT, &b"100000"[..]),
                (field::TIMEOUT, &[*seconds][..]),
            ];
            vec![Planned::must(send(tagged("CEX", &fields)))]
        }
        Task::Pin(pin) => vec![Planned::must(send(gpn(pin)?))],
        Task::Mac(mac) => vec![Planned::must(send(ebx(mac)?))],
        Task::Load(_) => return Err(unsupported(Words::new("loading keys", "装载密钥"))),
    };
    let mut plan = vec![Planned::must(Step::Cancel)];
    match (opened, secure) {
        (true, _) => {}
        (false, true) => plan.push(Planned::must(Step::Secure)),
        (false, false) => plan.push(Planned::must(send(b"OPN".to_vec()))),
    }
    plan.extend(body);
    Ok(plan)
}

fn send(data: Vec<u8>) -> Step {
    Step::Abecs(data)
}

fn unsupported(wanted: Words) -> TaskError {
    TaskError::Unsupported {
        protocol: Protocol::Abecs,
        wanted,
    }
}

/// Two lines of sixteen where they suffice, free text otherwise.
fn display(text: &str) -> Vec<u8> {
    let lines: Vec<&str> = text.split('\n').collect();
    if lines.len() <= 2 && lines.iter().all(|line| line.chars().count() <= 16) {
        let one = lines.first().copied().unwrap_or_default();
        let two = lines.get(1).copied().unwrap_or_default();
        return command("DSP", &[&latin1(&format!("{one:<16}{two:<16}"))]);
    }
    let mut message = latin1(&lines.join("\r"));
    message.truncate(160);
    let block = [format!("{:03}", message.len()).into_bytes(), message].concat();
    command("DEX", &[&block])
}

fn gpn(pin: &PinTask) -> Result<Vec<u8>, TaskError> {
    check_pin(pin)?;
    let (method, index, key) = match &pin.under {
        Under::Sent { master, wrapped } if wrapped.len() == 16 => {
            ('1', *master, hex::encode_upper(wrapped))
        }
        Under::Sent { .. } => {
            return Err(TaskError::Invalid(Words::new(
                "an ABECS working key has 16 bytes",
                "ABECS 工作密钥为 16 字节",
            )));
        }
        Under::Dukpt { index } => ('3', *index, "0".repeat(32)),
        Under::Stored { .. } => {
            return Err(unsupported(Words::new(
                "a stored working key",
                "已存储的工作密钥",
            )));
        }
    };
    let prompt = if pin.prompt.is_empty() {
        "DIGITE A SENHA"
    } else {
        &pin.prompt
    };
    let mut lines = prompt.split('\n');
    let (one, two) = (
        lines.next().unwrap_or_default(),
        lines.next().unwrap_or_default(),
    );
    let block = format!(
        "{method}{index:02}{key}{:02}{:<19}1{:02}{:02}{one:<16.16}{two:<16.16}",
        pin.account.len(),
        pin.account,
        pin.min,
        pin.max
    );
    Ok(command("GPN", &[&latin1(&block)]))
}

/// Data in whole blocks through a CBC chain from zero.
fn ebx(mac: &MacTask) -> Result<Vec<u8>, TaskError> {
    let Under::Sent { master, wrapped } = &mac.under else {
        return Err(unsupported(Words::new(
            "a MAC without a working key",
            "不带工作密钥的 MAC",
        )));
    };
    // A single key goes in both halves of a double one.
    let key = match wrapped.len() {
        8 => wrapped.repeat(2),
        16 => wrapped.clone(),
        _ => {
            return Err(TaskError::Invalid(Words::new(
                "an ABECS working key has 8 or 16 bytes",
                "ABECS 工作密钥为 8 或 16 字节",
            )));
        }
    };
    if mac.data.is_empty() || mac.data.len() > 256 {
        return Err(TaskError::Invalid(Words::new(
            "an ABECS pad chains 1 to 256 bytes",
            "ABECS 键盘一次链接 1 至 256 字节",
        )));
    }
    let mut data = mac.data.clone();
    data.resize(data.len().next_multiple_of(8), 0);
    let index = format!("{master:02}");
    let fields = [
        (field::DATAIN, data.as_slice()),
        (field::MTHDDAT, b"11"),
        (field::KEYIDX, index.as_bytes()),
        (field::WKENC, &key),
        (field::IVCBC, &[0; 8]),
    ];
    Ok(tagged("EBX", &fields))
}

/// A reply with status 000.
pub(super) fn judge(reply: Vec<u8>) -> Brought {
    let read = Reply::read(&reply).ok_or(TaskError::Unreadable)?;
    match read.status {
        status::OK => Ok(reply),
        status::CANCEL => Err(TaskError::Cancelled),
        status::TIMEOUT => Err(TaskError::TimedOut),
        code => {
            let words =
                meaning(code).map_or(Words::new("unknown status", "未知状态"), |m| m.words);
            Err(TaskError::Refused {
                code: format!("{code:03}"),
                words,
            })
        }
    }
}

/// The same, and the reply belongs to the command (`ERR` never has status 000).
pub(super) fn judge_reply(sent: &[u8], reply: Vec<u8>) -> Brought {
    let reply = judge(reply)?;
    match reply.get(..3) == sent.get(..3) {
        true => Ok(reply),
        false => Err(TaskError::Unreadable),
    }
}

pub(super) fn outcome(task: &Task, brought: &[Brought]) -> Result<Outcome, TaskError> {
    match task {
        Task::Info => Ok(Outcome::Info(info(brought))),
        Task::Display(_) => Ok(Outcome::Shown),
        Task::Key { .. } => {
            let reply = Reply::read(last(brought)?).ok_or(TaskError::Unreadable)?;
            let fields = reply.blocks.first().and_then(|b| field::decode(b));
            let fields = fields.ok_or(TaskError::Unreadable)?;
            let event = fields
                .iter()
                .find(|(id, _)| *id == field::EVENT)
                .map(|(_, v)| *v);
            let name = match event.ok_or(TaskError::Unreadable)? {
                b"00" => "enter",
                b"02" => "up",
                b"03" => "down",
                b"04" => "f1",
                b"05" => "f2",
                b"06" => "f3",
                b"07" => "f4",
                b"08" => "clear",
                b"13" => "cancel",
                _ => return Err(TaskError::Unreadable),
            };
            Ok(Outcome::Key(name.to_owned()))
        }
        Task::Pin(pin) => pin_block(pin, last(brought)?),
        Task::Mac(_) => {
            let reply = Reply::read(last(brought)?).ok_or(TaskError::Unreadable)?;
            let fields = reply.blocks.first().and_then(|b| field::decode(b));
            let fields = fields.ok_or(TaskError::Unreadable)?;
            let out = fields.iter().find(|(id, _)| *id == field::DATAOUT);
            out.and_then(|(_, data)| data.last_chunk::<8>())
                .map(|mac| Outcome::Mac(*mac))
                .ok_or(TaskError::Unreadable)
        }
        Task::Load(_) => Err(TaskError::Unreadable),
    }
}

fn pin_block(pin: &PinTask, reply: &[u8]) -> Result<Outcome, TaskError> {
    let reply = Reply::read(reply).ok_or(TaskError::Unreadable)?;
    let block = reply.blocks.first().ok_or(TaskError::Unreadable)?;
    let (pin_block, ksn) = block.split_at_checked(16).ok_or(TaskError::Unreadable)?;
    let pin_block = hex::decode(pin_block).map_err(|_| TaskError::Unreadable)?;
    let ksn = matches!(pin.under, Under::Dukpt { .. }).then(|| from_latin1(ksn));
    match <[u8; 8]>::try_from(pin_block.as_slice()) {
        Ok(block) => Ok(Outcome::PinBlock { block, ksn }),
        Err(_) => Err(TaskError::Unreadable),
    }
}

/// The fields of GIX by their names; the fixed record of GIN where the pad has no GIX.
fn info(brought: &[Brought]) -> Vec<(String, String)> {
    let replies = brought.iter().filter_map(|b| Reply::read(b.as_ref().ok()?));
    let mut rows = Vec::new();
    for reply in replies {
        match &reply.id {
            b"GIN" => rows.extend(gin(&reply)),
            b"GIX" => {
                rows.clear();
                let blocks = reply.blocks.iter().filter_map(|b| field::decode(b));
                rows.extend(blocks.flatten().map(|(id, value)| gix(id, value)));
            }
            _ => {}
        }
    }
    rows
}

fn gix(id: u16, value: &[u8]) -> (String, String) {
    let known = row(id);
    let name = known.map_or_else(|| format!("{id:04X}"), |f| f.name.to_lowercase());
    let value = match known.map(|f| f.form) {
        Some(Form::Text) => from_latin1(value).trim_end().to_owned(),
        _ => hex::encode_upper(value),
    };
    (name, value)
}

fn gin(reply: &Reply) -> Vec<(String, String)> {
    let text = reply
        .blocks
        .first()
        .map(|b| from_latin1(b))
        .unwrap_or_default();
    let columns = [
        ("mnname", 0..20),
        ("model", 20..39),
        ("sover", 40..60),
        ("specver", 60..64),
        ("manvers", 64..80),
        ("sernum", 80..100),
    ];
    let cell = |range: std::ops::Range<usize>| {
        text.chars()
            .skip(range.start)
            .take(range.len())
            .collect::<String>()
            .trim()
            .to_owned()
    };
    columns
        .into_iter()
        .map(|(name, range)| (name.to_owned(), cell(range)))
        .collect()
}
