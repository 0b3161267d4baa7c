//! What a check found: how far it is, the verdict, and a counter-example in plain words.

use super::engine::{Example, Progress};
use crate::panel::theatre::address_of;
use crate::shell::Shell;
use crate::words::{Lang, break_it as w, t};
use leptos::prelude::*;
use poslab_core::node::ledger::yuan;
use poslab_core::sim::{Property, Stage, World};
use poslab_core::trace::Tape;
use poslab_core::view::books::Books;

/// How far the check is, and what it found.
#[component]
pub fn Outcome(
    /// What the worker said last.
    progress: RwSignal<Option<Progress>>,
) -> impl IntoView {
    let shell = Shell::here();
    let bar = move || {
        progress.with(|p| {
            p.as_ref()
                .filter(|p| !p.over)
                .map(|p| (p.done.to_string(), p.of.max(1).to_string()))
        })
    };
    let verdict = move || {
        let lang = shell.lang.get();
        let progress = progress.get()?;
        let count = progress.schedules.to_string();
        let (class, text) = match (&progress.example, progress.over) {
            (Some(example), _) => {
                let faults = example.faults.to_string();
                ("bad", w::FOUND.with(lang, &[("count", &faults)]))
            }
            (None, true) => ("ok", w::NOTHING_FOUND.with(lang, &[("count", &count)])),
            (None, false) => ("dim", w::RUNNING.with(lang, &[("count", &count)])),
        };
        Some(view! { <p id="verdict" class=format!("sentence {class}")>{text}</p> })
    };
    let example = Memo::new(move |_| progress.with(|p| p.as_ref().and_then(|p| p.example.clone())));
    view! {
        <div class="outcome" role="status">
            {move || bar().map(|(done, of)| view! { <progress value=done max=of aria-label=t(w::PROGRESS)></progress> })}
            {verdict}
            {move || example.get().map(|example| view! { <Broken example/> })}
        </div>
    }
}

/// A counter-example: which rule was missing, what broke, where the money went, and the way to it.
#[component]
fn Broken(example: Example) -> impl IntoView {
    let shell = Shell::here();
    let address = address_of(&example.scenario);
    let moral = example.moral.clone();
    let missing = move || match shell.lang.get() {
        Lang::En => moral[0].clone(),
        Lang::Zh => moral[1].clone(),
    };
    let (bank, till) = money(&example);
    let money = move || w::MONEY_WENT.with(shell.lang.get(), &[("bank", &bank), ("till", &till)]);
    let broken = example.broken.clone();
    let broken = move || {
        let lang = shell.lang.get();
        let line = |name: &String| {
            let property = Property::ALL
                .into_iter()
                .find(|property| property.name() == name);
            let words = property.map_or("", |property| match lang {
                Lang::En => property.words().0,
                Lang::Zh => property.words().1,
            });
            view! { <li><b class="bad">"✕ " {name.clone()}</b> " " {words}</li> }
        };
        broken.iter().map(line).collect_view()
    };
    let faults: Vec<String> = example
        .scenario
        .faults()
        .map(|fault| fault.to_string())
        .collect();
    let faults = faults
        .into_iter()
        .map(|fault| view! { <li><span class="bad">"✕ "</span><code>{fault}</code></li> })
        .collect_view();
    view! {
        <p class="prose moral" id="missing">{missing}</p>
        <p class="prose" id="money">{money}</p>
        <ul class="prose">{broken}</ul>
        <ul>{faults}</ul>
        <p><a id="open-example" href=format!("#{address}")>{t(w::OPEN)}</a></p>
    }
}

/// What the bank took from cards, and what the terminals have written down, at the end of a
/// counter-example.
fn money(example: &Example) -> (String, String) {
    let Ok(stage) = Stage::load() else {
        return Default::default();
    };
    let mut tape = Tape::recording();
    World::new(&stage, &example.scenario, 0).run_to_end(&mut tape);
    let books = Books::of(&tape.take());
    let taken: i64 = books.posted.values().map(|fen| -fen).sum();
    let stands = |status: &str| status.starts_with("approved") || status == "uploaded";
    let entries = books
        .journal
        .iter()
        .filter(|(_, entry)| stands(entry.status));
    let written: u64 = entries.map(|(_, entry)| entry.amount).sum();
    (yuan(taken), yuan(written as i64))
}
