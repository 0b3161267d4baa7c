//! The bytes of a frame: offsets, hex with one element per field, characters; marks lie behind.
//!
//! Arrow keys move by a byte or a row, Shift extends, Home and End go to the ends of the row (with
//! Ctrl of the frame), Page keys move sixteen rows, Escape lets go. Where writing is allowed, a hex
//! digit overwrites the nibble at the cursor, which then moves on.

use super::marks::{CHARACTER, HEX, Mark, Pitch, marks};
use super::pick::Pick;
use crate::browser;
use crate::words::{hex as w, t};
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;
use poslab_core::bytes::Span;
use poslab_core::view::grid::Grid;
use poslab_core::view::outline::{Row, row_at};

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

/// The pane. `per_row` is set by the pane when its width changes.
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
    /// Overwrites the nibble that begins at a bit; says whether it could.
    #[prop(optional)]
    write: Option<Callback<(u32, u8), bool>>,
) -> impl IntoView {
    let pane = NodeRef::<html::Div>::new();
    let cells = NodeRef::<html::Div>::new();
    let anchor = StoredValue::new(0usize);
    let measure = move || {
        if let Some(pane) = pane.get_untracked() {
            let room = per_row_for(f64::from(pane.client_width()));
            if room != per_row.get_untracked() {
                per_row.set(room);
            }
        }
    };
    Effect::new(move || {
        if pane.get().is_some() {
            measure();
        }
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());

    let byte_at = move |event: &MouseEvent| {
        let area = cells.get_untracked()?.get_bounding_client_rect();
        let count = per_row.get_untracked();
        let character = area.width() / (count as f64 * 3.0 - 1.0);
        let x = f64::from(event.client_x()) - area.left();
        let y = f64::from(event.client_y()) - area.top();
        if x < 0.0 || y < 0.0 {
            return None;
        }
        let column = (((x + character / 2.0) / character) / 3.0) as usize;
        let byte = (y / f64::from(ROW_PX)) as usize * count + column.min(count - 1);
        (byte < view.with_untracked(|view| view.len_bytes)).then_some(byte)
    };
    let field_of = move |byte: usize| {
        let bits = Span::bytes(byte..byte + 1);
        view.with_untracked(|view| {
            let inside = |start: u32| row_at(&view.rows, Span::bits(start, start + 1));
            let row = row_at(&view.rows, bits).or_else(|| inside(bits.start));
            row.and_then(|row| view.rows.get(row))
                .map_or(bits, |row| row.span)
        })
    };
    let hover = move |event: PointerEvent| pick.preview(byte_at(&event).map(field_of));
    let press = move |event: MouseEvent| {
        let Some(byte) = byte_at(&event) else { return };
        if event.shift_key() {
            let from = anchor.get_value();
            pick.pin(Span::bytes(from.min(byte)..from.max(byte) + 1));
        } else {
            anchor.set_value(byte);
            pick.pin(field_of(byte));
        }
    };
    let key = move |event: KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        if event.key() == "Escape" {
            pick.clear();
            return;
        }
        if let Some(write) = write
            && let Some((bit, digit)) = typed(&event, pick)
        {
            event.prevent_default();
            if write.run((bit, digit)) {
                let last = view.with_untracked(|view| view.len_bytes) as u32 * 8;
                let next = (bit + 4).min(last.saturating_sub(4));
                anchor.set_value(next as usize / 8);
                pick.pin(Span::bits(next, next + 4));
            }
            return;
        }
        let count = view.with_untracked(|view| view.len_bytes);
        let cursor = pick.bits.get_untracked().map(|bits| {
            let range = bits.byte_range();
            if range.start == anchor.get_value() {
                range.end - 1
            } else {
                range.start
            }
        });
        let moved = step(&event, cursor, count, per_row.get_untracked());
        let Some(byte) = moved else { return };
        event.prevent_default();
        if !event.shift_key() {
            anchor.set_value(byte);
        }
        let from = anchor.get_value();
        pick.pin(Span::bytes(from.min(byte)..from.max(byte) + 1));
    };
    let current = Memo::new(move |_| {
        let bits = pick.bits.get()?;
        view.with(|view| {
            view.grid
                .runs
                .iter()
                .position(|run| run.span.end > bits.start)
        })
    });
    // What is chosen elsewhere comes into view; what the pointer only passes never scrolls.
    Effect::new(move || {
        let (Some(bits), Some(pane)) = (pick.bits.get(), pane.get()) else {
            return;
        };
        let row = bits.start as usize / 8 / per_row.get_untracked();
        reveal_row(&pane, row);
    });
    let runs = move || view.with(|view| draw_runs(id, view, current));
    view! {
        <div class="hex" node_ref=pane data-per-row=move || per_row.get()>
            <pre class="offsets" aria-hidden="true">{move || view.with(|v| v.grid.offsets.clone())}</pre>
            <div
                id=id
                class="cells"
                node_ref=cells
                role="listbox"
                tabindex="0"
                aria-label=t(w::BYTES)
                aria-activedescendant=move || current.get().map(|run| format!("{id}-{run}"))
                on:pointermove=hover
                on:pointerleave=move |_| pick.preview(None)
                on:click=press
                on:keydown=key
            >
                <Marks view per_row pick pitch=HEX/>
                {runs}
            </div>
            <div class="characters" aria-hidden="true">
                <Marks view per_row pick pitch=CHARACTER/>
                <pre>{move || view.with(|v| v.grid.characters.clone())}</pre>
            </div>
        </div>
    }
}

