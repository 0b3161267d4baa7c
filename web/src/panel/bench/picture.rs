//! The data flow of an algorithm: figures of rows, from the inputs to the result.

use super::desk::Desk;
use super::groups::{Group, Row, groups, stem};
use super::row::Bytes;
use crate::shell::Shell;
use crate::words::{bench as w, t};
use leptos::prelude::*;
use poslab_core::words::working;

/// All figures, with the steps' control above them.
#[component]
pub fn Picture(desk: Desk) -> impl IntoView {
    let figures = move || {
        let list = desk.run.with(|run| groups(&run.sheet));
        let figures = list.into_iter().enumerate();
        figures
            .map(|(at, group)| view! { <Figure desk at group/> })
            .collect_view()
    };
    let done = move |class: &'static str| desk.refused.with(Option::is_some).then_some(class);
    view! {
        <section class="picture" aria-label=t(w::STEPS)>
            <Stepper desk/>
            <p class="dim small" hidden=desk.bench.picture != "pin">{t(w::LEGEND)}</p>
            <ol class="figures" class:stale=move || done("stale").is_some()>{figures}</ol>
        </section>
    }
}

/// Step, step back, and a slider through all figures.
#[component]
fn Stepper(desk: Desk) -> impl IntoView {
    let lang = Shell::here().lang;
    let all = Memo::new(move |_| desk.run.with(|run| groups(&run.sheet).len()));
    let at = move || desk.cursor.get().min(all.get());
    let go = move |to: usize| desk.cursor.set(to.clamp(1, all.get_untracked().max(1)));
    let short = move || all.get() < 2;
    let first = move || at() <= 1;
    let last = move || at() >= all.get();
    let text = move || {
        let places = [("at", &*at().to_string()), ("all", &*all.get().to_string())];
        w::STEP_OF.with(lang.get(), &places)
    };
    view! {
        <div class="row stepper" hidden=short>
            <h2 class="label">{t(w::STEPS)}</h2>
            <button type="button" class="quiet" aria-label=t(w::STEP_BACK) disabled=first
                on:click=move |_| go(at().saturating_sub(1))>"◀"</button>
            <button type="button" class="quiet" aria-label=t(w::STEP) disabled=last
                on:click=move |_| go(at() + 1)>"▶"</button>
            <input type="range" min="1" max=move || all.get().to_string() aria-label=t(w::STEPS)
                prop:value=move || at().to_string()
                on:input=move |event| go(event_target_value(&event).parse().unwrap_or(1))/>
            <button type="button" class="quiet" aria-label=t(w::RUN) title=t(w::RUN) disabled=last
                on:click=move |_| go(next_stop(desk, at(), all.get_untracked()))>"▶▶"</button>
            <span class="dim" role="status">{text}</span>
        </div>
    }
}

/// Where a run from a figure ends: in front of the next stop, or behind the last figure.
fn next_stop(desk: Desk, at: usize, all: usize) -> usize {
    let next = desk
        .stops
        .with_untracked(|stops| stops.range(at + 1..).next().copied());
    next.unwrap_or(all)
}

/// Steps that belong together.
#[component]
fn Figure(desk: Desk, at: usize, group: Group) -> impl IntoView {
    let lang = Shell::here().lang;
    let future = move || at >= desk.cursor.get();
    let name = desk.run.with_untracked(|run| {
        let sheet = &run.sheet;
        let name = |line: usize| &sheet.values()[sheet.lines()[line].output].name;
        let first = name(group.lines.start);
        // What is cut in halves is called by its whole.
        let whole = first == "ascii";
        let named = if whole {
            first
        } else {
            name(group.lines.end - 1)
        };
        named.clone()
    });
    let title = move || title(&name, lang.get());
    let rows = group.rows.into_iter();
    let rows = rows
        .map(|row| view! { <ValueRow desk row/> })
        .collect_view();
    view! {
        <li class="figure" class:future=future>
            <h3>
                <button type="button" class="number" title=t(w::RUN_TO)
                    on:click=move |_| desk.cursor.set(at + 1)>
                    {at + 1}
                </button>
                {title}
                {(at > 0).then(|| view! { <Stop desk at/> })}
            </h3>
            <div class="rows">{rows}</div>
        </li>
    }
}

