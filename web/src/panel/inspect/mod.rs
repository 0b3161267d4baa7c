//! Inspect, the twin of `poslab decode`: any paste becomes bytes, a tree and explanations.
//!
//! [`desk`] holds the state, [`reading`] is one text taken apart by core, [`aside`] has the module
//! `tools` do what is needed seldom, [`cipher`] is asked what a key makes of a MAC; the other
//! modules draw:
//! [`head`] what is above the panes, [`card`] the chosen field, [`findings`] what is wrong,
//! [`verify`] what agrees and what was changed.

pub mod aside;
mod card;
pub mod cipher;
mod desk;
mod edit;
mod findings;
mod goto;
mod head;
mod key;
mod mac;
mod menu;
pub mod reading;
mod verify;

use crate::browser;
use crate::dom::{El, as_key, button, el, live};
use crate::panel::log::list::{Log, log_list};
use crate::shell::Shell;
use crate::widget::hex::{HexView, hex_pane};
use crate::widget::tree::tree_pane;
use crate::words::inspect as w;
use card::card;
use desk::Desk;
use findings::findings;
use goto::goto;
use head::head;
use leptos::prelude::*;
use menu::open_menu;
use poslab_core::bytes::to_hex;
use poslab_core::codec::Severity;
use poslab_core::view::grid::Alphabet;
use std::rc::Rc;
use verify::verify_and_build;
use wasm_bindgen::JsCast as _;
use web_sys::{DragEvent, Element, Event, HtmlDialogElement, KeyboardEvent};

/// The panes F6 goes through.
const PANES: [&str; 4] = ["paste", "bytes", "fields", "card"];

/// Draws the panel; `typed` is what people had pasted before wasm arrived.
pub fn draw(typed: &str) -> El {
    let desk = Desk::new(typed);
    follow(desk);
    status(desk);
    let log = Log::new();
    let menu = el("details", "menu");
    let goto = goto(desk);
    let (dialog, copies) = (goto.clone(), menu.clone());
    let drop_file = move |event: Event| {
        if let Some(file) = browser::file::dropped(event.unchecked_ref::<DragEvent>()) {
            event.prevent_default();
            take_file(desk, log, file);
        }
    };
    let panes = el("div", "panes")
        .on("contextmenu", move |event| open_menu(&copies, &event))
        .child(bytes(desk))
        .child(fields(desk))
        .child(card(desk));
    el("div", "inspect")
        .on("keydown", move |event| {
            on_key(desk, &dialog, as_key(&event))
        })
        .on("dragover", |event| event.prevent_default())
        .on("drop", drop_file)
        .child(head(desk, &menu, log))
        .child(log_list(log, Rc::new(move |text| desk.paste(&text))))
        .child(panes)
        .child(verify_and_build(desk))
        .child(goto)
}

/// Keeps the footer after the desk, and the desk after what others open here.
fn follow(desk: Desk) {
    let shell = Shell::here();
    live(move || {
        if shell.route.with(|route| route.panel == "inspect") {
            shell.same_as(&desk.reading.with(|reading| reading.command()));
        }
    });
    // What was opened before this panel was drawn is over.
    let mut first = true;
    live(move || {
        let text = shell.opened.get();
        if !first && !text.is_empty() {
            desk.paste(&text);
        }
        first = false;
    });
    live(move || {
        let route = shell.route.get();
        if route.rest.starts_with("v1.") {
            aside::open_link(&route.rest, move |message| desk.receive(message));
        }
    });
}

/// The pane of the bytes.
fn bytes(desk: Desk) -> El {
    let alphabet = RwSignal::new(Alphabet::Ascii);
    let per_row = RwSignal::new(16usize);
    let hex = Memo::new(move |_| {
        desk.reading.with(|reading| {
            let findings = reading.findings.iter();
            let wrong = findings.map(|one| (one.span, one.severity == Severity::Error));
            HexView {
                grid: reading.grid(per_row.get(), alphabet.get()),
                rows: reading.rows.clone(),
                len_bytes: reading.frame.len(),
                wrong: wrong.collect(),
                changed: desk.changed.get(),
            }
        })
    });
    let flip = move || {
        alphabet.update(|now| {
            *now = match now {
                Alphabet::Ascii => Alphabet::Ebcdic,
                Alphabet::Ebcdic => Alphabet::Ascii,
            };
        });
    };
    let letters = move || {
        let name = match alphabet.get() {
            Alphabet::Ascii => "ASCII",
            Alphabet::Ebcdic => "EBCDIC",
        };
        name.to_owned()
    };
    let len = move || hex.with(|hex| hex.len_bytes).to_string();
    let count = el("span", "mono").live_text(len);
    let title = el("h2", "label").say(w::BYTES).text(" ").child(count);
    let flip = button("link small", flip)
        .attr_say("title", w::SWITCH_LETTERS)
        .live_text(letters);
    let write = Box::new(move |bit, digit| desk.overwrite(bit, digit));
    el("section", "pane bytes")
        .label(w::BYTES)
        .child(el("div", "row spread").child(title).child(flip))
        .child(hex_pane("bytes", hex, per_row, desk.pick, write))
}

