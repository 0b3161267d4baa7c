//! "Copy as" and "Share": how a message leaves the page, and only when somebody says so.

use super::aside::{self, Link};
use super::desk::Desk;
use crate::browser::{self, clip};
use crate::shell::Shell;
use crate::words::{inspect as w, t};
use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;
use poslab_core::view::copy::CopyAs;
use poslab_core::view::share::LONG_LINK;

/// The copy menu; also opened by a right click, a long press or Shift+F10 on the panes.
#[component]
pub fn CopyMenu(desk: Desk, menu: NodeRef<html::Details>) -> impl IntoView {
    let lang = Shell::here().lang;
    let copied = RwSignal::new(None::<&'static str>);
    Effect::new(move || {
        desk.reading.track();
        copied.set(None);
    });
    let copy = move |form: CopyAs| {
        let reveal = desk.reveal.get_untracked();
        desk.reading.with_untracked(|reading| {
            aside::copy(reading, form, reveal, move |text| {
                clip::copy(&text, move || copied.set(Some(form.name())));
            });
        });
        if let Some(menu) = menu.get_untracked() {
            menu.set_open(false);
        }
    };
    let item = move |form: CopyAs| {
        view! {
            <li><button type="button" class="entry" on:click=move |_| copy(form)>{form.name()}</button></li>
        }
    };
    view! {
        <details class="menu" node_ref=menu>
            <summary>{t(w::COPY_AS)}</summary>
            <ul>{CopyAs::ALL.map(item).collect_view()}</ul>
        </details>
        <span class="ok" role="status">
            {move || copied.get().map(|form| w::COPIED.with(lang.get(), &[("form", form)]))}
        </span>
    }
}

/// Opens the menu where a context menu was asked for.
pub fn open_menu(menu: NodeRef<html::Details>, event: &MouseEvent) {
    if let Some(menu) = menu.get_untracked() {
        event.prevent_default();
        menu.set_open(true);
        if let Ok(Some(first)) = menu.query_selector("button") {
            let _ = wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlElement>(first).focus();
        }
    }
}

/// The share dialog: it shows exactly what the link holds before anything is copied.
#[component]
pub fn Share(desk: Desk) -> impl IntoView {
    let lang = Shell::here().lang;
    let dialog = NodeRef::<html::Dialog>::new();
    let shared = RwSignal::new(Link::default());
    let copied = RwSignal::new(false);
    let open = move |_| {
        let show = move |made| {
            shared.set(made);
            copied.set(false);
            if let Some(dialog) = dialog.get_untracked() {
                let _ = dialog.show_modal();
            }
        };
        desk.reading
            .with_untracked(|reading| aside::share(reading, show));
    };
    let link = move || shared.with(|shared| address(&shared.fragment));
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let holds = move || shared.with(|shared| shared.holds.clone());
    let redacted = move || shared.with(|shared| shared.redacted);
    view! {
        <button type="button" class="link" on:click=open>{t(w::SHARE)}</button>
        <dialog node_ref=dialog aria-labelledby="share-title" class="share">
            <h2 id="share-title" class="sentence">{t(w::SHARE_TITLE)}</h2>
            <p>{t(w::SHARE_NOTE)}</p>
            <p class="warn" hidden=move || !redacted()>"△ " {t(w::SHARE_REDACTED)}</p>
            <h3 class="label">{t(w::SHARE_HOLDS)}</h3>
            <pre class="bytes-out" tabindex="0">{holds}</pre>
            <h3 class="label"><label for="share-link">{t(w::SHARE_LINK)}</label></h3>
            <textarea id="share-link" rows="3" readonly prop:value=link></textarea>
            <p class="warn" hidden=move || link().len() <= LONG_LINK>
                "△ " {move || w::SHARE_LONG.with(lang.get(), &[("count", &link().len().to_string())])}
            </p>
            <p class="row">
                <button type="button" class="primary" on:click=move |_| clip::copy(&link(), move || copied.set(true))>
                    {t(w::SHARE_COPY)}
                </button>
                <button type="button" on:click=close>{t(w::CLOSE)}</button>
                <span class="ok" role="status">
                    {move || copied.get().then(|| w::COPIED.with(lang.get(), &[("form", "")]))}
                </span>
            </p>
        </dialog>
    }
}

/// The address of this page with another fragment.
fn address(fragment: &str) -> String {
    let href = browser::window().location().href().unwrap_or_default();
    let page = href.split('#').next().unwrap_or_default();
    format!("{page}#{fragment}")
}
