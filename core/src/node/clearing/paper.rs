//! The papers of clearing as lines of text, in both languages.

use super::report::{Position, Positions, Statement, Transit};
use crate::node::ledger::{Fen, yuan};
use crate::node::slip::{centre, pair, pick, stamp};

/// Money with its sign: what is received has a plus.
fn signed(fen: Fen) -> String {
    format!("{}{}", if fen > 0 { "+" } else { "" }, yuan(fen))
}

impl Positions {
    /// The positions as text.
    pub fn text(&self, zh: bool) -> String {
        let mode = self.mode.words();
        let mut out = vec![
            centre(pick(zh, "NET POSITIONS OF THE DAY", "当日清算净额")),
            pair(pick(zh, "CUT-OFF", "日切时间"), &stamp(self.at)),
            pair(pick(zh, "TRADES", "笔数"), &self.count.to_string()),
            pick(zh, mode.0, mode.1).to_owned(),
        ];
        for position in &self.members {
            position.lines(zh, &mut out);
        }
        let zero = yuan(self.rest());
        out.push(pair(pick(zh, "SUM OF THE NETS", "净额合计"), &zero));
        if self.members.len() == 3 {
            for position in &self.merchants {
                position.lines(zh, &mut out);
            }
        }
        for open in &self.open {
            let words = open.doubt.words();
            out.push(pair(
                &format!("{:012}", open.rrn),
                pick(zh, words.0, words.1),
            ));
            for (name, fen) in [
                (pick(zh, " switch", " 交换中心"), open.switch),
                (pick(zh, " issuer", " 发卡行"), open.issuer),
                (pick(zh, " acquirer", " 收单机构"), open.acquirer),
            ] {
                out.push(pair(name, &signed(fen)));
            }
        }
        out.join("\n")
    }
}

impl Position {
    fn lines(&self, zh: bool, out: &mut Vec<String>) {
        out.push(self.party.name(zh));
        out.push(pair(pick(zh, " trades", " 交易"), &signed(self.gross)));
        out.push(pair(pick(zh, " fee", " 手续费"), &signed(self.fee)));
        out.push(pair(pick(zh, " net", " 净额"), &signed(self.net)));
    }
}

impl Transit {
    /// What the item is, in a few words.
    pub fn words(&self, zh: bool) -> String {
        let what = match self.kind {
            Some(kind) => pick(zh, kind.en(), kind.zh()),
            None => pick(zh, "merchant fee", "商户手续费"),
        };
        match self.rrn {
            Some(rrn) => format!("{what} {:06}", rrn % 1_000_000),
            None => what.to_owned(),
        }
    }
}

impl Statement {
    /// The statement as text.
    pub fn text(&self, zh: bool) -> String {
        let mut out = vec![
            centre(pick(
                zh,
                "BANK RECONCILIATION STATEMENT",
                "银行存款余额调节表",
            )),
            pair(pick(zh, "MERCHANT", "商户号"), &self.mid),
            pair(pick(zh, "DATE", "日期时间"), &stamp(self.at)),
            pair(
                pick(zh, "BALANCE OF THE BOOKS", "企业账面余额"),
                &yuan(self.books),
            ),
        ];
        let [bank_in, bank_out, books_in, books_out] = sides(zh);
        items("+", bank_in, &self.bank_received, zh, &mut out);
        items("-", bank_out, &self.bank_paid, zh, &mut out);
        let adjusted = pick(zh, "ADJUSTED BALANCE", "调节后余额");
        out.push(pair(adjusted, &yuan(self.books_adjusted())));
        out.push(pair(
            pick(zh, "BALANCE AT THE BANK", "银行对账单余额"),
            &yuan(self.bank),
        ));
        items("+", books_in, &self.books_received, zh, &mut out);
        items("-", books_out, &self.books_paid, zh, &mut out);
        out.push(pair(adjusted, &yuan(self.bank_adjusted())));
        out.push(centre(if self.agrees() {
            pick(zh, "THE BALANCES AGREE", "调节相符")
        } else {
            pick(zh, "THE BALANCES DIFFER", "调节不符")
        }));
        out.join("\n")
    }
}

fn items(sign: &str, title: &str, items: &[Transit], zh: bool, out: &mut Vec<String>) {
    out.push(format!("{sign} {title}"));
    for item in items {
        out.push(pair(&format!("  {}", item.words(zh)), &yuan(item.amount)));
    }
}

/// The four kinds of items in transit, in the order of the statement.
pub fn sides(zh: bool) -> [&'static str; 4] {
    if zh {
        [
            "银行已收，企业未收",
            "银行已付，企业未付",
            "企业已收，银行未收",
            "企业已付，银行未付",
        ]
    } else {
        [
            "received by the bank alone",
            "paid by the bank alone",
            "received by the books alone",
            "paid by the books alone",
        ]
    }
}
