//! The stage: lanes as lines of ink, a row per arrow or moment, the time line where the cursor is.
//!
//! At most sixty rows are in the document, however long the run. The rows are a listbox: arrow keys
//! choose, Enter brings the time there; what is chosen shows its bytes at the side.

use super::cable::frame_words;
use super::keys::{finger_down, finger_strays, finger_up, on_key, open_menu};
use super::play::{Chosen, House, Run};
use super::transport::clock;
use super::voice::{lane_name, said, short_name};
use crate::shell::Shell;
use crate::words::{Lang, t, theatre as w};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use poslab_core::node::NodeId;
use poslab_core::trace::{Event, What};
use poslab_core::view::hop;
use poslab_core::view::ladder::{Arrow, Item, Row};
use std::collections::BTreeSet;

/// The height of a row in CSS pixels.
const ROW: f64 = 26.0;
/// Rows in the document at most.
const MOST: usize = 60;

/// Where lanes stand.
#[derive(Clone, Debug, Default, PartialEq)]
struct Plan {
    width: f64,
    lanes: Vec<NodeId>,
    hidden: BTreeSet<NodeId>,
}

impl Plan {
    fn shown(&self) -> Vec<NodeId> {
        self.lanes
            .iter()
            .copied()
            .filter(|lane| !self.hidden.contains(lane))
            .collect()
    }

    /// The x of a lane; a hidden one lies between its neighbours.
    fn x(&self, lane: NodeId) -> f64 {
        let shown = self.shown();
        let count = shown.len().max(2) as f64;
        let margin = (self.width / count / 2.0).min(64.0);
        let at = |place: f64| margin + place * (self.width - 2.0 * margin) / (count - 1.0);
        match shown.binary_search(&lane) {
            Ok(place) => at(place as f64),
            Err(place) => at((place as f64 - 0.5).clamp(0.0, count - 1.0)),
        }
    }

    fn narrow(&self) -> bool {
        self.width < 620.0
    }
}