/// Scrolls the nearest scroller just as far as the row needs.
fn reveal_row(pane: &web_sys::HtmlElement, row: usize) {
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
fn draw_runs(id: &'static str, view: &HexView, current: Memo<Option<usize>>) -> Vec<AnyView> {
    let mut list = Vec::with_capacity(view.grid.runs.len());
    for (index, run) in view.grid.runs.iter().enumerate() {
        let row = view.rows.get(run.row);
        let bytes = run.span.byte_range();
        let label = row.map(|row| {
            let number = if row.depth == 0 && !row.number.is_empty() {
                row.path.clone()
            } else {
                row.number.clone()
            };
            let place = format!("{}–{}", bytes.start, bytes.end.saturating_sub(1));
            // The hex is part of the name because it is what the eye reads there.
            format!(
                "{number} {} · {place} · {} · {}",
                row.name.en, row.value, run.text
            )
        });
        let class = format!("run h{}", row.map_or(8, |row| row.hue));
        let run_view = view! {
            <span
                id=format!("{id}-{index}")
                class=class
                role="option"
                aria-label=label
                aria-selected=move || if current.get() == Some(index) { "true" } else { "false" }
            >
                {run.text.clone()}
            </span>
            {run.gap}
        };
        list.push(run_view.into_any());
    }
    list
}

/// The marks behind the text: what is chosen, hovered, wrong, changed.
#[component]
fn Marks(view: Memo<HexView>, per_row: RwSignal<usize>, pick: Pick, pitch: Pitch) -> impl IntoView {
    let draw = move |bits: Span, class: &'static str| {
        marks(bits, per_row.get(), pitch)
            .into_iter()
            .map(move |mark| draw_mark(mark, class))
            .collect_view()
    };
    let wrong = move || {
        view.with(|view| {
            let one = |(bits, error): &(Span, bool)| {
                let bits = if bits.is_empty() {
                    Span::bits(bits.start, bits.start + 8)
                } else {
                    *bits
                };
                draw(bits, if *error { "mark wrong" } else { "mark odd" })
            };
            view.wrong.iter().map(one).collect_view()
        })
    };
    let changed = move || {
        view.with(|view| {
            view.changed
                .iter()
                .map(|bits| draw(*bits, "mark changed"))
                .collect_view()
        })
    };
    view! {
        <span class="marks" role="presentation" aria-hidden="true">
            {move || pick.hover.get().map(|bits| draw(bits, "mark hovered"))}
            {changed}
            {move || pick.bits.get().map(|bits| draw(bits, "mark picked"))}
            {wrong}
        </span>
    }
}

/// One rectangle.
fn draw_mark(mark: Mark, class: &'static str) -> impl IntoView {
    let px = |rows: usize| format!("{}px", rows * ROW_PX as usize);
    view! {
        <span
            class=class
            style:left=format!("calc({}ch / 8)", mark.left)
            style:width=format!("calc({}ch / 8)", mark.width)
            style:top=px(mark.top)
            style:height=px(mark.height)
        ></span>
    }
}

/// Moves the focus to a hex pane.
pub fn focus(id: &str) {
    browser::focus(id);
}
