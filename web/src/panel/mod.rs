//! The panels: the verbs of the command line, each with its own module.
//!
//! To add a panel: write `panel/NAME/` (or `NAME.rs`) with a component; put its words into
//! `core/words/page/NAME.json`; add its tab to [`TABS`]; and add one line to [`PAGE`] (drawn by
//! the first wasm module) or to [`lab::PANELS`] (drawn by the second, which most panels are).
//! A panel takes what it needs from [`crate::shell::Shell::here`]: the language, its route, and
//! `same_as`, by which it tells the footer the equivalent command.

pub mod bench;
pub mod break_it;
pub mod build;
pub mod compare;
pub mod dialects;
pub mod inspect;
pub mod lab;
pub mod learn;
pub mod log;
pub mod pin_pad;
pub mod theatre;

use crate::words::{Phrase, shell as w};
use leptos::prelude::AnyView;

/// Which wasm module draws a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Module {
    /// The first one, there at once.
    Page,
    /// The second one, fetched after first paint.
    Lab,
}

/// A tab of the header.
pub struct Tab {
    /// The name in the address.
    pub id: &'static str,
    /// The name on the tab.
    pub title: Phrase,
    /// Which module draws it.
    pub module: Module,
}

/// A panel of one wasm module.
pub struct Entry {
    /// The id of its tab.
    pub id: &'static str,
    /// Draws it; the text is what people had typed before wasm arrived, for Inspect.
    pub draw: fn(&str) -> AnyView,
}

/// The tabs, in the order of the header.
#[rustfmt::skip]
pub static TABS: &[Tab] = &[
    Tab { id: "inspect", title: w::INSPECT, module: Module::Page },
    Tab { id: "build", title: w::BUILD, module: Module::Page },
    Tab { id: "compare", title: w::COMPARE, module: Module::Page },
    Tab { id: "bench", title: w::BENCH, module: Module::Lab },
    Tab { id: "theatre", title: w::THEATRE, module: Module::Lab },
    Tab { id: "break-it", title: w::BREAK_IT, module: Module::Lab },
    Tab { id: "pin-pad", title: w::PIN_PAD, module: Module::Lab },
    Tab { id: "dialects", title: w::DIALECTS, module: Module::Page },
    Tab { id: "learn", title: w::LEARN, module: Module::Lab },
];

/// The panels of the first wasm module.
pub static PAGE: &[Entry] = &[
    Entry {
        id: "inspect",
        draw: inspect::draw,
    },
    Entry {
        id: "build",
        draw: build::draw,
    },
    Entry {
        id: "compare",
        draw: compare::draw,
    },
    Entry {
        id: "dialects",
        draw: dialects::draw,
    },
];

/// The tab with an id.
pub fn find(id: &str) -> Option<&'static Tab> {
    TABS.iter().find(|tab| tab.id == id)
}
