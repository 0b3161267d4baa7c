//! Paper: receipts and settlement slips, text with a layout, in both languages.

use super::clearing::{Positions, Statement};
use super::clock::civil;
use super::id::Millis;
use super::kind::TradeKind;
use super::ledger::yuan;
use super::response::Code;
use super::totals::Totals;
use serde::Serialize;

/// A printed slip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "slip", rename_all = "kebab-case")]
pub enum Slip {
    /// The receipt of a trade.
    Trade {
        /// Merchant id.
        mid: String,
        /// Terminal id.
        tid: String,
        /// What was done.
        kind: TradeKind,
        /// The card, masked.
        pan: String,
        /// Batch.
        batch: u32,
        /// Trace number.
        trace: u32,
        /// Reference number.
        rrn: Option<u64>,
        /// Authorisation code.
        auth: Option<String>,
        /// Amount in fen.
        amount: u64,
        /// What was asked for, when less was approved.
        asked: Option<u64>,
        /// Response code.
        code: Code,
        /// When.
        at: Millis,
        /// Printed again.
        duplicate: bool,
    },
    /// A reversal that nobody answered.
    ReversalGivenUp {
        /// Terminal id.
        tid: String,
        /// Batch.
        batch: u32,
        /// Trace number.
        trace: u32,
        /// Amount in fen.
        amount: u64,
    },
    /// The settlement slip.
    Settlement {
        /// Merchant id.
        mid: String,
        /// Terminal id.
        tid: String,
        /// The batch that was settled.
        batch: u32,
        /// The terminal's totals: domestic, foreign.
        own: [Totals; 2],
        /// The host's totals.
        host: [Totals; 2],
        /// The host's flags.
        flags: [u8; 2],
        /// Trace numbers the host refused.
        refused: Vec<u32>,
        /// When.
        at: Millis,
    },
    /// The net positions of a day, printed by clearing.
    Positions(Positions),
    /// A merchant's bank reconciliation statement.
    Statement(Statement),
}

const WIDTH: usize = 32;

impl Slip {
    /// The slip as lines of text in Chinese (`zh`) or English.
    pub fn text(&self, zh: bool) -> String {
        let mut out = Vec::new();
        match self {
            Slip::Trade { .. } => self.trade(zh, &mut out),
            Slip::ReversalGivenUp {
                tid,
                batch,
                trace,
                amount,
            } => {
                out.push(centre(if zh {
                    "冲正不成功"
                } else {
                    "REVERSAL NOT ANSWERED"
                }));
                out.push(pair(pick(zh, "TERMINAL", "终端号"), tid));
                out.push(pair(pick(zh, "BATCH", "批次号"), &format!("{batch:06}")));
                out.push(pair(pick(zh, "TRACE", "凭证号"), &format!("{trace:06}")));
                out.push(pair(pick(zh, "AMOUNT", "金额"), &yuan(*amount as i64)));
                out.push(
                    pick(
                        zh,
                        "Ask the acquirer before refunding.",
                        "请与收单机构核实。",
                    )
                    .into(),
                );
            }
            Slip::Settlement { .. } => self.settlement(zh, &mut out),
            Slip::Positions(positions) => return positions.text(zh),
            Slip::Statement(statement) => return statement.text(zh),
        }
        out.join("\n")
    }

