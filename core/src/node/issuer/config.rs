//! What the issuer knows of its cards.

use super::super::settings::Settings;
use super::super::switch::LinkKeys;
use super::super::vault::{BlockKey, CardKey};
use crate::node::ledger::Fen;
use crate::spec::Dialect;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Whether a card may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardStatus {
    /// In use.
    #[default]
    Active,
    /// Lost: 41.
    Lost,
    /// Stolen: 43.
    Stolen,
    /// Restricted: 62.
    Restricted,
}

/// A card and its account.
#[derive(Clone, Debug)]
pub struct AccountConfig {
    /// PAN.
    pub pan: String,
    /// Expiry, YYMM.
    pub expiry: String,
    /// Status.
    pub status: CardStatus,
    /// Opening balance in fen.
    pub opening: Fen,
    /// Overdraft limit in fen.
    pub overdraft: Fen,
    /// Largest amount of one trade in fen.
    pub limit: u64,
    /// Whether part of an amount may be approved.
    pub partial: bool,
    /// PIN verification value.
    pub pvv: [u8; 4],
    /// Card organisation: `CUP`, `VIS` …
    pub org: String,
    /// The limit of one offline trade that the chip is still to be told, in fen.
    pub script: Option<u64>,
    /// The chip's key.
    pub key: CardKey,
}

/// What the issuer is told at installation.
#[derive(Clone, Debug)]
pub struct IssuerConfig {
    /// Settings of the world.
    pub settings: Settings,
    /// The dialect towards the switch.
    pub dialect: Arc<Dialect>,
    /// Keys of the link.
    pub link: LinkKeys,
    /// PIN verification key.
    pub pvk: BlockKey,
    /// The cards.
    pub accounts: Vec<AccountConfig>,
}
