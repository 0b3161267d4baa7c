//! What each machine holds at a moment, variable by variable, and what a step changed in it.
//!
//! Events say what happened; the variables are read from the machines themselves, from a world that
//! was run up to the moment. Keys show as check values, card numbers masked.

use super::hop::Fate;
use crate::node::issuer::IssuerEntry;
use crate::node::ledger::{Fen, Ledger, yuan};
use crate::node::terminal::{JournalEntry, Upload, Voided};
use crate::node::{NodeId, front_end, issuer, switch, terminal};
use crate::sim::World;
use crate::trace::name;
use std::collections::BTreeMap;

/// A text in both languages: English, Chinese.
pub type Both = [String; 2];

/// A variable of a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Where it is, from the outside in: `journal 000002 · amount`.
    pub name: Both,
    /// Its value.
    pub value: Both,
}

/// A variable that a step changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// What became of it.
    pub fate: Fate,
    /// Its name.
    pub name: Both,
    /// The value before; empty when it is new.
    pub before: Both,
    /// The value now; empty when it is gone.
    pub now: Both,
}

/// What differs between two moments of one machine, in the order of the later one; then what is
/// gone.
pub fn changes(before: &[Variable], now: &[Variable]) -> Vec<Changed> {
    let old: BTreeMap<&str, &Variable> = before.iter().map(|v| (v.name[0].as_str(), v)).collect();
    let new: BTreeMap<&str, &Variable> = now.iter().map(|v| (v.name[0].as_str(), v)).collect();
    let of = |variable: &Variable| match old.get(variable.name[0].as_str()) {
        Some(twin) if twin.value == variable.value => None,
        twin => Some(Changed {
            fate: twin.map_or(Fate::Added, |_| Fate::Changed),
            name: variable.name.clone(),
            before: twin.map_or_else(Both::default, |twin| twin.value.clone()),
            now: variable.value.clone(),
        }),
    };
    let gone = before
        .iter()
        .filter(|v| !new.contains_key(v.name[0].as_str()));
    let gone = gone.map(|variable| Changed {
        fate: Fate::Gone,
        name: variable.name.clone(),
        before: variable.value.clone(),
        now: Both::default(),
    });
    now.iter().filter_map(of).chain(gone).collect()
}

/// The variables of a machine; none for people.
pub fn memory(world: &World, lane: NodeId) -> Vec<Variable> {
    let mut held = Held::default();
    match lane {
        NodeId::Holder => {}
        NodeId::Terminal(k) => {
            if let Some(machine) = world.terminal(k) {
                held.terminal(machine.store());
            }
        }
        NodeId::PinPad(k) => {
            if let Some(machine) = world.terminal(k) {
                for (key, kcv) in machine.pad().check_values() {
                    held.put([key, key], plain(kcv));
                }
            }
        }
        NodeId::Nac => held.nac(world),
        NodeId::FrontEnd => held.front_end(world.front_end().store()),
        NodeId::Switch => held.switch(world.switch().store()),
        NodeId::Issuer => held.issuer(world),
        NodeId::Clearing => {
            let store = world.clearing().store();
            held.put(["cut-offs", "日切次数"], plain(store.days));
            held.put(["trades cleared", "已清算笔数"], plain(store.cleared.len()));
            held.put(["in doubt", "存疑笔数"], plain(store.open.len()));
            held.put(["to be paid out", "待划付批数"], plain(store.owed.len()));
            held.ledger(&store.ledger);
        }
    }
    held.0
}

/// The variables so far.
#[derive(Default)]
struct Held(Vec<Variable>);

impl Held {
    fn put(&mut self, name: [&str; 2], value: Both) {
        let name = name.map(str::to_owned);
        self.0.push(Variable { name, value });
    }

    /// A part of an item: `journal 000002 · amount`.
    fn part(&mut self, item: &Both, part: [&str; 2], value: Both) {
        let [en, zh] = item;
        let name = [format!("{en} · {}", part[0]), format!("{zh} · {}", part[1])];
        self.0.push(Variable { name, value });
    }

