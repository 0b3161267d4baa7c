//! The commands, statuses and keys of the EPP family.

use crate::pad::Words;

/// One command or status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The byte.
    pub byte: u8,
    /// What it says.
    pub words: Words,
}

const fn row(byte: u8, en: &'static str, zh: &'static str) -> Code {
    Code {
        byte,
        words: Words::new(en, zh),
    }
}

/// Every command.
pub const COMMANDS: &[Code] = &[
    row(0x23, "type a master key at the keypad", "键盘输入主密钥"),
    row(0x24, "type a working key at the keypad", "键盘输入工作密钥"),
    row(0x30, "version and serial number", "查询版本号"),
    row(
        0x31,
        "self-test and reset; 38 erases every key",
        "自检复位；38 清除全部密钥",
    ),
    row(0x32, "load a master key in clear", "装载主密钥（明文）"),
    row(
        0x33,
        "load a working key under a master key",
        "装载工作密钥（主密钥加密）",
    ),
    row(
        0x34,
        "the account number, twelve digits",
        "送入卡号（12 位）",
    ),
    row(0x35, "open the keyboard for a PIN", "启动密码输入"),
    row(0x36, "encipher with the active key", "加密"),
    row(0x37, "decipher with the active key", "解密"),
    row(0x38, "serial number", "查询序列号"),
    row(0x41, "MAC with the active key", "计算 MAC"),
    row(0x42, "read the PIN block", "读取密码密文"),
    row(0x43, "make a key the active one", "激活工作密钥"),
    row(
        0x44,
        "the character that stands for a digit",
        "设置回显字符",
    ),
    row(
        0x45,
        "keyboard and tone; 00 closes",
        "键盘与按键音；00 关闭",
    ),
    row(0x46, "set a parameter", "设置参数"),
    row(0x47, "SAM card", "SAM 卡"),
    row(0x48, "command to the card", "卡片 APDU"),
    row(0x49, "card power on", "卡片上电"),
    row(0x59, "kind of card slot", "卡座类型"),
    row(0x5A, "card power off", "卡片下电"),
    row(0x5B, "card power off", "卡片下电"),
];

/// Done.
pub const OK: u8 = 0x04;
/// A parameter is wrong.
pub const PARAMETER: u8 = 0x15;
/// Refused: the master key is not valid.
pub const NO_MASTER: u8 = 0xB5;
/// No such command.
pub const UNKNOWN: u8 = 0xE0;

/// Every status.
pub const STATUSES: &[Code] = &[
    row(OK, "done", "成功"),
    row(PARAMETER, "a parameter is wrong", "参数错误"),
    row(0x80, "the time ran out", "超时"),
    row(
        0xA4,
        "done, but the master key is not valid",
        "成功，但主密钥无效",
    ),
    row(
        NO_MASTER,
        "refused: the master key is not valid",
        "拒绝：主密钥无效",
    ),
    row(
        0xC4,
        "done, but the battery may be bad",
        "成功，但电池可能异常",
    ),
    row(0xD5, "refused: the battery is bad", "拒绝：电池异常"),
    row(UNKNOWN, "no such command", "无效命令"),
    row(0xF0, "fault: processor or memory", "故障：处理器或存储器"),
    row(0xF1, "fault: SRAM", "故障：SRAM"),
    row(0xF2, "fault: a key is shorted", "故障：按键短路"),
    row(0xF3, "fault: serial level", "故障：串口电平"),
    row(0xF4, "fault: CPU card", "故障：CPU 卡"),
    row(0xF5, "fault: battery", "故障：电池"),
    row(0xF6, "fault: the master key is lost", "故障：主密钥丢失"),
    row(0xF7, "fault", "故障：其他"),
];

/// The bare bytes that come while the keyboard is open.
pub const KEYS: &[Code] = &[
    row(0x2A, "a digit was pressed", "按下一位数字"),
    row(0x08, "clear was pressed", "按下清除键"),
    row(0x1B, "cancel was pressed", "按下取消键"),
    row(0x0D, "enter was pressed", "按下确认键"),
    row(0x80, "the time ran out", "超时"),
];

/// The words of a byte in one of the tables.
#[must_use]
pub fn words(table: &[Code], byte: u8) -> Option<Words> {
    table.iter().find(|c| c.byte == byte).map(|c| c.words)
}
