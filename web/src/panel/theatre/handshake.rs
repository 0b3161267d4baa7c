//! The handshake around the block on the line: who says what, and what the checks of the line miss.

use super::play::{House, Run};
use super::voice::lane_name;
use crate::shell::Shell;
use crate::words::{Lang, t, terms, theatre as w};
use leptos::prelude::*;
use poslab_core::frame::line::{Line, Parity};
use poslab_core::node::{LineKind, NodeId};
use poslab_core::view::damage::{Noticed, pairs as pairs_past};
use poslab_core::view::exchange::{Say, Turn, character_bits, exchange, missed};
use poslab_core::view::ladder::Arrow;
use std::collections::BTreeSet;

/// Width of the drawing, where its two lines stand, and the height of a turn, in CSS pixels.
const WIDTH: f64 = 320.0;
const LINES: [f64; 2] = [64.0, 296.0];
const STEP: f64 = 24.0;

/// The exchange of the chosen message, as it goes with the bits that are flipped.
#[component]
pub fn Handshake(
    house: House,
    kind: RwSignal<Line>,
    rate: RwSignal<u32>,
    frame: Memo<Vec<u8>>,
    flips: RwSignal<BTreeSet<usize>>,
) -> impl IntoView {
    let shell = Shell::here();
    let told = Memo::new(move |_| {
        let flips: Vec<usize> = flips.get().into_iter().collect();
        exchange(kind.get(), &frame.read(), &flips)
    });
    let ends = move || {
        let lang = shell.lang.get();
        let ends = house.run.with(|run| {
            let arrow = chosen(house, run)?;
            Some([arrow.from, arrow.to])
        });
        let ends = ends.unwrap_or([NodeId::Terminal(0), NodeId::Nac]);
        ends.map(|lane| lane_name(lane, lang))
    };
    let drawn = move || {
        let (lang, rate) = (shell.lang.get(), rate.get().max(1));
        let told = told.read();
        let height = (told.turns.len() as f64 + 1.4) * STEP;
        let turns = told.turns.iter().enumerate();
        let turns: Vec<AnyView> = turns
            .map(|(at, turn)| draw_turn(at, turn, rate, lang))
            .collect();
        let names = ends().into_iter().zip(LINES).map(|(name, x)| {
            view! { <text class="end" x=x y="12" text-anchor="middle">{name}</text> }
        });
        let lines = LINES.map(|x| view! { <line class="rail" x1=x x2=x y1="18" y2=height/> });
        view! {
            <svg width=WIDTH height=height aria-hidden="true">{lines}{names.collect_view()}{turns}</svg>
        }
    };
    // The same for those who do not see the drawing.
    let heard = move || {
        let lang = shell.lang.get();
        let told = told.read();
        let turns = told.turns.iter().map(|turn| {
            let [from, to] = ends();
            let (from, to) = if turn.sender { (from, to) } else { (to, from) };
            format!("{from} → {to}: {}", words(turn, lang))
        });
        turns.collect::<Vec<String>>().join("; ")
    };
    view! {
        <figure class="handshake" id="handshake">
            <figcaption class="label">{t(w::HANDSHAKE)}</figcaption>
            {drawn}
            <p class="visually-hidden">{heard}</p>
            <p class="dim">{move || efficiency(kind.get(), &frame.read(), told.read().lasts, shell.lang.get())}</p>
        </figure>
    }
}

/// How much of the line's time carries the message: in a character, and all in all.
fn efficiency(line: Line, frame: &[u8], lasts: usize, lang: Lang) -> String {
    let text = frame.len() * 8;
    let share = |part: usize, of: usize| (part * 100).checked_div(of).unwrap_or(0).to_string();
    let all = share(text, lasts);
    match line {
        Line::Sync => w::SYNC_COSTS.with(lang, &[("all", &all)]),
        Line::Async(parity) => {
            let (bits, data) = character_bits(parity);
            let name = match parity {
                Parity::None => "8N1",
                Parity::Even => "8E1",
                Parity::Odd => "8O1",
            };
            let places = [
                ("name", name),
                ("data", &data.to_string()),
                ("bits", &bits.to_string()),
                ("share", &share(data, bits)),
                ("all", &all),
            ];
            w::ASYNC_COSTS.with(lang, &places)
        }
    }
}

