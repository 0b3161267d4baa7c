//! The chosen field: its value large, the facts, what the bytes say in other codings, and the
//! place to change it.

use super::aside;
use super::desk::Desk;
use super::reading::Details;
use crate::dom::{El, button, el, text};
use crate::shell::Shell;
use crate::words::{Lang, Phrase, inspect as w, named};
use leptos::prelude::*;

/// The card pane; on a small screen it is a sheet at the bottom.
pub fn card(desk: Desk) -> El {
    let chosen = Memo::new(move |_| {
        let bits = desk.pick.bits.get()?;
        desk.reading.with(|reading| reading.details(bits))
    });
    let class = move || match chosen.with(Option::is_none) {
        true => "pane card empty",
        false => "pane card",
    };
    el("section", "pane card")
        .attr("id", "card")
        .live_class(class)
        .attr("tabindex", "0")
        .label(w::FIELD)
        .live_children(move || match chosen.get() {
            Some(details) => field(desk, details),
            None => vec![el("p", "dim prose").say(w::CHOOSE)],
        })
}

/// What Learn is asked about a part: its tag, its field, or the name of its place in the envelope.
fn term(path: &str) -> Option<&str> {
    let mut steps = path
        .split('.')
        .map(|step| step.split('#').next().unwrap_or(step));
    match (steps.next()?, steps.next()) {
        ("DE55", Some(tag)) if tag.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F')) => {
            Some(tag)
        }
        (name @ ("MTI" | "TPDU" | "bitmap"), _) => Some(name),
        (field, _) if field.starts_with("DE") => Some(field),
        _ => None,
    }
}

/// A line of facts: what it is called, and what it says.
fn fact(list: El, name: Phrase, fact: El) -> El {
    list.child(el("dt", "").say(name)).child(fact)
}

/// A field that was chosen.
fn field(desk: Desk, details: Details) -> Vec<El> {
    let lang = Shell::here().lang;
    let row = details.row.clone();
    let close = button("link close", move || desk.pick.clear());
    let top = el("div", "row spread")
        .child(el("h2", "label").child(el("span", "mono").text(&row.path)))
        .child(close.label(w::CLOSE).text("✕"));
    let name = row.name.clone();
    let mut title = el("h3", "title").live_text(move || named(&name, lang.get()).to_owned() + " ");
    if let Some(term) = term(&row.path).map(str::to_owned) {
        let link = el("a", "explained").attr("href", &format!("#learn?{term}"));
        let words = move || w::WHAT_IS.with(lang.get(), &[("term", &term)]);
        title = title.child(link.live_text(words));
    }
    let (meaning, value) = (row.meaning.clone(), row.value.clone());
    let large = move || match named(&meaning, lang.get()) {
        "" => value.clone(),
        meaning => meaning.to_owned(),
    };
    let long = row.value.chars().count() > 40 || row.meaning.en.chars().count() > 40;
    let class = if long { "value long" } else { "value" };
    let mut all = vec![
        top,
        title,
        el("p", class).live_text(large),
        facts(&details, lang),
        el("h2", "label").say(w::SAME_BYTES_AS),
        el("dl", "facts readings").children(
            details
                .readings
                .iter()
                .flat_map(|one| {
                    [
                        el("dt", "").text(one.coding),
                        el("dd", "mono").text(&one.text),
                    ]
                })
                .collect(),
        ),
    ];
    all.extend(edit(desk, details));
    all
}

/// Where a field stands and how it is written.
fn facts(details: &Details, lang: ReadSignal<Lang>) -> El {
    let (row, bits) = (&details.row, details.bits);
    let place = move || {
        let bytes = bits.byte_range();
        let (from, to) = (bytes.start, bytes.end.saturating_sub(1));
        let places = [("from", &*from.to_string()), ("to", &*to.to_string())];
        let bytes = w::PLACE.with(lang.get(), &places);
        format!("{} – {} ({bytes})", bits.start, bits.end.saturating_sub(1))
    };
    let mut list = el("dl", "facts");
    if !row.meaning.en.is_empty() {
        list = fact(list, w::VALUE, el("dd", "mono").text(&row.value));
    }
    list = fact(list, w::BITS, el("dd", "").live_text(place));
    if let Some(format) = details.format.clone() {
        let words = move || named(&format, lang.get()).to_owned();
        list = fact(list, w::FORMAT, el("dd", "").live_text(words));
    }
    fact(list, w::RAW, el("dd", "mono").text(&details.raw))
}

/// The place to change the value; the message is packed again at once.
fn edit(desk: Desk, details: Details) -> Vec<El> {
    let Some(value) = details.editable else {
        return Vec::new();
    };
    let lang = Shell::here().lang;
    let refused = RwSignal::new(None::<String>);
    let path = details.row.path;
    let field = el("input", "mono")
        .attr("id", "edit")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("aria-describedby", "edit-note")
        .live_value(move || value.clone());
    let input = field.clone();
    let change = move |_| {
        let heed = move |outcome: Result<String, String>| match outcome {
            Ok(text) => {
                refused.set(None);
                desk.edit(text);
            }
            Err(why) => refused.set(Some(why)),
        };
        let value = input.value();
        desk.reading
            .with_untracked(|reading| aside::repack(reading, &path, &value, heed));
    };
    let note = move || match refused.get() {
        Some(why) => vec![el("span", "bad").text("✕ ").text(&why)],
        None => vec![text(w::EDIT_NOTE.say(lang.get()))],
    };
    let title = el("label", "").attr("for", "edit").say(w::EDIT);
    vec![
        el("h2", "label").child(title),
        field.on("change", change),
        el("p", "dim")
            .attr("id", "edit-note")
            .attr("aria-live", "polite")
            .live_children(note),
    ]
}
