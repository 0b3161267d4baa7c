//! The result codes of ABECS replies.

use crate::pad::Words;

/// One result code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// The three digits as a number.
    pub code: u16,
    /// The name in the specification, without `ST_`.
    pub name: &'static str,
    /// What it says.
    pub words: Words,
}

const fn row(code: u16, name: &'static str, en: &'static str, zh: &'static str) -> Meaning {
    Meaning {
        code,
        name,
        words: Words::new(en, zh),
    }
}

/// Done.
pub const OK: u16 = 0;
/// Enciphered, but no secure channel stands.
pub const NOSEC: u16 = 3;
/// The clear key.
pub const BACKSP: u16 = 8;
/// The enciphered data could not be opened, or a clear command came over a secure channel.
pub const ERRPKTSEC: u16 = 9;
/// An operation is missing before this one, or the command is unknown.
pub const INVCALL: u16 = 10;
/// A parameter is wrong.
pub const INVPARM: u16 = 11;
/// The time ran out.
pub const TIMEOUT: u16 = 12;
/// The person pressed cancel.
pub const CANCEL: u16 = 13;
/// A parameter is missing.
pub const MANDAT: u16 = 19;
/// The EMV tables have another version.
pub const TABVERDIF: u16 = 20;
/// The EMV tables could not be stored.
pub const TABERR: u16 = 21;
/// The stripe could not be read.
pub const MCDATAERR: u16 = 41;
/// No such key.
pub const ERRKEY: u16 = 42;
/// No card.
pub const NOCARD: u16 = 43;
/// The reply would be too long.
pub const RSPOVRFL: u16 = 45;
/// A cryptographic check failed.
pub const ERRCRYPT: u16 = 46;
/// The chip does not answer.
pub const DUMBCARD: u16 = 60;
/// No application of the chip fits.
pub const CARDAPPNAV: u16 = 70;

/// Every result code, in order.
pub const TABLE: &[Meaning] = &[
    row(OK, "OK", "done", "成功"),
    row(
        NOSEC,
        "NOSEC",
        "enciphered, but no secure channel stands",
        "尚未建立安全通信",
    ),
    row(4, "F1", "key F1 was pressed", "按下 F1 键"),
    row(5, "F2", "key F2 was pressed", "按下 F2 键"),
    row(6, "F3", "key F3 was pressed", "按下 F3 键"),
    row(7, "F4", "key F4 was pressed", "按下 F4 键"),
    row(BACKSP, "BACKSP", "the clear key was pressed", "按下清除键"),
    row(
        ERRPKTSEC,
        "ERRPKTSEC",
        "the enciphered data could not be opened, or a clear command came while secure",
        "加密数据无法解开，或安全通信期间收到明文命令",
    ),
    row(
        INVCALL,
        "INVCALL",
        "unknown command, or a step is missing before it",
        "命令未知，或缺少前置操作",
    ),
    row(INVPARM, "INVPARM", "a parameter is wrong", "参数错误"),
    row(TIMEOUT, "TIMEOUT", "the time ran out", "超时"),
    row(
        CANCEL,
        "CANCEL",
        "the cardholder pressed cancel",
        "持卡人按下取消键",
    ),
    row(
        MANDAT,
        "MANDAT",
        "a mandatory parameter is missing",
        "缺少必需参数",
    ),
    row(
        TABVERDIF,
        "TABVERDIF",
        "the EMV tables have another version",
        "EMV 参数表版本不同",
    ),
    row(
        TABERR,
        "TABERR",
        "the EMV tables could not be stored",
        "EMV 参数表无法保存",
    ),
    row(
        40,
        "INTERR",
        "internal error of the pad",
        "密码键盘内部错误",
    ),
    row(
        MCDATAERR,
        "MCDATAERR",
        "the stripe could not be read",
        "磁条读取失败",
    ),
    row(
        ERRKEY,
        "ERRKEY",
        "that key is not in the pad",
        "键盘内没有该密钥",
    ),
    row(NOCARD, "NOCARD", "no card is present", "没有卡片"),
    row(
        44,
        "PINBUSY",
        "too many PIN entries in a short time; wait a little",
        "短时间内输密次数过多，请稍候",
    ),
    row(
        RSPOVRFL,
        "RSPOVRFL",
        "the reply would be too long",
        "应答超出长度上限",
    ),
    row(
        ERRCRYPT,
        "ERRCRYPT",
        "a cryptographic check failed",
        "密码学校验失败",
    ),
    row(
        47,
        "SECURITY",
        "ended for security reasons",
        "因安全原因终止",
    ),
    row(
        DUMBCARD,
        "DUMBCARD",
        "the chip does not answer",
        "芯片无应答",
    ),
    row(
        61,
        "ERRCARD",
        "communication with the chip failed",
        "与芯片通信失败",
    ),
    row(
        67,
        "CARDINVALIDAT",
        "the card was invalidated",
        "卡片已失效",
    ),
    row(68, "CARDPROBLEMS", "the chip misbehaves", "芯片行为异常"),
    row(
        69,
        "CARDINVDATA",
        "the chip holds wrong data",
        "芯片数据无效",
    ),
    row(
        CARDAPPNAV,
        "CARDAPPNAV",
        "no application of the chip fits",
        "芯片没有可用的应用",
    ),
    row(
        71,
        "CARDAPPNAUT",
        "that application may not be used here",
        "该应用此处不可用",
    ),
    row(
        76,
        "ERRFALLBACK",
        "the chip failed; the stripe may be used",
        "芯片出错，可降级用磁条",
    ),
    row(77, "INVAMOUNT", "the amount is not valid", "金额无效"),
    row(
        78,
        "ERRMAXAID",
        "too many candidate applications",
        "候选应用过多",
    ),
    row(79, "CARDBLOCKED", "the card is blocked", "卡片已锁定"),
    row(
        80,
        "CTLSMULTIPLE",
        "more than one contactless card",
        "同时出现多张非接卡",
    ),
    row(
        81,
        "CTLSCOMMERR",
        "communication with the contactless card failed",
        "非接卡通信失败",
    ),
    row(
        82,
        "CTLSINVALIDAT",
        "the contactless card was invalidated",
        "非接卡已失效",
    ),
    row(
        83,
        "CTLSPROBLEMS",
        "the contactless card misbehaves",
        "非接卡行为异常",
    ),
    row(
        84,
        "CTLSAPPNAV",
        "no contactless application fits",
        "没有可用的非接应用",
    ),
    row(
        85,
        "CTLSAPPNAUT",
        "that contactless application may not be used",
        "该非接应用不可用",
    ),
    row(
        86,
        "CTLSEXTCVM",
        "act on your own device and present it again",
        "请在手机上操作后重新出示",
    ),
    row(
        87,
        "CTLSIFCHG",
        "use chip or stripe instead",
        "请改用芯片或磁条",
    ),
    row(100, "MFNFOUND", "no such media file", "多媒体文件不存在"),
    row(
        101,
        "MFERRFMT",
        "the media file has a wrong format",
        "多媒体文件格式错误",
    ),
    row(
        102,
        "MFERR",
        "the media file could not be loaded",
        "多媒体文件装载失败",
    ),
];

/// The row of a code.
#[must_use]
pub fn meaning(code: u16) -> Option<&'static Meaning> {
    TABLE.iter().find(|m| m.code == code)
}
