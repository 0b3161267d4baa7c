//! The bytes of a frame: offsets, hex with one element per field, characters; marks lie behind.
//!
//! Arrow keys move by a byte or a row, Shift extends, Home and End go to the ends of the row (with
//! Ctrl of the frame), Page keys move sixteen rows, Escape lets go. Where writing is allowed, a hex
//! digit overwrites the nibble at the cursor, which then moves on.

use super::marks::{CHARACTER, HEX, Mark, Pitch, marks};
use super::pick::Pick;
use crate::browser;
use crate::dom::{El, as_key, el, live, text};
use crate::words::hex as w;
use gloo::events::EventListener;
use leptos::html;
use leptos::prelude::*;
use poslab_core::bytes::Span;
use poslab_core::view::grid::Grid;
use poslab_core::view::outline::{Row, row_at};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, MouseEvent};

/// The height of a row in CSS pixels, as the style sheet has it.
const ROW_PX: u32 = 22;

/// What a hex pane shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HexView {
    /// The runs.
    pub grid: Grid,
    /// The rows they belong to.
    pub rows: Vec<Row>,
    /// Bytes in the frame.
    pub len_bytes: usize,
    /// Bits to underline as wrong, with whether they are errors.
    pub wrong: Vec<(Span, bool)>,
    /// Bits that an edit changed.
    pub changed: Vec<Span>,
}

/// How many bytes a row has room for, by the width of the pane.
pub fn per_row_for(width: f64) -> usize {
    match width {
        w if w >= 564.0 => 16,
        w if w >= 300.0 => 8,
        _ => 4,
    }
}

/// The pane, for a view of `view!`. `per_row` is set by the pane when its width changes.
#[component]
pub fn HexPane(
    /// The id of the focusable element.
    id: &'static str,
    /// What is shown.
    view: Memo<HexView>,
    /// Bytes a row.
    per_row: RwSignal<usize>,
    /// The shared selection.
    pick: Pick,
) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    Effect::new(move || {
        if let Some(place) = place.get() {
            let pane = Pane {
                id,
                view,
                per_row,
                pick,
                anchor: StoredValue::new(0),
            };
            pane.fill(El::of(&place), None);
        }
    });
    view! { <div class="hex" node_ref=place></div> }
}

/// Overwrites the nibble that begins at a bit; says whether it could.
pub type Write = Box<dyn Fn(u32, u8) -> bool>;

/// The pane; see [`HexPane`] for what it takes.
pub fn hex_pane(
    id: &'static str,
    view: Memo<HexView>,
    per_row: RwSignal<usize>,
    pick: Pick,
    write: Write,
) -> El {
    let anchor = StoredValue::new(0);
    let pane = Pane {
        id,
        view,
        per_row,
        pick,
        anchor,
    };
    pane.fill(el("div", "hex"), Some(write))
}

/// What the handlers of a pane share.
#[derive(Clone, Copy)]
struct Pane {
    id: &'static str,
    view: Memo<HexView>,
    per_row: RwSignal<usize>,
    pick: Pick,
    /// The byte a range was begun at.
    anchor: StoredValue<usize>,
}

impl Pane {
    /// Draws everything into the element of the pane.
    fn fill(self, root: El, write: Option<Write>) -> El {
        let Pane {
            id,
            view,
            per_row,
            pick,
            ..
        } = self;
        let current = Memo::new(move |_| {
            let bits = pick.bits.get()?;
            view.with(|view| {
                let mut runs = view.grid.runs.iter();
                runs.position(|run| run.span.end > bits.start)
            })
        });
        let cells = el("div", "cells")
            .attr("id", id)
            .attr("role", "listbox")
            .attr("tabindex", "0")
            .label(w::BYTES)
            .live_attr("aria-activedescendant", move || {
                current.get().map(|run| format!("{id}-{run}"))
            })
            .on("pointerleave", move |_| pick.preview(None))
            .on("keydown", move |event| {
                self.key(as_key(&event), write.as_ref())
            })
            .child(self.marks(HEX))
            .live_children(move || view.with(|view| draw_runs(id, view, current)));
        let here = cells.clone();
        let hover = move |event: Event| {
            let byte = self.byte_at(here.get(), event.unchecked_ref());
            pick.preview(byte.map(|byte| self.field_of(byte)));
        };
        let here = cells.clone();
        let press = move |event: Event| self.press(here.get(), event.unchecked_ref());
        let cells = cells.on("pointermove", hover).on("click", press);
        select(id, current);
        self.measure_and_follow(&root);
        let offsets = move || view.with(|view| view.grid.offsets.clone());
        let characters = move || view.with(|view| view.grid.characters.clone());
        root.live_attr("data-per-row", move || Some(per_row.get().to_string()))
            .child(
                el("pre", "offsets")
                    .attr("aria-hidden", "true")
                    .live_text(offsets),
            )
            .child(cells)
            .child(
                el("div", "characters")
                    .attr("aria-hidden", "true")
                    .child(self.marks(CHARACTER))
                    .child(el("pre", "").live_text(characters)),
            )
    }

