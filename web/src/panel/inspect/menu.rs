//! "Copy as" and "Share": how a message leaves the page, and only when somebody says so.

use super::aside::{self, Link};
use super::desk::Desk;
use crate::browser::{self, clip};
use crate::dom::{El, button, el, live};
use crate::shell::Shell;
use crate::words::inspect as w;
use leptos::prelude::*;
use poslab_core::view::copy::CopyAs;
use poslab_core::view::share::LONG_LINK;
use web_sys::{Event, HtmlDetailsElement, HtmlDialogElement, HtmlElement};

/// The copy menu, and what is said when something was copied; the menu is opened too by a right
/// click, a long press or Shift+F10 on the panes.
pub fn copy_menu(desk: Desk, menu: &El) -> Vec<El> {
    let lang = Shell::here().lang;
    let copied = RwSignal::new(None::<&'static str>);
    live(move || {
        desk.reading.track();
        copied.set(None);
    });
    let item = |form: CopyAs| {
        let menu = menu.clone();
        let copy = move || {
            let reveal = desk.reveal.get_untracked();
            desk.reading.with_untracked(|reading| {
                aside::copy(reading, form, reveal, move |text| {
                    clip::copy(&text, move || copied.set(Some(form.name())));
                });
            });
            menu.get::<HtmlDetailsElement>().set_open(false);
        };
        el("li", "").child(button("entry", copy).text(form.name()))
    };
    let said = move || match copied.get() {
        Some(form) => w::COPIED.with(lang.get(), &[("form", form)]),
        None => String::new(),
    };
    let items = CopyAs::ALL.iter().map(|form| item(*form));
    let list = el("ul", "").children(items.collect());
    let menu = menu.clone().child(el("summary", "").say(w::COPY_AS));
    let said = el("span", "ok").attr("role", "status").live_text(said);
    vec![menu.child(list), said]
}

/// Opens the menu where a context menu was asked for.
pub fn open_menu(menu: &El, event: &Event) {
    let menu = menu.get::<HtmlDetailsElement>();
    event.prevent_default();
    menu.set_open(true);
    if let Ok(Some(first)) = menu.query_selector("button") {
        let _ = wasm_bindgen::JsCast::unchecked_into::<HtmlElement>(first).focus();
    }
}

/// The button that opens the share dialog, and the dialog: it shows exactly what the link holds
/// before anything is copied.
pub fn share(desk: Desk) -> Vec<El> {
    let lang = Shell::here().lang;
    let shared = RwSignal::new(Link::default());
    let copied = RwSignal::new(false);
    let dialog = el("dialog", "share").attr("aria-labelledby", "share-title");
    let shown = dialog.clone();
    let open = move || {
        let shown = shown.clone();
        let show = move |made| {
            shared.set(made);
            copied.set(false);
            let _ = shown.get::<HtmlDialogElement>().show_modal();
        };
        desk.reading
            .with_untracked(|reading| aside::share(reading, show));
    };
    let link = move || shared.with(|shared| address(&shared.fragment));
    let shown = dialog.clone();
    let close = move || shown.get::<HtmlDialogElement>().close();
    let length = move || w::SHARE_LONG.with(lang.get(), &[("count", &link().len().to_string())]);
    let said = move || match copied.get() {
        true => w::COPIED.with(lang.get(), &[("form", "")]),
        false => String::new(),
    };
    let copy = move || clip::copy(&link(), move || copied.set(true));
    let row = el("p", "row")
        .child(button("primary", copy).say(w::SHARE_COPY))
        .child(button("", close).say(w::CLOSE))
        .child(el("span", "ok").attr("role", "status").live_text(said));
    let redacted = move || shared.with(|shared| shared.redacted);
    let title = el("h2", "sentence").attr("id", "share-title");
    let holds = el("pre", "bytes-out").attr("tabindex", "0");
    let label = el("label", "").attr("for", "share-link");
    let field = el("textarea", "")
        .attr("id", "share-link")
        .attr("rows", "3")
        .attr("readonly", "")
        .live_value(link);
    let dialog = dialog
        .child(title.say(w::SHARE_TITLE))
        .child(el("p", "").say(w::SHARE_NOTE))
        .child(
            el("p", "warn")
                .hidden(move || !redacted())
                .text("△ ")
                .say(w::SHARE_REDACTED),
        )
        .child(el("h3", "label").say(w::SHARE_HOLDS))
        .child(holds.live_text(move || shared.with(|shared| shared.holds.clone())))
        .child(el("h3", "label").child(label.say(w::SHARE_LINK)))
        .child(field)
        .child(
            el("p", "warn")
                .hidden(move || link().len() <= LONG_LINK)
                .text("△ ")
                .live_text(length),
        )
        .child(row);
    vec![button("link", open).say(w::SHARE), dialog]
}

/// The address of this page with another fragment.
fn address(fragment: &str) -> String {
    let href = browser::window().location().href().unwrap_or_default();
    let page = href.split('#').next().unwrap_or_default();
    format!("{page}#{fragment}")
}
