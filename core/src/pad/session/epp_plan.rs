//! Tasks in the words of the EPP family.

use super::{
    Brought, Load, Outcome, PinTask, Planned, Step, Task, TaskError, Under, check_pin, last,
};
use crate::pad::epp::command::{OK, STATUSES, words};
use crate::pad::{Protocol, Words};

pub(super) fn plan(task: &Task) -> Result<Vec<Planned>, TaskError> {
    match task {
        Task::Info => Ok(vec![
            Planned::must(Step::Epp(0x30, vec![])),
            Planned::may(Step::Epp(0x38, vec![])),
        ]),
        Task::Display(_) => Err(unsupported(Words::new("text on a display", "显示文字"))),
        Task::Key { .. } => Err(unsupported(Words::new(
            "a key that is no secret",
            "读取非密按键",
        ))),
        Task::Pin(pin) => pin_plan(pin),
        Task::Mac(mac) => {
            if !(5..=247).contains(&mac.data.len()) {
                return Err(TaskError::Invalid(Words::new(
                    "an EPP computes a MAC over 5 to 247 bytes",
                    "EPP 的 MAC 数据为 5 至 247 字节",
                )));
            }
            let mut plan = key_plan(&mac.under)?;
            plan.push(must(0x41, &mac.data));
            Ok(plan)
        }
        Task::Load(load) => load_plan(load),
    }
}

fn must(command: u8, data: &[u8]) -> Planned {
    Planned::must(Step::Epp(command, data.to_vec()))
}

fn unsupported(wanted: Words) -> TaskError {
    TaskError::Unsupported {
        protocol: Protocol::Epp,
        wanted,
    }
}

/// A key that comes along is put at working place 0 of its master, then made active.
fn key_plan(under: &Under) -> Result<Vec<Planned>, TaskError> {
    let triple = must(0x46, &[0x01, 0x30]);
    match under {
        Under::Sent { master, wrapped } if wrapped.len() == 8 => {
            let load = must(0x33, &[&[*master, 0][..], wrapped].concat());
            let single = must(0x46, &[0x01, 0x20]);
            Ok(vec![load, single, must(0x43, &[*master, 0])])
        }
        Under::Sent { master, wrapped } => {
            let load = must(0x33, &[&[*master, 0][..], wrapped].concat());
            Ok(vec![load, triple, must(0x43, &[*master, 0])])
        }
        Under::Stored { master, slot } => Ok(vec![triple, must(0x43, &[*master, *slot])]),
        Under::Dukpt { .. } => Err(unsupported(Words::new("DUKPT", "DUKPT"))),
    }
}

fn pin_plan(pin: &PinTask) -> Result<Vec<Planned>, TaskError> {
    check_pin(pin)?;
    let body = pin.account.len() - 1;
    let digits = format!("{:0>12}", pin.account.get(..body).unwrap_or_default());
    let twelve = digits
        .get(digits.len().saturating_sub(12)..)
        .unwrap_or_default();
    let mut plan = key_plan(&pin.under)?;
    plan.push(must(0x34, twelve.as_bytes()));
    plan.push(must(0x46, &[0x05, 0x00]));
    plan.push(must(0x35, &[pin.max, 0x01, 0x01, 0x00, pin.seconds]));
    plan.push(Planned::must(Step::Keys));
    plan.push(must(0x42, &[]));
    plan.push(Planned::may(Step::Epp(0x45, vec![0])));
    Ok(plan)
}

fn load_plan(load: &Load) -> Result<Vec<Planned>, TaskError> {
    match load {
        Load::Master { slot, key } if *slot <= 15 && matches!(key.len(), 8 | 16 | 24) => {
            let algorithm = if key.len() == 8 { 0x20 } else { 0x30 };
            Ok(vec![
                must(0x46, &[0x00, algorithm]),
                must(0x32, &[&[*slot][..], key.as_slice()].concat()),
            ])
        }
        Load::Master { .. } => Err(TaskError::Invalid(Words::new(
            "EPP master keys are 0 to 15, of 8, 16 or 24 bytes",
            "EPP 主密钥编号 0 至 15，长 8、16 或 24 字节",
        ))),
        Load::Working {
            master,
            slot,
            wrapped,
        } if *slot < 0x40 => Ok(vec![must(
            0x33,
            &[&[*master, slot | 0x40][..], wrapped].concat(),
        )]),
        Load::Working { .. } => Err(TaskError::Invalid(Words::new(
            "working keys are numbered 0 to 63",
            "工作密钥编号为 0 至 63",
        ))),
        Load::Dukpt { .. } => Err(unsupported(Words::new("DUKPT", "DUKPT"))),
        Load::Wipe => Ok(vec![must(0x31, &[0x38])]),
    }
}

/// Drivers take 04 and A4 for yes.
pub(super) fn judge(reply: Vec<u8>) -> Brought {
    match reply.first() {
        Some(&OK | &0xA4 | &0xC4) => Ok(reply),
        Some(0x80) => Err(TaskError::TimedOut),
        Some(code) => {
            let unknown = Words::new("unknown status", "未知状态");
            let words = words(STATUSES, *code).unwrap_or(unknown);
            Err(TaskError::Refused {
                code: format!("{code:02X}"),
                words,
            })
        }
        None => Err(TaskError::Unreadable),
    }
}

pub(super) fn outcome(task: &Task, brought: &[Brought]) -> Result<Outcome, TaskError> {
    match task {
        Task::Info => Ok(Outcome::Info(info(brought))),
        // Behind the block stands only the keyboard's closing.
        Task::Pin(_) => {
            let upto = brought.len().saturating_sub(1);
            let block = eight(last(brought.get(..upto).unwrap_or_default())?)?;
            Ok(Outcome::PinBlock { block, ksn: None })
        }
        Task::Mac(_) => Ok(Outcome::Mac(eight(last(brought)?)?)),
        Task::Load(_) => {
            let check = match last(brought)? {
                [_, a, b, c, d] => Some(hex::encode_upper([a, b, c, d].map(|byte| *byte))),
                _ => None,
            };
            Ok(Outcome::Loaded { check })
        }
        Task::Display(_) | Task::Key { .. } => Err(TaskError::Unreadable),
    }
}

fn eight(reply: &[u8]) -> Result<[u8; 8], TaskError> {
    reply
        .get(1..)
        .and_then(|data| data.try_into().ok())
        .ok_or(TaskError::Unreadable)
}

/// Sixteen characters of version, four BCD bytes of serial, four of chip, two of charge time.
fn info(brought: &[Brought]) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    if let Some(Ok(reply)) = brought.first() {
        let data = reply.get(1..).unwrap_or_default();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        rows.push(("version".to_owned(), text(data.get(..16).unwrap_or(data))));
        for (name, range) in [("serial", 16..20), ("chip", 20..24)] {
            if let Some(bytes) = data.get(range) {
                rows.push((name.to_owned(), hex::encode_upper(bytes)));
            }
        }
    }
    if let Some(Ok(reply)) = brought.get(1) {
        let serial = hex::encode_upper(reply.get(1..).unwrap_or_default());
        rows.push(("serial-number".to_owned(), serial));
    }
    rows
}
