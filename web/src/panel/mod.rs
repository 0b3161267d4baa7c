//! The panels: the verbs of the command line, each with its own module.
//!
//! To add a panel: write `panel/NAME/` (or `NAME.rs`) with a component; put its words into
//! `core/words/page/NAME.json`; add its tab to [`TABS`]; and add one line to the list of the wasm
//! module that draws it, in [`lab`]. Inspect alone is in the first module, which has no `view!`: it
//! draws with [`crate::dom`], as do the widgets it uses.
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
    /// Payment crypto and what explains it, fetched after first paint.
    Crypto,
    /// The simulator and the PIN pads, fetched after first paint; the worker's engine too.
    World,
    /// What is made, compared and imported, fetched after first paint.
    Tools,
}

impl Module {
    /// The modules that are fetched after first paint.
    pub const LATER: [Module; 3] = [Module::World, Module::Crypto, Module::Tools];

    /// The name of its file, of its glue, and of the element it draws into.
    pub const fn name(self) -> &'static str {
        match self {
            Module::Page => "page",
            Module::Crypto => "crypto",
            Module::World => "world",
            Module::Tools => "tools",
        }
    }
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

/// A panel of a module that is fetched later.
pub struct Entry {
    /// The id of its tab.
    pub id: &'static str,
    /// Draws it; the text is empty.
    pub draw: fn(&str) -> AnyView,
}

/// The tabs, in the order of the header.
#[rustfmt::skip]
pub static TABS: &[Tab] = &[
    Tab { id: "inspect", title: w::INSPECT, module: Module::Page },
    Tab { id: "build", title: w::BUILD, module: Module::Tools },
    Tab { id: "compare", title: w::COMPARE, module: Module::Tools },
    Tab { id: "bench", title: w::BENCH, module: Module::Crypto },
    Tab { id: "theatre", title: w::THEATRE, module: Module::World },
    Tab { id: "break-it", title: w::BREAK_IT, module: Module::World },
    Tab { id: "pin-pad", title: w::PIN_PAD, module: Module::World },
    Tab { id: "dialects", title: w::DIALECTS, module: Module::Tools },
    Tab { id: "learn", title: w::LEARN, module: Module::Crypto },
];

/// The tab with an id.
pub fn find(id: &str) -> Option<&'static Tab> {
    TABS.iter().find(|tab| tab.id == id)
}
