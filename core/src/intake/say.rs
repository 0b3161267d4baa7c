//! The words of a reading: names of the forms and the notes, in English and Chinese.

use super::{Content, Intake, Unread};
use std::fmt;
use std::ops::Range;

/// How a message was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Numbers in an array of C, Rust, Java, Python and the like.
    Array,
    /// Base64 with `+` and `/`.
    Base64,
    /// Base64 with `-` and `_`.
    Base64Url,
    /// A file of raw bytes.
    Binary,
    /// A string literal with `\x` escapes.
    Escapes,
    /// Byte pairs with spaces, colons, commas or `0x` between them.
    HexBytes,
    /// One run of hex digits.
    HexDigits,
    /// `hexdump -C`.
    HexdumpC,
    /// `hexdump` or `od -x`: 16-bit words of a little-endian machine.
    HexdumpWords,
    /// Any other dump with an offset column.
    Dump,
    /// jPOS `<isomsg>` XML.
    IsoMsg,
    /// The message itself as text.
    IsoText,
    /// A JSON object of fields.
    Json,
    /// One JSON object a line.
    JsonLines,
    /// Lines of a log with a message somewhere in them.
    Log,
    /// `tcpdump -X`.
    Tcpdump,
    /// A Wireshark packet dump.
    Wireshark,
    /// `xxd`.
    Xxd,
}

impl Form {
    /// The English name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.names().0
    }

    /// The Chinese name.
    #[must_use]
    pub fn name_zh(self) -> &'static str {
        self.names().1
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Form::Array => ("byte array", "字节数组"),
            Form::Base64 => ("base64", "Base64"),
            Form::Base64Url => ("base64url", "Base64url"),
            Form::Binary => ("binary file", "二进制文件"),
            Form::Escapes => ("escaped string", "转义字符串"),
            Form::HexBytes => ("hex bytes", "十六进制字节"),
            Form::HexDigits => ("hex digits", "十六进制串"),
            Form::HexdumpC => ("hexdump -C", "hexdump -C"),
            Form::HexdumpWords => ("hexdump words", "hexdump（16 位字）"),
            Form::Dump => ("hex dump", "十六进制转储"),
            Form::IsoMsg => ("isomsg XML", "isomsg XML"),
            Form::IsoText => ("ISO 8583 text", "ISO 8583 文本"),
            Form::Json => ("JSON", "JSON"),
            Form::JsonLines => ("JSON lines", "JSON 行"),
            Form::Log => ("log", "日志"),
            Form::Tcpdump => ("tcpdump -X", "tcpdump -X"),
            Form::Wireshark => ("Wireshark dump", "Wireshark 转储"),
            Form::Xxd => ("xxd", "xxd"),
        }
    }
}

/// What the person should know about a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Which remark it is.
    pub code: NoteCode,
    /// The characters it is about, in UTF-8 bytes of the pasted text.
    pub chars: Range<usize>,
    /// The number the remark speaks of: bytes, digits or lines.
    pub count: usize,
}

/// The remarks a reading can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteCode {
    /// The text is hex of hex text; both layers were removed.
    DoubleEncoded,
    /// An odd number of hex digits: the last one is half a byte and was left out.
    OddDigits,
    /// Ethernet, IP and TCP headers were removed.
    PacketHeaders,
    /// Lines that hold no message were passed over.
    SkippedLines,
}

impl NoteCode {
    /// The stable slug used in JSON.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            NoteCode::DoubleEncoded => "double-encoded",
            NoteCode::OddDigits => "odd-digits",
            NoteCode::PacketHeaders => "packet-headers",
            NoteCode::SkippedLines => "skipped-lines",
        }
    }
}

impl Note {
    /// The remark as an English sentence.
    #[must_use]
    pub fn text(&self) -> String {
        let n = self.count;
        match self.code {
            NoteCode::DoubleEncoded => {
                "the digits are hex of text that is hex itself; both layers were removed".into()
            }
            NoteCode::OddDigits => {
                format!("{n} hex digits, an odd number: the last half byte was left out")
            }
            NoteCode::PacketHeaders => format!("{n} bytes of network headers were removed"),
            NoteCode::SkippedLines => format!("lines without a message, passed over: {n}"),
        }
    }

    /// The remark as a Chinese sentence.
    #[must_use]
    pub fn text_zh(&self) -> String {
        let n = self.count;
        match self.code {
            NoteCode::DoubleEncoded => "内容是十六进制文本的十六进制，已解开两层".into(),
            NoteCode::OddDigits => format!("共 {n} 个十六进制数字，为奇数：最后半个字节未计入"),
            NoteCode::PacketHeaders => format!("已去掉 {n} 字节网络包头"),
            NoteCode::SkippedLines => format!("跳过没有报文的 {n} 行"),
        }
    }
}

impl Intake {
    /// What was understood, in English: "hexdump -C, 3 lines, 47 bytes".
    #[must_use]
    pub fn what(&self) -> String {
        let mut words = self.form.name().to_owned();
        if self.lines > 0 {
            words += &format!(", {}", counted(self.lines, "line"));
        }
        words += &match self.items.as_slice() {
            [one] => match &one.content {
                Content::Bytes(octets) => format!(", {}", counted(octets.bytes.len(), "byte")),
                Content::Fields(fields) => format!(", {}", counted(fields.entries.len(), "field")),
            },
            many => format!(", {}", counted(many.len(), "message")),
        };
        words
    }

    /// What was understood, in Chinese.
    #[must_use]
    pub fn what_zh(&self) -> String {
        let mut words = self.form.name_zh().to_owned();
        if self.lines > 0 {
            words += &format!("，{} 行", self.lines);
        }
        words += &match self.items.as_slice() {
            [one] => match &one.content {
                Content::Bytes(octets) => format!("，{} 字节", octets.bytes.len()),
                Content::Fields(fields) => format!("，{} 个域", fields.entries.len()),
            },
            many => format!("，{} 条报文", many.len()),
        };
        words
    }
}

fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unread::Empty => f.write_str("the input is empty"),
            Unread::NoMessage { lines } => {
                write!(f, "no message found in {}", counted(*lines, "line"))
            }
        }
    }
}

impl Unread {
    /// The stable slug used in JSON.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Unread::Empty => "empty-input",
            Unread::NoMessage { .. } => "no-message",
        }
    }

    /// The reason in Chinese.
    #[must_use]
    pub fn text_zh(self) -> String {
        match self {
            Unread::Empty => "输入为空".into(),
            Unread::NoMessage { lines } => format!("在 {lines} 行文字中没有找到报文"),
        }
    }
}
