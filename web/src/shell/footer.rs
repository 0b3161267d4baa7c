//! The footer: the command that gives the same result as the open panel.

use super::Shell;
use crate::browser::clip;
use crate::dom::{El, button, el, live};
use crate::words::shell as w;
use leptos::prelude::*;

/// The footer of the page. Its left side is free for the panels: `<footer>` holds `#status`.
pub fn footer() -> El {
    let shell = Shell::here();
    let copied = RwSignal::new(false);
    live(move || {
        shell.command.track();
        copied.set(false);
    });
    let copy = move || clip::copy(&shell.command.get_untracked(), move || copied.set(true));
    let said = move || match copied.get() {
        true => w::COPIED.say(shell.lang.get()).to_owned(),
        false => String::new(),
    };
    let command = button("command", copy)
        .attr_say("title", w::COPY_COMMAND)
        .hidden(move || shell.command.get().is_empty())
        .child(el("span", "dim").attr("aria-hidden", "true").text("$ "))
        .live_text(move || shell.command.get());
    let same = el("span", "same")
        .child(el("span", "dim wide").say(w::SAME_AS_COMMAND))
        .child(command)
        .child(el("span", "ok").attr("role", "status").live_text(said));
    el("footer", "bottom")
        .child(el("output", "status").attr("id", "status"))
        .child(same)
}
