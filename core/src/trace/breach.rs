//! What was found when a property was judged: figures, said in words only where somebody reads them.
//!
//! Apart from the watch that finds it, since every reader of a trace says it too. Money is said from
//! where people stand: what a card was charged, what a merchant is owed, what paper says.

use crate::node::ledger::{Account, Fen, yuan};
use serde::{Serialize, Serializer};

/// Whose books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The acquirer's.
    Acquirer,
    /// The issuer's.
    Issuer,
}

/// What was found about a property.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Breach {
    /// Nothing: it holds.
    #[default]
    None,
    /// Somebody's books do not balance.
    Unbalanced {
        /// Whose.
        whose: Whose,
        /// By how much.
        off: Fen,
    },
    /// Clearing's postings do not balance.
    ClearingOff {
        /// By how much.
        off: Fen,
    },
    /// An account between the parties is not at zero after clearing.
    LeftOver {
        /// The account.
        account: Account,
        /// What is left.
        fen: Fen,
    },
    /// The issuer moved other money than the terminal's journal says.
    Issuer {
        /// Reference number.
        rrn: u64,
        /// What the issuer moved on the card's account.
        moved: Fen,
        /// What the terminal's journal says of it.
        journal: Fen,
    },
    /// The merchant is owed other money than the settled journal says.
    Merchant {
        /// Reference number.
        rrn: u64,
        /// What is owed.
        owed: Fen,
        /// What the journal says.
        journal: Fen,
    },
    /// A trade is posted more than once.
    Posted {
        /// Reference number.
        rrn: u64,
        /// How often.
        times: i32,
        /// Whose books.
        whose: Whose,
        /// The money of one posting.
        fen: Fen,
    },
    /// Two decisions stand for one trade.
    StandsTwice {
        /// Reference number.
        rrn: u64,
        /// What the second took from the card.
        fen: Fen,
    },
    /// A clear PIN block or key is in a frame.
    Clear,
    /// A trace number was used twice in a batch.
    TraceTwice {
        /// The number.
        stan: u32,
        /// The batch.
        batch: u32,
    },
    /// A trade left while its batch was settled.
    WhileSettling {
        /// Its type.
        mti: u16,
        /// Its trace number.
        stan: u32,
        /// The batch.
        batch: u32,
        /// Its money.
        amount: u64,
    },
    /// A slip is out that no journal knows.
    PaperOnly {
        /// Its trace number.
        stan: u32,
        /// Its batch.
        batch: u32,
        /// The money it promises.
        amount: u64,
    },
}

impl Serialize for Breach {
    /// The English words, as traces have them.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.words(false))
    }
}

impl Breach {
    /// What was found, in Chinese (`zh`) or English; empty when the property holds.
    pub fn words(&self, zh: bool) -> String {
        if zh { self.zh() } else { self.en() }
    }

    fn en(&self) -> String {
        match *self {
            Breach::None => String::new(),
            Breach::Unbalanced { whose, off } => {
                let (whose, money) = (whose.en(), yuan(off.abs()));
                if off < 0 {
                    format!("in the {whose}'s books {money} left an account and reached none")
                } else {
                    format!("in the {whose}'s books {money} reached an account and left none")
                }
            }
            Breach::ClearingOff { off } => format!("clearing is off by {}", yuan(off)),
            Breach::LeftOver { account, fen } => {
                format!("{account} is left with {} after clearing", yuan(fen))
            }
            Breach::Issuer {
                rrn,
                moved: moved_fen,
                journal: journal_fen,
            } => {
                let moved = match moved_fen {
                    0 => "no money moved on the card's account".to_owned(),
                    fen if fen < 0 => format!("the card was charged {}", yuan(-fen)),
                    fen => format!("the card was credited {}", yuan(fen)),
                };
                let journal = match journal_fen {
                    0 => "has nothing".to_owned(),
                    fen if fen < 0 => format!("says {} was paid", yuan(-fen)),
                    fen => format!("says {} was paid back", yuan(fen)),
                };
                let short = short(journal_fen - moved_fen, "the holder", "the merchant");
                format!("{moved}, the terminal's journal {journal} (reference {rrn:012}){short}")
            }
            Breach::Merchant { rrn, owed, journal } => format!(
                "the merchant is owed {}, the settled journal says {} (reference {rrn:012}){}",
                yuan(owed),
                yuan(journal),
                short(journal - owed, "the merchant", "the acquirer")
            ),
            Breach::Posted {
                rrn,
                times,
                whose,
                fen,
            } => format!(
                "{} is posted {times} times in the {}'s books (reference {rrn:012}); {} is {} short",
                yuan(fen),
                whose.en(),
                whose.loses(false),
                yuan(fen * Fen::from(times - 1))
            ),
            Breach::StandsTwice { rrn, fen } => {
                format!(
                    "the card was charged {} twice (reference {rrn:012})",
                    yuan(fen)
                )
            }
            Breach::Clear => {
                "a clear PIN block or key is in a frame, for everyone on the line to read"
                    .to_owned()
            }
            Breach::TraceTwice { stan, batch } => format!(
                "two requests of batch {batch:06} have trace number {stan:06}, and a host cannot \
                 tell one from the other"
            ),
            Breach::WhileSettling {
                mti,
                stan,
                batch,
                amount,
            } => format!(
                "{mti:04} {stan:06} for {} left while batch {batch:06} is settled, and the totals \
                 that are compared do not have it",
                yuan(amount as Fen)
            ),
            Breach::PaperOnly {
                stan,
                batch,
                amount,
            } => format!(
                "the slip {stan:06} of batch {batch:06} says {} was paid, and no journal has it",
                yuan(amount as Fen)
            ),
        }
    }

