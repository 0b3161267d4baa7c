//! The fields of a message as an ARIA tree: the keys of the authoring practices, one focus stop.

use super::pick::Pick;
use crate::shell::Shell;
use crate::words::{Lang, t, tree as w};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use poslab_core::bytes::Span;
use poslab_core::codec::Severity;
use poslab_core::view::outline::{Row, row_at};
use std::collections::BTreeSet;
use wasm_bindgen::JsCast as _;

/// The pane.
#[component]
pub fn TreePane(
    /// The id of the focusable element.
    id: &'static str,
    /// The rows, parents before children.
    rows: Memo<Vec<Row>>,
    /// The paths of the open rows.
    open: RwSignal<BTreeSet<String>>,
    /// The shared selection.
    pick: Pick,
) -> impl IntoView {
    let pane = NodeRef::<html::Div>::new();
    let current = Memo::new(move |_| {
        let bits = pick.bits.get()?;
        rows.with(|rows| chosen(rows, bits))
    });
    // Whatever is chosen elsewhere is unfolded here.
    Effect::new(move || {
        let Some(index) = current.get() else { return };
        let missing: Vec<String> = rows
            .with_untracked(|rows| ancestors(rows, index).map(|row| row.path.clone()).collect());
        if missing
            .iter()
            .any(|path| open.with_untracked(|open| !open.contains(path)))
        {
            open.update(|open| open.extend(missing));
        }
    });
    let visible = Memo::new(move |_| {
        open.with(|open| {
            rows.with(|rows| {
                let seen =
                    |index: &usize| ancestors(rows, *index).all(|row| open.contains(&row.path));
                (0..rows.len()).filter(seen).collect::<Vec<usize>>()
            })
        })
    });
    Effect::new(move || {
        let (Some(index), Some(pane)) = (current.get(), pane.get()) else {
            return;
        };
        visible.track();
        request_animation_frame(move || reveal(&pane, &format!("{id}-{index}")));
    });
    let key = move |event: KeyboardEvent| {
        if event.is_composing() || event.ctrl_key() || event.alt_key() {
            return;
        }
        let moved = rows.with_untracked(|rows| {
            visible.with_untracked(|visible| {
                act(&event.key(), rows, visible, current.get_untracked(), open)
            })
        });
        match moved {
            Some(Act::To(span)) => pick.pin(span),
            Some(Act::Done) => {}
            Some(Act::LetGo) => pick.clear(),
            None => return,
        }
        event.prevent_default();
    };
    let draw = move |index: usize| {
        let row = rows.with_untracked(|rows| rows.get(index).cloned());
        row.map(|row| view! { <Line id row index current open pick/> })
    };
    view! {
        <div
            id=id
            class="tree"
            node_ref=pane
            role="tree"
            tabindex="0"
            aria-label=t(w::FIELDS)
            aria-activedescendant=move || current.get().map(|index| format!("{id}-{index}"))
            on:keydown=key
            on:pointerleave=move |_| pick.preview(None)
        >
            {move || {
                rows.track();
                visible.get().into_iter().map(draw).collect_view()
            }}
        </div>
    }
}

/// The row that stands for some chosen bits: one that covers exactly these, else the deepest one
/// that holds them, else the one that holds the first.
fn chosen(rows: &[Row], bits: Span) -> Option<usize> {
    rows.iter()
        .position(|row| row.span == bits)
        .or_else(|| row_at(rows, bits))
        .or_else(|| row_at(rows, Span::bits(bits.start, bits.start + 1)))
}

/// The rows a row stands under.
fn ancestors(rows: &[Row], index: usize) -> impl Iterator<Item = &Row> {
    let up = |index: usize| rows.get(index).and_then(|row| row.parent);
    std::iter::successors(up(index), move |index| up(*index)).filter_map(|index| rows.get(index))
}

/// What a key does.
enum Act {
    /// It chooses other bits.
    To(Span),
    /// It opened or closed a row.
    Done,
    /// It lets go.
    LetGo,
}

