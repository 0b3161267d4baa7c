//! The state of the Inspect panel: what was pasted, how it reads, and which bits are chosen.
//!
//! One `Desk` is one signal handle per fact; everything drawn follows from them. The decoded
//! message is a value made by core in one go, so that no pane can show another message than its
//! neighbour.

use super::aside::{self, Received};
use super::reading::{self, Reading};
use crate::shell::Shelf;
use crate::widget::pick::Pick;
use leptos::prelude::*;
use poslab_core::bytes::{Span, to_hex};
use poslab_core::intake::{may_be_marked, read_unmarked};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What stands in the panel before anything is pasted: a made-up UnionPay sale with a chip card
/// and an online PIN.
pub const EXAMPLE: &str = include_str!("example.hex");

/// What was there before an edit: the text, what was read of it elsewhere, which of its messages.
struct Before {
    text: String,
    restated: Option<String>,
    item: usize,
}

/// The state of the panel.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The text as pasted; empty while the example is shown.
    pub text: RwSignal<String>,
    /// What another module has read of it, where this one has no reader for it.
    restated: RwSignal<Option<String>>,
    /// How often something was put here: an answer that comes late is for nobody.
    pastes: StoredValue<u32>,
    /// Which of several messages is shown.
    pub item: RwSignal<usize>,
    /// The dialect that was chosen by hand; `None` lets detection choose.
    pub dialect: RwSignal<Option<String>>,
    /// Whether secrets are shown, for this visit of the page only.
    pub reveal: RwSignal<bool>,
    /// What was there before each edit, for undo.
    undo: RwSignal<Vec<Before>>,
    /// The bytes before the first edit.
    original: RwSignal<Vec<u8>>,
    /// Bits that the last edit changed.
    pub changed: RwSignal<Vec<Span>>,
    /// Whether the message came by a link without its secrets, so that a MAC says nothing.
    pub redacted: RwSignal<bool>,
    /// Whether the MAC holds under the key that was typed; `None` without such an answer.
    pub mac_holds: RwSignal<Option<bool>>,
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
        let desk = Desk::empty();
        if !text.trim().is_empty() {
            desk.paste(text);
        }
        desk
    }

    /// A desk with nothing on it but the example.
    fn empty() -> Desk {
        let shelf = Shelf::here();
        let text = RwSignal::new(String::new());
        let restated = RwSignal::new(None::<String>);
        let item = RwSignal::new(0);
        let dialect = RwSignal::new(None::<String>);
        let reveal = RwSignal::new(false);
        let reading = Memo::new(move |_| {
            shelf.tables.track();
            let text = text.get();
            let shown = if text.trim().is_empty() {
                EXAMPLE
            } else {
                &text
            };
            let (item, dialect, reveal) = (item.get(), dialect.get(), reveal.get());
            let (dialect, own) = (dialect.as_deref(), shelf.imported.get());
            Arc::new(match restated.get() {
                Some(told) => reading::read_restated(&told, item, dialect, reveal, &own),
                // Texts that mark their messages themselves are read by another module.
                None => reading::read(read_unmarked(shown), item, dialect, reveal, &own),
            })
        });
        Desk {
            text,
            restated,
            pastes: StoredValue::new(0),
            item,
            dialect,
            reveal,
            undo: RwSignal::new(Vec::new()),
            original: RwSignal::new(Vec::new()),
            changed: RwSignal::new(Vec::new()),
            redacted: RwSignal::new(false),
            mac_holds: RwSignal::new(None),
            reading,
            pick: Pick::new(),
            open: RwSignal::new(BTreeSet::new()),
        }
    }

    /// Puts another text on the desk, as a paste does: nothing stays chosen, undo starts anew.
    /// One that this module cannot read is there when another one has read it.
    pub fn paste(self, text: &str) {
        self.pastes.update_value(|count| *count += 1);
        if !may_be_marked(text) {
            return self.put(text, None);
        }
        let (asked, text) = (self.pastes.get_value(), text.to_owned());
        aside::restate(&text.clone(), move |told| {
            if self.pastes.get_value() == asked {
                self.put(&text, Some(told).filter(|told| !told.is_empty()));
            }
        });
    }

    fn put(self, text: &str, restated: Option<String>) {
        self.pick.clear();
        self.item.set(0);
        self.undo.set(Vec::new());
        self.changed.set(Vec::new());
        self.redacted.set(false);
        self.restated.set(restated);
        self.text.set(text.to_owned());
    }

    /// Puts a message on the desk that came by a link.
    pub fn receive(self, message: Received) {
        self.paste(&message.hex);
        self.dialect.set(Some(message.dialect));
        self.redacted.set(message.redacted);
    }

    /// Replaces the message by an edited one, keeping what is chosen and the way back.
    pub fn edit(self, text: String) {
        let before = self.text.get_untracked();
        let before = if before.trim().is_empty() {
            EXAMPLE.to_owned()
        } else {
            before
        };
        let old = self.reading.get_untracked();
        if self.undo.with_untracked(Vec::is_empty) {
            self.original.set(old.frame.clone());
        }
        let before = Before {
            text: before,
            restated: self.restated.get_untracked(),
            item: self.item.get_untracked(),
        };
        self.pastes.update_value(|count| *count += 1);
        self.undo.update(|undo| undo.push(before));
        // What is edited stays what it was taken for: a changed nibble is no other dialect.
        if let (None, Some(dialect)) = (self.dialect.get_untracked(), &old.dialect) {
            self.dialect.set(Some(dialect.name().to_owned()));
        }
        self.item.set(0);
        self.restated.set(None);
        self.text.set(text);
        self.mark_changes();
    }

    /// Replaces the bytes of the message.
    pub fn edit_frame(self, frame: &[u8]) {
        self.edit(to_hex(frame));
    }

    /// Writes one hex digit over another; `bit` is the first of the four. Hidden digits stay.
    pub fn overwrite(self, bit: u32, digit: u8) -> bool {
        let reading = self.reading.get_untracked();
        let mut frame = reading.frame.clone();
        let Some(byte) = frame.get_mut(bit as usize / 8) else {
            return false;
        };
        if reading.veil.hides(Span::bits(bit, bit + 4)) {
            return false;
        }
        *byte = match bit % 8 {
            0 => *byte & 0x0F | digit << 4,
            _ => *byte & 0xF0 | digit,
        };
        if frame != reading.frame {
            self.edit_frame(&frame);
        }
        true
    }

    /// True when something was edited and not taken back.
    pub fn is_edited(self) -> bool {
        self.undo.with(|undo| !undo.is_empty())
    }

    /// Marks what differs from the message before the first edit.
    fn mark_changes(self) {
        let now = self.reading.get_untracked();
        self.changed.set(
            self.original
                .with_untracked(|old| differing(old, &now.frame)),
        );
    }

    /// Takes the last edit back.
    pub fn undo(self) {
        let before = self.undo.try_update(Vec::pop).flatten();
        if let Some(before) = before {
            self.restated.set(before.restated);
            self.text.set(before.text);
            self.item.set(before.item);
            self.mark_changes();
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
            .position(|finding| Some(finding.span) == at && !finding.span.is_empty());
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
