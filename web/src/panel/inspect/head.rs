//! What stands above the panes: the pasted text, the sentence, the chips, the actions.

use super::desk::Desk;
use super::menu::{copy_menu, share};
use super::reading::Fit;
use super::take_file;
use crate::browser;
use crate::dom::{El, button, el};
use crate::panel::log::list::Log;
use crate::shell::Shell;
use crate::words::{Lang, Phrase, inspect as w, log};
use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use poslab_core::codec::Severity;
use wasm_bindgen::JsCast as _;
use web_sys::{ClipboardEvent, Element, Event, HtmlInputElement};

/// How long typing may pause before the text is read: decoding is live, not frantic.
const SETTLE_MS: u32 = 40;

/// The head of the panel.
pub fn head(desk: Desk, menu: &El, log: Log) -> El {
    let lang = Shell::here().lang;
    // The text is shown for editing while it is the only thing there is to see.
    let writing = RwSignal::new(desk.is_example());
    let what = move || {
        desk.reading
            .with(|reading| match (&reading.refused, lang.get()) {
                (Some(refused), _) => refused.clone(),
                (None, Lang::En) => reading.what.clone(),
                (None, Lang::Zh) => reading.what_zh.clone(),
            })
    };
    let origin = move || {
        let phrase = match (desk.is_example(), desk.redacted.get()) {
            (true, _) => w::EXAMPLE,
            (false, true) => w::SHARED_WITH_YOU,
            (false, false) => w::YOU_PASTED,
        };
        phrase.say(lang.get()).to_owned()
    };
    let about = el("p", "row")
        .child(el("span", "label").live_text(origin))
        .text(" ")
        .child(el("span", "dim").live_text(what));
    let sentence = move || desk.reading.with(|reading| reading.sentence(lang.get()));
    el("div", "head")
        .child(paste(desk, writing))
        .child(
            el("div", "row spread")
                .child(about)
                .child(actions(desk, menu, log, writing)),
        )
        .child(el("h1", "sentence").live_text(sentence))
        .child(chips(desk))
        .child(items(desk))
}

/// What may be done with the whole message.
fn actions(desk: Desk, menu: &El, log: Log, writing: RwSignal<bool>) -> El {
    let lang = Shell::here().lang;
    let clear = move || {
        desk.paste("");
        writing.set(true);
        browser::next_frame(|| browser::focus("paste"));
    };
    let shown = move || {
        let phrase = if desk.reveal.get() {
            w::HIDE
        } else {
            w::REVEAL
        };
        phrase.say(lang.get()).to_owned()
    };
    let undo = button("link", move || desk.undo()).hidden(move || !desk.is_edited());
    let edit = button("link", move || writing.update(|on| *on = !*on))
        .live_state("aria-expanded", move || writing.get());
    let clear = button("link", clear).hidden(move || desk.is_example());
    let reveal = button("link", move || desk.reveal.update(|on| *on = !*on))
        .live_state("aria-pressed", move || desk.reveal.get());
    el("div", "row actions")
        .child(undo.say(w::UNDO))
        .children(copy_menu(desk, menu))
        .children(share(desk))
        .child(choose_file(desk, log))
        .child(edit.say(w::EDIT_TEXT))
        .child(clear.say(w::CLEAR))
        .child(reveal.live_text(shown))
}

/// Hands a chosen file over, and forgets it so that it can be chosen again.
fn choose_file(desk: Desk, log: Log) -> El {
    let field = el("input", "visually-hidden")
        .attr("type", "file")
        .attr("id", "open-file");
    let input = field.clone();
    let chosen = move |_| {
        let input = input.get::<HtmlInputElement>();
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            take_file(desk, log, file);
        }
        input.set_value("");
    };
    el("label", "file link")
        .say(log::CHOOSE)
        .child(field.on("change", chosen))
}

/// The text field. What is pasted or typed is read after a short pause.
fn paste(desk: Desk, writing: RwSignal<bool>) -> El {
    let field = el("textarea", "paste")
        .attr("id", "paste")
        .attr("rows", "3")
        .attr("spellcheck", "false")
        .attr("autocomplete", "off")
        .label(w::MESSAGE)
        .attr_say("placeholder", w::PLACEHOLDER)
        .live_value(move || desk.text.get());
    let wait = StoredValue::new_local(None::<Timeout>);
    let area = field.clone();
    let input = move |_| {
        let text = area.value();
        wait.set_value(Some(Timeout::new(SETTLE_MS, move || desk.paste(&text))));
    };
    take_pastes(desk, writing);
    let marks = el("pre", "squiggles")
        .attr("aria-hidden", "true")
        .live_children(move || squiggles(desk));
    let (area, behind) = (field.clone(), marks.clone());
    let follow = move |_| {
        let top = area.get::<Element>().scroll_top();
        behind.get::<Element>().set_scroll_top(top);
    };
    let wrong = move || !desk.is_example() && desk.reading.with(|reading| reading.has_errors());
    el("div", "paste-box")
        .hidden(move || !(writing.get() || wrong()))
        .child(marks)
        .child(field.on("input", input).on("scroll", follow))
}

/// A paste anywhere in the panel is meant for it, save into another text field.
fn take_pastes(desk: Desk, writing: RwSignal<bool>) {
    let heed = move |event: &Event| {
        if typing_elsewhere() {
            return;
        }
        let data = event.unchecked_ref::<ClipboardEvent>().clipboard_data();
        let text = data.and_then(|data| data.get_data("text/plain").ok());
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            event.prevent_default();
            desk.paste(&text);
            writing.set(false);
        }
    };
    let options = EventListenerOptions::enable_prevent_default();
    // It is heeded for as long as the owner of this view keeps it.
    StoredValue::new_local(EventListener::new_with_options(
        &browser::window(),
        "paste",
        options,
        heed,
    ));
}