/// The keys of a tree.
fn act(
    key: &str,
    rows: &[Row],
    visible: &[usize],
    current: Option<usize>,
    open: RwSignal<BTreeSet<String>>,
) -> Option<Act> {
    let to = |index: usize| rows.get(index).map(|row| Act::To(row.span));
    let place = current.and_then(|index| visible.iter().position(|seen| *seen == index));
    let at = |place: usize| visible.get(place).copied().and_then(to);
    let Some(place) = place else {
        return matches!(key, "ArrowDown" | "ArrowUp" | "Home" | "Enter")
            .then(|| at(0))
            .flatten();
    };
    let index = *visible.get(place)?;
    let row = rows.get(index)?;
    let is_open = open.with_untracked(|open| open.contains(&row.path));
    match key {
        "ArrowDown" => at(place + 1).or(Some(Act::Done)),
        "ArrowUp" => at(place.saturating_sub(1)),
        "Home" => at(0),
        "End" => at(visible.len().checked_sub(1)?),
        "ArrowRight" if row.has_children && is_open => at(place + 1),
        "ArrowRight" if row.has_children => {
            toggle(open, &row.path);
            Some(Act::Done)
        }
        "ArrowLeft" if row.has_children && is_open => {
            toggle(open, &row.path);
            Some(Act::Done)
        }
        "ArrowLeft" => row.parent.and_then(to).or(Some(Act::Done)),
        "Enter" | " " => {
            toggle(open, &row.path);
            Some(Act::Done)
        }
        "Escape" => Some(Act::LetGo),
        _ => None,
    }
}

fn toggle(open: RwSignal<BTreeSet<String>>, path: &str) {
    open.update(|open| {
        if !open.remove(path) {
            open.insert(path.to_owned());
        }
    });
}

/// Scrolls the pane just as far as the row needs, without moving the focus.
fn reveal(pane: &web_sys::HtmlElement, id: &str) {
    let Some(line) = crate::browser::by_id(id) else {
        return;
    };
    let Some(scroller) = pane.closest(".pane").ok().flatten() else {
        return;
    };
    if scroller.scroll_height() <= scroller.client_height() {
        return;
    }
    let (line, area) = (
        line.get_bounding_client_rect(),
        scroller.get_bounding_client_rect(),
    );
    let now = f64::from(scroller.scroll_top());
    if line.top() < area.top() + 36.0 {
        scroller.set_scroll_top((now + line.top() - area.top() - 36.0) as i32);
    } else if line.bottom() > area.bottom() {
        scroller.set_scroll_top((now + line.bottom() - area.bottom() + 24.0) as i32);
    }
}

/// One row.
#[component]
fn Line(
    id: &'static str,
    row: Row,
    index: usize,
    current: Memo<Option<usize>>,
    open: RwSignal<BTreeSet<String>>,
    pick: Pick,
) -> impl IntoView {
    let lang = Shell::here().lang;
    let span = row.span;
    let expanded = {
        let (path, parent) = (row.path.clone(), row.has_children);
        move || {
            parent.then(|| {
                open.with(|open| {
                    if open.contains(&path) {
                        "true"
                    } else {
                        "false"
                    }
                })
            })
        }
    };
    let flip = {
        let (path, parent) = (row.path.clone(), row.has_children);
        move |event: leptos::ev::MouseEvent| {
            let on_arrow = event
                .target()
                .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
                .is_some_and(|target| target.class_list().contains("arrow"));
            if parent && on_arrow {
                toggle(open, &path);
            } else {
                pick.pin(span);
            }
        }
    };
    let name = row.name.clone();
    let named = move || match lang.get() {
        Lang::Zh if !name.zh.is_empty() => name.zh.clone(),
        _ => name.en.clone(),
    };
    let (value, meaning) = (row.value.clone(), row.meaning.clone());
    let spoken = move || {
        let meaning = match lang.get() {
            Lang::Zh if !meaning.zh.is_empty() => &meaning.zh,
            _ => &meaning.en,
        };
        if meaning.is_empty() {
            value.clone()
        } else {
            meaning.clone()
        }
    };
    let (mark, mark_class) = match row.severity {
        Some(Severity::Error) => ("✕", "flag bad"),
        Some(Severity::Warning) => ("△", "flag warn"),
        _ => ("", "flag"),
    };
    view! {
        <div
            id=format!("{id}-{index}")
            class=format!("line h{} d{}", row.hue, row.depth.min(4))
            role="treeitem"
            attr:aria-level=row.depth + 1
            aria-expanded=expanded
            aria-selected=move || if current.get() == Some(index) { "true" } else { "false" }
            on:click=flip
            on:pointerenter=move |_| pick.preview(Some(span))
        >
            <span class=if row.has_children { "arrow" } else { "arrow none" } aria-hidden="true"></span>
            <span class="number mono">{row.number.clone()}</span>
            <span class="name">{named}</span>
            <span class="said">{spoken}</span>
            <span class=mark_class>{mark}</span>
            <span class="place mono" aria-hidden="true">{place(span)}</span>
        </div>
    }
}

/// The bytes of a row, or its bits within a byte.
fn place(span: Span) -> String {
    let bytes = span.byte_range();
    let last = bytes.end.saturating_sub(1);
    if span.len() < 8 && span.len() != 4 {
        format!("{}·b{}", bytes.start, 8 - span.start % 8)
    } else if bytes.start == last {
        bytes.start.to_string()
    } else {
        format!("{}–{last}", bytes.start)
    }
}
