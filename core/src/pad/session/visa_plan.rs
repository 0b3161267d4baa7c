//! Tasks in the words of the VISA family.

use super::{
    Brought, Load, MacTask, Outcome, PinTask, Planned, Step, Task, TaskError, Under, check_pin,
    last,
};
use crate::pad::visa::Expect;
use crate::pad::visa::frame::{FS, Kind, SUB};
use crate::pad::visa::message::{MAC_RESULTS, PIN_ERRORS};
use crate::pad::{Protocol, Words};
use zeroize::Zeroizing;

pub(super) fn plan(task: &Task) -> Result<Vec<Planned>, TaskError> {
    match task {
        Task::Info => Ok(info()),
        Task::Display(text) => {
            let text = [b"Z2", &[SUB][..], text.replace('\n', " ").as_bytes()].concat();
            Ok(vec![must(Kind::Transaction, text, Expect::Ack)])
        }
        Task::Key { seconds } => {
            let text = format!("Z42{seconds:03}");
            Ok(vec![must(Kind::Transaction, text, Expect::Person)])
        }
        Task::Pin(pin) => pin_plan(pin),
        Task::Mac(mac) => mac_plan(mac),
        Task::Load(load) => load_plan(load),
    }
}

fn must(kind: Kind, text: impl Into<Vec<u8>>, expect: Expect) -> Planned {
    Planned::must(Step::Visa(kind, text.into(), expect))
}

/// Serial numbers, and which of the ten master keys are there.
fn info() -> Vec<Planned> {
    let ask = |text: String| Planned::may(Step::Visa(Kind::Admin, text.into(), Expect::Reply));
    let keys = (0..10).map(|n| ask(format!("04{n}")));
    [ask("06".to_owned())].into_iter().chain(keys).collect()
}

fn choose(master: u8) -> Result<Planned, TaskError> {
    match master {
        0..=9 => Ok(must(Kind::Admin, format!("08{master}"), Expect::End)),
        _ => Err(TaskError::Invalid(Words::new(
            "master keys are numbered 0 to 9",
            "主密钥编号为 0 至 9",
        ))),
    }
}

/// Z62 where there is something to show, Z60 where not.
fn pin_plan(pin: &PinTask) -> Result<Vec<Planned>, TaskError> {
    check_pin(pin)?;
    let fs = char::from(FS);
    let account = &pin.account;
    match &pin.under {
        Under::Sent { master, wrapped } if matches!(wrapped.len(), 8 | 16) => {
            let key = hex::encode_upper(wrapped);
            let request = if pin.prompt.is_empty() {
                format!("Z60.{account}{fs}{key}")
            } else {
                let (one, two) = pin.prompt.split_once('\n').unwrap_or((&pin.prompt, ""));
                let half_minutes = pin.seconds.div_ceil(30).clamp(1, 9);
                let limits = format!("{:02}{:02}N", pin.min, pin.max);
                let prompts = format!("{one}{fs}{two}{fs}PROCESSING{fs}{half_minutes}");
                format!("Z62.{account}{fs}{key}{limits}{prompts}")
            };
            Ok(vec![
                choose(*master)?,
                must(Kind::Transaction, request, Expect::Person),
            ])
        }
        Under::Sent { .. } => Err(TaskError::Invalid(Words::new(
            "a VISA working key has 8 or 16 bytes",
            "VISA 工作密钥为 8 或 16 字节",
        ))),
        Under::Dukpt { .. } => {
            let request = format!("Z60.{account}{fs}DUKPT ENCRYPTION");
            Ok(vec![must(Kind::Transaction, request, Expect::Person)])
        }
        Under::Stored { .. } => Err(unsupported(Words::new(
            "a stored working key",
            "已存储的工作密钥",
        ))),
    }
}

/// Packets of 112 bytes as 224 hex digits.
fn mac_plan(mac: &MacTask) -> Result<Vec<Planned>, TaskError> {
    let Under::Sent { master, wrapped } = &mac.under else {
        return Err(unsupported(Words::new(
            "a MAC without a working key",
            "不带工作密钥的 MAC",
        )));
    };
    if mac.data.is_empty() || mac.data.len() > 100 * 112 {
        return Err(TaskError::Invalid(Words::new(
            "a MAC takes 1 to 11200 bytes",
            "MAC 数据为 1 至 11200 字节",
        )));
    }
    let mut data = mac.data.clone();
    data.resize(data.len().next_multiple_of(8), 0);
    let key = hex::encode_upper(wrapped);
    let fs = char::from(FS);
    let count = data.chunks(112).count();
    let mut plan = vec![choose(*master)?];
    for (sequence, part) in data.chunks(112).enumerate() {
        let flag = if sequence + 1 == count { 6 } else { 7 };
        let part = hex::encode_upper(part);
        let text = format!("Z66{flag}{sequence:02}{fs}{key}{fs}{fs}{part}");
        plan.push(must(Kind::Transaction, text, Expect::Reply));
    }
    Ok(plan)
}

