//! Which fields a message has: the rows of the dialect's message tables.

use super::field::Name;
use super::layout::When;
use serde::{Deserialize, Serialize};

/// One message of the dialect and its fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRule {
    /// What it is called.
    pub name: Name,
    /// A short key such as `sale-request`.
    pub key: String,
    /// How to recognise it.
    pub when: When,
    /// Fields and their presence.
    pub fields: Vec<(u8, Presence)>,
}

/// Whether a field stands in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Presence {
    /// Conditional.
    Conditional,
    /// Echoed from the request.
    Echoed,
    /// Mandatory.
    Mandatory,
    /// Must not be there.
    Never,
}

impl MessageRule {
    /// The fields with a presence, in the order of the table.
    pub fn with(&self, presence: Presence) -> impl Iterator<Item = u8> + '_ {
        self.fields
            .iter()
            .filter(move |(_, p)| *p == presence)
            .map(|(de, _)| *de)
    }
}