    fn zh(&self) -> String {
        match *self {
            Breach::None => String::new(),
            Breach::Unbalanced { whose, off } => {
                let (whose, money) = (whose.zh(), yuan(off.abs()));
                if off < 0 {
                    format!("{whose}账上 {money} 从一个账户转出，却没有转入任何账户")
                } else {
                    format!("{whose}账上 {money} 转入一个账户，却没有从任何账户转出")
                }
            }
            Breach::ClearingOff { off } => format!("清算账不平，差 {}", yuan(off)),
            Breach::LeftOver { account, fen } => {
                format!("清算后{}仍余 {}", account.zh(), yuan(fen))
            }
            Breach::Issuer {
                rrn,
                moved: moved_fen,
                journal: journal_fen,
            } => {
                let moved = match moved_fen {
                    0 => "持卡人账户分文未动".to_owned(),
                    fen if fen < 0 => format!("持卡人被扣款 {}", yuan(-fen)),
                    fen => format!("持卡人账户入账 {}", yuan(fen)),
                };
                let journal = match journal_fen {
                    0 => "没有这笔交易".to_owned(),
                    fen if fen < 0 => format!("却记已付 {}", yuan(-fen)),
                    fen => format!("却记已退 {}", yuan(fen)),
                };
                format!(
                    "{moved}，终端流水{journal}（参考号 {rrn:012}）{}",
                    short_zh(journal_fen - moved_fen, "持卡人", "商户")
                )
            }
            Breach::Merchant { rrn, owed, journal } => format!(
                "应付商户 {}，已结算流水记 {}（参考号 {rrn:012}）{}",
                yuan(owed),
                yuan(journal),
                short_zh(journal - owed, "商户", "收单机构")
            ),
            Breach::Posted {
                rrn,
                times,
                whose,
                fen,
            } => format!(
                "{} 在{}账上记了 {times} 次（参考号 {rrn:012}），{}损失 {}",
                yuan(fen),
                whose.zh(),
                whose.loses(true),
                yuan(fen * Fen::from(times - 1))
            ),
            Breach::StandsTwice { rrn, fen } => {
                format!("持卡人被扣款两次，每次 {}（参考号 {rrn:012}）", yuan(fen))
            }
            Breach::Clear => "报文中出现密码块或密钥明文，线路上人人可读".to_owned(),
            Breach::TraceTwice { stan, batch } => {
                format!("批次 {batch:06} 中有两个请求同用流水号 {stan:06}，主机无法分辨")
            }
            Breach::WhileSettling {
                mti,
                stan,
                batch,
                amount,
            } => format!(
                "批次 {batch:06} 结算期间发出了 {mti:04} {stan:06}，金额 {}，正在核对的合计不含它",
                yuan(amount as Fen)
            ),
            Breach::PaperOnly {
                stan,
                batch,
                amount,
            } => format!(
                "批次 {batch:06} 的签购单 {stan:06} 写明已付 {}，流水中却没有这笔交易",
                yuan(amount as Fen)
            ),
        }
    }
}

impl Whose {
    fn en(self) -> &'static str {
        match self {
            Whose::Acquirer => "acquirer",
            Whose::Issuer => "issuer",
        }
    }

    fn zh(self) -> &'static str {
        match self {
            Whose::Acquirer => "收单机构",
            Whose::Issuer => "发卡行",
        }
    }

    /// Who pays when something is posted too often.
    fn loses(self, zh: bool) -> &'static str {
        match (self, zh) {
            (Whose::Acquirer, false) => "the acquirer",
            (Whose::Issuer, false) => "the holder",
            (Whose::Acquirer, true) => "收单机构",
            (Whose::Issuer, true) => "持卡人",
        }
    }
}

/// Who lost what: one of two, as the sign says.
fn short(fen: Fen, if_positive: &str, if_negative: &str) -> String {
    let who = if fen > 0 { if_positive } else { if_negative };
    format!("; {who} is {} short", yuan(fen.abs()))
}

fn short_zh(fen: Fen, if_positive: &str, if_negative: &str) -> String {
    let who = if fen > 0 { if_positive } else { if_negative };
    format!("，{who}损失 {}", yuan(fen.abs()))
}