    /// Keeps the bytes of a row after the width of the pane, and what is chosen in sight.
    fn measure_and_follow(self, root: &El) {
        let Pane { per_row, pick, .. } = self;
        let pane = root.clone();
        let measure = move || {
            let room = per_row_for(f64::from(pane.get::<Element>().client_width()));
            // A pane that is not shown has no width.
            if pane.get::<Element>().client_width() > 0
                && per_row
                    .try_get_untracked()
                    .is_some_and(|count| count != room)
            {
                per_row.set(room);
            }
        };
        let resized = measure.clone();
        // It is heeded for as long as the owner of this view keeps it.
        StoredValue::new_local(EventListener::new(
            &browser::window(),
            "resize",
            move |_| {
                resized();
            },
        ));
        browser::next_frame(measure);
        // What is chosen elsewhere comes into view; what the pointer only passes never scrolls.
        let pane = root.clone();
        live(move || {
            if let Some(bits) = pick.bits.get() {
                let row = bits.start as usize / 8 / per_row.get_untracked();
                reveal_row(pane.get(), row);
            }
        });
    }

    /// The byte under the pointer.
    fn byte_at(self, cells: &Element, event: &MouseEvent) -> Option<usize> {
        let area = cells.get_bounding_client_rect();
        let count = self.per_row.get_untracked();
        let character = area.width() / (count as f64 * 3.0 - 1.0);
        let x = f64::from(event.client_x()) - area.left();
        let y = f64::from(event.client_y()) - area.top();
        if x < 0.0 || y < 0.0 {
            return None;
        }
        let column = (((x + character / 2.0) / character) / 3.0) as usize;
        let byte = (y / f64::from(ROW_PX)) as usize * count + column.min(count - 1);
        (byte < self.view.with_untracked(|view| view.len_bytes)).then_some(byte)
    }

    /// The bits of the deepest row that holds a byte.
    fn field_of(self, byte: usize) -> Span {
        let bits = Span::bytes(byte..byte + 1);
        self.view.with_untracked(|view| {
            let inside = |start: u32| row_at(&view.rows, Span::bits(start, start + 1));
            let row = row_at(&view.rows, bits).or_else(|| inside(bits.start));
            row.and_then(|row| view.rows.get(row))
                .map_or(bits, |row| row.span)
        })
    }

    /// Pins from the anchor to a byte.
    fn extend_to(self, byte: usize) {
        let from = self.anchor.get_value();
        self.pick
            .pin(Span::bytes(from.min(byte)..from.max(byte) + 1));
    }

    fn press(self, cells: &Element, event: &MouseEvent) {
        let Some(byte) = self.byte_at(cells, event) else {
            return;
        };
        if event.shift_key() {
            self.extend_to(byte);
        } else {
            self.anchor.set_value(byte);
            self.pick.pin(self.field_of(byte));
        }
    }

    fn key(self, event: &KeyboardEvent, write: Option<&Write>) {
        let Pane {
            view, pick, anchor, ..
        } = self;
        if event.is_composing() {
            return;
        }
        if event.key() == "Escape" {
            pick.clear();
            return;
        }
        let count = view.with_untracked(|view| view.len_bytes);
        if let Some(write) = write
            && let Some((bit, digit)) = typed(event, pick)
        {
            event.prevent_default();
            if write(bit, digit) {
                let next = (bit + 4).min((count as u32 * 8).saturating_sub(4));
                anchor.set_value(next as usize / 8);
                pick.pin(Span::bits(next, next + 4));
            }
            return;
        }
        let cursor = pick.bits.get_untracked().map(|bits| {
            let range = bits.byte_range();
            if range.start == anchor.get_value() {
                range.end - 1
            } else {
                range.start
            }
        });
        let moved = step(event, cursor, count, self.per_row.get_untracked());
        let Some(byte) = moved else { return };
        event.prevent_default();
        if !event.shift_key() {
            anchor.set_value(byte);
        }
        self.extend_to(byte);
    }

    /// The marks behind the text: what is hovered, changed, chosen, wrong.
    fn marks(self, pitch: Pitch) -> El {
        let draw = move || {
            let mut list = Vec::new();
            let mut draw = |bits: Span, class: &str| {
                for mark in marks(bits, self.per_row.get(), pitch) {
                    list.push(draw_mark(mark, class));
                }
            };
            if let Some(bits) = self.pick.hover.get() {
                draw(bits, "mark hovered");
            }
            self.view.with(|view| {
                for bits in &view.changed {
                    draw(*bits, "mark changed");
                }
                if let Some(bits) = self.pick.bits.get() {
                    draw(bits, "mark picked");
                }
                for (bits, error) in &view.wrong {
                    let bits = if bits.is_empty() {
                        Span::bits(bits.start, bits.start + 8)
                    } else {
                        *bits
                    };
                    draw(bits, if *error { "mark wrong" } else { "mark odd" });
                }
            });
            list
        };
        el("span", "marks")
            .attr("role", "presentation")
            .attr("aria-hidden", "true")
            .live_children(draw)
    }
}

