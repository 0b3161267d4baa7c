//! The fields of a message as an ARIA tree: the keys of the authoring practices, one focus stop.

use super::hex::select;
use super::pick::Pick;
use crate::browser;
use crate::dom::{El, as_key, el, live};
use crate::shell::Shell;
use crate::words::{Lang, named, tree as w};
use leptos::html;
use leptos::prelude::*;
use poslab_core::bytes::Span;
use poslab_core::codec::Severity;
use poslab_core::view::outline::{Row, row_at};
use std::collections::BTreeSet;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

/// The pane, for a view of `view!`.
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
    let place = NodeRef::<html::Div>::new();
    Effect::new(move || {
        if let Some(place) = place.get() {
            Pane::new(id, rows, open, pick).fill(El::of(&place));
        }
    });
    view! { <div id=id class="tree" node_ref=place></div> }
}

/// The pane; see [`TreePane`] for what it takes.
pub fn tree_pane(
    id: &'static str,
    rows: Memo<Vec<Row>>,
    open: RwSignal<BTreeSet<String>>,
    pick: Pick,
) -> El {
    Pane::new(id, rows, open, pick).fill(el("div", "tree").attr("id", id))
}

/// What the handlers of a pane share.
#[derive(Clone, Copy)]
struct Pane {
    id: &'static str,
    rows: Memo<Vec<Row>>,
    open: RwSignal<BTreeSet<String>>,
    pick: Pick,
    /// The row that stands for what is chosen.
    current: Memo<Option<usize>>,
    /// The rows that no closed row hides.
    visible: Memo<Vec<usize>>,
}

impl Pane {
    fn new(
        id: &'static str,
        rows: Memo<Vec<Row>>,
        open: RwSignal<BTreeSet<String>>,
        pick: Pick,
    ) -> Pane {
        let current = Memo::new(move |_| {
            let bits = pick.bits.get()?;
            rows.with(|rows| chosen(rows, bits))
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
        Pane {
            id,
            rows,
            open,
            pick,
            current,
            visible,
        }
    }

    /// Draws everything into the element of the pane.
    fn fill(self, root: El) -> El {
        let Pane {
            id, pick, current, ..
        } = self;
        self.unfold_and_follow(&root);
        let lang = Shell::here().lang;
        let lines = move || {
            let lang = lang.get();
            // Before what follows from them: an effect does not hear of what changed while it asked
            // whether that did.
            self.rows.track();
            let draw = |index: &usize| self.line(*index, lang);
            self.visible
                .with(|all| all.iter().filter_map(draw).collect())
        };
        let root = root
            .attr("role", "tree")
            .attr("tabindex", "0")
            .label(w::FIELDS)
            .live_attr("aria-activedescendant", move || {
                current.get().map(|index| format!("{id}-{index}"))
            })
            .on("keydown", move |event| self.key(as_key(&event)))
            .on("click", move |event| self.press(&event))
            .on("pointerover", move |event| {
                pick.preview(self.line_of(&event).map(|(_, span)| span));
            })
            .on("pointerleave", move |_| pick.preview(None))
            .live_children(lines);
        select(id, current);
        root
    }

    /// Unfolds what is chosen elsewhere, and brings it into sight.
    fn unfold_and_follow(self, root: &El) {
        let Pane { rows, open, .. } = self;
        live(move || {
            let Some(index) = self.current.get() else {
                return;
            };
            let path = |row: &Row| row.path.clone();
            let above: Vec<String> =
                rows.with_untracked(|rows| ancestors(rows, index).map(path).collect());
            if open.with_untracked(|open| above.iter().any(|path| !open.contains(path))) {
                open.update(|open| open.extend(above));
            }
        });
        let pane = root.clone();
        live(move || {
            self.visible.track();
            if let Some(index) = self.current.get() {
                let (pane, line) = (pane.clone(), format!("{}-{index}", self.id));
                browser::next_frame(move || reveal(pane.get(), &line));
            }
        });
    }

    fn key(self, event: &KeyboardEvent) {
        let Pane {
            open,
            pick,
            current,
            visible,
            ..
        } = self;
        if event.is_composing() || event.ctrl_key() || event.alt_key() {
            return;
        }
        let moved = self.rows.with_untracked(|rows| {
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
    }

    /// The line that an event is in, and the bits it stands for.
    fn line_of(self, event: &Event) -> Option<(usize, Span)> {
        let target: Element = event.target()?.dyn_into().ok()?;
        let line = target.closest("[role=treeitem]").ok()??.id();
        let index: usize = line.rsplit('-').next()?.parse().ok()?;
        let span = |rows: &Vec<Row>| rows.get(index).map(|row| row.span);
        Some((index, self.rows.with_untracked(span)?))
    }

    /// A click on the arrow of a line opens or closes it, one elsewhere chooses it.
    fn press(self, event: &Event) {
        let Some((index, span)) = self.line_of(event) else {
            return;
        };
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let on_arrow = target.is_some_and(|target| target.class_list().contains("arrow"));
        let path = self.rows.with_untracked(|rows| {
            let row = rows.get(index).filter(|row| row.has_children && on_arrow);
            row.map(|row| row.path.clone())
        });
        match path {
            Some(path) => toggle(self.open, &path),
            None => self.pick.pin(span),
        }
    }

    /// One row.
    fn line(self, index: usize, lang: Lang) -> Option<El> {
        let state = |on: bool| if on { "true" } else { "false" };
        let chosen = self.current.get_untracked() == Some(index);
        self.rows.with(|rows| {
            let row = rows.get(index)?;
            let meaning = named(&row.meaning, lang);
            let said = if meaning.is_empty() {
                &row.value
            } else {
                meaning
            };
            let (mark, mark_class) = match row.severity {
                Some(Severity::Error) => ("✕", "flag bad"),
                Some(Severity::Warning) => ("△", "flag warn"),
                _ => ("", "flag"),
            };
            let arrow = if row.has_children {
                "arrow"
            } else {
                "arrow none"
            };
            let line = el("div", &format!("line h{} d{}", row.hue, row.depth.min(4)))
                .attr("id", &format!("{}-{index}", self.id))
                .attr("role", "treeitem")
                .attr("aria-level", &(row.depth + 1).to_string())
                .attr("aria-selected", state(chosen));
            let line = match row.has_children {
                true => {
                    let open = self.open.with(|open| open.contains(&row.path));
                    line.attr("aria-expanded", state(open))
                }
                false => line,
            };
            Some(
                line.child(el("span", arrow).attr("aria-hidden", "true"))
                    .child(el("span", "number mono").text(&row.number))
                    .child(el("span", "name").text(named(&row.name, lang)))
                    .child(el("span", "said").text(said))
                    .child(el("span", mark_class).text(mark))
                    .child(
                        el("span", "place mono")
                            .attr("aria-hidden", "true")
                            .text(&place(row.span)),
                    ),
            )
        })
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
fn reveal(pane: &HtmlElement, id: &str) {
    let Some(line) = browser::by_id(id) else {
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
