//! The branches: futures that were left; one can be taken up again, and any two can be compared.

use super::play::{Branch, Chosen, House, Run};
use super::transport::clock;
use super::voice::{lane_name, whole};
use crate::shell::Shell;
use crate::words::{t, theatre as w};
use leptos::prelude::*;
use poslab_core::view::parting::Parting;
use std::sync::Arc;

/// Rows shown of each side of a comparison.
const ROWS: usize = 12;

/// The list of branches, and one of them beside the run.
#[component]
pub fn Branches(house: House) -> impl IntoView {
    let list = move || {
        let branches = house.branches.get();
        branches
            .into_iter()
            .enumerate()
            .map(|(place, branch)| view! { <One house place branch/> })
            .collect_view()
    };
    let none = move || house.branches.with(Vec::is_empty);
    view! {
        <p class="dim" hidden=move || !none()>{t(w::NO_BRANCHES)}</p>
        <ul class="branches">{list}</ul>
        {move || {
            let sides = house.beside.get()?;
            Some(view! { <Beside house sides/> })
        }}
    }
}

/// One branch.
#[component]
fn One(house: House, place: usize, branch: Branch) -> impl IntoView {
    let rows = branch.run.rows();
    let left_at = clock(branch.run.time(branch.cursor));
    let compared = move || {
        house
            .beside
            .get()
            .is_some_and(|sides| sides.contains(&Some(place)))
    };
    let compare = move |_| {
        let off = untrack(compared);
        house.beside.set((!off).then_some([None, Some(place)]));
        house.tall.set(!off);
    };
    view! {
        <li class="row">
            <b>{t(w::BRANCH)} " " {branch.name}</b>
            <span class="dim mono">{left_at} " · " {rows}</span>
            <button type="button" data-branch="take" on:click=move |_| house.take_branch(place)>{t(w::TAKE_UP)}</button>
            <button type="button" data-branch="compare" aria-pressed=move || compared().to_string() on:click=compare>{t(w::COMPARE)}</button>
        </li>
    }
}

/// Two runs side by side from where they part; either can be the run on the stage or any branch.
#[component]
fn Beside(house: House, sides: [Option<usize>; 2]) -> impl IntoView {
    let shell = Shell::here();
    let runs = sides.map(|side| match side {
        None => Some(house.run.get()),
        Some(place) => house
            .branches
            .with(|branches| branches.get(place).map(|branch| Arc::clone(&branch.run))),
    });
    let [Some(left), Some(right)] = runs else {
        return ().into_any();
    };
    let parting = Arc::new(Parting::of(&left.events, &right.events));
    let alike = parting.alike;
    let same = parting.same(&left.events, &right.events);
    let told = {
        let at = [&left, &right]
            .into_iter()
            .find_map(|run| run.events.get(alike).map(|event| clock(event.at_ms)))
            .unwrap_or_default();
        move || {
            let lang = shell.lang.get();
            if same {
                return w::RUNS_SAME.say(lang).to_owned();
            }
            w::ALIKE_FOR.with(lang, &[("count", &alike.to_string()), ("time", &at)])
        }
    };
    let lanes = move || {
        let lang = shell.lang.get();
        parting
            .lanes
            .iter()
            .map(|(lane, equal)| {
                let (sign, class, word) = match equal {
                    true => ("=", "parted", w::LANE_SAME),
                    false => ("≠", "parted differs", w::LANE_DIFFERS),
                };
                let name = lane_name(*lane, lang);
                view! { <li class=class><b aria-hidden="true">{sign}</b> {name} <span class="dim">{word.say(lang)}</span></li> }
            })
            .collect_view()
    };
    // Where they part can be seen on the stage when one of them is there.
    let mine = sides.contains(&None) && !same;
    let go = move |_| {
        let row = house.run.with_untracked(|run| run.ladder.row_of(alike));
        house.seek(row);
        house.chosen.set(Some(Chosen::Row(row)));
    };
    let [first, second] = sides;
    view! {
        <p class="row">
            <span id="alike">{told}</span>
            <button type="button" class="link" id="to-parting" hidden=!mine on:click=go>{t(w::TO_PARTING)}</button>
        </p>
        <ul class="lanesigns" id="lanesigns">{lanes}</ul>
        <div class="beside">
            <Column house sides which=0 chosen=first run=left from=alike/>
            <Column house sides which=1 chosen=second run=right from=alike/>
        </div>
    }
    .into_any()
}

/// One side: which run it is, and what happens in it after the other went another way.
#[component]
fn Column(
    house: House,
    sides: [Option<usize>; 2],
    which: usize,
    chosen: Option<usize>,
    run: Arc<Run>,
    from: usize,
) -> impl IntoView {
    let shell = Shell::here();
    let text = move || {
        let lang = shell.lang.get();
        let shown = run.events.get(from..).unwrap_or_default().iter().take(ROWS);
        let lines: Vec<String> = shown.map(|event| whole(event, lang)).collect();
        if lines.is_empty() {
            return w::RUN_ENDS.say(lang).to_owned();
        }
        lines.join("\n")
    };
    let choose = move |event| {
        let mut sides = sides;
        if let Some(side) = sides.get_mut(which) {
            *side = event_target_value(&event).parse().ok();
        }
        house.beside.set(Some(sides));
    };
    let names = house.branches.with_untracked(|branches| {
        let name = |branch: &Branch| branch.name.clone();
        branches.iter().map(name).collect::<Vec<String>>()
    });
    let options = names.into_iter().enumerate().map(|(place, name)| {
        view! { <option value=place.to_string() selected=chosen == Some(place)>"◇ " {t(w::BRANCH)} " " {name}</option> }
    });
    view! {
        <figure>
            <figcaption>
                <select data-side=which.to_string() aria-label=t(w::COMPARE) on:change=choose>
                    <option value="" selected=chosen.is_none()>"● " {t(w::THIS_RUN)}</option>
                    {options.collect_view()}
                </select>
            </figcaption>
            <pre tabindex="0">{text}</pre>
        </figure>
    }
}
