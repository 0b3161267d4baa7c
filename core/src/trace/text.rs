//! A line of text per event, like a logbook: time, box, what; in English or Chinese.

use super::{Event, What, name};
use crate::node::clock::civil;
use crate::node::ledger::yuan;
use crate::node::{Entry, NodeId, Operation, Outcome, impossible};
use std::fmt::Write;

/// The event as a line in English.
pub fn line(event: &Event) -> String {
    render(event, false)
}

/// The event as a line in Chinese.
pub fn line_zh(event: &Event) -> String {
    render(event, true)
}

/// From 09:30, when the world begins, to its first midnight.
const TO_MIDNIGHT: u64 = (14 * 60 + 30) * 60_000;

/// The event in words, without its time and box; in Chinese (`zh`) or English.
pub fn said(event: &Event, zh: bool) -> String {
    what(&event.what, zh)
}

fn render(event: &Event, zh: bool) -> String {
    let c = civil(event.at_ms);
    // The day is said only once it is another than the first.
    let day = if event.at_ms < TO_MIDNIGHT {
        String::new()
    } else {
        format!("{:02}-{:02} ", c.month, c.day)
    };
    let time = format!(
        "{day}{:02}:{:02}:{:02}.{:03}",
        c.hour,
        c.minute,
        c.second,
        event.at_ms % 1000
    );
    let node = box_name(event.node, zh);
    let text = what(&event.what, zh);
    let mut lines = text.lines();
    let mut out = format!("{time}  {node}  {}", lines.next().unwrap_or_default());
    for more in lines {
        let _ = write!(
            out,
            "\n{:width$}{more}",
            "",
            width = time.len() + if zh { 18 } else { 14 }
        );
    }
    out
}

fn what(what: &What, zh: bool) -> String {
    let pick = |en: &str, cn: &str| if zh { cn.to_owned() } else { en.to_owned() };
    match what {
        What::Order {
            order,
            operation,
            card,
            entry,
            amount,
        } => {
            let name = operation_name(*operation, zh);
            let card = card.as_deref().map_or(String::new(), |c| {
                format!(" {c} {}", entry_name(*entry, zh))
            });
            let money = if *amount > 0 {
                format!(" {}", yuan(*amount as i64))
            } else {
                String::new()
            };
            format!("{} {order}: {name}{money}{}", pick("order", "指令"), card)
        }
        What::Outcome { order, outcome } => {
            format!(
                "{} {order}: {}",
                pick("outcome of order", "指令结果"),
                outcome_text(*outcome, zh)
            )
        }
        What::Screen { screen } => format!("{} \"{}\"", pick("shows", "显示"), screen.text(zh)),
        What::Print { slip } => {
            let mut out = pick("prints", "打印");
            for line in slip.text(zh).lines() {
                let _ = write!(out, "\n| {line}");
            }
            out
        }
        What::KeyLoaded { key, kcv } => {
            format!(
                "{} {key}, {} {kcv}",
                pick("loads key", "装载密钥"),
                pick("check value", "校验值")
            )
        }
        What::KeysErased => pick("keys erased", "密钥已清除"),
        What::Persist { record } => format!("{} {}", pick("writes", "写入"), name(record, zh)),
        What::PadFrame {
            to,
            code,
            title,
            frame,
            ..
        } => format!(
            "-> {}: {code} {}, {} {}",
            box_name(*to, zh).trim_end(),
            pick(title.en, title.zh),
            frame.len() / 2,
            pick("bytes", "字节")
        ),
        What::Send {
            to,
            mti,
            stan,
            frame,
            msg,
        } => format!(
            "-> {}: {mti} {} {stan:06}, {} {}  #{msg}",
            box_name(*to, zh).trim_end(),
            pick("trace", "流水号"),
            frame.len() / 2,
            pick("bytes", "字节")
        ),
        What::Deliver {
            from,
            mti,
            stan,
            msg,
            frame,
        } => {
            let changed = if frame.is_some() {
                pick(", changed on the way", "，途中被改")
            } else {
                String::new()
            };
            format!(
                "<- {}: {mti} {} {stan:06}  #{msg}{changed}",
                box_name(*from, zh).trim_end(),
                pick("trace", "流水号")
            )
        }
        What::Fault { fault, msg } => {
            let hit = msg.map_or(String::new(), |m| format!("  #{m}"));
            format!("{} {fault}{hit}", pick("FAULT", "故障"))
        }
        What::Timer { .. } => pick("the wait is over", "等待超时"),
        What::State { from, to } => format!("{} => {}", name(from, zh), name(to, zh)),
        What::Journal {
            stan,
            rrn,
            amount,
            status,
        } => {
            let rrn = rrn.map_or(String::new(), |r| format!(" ({r:012})"));
            let amount = yuan(*amount as i64);
            format!(
                "{}: {stan:06}{rrn} {amount} {}",
                pick("journal", "流水"),
                name(status, zh)
            )
        }
        What::Ledger { rrn, legs, reason } => {
            let (en, cn) = reason.words();
            let mut out = pick("ledger", "账务") + ":";
            if *rrn != 0 {
                let _ = write!(out, " {rrn:012}");
            }
            let _ = write!(out, " {}", pick(en, cn));
            for (account, fen) in legs {
                let _ = write!(
                    out,
                    ", {} {}{}",
                    account.name(zh),
                    if *fen > 0 { "+" } else { "" },
                    yuan(*fen)
                );
            }
            out
        }
        What::Decision { code, why, .. } => {
            let (en, cn) = code.words();
            format!(
                "{} {code} {} ({})",
                pick("decides", "决定"),
                pick(en, cn),
                name(why, zh)
            )
        }
        What::Property {
            name,
            holds,
            detail,
        } => {
            let verdict = if *holds {
                pick("holds", "成立")
            } else {
                pick("IS BROKEN", "被破坏")
            };
            let detail = match detail.words(zh) {
                words if words.is_empty() => words,
                words => format!("{}{words}", pick(": ", "：")),
            };
            format!("{name} {verdict}{detail}")
        }
        What::Note { note } => {
            let (en, cn) = note.words();
            pick(en, cn)
        }
    }
}

