//! What machines report about themselves, for the trace and for nobody else.
//!
//! Facts change nothing. They are data, not sentences: the trace turns them into either language.

use super::ledger::{Account, Fen, Posting, Reason};
use super::response::Code;
use serde::Serialize;

/// A report of a machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Fact {
    /// A key is now in use; only its name and check value are shown.
    KeyLoaded {
        /// `TMK`, `PIK`, `MAK` or `TDK`.
        key: &'static str,
        /// Check value, hexadecimal.
        kcv: String,
    },
    /// Keys are gone.
    KeysErased,
    /// A machine changed its state.
    State {
        /// The state left.
        from: &'static str,
        /// The state entered.
        to: &'static str,
    },
    /// An entry of a journal changed.
    Journal {
        /// Trace number of the trade.
        stan: u32,
        /// Reference number, when known.
        rrn: Option<u64>,
        /// Amount in fen.
        amount: u64,
        /// What became of it.
        status: &'static str,
    },
    /// A posting was written to the ledger.
    Ledger {
        /// The trade.
        rrn: u64,
        /// Why.
        reason: Reason,
        /// The movements.
        legs: Vec<(Account, Fen)>,
    },
    /// A host decided.
    Decision {
        /// Trace number at this host.
        stan: u32,
        /// The response code.
        code: Code,
        /// Which rule decided.
        why: &'static str,
    },
    /// Something worth a line.
    Note(Note),
}

impl Fact {
    /// The report of a posting.
    pub fn ledger(posting: &Posting) -> Fact {
        Fact::Ledger {
            rrn: posting.rrn,
            reason: posting.reason,
            legs: posting.legs.iter().map(|l| (l.account, l.amount)).collect(),
        }
    }
}

