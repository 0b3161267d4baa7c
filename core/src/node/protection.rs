//! The sixteen protections of the world, each of which can be switched off by itself.
//!
//! A protection is a rule that some machine keeps so that money is not lost. The checker proves
//! both directions: with all on nothing breaks, with any one off something does.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A rule that keeps the money safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protection {
    /// The reversal record is written before the request is sent.
    WriteAhead,
    /// A request without an answer is reversed.
    Reversal,
    /// The reversal record lives until a 0410 answers it.
    ReversalUntilAnswered,
    /// Journal entry and clearing of the reversal record are one record.
    OneRecordCommit,
    /// The journal is written before the slip is printed.
    JournalBeforePrint,
    /// The next trace number is stored before the request is sent.
    TraceBeforeSend,
    /// Hosts recognise a repeated request.
    DuplicateDetection,
    /// Hosts remember a reversal that overtook its original.
    EarlyReversalMemory,
    /// Hosts repeat a 0420 until it is answered.
    HostStoreAndForward,
    /// Both legs of a posting are one record.
    AtomicPosting,
    /// Message authentication codes are verified.
    MacCheck,
    /// An answer must echo its request.
    EchoChecks,
    /// The PIN block is enciphered.
    PinEncryption,
    /// An unbalanced settlement uploads the batch.
    BatchUpload,
    /// A repeated batch record is stored once.
    UploadDedup,
    /// No trade while the batch is uploading.
    UploadBlocking,
}

/// What is known of a protection: what happens without it, and how the checker sees that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ProtectionRow {
    /// The protection.
    pub protection: Protection,
    /// What the machines do when it is off, in English.
    pub off: &'static str,
    /// What the machines do when it is off, in Chinese.
    pub off_zh: &'static str,
    /// The model of the checker that finds the break.
    pub model: &'static str,
    /// The fewest faults that break it.
    pub faults: u8,
    /// The properties that may break first.
    pub breaks: &'static [&'static str],
}

use Protection as P;

/// Every protection, in the order of the table in the documentation.
pub const ROWS: [ProtectionRow; 16] = [
    row(
        P::WriteAhead,
        "the reversal record is written at the time-out, not before the send",
        "冲正记录在超时后才写，而不是发送前",
        "sale-next",
        1,
        &["P2"],
    ),
    row(
        P::Reversal,
        "no reversal is ever sent",
        "从不发冲正",
        "sale-next",
        1,
        &["P2"],
    ),
    row(
        P::ReversalUntilAnswered,
        "the reversal record is deleted after the first 0400",
        "发出第一笔 0400 后即删除冲正记录",
        "sale-next",
        2,
        &["P2"],
    ),
    row(
        P::OneRecordCommit,
        "journal entry and clearing of the reversal are two records",
        "记流水与清冲正分两次写",
        "sale-next",
        1,
        &["P2", "P7"],
    ),
    row(
        P::JournalBeforePrint,
        "the slip is printed before the journal is written",
        "先打印签购单，后写流水",
        "sale",
        1,
        &["P7"],
    ),
    row(
        P::TraceBeforeSend,
        "the trace number is stored after the send",
        "发送后才保存流水号",
        "two-requests",
        1,
        &["P5"],
    ),
    row(
        P::DuplicateDetection,
        "no host recognises a repeated request",
        "各主机都不识别重复请求",
        "sale",
        1,
        &["P3"],
    ),
    row(
        P::EarlyReversalMemory,
        "a 0400 for an unknown original is forgotten",
        "找不到原交易的冲正不被记住",
        "sale-next",
        1,
        &["P2"],
    ),
    row(
        P::HostStoreAndForward,
        "a 0420 is sent once",
        "0420 只发一次",
        "sale",
        2,
        &["P2"],
    ),
    row(
        P::AtomicPosting,
        "the two legs of a posting are two records",
        "借贷两条分录分两次写",
        "sale",
        1,
        &["P1"],
    ),
    row(
        P::MacCheck,
        "any MAC is accepted",
        "任何 MAC 都接受",
        "sale",
        1,
        &["P2"],
    ),
    row(
        P::EchoChecks,
        "any answer is taken for the one awaited",
        "任何应答都当作所等的应答",
        "two-sales",
        1,
        &["P2", "P7"],
    ),
    row(
        P::PinEncryption,
        "the PIN block leaves the pad in clear",
        "密码块以明文离开密码键盘",
        "sale",
        0,
        &["P4"],
    ),
    row(
        P::BatchUpload,
        "an unbalanced settlement is ignored",
        "对账不平也不批上送",
        "sale-settle",
        1,
        &["P2"],
    ),
    row(
        P::UploadDedup,
        "a repeated batch record is inserted again",
        "重复的批上送记录再次入账",
        "sale-settle",
        2,
        &["P3"],
    ),
    row(
        P::UploadBlocking,
        "trades are allowed while the batch is uploading",
        "批上送期间仍允许交易",
        "settle-with-sale",
        0,
        &["P6"],
    ),
];

