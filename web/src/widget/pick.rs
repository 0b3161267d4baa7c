//! The one selection that every pane of a message shares: a range of bits.
//!
//! Hovering previews and moves nothing; a click or Enter pins; Escape lets go.

use leptos::prelude::*;
use poslab_core::bytes::Span;

/// The chosen bits.
#[derive(Clone, Copy)]
pub struct Pick {
    /// The pinned bits.
    pub bits: RwSignal<Option<Span>>,
    /// The bits under the pointer.
    pub hover: RwSignal<Option<Span>>,
}

impl Pick {
    /// Nothing chosen.
    pub fn new() -> Pick {
        Pick {
            bits: RwSignal::new(None),
            hover: RwSignal::new(None),
        }
    }

    /// Pins some bits.
    pub fn pin(self, bits: Span) {
        self.bits.set(Some(bits));
    }

    /// Lets everything go.
    pub fn clear(self) {
        self.bits.set(None);
        self.hover.set(None);
    }

    /// Previews some bits; nothing is set again when nothing changed.
    pub fn preview(self, bits: Option<Span>) {
        if self.hover.get_untracked() != bits {
            self.hover.set(bits);
        }
    }
}

impl Default for Pick {
    fn default() -> Self {
        Pick::new()
    }
}
