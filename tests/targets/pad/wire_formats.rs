//! `docs/pad-wire-formats.md` and its Chinese twin are made from the codec's own tables;
//! `POSLAB_BLESS=1` writes them anew.

use poslab_core::pad::probe::PROBES;
use poslab_core::pad::{Words, abecs, epp, visa};
use std::fmt::Write as _;
use std::path::PathBuf;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tongue {
    English,
    Chinese,
}

impl Tongue {
    fn say(self, words: Words) -> &'static str {
        self.pick(words.en, words.zh)
    }

    fn pick(self, en: &'static str, zh: &'static str) -> &'static str {
        match self {
            Self::English => en,
            Self::Chinese => zh,
        }
    }
}

/// A table in Markdown.
fn table(out: &mut String, head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    out.push_str(&line(
        &head.iter().map(|h| (*h).to_owned()).collect::<Vec<_>>(),
    ));
    out.push_str(&line(&vec!["---".to_owned(); head.len()]));
    for row in rows {
        out.push_str(&line(&row));
    }
    out.push('\n');
}

fn document(tongue: Tongue) -> String {
    let mut out = String::new();
    let title = tongue.pick("PIN pad wire formats", "密码键盘通信格式");
    let made = tongue.pick(
        "Made from the tables of `core/src/pad`; do not edit (`POSLAB_BLESS=1 cargo test -p poslab-tests --test pad wire_formats`).",
        "由 `core/src/pad` 中的表生成，请勿手工修改（`POSLAB_BLESS=1 cargo test -p poslab-tests --test pad wire_formats`）。",
    );
    write!(out, "# {title}\n\n{made}\n\n").expect("a string");
    abecs_part(&mut out, tongue);
    visa_part(&mut out, tongue);
    epp_part(&mut out, tongue);
    probes_part(&mut out, tongue);
    out.trim_end().to_owned() + "\n"
}

fn abecs_part(out: &mut String, tongue: Tongue) {
    let frame =
        "```text\n16 | data, 13 16 17 written as 13 33, 13 36, 13 37 | 17 | CRC-16 hi lo\n```";
    let sample = hex::encode_upper(abecs::frame::wrap(b"OPN"));
    write!(out, "## ABECS 2.20\n\n{frame}\n\n`OPN` → `{sample}`\n\n").expect("a string");
    let yes = |on: bool| if on { "•".to_owned() } else { String::new() };
    let head = [
        tongue.pick("command", "命令"),
        tongue.pick("waits for a person", "等待人员操作"),
        tongue.pick("tagged fields", "带标识字段"),
        tongue.pick("obsolete", "旧式"),
        tongue.pick("does", "作用"),
    ];
    let rows = abecs::command::TABLE.iter().map(|c| {
        vec![
            format!("`{}`", c.id),
            yes(c.blocking),
            yes(c.tagged),
            yes(c.obsolete),
            tongue.say(c.words).to_owned(),
        ]
    });
    table(out, &head, rows);
    let head = [
        tongue.pick("status", "状态"),
        tongue.pick("name", "名称"),
        tongue.pick("says", "含义"),
    ];
    let rows = abecs::status::TABLE.iter().map(|s| {
        vec![
            format!("`{:03}`", s.code),
            s.name.to_owned(),
            tongue.say(s.words).to_owned(),
        ]
    });
    table(out, &head, rows);
    let head = [
        tongue.pick("field", "字段"),
        tongue.pick("name", "名称"),
        tongue.pick("says", "含义"),
    ];
    let rows = abecs::field::TABLE.iter().map(|f| {
        vec![
            format!("`{:04X}`", f.id),
            f.name.to_owned(),
            tongue.say(f.words).to_owned(),
        ]
    });
    table(out, &head, rows);
}

fn visa_part(out: &mut String, tongue: Tongue) {
    let frame = "```text\n0F | text | 0E | LRC        02 | text | 03 | LRC\n```";
    let sample = hex::encode_upper(visa::frame::wrap(visa::frame::Kind::Admin, b"06"));
    write!(
        out,
        "## VISA / VeriFone\n\n{frame}\n\n`06` → `{sample}`\n\n"
    )
    .expect("a string");
    let head = [
        tongue.pick("message", "报文"),
        tongue.pick("brackets", "帧界"),
        tongue.pick("from", "来自"),
        tongue.pick("does", "作用"),
    ];
    let rows = visa::message::TABLE.iter().map(|m| {
        let brackets = match m.kind {
            visa::frame::Kind::Admin => "SI SO",
            visa::frame::Kind::Transaction => "STX ETX",
        };
        let from = if m.from_pad {
            tongue.pick("pad", "键盘")
        } else {
            tongue.pick("host", "主机")
        };
        vec![
            format!("`{}`", m.id),
            brackets.to_owned(),
            from.to_owned(),
            tongue.say(m.words).to_owned(),
        ]
    });
    table(out, &head, rows);
    for (name, list) in [
        ("71", visa::message::PIN_ERRORS),
        ("Z67", visa::message::MAC_RESULTS),
    ] {
        let head = [name, tongue.pick("says", "含义")];
        let rows = list
            .iter()
            .map(|(c, words)| vec![format!("`{c}`"), tongue.say(*words).to_owned()]);
        table(out, &head, rows);
    }
}

fn epp_part(out: &mut String, tongue: Tongue) {
    let frame = "```text\n02 | Ln | CMD | data | BCC [| 03]        Ln counts CMD and data\n```";
    let sample = |coding| hex::encode_upper(epp::frame::wrap(coding, &[0x43, 0, 0]));
    write!(out, "## EPP, 02 Ln CMD\n\n{frame}\n\n").expect("a string");
    use epp::frame::Coding::{Binary, BinaryEtx, Hex};
    let head = [tongue.pick("coding", "编码"), "`43 00 00`"];
    let codings = [Hex, Binary, BinaryEtx];
    table(
        out,
        &head,
        codings.map(|c| vec![c.name().to_owned(), format!("`{}`", sample(c))]),
    );
    for (name, list) in [
        (tongue.pick("command", "命令"), epp::command::COMMANDS),
        (tongue.pick("status", "状态"), epp::command::STATUSES),
        (tongue.pick("bare byte", "单字节"), epp::command::KEYS),
    ] {
        let rows = list
            .iter()
            .map(|c| vec![format!("`{:02X}`", c.byte), tongue.say(c.words).to_owned()]);
        table(out, &[name, tongue.pick("says", "含义")], rows);
    }
}

fn probes_part(out: &mut String, tongue: Tongue) {
    write!(out, "## {}\n\n", tongue.pick("Probes", "识别询问")).expect("a string");
    let head = [
        tongue.pick("family", "协议"),
        tongue.pick("line", "线路"),
        tongue.pick("bytes", "字节"),
    ];
    let rows = PROBES.iter().map(|probe| {
        let bytes = hex::encode_upper(probe.send);
        vec![
            probe.family.name().to_owned(),
            probe.line.to_string(),
            format!("`{bytes}`"),
        ]
    });
    table(out, &head, rows);
}

#[test]
fn the_wire_format_pages_are_the_codecs_own_tables() {
    for (tongue, name) in [
        (Tongue::English, "pad-wire-formats.md"),
        (Tongue::Chinese, "pad-wire-formats.zh-CN.md"),
    ] {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("../docs")
            .join(name);
        let made = document(tongue);
        if std::env::var_os("POSLAB_BLESS").is_some() {
            std::fs::write(&path, &made).expect("docs/ is writable");
        }
        let stands = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            stands == made,
            "{name} is stale: POSLAB_BLESS=1 writes it anew"
        );
    }
}