/// The stage.
#[component]
pub fn Stage(house: House) -> impl IntoView {
    let shell = Shell::here();
    let place = NodeRef::<html::Div>::new();
    let size = RwSignal::new((800.0_f64, 520.0_f64));
    let measure = move || {
        if let Some(place) = place.get_untracked() {
            let now = (
                f64::from(place.client_width()),
                f64::from(place.client_height()),
            );
            if now.0 > 0.0 && now != size.get_untracked() {
                size.set(now);
            }
        }
    };
    Effect::new(move || {
        shell.route.track();
        if place.get().is_some() {
            request_animation_frame(measure);
        }
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());
    let plan = Memo::new(move |_| Plan {
        width: size.get().0,
        lanes: house.run.with(|run| run.ladder.lanes.clone()),
        hidden: house.hidden.get(),
    });
    let rows = move || (((size.get().1 - 24.0) / ROW) as usize).clamp(8, MOST);
    let window = Memo::new(move |_| {
        let cursor = house.cursor.get();
        house.run.with(|run| {
            let around = run.ladder.window(cursor, rows());
            match house.chosen.get() {
                Some(Chosen::Row(row)) if !around.contains(&row) => run.ladder.window(row, rows()),
                _ => around,
            }
        })
    });
    let key = move |event: KeyboardEvent| on_key(house, &event);
    let chosen = move || match house.chosen.get() {
        Some(Chosen::Row(row)) if window.get().contains(&row) => Some(format!("row-{row}")),
        _ => None,
    };
    let draw = move || {
        let plan = plan.get();
        let window = window.get();
        let lang = shell.lang.get();
        let cursor = house.cursor.get();
        house.run.with(|run| {
            let shown = run.ladder.rows.get(window.clone()).unwrap_or_default();
            let rows: Vec<AnyView> = shown
                .iter()
                .zip(window.clone())
                .map(|(row, at)| {
                    let scene = Scene {
                        run,
                        plan: &plan,
                        lang,
                        cursor,
                        at,
                        y: y_of(at - window.start),
                    };
                    draw_row(house, &scene, row)
                })
                .collect();
            let now = y_of(cursor.saturating_sub(window.start).min(window.len())) - ROW / 2.0 + 2.0;
            let time = clock(run.time(cursor));
            // Under the line where nothing stands there: at the beginning, and at the end.
            let free = now < 16.0 || cursor >= run.rows();
            let words = if free { now + 12.0 } else { now - 4.0 };
            view! {
                {draw_lanes(&plan)}
                {rows}
                <g class="now" role="presentation" aria-hidden="true">
                    <line x1="0" x2=plan.width y1=now y2=now/>
                    <text x="4" y=words>{time}</text>
                </g>
            }
        })
    };
    view! {
        <section
            class="stage"
            aria-label=t(w::STAGE)
            on:pointermove=move |event| finger_strays(house, &event)
            on:pointerup=move |_| finger_up(house)
            on:pointercancel=move |_| finger_up(house)
        >
            <Heads house plan/>
            <div
                id="stage"
                class="rungs"
                node_ref=place
                role="listbox"
                tabindex="0"
                aria-label=t(w::ROWS)
                aria-activedescendant=chosen
                on:keydown=key
            >
                <svg
                    role="presentation"
                    width="100%"
                    height=move || (window.get().len() as f64 * ROW + 22.0).to_string()
                >
                    {draw}
                </svg>
            </div>
        </section>
    }
}

fn y_of(place: usize) -> f64 {
    place as f64 * ROW + ROW * 0.72
}

/// The names above the lanes; each is a button that shows the box.
#[component]
fn Heads(house: House, plan: Memo<Plan>) -> impl IntoView {
    let shell = Shell::here();
    let head = move |lane: NodeId| {
        let name = move || {
            let lang = shell.lang.get();
            if plan.with(Plan::narrow) {
                short_name(lane, lang)
            } else {
                lane_name(lane, lang)
            }
        };
        let left = plan.with_untracked(|plan| plan.x(lane));
        let state = move || {
            house.books.with(|books| {
                let state = books.machines.state(lane)?;
                Some(super::voice::state_name(state, shell.lang.get()))
            })
        };
        view! {
            <button
                type="button"
                class="lanehead"
                style:left=format!("{left}px")
                aria-pressed=move || (house.chosen.get() == Some(Chosen::Lane(lane))).to_string()
                title=move || lane_name(lane, shell.lang.get())
                on:click=move |_| house.chosen.set(Some(Chosen::Lane(lane)))
                on:contextmenu=move |event| open_menu(house, Chosen::Lane(lane), &event)
                on:pointerdown=move |event| finger_down(house, Chosen::Lane(lane), &event)
            >
                <b>{name}</b>
                <span class="dim">{state}</span>
            </button>
        }
    };
    let back = move |lane: NodeId| {
        let show = move |_| {
            house.hidden.update(|hidden| {
                hidden.remove(&lane);
            });
        };
        view! {
            <button type="button" class="link" data-hidden=lane.to_string() on:click=show>
                {move || lane_name(lane, shell.lang.get())}
            </button>
        }
        .into_any()
    };
    let hidden = move || plan.with(|plan| plan.hidden.iter().copied().map(back).collect_view());
    view! {
        <div>
            <div class="heads">
                {move || plan.with(Plan::shown).into_iter().map(head).collect_view()}
            </div>
            <p class="row hiddenlanes" hidden=move || plan.with(|plan| plan.hidden.is_empty())>
                <span class="dim">{t(w::HIDDEN)}</span> {hidden}
            </p>
        </div>
    }
}

fn draw_lanes(plan: &Plan) -> impl IntoView + use<> {
    let lines: Vec<f64> = plan.shown().into_iter().map(|lane| plan.x(lane)).collect();
    view! {
        <g class="lanes" role="presentation" aria-hidden="true">
            {lines
                .into_iter()
                .map(|x| view! { <line x1=x x2=x y1="0" y2="100%"/> })
                .collect_view()}
        </g>
    }
}

/// What is needed to draw one row.
struct Scene<'a> {
    run: &'a Run,
    plan: &'a Plan,
    lang: Lang,
    cursor: usize,
    at: usize,
    y: f64,
}

