//! What can go wrong: at an arrow, at a box, beforehand; each click is a line of the script.
//!
//! The same choices stand at the side, in the menu over the stage (right button, long press,
//! Shift+F10), and in the form of the script for messages that no run has shown yet.

use super::play::{Chosen, House};
use super::voice::lane_name;
use crate::shell::Shell;
use crate::words::{Phrase, t, theatre as w};
use leptos::html;
use leptos::prelude::*;
use poslab_core::node::NodeId;
use poslab_core::sim::{Fault, Item, neighbours};

/// What can go wrong with messages between two boxes: `TYPE[#N]@FROM-TO`.
#[component]
pub fn ArrowFaults(house: House, place: String, bit: RwSignal<Option<u32>>) -> impl IntoView {
    let ms = RwSignal::new(75_000u32);
    let place = StoredValue::new(place);
    let text = move |kind: &str| {
        let kind = match (kind, bit.get()) {
            ("delay", _) => format!("delay:ms={}", ms.get()),
            ("corrupt", Some(bit)) => format!("corrupt:bit={bit}"),
            (kind, _) => kind.to_owned(),
        };
        format!("{kind}:{}", place.get_value())
    };
    let strike = move |kind: &str| {
        let fault = untrack(|| text(kind));
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
    };
    let button = move |kind: &'static str, name: Phrase| {
        let on = move || house.has_fault(&text(kind)).to_string();
        view! {
            <button type="button" data-fault=kind aria-pressed=on on:click=move |_| strike(kind)>{t(name)}</button>
        }
    };
    let late = move |event| ms.set(event_target_value(&event).parse().unwrap_or(75_000));
    let flip = move |event| bit.set(event_target_value(&event).parse().ok());
    let which = move || bit.get().map(|bit| bit.to_string()).unwrap_or_default();
    view! {
        <div class="strikes" role="group" aria-label=t(w::GO_WRONG)>
            <span class="label">{t(w::GO_WRONG)}</span>
            {button("drop", w::DROP)}
            {button("duplicate", w::DUPLICATE)}
            <span class="pair">
                {button("delay", w::DELAY)}
                <input type="number" min="1" max="600000" step="1000" aria-label=t(w::MILLISECONDS) prop:value=move || ms.get().to_string() on:change=late/>
                <span class="dim">"ms"</span>
            </span>
            <span class="pair">
                {button("corrupt", w::FLIP)}
                <input type="number" min="0" max="9999" id="bit" placeholder=t(w::ANY_BIT) aria-label=t(w::BIT) title=t(w::FLIP_HELP) prop:value=which on:change=flip/>
            </span>
        </div>
    }
    .into_any()
}

/// What can go wrong at a box, at the moment of the cursor.
#[component]
pub fn LaneFaults(house: House, lane: NodeId) -> impl IntoView {
    let strike = move |kind: &'static str| {
        let at = house
            .run
            .with_untracked(|run| run.time(house.cursor.get_untracked()) + 1);
        let fault = format!("{kind}@{lane}:t={}.{:03}", at / 1000, at % 1000);
        house.toggle_fault(&fault);
        house.go_on();
    };
    let button = move |(kind, name): (&'static str, Phrase)| {
        let id = kind.split(':').next().unwrap_or_default();
        view! { <button type="button" data-fault=id on:click=move |_| strike(kind)>{t(name)}</button> }
    };
    let kinds = kinds(lane);
    let none = kinds.is_empty();
    view! {
        <div class="strikes" role="group" aria-label=t(w::GO_WRONG) hidden=none>
            <span class="label">{t(w::GO_WRONG)}</span>
            {kinds.into_iter().map(button).collect_view()}
        </div>
    }
    .into_any()
}

/// The faults that a kind of box knows.
fn kinds(lane: NodeId) -> Vec<(&'static str, Phrase)> {
    let power = [
        ("power-cut:ms=60000", w::POWER_CUT),
        ("restart", w::RESTART),
    ];
    let cut = ("line-cut", w::LINE_CUT);
    let error = ("database-error", w::DATABASE_ERROR);
    match lane {
        NodeId::Terminal(_) => [
            &power[..],
            &[("line-busy", w::LINE_BUSY), cut, ("tamper", w::TAMPER)],
        ]
        .concat(),
        NodeId::PinPad(_) => vec![("tamper", w::TAMPER)],
        NodeId::Nac => [&power[..], &[cut]].concat(),
        NodeId::FrontEnd => {
            let restore = ("database-restore", w::DATABASE_RESTORE);
            [&power[..], &[cut, error, restore]].concat()
        }
        NodeId::Switch => [&power[..], &[cut, error]].concat(),
        NodeId::Issuer => [&power[..], &[("down", w::SET_DOWN), error]].concat(),
        NodeId::Holder | NodeId::Clearing => Vec::new(),
    }
}

