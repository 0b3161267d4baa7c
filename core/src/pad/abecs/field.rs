//! The tagged parameters and data of ABECS: `id X2 | length X2 | value`.

use crate::pad::Words;

/// What the value of a field is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Digits and letters.
    Text,
    /// Anything.
    Binary,
    /// A big-endian number.
    Number,
    /// Card data: shown masked.
    Card,
}

/// One field of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The id; ids from 8000h come from the pad.
    pub id: u16,
    /// The name in the specification, without `SPE_` or `PP_`.
    pub name: &'static str,
    /// What the value is made of.
    pub form: Form,
    /// What it says.
    pub words: Words,
}

const fn row(id: u16, name: &'static str, form: Form, en: &'static str, zh: &'static str) -> Field {
    Field {
        id,
        name,
        form,
        words: Words::new(en, zh),
    }
}

use Form::{Binary as B, Card as C, Number as X, Text as T};

pub(crate) const IDLIST: u16 = 0x0001;
pub(crate) const MTHDDAT: u16 = 0x0003;
pub(crate) const CEXOPT: u16 = 0x0006;
pub(crate) const TRACKS: u16 = 0x0007;
pub(crate) const OPNDIG: u16 = 0x0008;
pub(crate) const KEYIDX: u16 = 0x0009;
pub(crate) const WKENC: u16 = 0x000A;
pub(crate) const MSGIDX: u16 = 0x000B;
pub(crate) const TIMEOUT: u16 = 0x000C;
pub(crate) const MINDIG: u16 = 0x000D;
pub(crate) const MAXDIG: u16 = 0x000E;
pub(crate) const DATAIN: u16 = 0x000F;
pub(crate) const DSPMSG: u16 = 0x001B;
pub(crate) const IVCBC: u16 = 0x001D;
pub(crate) const MNUOPT: u16 = 0x0020;
pub(crate) const PANMASK: u16 = 0x0023;
pub(crate) const PBKMOD: u16 = 0x0024;
pub(crate) const PBKEXP: u16 = 0x0025;
pub(crate) const EVENT: u16 = 0x8040;
pub(crate) const TRK1INC: u16 = 0x8041;
pub(crate) const TRK2INC: u16 = 0x8042;
pub(crate) const TRACK1: u16 = 0x8044;
pub(crate) const TRACK2: u16 = 0x8045;
pub(crate) const TRK1KSN: u16 = 0x8047;
pub(crate) const TRK2KSN: u16 = 0x8048;
pub(crate) const KSN: u16 = 0x804C;
pub(crate) const VALUE: u16 = 0x804D;
pub(crate) const DATAOUT: u16 = 0x804E;
pub(crate) const CARDTYPE: u16 = 0x804F;
pub(crate) const ENCKRAND: u16 = 0x8063;

