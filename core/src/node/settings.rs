//! Every setting of the machines that practice leaves open.

use super::clearing::SettlementMode;
use super::protection::Protections;
use crate::frame::line::{Line, Parity};
use crate::pad::Protocol;
use crate::pad::secure::vault::STAGE_MASTER;
use serde::{Deserialize, Serialize};

/// When a reversal is sent after a trade without an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReversalPolicy {
    /// At once, and again until the host answers.
    #[default]
    Repeat,
    /// Back to the menu; the reversal goes out before the next online message.
    BackToMenu,
}

/// What happens when every attempt of a reversal failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exhaustion {
    /// The record is deleted and a slip says so.
    DeleteAndPrint,
    /// The record is kept and the terminal refuses to trade.
    #[default]
    KeepAndBlock,
}

/// How a dial line carries the frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineKind {
    /// A socket: the length in front of each frame.
    #[default]
    Tcp,
    /// Asynchronous characters of eight bits and even parity, with STX, ETX and LRC.
    Async,
    /// The same without parity.
    #[serde(rename = "async-8n1")]
    AsyncPlain,
    /// Synchronous HDLC frames with a check sequence.
    Sync,
}

/// Whose words terminal and PIN pad speak on the cable between them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PadProtocol {
    /// The pad is built into the terminal: there is no cable.
    #[default]
    None,
    /// ABECS 2.20.
    Abecs,
    /// VISA/VeriFone packets.
    Visa,
    /// `02 Ln CMD`.
    Epp,
}

impl PadProtocol {
    /// The family on the cable, when there is one.
    pub fn family(self) -> Option<Protocol> {
        match self {
            PadProtocol::None => None,
            PadProtocol::Abecs => Some(Protocol::Abecs),
            PadProtocol::Visa => Some(Protocol::Visa),
            PadProtocol::Epp => Some(Protocol::Epp),
        }
    }
}

impl From<Protocol> for PadProtocol {
    fn from(family: Protocol) -> Self {
        match family {
            Protocol::Abecs => PadProtocol::Abecs,
            Protocol::Visa => PadProtocol::Visa,
            Protocol::Epp => PadProtocol::Epp,
        }
    }
}

impl LineKind {
    /// The line, when frames travel as bits on one.
    pub fn carries(self) -> Option<Line> {
        match self {
            LineKind::Tcp => None,
            LineKind::Async => Some(Line::Async(Parity::Even)),
            LineKind::AsyncPlain => Some(Line::Async(Parity::None)),
            LineKind::Sync => Some(Line::Sync),
        }
    }
}

/// The settings of one world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The protections that are on.
    pub protections: Protections,
    /// When a reversal is sent.
    pub reversal: ReversalPolicy,
    /// What exhaustion of a reversal does.
    pub exhaustion: Exhaustion,
    /// Attempts of a reversal per pass.
    pub attempts: u8,
    /// An echo mismatch deletes the reversal, as BCTC certification is said to want.
    pub bctc_echo_delete: bool,
    /// The terminal announces that it takes partial approvals (60.6).
    pub partial: bool,
    /// The terminal signs off by itself after settlement.
    pub auto_sign_off: bool,
    /// Seconds a terminal waits for an answer.
    pub terminal_wait_s: u32,
    /// Seconds the front end waits for the switch.
    pub front_end_wait_s: u32,
    /// Seconds the switch waits for the issuer.
    pub switch_wait_s: u32,
    /// Seconds between repeats of a stored 0420.
    pub forward_every_s: u32,
    /// Passes of a batch upload.
    pub upload_passes: u8,
    /// Entries a terminal journal holds before it must settle.
    pub journal_limit: u16,
    /// Completion ceiling, percent of the hold.
    pub completion_percent: u8,
    /// Calls the NAC can carry at one time.
    pub nac_calls: u8,
    /// The NAC puts its line's own address into a TPDU and restores the terminal's on the way back.
    pub nac_sources: bool,
    /// How the dial line carries frames.
    pub line: LineKind,
    /// What terminal and PIN pad speak on their cable.
    pub pad_protocol: PadProtocol,
    /// Where the pad keeps the terminal's master key.
    pub pad_master: u8,
    /// How the money of a day reaches the merchants.
    pub settlement: SettlementMode,
    /// The screen's and the slip's language is Chinese.
    pub zh: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            protections: Protections::ALL,
            reversal: ReversalPolicy::Repeat,
            exhaustion: Exhaustion::KeepAndBlock,
            attempts: 3,
            bctc_echo_delete: false,
            partial: true,
            auto_sign_off: false,
            terminal_wait_s: 60,
            front_end_wait_s: 45,
            switch_wait_s: 30,
            forward_every_s: 10,
            upload_passes: 4,
            journal_limit: 500,
            completion_percent: 115,
            nac_calls: 8,
            nac_sources: true,
            line: LineKind::Tcp,
            pad_protocol: PadProtocol::None,
            pad_master: STAGE_MASTER,
            settlement: SettlementMode::AcquirerBank,
            zh: false,
        }
    }
}