/// Remarks of the machines; closed, so that each has words in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Note {
    /// An answer that matches no request was ignored.
    AnswerIgnored,
    /// The MAC of a message was wrong.
    MacWrong,
    /// A field of the answer differs from the request.
    EchoWrong,
    /// A frame was not readable.
    Unreadable,
    /// No answer came in time.
    TimeOut,
    /// The line refused the call; surely nothing was sent.
    NothingSent,
    /// A repeated request: the stored answer is sent again.
    AnswerRepeated,
    /// A repeated request while the first is in flight: dropped.
    RepeatDropped,
    /// A reversal for an unknown original is remembered.
    EarlyReversal,
    /// A request arrived after its reversal: refused, nothing done.
    LateOriginal,
    /// An answer arrived after the reversal of its request: dropped.
    LateAnswer,
    /// The PIN block was translated to the next zone's key.
    PinTranslated,
    /// The source in the TPDU was replaced by the line's own.
    SourceRewritten,
    /// The source in the TPDU was restored.
    SourceRestored,
    /// A frame for an unknown address went nowhere.
    DeadLetter,
    /// Every call is taken.
    AllCallsBusy,
    /// The reversal's attempts are exhausted.
    ReversalExhausted,
    /// Recovered from stable storage.
    Recovered,
    /// Found on recovery: approved and not printed.
    ApprovedNotPrinted,
    /// Requests in flight at the power cut are reversed.
    InFlightReversed,
    /// A 0420 is stored until it is answered.
    Stored,
    /// The first channel to the issuer failed; the second is tried.
    SecondChannel,
    /// The direct channel answered less than half of its last trades.
    PoorChannel,
    /// The totals agree.
    Balanced,
    /// The totals differ.
    Unbalanced,
    /// A record of the upload was stored already.
    UploadRepeated,
    /// A trade only the terminal knows was posted late.
    PostedLate,
    /// A trade only the host knows stays open.
    HostOnly,
    /// The amounts differ.
    AmountDiffers,
    /// The batch is closed.
    BatchClosed,
    /// The upload count differs from what is stored.
    CountDiffers,
    /// The end of a batch says that the totals agreed where the host's comparison does not.
    EndDisputed,
    /// The host disputes the end: the settlement begins anew.
    SettlingAnew,
    /// The chip refused after the host approved.
    CardRefused,
    /// The chip verified the issuer.
    IssuerVerified,
    /// The chip's cryptogram was verified.
    CryptogramVerified,
    /// The PIN was verified.
    PinVerified,
    /// The database refused a record.
    DatabaseError,
    /// The host's newest records were lost.
    DatabaseRestored,
    /// The terminal asks for a new sign-on.
    SignOnWanted,
    /// A script of the issuer was carried out by the card.
    ScriptDone,
    /// The card refused the script.
    ScriptFailed,
    /// The host has the script's result.
    ScriptReported,
    /// Nobody took the script's result; it is dropped.
    ScriptDropped,
    /// Repair of a discrepancy.
    Resolved,
    /// The PIN pad at the other end of the cable did not do what was asked.
    PadFailed,
    /// The day is cut off.
    CutOff,
    /// The files of switch, issuer and acquirer agree.
    FilesAgree,
    /// The switch has a trade that the acquirer has not.
    SwitchOnly,
    /// The acquirer has a trade that the switch has not.
    AcquirerOnly,
    /// The issuer has another figure than the switch.
    IssuerDiffers,
    /// The merchants have their money.
    MerchantsPaid,
    /// Async line: may I send?
    LineEnq,
    /// Async line: yes, or received.
    LineAck,
    /// Async line: damaged, once more.
    LineNak,
    /// Async line: finished.
    LineEot,
    /// Sync line: received.
    LineReady,
    /// Sync line: a damaged frame is thrown away.
    LineDiscarded,
    /// The frame goes once more.
    LineAgain,
    /// A start or stop bit showed the damage.
    LineCharacter,
    /// Parity showed it.
    LineParity,
    /// STX, ETX or the length showed it.
    LineFrame,
    /// The longitudinal check showed it.
    LineLrc,
    /// A flag or an abort showed it.
    LineFlag,
    /// The frame check sequence showed it.
    LineFcs,
    /// No check of the line showed it.
    LineUnnoticed,
    /// The checksum of TCP showed it.
    LineTcp,
}

impl Note {
    /// Every remark.
    pub const ALL: [Note; 67] = [
        Note::AnswerIgnored,
        Note::MacWrong,
        Note::EchoWrong,
        Note::Unreadable,
        Note::TimeOut,
        Note::NothingSent,
        Note::AnswerRepeated,
        Note::RepeatDropped,
        Note::EarlyReversal,
        Note::LateOriginal,
        Note::LateAnswer,
        Note::PinTranslated,
        Note::SourceRewritten,
        Note::SourceRestored,
        Note::DeadLetter,
        Note::AllCallsBusy,
        Note::ReversalExhausted,
        Note::Recovered,
        Note::ApprovedNotPrinted,
        Note::InFlightReversed,
        Note::Stored,
        Note::SecondChannel,
        Note::PoorChannel,
        Note::Balanced,
        Note::Unbalanced,
        Note::UploadRepeated,
        Note::PostedLate,
        Note::HostOnly,
        Note::AmountDiffers,
        Note::BatchClosed,
        Note::CountDiffers,
        Note::EndDisputed,
        Note::SettlingAnew,
        Note::CardRefused,
        Note::IssuerVerified,
        Note::CryptogramVerified,
        Note::PinVerified,
        Note::DatabaseError,
        Note::DatabaseRestored,
        Note::SignOnWanted,
        Note::ScriptDone,
        Note::ScriptFailed,
        Note::ScriptReported,
        Note::ScriptDropped,
        Note::Resolved,
        Note::PadFailed,
        Note::CutOff,
        Note::FilesAgree,
        Note::SwitchOnly,
        Note::AcquirerOnly,
        Note::IssuerDiffers,
        Note::MerchantsPaid,
        Note::LineEnq,
        Note::LineAck,
        Note::LineNak,
        Note::LineEot,
        Note::LineReady,
        Note::LineDiscarded,
        Note::LineAgain,
        Note::LineCharacter,
        Note::LineParity,
        Note::LineFrame,
        Note::LineLrc,
        Note::LineFlag,
        Note::LineFcs,
        Note::LineUnnoticed,
        Note::LineTcp,
    ];

