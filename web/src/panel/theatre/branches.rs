//! The branches: futures that were left; one can be taken up again, or compared with the run.

use super::play::{Branch, House};
use super::transport::clock;
use super::voice::whole;
use crate::shell::Shell;
use crate::words::{t, theatre as w};
use leptos::prelude::*;

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
            let place = house.beside.get()?;
            let branch = house.branches.with(|branches| branches.get(place).cloned())?;
            Some(view! { <Beside house branch/> })
        }}
    }
}

/// One branch.
#[component]
fn One(house: House, place: usize, branch: Branch) -> impl IntoView {
    let rows = branch.run.rows();
    let left_at = clock(branch.run.time(branch.cursor));
    let compared = move || house.beside.get() == Some(place);
    let compare = move |_| {
        let now = house.beside.get_untracked();
        house.beside.set(if now == Some(place) {
            None
        } else {
            Some(place)
        });
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

/// Two runs side by side from where they part.
#[component]
fn Beside(house: House, branch: Branch) -> impl IntoView {
    let shell = Shell::here();
    let name = branch.name.clone();
    let parts = {
        let branch = branch.clone();
        Memo::new(move |_| {
            house.run.with(|run| {
                let alike = run
                    .events
                    .iter()
                    .zip(branch.run.events.iter())
                    .take_while(|(a, b)| a == b);
                alike.count()
            })
        })
    };
    let lines = move |events: &[poslab_core::trace::Event]| {
        let from = parts.get();
        let lang = shell.lang.get();
        let shown = events.get(from..).unwrap_or_default().iter().take(ROWS);
        shown
            .map(|event| whole(event, lang))
            .collect::<Vec<String>>()
            .join("\n")
    };
    let alike = move || {
        let count = parts.get().to_string();
        w::ALIKE_FOR.with(shell.lang.get(), &[("count", &count)])
    };
    let theirs = move || lines(&branch.run.events);
    let ours = move || house.run.with(|run| lines(&run.events));
    view! {
        <p id="alike" class="dim">{alike}</p>
        <div class="beside">
            <figure>
                <figcaption class="label">"● " {t(w::THIS_RUN)}</figcaption>
                <pre tabindex="0">{ours}</pre>
            </figure>
            <figure>
                <figcaption class="label">"◇ " {t(w::BRANCH)} " " {name}</figcaption>
                <pre tabindex="0">{theirs}</pre>
            </figure>
        </div>
    }
}