fn words(turn: &Turn, lang: Lang) -> String {
    let said = match turn.say {
        Say::Enq => "ENQ".to_owned(),
        Say::Ack => "ACK".to_owned(),
        Say::Nak => "NAK".to_owned(),
        Say::Eot => "EOT".to_owned(),
        Say::Ready => "RR".to_owned(),
        Say::Silence => w::SILENCE.say(lang).to_owned(),
        Say::Block(bits) => w::BLOCK_OF.with(lang, &[("bits", &bits.to_string())]),
    };
    match turn.because {
        Some(layer) => format!("{said} · {}", super::line::layer(layer).say(lang)),
        None => said,
    }
}

fn draw_turn(at: usize, turn: &Turn, rate: u32, lang: Lang) -> AnyView {
    let y = (at as f64 + 1.9) * STEP;
    let [left, right] = LINES;
    let (from, to) = if turn.sender {
        (left, right)
    } else {
        (right, left)
    };
    let way = (to - from).signum();
    let tip = to - way * 1.0;
    let head = format!(
        "{tip},{y} {},{} {},{}",
        tip - way * 7.0,
        y - 3.5,
        tip - way * 7.0,
        y + 3.5
    );
    let silent = turn.say == Say::Silence;
    let class = match turn.say {
        Say::Nak | Say::Silence => "turn refused",
        Say::Block(_) => "turn block",
        _ => "turn",
    };
    let ms = turn.at as u64 * 1000 / u64::from(rate);
    view! {
        <g class=class>
            <text class="when" x="0" y=y + 4.0>{format!("{ms} ms")}</text>
            {(!silent).then(|| view! { <line x1=from x2=to y1=y y2=y/> <polygon points=head/> })}
            <text class="said" x=(left + right) / 2.0 y=y - 4.0 text-anchor="middle">{words(turn, lang)}</text>
        </g>
    }
    .into_any()
}

/// Pairs of flips that the line's checks miss, each a button; and who notices them behind the line.
#[component]
pub fn Missed(
    house: House,
    kind: RwSignal<Line>,
    frame: Memo<Vec<u8>>,
    flips: RwSignal<BTreeSet<usize>>,
) -> impl IntoView {
    let pairs = Memo::new(move |_| missed(kind.get(), &frame.read(), 6));
    let after = Memo::new(move |_| {
        house.run.with(|run| {
            let arrow = chosen(house, run).filter(dials)?;
            let line = line_kind(kind.get())?;
            Some(pairs_past(
                run.replay()?,
                line,
                &arrow.place(),
                &pairs.read(),
            ))
        })
    });
    let row = move |(at, (one, two)): (usize, (usize, usize))| {
        let flip = move |_| flips.set(BTreeSet::from([one, two]));
        let who = after.with(|after| after.as_ref().and_then(|all| all.get(at).copied()));
        let who: Option<Noticed> = who;
        view! {
            <tr>
                <td><button type="button" class="link mono" data-pair=at.to_string() on:click=flip>{format!("{one} + {two}")}</button></td>
                <td class="bad">"✕ " {t(w::L_NOBODY)}</td>
                <td>{who.map(|who| t(super::line::noticed(who)))}</td>
            </tr>
        }
        .into_any()
    };
    let rows = move || pairs.get().into_iter().enumerate().map(row).collect_view();
    let none = move || pairs.read().is_empty();
    view! {
        <div id="missed">
            <p class="ok" hidden=move || !none()>"✓ " {t(w::NO_PAIR_PASSES)}</p>
            <table class="list" hidden=none>
                <thead>
                    <tr>
                        <th scope="col">{t(w::PAIR)}</th>
                        <th scope="col">{t(w::ON_THE_LINE)}</th>
                        <th scope="col">{t(w::BEHIND_THE_LINE)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="dim">{terms(w::PAIR_HELP_TERMS)}</p>
        </div>
    }
}

fn chosen(house: House, run: &Run) -> Option<Arrow> {
    let row = super::line::chosen_arrow(house, run)?;
    run.ladder.arrow(row).cloned()
}

/// Whether a message goes over the line that is dialled: that between a terminal and the NAC.
fn dials(arrow: &Arrow) -> bool {
    let terminal = |node| matches!(node, NodeId::Terminal(_));
    terminal(arrow.from) || terminal(arrow.to)
}

fn line_kind(line: Line) -> Option<LineKind> {
    match line {
        Line::Async(Parity::None) => Some(LineKind::AsyncPlain),
        Line::Async(Parity::Even) => Some(LineKind::Async),
        Line::Async(Parity::Odd) => None,
        Line::Sync => Some(LineKind::Sync),
    }
}
