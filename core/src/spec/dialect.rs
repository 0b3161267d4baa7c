//! A whole dialect: MTI, bitmap, fields, and the tables that say which message has which fields.

use super::field::{Field, Name};
use super::rules::MessageRule;
use super::step::Step;
use super::wire::{Coding, Wire};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The highest field number: three bitmaps of 64 bits.
pub const MAX_DE: usize = 192;

/// One step for each number that fits into a byte, so that looking one up needs no check.
const STEPS: usize = 256;

/// How the MTI stands on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MtiSpec {
    /// Characters, or packed digits.
    pub coding: Coding,
}

impl MtiSpec {
    /// Bytes on the wire.
    #[must_use]
    pub const fn len_bytes(self) -> usize {
        if matches!(self.coding, Coding::Bcd | Coding::Raw) {
            2
        } else {
            4
        }
    }
}

/// How a bitmap stands on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BitmapSpec {
    /// Raw bytes, or hex digits as characters.
    pub coding: Coding,
    /// Bytes of bits in one block, as bits: 8 as a rule.
    pub block_bytes: u8,
    /// How many blocks may follow one another.
    pub max_blocks: u8,
    /// The first bit of a block announces another block; otherwise it is a bit like any other.
    pub continues: bool,
    /// Blocks that always stand there, whatever the first bit says.
    pub min_blocks: u8,
    /// The field that holds the bits 129 to 192, where they do not follow the second block.
    pub third_in_field: Option<u8>,
}

impl BitmapSpec {
    /// The usual bitmap: one or two blocks of 64 bits.
    #[must_use]
    pub const fn usual(coding: Coding) -> Self {
        Self {
            coding,
            block_bytes: 8,
            max_blocks: 2,
            continues: true,
            min_blocks: 1,
            third_in_field: None,
        }
    }

    /// Bytes on the wire of one block.
    #[must_use]
    pub const fn block_len(self) -> usize {
        let bits = self.block_bytes as usize;
        if matches!(self.coding, Coding::Raw) {
            bits
        } else {
            bits * 2
        }
    }
}

/// How the MAC of a message, its last field, is made. It covers the message type up to that field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MacRule {
    /// Chained blocks: X9.9 with a key of 8 bytes, X9.19 with one of 16.
    #[default]
    Cbc,
    /// The UnionPay POS MAC: blocks folded, written as text, enciphered twice.
    UnionPay,
}

impl MacRule {
    /// The word for it in a dialect's file.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cbc => "cbc",
            Self::UnionPay => "unionpay",
        }
    }
}

/// A dialect, ready for use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Its name in kebab-case.
    pub name: String,
    /// What people call it.
    pub title: Name,
    /// A sentence on where it is spoken.
    pub about: Name,
    /// The framing it usually comes in, in the words of `--frame`; empty when not known.
    pub frame: Vec<String>,
    /// Bytes of an opaque header that an imported spec puts in front of the MTI.
    pub header_bytes: usize,
    /// The MTI.
    pub mti: MtiSpec,
    /// The bitmap.
    pub bitmap: BitmapSpec,
    /// How its MAC is made.
    pub mac: MacRule,
    /// It says nothing of the character set of its text, which is read as Latin text unless what
    /// stands there is plainly Chinese.
    pub charset_open: bool,
    /// Which fields each message has.
    pub messages: Arc<[MessageRule]>,
    // Shared, as readings try small variants of a dialect, most of which keep its fields.
    fields: Arc<Vec<Option<Field>>>,
    wires: Vec<Option<Wire>>,
    steps: Box<[Step; STEPS]>,
}

impl Dialect {
    /// A dialect with no fields yet.
    #[must_use]
    pub fn new(name: &str, mti: MtiSpec, bitmap: BitmapSpec) -> Self {
        Self {
            name: name.to_owned(),
            title: Name {
                en: name.to_owned(),
                zh: String::new(),
            },
            about: Name::default(),
            frame: Vec::new(),
            header_bytes: 0,
            mti,
            bitmap,
            mac: MacRule::default(),
            charset_open: false,
            messages: Arc::default(),
            fields: Arc::new(vec![None; MAX_DE + 1]),
            wires: vec![None; MAX_DE + 1],
            steps: Box::new([Step::UNCOMMON; STEPS]),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it says of a field.
    #[must_use]
    pub fn field(&self, de: u8) -> Option<&Field> {
        self.fields.get(usize::from(de))?.as_ref()
    }

    /// The wire facts of a field alone.
    #[must_use]
    pub fn wire(&self, de: u8) -> Option<&Wire> {
        self.wires.get(usize::from(de))?.as_ref()
    }

    /// The hot path's view of a field; uncommon for fields that the dialect does not know.
    #[inline]
    pub(crate) fn step(&self, de: u8) -> &Step {
        self.steps.get(usize::from(de)).unwrap_or(&Step::UNCOMMON)
    }

    /// Adds or replaces a field; numbers beyond 192 are left out.
    pub fn set_field(&mut self, de: u8, field: Field) {
        let at = usize::from(de);
        if let Some(slot) = Arc::make_mut(&mut self.fields).get_mut(at) {
            *slot = Some(field);
            self.keep_in_step(at);
        }
    }

    /// Removes a field.
    pub fn remove_field(&mut self, de: u8) {
        let at = usize::from(de);
        if let Some(slot) = Arc::make_mut(&mut self.fields).get_mut(at) {
            *slot = None;
            self.keep_in_step(at);
        }
    }

    /// A field to change in place; false when the dialect does not know it.
    pub fn change_field(&mut self, de: u8, change: impl FnOnce(&mut Field)) -> bool {
        let at = usize::from(de);
        let fields = Arc::make_mut(&mut self.fields);
        let Some(field) = fields.get_mut(at).and_then(Option::as_mut) else {
            return false;
        };
        change(field);
        self.keep_in_step(at);
        true
    }

    /// Derives the tables of the hot paths from the field.
    fn keep_in_step(&mut self, at: usize) {
        let wire = self
            .fields
            .get(at)
            .and_then(|field| field.as_ref().map(|field| field.wire));
        if let Some(slot) = self.wires.get_mut(at) {
            *slot = wire;
        }
        if let Some(slot) = self.steps.get_mut(at) {
            *slot = wire.as_ref().map_or(Step::UNCOMMON, Step::of);
        }
    }

    /// Every field it knows, in order.
    pub fn fields(&self) -> impl Iterator<Item = (u8, &Field)> {
        (0u8..)
            .zip(self.fields.iter())
            .filter_map(|(de, field)| field.as_ref().map(|f| (de, f)))
    }
}
