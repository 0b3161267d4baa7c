//! The NAC from inside: the routing table to edit, and the address label of every frame it moved.

use super::play::{Chosen, House};
use super::voice::lane_name;
use crate::shell::Shell;
use crate::words::{t, theatre as w};
use leptos::prelude::*;
use poslab_core::node::NodeId;
use poslab_core::sim::WorldSpec;
use poslab_core::view::nac::{Label, Passage, passages};
use std::sync::Arc;

/// Passages that are drawn: the newest.
const SHOWN: usize = 8;

/// Table, switch and labels.
#[component]
pub fn NacView(house: House) -> impl IntoView {
    let world = Memo::new(move |_| {
        let of = |run: &Arc<super::play::Run>| run.scenario.as_ref().map(|s| s.world.clone());
        house.run.with(of).unwrap_or_default()
    });
    let routes = move || world.read().routes().unwrap_or_default();
    let set = move |table: Vec<u16>| {
        let table: Vec<String> = table.iter().map(|nii| format!("{nii:04X}")).collect();
        let usual = WorldSpec::default().routes().unwrap_or_default();
        let usual: Vec<String> = usual.iter().map(|nii| format!("{nii:04X}")).collect();
        let table = (table != usual).then_some(table);
        house.change(&mut |scenario| scenario.world.nac_routes.clone_from(&table));
    };
    let row = move |nii: u16| {
        let remove = move |_| set(untrack(routes).into_iter().filter(|n| *n != nii).collect());
        view! {
            <tr>
                <th scope="row" class="mono">{format!("{nii:04X}")}</th>
                <td>"→ " {t(w::FRONT_END)}</td>
                <td><button type="button" class="link" data-route=format!("{nii:04X}") on:click=remove>{t(w::STRIKE)}</button></td>
            </tr>
        }
        .into_any()
    };
    let typed = RwSignal::new(String::new());
    let new = move || {
        let text = typed.get();
        let four = text.len() == 4 && text.bytes().all(|b| b.is_ascii_hexdigit());
        four.then(|| u16::from_str_radix(&text, 16).ok()).flatten()
    };
    let add = move |_| {
        if let Some(nii) = untrack(new) {
            let mut table = untrack(routes);
            table.retain(|n| *n != nii);
            table.push(nii);
            set(table);
            typed.set(String::new());
        }
    };
    let handled = move || world.read().nac_sources.unwrap_or(true);
    let switch = move |_| {
        let off = untrack(handled);
        house.change(&mut |scenario| scenario.world.nac_sources = off.then_some(false));
    };
    view! {
        <h3 class="label">{t(w::ROUTES)}</h3>
        <table class="list" id="routes"><tbody>{move || routes().into_iter().map(row).collect_view()}</tbody></table>
        <p class="row">
            <input
                id="new-route"
                class="mono"
                maxlength="4"
                size="6"
                placeholder="0008"
                aria-label=t(w::NII)
                prop:value=typed
                on:input=move |event| typed.set(event_target_value(&event))
            />
            <button type="button" id="add-route" disabled=move || new().is_none() on:click=add>{t(w::ADD_ROUTE)}</button>
        </p>
        <label class="tick">
            <input type="checkbox" id="sources" prop:checked=handled on:change=switch/>
            {t(w::SOURCES)}
        </label>
        <Passages house/>
    }
    .into_any()
}

/// The newest passages up to the cursor.
#[component]
fn Passages(house: House) -> impl IntoView {
    let all = Memo::new(move |_| house.run.with(|run| passages(&run.events)));
    let lines = move || {
        let past = house.run.with(|run| run.past(house.cursor.get()));
        let all = all.read();
        let seen = all.iter().rev().filter(|passage| passage.event < past);
        seen.take(SHOWN)
            .map(|passage| draw(house, *passage))
            .collect_view()
    };
    view! {
        <h3 class="label">{t(w::LETTERS)}</h3>
        <ol class="letters" id="letters">{lines}</ol>
    }
    .into_any()
}

fn draw(house: House, passage: Passage) -> AnyView {
    let lang = Shell::here().lang;
    let show = move |_| {
        let row = house
            .run
            .with_untracked(|run| run.ladder.row_of(passage.event));
        house.chosen.set(Some(Chosen::Row(row)));
    };
    let name = |node: NodeId| move || lane_name(node, lang.get());
    let fate = match (passage.to, passage.crossed) {
        (None, _) => view! { <b class="bad">"✕ " {t(w::DEAD_LETTER)}</b> }.into_any(),
        (Some(to), true) => {
            view! { <b class="bad">"≠ " {name(to)} " " {t(w::CROSSED)}</b> }.into_any()
        }
        (Some(to), false) => view! { <span>{name(to)}</span> }.into_any(),
    };
    view! {
        <li>
            <button type="button" class="link" on:click=show>{name(passage.from)} " → "</button>
            {fate}
            {label(passage.before)}
            {label(passage.after)}
        </li>
    }
    .into_any()
}

/// A TPDU as the label on a letter: kind, destination, source.
fn label(label: Option<Label>) -> Option<AnyView> {
    let label = label?;
    let part = |name, address| {
        view! { <span><i>{t(name)}</i>{format!("{address:04X}")}</span> }
    };
    let view = view! {
        <span class="tpdu mono">
            <span><i>"TPDU"</i>"60"</span>
            {part(w::TO_ADDRESS, label.to)}
            {part(w::FROM_ADDRESS, label.from)}
        </span>
    };
    Some(view.into_any())
}