    /// The remark in English and Chinese.
    pub fn words(self) -> (&'static str, &'static str) {
        use Note as N;
        match self {
            N::AnswerIgnored => (
                "an answer to nothing we asked: ignored",
                "收到无对应请求的应答：忽略",
            ),
            N::MacWrong => ("the MAC is wrong", "MAC 校验错"),
            N::EchoWrong => ("the answer does not echo the request", "应答与请求要素不符"),
            N::Unreadable => ("a frame that cannot be read", "报文无法解析"),
            N::TimeOut => ("no answer in time", "等待应答超时"),
            N::NothingSent => (
                "the line refused the call; surely nothing was sent",
                "线路拒绝，确定未发出",
            ),
            N::AnswerRepeated => (
                "a repeated request: the stored answer is sent again",
                "重复请求：重发已存应答",
            ),
            N::RepeatDropped => (
                "a repeated request while the first is in flight: dropped",
                "原请求处理中，重复请求丢弃",
            ),
            N::EarlyReversal => (
                "the original is unknown: the reversal is remembered",
                "原交易未到：记住该冲正",
            ),
            N::LateOriginal => (
                "it was reversed before it arrived: refused",
                "原交易在冲正之后到达：拒绝",
            ),
            N::LateAnswer => (
                "the answer comes after the reversal: dropped",
                "应答晚于冲正：丢弃",
            ),
            N::PinTranslated => (
                "PIN block translated to the next zone's key",
                "密码块转换到下一区域密钥",
            ),
            N::SourceRewritten => (
                "TPDU source replaced by the line's own address",
                "TPDU 源地址改写为线路地址",
            ),
            N::SourceRestored => ("TPDU source restored for the terminal", "TPDU 源地址还原"),
            N::DeadLetter => ("dead letter: nobody has this address", "死信：无此地址"),
            N::AllCallsBusy => ("every call is taken: busy", "线路全忙"),
            N::ReversalExhausted => ("reversal attempts exhausted", "冲正次数用尽"),
            N::Recovered => ("rebuilt from stable storage", "由持久记录恢复"),
            N::ApprovedNotPrinted => (
                "approved and not printed: printing a duplicate",
                "已成功未打印：重打印",
            ),
            N::InFlightReversed => ("in flight at the power cut: reversed", "断电时在途：冲正"),
            N::Stored => (
                "a 0420 is stored until it is answered",
                "0420 已存储，直到收到应答",
            ),
            N::SecondChannel => (
                "the first channel failed; the second is tried",
                "首选通道失败，换备用通道",
            ),
            N::PoorChannel => (
                "the direct channel answers too little: the other is taken",
                "直连通道近期应答率过低，改走备用通道",
            ),
            N::Balanced => ("the totals agree", "对账平"),
            N::Unbalanced => ("the totals differ", "对账不平"),
            N::UploadRepeated => ("this record was stored already", "该上送记录已存"),
            N::PostedLate => (
                "only the terminal knows this trade: posted late",
                "仅终端有此交易：补记账",
            ),
            N::HostOnly => (
                "only the host knows this trade: kept open",
                "仅主机有此交易：挂账待查",
            ),
            N::AmountDiffers => (
                "the amounts differ: the difference is in suspense",
                "金额不符：差额挂账",
            ),
            N::BatchClosed => ("the batch is closed", "批次已关闭"),
            N::CountDiffers => (
                "the upload count differs from what is stored",
                "上送笔数与存储不符",
            ),
            N::EndDisputed => (
                "the end says that the totals agreed, the comparison here does not: refused",
                "批结束称总账相符，与本机对账结果不一致：拒绝",
            ),
            N::SettlingAnew => (
                "the host disputes the end: the totals are compared anew",
                "主机不接受批结束：重新对账",
            ),
            N::CardRefused => (
                "the chip refused after the host approved",
                "主机批准后卡片拒绝",
            ),
            N::IssuerVerified => ("the chip verified the issuer", "卡片验证发卡行成功"),
            N::CryptogramVerified => ("the chip's cryptogram is right", "卡片密文正确"),
            N::PinVerified => ("the PIN is right", "密码正确"),
            N::DatabaseError => ("the database refused the record", "数据库写入失败"),
            N::DatabaseRestored => (
                "restored from an older copy: the newest records are lost",
                "由旧备份恢复：最新记录丢失",
            ),
            N::SignOnWanted => ("the host wants a new sign-on", "主机要求重新签到"),
            N::ScriptDone => (
                "the card carried out the issuer's script",
                "卡片执行发卡行脚本",
            ),
            N::ScriptFailed => ("the card refused the issuer's script", "卡片拒绝发卡行脚本"),
            N::ScriptReported => ("the host has the script's result", "主机已收到脚本结果"),
            N::ScriptDropped => (
                "nobody took the script's result: dropped",
                "脚本结果无人应答：丢弃",
            ),
            N::Resolved => ("a discrepancy is resolved", "差异已处理"),
            N::PadFailed => (
                "the PIN pad did not do what was asked",
                "密码键盘未完成所请求的操作",
            ),
            N::CutOff => ("the day is cut off", "日切"),
            N::FilesAgree => (
                "the files of switch, issuer and acquirer agree",
                "交换、发卡、收单三方文件一致",
            ),
            N::SwitchOnly => (
                "the switch has it, the acquirer has not: kept in suspense",
                "交换有而收单无（长款）：挂账",
            ),
            N::AcquirerOnly => (
                "the acquirer has it, the switch has not: not paid",
                "收单有而交换无（短款）：不付款",
            ),
            N::IssuerDiffers => (
                "the issuer has another figure than the switch",
                "发卡行与交换中心金额不符",
            ),
            N::MerchantsPaid => ("the merchants have their money", "商户资金已到账"),
            N::LineEnq => ("line: ENQ, may I send?", "线路：ENQ，请求发送"),
            N::LineAck => ("line: ACK", "线路：ACK"),
            N::LineNak => ("line: NAK, once more", "线路：NAK，请求重发"),
            N::LineEot => ("line: EOT", "线路：EOT"),
            N::LineReady => ("line: RR, received", "线路：RR，已收到"),
            N::LineDiscarded => (
                "line: thrown away; silence tells the sender",
                "线路：丢弃，以静默告知发送方",
            ),
            N::LineAgain => ("line: the frame goes once more", "线路：重发该帧"),
            N::LineCharacter => (
                "line: a start or stop bit is wrong",
                "线路：起始位或停止位错",
            ),
            N::LineParity => ("line: the parity is wrong", "线路：奇偶校验错"),
            N::LineFrame => (
                "line: STX, ETX or length is wrong",
                "线路：STX、ETX 或长度错",
            ),
            N::LineLrc => ("line: the LRC is wrong", "线路：LRC 校验错"),
            N::LineFlag => (
                "line: a flag or an abort is wrong",
                "线路：标志位或异常中止",
            ),
            N::LineFcs => ("line: the FCS is wrong", "线路：FCS 校验错"),
            N::LineUnnoticed => (
                "line: no check notices the change; it is passed on",
                "线路：所有校验均未发现，继续上送",
            ),
            N::LineTcp => (
                "the checksum of TCP is wrong: the segment goes once more",
                "TCP 校验和错：重发该段",
            ),
        }
    }
}