    fn trade(&self, zh: bool, out: &mut Vec<String>) {
        let Slip::Trade {
            mid,
            tid,
            kind,
            pan,
            batch,
            trace,
            rrn,
            auth,
            amount,
            asked,
            code,
            at,
            duplicate,
        } = self
        else {
            return;
        };
        out.push(centre(pick(zh, "UNIONPAY POS RECEIPT", "银联 POS 签购单")));
        if *duplicate {
            out.push(centre(pick(zh, "DUPLICATE", "重打印")));
        }
        out.push(pair(pick(zh, "MERCHANT", "商户号"), mid));
        out.push(pair(pick(zh, "TERMINAL", "终端号"), tid));
        out.push(pair(pick(zh, "CARD", "卡号"), pan));
        out.push(pair(
            pick(zh, "TRADE", "交易类型"),
            pick(zh, kind.en(), kind.zh()),
        ));
        out.push(pair(pick(zh, "BATCH", "批次号"), &format!("{batch:06}")));
        out.push(pair(pick(zh, "TRACE", "凭证号"), &format!("{trace:06}")));
        if let Some(rrn) = rrn {
            out.push(pair(pick(zh, "REFERENCE", "参考号"), &format!("{rrn:012}")));
        }
        if let Some(auth) = auth {
            out.push(pair(pick(zh, "AUTH CODE", "授权码"), auth));
        }
        out.push(pair(pick(zh, "DATE", "日期时间"), &stamp(*at)));
        if let Some(asked) = asked {
            out.push(pair(pick(zh, "ASKED", "原金额"), &yuan(*asked as i64)));
            out.push(pair(pick(zh, "APPROVED PART", "部分批准"), code.as_str()));
        }
        out.push(pair(
            pick(zh, "AMOUNT RMB", "金额 RMB"),
            &yuan(*amount as i64),
        ));
    }

    fn settlement(&self, zh: bool, out: &mut Vec<String>) {
        let Slip::Settlement {
            mid,
            tid,
            batch,
            own,
            host,
            flags,
            refused,
            at,
        } = self
        else {
            return;
        };
        out.push(centre(pick(zh, "SETTLEMENT", "结算单")));
        out.push(pair(pick(zh, "MERCHANT", "商户号"), mid));
        out.push(pair(pick(zh, "TERMINAL", "终端号"), tid));
        out.push(pair(pick(zh, "BATCH", "批次号"), &format!("{batch:06}")));
        out.push(pair(pick(zh, "DATE", "日期时间"), &stamp(*at)));
        let sides = [pick(zh, "DOMESTIC", "内卡"), pick(zh, "FOREIGN", "外卡")];
        for ((side, (ours, theirs)), flag) in sides.iter().zip(own.iter().zip(host)).zip(flags) {
            let verdict = match flag {
                1 => pick(zh, "agrees", "对账平"),
                2 => pick(zh, "differs", "对账不平"),
                _ => pick(zh, "error", "对账错"),
            };
            out.push(pair(side, verdict));
            for (name, t) in [
                (pick(zh, "terminal", "终端"), ours),
                (pick(zh, "host", "主机"), theirs),
            ] {
                out.push(pair(
                    &format!(" {name} +{}", t.debit_count),
                    &yuan(t.debit_amount as i64),
                ));
                out.push(pair(
                    &format!(" {name} -{}", t.credit_count),
                    &yuan(t.credit_amount as i64),
                ));
            }
        }
        for trace in refused {
            out.push(pair(
                pick(zh, "REFUSED TRACE", "拒绝的凭证号"),
                &format!("{trace:06}"),
            ));
        }
    }
}

/// The text in the language asked for.
pub(super) fn pick<'a>(zh: bool, en: &'a str, cn: &'a str) -> &'a str {
    if zh { cn } else { en }
}

/// Date and time as paper shows them.
pub(super) fn stamp(at: Millis) -> String {
    let c = civil(at);
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
        c.year, c.month, c.day, c.hour, c.minute, c.second
    )
}

/// Columns a text takes on paper: a Chinese character takes two.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// The text in the middle of the paper.
pub(super) fn centre(text: &str) -> String {
    format!(
        "{}{text}",
        " ".repeat(WIDTH.saturating_sub(columns(text)) / 2)
    )
}

/// A label on the left and a value on the right.
pub(super) fn pair(label: &str, value: &str) -> String {
    let gap = WIDTH.saturating_sub(columns(label) + columns(value)).max(1);
    format!("{label}{}{value}", " ".repeat(gap))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_the_width_in_both_languages() {
        let slip = Slip::ReversalGivenUp {
            tid: "10000001".into(),
            batch: 1,
            trace: 7,
            amount: 1200,
        };
        for zh in [false, true] {
            for line in slip.text(zh).lines().skip(1).take(4) {
                assert_eq!(columns(line), WIDTH, "{line}");
            }
        }
    }
}