    fn terminal(&mut self, store: &terminal::Store) {
        self.put(["signed on", "已签到"], yes(store.signed_on));
        self.put(["master key", "主密钥"], yes(store.injected));
        self.put(["working keys", "工作密钥"], yes(store.block.is_some()));
        self.put(["batch", "批次号"], number(store.batch));
        self.put(["next trace number", "下一流水号"], number(store.next));
        self.put(["slip owed", "欠打签购单"], yes(store.unprinted));
        if let Some(reversal) = &store.reversal {
            let item = ["reversal record".to_owned(), "冲正记录".to_owned()];
            self.part(&item, ["trace", "流水号"], number(reversal.trace));
            self.part(&item, ["amount", "金额"], money(reversal.amount));
            self.part(&item, ["reason", "原因"], plain(reversal.reason.as_str()));
            self.part(&item, ["given up", "次数用尽"], yes(reversal.exhausted));
        }
        if store.script.is_some() {
            self.put(["script result to send", "待发脚本通知"], yes(true));
        }
        for entry in &store.journal {
            self.journal(entry);
        }
        for queued in &store.queue {
            let item = item("queue", "离线队列", queued.entry.trace);
            self.part(&item, ["amount", "金额"], money(queued.entry.amount));
            self.part(&item, ["in the journal", "已入流水"], yes(queued.journaled));
        }
        if let Some(settling) = &store.settling {
            let item = ["settlement".to_owned(), "结算".to_owned()];
            self.part(&item, ["trace", "流水号"], number(settling.trace));
            let flags = settling
                .flags
                .map(|flags| format!("{} {}", flags[0], flags[1]));
            let flags = flags.unwrap_or_else(|| "—".to_owned());
            self.part(&item, ["flags", "对账标志"], plain(flags));
            for one in &settling.plan {
                let item = ["upload", "批上送"].map(|word| format!("{word} {:06}", one.stan));
                self.part(&item, ["state", "状态"], upload(one.state));
            }
        }
    }

    fn journal(&mut self, entry: &JournalEntry) {
        let item = item("journal", "流水", entry.trace);
        let kind = [entry.kind.en().to_owned(), entry.kind.zh().to_owned()];
        self.part(&item, ["trade", "交易"], kind);
        self.part(&item, ["amount", "金额"], money(entry.amount));
        self.part(&item, ["code", "应答码"], plain(entry.code.as_str()));
        let rrn = entry
            .rrn
            .map_or_else(|| "—".to_owned(), |rrn| format!("{rrn:012}"));
        self.part(&item, ["reference", "参考号"], plain(rrn));
        self.part(
            &item,
            ["voided", "已撤销"],
            yes(entry.voided == Voided::Yes),
        );
        self.part(&item, ["uploaded", "已上送"], upload(entry.upload));
    }

    fn nac(&mut self, world: &World) {
        for (line, call) in world.nac().calls().iter() {
            let item = ["call on line", "线路"].map(|word| format!("{word} {}", line + 1));
            self.part(
                &item,
                ["source", "源地址"],
                plain(format!("{:04X}", call.source)),
            );
        }
        let routes: Vec<String> = world
            .nac()
            .routes()
            .iter()
            .map(|nii| format!("{nii:04X}"))
            .collect();
        self.put(["routes", "路由"], plain(routes.join(" ")));
    }