const fn row(
    protection: Protection,
    off: &'static str,
    off_zh: &'static str,
    model: &'static str,
    faults: u8,
    breaks: &'static [&'static str],
) -> ProtectionRow {
    ProtectionRow {
        protection,
        off,
        off_zh,
        model,
        faults,
        breaks,
    }
}

impl Protection {
    /// The row of the table about this protection.
    pub fn row(self) -> &'static ProtectionRow {
        // The table lists the variants in their order; the test below holds it to that.
        ROWS.iter()
            .find(|r| r.protection == self)
            .unwrap_or(const { &ROWS[0] })
    }

    /// The name in kebab-case.
    pub fn name(self) -> &'static str {
        match self {
            P::WriteAhead => "write-ahead",
            P::Reversal => "reversal",
            P::ReversalUntilAnswered => "reversal-until-answered",
            P::OneRecordCommit => "one-record-commit",
            P::JournalBeforePrint => "journal-before-print",
            P::TraceBeforeSend => "trace-before-send",
            P::DuplicateDetection => "duplicate-detection",
            P::EarlyReversalMemory => "early-reversal-memory",
            P::HostStoreAndForward => "host-store-and-forward",
            P::AtomicPosting => "atomic-posting",
            P::MacCheck => "mac-check",
            P::EchoChecks => "echo-checks",
            P::PinEncryption => "pin-encryption",
            P::BatchUpload => "batch-upload",
            P::UploadDedup => "upload-dedup",
            P::UploadBlocking => "upload-blocking",
        }
    }
}

impl fmt::Display for Protection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Protection {
    type Err = UnknownProtection;

    fn from_str(text: &str) -> Result<Self, UnknownProtection> {
        ROWS.iter()
            .map(|r| r.protection)
            .find(|p| p.name() == text)
            .ok_or(UnknownProtection)
    }
}

/// The text names no protection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownProtection;

impl fmt::Display for UnknownProtection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown protection; expected one of")?;
        for row in &ROWS {
            write!(f, " {}", row.protection)?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownProtection {}

/// Which protections are on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protections(u16);

impl Default for Protections {
    fn default() -> Self {
        Protections::ALL
    }
}

impl Protections {
    /// All sixteen.
    pub const ALL: Protections = Protections(u16::MAX);

    /// The same set with `p` switched off.
    #[must_use]
    pub fn without(self, p: Protection) -> Self {
        Protections(self.0 & !(1 << p as u16))
    }

    /// Whether `p` is on.
    pub fn on(self, p: Protection) -> bool {
        self.0 & (1 << p as u16) != 0
    }

    /// Those that are off.
    pub fn off(self) -> impl Iterator<Item = Protection> {
        ROWS.iter()
            .map(|r| r.protection)
            .filter(move |p| !self.on(*p))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_finds_itself() {
        for (i, row) in ROWS.iter().enumerate() {
            assert_eq!(row.protection as usize, i);
            assert_eq!(row.protection.name().parse(), Ok(row.protection));
            assert_eq!(row.protection.row(), row);
            assert!(!Protections::ALL.without(row.protection).on(row.protection));
        }
    }
}
