//! The state machine of a box, drawn: its states, the ways it went, where it stands, and why.

use super::play::House;
use super::voice::{said, state_name};
use crate::shell::Shell;
use crate::words::{Lang, t, theatre as w};
use leptos::prelude::*;
use poslab_core::node::NodeId;
use poslab_core::view::machine::{Diagram, Spot, Standing, diagram};

/// Width and height of a cell of the drawing, and of the state's box in it, in CSS pixels.
const CELL: (f64, f64) = (116.0, 56.0);
const BOX: (f64, f64) = (104.0, 34.0);

/// The machine of a box; nothing for boxes that have none.
#[component]
pub fn Machine(house: House, lane: NodeId) -> impl IntoView {
    let shell = Shell::here();
    let drawing = diagram(lane)?;
    let standing = Memo::new(move |_| house.books.with(|books| books.machines.of(lane)));
    let states = move || {
        let lang = shell.lang.get();
        let state = |spot: &Spot| draw_state(spot, &standing.read(), lane, lang);
        drawing.spots.iter().map(state).collect_view()
    };
    let rows = drawing.spots.iter().map(|spot| spot.row).max().unwrap_or(0) + 1;
    let height = f64::from(rows) * CELL.1 - (CELL.1 - BOX.1);
    let why = move || {
        let lang = shell.lang.get();
        let step = standing.read().last?;
        let reason = match step.because {
            None => w::TYPED_AT_PAD.say(lang).to_owned(),
            Some(event) => house
                .run
                .with(|run| run.events.get(event).map(|event| said(event, lang)))?,
        };
        let places = [
            ("from", state_name(step.from, lang)),
            ("to", state_name(step.to, lang)),
            ("why", reason),
        ];
        let places = places.each_ref().map(|(name, text)| (*name, text.as_str()));
        Some(w::WENT_BECAUSE.with(lang, &places))
    };
    let view = view! {
        <h3 class="label">{t(w::MACHINE)}</h3>
        <div class="machine" id="machine">
            <svg aria-hidden="true" width=CELL.0 * 3.0 height=height>
                {move || draw_ways(drawing, &standing.read())}
            </svg>
            <ol>{states}</ol>
        </div>
        <p id="why">{why}</p>
    };
    Some(view.into_any())
}

fn draw_state(spot: &Spot, standing: &Standing, lane: NodeId, lang: Lang) -> AnyView {
    let now = standing.state(lane) == Some(spot.name);
    let trod = |(from, to): &(&str, &str)| *from == spot.name || *to == spot.name;
    let class = if now || standing.trod.keys().any(trod) {
        "state trod"
    } else {
        "state"
    };
    view! {
        <li
            class=class
            aria-current=now.then_some("true")
            style:left=format!("{}px", f64::from(spot.column) * CELL.0)
            style:top=format!("{}px", f64::from(spot.row) * CELL.1)
        >
            {now.then_some("● ")}
            {state_name(spot.name, lang)}
        </li>
    }
    .into_any()
}

/// The ways: those that a diagram always draws, and whatever other was gone; the newest last.
fn draw_ways(drawing: &Diagram, standing: &Standing) -> Vec<AnyView> {
    let mut ways: Vec<(&str, &str)> = drawing.ways.to_vec();
    let more = standing
        .trod
        .keys()
        .filter(|way| !drawing.ways.contains(way));
    ways.extend(more);
    let newest = standing.last.map(|step| (step.from, step.to));
    ways.sort_by_key(|way| (Some(*way) == newest, standing.trod.contains_key(way)));
    let find = |name: &str| drawing.spots.iter().find(|spot| spot.name == name);
    let draw = |way: &(&str, &str)| {
        let class = match (Some(*way) == newest, standing.trod.contains_key(way)) {
            (true, _) => "way newest",
            (false, true) => "way trod",
            (false, false) => "way",
        };
        Some(draw_way(find(way.0)?, find(way.1)?, class))
    };
    ways.iter().filter_map(draw).collect()
}

/// One way: an arc that leans to its left, so that there and back lie apart.
fn draw_way(from: &Spot, to: &Spot, class: &'static str) -> AnyView {
    let centre = |spot: &Spot| {
        (
            f64::from(spot.column) * CELL.0 + BOX.0 / 2.0,
            f64::from(spot.row) * CELL.1 + BOX.1 / 2.0,
        )
    };
    let ((x1, y1), (x2, y2)) = (centre(from), centre(to));
    let (dx, dy) = (x2 - x1, y2 - y1);
    let length = dx.hypot(dy).max(1.0);
    let lean = if length > CELL.0 { 26.0 } else { 12.0 };
    let (mx, my) = (
        (x1 + x2) / 2.0 - dy / length * lean,
        (y1 + y2) / 2.0 + dx / length * lean,
    );
    // The head stands where the arc meets the border of the box it leads to.
    let (bx, by) = (mx - x2, my - y2);
    let reach = (BOX.0 / 2.0 / bx.abs().max(0.01)).min(BOX.1 / 2.0 / by.abs().max(0.01));
    let (hx, hy) = (x2 + bx * reach, y2 + by * reach);
    let far = bx.hypot(by).max(1.0);
    let (ux, uy) = (bx / far, by / far);
    let wing = |side: f64| {
        format!(
            "{:.1},{:.1}",
            hx + ux * 7.0 - uy * 3.5 * side,
            hy + uy * 7.0 + ux * 3.5 * side
        )
    };
    let head = format!("{hx:.1},{hy:.1} {} {}", wing(1.0), wing(-1.0));
    view! {
        <g class=class>
            <path d=format!("M{x1:.1} {y1:.1}Q{mx:.1} {my:.1} {hx:.1} {hy:.1}")/>
            <polygon points=head/>
        </g>
    }
    .into_any()
}