/// Keeps `aria-selected` at the one element of a list that stands for what is chosen.
pub(super) fn select(id: &'static str, current: Memo<Option<usize>>) {
    let mut before = None;
    live(move || {
        let now = current.get();
        for (at, on) in [(before, "false"), (now, "true")] {
            let element = at.and_then(|at| browser::by_id(&format!("{id}-{at}")));
            if let Some(element) = element {
                let _ = element.set_attribute("aria-selected", on);
            }
        }
        before = now;
    });
}

/// Scrolls the nearest scroller just as far as the row needs.
fn reveal_row(pane: &HtmlElement, row: usize) {
    let Some(scroller) = pane.closest(".pane").ok().flatten() else {
        return;
    };
    if scroller.scroll_height() <= scroller.client_height() {
        return;
    }
    let offset = pane.get_bounding_client_rect().top() - scroller.get_bounding_client_rect().top();
    let line = f64::from(ROW_PX);
    let top = row as f64 * line + offset;
    let height = f64::from(scroller.client_height());
    let now = f64::from(scroller.scroll_top());
    if top < 40.0 {
        scroller.set_scroll_top((now + top - 40.0) as i32);
    } else if top + line > height {
        scroller.set_scroll_top((now + top + line * 2.0 - height) as i32);
    }
}

/// The first bit of the nibble at the cursor and the digit that was typed over it.
fn typed(event: &KeyboardEvent, pick: Pick) -> Option<(u32, u8)> {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return None;
    }
    let key = event.key();
    let mut chars = key.chars();
    let (Some(digit), None) = (chars.next(), chars.next()) else {
        return None;
    };
    let digit = u8::try_from(digit.to_digit(16)?).ok()?;
    let bits = pick.bits.get_untracked()?;
    Some((bits.start / 4 * 4, digit))
}

/// The byte a key moves to.
fn step(
    event: &KeyboardEvent,
    cursor: Option<usize>,
    count: usize,
    per_row: usize,
) -> Option<usize> {
    let last = count.checked_sub(1)?;
    let ctrl = event.ctrl_key() || event.meta_key();
    let at = cursor.unwrap_or(0);
    let row = at / per_row * per_row;
    let to = match event.key().as_str() {
        "ArrowDown" | "ArrowRight" | "ArrowUp" | "ArrowLeft" if cursor.is_none() => 0,
        "ArrowLeft" => at.saturating_sub(1),
        "ArrowRight" => at + 1,
        "ArrowUp" => at.checked_sub(per_row).unwrap_or(at),
        "ArrowDown" => {
            if at + per_row <= last {
                at + per_row
            } else {
                at
            }
        }
        "PageUp" => at.saturating_sub(per_row * 16),
        "PageDown" => at + per_row * 16,
        "Home" if ctrl => 0,
        "End" if ctrl => last,
        "Home" => row,
        "End" => row + per_row - 1,
        _ => return None,
    };
    Some(to.min(last))
}

/// One element per run, with what separates it from the next.
fn draw_runs(id: &str, view: &HexView, current: Memo<Option<usize>>) -> Vec<El> {
    let chosen = current.get_untracked();
    let mut list = Vec::with_capacity(view.grid.runs.len() * 2);
    for (index, run) in view.grid.runs.iter().enumerate() {
        let row = view.rows.get(run.row);
        let hue = row.map_or(8, |row| row.hue);
        let mut one = el("span", &format!("run h{hue}"))
            .attr("id", &format!("{id}-{index}"))
            .attr("role", "option")
            .attr(
                "aria-selected",
                if chosen == Some(index) {
                    "true"
                } else {
                    "false"
                },
            );
        if let Some(row) = row {
            one = one.attr("aria-label", &spoken(row, run.span, &run.text));
        }
        list.push(one.text(&run.text));
        list.push(text(run.gap));
    }
    list
}

/// What a run is called: the hex is part of it because it is what the eye reads there.
fn spoken(row: &Row, bits: Span, hex: &str) -> String {
    let number = if row.depth == 0 && !row.number.is_empty() {
        &row.path
    } else {
        &row.number
    };
    let bytes = bits.byte_range();
    let (from, to) = (bytes.start, bytes.end.saturating_sub(1));
    format!(
        "{number} {} · {from}–{to} · {} · {hex}",
        row.name.en, row.value
    )
}

/// One rectangle.
fn draw_mark(mark: Mark, class: &str) -> El {
    let px = |rows: usize| format!("{}px", rows * ROW_PX as usize);
    let ch = |eighths: u32| format!("calc({eighths}ch / 8)");
    el("span", class)
        .style("left", &ch(mark.left))
        .style("width", &ch(mark.width))
        .style("top", &px(mark.top))
        .style("height", &px(mark.height))
}

/// Moves the focus to a hex pane.
pub fn focus(id: &str) {
    browser::focus(id);
}
