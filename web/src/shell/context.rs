//! What every panel may read and set, whichever wasm module draws it.

use super::route::Route;
use crate::browser::store::{Setting, remember};
use crate::browser::{self, event};
use crate::words::Lang;
use leptos::prelude::*;

/// The state around the panels. Copy it into closures freely: it is a handful of signal handles.
#[derive(Clone, Copy)]
pub struct Shell {
    /// The language of the moment; set it by [`Shell::speak`].
    pub lang: ReadSignal<Lang>,
    /// The open panel and what stands after its name; set it by [`Shell::go`] or by a link.
    pub route: ReadSignal<Route>,
    /// The command line that gives the same result as the open panel; set it by
    /// [`Shell::same_as`].
    pub command: ReadSignal<String>,
    /// A message that another panel asked to open in Inspect; set it by [`Shell::inspect`].
    pub opened: ReadSignal<String>,
}

impl Shell {
    /// Makes the state from the document, follows it, and offers it to the views below.
    pub fn provide() -> Shell {
        let (lang, set_lang) = signal(Lang::of(&browser::html().lang()));
        let (route, set_route) = signal(Route::of(&browser::fragment()));
        let (command, set_command) = signal(String::new());
        let (opened, set_opened) = signal(String::new());
        event::on(event::LANG, move |tag| set_lang.set(Lang::of(&tag)));
        event::on(event::COMMAND, move |line| set_command.set(line));
        event::on(event::OPEN, move |text| set_opened.set(text));
        event::on_fragment(move |fragment| set_route.set(Route::of(&fragment)));
        let shell = Shell {
            lang,
            route,
            command,
            opened,
        };
        provide_context(shell);
        shell
    }

    /// The state that was provided above this view. Call it while a view is made, not in an
    /// event handler.
    pub fn here() -> Shell {
        expect_context::<Shell>()
    }

    /// Switches the language of the whole page and remembers it.
    pub fn speak(self, lang: Lang) {
        browser::html().set_lang(lang.tag());
        remember(Setting::Lang, lang.tag());
        event::send(event::LANG, lang.tag());
    }

    /// Opens a route.
    pub fn go(self, route: &Route) {
        browser::go(&route.to_string());
    }

    /// Shows in the footer which command gives the same result.
    ///
    /// Sent in an event of its own rather than set, because the footer may stand in the other
    /// wasm module.
    pub fn same_as(self, command: &str) {
        event::send(event::COMMAND, command);
    }

    /// Opens a text in Inspect as if it had been pasted there. It does not touch the address.
    pub fn inspect(self, text: &str) {
        event::send(event::OPEN, text);
        browser::go("inspect");
    }
}
