//! Why the reversal is written first: one power cut, with the rule and without it.

use super::page::{Lang, Run, shown};
use poslab_core::trace::What;
use std::fmt::Write as _;

/// Cuts the terminal's power while it waits for the answer to the sale.
const CUT: &str = "power-cut@terminal:after=send#2";

/// Lines of terminal and issuer that tell the story, and the verdict.
fn telling(line: &str) -> bool {
    let verdicts = ["FAULT", "故障", "P2", "Without", "没有"];
    let boxes = ["  terminal  ", "  issuer  ", "  终端  ", "  发卡行  "];
    let words = [
        "order", "指令", "writes", "写入", "-> ", "<- ", "stable", "恢复", "ledger", "账务",
    ];
    let has = |list: &[&str]| list.iter().any(|word| line.contains(word));
    let json = line.trim_start().starts_with('"');
    !json && (has(&verdicts) || has(&boxes) && has(&words))
}

pub fn page(lang: Lang) -> String {
    let mut out = String::new();
    say(
        &mut out,
        lang,
        "# Why the reversal is written first",
        "# 为什么先写冲正",
    );
    say(
        &mut out,
        lang,
        "A sale has left the terminal, and the power goes. The host may have taken the money; the \
         slip did not print; the customer pays in cash. Whether the money comes back depends on one \
         record, and on *when* it was written. Everything below is printed by the commands shown; \
         a test runs them and compares.",
        "消费报文已发出，终端断电。主机可能已扣款，签购单没有打印，顾客改付现金。钱能否退回，取决于一条记录，\
         以及它*何时*写下。以下内容均由所示命令打印；测试会运行并比对。",
    );
    say(
        &mut out,
        lang,
        "## 1. Written before the send",
        "## 1. 发送之前写",
    );
    say(
        &mut out,
        lang,
        "The terminal writes the request and the reversal it would owe, and then sends. After the \
         power cut that record is all it knows: no approval stands in it, so it sends a 0400, and \
         the issuer gives the money back.",
        "终端先写下请求和可能欠下的冲正，然后发送。断电之后它只知道这条记录：其中没有批准，于是发出 0400，\
         发卡行把钱退回。",
    );
    let calm = Run::of("sale", |s| push(s, CUT));
    let cut = calm.find(0, |e| matches!(e.what, What::Fault { .. }));
    open(&mut out, lang, &calm, cut);
    let command = format!("poslab run sale --fault {CUT}");
    let _ = writeln!(out, "{}", shown(&command, lang, telling));
    say(
        &mut out,
        lang,
        "## 2. Written when the wait is over",
        "## 2. 超时之后才写",
    );
    say(
        &mut out,
        lang,
        "The same terminal, but the record is written only at the time-out. The checker looks for \
         the smallest accident that loses money, and finds one \
         power cut, with the answer already on the terminal's desk. The terminal wakes up and \
         knows nothing; the issuer has the money; property P2 is broken.",
        "同样的终端，但记录在超时之后才写。检查器寻找会丢钱的最小事故，找到的是一次断电：\
         应答已到终端，尚未落账。终端醒来一无所知，钱在发卡行；性质 P2 被破坏。",
    );
    let without = Run::of("sale", |s| {
        s.world
            .without
            .push(poslab_core::node::Protection::WriteAhead);
        push(s, CUT);
    });
    let cut = without.find(0, |e| matches!(e.what, What::Fault { .. }));
    open(&mut out, lang, &without, cut);
    let command = "poslab check sale-next --without write-ahead --faults 1";
    let _ = writeln!(out, "{}", shown(command, lang, telling));
    rest(&mut out, lang);
    out
}

/// The other rules that the record lives by.
fn rest(out: &mut String, lang: Lang) {
    say(
        out,
        lang,
        "## 3. Kept until it is answered",
        "## 3. 保留到有应答为止",
    );
    say(
        out,
        lang,
        "A reversal can be lost as well. Deleted after the first 0400, two accidents suffice \
         to lose money; kept until a 0410 comes, it takes none that the checker can place.",
        "冲正也会丢。若发出第一笔 0400 就删除，两次事故就会丢钱；保留到 0410 到来，检查器就找不到会丢钱的安排。",
    );
    let command = "poslab check sale-next --without reversal-until-answered --faults 2";
    let only = |line: &str| {
        let words = ["P2", "fault ", "Without", "没有", "故障 "];
        words.iter().any(|word| line.starts_with(word))
    };
    let _ = writeln!(out, "{}", shown(command, lang, only));
    say(
        out,
        lang,
        "## 4. Taken away together with the journal entry",
        "## 4. 与流水同时清除",
    );
    say(
        out,
        lang,
        "An approved sale enters the journal and its reversal leaves in one write. Made two, a power \
         cut between them leaves a trade that is booked and will be reversed: the merchant's paper \
         says paid, and the money goes back.",
        "批准的消费写入流水与清除冲正是同一次写入。若分两次，其间断电会留下一笔既已入账又将被冲正的交易：商户手里\
         的单据写着已付，钱却退了回去。",
    );
    let command = "poslab check sale-next --without one-record-commit --faults 1";
    let _ = writeln!(out, "{}", shown(command, lang, only));
    say(out, lang, "## 5. With every rule on", "## 5. 所有规则都在");
    say(
        out,
        lang,
        "Every placement of one fault in a sale and the next: nothing is found.",
        "在两笔相继的消费中放置一个故障的所有安排：未发现违例。",
    );
    let command = "poslab check sale-next --faults 1";
    let found = |line: &str| {
        !line.starts_with("reached")
            && !line.starts_with("never")
            && !line.starts_with("到达")
            && !line.starts_with("未到达")
    };
    let _ = writeln!(out, "{}", shown(command, lang, found));
    say_back(out, lang);
}

/// A paragraph or a heading.
fn say(out: &mut String, lang: Lang, en: &str, zh: &str) {
    let _ = writeln!(out, "{}\n", lang.pick(en, zh));
}

fn say_back(out: &mut String, lang: Lang) {
    let _ = writeln!(
        out,
        "{}",
        lang.pick(
            "Back to [one sale, byte by byte](one-sale.md).",
            "回到[一笔消费，逐字节看](one-sale.zh-CN.md)。"
        )
    );
}

fn open(out: &mut String, lang: Lang, run: &Run, at: usize) {
    let text = lang.pick("open the power cut in the theatre", "在剧场中打开这次断电");
    let _ = writeln!(out, "[{text}]({})\n", run.link(at));
}

fn push(scenario: &mut poslab_core::sim::Scenario, fault: &str) {
    use poslab_core::sim::Item;
    scenario.script.push(Item::Fault(fault.to_owned()));
}
