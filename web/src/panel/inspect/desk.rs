//! The state of the Inspect panel: what was pasted, how it reads, and which bits are chosen.
//!
//! One `Desk` is one signal handle per fact; everything drawn follows from them. The decoded
//! message is a value made by core in one go, so that no pane can show another message than its
//! neighbour.

use super::reading::{self, Reading};
use crate::shell::Shelf;
use crate::widget::pick::Pick;
use leptos::prelude::*;
use poslab_core::bytes::{Span, to_hex};
use poslab_core::view::share::Shared;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What stands in the panel before anything is pasted: a made-up UnionPay sale with a chip card
/// and an online PIN.
pub const EXAMPLE: &str = include_str!("example.hex");

/// The state of the panel.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The text as pasted; empty while the example is shown.
    pub text: RwSignal<String>,
    /// Which of several messages is shown.
    pub item: RwSignal<usize>,
    /// The dialect that was chosen by hand; `None` lets detection choose.
    pub dialect: RwSignal<Option<String>>,
    /// Whether secrets are shown, for this visit of the page only.
    pub reveal: RwSignal<bool>,
    /// Texts before each edit, for undo.
    pub undo: RwSignal<Vec<String>>,
    /// Bits that the last edit changed.
    pub changed: RwSignal<Vec<Span>>,
    /// Whether the message came by a link without its secrets, so that a MAC says nothing.
    pub redacted: RwSignal<bool>,
    /// The message, taken apart.
    pub reading: Memo<Arc<Reading>>,
    /// The chosen bits.
    pub pick: Pick,
    /// The rows of the tree that are open, by path.
    pub open: RwSignal<BTreeSet<String>>,
}

impl Desk {
    /// A desk with a text on it.
    pub fn new(text: &str) -> Desk {
        let shelf = Shelf::here();
        let text = RwSignal::new(text.to_owned());
        let item = RwSignal::new(0);
        let dialect = RwSignal::new(None::<String>);
        let reveal = RwSignal::new(false);
        let reading = Memo::new(move |_| {
            let text = text.get();
            let shown = if text.trim().is_empty() {
                EXAMPLE
            } else {
                &text
            };
            Arc::new(reading::read(
                shown,
                item.get(),
                dialect.get().as_deref(),
                reveal.get(),
                &shelf.imported.get(),
            ))
        });
        Desk {
            text,
            item,
            dialect,
            reveal,
            undo: RwSignal::new(Vec::new()),
            changed: RwSignal::new(Vec::new()),
            redacted: RwSignal::new(false),
            reading,
            pick: Pick::new(),
            open: RwSignal::new(BTreeSet::new()),
        }
    }

    /// Puts another text on the desk, as a paste does: nothing stays chosen, undo starts anew.
    pub fn paste(self, text: &str) {
        self.pick.clear();
        self.item.set(0);
        self.undo.set(Vec::new());
        self.changed.set(Vec::new());
        self.redacted.set(false);
        self.text.set(text.to_owned());
    }

    /// Puts a message on the desk that came by a link.
    pub fn receive(self, shared: &Shared) {
        self.paste(&to_hex(&shared.frame));
        self.dialect.set(Some(shared.dialect.clone()));
        self.redacted.set(shared.redacted);
    }

    /// Replaces the message by an edited one, keeping what is chosen and the way back.
    pub fn edit(self, text: String) {
        let before = self.text.get_untracked();
        let before = if before.trim().is_empty() {
            EXAMPLE.to_owned()
        } else {
            before
        };
        self.undo.update(|undo| undo.push(before));
        let old = self.reading.get_untracked();
        self.item.set(0);
        self.text.set(text);
        let new = self.reading.get_untracked();
        self.changed.set(differing(&old.frame, &new.frame));
    }

    /// Takes the last edit back.
    pub fn undo(self) {
        let before = self.undo.try_update(Vec::pop).flatten();
        if let Some(text) = before {
            self.changed.set(Vec::new());
            self.text.set(text);
        }
    }

    /// True while the example is shown.
    pub fn is_example(self) -> bool {
        self.text.with(|text| text.trim().is_empty())
    }

    /// Chooses the bits of a finding and opens the rows above it.
    pub fn go_to_finding(self, step: isize) {
        let reading = self.reading.get_untracked();
        let count = reading.findings.len() as isize;
        if count == 0 {
            return;
        }
        let at = self.pick.bits.get_untracked();
        let now = reading
            .findings
            .iter()
            .position(|finding| Some(finding.span) == at);
        let next = match now {
            Some(now) => (now as isize + step).rem_euclid(count),
            None if step < 0 => count - 1,
            None => 0,
        };
        if let Some(finding) = reading.findings.get(next as usize) {
            self.pick.pin(finding.span);
        }
    }
}

/// The bits of a new frame that an edit changed: all between what is alike in front and behind,
/// byte by byte when the length is the same.
fn differing(old: &[u8], new: &[u8]) -> Vec<Span> {
    if old.len() == new.len() {
        let pairs = old.iter().zip(new).enumerate();
        let other = pairs.filter(|(_, (old, new))| old != new);
        return other.map(|(at, _)| Span::bytes(at..at + 1)).collect();
    }
    let front = old
        .iter()
        .zip(new)
        .take_while(|(old, new)| old == new)
        .count();
    let rest = old.len().min(new.len()) - front;
    let ends = old.iter().rev().zip(new.iter().rev()).take(rest);
    let back = ends.take_while(|(old, new)| old == new).count();
    vec![Span::bytes(front..new.len() - back)]
}

#[cfg(test)]
mod tests {
    use super::differing;
    use poslab_core::bytes::Span;

    #[test]
    fn only_what_changed_is_marked() {
        assert_eq!(differing(b"abcd", b"abXd"), [Span::bytes(2..3)]);
        assert_eq!(differing(b"abcd", b"abXYcd"), [Span::bytes(2..4)]);
    }
}
