//! One field of a dialect: its number, names, wire facts and inner structure.

use super::layout::Layout;
use super::wire::Wire;
use serde::{Deserialize, Serialize};

/// A name in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// English.
    pub en: String,
    /// Simplified Chinese; empty when the source has none.
    pub zh: String,
}

/// Why a value is hidden unless the user asks to see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Secrecy {
    /// Shown as it is.
    #[default]
    Open,
    /// A card number: first six and last four digits are shown.
    Pan,
    /// Track data: the card number in front is masked, the rest hidden.
    Track,
    /// An enciphered PIN block or a key: shown only on request.
    Secret,
    /// A TLV or private field that may hold any of these inside.
    Nested,
}

/// One field, sub-field or tagged value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// How it stands on the wire.
    pub wire: Wire,
    /// What is inside, if it has a structure.
    pub layout: Option<Layout>,
    /// Whether it is hidden by default.
    pub secrecy: Secrecy,
}

impl Field {
    /// A field with no name and no structure.
    #[must_use]
    pub fn plain(wire: Wire) -> Self {
        Self {
            name: Name::default(),
            wire,
            layout: None,
            secrecy: Secrecy::Open,
        }
    }
}
