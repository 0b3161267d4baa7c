//! The discrepancy store: what a settlement found that only one side has, or both differently.

use super::store::Key;
use serde::{Deserialize, Serialize};

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Found {
    /// Only the host has the trade.
    HostOnly,
    /// Only the terminal has it.
    TerminalOnly,
    /// The amounts differ.
    AmountDiffers,
    /// The cards differ.
    CardDiffers,
}

impl Found {
    /// What was found, in English and Chinese.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Found::HostOnly => ("only the host has it", "仅主机有"),
            Found::TerminalOnly => ("only the terminal has it", "仅终端有"),
            Found::AmountDiffers => ("the amounts differ", "金额不符"),
            Found::CardDiffers => ("the cards differ", "卡号不符"),
        }
    }
}

/// How a discrepancy was resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resolution {
    /// Posted as a late trade.
    Posted,
    /// Given back to the holder.
    Refunded,
    /// Written off.
    WrittenOff,
}

/// A line of the discrepancy store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discrepancy {
    /// The trade.
    pub key: Key,
    /// What was found.
    pub found: Found,
    /// The host's amount.
    pub host: u64,
    /// The terminal's amount.
    pub terminal: u64,
    /// How it was resolved, once it was.
    pub resolution: Option<Resolution>,
}

impl Discrepancy {
    /// An open discrepancy.
    pub fn new(key: Key, found: Found, host: u64, terminal: u64) -> Self {
        Discrepancy {
            key,
            found,
            host,
            terminal,
            resolution: None,
        }
    }
}