/// The pane of the fields, below what is wrong with them.
fn fields(desk: Desk) -> El {
    let rows = Memo::new(move |_| desk.reading.with(|reading| reading.rows.clone()));
    let count = move || {
        rows.with(|rows| {
            let fields = rows.iter();
            let fields = fields.filter(|row| row.depth == 0 && !row.number.is_empty());
            fields.count().to_string()
        })
    };
    let count = el("span", "mono").live_text(count);
    let title = el("h2", "label").say(w::FIELDS).text(" ").child(count);
    el("section", "pane fields")
        .label(w::FIELDS)
        .child(findings(desk))
        .child(title)
        .child(tree_pane("fields", rows, desk.open, desk.pick))
}

/// A file longer than this is read by the worker, line by line.
const LOG_BYTES: f64 = 128.0 * 1024.0;

/// Reads a file that was dropped or chosen: a short one like a paste, a long one as a log.
fn take_file(desk: Desk, log: Log, file: web_sys::File) {
    if file.size() > LOG_BYTES {
        log.open(file);
        return;
    }
    browser::file::read(&file, move |bytes| {
        let text = String::from_utf8(bytes).unwrap_or_else(|error| to_hex(error.as_bytes()));
        let is_text = !text
            .chars()
            .any(|char| char.is_control() && !char.is_whitespace());
        desk.paste(&if is_text {
            text
        } else {
            to_hex(text.as_bytes())
        });
    });
}

/// Keys that work anywhere in the panel: F6 goes from pane to pane, F8 from finding to finding,
/// Ctrl+G to a place, Ctrl+Z back.
fn on_key(desk: Desk, goto: &El, event: &KeyboardEvent) {
    if event.is_composing() {
        return;
    }
    let back = event.shift_key();
    match event.key().as_str() {
        "F6" => {
            let now = browser::document()
                .active_element()
                .map(|element| element.id());
            let at = PANES.iter().position(|pane| Some(*pane) == now.as_deref());
            let count = PANES.len();
            let next = match (at, back) {
                (Some(at), false) => (at + 1) % count,
                (Some(at), true) => (at + count - 1) % count,
                (None, _) => 1,
            };
            browser::focus(PANES[next]);
        }
        "F8" => desk.go_to_finding(if back { -1 } else { 1 }),
        "g" | "G" if event.ctrl_key() || event.meta_key() => {
            let _ = goto.get::<HtmlDialogElement>().show_modal();
        }
        "z" | "Z" if (event.ctrl_key() || event.meta_key()) && !in_text(event) => desk.undo(),
        _ => return,
    }
    event.prevent_default();
}

/// True when a text field has the key; there, undo is its own.
fn in_text(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA"))
}

/// Says in the footer where the pointer or the selection is.
fn status(desk: Desk) {
    let shell = Shell::here();
    live(move || {
        let bits = desk.pick.hover.get().or_else(|| desk.pick.bits.get());
        let lang = shell.lang.get();
        let text = bits.map_or_else(String::new, |bits| {
            desk.reading.with(|reading| {
                let path = reading.path_of(bits, lang);
                let bytes = bits.byte_range();
                let raw = reading.frame.get(bytes.clone()).unwrap_or_default();
                let shown = raw.get(..raw.len().min(12)).unwrap_or_default();
                let hex = if reading.veil.hides(bits) {
                    "••".to_owned()
                } else {
                    spaced(shown)
                };
                let more = if raw.len() > shown.len() { " …" } else { "" };
                let place = w::PLACE.with(
                    lang,
                    &[
                        ("from", &bytes.start.to_string()),
                        ("to", &bytes.end.saturating_sub(1).to_string()),
                    ],
                );
                format!("{path} · {place} · {hex}{more}")
            })
        });
        if let Some(element) = browser::by_id("status") {
            element.set_text_content(Some(&text));
        }
    });
}

/// Hex digits with a space between bytes.
fn spaced(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| to_hex(&[*byte]))
        .collect::<Vec<_>>()
        .join(" ")
}