/// The pasted text once more, invisible, with a wavy line under what is wrong.
fn squiggles(desk: Desk) -> Vec<El> {
    let text = desk.text.get();
    let pieces = desk.reading.with(|reading| reading.marked(&text));
    let draw = |(piece, bad): (String, Option<bool>)| {
        let (tag, class) = match bad {
            None => ("span", ""),
            Some(true) => ("mark", "bad"),
            Some(false) => ("mark", "warn"),
        };
        el(tag, class).text(&piece)
    };
    pieces.into_iter().map(draw).collect()
}

/// True when the focus is in a field that wants the paste for itself.
fn typing_elsewhere() -> bool {
    let element = browser::document().active_element();
    element.is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
    })
}

/// Which dialects fit, what was found, and what is not yet known.
fn chips(desk: Desk) -> El {
    let lang = Shell::here().lang;
    let fits = move || {
        let lang = lang.get();
        desk.reading.with(|reading| {
            let now = reading.dialect.as_ref().map(|dialect| dialect.name());
            let shown = reading.fits.iter().enumerate();
            let near = shown.filter(|(at, fit)| *at < 3 || Some(&*fit.name) == now);
            near.map(|(_, fit)| fit_chip(desk, fit, Some(&*fit.name) == now, lang))
                .collect()
        })
    };
    let auto = button("chip", move || desk.dialect.set(None))
        .live_state("aria-pressed", move || desk.dialect.with(Option::is_none))
        .say(w::AUTO);
    el("div", "chips")
        .live_children(fits)
        .child(auto)
        .child(verdict(desk))
        .live_children(move || mac_chip(desk, lang.get()))
}

/// How much is wrong; a click goes to the first of it.
fn verdict(desk: Desk) -> El {
    let lang = Shell::here().lang;
    let count = move || desk.reading.with(|reading| reading.findings.len());
    let kind = move || {
        desk.reading.with(|reading| {
            let mut all = reading.findings.iter();
            match all.any(|one| one.severity == Severity::Error) {
                true => ("chip bad", "✕"),
                false if reading.findings.is_empty() => ("chip ok", "✓"),
                false => ("chip warn", "△"),
            }
        })
    };
    let words = move || match count() {
        0 => w::NO_FINDINGS.say(lang.get()).to_owned(),
        count => w::FINDINGS_COUNT.with(lang.get(), &[("count", &count.to_string())]),
    };
    let mark = el("span", "").attr("aria-hidden", "true");
    button("chip", move || desk.go_to_finding(1))
        .live_class(move || kind().0)
        .attr("title", "F8")
        .child(mark.live_text(move || kind().1.to_owned()))
        .live_text(words)
}

/// One dialect and how well it fits; a click chooses it.
fn fit_chip(desk: Desk, fit: &Fit, now: bool, lang: Lang) -> El {
    let (class, pressed) = match now {
        true => ("chip now", "true"),
        false => ("chip", "false"),
    };
    let name = fit.name.clone();
    button(class, move || desk.dialect.set(Some(name.clone())))
        .attr("title", &fit.reasons(lang))
        .attr("aria-pressed", pressed)
        .text(&fit.name)
        .text(" ")
        .child(el("span", "dim").text(&fit.short(lang)))
}

/// What is known of the message authentication code: right and wrong need a key, stale does not.
fn mac_chip(desk: Desk, lang: Lang) -> Vec<El> {
    let is_mac = |path: &str| matches!(path, "DE64" | "DE128");
    let has_mac = desk
        .reading
        .with(|reading| reading.rows.iter().any(|row| is_mac(&row.path)));
    if !has_mac {
        return Vec::new();
    }
    let (class, mark, phrase) = match desk.mac_holds.get() {
        _ if desk.redacted.get() => ("chip warn", "△", w::MAC_REDACTED),
        Some(true) => ("chip ok", "✓", w::MAC_HOLDS),
        Some(false) => ("chip bad", "✕", w::MAC_DIFFERS),
        None if desk.is_edited() => ("chip warn", "△", w::MAC_STALE),
        None => ("chip warn", "△", w::MAC_UNCHECKED),
    };
    let mark = el("span", "").attr("aria-hidden", "true").text(mark);
    let chip = el("span", class).child(mark).text(" ");
    vec![chip.text(phrase.say(lang))]
}

/// The messages of a paste that holds several.
fn items(desk: Desk) -> El {
    let lang = Shell::here().lang;
    let count = move || desk.reading.with(|reading| reading.items);
    let step = move |by: isize| {
        let last = desk.reading.with_untracked(|reading| reading.items).max(1) - 1;
        desk.pick.clear();
        desk.item
            .update(|item| *item = item.saturating_add_signed(by).min(last));
    };
    let words = move || {
        let (at, all) = ((desk.item.get() + 1).to_string(), count().to_string());
        w::MESSAGE_OF.with(lang.get(), &[("at", &at), ("all", &all)])
    };
    let arrow = |by: isize, name: Phrase, sign: &str| {
        button("quiet", move || step(by)).label(name).text(sign)
    };
    el("p", "row")
        .hidden(move || count() < 2)
        .child(arrow(-1, w::PREVIOUS, "◀"))
        .child(el("span", "").live_text(words))
        .child(arrow(1, w::NEXT, "▶"))
}