/// The box's name in a column of ten, or of fourteen where a Chinese character takes two.
fn box_name(node: NodeId, zh: bool) -> String {
    if !zh {
        return format!("{:<10}", node.to_string());
    }
    let number = match node {
        NodeId::Terminal(k) | NodeId::PinPad(k) if k > 0 => format!("-{}", k + 1),
        _ => String::new(),
    };
    let text = format!("{}{number}", node.zh());
    let columns: usize = text.chars().map(|c| 1 + usize::from(!c.is_ascii())).sum();
    format!("{text}{}", " ".repeat(14_usize.saturating_sub(columns)))
}

fn entry_name(entry: Entry, zh: bool) -> &'static str {
    let (en, cn) = match entry {
        Entry::Chip => ("chip", "插卡"),
        Entry::Tap => ("tap", "挥卡"),
        Entry::Swipe => ("swipe", "刷卡"),
        Entry::Fallback => ("fallback", "降级刷卡"),
        Entry::Manual => ("manual", "手输"),
    };
    if zh { cn } else { en }
}

fn operation_name(operation: Operation, zh: bool) -> &'static str {
    let (en, cn) = match operation {
        Operation::SignOn => ("sign on", "签到"),
        Operation::SignOff => ("sign off", "签退"),
        Operation::Echo => ("echo test", "回响测试"),
        Operation::Trade(kind) => (kind.en(), kind.zh()),
        Operation::Settle => ("settle", "结算"),
        Operation::CancelSettle => ("cancel settlement", "取消结算"),
        Operation::DropReversal => ("drop reversal", "放弃冲正"),
        Operation::Reprint => ("reprint", "重打印"),
        Operation::InjectKey => ("inject master key", "注入主密钥"),
    };
    if zh { cn } else { en }
}

fn outcome_text(outcome: Outcome, zh: bool) -> String {
    let (en, cn) = match outcome {
        Outcome::Approved(code) => {
            return if zh {
                format!("成功 {code} {}", code.words().1)
            } else {
                format!("approved, {code} {}", code.words().0)
            };
        }
        Outcome::Refused(code) => {
            return if zh {
                format!("拒绝 {code} {}", code.words().1)
            } else {
                format!("refused, {code} {}", code.words().0)
            };
        }
        Outcome::Impossible(why) => return impossible(why, zh).to_owned(),
        Outcome::Done => ("done", "完成"),
        Outcome::Cancelled => ("cancelled", "取消"),
        Outcome::Unknown => ("unknown, a reversal is owed", "未知，待冲正"),
        Outcome::Reversed => ("reversed, no money has moved", "已冲正，资金未动"),
        Outcome::Kept => ("kept, sent again later", "已保留，稍后重发"),
        Outcome::NotSent => ("nothing was sent", "未发出"),
        Outcome::Settled => ("settled", "已结算"),
        Outcome::Interrupted => ("interrupted, to be resumed", "中断，待继续"),
    };
    if zh { cn.to_owned() } else { en.to_owned() }
}
