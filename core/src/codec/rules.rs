//! Holds a message against the tables of its dialect: what is missing, what must not be there.

use super::fault::Fault;
use super::tree::{Dissection, NodeKind};
use crate::bytes::Span;
use crate::spec::{Coding, MessageRule, Presence};
use std::borrow::Cow;

impl Dissection<'_> {
    /// The row of the dialect's message tables that this message is.
    #[must_use]
    pub fn rule(&self) -> Option<&MessageRule> {
        let mti = self.mti()?;
        let value = |path: &str| self.find(path).map(|id| Cow::Owned(self.value(id)));
        self.dialect
            .messages
            .iter()
            .find(|rule| rule.when.holds(mti, &value, 0))
    }

    /// The bit (or the hex character) of the bitmap that announces a field.
    #[must_use]
    pub fn bitmap_bit(&self, de: u8) -> Option<Span> {
        let root = self.root();
        let is_bitmap = |id| self.node(id).filter(|node| node.kind == NodeKind::Bitmap);
        let node = self.children(root).find_map(is_bitmap)?;
        let index = u32::from(de.checked_sub(1)?);
        let span = match node.coding {
            Coding::Raw => Span::bits(index, index + 1),
            _ => Span::bits(index / 4 * 8, index / 4 * 8 + 8),
        };
        let span = span.shifted(node.span.start);
        node.span.contains(span).then_some(span)
    }
}

/// Adds the findings of the message tables; a message that stopped early is left alone.
pub(super) fn check_rules(tree: &mut Dissection<'_>) {
    if tree.stopped.is_some() {
        return;
    }
    let Some(rule) = tree.rule() else { return };
    let message = rule.name.clone();
    let has = |de: u8| tree.field(de).is_some();
    let missing = rule.with(Presence::Mandatory).filter(|de| !has(*de));
    let missing: Vec<u8> = missing.collect();
    let forbidden: Vec<u8> = rule.with(Presence::Never).filter(|de| has(*de)).collect();
    for de in missing {
        let span = tree.bitmap_bit(de).unwrap_or_default();
        let fault = Fault::MandatoryMissing {
            message: message.clone(),
            de,
        };
        tree.findings
            .push(super::fault::Finding::new(fault, format!("DE{de}"), span));
    }
    for de in forbidden {
        let span = tree
            .field(de)
            .and_then(|id| tree.node(id))
            .map(|n| n.span)
            .unwrap_or_default();
        let fault = Fault::FieldForbidden {
            message: message.clone(),
        };
        tree.findings
            .push(super::fault::Finding::new(fault, format!("DE{de}"), span));
    }
}