fn load_plan(load: &Load) -> Result<Vec<Planned>, TaskError> {
    match load {
        Load::Master { slot, key } if *slot <= 9 && matches!(key.len(), 8 | 16) => {
            let text = Zeroizing::new(format!("02{slot}{}", hex::encode_upper(&**key)));
            Ok(vec![
                must(Kind::Admin, text.as_bytes(), Expect::Echo),
                must(Kind::Admin, format!("04{slot}"), Expect::Reply),
            ])
        }
        Load::Master { .. } => Err(TaskError::Invalid(Words::new(
            "VISA master keys are 0 to 9, of 8 or 16 bytes",
            "VISA 主密钥编号 0 至 9，长 8 或 16 字节",
        ))),
        Load::Dukpt {
            register,
            initial,
            ksn,
        } => {
            let id = if *register == 0 { "90" } else { "94" };
            let key = Zeroizing::new(hex::encode_upper(**initial));
            let text = format!("{id}{}{}", *key, hex::encode_upper(ksn));
            Ok(vec![must(Kind::Transaction, text, Expect::Reply)])
        }
        Load::Working { .. } => Err(unsupported(Words::new(
            "storing a working key",
            "存储工作密钥",
        ))),
        Load::Wipe => Err(unsupported(Words::new("erasing all keys", "清除全部密钥"))),
    }
}

fn unsupported(wanted: Words) -> TaskError {
    TaskError::Unsupported {
        protocol: Protocol::Visa,
        wanted,
    }
}

/// Refusals are `71e`, `91e` and `Z67c`.
pub(super) fn judge(reply: Vec<u8>) -> Brought {
    let refused = |code: &[u8], table: &[(char, Words)]| {
        let code: String = code.iter().map(|b| char::from(*b)).collect();
        let last = code.chars().last().unwrap_or('?');
        let words = table.iter().find(|(c, _)| *c == last).map(|(_, w)| *w);
        let words = words.unwrap_or(Words::new("unknown error", "未知错误"));
        Err(TaskError::Refused { code, words })
    };
    match reply.as_slice() {
        [b'7', b'1', b'.' | b'0', ..] => Ok(reply),
        [b'7', b'1', ..] => refused(reply.get(..3).unwrap_or(&reply), PIN_ERRORS),
        [b'9', b'1', b'0', ..] => Ok(reply),
        [b'9', b'1', ..] => {
            let words = Words::new("the pad did not take the key", "密码键盘未接受密钥");
            Err(TaskError::Refused {
                code: "911".to_owned(),
                words,
            })
        }
        [b'Z', b'6', b'7', b'0' | b'1', ..] => Ok(reply),
        [b'Z', b'6', b'7', ..] => refused(reply.get(..4).unwrap_or(&reply), MAC_RESULTS),
        [b'Z', b'4', b'3', b'?'] => Err(TaskError::TimedOut),
        _ => Ok(reply),
    }
}

pub(super) fn outcome(task: &Task, brought: &[Brought]) -> Result<Outcome, TaskError> {
    match task {
        Task::Info => Ok(Outcome::Info(info_rows(brought))),
        Task::Display(_) => Ok(Outcome::Shown),
        Task::Key { .. } => match last(brought)? {
            [b'Z', b'4', b'3', letter] => Ok(Outcome::Key(key_name(*letter))),
            _ => Err(TaskError::Unreadable),
        },
        Task::Pin(_) => pin_block(last(brought)?),
        Task::Mac(_) => {
            let mac = last(brought)?.strip_prefix(b"Z670").and_then(eight);
            mac.map(Outcome::Mac).ok_or(TaskError::Unreadable)
        }
        Task::Load(Load::Master { .. }) => match last(brought)? {
            b"04F" => Ok(Outcome::Loaded { check: None }),
            _ => Err(TaskError::Unreadable),
        },
        Task::Load(_) => Ok(Outcome::Loaded { check: None }),
    }
}

fn info_rows(brought: &[Brought]) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    let mut present = Vec::new();
    for (index, reply) in brought.iter().enumerate() {
        match reply.as_deref() {
            Ok([b'0', b'6', serial @ ..]) => {
                rows.push((
                    "serial".to_owned(),
                    String::from_utf8_lossy(serial).into_owned(),
                ));
            }
            Ok([b'0', b'4', b'F', ..]) => present.push((index - 1).to_string()),
            _ => {}
        }
    }
    rows.push(("master-keys".to_owned(), present.join(" ")));
    rows
}

fn key_name(letter: u8) -> String {
    match letter {
        b'A'..=b'C' => format!("f{}", letter - b'A' + 1),
        b'*' => "cancel".to_owned(),
        b'#' => "enter".to_owned(),
        b'/' => "clear".to_owned(),
        other => char::from(other).to_string(),
    }
}

/// `71.0 LL 01 BLOCK`, `73.00000 KSN BLOCK`, `710 KSN BLOCK`.
fn pin_block(reply: &[u8]) -> Result<Outcome, TaskError> {
    let (block, ksn) = match reply {
        [b'7', b'1', b'.', b'0', _, _, _, _, block @ ..] => (block, None),
        [b'7', b'3', b'.', _, _, _, _, _, rest @ ..] | [b'7', b'1', b'0', rest @ ..] => {
            let at = rest.len().checked_sub(16).ok_or(TaskError::Unreadable)?;
            let (ksn, block) = rest.split_at(at);
            // The leading Fs were left out.
            (
                block,
                Some(format!("{:F>20}", String::from_utf8_lossy(ksn))),
            )
        }
        _ => return Err(TaskError::Unreadable),
    };
    let block = eight(block).ok_or(TaskError::Unreadable)?;
    Ok(Outcome::PinBlock { block, ksn })
}

fn eight(digits: &[u8]) -> Option<[u8; 8]> {
    hex::decode(digits).ok()?.try_into().ok()
}
