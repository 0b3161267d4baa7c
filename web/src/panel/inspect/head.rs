//! What stands above the panes: the pasted text, the sentence, the chips, the actions.

use super::desk::Desk;
use super::menu::{CopyMenu, Share};
use super::reading::Fit;
use crate::shell::Shell;
use crate::words::{inspect as w, log, t};
use gloo::timers::callback::Timeout;
use leptos::ev::ClipboardEvent;
use leptos::html;
use leptos::prelude::*;
use poslab_core::codec::Severity;
use wasm_bindgen::JsCast as _;

/// How long typing may pause before the text is read: decoding is live, not frantic.
const SETTLE_MS: u32 = 40;

/// The head of the panel.
#[component]
pub fn Head(
    desk: Desk,
    menu: NodeRef<html::Details>,
    #[prop(into)] take: Callback<web_sys::File>,
) -> impl IntoView {
    let shell = Shell::here();
    // The text is shown for editing while it is the only thing there is to see.
    let writing = RwSignal::new(desk.is_example());
    let what = move || {
        desk.reading.with(|reading| {
            let refused = reading.refused.clone();
            refused.unwrap_or_else(|| match shell.lang.get() {
                crate::words::Lang::En => reading.what.clone(),
                crate::words::Lang::Zh => reading.what_zh.clone(),
            })
        })
    };
    let origin = move || {
        let phrase = match (desk.is_example(), desk.redacted.get()) {
            (true, _) => w::EXAMPLE,
            (false, true) => w::SHARED_WITH_YOU,
            (false, false) => w::YOU_PASTED,
        };
        phrase.say(shell.lang.get())
    };
    let clear = move |_| {
        desk.paste("");
        writing.set(true);
        request_animation_frame(|| crate::browser::focus("paste"));
    };
    view! {
        <div class="head">
            <Paste desk writing/>
            <div class="row spread">
                <p class="row"><span class="label">{origin}</span> <span class="dim">{what}</span></p>
                <div class="row actions">
                    <Undo desk/>
                    <CopyMenu desk menu/>
                    <Share desk/>
                    <label class="file link">
                        {t(log::CHOOSE)}
                        <input type="file" class="visually-hidden" id="open-file" on:change=move |event| chosen(&event, take)/>
                    </label>
                    <button
                        type="button"
                        class="link"
                        aria-expanded=move || if writing.get() { "true" } else { "false" }
                        on:click=move |_| writing.update(|on| *on = !*on)
                    >
                        {t(w::EDIT_TEXT)}
                    </button>
                    <button type="button" class="link" hidden=move || desk.is_example() on:click=clear>
                        {t(w::CLEAR)}
                    </button>
                    <button
                        type="button"
                        class="link"
                        aria-pressed=move || if desk.reveal.get() { "true" } else { "false" }
                        on:click=move |_| desk.reveal.update(|on| *on = !*on)
                    >
                        {move || {
                            let phrase = if desk.reveal.get() { w::HIDE } else { w::REVEAL };
                            phrase.say(shell.lang.get())
                        }}
                    </button>
                </div>
            </div>
            <h1 class="sentence">{move || desk.reading.with(|reading| reading.sentence(shell.lang.get()))}</h1>
            <Chips desk/>
            <Items desk/>
        </div>
    }
}

/// Hands a chosen file over, and forgets it so that it can be chosen again.
fn chosen(event: &leptos::ev::Event, take: Callback<web_sys::File>) {
    let target = event.target();
    let input = target.and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    let Some(input) = input else { return };
    if let Some(file) = input.files().and_then(|files| files.get(0)) {
        take.run(file);
    }
    input.set_value("");
}

/// Takes the last edit back, where there is one.
#[component]
fn Undo(desk: Desk) -> impl IntoView {
    view! {
        <button
            type="button"
            class="link"
            hidden=move || !desk.is_edited()
            on:click=move |_| desk.undo()
        >
            {t(w::UNDO)}
        </button>
    }
}

/// The text field. What is pasted or typed is read after a short pause.
#[component]
fn Paste(desk: Desk, writing: RwSignal<bool>) -> impl IntoView {
    let wait = StoredValue::new_local(None::<Timeout>);
    let input = move |event| {
        let text = event_target_value(&event);
        wait.set_value(Some(Timeout::new(SETTLE_MS, move || desk.paste(&text))));
    };
    // A paste anywhere in the panel is meant for it, save into another text field.
    let anywhere = window_event_listener(leptos::ev::paste, move |event: ClipboardEvent| {
        if typing_elsewhere() {
            return;
        }
        let text = event
            .clipboard_data()
            .and_then(|data| data.get_data("text/plain").ok());
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            event.prevent_default();
            desk.paste(&text);
            writing.set(false);
        }
    });
    on_cleanup(move || anywhere.remove());
    let marks = NodeRef::<html::Pre>::new();
    let follow = move |event: leptos::ev::Event| {
        let area = event
            .target()
            .map(|target| target.unchecked_into::<web_sys::Element>());
        if let (Some(area), Some(marks)) = (area, marks.get_untracked()) {
            marks.set_scroll_top(area.scroll_top());
        }
    };
    let wrong = move || !desk.is_example() && desk.reading.with(|reading| reading.has_errors());
    view! {
        <div class="paste-box" hidden=move || !(writing.get() || wrong())>
            <pre class="squiggles" aria-hidden="true" node_ref=marks>
                {move || squiggles(desk)}
            </pre>
            <textarea
                id="paste"
                class="paste"
                rows="3"
                spellcheck="false"
                autocomplete="off"
                aria-label=t(w::MESSAGE)
                placeholder=t(w::PLACEHOLDER)
                prop:value=move || desk.text.get()
                on:input=input
                on:scroll=follow
            ></textarea>
        </div>
    }
}