/// Every field but the numbered ranges, in order.
pub const TABLE: &[Field] = &[
    row(IDLIST, "IDLIST", B, "which data are wanted", "所需数据列表"),
    row(
        0x0002,
        "MTHDPIN",
        T,
        "how the PIN is enciphered",
        "PIN 加密方式",
    ),
    row(
        MTHDDAT,
        "MTHDDAT",
        T,
        "how data are enciphered",
        "数据加密方式",
    ),
    row(
        0x0004,
        "TAGLIST",
        B,
        "which EMV tags are wanted",
        "所需 EMV 标签",
    ),
    row(0x0005, "EMVDATA", B, "EMV data", "EMV 数据"),
    row(
        CEXOPT,
        "CEXOPT",
        T,
        "which events count: keys, stripe, chip, contactless",
        "等待哪些事件",
    ),
    row(
        TRACKS,
        "TRACKS",
        T,
        "which tracks are wanted: PAN, 1, 2, 3",
        "所需磁道",
    ),
    row(OPNDIG, "OPNDIG", T, "digits left in clear", "保留明文位数"),
    row(KEYIDX, "KEYIDX", T, "key index", "密钥索引"),
    row(
        WKENC,
        "WKENC",
        B,
        "working key under the master key",
        "主密钥加密的工作密钥",
    ),
    row(
        MSGIDX,
        "MSGIDX",
        X,
        "number of the fixed prompt",
        "固定提示编号",
    ),
    row(TIMEOUT, "TIMEOUT", X, "idle time in seconds", "等待秒数"),
    row(MINDIG, "MINDIG", X, "least digits", "最少位数"),
    row(MAXDIG, "MAXDIG", X, "most digits", "最多位数"),
    row(DATAIN, "DATAIN", B, "data in", "输入数据"),
    row(0x0010, "ACQREF", T, "acquirer", "收单机构编号"),
    row(0x0011, "APPTYPE", T, "kinds of application", "应用类型"),
    row(
        0x0012,
        "AIDLIST",
        T,
        "entries of the AID table",
        "AID 表条目",
    ),
    row(0x0013, "AMOUNT", T, "amount in minor units", "金额（分）"),
    row(
        0x0014,
        "CASHBACK",
        T,
        "cash back in minor units",
        "返现金额（分）",
    ),
    row(0x0015, "TRNDATE", T, "date, YYMMDD", "日期"),
    row(0x0016, "TRNTIME", T, "time, hhmmss", "时间"),
    row(0x0017, "GCXOPT", T, "options of GCX", "GCX 选项"),
    row(0x0018, "GOXOPT", T, "options of GOX", "GOX 选项"),
    row(0x0019, "FCXOPT", T, "options of FCX", "FCX 选项"),
    row(
        0x001A,
        "TRMPAR",
        B,
        "terminal risk parameters",
        "终端风险参数",
    ),
    row(DSPMSG, "DSPMSG", T, "text to show", "显示文字"),
    row(
        0x001C,
        "ARC",
        T,
        "authorisation response code",
        "授权应答码",
    ),
    row(IVCBC, "IVCBC", B, "CBC start vector", "CBC 初始向量"),
    row(0x001E, "MFNAME", T, "media file", "多媒体文件名"),
    row(
        0x001F,
        "MFINFO",
        B,
        "size, CRC and kind of the media file",
        "多媒体文件信息",
    ),
    row(MNUOPT, "MNUOPT", T, "one line of the menu", "菜单项"),
    row(0x0021, "TRNTYPE", B, "kind of transaction", "交易类型"),
    row(0x0022, "TRNCURR", T, "currency", "货币代码"),
    row(
        PANMASK,
        "PANMASK",
        T,
        "digits of the PAN left open",
        "卡号保留位数",
    ),
    row(PBKMOD, "PBKMOD", B, "RSA modulus", "RSA 模数"),
    row(PBKEXP, "PBKEXP", B, "RSA exponent", "RSA 指数"),
    row(0x0026, "GCDOPT", T, "options of GCD", "GCD 选项"),
    row(0x8001, "SERNUM", T, "serial number", "序列号"),
    row(0x8002, "PARTNBR", T, "part number", "部件号"),
    row(0x8003, "MODEL", T, "model and memory", "型号及内存"),
    row(0x8004, "MNNAME", T, "maker", "制造商"),
    row(
        0x8005,
        "CAPAB",
        T,
        "contactless, display, chip, stripe, SAMs",
        "能力",
    ),
    row(0x8006, "SOVER", T, "operating system", "系统版本"),
    row(
        0x8007,
        "SPECVER",
        T,
        "version of the specification",
        "规范版本",
    ),
    row(0x8008, "MANVERS", T, "manager application", "管理程序版本"),
    row(0x8009, "APPVERS", T, "Abecs application", "Abecs 程序版本"),
    row(
        0x800A,
        "GENVERS",
        T,
        "extension application",
        "扩展程序版本",
    ),
    row(0x800B, "CTLSCAPAB", T, "contactless schemes", "非接方案"),
    row(0x8010, "KRNLVER", T, "EMV kernel", "EMV 内核版本"),
    row(
        0x8011,
        "CTLSVER",
        T,
        "contactless entry point",
        "非接入口版本",
    ),
    row(
        0x8012,
        "MCTLSVER",
        T,
        "contactless kernel, Mastercard",
        "非接内核 Mastercard",
    ),
    row(
        0x8013,
        "VCTLSVER",
        T,
        "contactless kernel, Visa",
        "非接内核 Visa",
    ),
    row(
        0x8014,
        "AECTLSVER",
        T,
        "contactless kernel, Amex",
        "非接内核 Amex",
    ),
    row(
        0x8015,
        "DPCTLSVER",
        T,
        "contactless kernel, Discover",
        "非接内核 Discover",
    ),
    row(
        0x8016,
        "PUREVER",
        T,
        "contactless kernel, Pure",
        "非接内核 Pure",
    ),
    row(
        0x8018,
        "QPCTLSVER",
        T,
        "contactless kernel, UnionPay QuickPass",
        "非接内核 银联闪付",
    ),
    row(
        0x8020,
        "DSPTXTSZ",
        T,
        "lines and columns of text",
        "文本行列数",
    ),
    row(
        0x8021,
        "DSPGRSZ",
        T,
        "lines and columns of pixels",
        "像素行列数",
    ),
    row(
        0x8022,
        "MFSUP",
        T,
        "media files: PNG, JPG, GIF",
        "支持的多媒体格式",
    ),
    row(
        0x8032,
        "MKTDESP",
        T,
        "map of master keys for PINs",
        "PIN 主密钥分布",
    ),
    row(
        0x8033,
        "MKTDESD",
        T,
        "map of master keys for data",
        "数据主密钥分布",
    ),
    row(
        0x8035,
        "DKPTTDESP",
        T,
        "map of DUKPT registers for PINs",
        "PIN DUKPT 分布",
    ),
    row(
        0x8036,
        "DKPTTDESD",
        T,
        "map of DUKPT registers for data",
        "数据 DUKPT 分布",
    ),
    row(EVENT, "EVENT", T, "what happened", "发生的事件"),
    row(
        TRK1INC,
        "TRK1INC",
        C,
        "track 1, incomplete",
        "一磁道（不完整）",
    ),
    row(
        TRK2INC,
        "TRK2INC",
        C,
        "track 2, incomplete",
        "二磁道（不完整）",
    ),
    row(
        0x8043,
        "TRK3INC",
        C,
        "track 3, incomplete",
        "三磁道（不完整）",
    ),
    row(TRACK1, "TRACK1", C, "track 1", "一磁道"),
    row(TRACK2, "TRACK2", C, "track 2", "二磁道"),
    row(0x8046, "TRACK3", C, "track 3", "三磁道"),
    row(
        TRK1KSN,
        "TRK1KSN",
        B,
        "key serial number of track 1",
        "一磁道 KSN",
    ),
    row(
        TRK2KSN,
        "TRK2KSN",
        B,
        "key serial number of track 2",
        "二磁道 KSN",
    ),
    row(
        0x8049,
        "TRK3KSN",
        B,
        "key serial number of track 3",
        "三磁道 KSN",
    ),
    row(0x804A, "ENCPAN", C, "PAN", "卡号"),
    row(
        0x804B,
        "ENCPANKSN",
        B,
        "key serial number of the PAN",
        "卡号 KSN",
    ),
    row(KSN, "KSN", B, "key serial number", "密钥序列号"),
    row(
        VALUE,
        "VALUE",
        T,
        "what was typed or chosen",
        "输入或选择的值",
    ),
    row(DATAOUT, "DATAOUT", B, "data out", "输出数据"),
    row(
        CARDTYPE,
        "CARDTYPE",
        T,
        "kind of card: 00 stripe, 03 chip, 05 06 contactless",
        "卡片类型",
    ),
    row(
        0x8050,
        "ICCSTAT",
        T,
        "how the last chip read ended",
        "上次芯片读取状态",
    ),
    row(
        0x8051,
        "AIDTABINFO",
        T,
        "entries of the AID table used",
        "所用 AID 表信息",
    ),
    row(0x8052, "PAN", C, "PAN", "卡号"),
    row(0x8053, "PANSEQNO", T, "PAN sequence number", "卡序号"),
    row(0x8054, "EMVDATA", B, "EMV data", "EMV 数据"),
    row(0x8055, "CHNAME", T, "cardholder name", "持卡人姓名"),
    row(0x8056, "GOXRES", T, "decision of the chip", "芯片判定结果"),
    row(0x8057, "PINBLK", B, "PIN block", "PIN 块"),
    row(0x8058, "FCXRES", T, "final decision", "最终结果"),
    row(0x8059, "ISRESULTS", B, "issuer script results", "脚本结果"),
    row(0x805A, "BIGRAND", B, "900 random bytes", "900 字节随机数"),
    row(0x805B, "LABEL", T, "application label", "应用标签"),
    row(0x805C, "ISSCNTRY", T, "issuer country", "发卡国家"),
    row(0x805D, "CARDEXP", T, "expiry, YYMMDD", "有效期"),
    row(0x805E, "MFNAME", T, "media file", "多媒体文件名"),
    row(0x8060, "DEVTYPE", T, "kind of device", "设备形态"),
    row(
        0x8062,
        "TLRMEM",
        X,
        "free bytes for EMV tables",
        "参数表剩余字节",
    ),
    row(
        ENCKRAND,
        "ENCKRAND",
        B,
        "random key under the RSA key",
        "RSA 加密的随机密钥",
    ),
    row(0x8064, "BATTINFO", B, "battery", "电池"),
    row(0x8065, "COMMINFO", T, "how it is connected", "连接方式"),
];

