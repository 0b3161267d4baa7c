//! What a terminal shows, as data; the words stand here in both languages.

use super::kind::TradeKind;
use super::ledger::yuan;
use super::order::Impossible;
use super::response::Code;
use serde::Serialize;

/// A screen of the terminal or its PIN pad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "screen", rename_all = "kebab-case")]
pub enum Screen {
    /// Waiting for an order.
    Ready,
    /// The pad asks for a PIN.
    EnterPin {
        /// Amount in fen.
        amount: u64,
    },
    /// The PIN was wrong; once more.
    PinAgain {
        /// Which entry this is, from 2.
        entry: u8,
    },
    /// A call is being made.
    Connecting,
    /// Sign-on is running.
    SigningOn,
    /// Signed on.
    SignedOn {
        /// The batch in use.
        batch: u32,
    },
    /// Signed off.
    SignedOff,
    /// The host answered the echo test.
    EchoFine,
    /// A reversal is being sent.
    Reversing {
        /// The attempt, from 1.
        attempt: u8,
    },
    /// The reversal was answered.
    Reversed,
    /// The reversal was not answered; it will go out before the next trade.
    ReversalPending,
    /// Approved.
    Approved {
        /// What was approved.
        kind: TradeKind,
        /// Amount in fen.
        amount: u64,
    },
    /// Balance.
    Balance {
        /// Balance in fen.
        amount: i64,
    },
    /// Refused by a host.
    Refused {
        /// The response code.
        code: Code,
    },
    /// Refused by the terminal.
    Impossible {
        /// Why.
        why: Impossible,
    },
    /// The holder cancelled.
    Cancelled,
    /// No answer came.
    NoAnswer,
    /// The line is busy.
    LineBusy,
    /// Offline trades go out.
    Uploading {
        /// Accepted so far.
        done: u32,
        /// Of how many.
        of: u32,
    },
    /// Settlement is running.
    Settling,
    /// Settlement stopped; resume it.
    ResumeSettlement,
    /// The batch is settled.
    Settled {
        /// Whether both sides agreed.
        balanced: bool,
    },
    /// The case was opened.
    Tampered,
}

impl Screen {
    /// The screen's text in Chinese (`zh`) or English.
    pub fn text(&self, zh: bool) -> String {
        let say = |en: &str, cn: &str| if zh { cn.to_owned() } else { en.to_owned() };
        match *self {
            Screen::Ready => say("Ready", "欢迎使用"),
            Screen::EnterPin { amount } if zh => {
                format!("金额 {} 元，请输入密码", yuan(amount as i64))
            }
            Screen::EnterPin { amount } => format!("{} yuan. Enter PIN", yuan(amount as i64)),
            Screen::PinAgain { entry } if zh => format!("密码错，请再次输入（第 {entry} 次）"),
            Screen::PinAgain { entry } => format!("Wrong PIN. Enter again (entry {entry})"),
            Screen::Connecting => say("Connecting…", "正在通讯…"),
            Screen::SigningOn => say("Signing on…", "正在签到…"),
            Screen::SignedOn { batch } if zh => format!("签到成功，批次号 {batch:06}"),
            Screen::SignedOn { batch } => format!("Signed on, batch {batch:06}"),
            Screen::SignedOff => say("Signed off", "签退成功"),
            Screen::EchoFine => say("The line is fine", "线路测试成功"),
            Screen::Reversing { attempt } if zh => format!("正在冲正（第 {attempt} 次）"),
            Screen::Reversing { attempt } => format!("Reversing (attempt {attempt})"),
            Screen::Reversed => say("Reversed: no money has moved", "冲正成功"),
            Screen::ReversalPending => say(
                "Outcome unknown. A reversal is pending",
                "交易结果未知，待冲正",
            ),
            Screen::Approved { kind, amount } if zh => {
                format!("{}成功 {} 元", kind.zh(), yuan(amount as i64))
            }
            Screen::Approved { kind, amount } => {
                format!("Approved: {} {} yuan", kind.en(), yuan(amount as i64))
            }
            Screen::Balance { amount } if zh => format!("可用余额 {} 元", yuan(amount)),
            Screen::Balance { amount } => format!("Balance {} yuan", yuan(amount)),
            Screen::Refused { code } if zh => format!("{code} {}", code.words().1),
            Screen::Refused { code } => format!("{code} {}", code.words().0),
            Screen::Impossible { why } => impossible(why, zh).to_owned(),
            Screen::Cancelled => say("Cancelled", "交易取消"),
            Screen::NoAnswer => say("No answer from the host", "主机无应答"),
            Screen::LineBusy => say("Line busy. Nothing was sent", "线路忙，交易未发出"),
            Screen::Uploading { done, of } if zh => format!("批上送 {done}/{of}"),
            Screen::Uploading { done, of } => format!("Uploading {done} of {of}"),
            Screen::Settling => say("Settling…", "正在结算…"),
            Screen::ResumeSettlement => say(
                "Settlement not finished. Resume it",
                "结算未完成，请继续结算",
            ),
            Screen::Settled { balanced: true } => say("Settled, totals agree", "结算完成，对账平"),
            Screen::Settled { balanced: false } => {
                say("Settled, totals differ", "结算完成，对账不平")
            }
            Screen::Tampered => say("PIN pad opened: keys erased", "密码键盘被拆，密钥已清除"),
        }
    }
}

/// Why the terminal refuses, in words.
pub fn impossible(why: Impossible, zh: bool) -> &'static str {
    let (en, cn) = match why {
        Impossible::Settling => (
            "Settlement is running: finish it first",
            "正在结算，请先完成",
        ),
        Impossible::ReversalBlocks => (
            "A reversal is open: call the supervisor",
            "有未完成冲正，请联系主管",
        ),
        Impossible::JournalFull => ("Journal full: settle first", "流水已满，请先结算"),
        Impossible::SignOn => ("Sign-on failed", "签到失败"),
        Impossible::NoOriginal => ("No such original trade", "无原交易"),
        Impossible::NoKeys => ("The PIN pad has no keys", "密码键盘无密钥"),
        Impossible::Busy => ("Another trade is running", "终端忙"),
        Impossible::Nothing => ("Nothing to do", "无可操作"),
        Impossible::Card => ("The card refuses", "卡片拒绝"),
        Impossible::Pad => (
            "The PIN pad refuses or does not answer",
            "密码键盘拒绝或无应答",
        ),
    };
    if zh { cn } else { en }
}