/// The pasted text once more, invisible, with a wavy line under what is wrong.
fn squiggles(desk: Desk) -> Option<AnyView> {
    let text = desk.text.get();
    let pieces = desk.reading.with(|reading| reading.marked(&text));
    let draw = |(piece, bad): (String, Option<bool>)| match bad {
        None => view! { <span>{piece}</span> }.into_any(),
        Some(error) => {
            let class = if error { "bad" } else { "warn" };
            view! { <mark class=class>{piece}</mark> }.into_any()
        }
    };
    (!pieces.is_empty()).then(|| pieces.into_iter().map(draw).collect_view().into_any())
}

/// True when the focus is in a field that wants the paste for itself.
fn typing_elsewhere() -> bool {
    let element = crate::browser::document().active_element();
    element.is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
    })
}

/// Which dialects fit, what was found, and what is not yet known.
#[component]
fn Chips(desk: Desk) -> impl IntoView {
    let shell = Shell::here();
    let fits = move || {
        desk.reading.with(|reading| {
            let now = reading.dialect.as_ref().map(|dialect| dialect.name().to_owned());
            let shown = reading.fits.iter().enumerate();
            let near = shown.filter(|(at, fit)| *at < 3 || Some(&fit.name) == now.as_ref());
            near.map(|(_, fit)| view! { <FitChip desk fit=fit.clone() now=Some(&fit.name) == now.as_ref()/> })
                .collect_view()
        })
    };
    let errors = Memo::new(move |_| {
        desk.reading.with(|reading| {
            let errors = reading
                .findings
                .iter()
                .filter(|one| one.severity == Severity::Error);
            (errors.count(), reading.findings.len())
        })
    });
    let verdict = move || {
        let (errors, all) = errors.get();
        let lang = shell.lang.get();
        let count = all.to_string();
        match (errors, all) {
            (0, 0) => (w::NO_FINDINGS.say(lang).to_owned(), "chip ok", "✓"),
            (0, _) => (
                w::FINDINGS_COUNT.with(lang, &[("count", &count)]),
                "chip warn",
                "△",
            ),
            _ => (
                w::FINDINGS_COUNT.with(lang, &[("count", &count)]),
                "chip bad",
                "✕",
            ),
        }
    };
    view! {
        <div class="chips">
            {fits}
            <button
                type="button"
                class="chip"
                aria-pressed=move || if desk.dialect.with(Option::is_none) { "true" } else { "false" }
                on:click=move |_| desk.dialect.set(None)
            >
                {t(w::AUTO)}
            </button>
            <button
                type="button"
                class=move || verdict().1
                title="F8"
                on:click=move |_| desk.go_to_finding(1)
            >
                <span aria-hidden="true">{move || verdict().2}</span>
                {move || verdict().0}
            </button>
            <MacChip desk/>
        </div>
    }
}

/// One dialect and how well it fits; a click chooses it.
#[component]
fn FitChip(desk: Desk, fit: Fit, now: bool) -> impl IntoView {
    let shell = Shell::here();
    let name = fit.name.clone();
    let short = {
        let fit = fit.clone();
        move || fit.short(shell.lang.get())
    };
    let reasons = move || fit.reasons(shell.lang.get());
    let chosen = name.clone();
    view! {
        <button
            type="button"
            class="chip"
            class:now=now
            title=reasons
            aria-pressed=if now { "true" } else { "false" }
            on:click=move |_| desk.dialect.set(Some(chosen.clone()))
        >
            {name}
            <span class="dim">{short}</span>
        </button>
    }
}

/// What is known of the message authentication code: right and wrong need a key, stale does not.
#[component]
fn MacChip(desk: Desk) -> impl IntoView {
    let shell = Shell::here();
    let has_mac = Memo::new(move |_| {
        desk.reading.with(|reading| {
            reading
                .rows
                .iter()
                .any(|row| matches!(row.path.as_str(), "DE64" | "DE128"))
        })
    });
    let edited = Memo::new(move |_| desk.is_edited());
    move || {
        let (class, mark, phrase) = match desk.mac_holds.get() {
            _ if desk.redacted.get() => ("chip warn", "△", w::MAC_REDACTED),
            Some(true) => ("chip ok", "✓", w::MAC_HOLDS),
            Some(false) => ("chip bad", "✕", w::MAC_DIFFERS),
            None if edited.get() => ("chip warn", "△", w::MAC_STALE),
            None => ("chip warn", "△", w::MAC_UNCHECKED),
        };
        has_mac.get().then(|| view! {
            <span class=class><span aria-hidden="true">{mark}</span> {phrase.say(shell.lang.get())}</span>
        })
    }
}

/// The messages of a paste that holds several.
#[component]
fn Items(desk: Desk) -> impl IntoView {
    let shell = Shell::here();
    let count = Memo::new(move |_| desk.reading.with(|reading| reading.items));
    let step = move |by: isize| {
        let last = count.get_untracked().saturating_sub(1);
        desk.pick.clear();
        desk.item
            .update(|item| *item = item.saturating_add_signed(by).min(last));
    };
    let words = move || {
        let (at, all) = ((desk.item.get() + 1).to_string(), count.get().to_string());
        w::MESSAGE_OF.with(shell.lang.get(), &[("at", &at), ("all", &all)])
    };
    view! {
        <p class="row" hidden=move || count.get() < 2>
            <button type="button" class="quiet" aria-label=t(w::PREVIOUS) on:click=move |_| step(-1)>"◀"</button>
            <span>{words}</span>
            <button type="button" class="quiet" aria-label=t(w::NEXT) on:click=move |_| step(1)>"▶"</button>
        </p>
    }
}