/// One row: an option of the listbox.
fn draw_row(house: House, scene: &Scene<'_>, row: &Row) -> AnyView {
    let at = scene.at;
    let mut name = row_words(scene.run, row, scene.lang);
    if let Some(seen) = seen(scene, row)
        && !name.contains(&seen)
    {
        // What is drawn is cut or counted; the name holds it as drawn, then in full.
        name = format!("{seen}: {name}");
    }
    let body = match &row.item {
        Item::Arrow(arrow) => draw_arrow(scene, arrow),
        Item::Act { from, to, event } => draw_act(scene, *from, *to, *event),
        Item::Mark {
            node,
            event,
            count,
            alarm,
        } => draw_mark(scene, *node, *event, *count, *alarm),
    };
    let class = if at >= scene.cursor {
        "rung future"
    } else {
        "rung"
    };
    let top = scene.y - ROW * 0.72 + 2.0;
    view! {
        <g
            id=format!("row-{at}")
            class=class
            role="option"
            aria-selected=move || (house.chosen.get() == Some(Chosen::Row(at))).to_string()
            aria-label=name
            on:click=move |_| house.chosen.set(Some(Chosen::Row(at)))
            on:dblclick=move |_| house.seek(at + 1)
            on:contextmenu=move |event| open_menu(house, Chosen::Row(at), &event)
            on:pointerdown=move |event| finger_down(house, Chosen::Row(at), &event)
        >
            <rect class="ground" x="0" y=top width=scene.plan.width height=ROW/>
            {body}
        </g>
    }
    .into_any()
}

/// A row in words.
fn row_words(run: &Run, row: &Row, lang: Lang) -> String {
    let time = clock(row.at_ms);
    match &row.item {
        Item::Arrow(arrow) => {
            let label = arrow_label(run, arrow, lang);
            let (from, to) = (lane_name(arrow.from, lang), lane_name(arrow.to, lang));
            let lost = if arrow.arrived.is_empty() {
                w::LOST.say(lang)
            } else {
                ""
            };
            format!("{time} {label} {from} → {to} {lost}")
        }
        Item::Act { event, .. } | Item::Mark { event, .. } => {
            let event = run.events.get(*event);
            event.map_or(time, |event| {
                let node = lane_name(event.node, lang);
                format!("{} {node}: {}", clock(event.at_ms), said(event, lang))
            })
        }
    }
}

/// What stands over an arrow: its type, and the response code of an answer.
pub fn arrow_label(run: &Run, arrow: &Arrow, lang: Lang) -> String {
    let answer = arrow
        .mti
        .as_bytes()
        .get(2)
        .is_some_and(|digit| digit % 2 == 1);
    if answer {
        let link = hop::link(arrow.from, arrow.to);
        let code = link.and_then(|link| link.code(&hop::sent(&run.events, arrow.sent)));
        return code.map_or_else(
            || arrow.mti.clone(),
            |code| format!("{} · {code}", arrow.mti),
        );
    }
    format!(
        "{} {}",
        arrow.mti,
        super::voice::message_name(&arrow.mti, lang)
    )
}

