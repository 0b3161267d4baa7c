//! The side panel: the chosen message byte by byte, with what the hop before it changed and what can
//! go wrong with it; or the chosen moment; or the chosen box.

use super::cable::{Cable, Frames};
use super::faults::{ArrowFaults, LaneFaults};
use super::machine::Machine;
use super::memory::Memory;
use super::nac::NacView;
use super::play::{Chosen, House, Run};
use super::stage::arrow_label;
use super::transport::clock;
use super::voice::{lane_name, said};
use crate::shell::Shell;
use crate::widget::hex::{HexPane, HexView};
use crate::widget::pick::Pick;
use crate::widget::tree::TreePane;
use crate::words::{Lang, Phrase, t, terms, theatre as w};
use leptos::prelude::*;
use poslab_core::bytes::{Span, to_hex};
use poslab_core::node::NodeId;
use poslab_core::view::address::Address;
use poslab_core::view::grid::{Alphabet, grid};
use poslab_core::view::hop::{self, Compared, Fate, Link};
use poslab_core::view::ladder::Arrow;
use poslab_core::view::outline::{Row, lookup, outline};
use poslab_core::view::veil::Veil;
use poslab_core::words::{Facts, sentence};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The side panel.
#[component]
pub fn Side(house: House) -> impl IntoView {
    let shown = move || match house.chosen.get() {
        None => view! { <Hint house/> }.into_any(),
        Some(Chosen::Lane(lane)) => view! { <Box house lane/> }.into_any(),
        Some(Chosen::Row(row)) => {
            let arrow = house.run.with(|run| run.ladder.arrow(row).cloned());
            match arrow {
                Some(arrow) => view! { <Message house row arrow/> }.into_any(),
                None => view! { <Moment house row/> }.into_any(),
            }
        }
    };
    view! {
        <aside class="side pane" id="side" aria-label=t(w::CHOSEN)>{shown}</aside>
    }
}

/// What stands there before anything is chosen: what the piece is about, and how to begin.
#[component]
fn Hint(house: House) -> impl IntoView {
    let shell = Shell::here();
    let about = move || {
        house.run.with(|run| {
            run.scenario
                .as_ref()
                .map(|scenario| match shell.lang.get() {
                    Lang::En => (scenario.title.en.clone(), scenario.about.en.clone()),
                    Lang::Zh => (scenario.title.zh.clone(), scenario.about.zh.clone()),
                })
        })
    };
    view! {
        <h2 class="title">{move || about().map(|(title, _)| title)}</h2>
        <p>{move || about().map(|(_, about)| about)}</p>
        <p class="dim">{t(w::HINT)}</p>
        <Staging house/>
        <Legend/>
    }
}

/// Three stages to start from: how much goes wrong by itself.
#[component]
fn Staging(house: House) -> impl IntoView {
    let stages = [
        ("calm", w::CALM),
        ("bad-line", w::BAD_LINE),
        ("everything-breaks", w::EVERYTHING),
    ];
    let stage = move |(name, title): (&'static str, Phrase)| {
        let go = move |_| house.visit(&Address::of(name));
        view! { <button type="button" data-stage=name on:click=go>{t(title)}</button> }
    };
    view! {
        <h3 class="label">{t(w::WEATHER)}</h3>
        <div class="row">{stages.map(stage).collect_view()}</div>
    }
}

/// How to read the stage.
#[component]
fn Legend() -> impl IntoView {
    let line = |sign: &'static str, name: AnyView| {
        view! { <li><b class="mono" aria-hidden="true">{sign}</b><span>{name}</span></li> }
            .into_any()
    };
    let plain = |name: Phrase| t(name).into_any();
    view! {
        <h3 class="label">{t(w::LEGEND)}</h3>
        <ul class="signs">
            {line("──▶", plain(w::L_ARROW))}
            {line(" ○ ", plain(w::L_MARK))}
            {line("···▶", plain(w::L_ACT))}
            {line(" ✕ ", terms(w::L_CROSS_TERMS).into_any())}
            {line("░░▶", plain(w::L_FUTURE))}
        </ul>
    }
    .into_any()
}

/// A message as the side panel shows it.
#[derive(Clone, Debug, PartialEq)]
struct Shown {
    frame: Vec<u8>,
    rows: Vec<Row>,
    veil: Veil,
    says: [String; 2],
    compared: Option<(Arrow, Compared)>,
}

