//! The commands of ABECS, each with its nature.

use crate::pad::Words;

/// One command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Command {
    /// The three letters.
    pub id: &'static str,
    /// It waits for a person, so the host waits for ever.
    pub blocking: bool,
    /// Its parameters are id, length, value.
    pub tagged: bool,
    /// It stands in the specification for older hosts only.
    pub obsolete: bool,
    /// What it does.
    pub words: Words,
}

const BLOCKS: u8 = 1;
const TAGGED: u8 = 2;
const OLD: u8 = 4;

const fn row(id: &'static str, nature: u8, en: &'static str, zh: &'static str) -> Command {
    Command {
        id,
        blocking: nature & BLOCKS != 0,
        tagged: nature & TAGGED != 0,
        obsolete: nature & OLD != 0,
        words: Words::new(en, zh),
    }
}

/// Every command the simulated pad answers, in the order of the specification.
pub const TABLE: &[Command] = &[
    row(
        "OPN",
        0,
        "open, with or without a secure channel",
        "打开（可建立安全通信）",
    ),
    row("GIN", OLD, "information about the pad", "查询键盘信息"),
    row(
        "GIX",
        TAGGED,
        "information about the pad and its keys",
        "查询键盘及密钥信息",
    ),
    row(
        "CLO",
        OLD,
        "close, leaving two lines on the display",
        "关闭并留下两行文字",
    ),
    row(
        "CLX",
        TAGGED,
        "close, leaving free text on the display",
        "关闭并留下任意文字",
    ),
    row(
        "CEX",
        BLOCKS | TAGGED,
        "wait for a key or a card",
        "等待按键或卡片",
    ),
    row("CHP", BLOCKS, "talk to the chip directly", "直接访问芯片"),
    row(
        "CKE",
        BLOCKS | OLD,
        "wait for a key or a card, old form",
        "等待按键或卡片（旧）",
    ),
    row("DEX", 0, "show free text", "显示任意文字"),
    row("DSP", 0, "show two lines of sixteen", "显示两行各十六字"),
    row("EBX", TAGGED, "encipher data", "加密数据"),
    row("ENB", OLD, "encipher eight bytes", "加密八字节"),
    row(
        "GCD",
        BLOCKS | TAGGED,
        "ask for digits that are no secret",
        "输入明文数字",
    ),
    row("GDU", OLD, "the DUKPT serial number", "查询 DUKPT 序列号"),
    row("GKY", BLOCKS | OLD, "wait for one key", "等待一个按键"),
    row(
        "GPN",
        BLOCKS,
        "ask for a PIN and encipher it",
        "输入密码并加密",
    ),
    row(
        "GTK",
        TAGGED,
        "the tracks of the card last read",
        "读取磁道数据",
    ),
    row("MNU", BLOCKS | TAGGED, "a menu", "菜单选择"),
    row(
        "RMC",
        BLOCKS,
        "wait until the chip card is taken away",
        "等待取走芯片卡",
    ),
    row(
        "GTS",
        OLD,
        "version of the EMV tables",
        "查询 EMV 参数表版本",
    ),
    row("TLI", 0, "begin to load EMV tables", "开始装载 EMV 参数表"),
    row("TLR", 0, "records of EMV tables", "装载 EMV 参数表记录"),
    row("TLE", 0, "end of EMV tables", "EMV 参数表装载结束"),
    row(
        "GCR",
        BLOCKS | OLD,
        "begin a transaction, old form",
        "开始交易（旧）",
    ),
    row(
        "CNG",
        OLD,
        "EMV parameters of this transaction, old form",
        "设置 EMV 参数（旧）",
    ),
    row(
        "GOC",
        BLOCKS | OLD,
        "go on with the chip, old form",
        "继续芯片交易（旧）",
    ),
    row(
        "FNC",
        OLD,
        "finish with the chip, old form",
        "结束芯片交易（旧）",
    ),
    row("GCX", BLOCKS | TAGGED, "begin a transaction", "开始交易"),
    row(
        "GED",
        TAGGED,
        "EMV data of this transaction",
        "读取 EMV 数据",
    ),
    row(
        "GOX",
        BLOCKS | TAGGED,
        "go on with the chip",
        "继续芯片交易",
    ),
    row(
        "FCX",
        BLOCKS | TAGGED,
        "finish with the chip",
        "结束芯片交易",
    ),
];

/// The command of three letters.
#[must_use]
pub fn command(id: &[u8]) -> Option<&'static Command> {
    TABLE.iter().find(|c| c.id.as_bytes() == id)
}