fn draw_arrow(scene: &Scene<'_>, arrow: &Arrow) -> AnyView {
    let (x1, x2) = (scene.plan.x(arrow.from), scene.plan.x(arrow.to));
    let y1 = scene.y;
    let lost = arrow.arrived.is_empty();
    // An answer that comes while other things happen leans down to where it comes.
    let y2 = y1
        + if lost {
            0.0
        } else {
            arrow.late.min(8) as f64 * ROW * 0.9
        };
    let way = (x2 - x1).signum();
    let past = scene.run.past(scene.cursor);
    let on_the_way = arrow.sent < past && arrow.arrived.iter().all(|event| *event >= past);
    let hidden = scene.plan.hidden.contains(&arrow.from) || scene.plan.hidden.contains(&arrow.to);
    let mut class = String::from("msg");
    for (on, name) in [
        (hidden, " through"),
        (arrow.fault.is_some(), " hurt"),
        (on_the_way, " flying"),
    ] {
        if on {
            class.push_str(name);
        }
    }
    let stop = if lost { 0.6 } else { 1.0 };
    let (ex, ey) = (x1 + (x2 - x1) * stop, y1 + (y2 - y1) * stop);
    let head = arrow_head((x1, y1), (ex, ey));
    let label = arrow_label(scene.run, arrow, scene.lang);
    let label = if scene.plan.narrow() {
        arrow.mti.clone()
    } else {
        label
    };
    let fault = arrow.fault.and_then(|event| scene.run.events.get(event));
    let fault = fault.map(|event| fault_word(event, scene.lang));
    let cross = arrow.fault.is_some().then(|| {
        let (cx, cy) = (x1 + (x2 - x1) * 0.62, y1 + (y2 - y1) * 0.62);
        let side = if way > 0.0 { "start" } else { "end" };
        view! {
            <path class="cross" d=format!("M{} {}l8 8m0 -8l-8 8", cx - 4.0, cy - 4.0)/>
            <text class="fault" x=cx + 8.0 * way y=cy - 5.0 text-anchor=side>{fault}</text>
        }
    });
    let rest = lost.then(|| view! { <line class="gone" x1=ex x2=x2 y1=ey y2=y2/> });
    let twice = (arrow.arrived.len() > 1).then(|| {
        let head = arrow_head((x1, y1), (ex - way * 6.0, ey));
        view! { <polygon points=head/> }
    });
    view! {
        <g class=class>
            <line x1=x1 y1=y1 x2=ex y2=ey/>
            {rest}
            {(!lost).then(|| view! { <polygon points=head/> })}
            {twice}
            <text class="label" x=if cross.is_some() { x1 + (x2 - x1) * 0.3 } else { (x1 + x2) / 2.0 } y=y1 - 6.0 text-anchor="middle">{label}</text>
            {cross}
        </g>
    }
    .into_any()
}

/// The head of an arrow, pointing the way its line goes.
fn arrow_head((x1, y1): (f64, f64), (x2, y2): (f64, f64)) -> String {
    let length = (x2 - x1).hypot(y2 - y1).max(0.1);
    let (ux, uy) = ((x2 - x1) / length * 8.0, (y2 - y1) / length * 8.0);
    let wing = |side: f64| {
        let (x, y) = (x2 - ux - uy * side, y2 - uy + ux * side);
        format!("{x:.1},{y:.1}")
    };
    format!("{x2:.1},{y2:.1} {} {}", wing(0.44), wing(-0.44))
}

/// The kind of a fault, without its place.
fn fault_word(event: &Event, lang: Lang) -> String {
    let What::Fault { fault, .. } = &event.what else {
        return String::new();
    };
    let kind = fault.split(['@', ':']).next().unwrap_or_default();
    super::faults::kind_name(kind).map_or_else(|| kind.to_owned(), |name| name.say(lang).to_owned())
}

fn draw_act(scene: &Scene<'_>, from: NodeId, to: NodeId, event: usize) -> AnyView {
    let hidden = &scene.plan.hidden;
    if hidden.contains(&from) || hidden.contains(&to) {
        return ().into_any();
    }
    let (x1, x2) = (scene.plan.x(from), scene.plan.x(to));
    let y = scene.y;
    let words = act_words(scene, from, to, event);
    let (x, lift, anchor) = if beside(scene, x1.max(x2)) {
        (x1.max(x2) + 10.0, 4.0, "start")
    } else {
        ((x1 + x2) / 2.0, -4.0, "middle")
    };
    let head = arrow_head((x1, y), (x2, y));
    view! {
        <g class="act">
            <line x1=x1 y1=y x2=x2 y2=y/>
            <polygon points=head/>
            <text x=x y=y + lift text-anchor=anchor>{words}</text>
        </g>
    }
    .into_any()
}

