//! What must hold always, what must hold in the end, and what this run sometimes reached; each leads
//! to its step.

use super::play::{Chosen, House};
use crate::shell::Shell;
use crate::words::{Lang, Phrase, t, theatre as w};
use leptos::prelude::*;
use poslab_core::sim::Property;
use poslab_core::view::books::{Agreement, Verdict};
use poslab_core::view::reached::{Sought, reached};

/// The properties as last judged, and the goals.
#[component]
pub fn Properties(house: House) -> impl IntoView {
    let group = move |title: Phrase, eventual: bool| {
        let of = Property::ALL
            .into_iter()
            .filter(move |property| property.is_eventual() == eventual);
        view! {
            <h4>{t(title)}</h4>
            <ul>{of.map(|property| view! { <Line house property/> }).collect_view()}</ul>
        }
    };
    view! {
        <div class="properties">
            <div>
                <h3 class="label">{t(w::PROPERTIES)}</h3>
                {group(w::ALWAYS, false)}
            </div>
            <div>
                {group(w::EVENTUALLY, true)}
                <Waiting house/>
                <Sometimes house/>
            </div>
        </div>
    }
}

/// Shows the row of an event, and brings the time there.
fn show(house: House, event: usize) {
    let row = house.run.with_untracked(|run| run.ladder.row_of(event));
    house.playing.set(false);
    house.seek(row + 1);
    house.chosen.set(Some(Chosen::Row(row)));
}

/// One property.
#[component]
fn Line(house: House, property: Property) -> impl IntoView {
    let shell = Shell::here();
    let words = move || match shell.lang.get() {
        Lang::En => property.words().0,
        Lang::Zh => property.words().1,
    };
    let verdict = move || -> Option<Verdict> {
        let of = |books: &std::sync::Arc<poslab_core::view::books::Books>| {
            books.properties.get(property.name()).cloned()
        };
        house.books.with(of)
    };
    let sign = move || match verdict() {
        None => ("…", "dim"),
        Some(verdict) if verdict.holds => ("✓", "ok"),
        Some(_) => ("✕", "bad"),
    };
    let broken = move || verdict().filter(|verdict| !verdict.holds);
    let detail = move || broken().map(|verdict| verdict.detail.words(shell.lang.get() == Lang::Zh));
    let go = move |_| {
        if let Some(verdict) = verdict() {
            show(house, verdict.event);
        }
    };
    view! {
        <li>
            <span class=move || sign().1>{move || sign().0}</span>
            <span>
                <span class="mono dim">{property.name()}</span> " " {words} " "
                <button type="button" class="link bad" hidden=move || broken().is_none() on:click=go>{detail}</button>
            </span>
        </li>
    }
}

/// Trades that wait for what was promised: each leads to its newest entry.
#[component]
fn Waiting(house: House) -> impl IntoView {
    let open = move || {
        let trades = house.trades.read();
        let open = trades
            .iter()
            .filter(|trade| trade.agreement == Agreement::Open);
        let link = |trade: &poslab_core::view::books::Trade| {
            let entry = trade.terminal.as_ref().or(trade.host.as_ref())?;
            let event = entry.event;
            Some(view! {
                <button type="button" class="link mono" on:click=move |_| show(house, event)>{format!("{:06}", trade.stan)}</button>
            })
        };
        open.rev().take(4).filter_map(link).collect::<Vec<_>>()
    };
    let none = move || {
        let trades = house.trades.read();
        !trades
            .iter()
            .any(|trade| trade.agreement == Agreement::Open)
    };
    view! {
        <p class="waiting warn" hidden=none>"… " {t(w::WAITING)} " " {open}</p>
    }
}

/// The goals: reached up to now, reached later, never reached.
#[component]
fn Sometimes(house: House) -> impl IntoView {
    let shell = Shell::here();
    let goals = Memo::new(move |_| house.run.with(|run| reached(&run.events)));
    let past = move |sought: &Sought| {
        let past = house.run.with(|run| run.past(house.cursor.get()));
        sought.first.is_some_and(|first| first < past)
    };
    let count = move || {
        let all = goals.read();
        let now = all.iter().filter(|sought| past(sought)).count();
        w::GOALS_REACHED.with(
            shell.lang.get(),
            &[("count", &now.to_string()), ("all", &all.len().to_string())],
        )
    };
    let draw = move |sought: &Sought| {
        let event = sought.first?;
        let words = sought.goal.words(shell.lang.get() == Lang::Zh);
        let (sign, class) = match past(sought) {
            true => ("✓", "goal"),
            false => ("…", "goal later"),
        };
        Some(view! {
            <li>
                <button type="button" class=class on:click=move |_| show(house, event)>{sign} " " {words}</button>
            </li>
        })
    };
    let some = move || goals.read().iter().filter_map(draw).collect_view();
    let never = move || {
        let zh = shell.lang.get() == Lang::Zh;
        let all = goals.read();
        let never = all.iter().filter(|sought| sought.first.is_none());
        let words: Vec<String> = never.map(|sought| sought.goal.words(zh)).collect();
        words.join(if zh { "、" } else { ", " })
    };
    view! {
        <h4>{t(w::SOMETIMES)} " " <span class="dim">{count}</span></h4>
        <ul class="goals" id="goals">{some}</ul>
        <details>
            <summary>{t(w::NEVER_REACHED)}</summary>
            <p class="dim">{never}</p>
        </details>
    }
}