fn shown(run: &Run, row: usize, arrow: &Arrow) -> Option<(Shown, Link)> {
    let link = hop::link(arrow.from, arrow.to)?;
    let sent = hop::sent(&run.events, arrow.sent);
    let hurt = arrow
        .arrived
        .iter()
        .find_map(|event| hop::arrived(&run.events, *event));
    let compared = match &hurt {
        // A message that was changed on the way is compared with itself as it left.
        Some(hurt) => Some((arrow.clone(), hop::compare((&link, &sent), (&link, hurt)))),
        None => run.ladder.before_hop(row).and_then(|before| {
            let other = hop::link(before.from, before.to)?;
            let frame = hop::sent(&run.events, before.sent);
            Some((
                before.clone(),
                hop::compare((&other, &frame), (&link, &sent)),
            ))
        }),
    };
    let frame = hurt.unwrap_or(sent);
    let (rows, veil, says) = {
        let tree = link.dissect(&frame);
        let veil = Veil::over(&tree);
        let facts = Facts::gather(&|path: &str| lookup(&tree, path));
        let says = [Lang::En, Lang::Zh].map(|lang| sentence(&facts, lang));
        (outline(&tree, &veil), veil, says)
    };
    Some((
        Shown {
            frame,
            rows,
            veil,
            says,
            compared,
        },
        link,
    ))
}

/// The chosen message.
#[component]
fn Message(house: House, row: usize, arrow: Arrow) -> impl IntoView {
    let shell = Shell::here();
    let Some((shown, link)) = house.run.with_untracked(|run| shown(run, row, &arrow)) else {
        return ().into_any();
    };
    let shown = Arc::new(shown);
    let pick = Pick::new();
    // The bit that is picked is the bit to flip.
    let bit = RwSignal::new(None);
    Effect::new(move || bit.set(pick.bits.get().map(|bits| bits.start)));
    let open = RwSignal::new(BTreeSet::new());
    let per_row = RwSignal::new(8usize);
    let changed: Vec<Span> = shown
        .compared
        .as_ref()
        .map(|(_, compared)| compared.spans.clone())
        .unwrap_or_default();
    let of = Arc::clone(&shown);
    let hex = Memo::new(move |_| {
        let tree = link.dissect(&of.frame);
        HexView {
            grid: grid(&tree, &of.rows, &of.veil, per_row.get(), Alphabet::Ascii),
            rows: of.rows.clone(),
            len_bytes: of.frame.len(),
            wrong: Vec::new(),
            changed: changed.clone(),
        }
    });
    let of = Arc::clone(&shown);
    let rows = Memo::new(move |_| of.rows.clone());
    let label = {
        let arrow = arrow.clone();
        move || {
            let lang = shell.lang.get();
            house
                .run
                .with_untracked(|run| arrow_label(run, &arrow, lang))
        }
    };
    let (from, to) = (arrow.from, arrow.to);
    let says = Arc::clone(&shown);
    let says = move || match shell.lang.get() {
        Lang::En => says.says[0].clone(),
        Lang::Zh => says.says[1].clone(),
    };
    let bytes = shown.frame.len();
    let text = to_hex(&shown.frame);
    let compared = shown.compared.clone().map(|(before, compared)| {
        view! { <Changes before compared this=arrow.clone()/> }
    });
    view! {
        <p class="label">
            <span class="mono">{label}</span> " · "
            {move || lane_name(from, shell.lang.get())} " → " {move || lane_name(to, shell.lang.get())}
        </p>
        <h2 class="title">{says}</h2>
        <ArrowFaults house place=arrow.place() bit/>
        {compared}
        <h3 class="label">{t(w::BYTES)} " " <span class="mono">{bytes}</span></h3>
        <HexPane id="theatre-bytes" view=hex per_row pick/>
        <h3 class="label">{t(w::FIELDS)}</h3>
        <TreePane id="theatre-fields" rows open pick/>
        <p>
            <button type="button" class="link" on:click=move |_| shell.inspect(&text)>{t(w::OPEN_IN_INSPECT)}</button>
        </p>
    }
    .into_any()
}