fn draw_mark(scene: &Scene<'_>, node: NodeId, event: usize, count: usize, alarm: bool) -> AnyView {
    let (x, y) = (scene.plan.x(node), scene.y);
    if scene.plan.hidden.contains(&node) && !alarm {
        // What happens in a lane that is not drawn is a dot with a count.
        return view! {
            <g class="mark folded">
                <circle cx=x cy=y r="2"/>
                <text x=x + 6.0 y=y + 4.0>{count}</text>
            </g>
        }
        .into_any();
    }
    let words = mark_words(scene, node, event, count);
    let right = on_the_left(scene, x);
    let shape = if alarm {
        view! { <path class="cross" d=format!("M{} {}l9 9m0 -9l-9 9", x - 4.5, y - 4.5)/> }
            .into_any()
    } else {
        view! { <circle cx=x cy=y r="4"/> }.into_any()
    };
    view! {
        <g class=if alarm { "mark alarm" } else { "mark" }>
            {shape}
            <text
                x=if right { x + 10.0 } else { x - 10.0 }
                y=y + 4.0
                text-anchor=if right { "start" } else { "end" }
            >
                {words}
            </text>
        </g>
    }
    .into_any()
}

/// Whether a mark has its words to the right.
fn on_the_left(scene: &Scene<'_>, x: f64) -> bool {
    x < scene.plan.width * 0.55
}

/// Whether there is room for words to the right of an act; else they stand over it.
fn beside(scene: &Scene<'_>, right: f64) -> bool {
    scene.plan.width - right > 110.0
}

/// The words of an act, as far as there is room.
fn act_words(scene: &Scene<'_>, from: NodeId, to: NodeId, event: usize) -> String {
    let (x1, x2) = (scene.plan.x(from), scene.plan.x(to));
    let right = x1.max(x2);
    let room = if beside(scene, right) {
        scene.plan.width - right - 12.0
    } else {
        (x2 - x1).abs()
    };
    cut(&event_words(scene, event), room)
}

/// The words beside a mark, as far as there is room, and how many events it stands for.
fn mark_words(scene: &Scene<'_>, node: NodeId, event: usize, count: usize) -> String {
    let x = scene.plan.x(node);
    let room = if on_the_left(scene, x) {
        scene.plan.width - x
    } else {
        x
    } - 44.0;
    let words = cut(&event_words(scene, event), room);
    if count > 1 {
        format!("{words} +{}", count - 1)
    } else {
        words
    }
}

fn event_words(scene: &Scene<'_>, event: usize) -> String {
    let event = scene.run.events.get(event);
    event.map_or_else(String::new, |event| match event.what {
        What::PadFrame { .. } => frame_words(event, scene.lang),
        _ => said(event, scene.lang),
    })
}

/// What is drawn of a row in words, where that is not simply part of its name.
fn seen(scene: &Scene<'_>, row: &Row) -> Option<String> {
    match &row.item {
        Item::Arrow(arrow) => {
            let event = scene.run.events.get(arrow.fault?)?;
            let label = arrow_label(scene.run, arrow, scene.lang);
            Some(format!("{label} {}", fault_word(event, scene.lang)))
        }
        Item::Act { from, to, event } => Some(act_words(scene, *from, *to, *event)),
        Item::Mark {
            node, event, count, ..
        } => {
            let hidden = scene.plan.hidden.contains(node);
            (!hidden).then(|| mark_words(scene, *node, *event, *count))
        }
    }
}

/// As much of a text as has room, in pixels; Chinese characters count double.
fn cut(text: &str, room: f64) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut left = room / 6.4;
    let mut out = String::new();
    for letter in line.chars() {
        left -= if letter > '\u{2E80}' { 1.9 } else { 1.0 };
        if left < 1.0 {
            out.push('…');
            break;
        }
        out.push(letter);
    }
    out
}