    fn front_end(&mut self, store: &front_end::Store) {
        for (k, state) in store.terminals.iter().enumerate() {
            let item = ["terminal", "终端"].map(|word| format!("{word} {}", k + 1));
            self.part(&item, ["signed on", "已签到"], yes(state.signed_on));
            self.part(&item, ["batch", "批次号"], number(state.batch));
            self.part(&item, ["settling", "结算中"], yes(state.settling.is_some()));
            self.part(&item, ["records stored", "已存记录"], plain(state.stored));
        }
        self.put(["next trace number", "下一流水号"], number(store.next));
        for (key, entry) in &store.journal {
            let item = ["journal", "流水"].map(|word| {
                format!(
                    "{word} {}-{:06}-{:06}",
                    key.terminal + 1,
                    key.batch,
                    key.stan
                )
            });
            self.part(&item, ["status", "状态"], named(entry.status.name()));
            self.part(&item, ["amount", "金额"], money(entry.amount));
            self.part(&item, ["voided", "已撤销"], yes(entry.voided));
            self.part(
                &item,
                ["confirmed by upload", "批上送已核"],
                yes(entry.confirmed),
            );
        }
        self.put(
            ["reversals without original", "无原交易的冲正"],
            plain(store.early.len()),
        );
        for (stan, owed) in store.obligations.iter() {
            self.put_owed(*stan, owed.repeated);
        }
        self.put(
            ["upload messages stored", "已存批上送报文"],
            plain(store.uploads.len()),
        );
        for (index, found) in store.discrepancies.iter().enumerate() {
            let item = ["discrepancy", "差错"].map(|word| format!("{word} {}", index + 1));
            self.part(&item, ["trace", "流水号"], number(found.key.stan));
            self.part(
                &item,
                ["resolved", "已处理"],
                yes(found.resolution.is_some()),
            );
        }
        self.ledger(&store.ledger);
    }

    fn put_owed(&mut self, stan: u32, sent: bool) {
        let name = ["0420 owed", "待发 0420"].map(|word| format!("{word} {stan:06}"));
        let value = match sent {
            true => ["sent, not answered", "已发未应答"],
            false => ["to be sent", "待发"],
        };
        let value = value.map(str::to_owned);
        self.0.push(Variable { name, value });
    }

    fn switch(&mut self, store: &switch::Store) {
        for ((stan, _), entry) in &store.journal {
            let item = item("journal", "流水", *stan);
            let status = match entry.status {
                switch::Status::InFlight => "in flight",
                switch::Status::Answered => "answered",
                switch::Status::Reversed => "reversed",
            };
            self.part(&item, ["status", "状态"], named(status));
            let code = entry.answer.as_ref().and_then(|answer| answer.get(39));
            self.part(&item, ["code", "应答码"], plain(code.unwrap_or("—")));
        }
        self.put(
            ["reversals without original", "无原交易的冲正"],
            plain(store.early.len()),
        );
        for (stan, owed) in store.obligations.iter() {
            self.put_owed(*stan, owed.repeated);
        }
        self.put(["0420s so far", "已生成 0420"], plain(store.advices));
    }

    fn issuer(&mut self, world: &World) {
        let store: &issuer::Store = world.issuer().store();
        for (card, tries) in store.tries.iter().enumerate() {
            if *tries > 0 {
                let item = ["card", "卡"].map(|word| format!("{word} {}", card + 1));
                self.part(&item, ["wrong PINs", "密码错次"], plain(tries));
            }
        }
        for hold in store.holds.iter().filter(|hold| hold.open) {
            let item = ["hold", "预授权冻结"].map(|word| format!("{word} {}", hold.auth));
            self.part(&item, ["amount", "金额"], money(hold.amount));
        }
        for ((stan, _), entry) in &store.journal {
            self.decision(*stan, entry);
        }
        self.put(
            ["reversals without original", "无原交易的冲正"],
            plain(store.early.len()),
        );
        self.put(
            ["authorisation codes given", "已发授权码"],
            plain(store.auths),
        );
        self.ledger(&store.ledger);
    }

    fn decision(&mut self, stan: u32, entry: &IssuerEntry) {
        let item = item("journal", "流水", stan);
        let kind = [entry.kind.en().to_owned(), entry.kind.zh().to_owned()];
        self.part(&item, ["trade", "交易"], kind);
        self.part(&item, ["approved", "已批准"], yes(entry.approved));
        self.part(&item, ["reversed", "已冲正"], yes(entry.reversed));
    }

    /// The accounts that money has moved on.
    fn ledger(&mut self, ledger: &Ledger) {
        for (account, fen) in ledger.balances() {
            let name = [account.name(false), account.name(true)];
            let item = [format!("account {}", name[0]), format!("账户 {}", name[1])];
            self.0.push(Variable {
                name: item,
                value: plain(yuan(fen)),
            });
        }
    }
}

