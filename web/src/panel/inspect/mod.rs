//! Inspect, the twin of `poslab decode`: any paste becomes bytes, a tree and explanations.
//!
//! [`desk`] holds the state, [`reading`] is one text taken apart by core, [`aside`] has the module
//! `tools` do what is needed seldom; the other modules draw:
//! [`head`] what is above the panes, [`card`] the chosen field, [`findings`] what is wrong,
//! [`verify`] what agrees and what was changed.

pub mod aside;
mod card;
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
use crate::panel::log::list::{Log, LogList};
use crate::shell::Shell;
use crate::widget::hex::{HexPane, HexView};
use crate::widget::tree::TreePane;
use crate::words::{inspect as w, t};
use card::Card;
use desk::Desk;
use findings::Findings;
use goto::Goto;
use head::Head;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use menu::open_menu;
use poslab_core::bytes::to_hex;
use poslab_core::codec::Severity;
use poslab_core::view::grid::Alphabet;
use poslab_core::view::share::Shared;
use verify::VerifyAndBuild;

/// The panes F6 goes through.
const PANES: [&str; 4] = ["paste", "bytes", "fields", "card"];

/// Draws the panel; `typed` is what people had pasted before wasm arrived.
pub fn draw(typed: &str) -> AnyView {
    let desk = Desk::new(typed);
    view! { <Inspect desk/> }.into_any()
}

/// The panel.
#[component]
fn Inspect(desk: Desk) -> impl IntoView {
    let shell = Shell::here();
    let menu = NodeRef::<leptos::html::Details>::new();
    let alphabet = RwSignal::new(Alphabet::Ascii);
    let per_row = RwSignal::new(16usize);
    let rows = Memo::new(move |_| desk.reading.with(|reading| reading.rows.clone()));
    let hex = Memo::new(move |_| {
        desk.reading.with(|reading| {
            let wrong = reading
                .findings
                .iter()
                .map(|one| (one.span, one.severity == Severity::Error));
            HexView {
                grid: reading.grid(per_row.get(), alphabet.get()),
                rows: reading.rows.clone(),
                len_bytes: reading.frame.len(),
                wrong: wrong.collect(),
                changed: desk.changed.get(),
            }
        })
    });
    Effect::new(move || {
        if shell.route.get().panel == "inspect" {
            shell.same_as(&desk.reading.with(|reading| reading.command()));
        }
    });
    Effect::new(move |before: Option<String>| {
        let text = shell.opened.get();
        if before.is_some() && !text.is_empty() {
            desk.paste(&text);
        }
        text
    });
    Effect::new(move || {
        let shared = Shared::read(&shell.route.get().rest);
        if let Some(shared) = shared {
            desk.receive(&shared);
        }
    });
    status(desk);
    let goto = NodeRef::<leptos::html::Dialog>::new();
    let key = move |event: KeyboardEvent| on_key(desk, goto, &event);
    let write = Callback::new(move |(bit, digit)| desk.overwrite(bit, digit));
    let flip = move |_| {
        alphabet.update(|now| {
            *now = if *now == Alphabet::Ascii {
                Alphabet::Ebcdic
            } else {
                Alphabet::Ascii
            };
        });
    };
    let letters = move || {
        if alphabet.get() == Alphabet::Ascii {
            "ASCII"
        } else {
            "EBCDIC"
        }
    };
    let log = Log::new();
    let choose = move |text: String| desk.paste(&text);
    let take = move |file: web_sys::File| take_file(desk, log, file);
    let drop_file = move |event: leptos::ev::DragEvent| {
        if let Some(file) = browser::file::dropped(&event) {
            event.prevent_default();
            take(file);
        }
    };
    view! {
        <div
            class="inspect"
            on:keydown=key
            on:dragover=|event: leptos::ev::DragEvent| event.prevent_default()
            on:drop=drop_file
        >
            <Head desk menu take/>
            <LogList log choose/>
            <div class="panes" on:contextmenu=move |event| open_menu(menu, &event)>
                <section class="pane bytes" aria-label=t(w::BYTES)>
                    <div class="row spread">
                        <h2 class="label">
                            {t(w::BYTES)} " " <span class="mono">{move || hex.with(|hex| hex.len_bytes)}</span>
                        </h2>
                        <button type="button" class="link small" title=t(w::SWITCH_LETTERS) on:click=flip>
                            {letters}
                        </button>
                    </div>
                    <HexPane id="bytes" view=hex per_row pick=desk.pick write/>
                </section>
                <section class="pane fields" aria-label=t(w::FIELDS)>
                    <Findings desk/>
                    <h2 class="label">
                        {t(w::FIELDS)} " "
                        <span class="mono">
                            {move || rows.with(|rows| rows.iter().filter(|row| row.depth == 0 && !row.number.is_empty()).count())}
                        </span>
                    </h2>
                    <TreePane id="fields" rows open=desk.open pick=desk.pick/>
                </section>
                <Card desk/>
            </div>
            <VerifyAndBuild desk/>
            <Goto desk dialog=goto/>
        </div>
    }
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
fn on_key(desk: Desk, goto: NodeRef<leptos::html::Dialog>, event: &KeyboardEvent) {
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
            if let Some(dialog) = goto.get_untracked() {
                let _ = dialog.show_modal();
            }
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
        .and_then(|target| wasm_bindgen::JsCast::dyn_into::<web_sys::Element>(target).ok());
    target.is_some_and(|target| matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA"))
}

/// Says in the footer where the pointer or the selection is.
fn status(desk: Desk) {
    let shell = Shell::here();
    Effect::new(move || {
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
