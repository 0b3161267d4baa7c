//! The footer: the command that gives the same result as the open panel.

use super::Shell;
use crate::browser::clip;
use crate::words::shell as w;
use crate::words::t;
use leptos::prelude::*;

/// The footer of the page. Its left side is free for the panels: `<footer>` holds `#status`.
#[component]
pub fn Footer() -> impl IntoView {
    let shell = Shell::here();
    let copied = RwSignal::new(false);
    Effect::new(move || {
        shell.command.track();
        copied.set(false);
    });
    let copy = move |_| clip::copy(&shell.command.get_untracked(), move || copied.set(true));
    view! {
        <footer class="bottom">
            <output id="status" class="status"></output>
            <span class="same">
                <span class="dim wide">{t(w::SAME_AS_COMMAND)}</span>
                <button
                    type="button"
                    class="command"
                    title=t(w::COPY_COMMAND)
                    hidden=move || shell.command.get().is_empty()
                    on:click=copy
                >
                    <span class="dim" aria-hidden="true">"$ "</span>
                    {move || shell.command.get()}
                </button>
                <span class="ok" role="status">
                    {move || copied.get().then(|| w::COPIED.say(shell.lang.get()))}
                </span>
            </span>
        </footer>
    }
}