/// The row of an id; the numbered ranges 91xx, 92xx and 93xx have one row each.
#[must_use]
pub fn field(id: u16) -> Option<Field> {
    match id.to_be_bytes() {
        [0x91, 0..=0x63] => Some(row(
            id,
            "KSNTDESP",
            B,
            "serial number of a PIN register",
            "PIN KSN",
        )),
        [0x92, 0..=0x63] => Some(row(
            id,
            "KSNTDESD",
            B,
            "serial number of a data register",
            "数据 KSN",
        )),
        [0x93, 0..=0x63] => Some(row(id, "TABVER", T, "version of EMV tables", "参数表版本")),
        _ => TABLE.iter().find(|f| f.id == id).copied(),
    }
}

/// Puts one field into bytes.
///
/// **Shape**: the value has at most 995 bytes; what is longer is cut, since no field of the
/// specification is.
#[must_use]
pub fn encode(id: u16, value: &[u8]) -> Vec<u8> {
    let value = value.get(..995).unwrap_or(value);
    let mut out = id.to_be_bytes().to_vec();
    out.extend((value.len() as u16).to_be_bytes());
    out.extend(value);
    out
}

/// Takes a block apart into fields; `None` when it does not divide.
#[must_use]
pub fn decode(mut block: &[u8]) -> Option<Vec<(u16, &[u8])>> {
    let mut fields = Vec::new();
    while !block.is_empty() {
        let ([a, b, c, d], rest) = block.split_first_chunk::<4>()?;
        let (value, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes([*c, *d])))?;
        fields.push((u16::from_be_bytes([*a, *b]), value));
        block = rest;
    }
    Some(fields)
}