/// The mark in front of which a run stops.
#[component]
fn Stop(desk: Desk, at: usize) -> impl IntoView {
    let on = move || desk.stops.with(|stops| stops.contains(&at));
    let pressed = move || if on() { "true" } else { "false" };
    let sign = move || if on() { "●" } else { "○" };
    view! {
        <button type="button" class="stop" aria-pressed=pressed aria-label=t(w::STOP) title=t(w::STOP)
            on:click=move |_| desk.stop_at(at)>{sign}</button>
    }
}

/// Leaves a step out, or takes it in again; nothing for a step that cannot be left out.
#[component]
fn Skip(desk: Desk, step: usize) -> impl IntoView {
    let lang = Shell::here().lang;
    let can = move || {
        desk.optional
            .with(|optional| optional.get(step) == Some(&true))
    };
    let off = move || desk.skipped.with(|skipped| skipped.contains(&step));
    let pressed = move || if off() { "true" } else { "false" };
    let words = move || if off() { w::SKIPPED } else { w::SKIP }.say(lang.get());
    view! {
        <button type="button" class="link small leave" hidden=move || !can() && !off()
            aria-pressed=pressed on:click=move |_| desk.skip(step)>{words}</button>
    }
}

/// How much of a value the last change moved.
fn moved(desk: Desk, value: usize, lang: crate::words::Lang) -> Option<String> {
    let change = desk.changes.with(|changes| changes.get(value).cloned())??;
    let digits = change.nibbles.iter().flatten().filter(|on| **on).count();
    let places = [
        ("digits", &*digits.to_string()),
        ("bits", &*change.bits.to_string()),
    ];
    (change.bits > 0).then(|| w::DELTA.with(lang, &places))
}

/// What a figure is called: by the value it ends with.
fn title(name: &str, lang: crate::words::Lang) -> String {
    let stem = stem(name);
    if matches!(stem, "part" | "weak")
        && let Some((_, number)) = name.rsplit_once('_')
    {
        return w::PART_NUMBER.with(lang, &[("number", number)]);
    }
    if stem == "chain"
        && let Some((_, number)) = name.rsplit_once('_')
    {
        return w::BLOCK_NUMBER.with(lang, &[("number", number)]);
    }
    if stem == "key" && name != "key" {
        let counter = name.trim_start_matches("key_").trim_start_matches('0');
        return w::KEY_OF_COUNTER.with(lang, &[("counter", counter)]);
    }
    working::value(stem).map_or_else(|| name.to_owned(), |text| text.say(lang).to_owned())
}

/// One value: what joins it, its name, its bytes, and the formula that made it.
#[component]
pub fn ValueRow(desk: Desk, row: Row) -> impl IntoView {
    let lang = Shell::here().lang;
    let (name, len) = desk.run.with_untracked(|run| {
        let value = &run.sheet.values()[row.value];
        (value.name.clone(), value.len())
    });
    let said = {
        let name = name.clone();
        move || working::value(stem(&name)).map(|text| text.say(lang.get()))
    };
    let formula = move || {
        row.formula
            .map(|formula| working::formula(formula, lang.get()))
    };
    let made = row.formula.is_some();
    let delta = move || moved(desk, row.value, lang.get());
    let off = move || {
        row.step
            .is_some_and(|step| desk.skipped.with(|all| all.contains(&step)))
    };
    let folds = row.fold.map(|block| {
        let lines = (1..=len.div_ceil(block)).map(|line| {
            let sign = if line > 1 { "⊕" } else { "" };
            view! { <span><b>{sign}</b>" M"{line}</span> }
        });
        view! { <div class="folds dim mono" aria-hidden="true">{lines.collect_view()}</div> }
    });
    view! {
        <div class="vrow" class:made=made class:off=off>
            <span class="sign" aria-hidden="true">{row.sign}</span>
            <span class="vname"><span>{said}</span> <code>{name}</code></span>
            <div class="vbytes" class:folded=row.fold.is_some()>{folds}<Bytes desk row/></div>
            <div class="formula">
                <code class="dim">{formula}</code>
                {row.step.map(|step| view! { <Skip desk step/> })}
                <span class="delta">{delta}</span>
            </div>
        </div>
    }
}