fn plain(value: impl ToString) -> Both {
    let value = value.to_string();
    [value.clone(), value]
}

fn number(value: u32) -> Both {
    plain(format!("{value:06}"))
}

fn money(fen: u64) -> Both {
    plain(yuan(fen as Fen))
}

fn yes(value: bool) -> Both {
    let words = if value { ["yes", "是"] } else { ["no", "否"] };
    words.map(str::to_owned)
}

fn named(word: &'static str) -> Both {
    [word.to_owned(), name(word, true).to_owned()]
}

fn item(en: &str, zh: &str, number: u32) -> Both {
    [format!("{en} {number:06}"), format!("{zh} {number:06}")]
}

fn upload(state: Upload) -> Both {
    let words = match state {
        Upload::Open => ["not yet", "未上送"],
        Upload::Accepted => ["accepted", "已受理"],
        Upload::Refused => ["refused", "被拒"],
    };
    words.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Replay, Scenario, Stage, shipped};
    use crate::trace::What;

    fn replay(name: &str) -> Replay {
        let stage = Stage::load().unwrap();
        let scenario = Scenario::read(shipped(name).unwrap(), &stage).unwrap();
        Replay::of(&stage, scenario, 0)
    }

    fn changed(run: &Replay, lane: NodeId, event: usize) -> Vec<Changed> {
        let [before, now] = [event, event + 1].map(|count| memory(&run.world_at(count), lane));
        changes(&before, &now)
    }

    fn find(run: &Replay, of: impl Fn(&NodeId, &What) -> bool) -> usize {
        let events = run.events();
        events.iter().position(|e| of(&e.node, &e.what)).unwrap()
    }

    #[test]
    fn a_posting_changes_two_accounts_and_the_journal() {
        let run = replay("sale");
        let event = find(&run, |node, what| {
            *node == NodeId::Issuer && matches!(what, What::Deliver { .. })
        });
        let changes = changed(&run, NodeId::Issuer, event);
        let accounts = changes.iter().filter(|c| c.name[0].starts_with("account"));
        assert_eq!(accounts.count(), 2, "{changes:?}");
        assert!(
            changes
                .iter()
                .any(|c| c.name[0].ends_with("· approved") && c.now[0] == "yes")
        );
    }

    #[test]
    fn what_is_gone_is_said() {
        let run = replay("sale");
        // The answer reaches the terminal: journal entry and end of the reversal record are one.
        let deliver = |node: &NodeId, what: &What| {
            matches!(node, NodeId::Terminal(_))
                && matches!(what, What::Deliver { mti, .. } if mti == "0210")
        };
        let found = changed(&run, NodeId::Terminal(0), find(&run, deliver));
        let fate = |part: &str| found.iter().find(|c| c.name[0] == part).map(|c| c.fate);
        assert_eq!(fate("reversal record · trace"), Some(Fate::Gone));
        assert_eq!(fate("journal 000002 · amount"), Some(Fate::Added));
        let held = |count| memory(&run.world_at(count), NodeId::Terminal(0));
        let (first, last) = (held(0), held(run.events().len()));
        let next = changes(&first, &last);
        let next = next.iter().find(|c| c.name[0] == "next trace number");
        assert_eq!(next.map(|c| c.fate), Some(Fate::Changed));
    }

    #[test]
    fn every_box_has_a_memory() {
        let run = replay("settlement-mismatch");
        let world = run.world_at(run.events().len());
        let boxes = [
            NodeId::Terminal(0),
            NodeId::PinPad(0),
            NodeId::Nac,
            NodeId::FrontEnd,
            NodeId::Switch,
            NodeId::Issuer,
            NodeId::Clearing,
        ];
        for lane in boxes {
            let held = memory(&world, lane);
            assert!(!held.is_empty(), "{lane}");
            let mut names: Vec<&str> = held.iter().map(|v| v.name[0].as_str()).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), held.len(), "{lane}: a name stands twice");
        }
    }
}
