//! The messages of the VISA family, by their first characters.

use super::frame::Kind;
use crate::pad::Words;

/// One message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    /// The characters it begins with.
    pub id: &'static str,
    /// Its brackets.
    pub kind: Kind,
    /// It comes from the pad.
    pub from_pad: bool,
    /// It waits for a person.
    pub blocking: bool,
    /// What it does.
    pub words: Words,
}

use Kind::{Admin as A, Transaction as T};

const fn ask(id: &'static str, kind: Kind, en: &'static str, zh: &'static str) -> Message {
    Message {
        id,
        kind,
        from_pad: false,
        blocking: false,
        words: Words::new(en, zh),
    }
}

const fn wait(id: &'static str, kind: Kind, en: &'static str, zh: &'static str) -> Message {
    Message {
        id,
        kind,
        from_pad: false,
        blocking: true,
        words: Words::new(en, zh),
    }
}

const fn tell(id: &'static str, kind: Kind, en: &'static str, zh: &'static str) -> Message {
    Message {
        id,
        kind,
        from_pad: true,
        blocking: false,
        words: Words::new(en, zh),
    }
}

/// Every message, in the order of the manuals; the longer of two ids stands first.
pub const TABLE: &[Message] = &[
    ask("01", A, "run a diagnostic", "运行诊断"),
    ask("02", A, "load a master key", "装载主密钥"),
    ask("04", A, "is a master key there?", "查询主密钥是否存在"),
    ask("05", A, "set the serial number", "设置序列号"),
    ask("06", A, "the serial number", "查询序列号"),
    ask("07", A, "dummy: do nothing for a second", "空操作"),
    ask("08", A, "choose the master key to use", "选择主密钥"),
    ask("09", A, "loop back a test line", "回环测试"),
    ask("11", A, "test the connection", "连接测试"),
    ask("13", A, "change speed and parity", "更改波特率与校验"),
    tell("14", A, "result of a diagnostic", "诊断结果"),
    ask("15", A, "reset", "复位"),
    ask("16", A, "self-test", "自检"),
    ask("17", A, "choose how keys are managed", "选择密钥管理方式"),
    ask("18", A, "choose how keys are managed", "选择密钥管理方式"),
    ask("19", A, "choose the DUKPT register", "选择 DUKPT 引擎"),
    ask("25", A, "which DUKPT register?", "查询 DUKPT 引擎"),
    ask("M04", A, "the permanent serial number", "查询永久序列号"),
    wait(
        "70",
        T,
        "ask for a PIN, the pad shows the amount",
        "输入密码（显示金额）",
    ),
    tell("710", T, "PIN block under DUKPT", "DUKPT PIN 块"),
    tell("71", T, "PIN block, or why there is none", "PIN 块或错误"),
    ask("72", T, "cancel", "取消"),
    tell("73", T, "PIN block under DUKPT", "DUKPT PIN 块"),
    ask(
        "76",
        T,
        "a DUKPT test with PIN 1234",
        "DUKPT 测试（PIN 1234）",
    ),
    ask(
        "90",
        T,
        "load the first DUKPT register",
        "装载第一组 DUKPT 密钥",
    ),
    tell("91", T, "result of a DUKPT load", "DUKPT 装载结果"),
    ask(
        "94",
        T,
        "load the second DUKPT register",
        "装载第二组 DUKPT 密钥",
    ),
    ask("96", T, "choose the DUKPT register", "选择 DUKPT 组"),
    ask("Z2", T, "show text", "显示文字"),
    ask("Z3", T, "show texts in turn", "轮流显示文字"),
    wait("Z42", T, "ask for one key", "等待一个按键"),
    tell("Z43", T, "the key that was pressed", "按下的键"),
    wait(
        "Z50",
        T,
        "ask for digits that are no secret",
        "输入明文数字",
    ),
    tell("Z51", T, "the digits that were typed", "输入的数字"),
    wait(
        "Z60",
        T,
        "ask for a PIN, the host has shown the prompt",
        "输入密码（主机已提示）",
    ),
    wait(
        "Z62",
        T,
        "ask for a PIN with these prompts",
        "输入密码（自定义提示）",
    ),
    wait(
        "Z63",
        T,
        "ask for a PIN with these prompts and limits",
        "输入密码（自定义要求）",
    ),
    ask("Z66", T, "compute a MAC", "计算 MAC"),
    tell("Z67", T, "the MAC, or why there is none", "MAC 或错误"),
];

/// The row of a text.
#[must_use]
pub fn message(text: &[u8]) -> Option<&'static Message> {
    TABLE.iter().find(|m| text.starts_with(m.id.as_bytes()))
}

/// The errors of message 71, by the character after it.
pub const PIN_ERRORS: &[(char, Words)] = &[
    ('1', Words::new("no master key", "没有主密钥")),
    (
        '2',
        Words::new("wrong account or working key", "卡号或工作密钥错误"),
    ),
    ('3', Words::new("PIN too long", "密码过长")),
    (
        '4',
        Words::new("PIN too short, or not digits", "密码过短或非数字"),
    ),
    (
        '5',
        Words::new("the pad is set to DUKPT", "密码键盘处于 DUKPT 模式"),
    ),
    (
        '6',
        Words::new("the master key may not do this", "主密钥属性不允许"),
    ),
    (
        '7',
        Words::new("the working key may not do this", "工作密钥属性不允许"),
    ),
];

/// The results of message Z67, by the character after it.
pub const MAC_RESULTS: &[(char, Words)] = &[
    ('0', Words::new("the MAC follows", "后随 MAC")),
    ('1', Words::new("ready for the next packet", "可发送下一包")),
    ('2', Words::new("packets out of order", "包序错误")),
    ('3', Words::new("wrong key pointer", "密钥指针错误")),
    ('4', Words::new("second key not there", "第二密钥不存在")),
    ('5', Words::new("wrong frame or length", "帧或长度错误")),
    ('6', Words::new("wrong flag", "标志错误")),
    ('7', Words::new("wrong message", "报文错误")),
    ('8', Words::new("wrong working key", "工作密钥错误")),
    (
        '9',
        Words::new("the master key may not do this", "主密钥属性不允许"),
    ),
];