/// What a hop, or the line, changed in a message.
#[component]
fn Changes(before: Arrow, this: Arrow, compared: Compared) -> impl IntoView {
    let shell = Shell::here();
    let same_message = before.msg == this.msg;
    let title = move || {
        let lang = shell.lang.get();
        if same_message {
            return w::CHANGED_ON_THE_WAY.say(lang).to_owned();
        }
        w::CHANGED_BY.with(lang, &[("box", &lane_name(this.from, lang))])
    };
    let same = compared.same.to_string();
    let lines = move || {
        let lang = shell.lang.get();
        compared
            .changes
            .iter()
            .map(|change| {
                let name = if lang == Lang::Zh && !change.name.zh.is_empty() {
                    &change.name.zh
                } else {
                    &change.name.en
                };
                let (sign, class) = match change.fate {
                    Fate::Added => ("+", "ok"),
                    Fate::Changed => ("≠", "warn"),
                    Fate::Gone => ("−", "bad"),
                };
                let value = match change.fate {
                    Fate::Added => change.after.clone(),
                    Fate::Gone => change.before.clone(),
                    Fate::Changed => format!("{} → {}", change.before, change.after),
                };
                view! {
                    <tr>
                        <td class=class>{sign}</td>
                        <td class="mono dim">{change.number.clone()}</td>
                        <td>{name.clone()}</td>
                        <td class="mono">{value}</td>
                    </tr>
                }
            })
            .collect_view()
    };
    view! {
        <h3 class="label">{title}</h3>
        <div class="scroll">
            <table class="changes"><tbody>{lines}</tbody></table>
        </div>
        <p class="dim">{move || w::SAME_FIELDS.with(shell.lang.get(), &[("count", &same)])}</p>
    }
}

/// The chosen moment: every event of the row.
#[component]
fn Moment(house: House, row: usize) -> impl IntoView {
    let shell = Shell::here();
    let place = house.run.with_untracked(|run| run.ladder.place_of(row));
    let lines = move || {
        let lang = shell.lang.get();
        house.run.with(|run| {
            let events = run
                .events
                .get(run.ladder.events_of(row))
                .unwrap_or_default();
            events
                .iter()
                .map(|event| view! { <li><pre class="event">{said(event, lang)}</pre></li> })
                .collect_view()
        })
    };
    view! {
        <p class="label">{move || lane_name(place, shell.lang.get())}</p>
        <ol class="events">{lines}</ol>
        <Frames events=house.run.with_untracked(|run| run.row_events(row))/>
        <LaneFaults house lane=place/>
    }
}

/// The chosen box: its machine, its keys, what it did last, and what can go wrong with it.
#[component]
fn Box(house: House, lane: NodeId) -> impl IntoView {
    let shell = Shell::here();
    let keys = move || {
        let keys = house.books.with(|books| {
            books
                .till_of(lane)
                .map(|till| till.keys.clone())
                .unwrap_or_default()
        });
        keys.into_iter()
            .map(|(name, kcv)| view! { <dt class="mono">{name}</dt><dd class="mono">{kcv}</dd> })
            .collect_view()
    };
    let none = move || {
        house
            .books
            .with(|books| books.till_of(lane).is_none_or(|till| till.keys.is_empty()))
    };
    let lately = move || {
        let lang = shell.lang.get();
        let cursor = house.cursor.get();
        house.run.with(|run| {
            let past = run.events.get(..run.past(cursor)).unwrap_or_default();
            past.iter()
                .rev()
                .filter(|event| event.node == lane)
                .take(8)
                .map(|event| {
                    let (time, said) = (clock(event.at_ms), said(event, lang));
                    view! { <li><span class="mono dim">{time}</span> <pre class="event">{said}</pre></li> }
                })
                .collect_view()
        })
    };
    let hidden = move || house.hidden.with(|hidden| hidden.contains(&lane));
    let hide = move |_| {
        house.hidden.update(|hidden| {
            if !hidden.remove(&lane) {
                hidden.insert(lane);
            }
        });
    };
    view! {
        <h2 class="title">{move || lane_name(lane, shell.lang.get())}</h2>
        <Machine house lane/>
        <Memory house lane/>
        {matches!(lane, NodeId::PinPad(_)).then(|| view! { <Cable house/> })}
        {(lane == NodeId::Nac).then(|| view! { <NacView house/> })}
        <LaneFaults house lane/>
        <h3 class="label" hidden=none>{t(w::KEYS)}</h3>
        <dl class="facts" hidden=none>{keys}</dl>
        <h3 class="label">{t(w::LATELY)}</h3>
        <ol class="events">{lately}</ol>
        <button type="button" id="hide-lane" aria-pressed=move || hidden().to_string() on:click=hide>{t(w::HIDE_LANE)}</button>
    }
}