/// What a kind of fault is called.
pub fn kind_name(kind: &str) -> Option<Phrase> {
    Some(match kind {
        "drop" => w::DROP,
        "delay" => w::DELAY,
        "duplicate" => w::DUPLICATE,
        "corrupt" => w::FLIP,
        _ => return None,
    })
}

/// Where the menu over the stage is open, in CSS pixels of the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Menu {
    /// What it is about.
    pub about: Chosen,
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// The menu over the stage: closes by Escape, and by any choice in it.
#[component]
pub fn FaultMenu(house: House) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        if let (true, Some(dialog)) = (house.menu.get().is_some(), dialog.get()) {
            let _ = dialog.show_modal();
        }
    });
    let choices = move |menu: Menu| match menu.about {
        Chosen::Lane(lane) => view! { <LaneFaults house lane/> }.into_any(),
        Chosen::Row(row) => {
            let found = house.run.with_untracked(|run| {
                let lane = run.ladder.place_of(row);
                (run.ladder.arrow(row).map(|arrow| arrow.place()), lane)
            });
            match found {
                (Some(place), _) => {
                    let bit = RwSignal::new(None);
                    view! { <ArrowFaults house place bit/> }.into_any()
                }
                (None, lane) => view! { <LaneFaults house lane/> }.into_any(),
            }
        }
    };
    let close = move |_| house.menu.set(None);
    // A click on a choice has done its work by the time it comes here; one beside them closes too.
    let done = move |event: leptos::ev::MouseEvent| {
        if matches!(crate::browser::tag_of(&event).as_str(), "BUTTON" | "DIALOG") {
            house.menu.set(None);
        }
    };
    move || {
        let menu = house.menu.get()?;
        let (x, y) = (menu.x, menu.y);
        Some(view! {
            <dialog
                node_ref=dialog
                class="faultmenu"
                id="faultmenu"
                aria-label=t(w::GO_WRONG)
                style:left=format!("{x}px")
                style:top=format!("{y}px")
                on:close=close
                on:click=done
            >
                {choices(menu)}
            </dialog>
        })
    }
}

/// Message types that a fault can be set for before any run has shown them.
const TYPES: [&str; 16] = [
    "0100", "0110", "0200", "0210", "0220", "0230", "0320", "0330", "0400", "0410", "0420", "0430",
    "0500", "0510", "0800", "0810",
];

/// A fault set beforehand: for the n-th message of a type between two boxes.
#[component]
pub fn Beforehand(house: House) -> impl IntoView {
    let shell = Shell::here();
    let links = {
        let boxes = [
            NodeId::Terminal(0),
            NodeId::Nac,
            NodeId::FrontEnd,
            NodeId::Switch,
            NodeId::Issuer,
        ];
        let pairs = boxes
            .iter()
            .flat_map(|a| boxes.iter().map(move |b| (*a, *b)));
        pairs
            .filter(|(a, b)| neighbours(*a, *b))
            .collect::<Vec<_>>()
    };
    let kind = RwSignal::new("drop".to_owned());
    let mti = RwSignal::new("0210".to_owned());
    let nth = RwSignal::new("1".to_owned());
    let link = RwSignal::new("nac-terminal".to_owned());
    let add = move |_| {
        let text = format!("{}:{}#{}@{}", kind.get(), mti.get(), nth.get(), link.get());
        if let Ok(fault) = text.parse::<Fault>() {
            house.add(Item::Fault(fault.to_string()));
        }
    };
    let set = |into: RwSignal<String>| move |event| into.set(event_target_value(&event));
    let kinds = [
        ("drop", w::DROP),
        ("duplicate", w::DUPLICATE),
        ("delay", w::DELAY),
        ("corrupt", w::FLIP),
    ];
    let kinds = kinds.map(|(id, name)| view! { <option value=id>{t(name)}</option> });
    let types = TYPES.map(|id| view! { <option selected=id == "0210">{id}</option> });
    let links = links.into_iter().map(|(a, b)| {
        let id = format!("{a}-{b}");
        let name = move || {
            let lang = shell.lang.get();
            format!("{} → {}", lane_name(a, lang), lane_name(b, lang))
        };
        view! { <option selected=id == "nac-terminal" value=id>{name}</option> }.into_any()
    });
    view! {
        <div class="row beforehand" role="group" aria-label=t(w::BEFOREHAND)>
            <span class="label">{t(w::BEFOREHAND)}</span>
            <select aria-label=t(w::FAULT) on:change=set(kind)>{kinds}</select>
            <select aria-label=t(w::MESSAGE) on:change=set(mti)>{types}</select>
            "#" <input type="number" min="1" max="999" value="1" aria-label=t(w::WHICH) on:change=set(nth)/>
            <select aria-label=t(w::WAY) on:change=set(link)>{links.collect_view()}</select>
            <button type="button" id="add-fault" on:click=add>{t(w::ADD_FAULT)}</button>
        </div>
    }
    .into_any()
}
