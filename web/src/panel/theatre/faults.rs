//! What can go wrong: at an arrow, at a box; each click is a line of the script.

use super::play::{Chosen, House};
use crate::shell::Shell;
use crate::widget::pick::Pick;
use crate::words::{Phrase, t, theatre as w};
use leptos::prelude::*;
use poslab_core::node::NodeId;
use poslab_core::sim::{Fault, Item, OrderSpec, Verb};
use poslab_core::view::ladder::Arrow;

/// How much goes wrong by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Nothing.
    Calm,
    /// Messages are lost, late and doubled.
    BadLine,
    /// Power, database and line fail as well.
    Everything,
}

/// The faults of a mood, in the order they strike.
const BAD_LINE: [&str; 4] = [
    "drop:0210@nac-terminal",
    "delay:0210#2@switch-front-end",
    "duplicate:0200#3@terminal-nac",
    "corrupt:0210#4@front-end-nac",
];
const EVERYTHING: [&str; 4] = [
    "power-cut@terminal:after=send#3",
    "drop:0410@nac-terminal",
    "database-error@front-end:after=persist#9",
    "power-cut@issuer:before=persist#4",
];

/// Sets a small shop up in a mood: a sign-on, three sales and a settlement.
pub fn set_mood(house: House, mood: Mood) {
    let Some(mut scenario) = house.scenario() else {
        return;
    };
    let faults: Vec<&str> = match mood {
        Mood::Calm => Vec::new(),
        Mood::BadLine => BAD_LINE.to_vec(),
        Mood::Everything => BAD_LINE.iter().chain(&EVERYTHING).copied().collect(),
    };
    let sale = |card: &str, amount| {
        Item::Order(OrderSpec {
            insist: true,
            ..OrderSpec::trade(Verb::Sale, card, amount)
        })
    };
    scenario.script = vec![
        Item::Order(OrderSpec::plain(Verb::SignOn)),
        sale("lin", 12_345),
        sale("zhao", 88_00),
        sale("lin", 50_00),
        Item::Order(OrderSpec {
            insist: true,
            ..OrderSpec::plain(Verb::Settle)
        }),
    ];
    let readable = faults
        .into_iter()
        .filter(|text| text.parse::<Fault>().is_ok());
    scenario
        .script
        .extend(readable.map(|text| Item::Fault(text.to_owned())));
    house.seek(0);
    house.rewrite(scenario);
    house.seek(0);
}

/// What can go wrong with a message.
#[component]
pub fn ArrowFaults(house: House, arrow: Arrow, pick: Pick) -> impl IntoView {
    let ms = RwSignal::new(75_000u32);
    let bit = move || pick.bits.get().map(|bits| bits.start);
    let nth = if arrow.nth == 1 {
        String::new()
    } else {
        format!("#{}", arrow.nth)
    };
    let place = StoredValue::new(format!(":{}{nth}@{}-{}", arrow.mti, arrow.from, arrow.to));
    let strike = move |kind: String| {
        let fault = format!("{kind}{}", place.get_value());
        if fault.parse::<Fault>().is_ok() {
            let at = house.chosen.get_untracked();
            if let Some(Chosen::Row(row)) = at {
                // Time goes back to before the message left; what came after is kept as a branch.
                house.seek(row);
            }
            house.toggle_fault(&fault);
            if let Some(Chosen::Row(row)) = at {
                house.chosen.set(Some(Chosen::Row(row)));
                house.go_on();
            }
        }
    };
    let late = move |event| ms.set(event_target_value(&event).parse().unwrap_or(75_000));
    let shell = Shell::here();
    let flip = move || match bit() {
        Some(bit) => w::FLIP_BIT.with(shell.lang.get(), &[("bit", &bit.to_string())]),
        None => w::FLIP.say(shell.lang.get()).to_owned(),
    };
    view! {
        <div class="strikes" role="group" aria-label=t(w::GO_WRONG)>
            <span class="label">{t(w::GO_WRONG)}</span>
            <button type="button" data-fault="drop" on:click=move |_| strike("drop".into())>{t(w::DROP)}</button>
            <span class="pair">
                <button type="button" data-fault="delay" on:click=move |_| strike(format!("delay:ms={}", ms.get_untracked()))>{t(w::DELAY)}</button>
                <input type="number" min="1" max="600000" step="1000" aria-label=t(w::MILLISECONDS) prop:value=move || ms.get().to_string() on:change=late/>
            </span>
            <button type="button" data-fault="duplicate" on:click=move |_| strike("duplicate".into())>{t(w::DUPLICATE)}</button>
            <button
                type="button"
                data-fault="corrupt"
                title=t(w::FLIP_HELP)
                on:click=move |_| strike(pick.bits.get_untracked().map_or_else(|| "corrupt".into(), |bits| format!("corrupt:bit={}", bits.start)))
            >
                {flip}
            </button>
        </div>
    }
}

/// What can go wrong at a box, at the moment of the cursor.
#[component]
pub fn LaneFaults(house: House, lane: NodeId) -> impl IntoView {
    let strike = move |kind: &'static str| {
        let at = house
            .run
            .with_untracked(|run| run.time(house.cursor.get_untracked()) + 1);
        let fault = format!("{kind}@{lane}:t={}.{:03}", at / 1000, at % 1000);
        if fault.parse::<Fault>().is_ok() {
            house.toggle_fault(&fault);
            house.go_on();
        }
    };
    let button = move |(kind, name): (&'static str, Phrase)| {
        view! { <button type="button" data-fault=kind on:click=move |_| strike(kind)>{t(name)}</button> }
    };
    let kinds = kinds(lane);
    let none = kinds.is_empty();
    view! {
        <div class="strikes" role="group" aria-label=t(w::GO_WRONG) hidden=none>
            <span class="label">{t(w::GO_WRONG)}</span>
            {kinds.into_iter().map(button).collect_view()}
        </div>
    }
}

/// The faults that a kind of box knows.
fn kinds(lane: NodeId) -> Vec<(&'static str, Phrase)> {
    let power = ("power-cut", w::POWER_CUT);
    let line = [("line-busy", w::LINE_BUSY), ("line-cut", w::LINE_CUT)];
    let store = [
        ("database-error", w::DATABASE_ERROR),
        ("database-restore", w::DATABASE_RESTORE),
    ];
    match lane {
        NodeId::Terminal(_) => [&[power][..], &line, &[("tamper", w::TAMPER)]].concat(),
        NodeId::PinPad(_) => vec![("tamper", w::TAMPER)],
        NodeId::Nac => vec![power, line[1]],
        NodeId::FrontEnd => [&[power][..], &line[1..], &store].concat(),
        NodeId::Switch => vec![power, line[1], store[0]],
        NodeId::Issuer => vec![power, line[1], store[0], ("down", w::SET_DOWN)],
        NodeId::Holder | NodeId::Clearing => Vec::new(),
    }
}
