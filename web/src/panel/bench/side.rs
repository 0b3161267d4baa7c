//! Beside the picture: the chosen byte, what it hangs together with, and why two values differ.

use super::desk::Desk;
use super::row::cell;
use crate::shell::Shell;
use crate::words::{Lang, bench as w, t};
use leptos::prelude::*;
use poslab_core::crypto::calc::explain::explain;
use poslab_core::view::working::{Sheet, Shown, Tie};
use poslab_core::words::working;

/// The chosen byte.
#[component]
pub fn Chosen(desk: Desk) -> impl IntoView {
    let lang = Shell::here().lang;
    let card = move || {
        let (index, place) = desk.pick.get()?;
        let ties = desk.ties.get();
        let lang = lang.get();
        desk.run.with(|run| {
            let value = run.sheet.values().get(index)?;
            let byte = *value.reveal().get(place)?;
            let name = working::value(super::groups::stem(&value.name));
            let name = name.map_or_else(String::new, |text| text.say(lang).to_owned());
            let sources = tied(&run.sheet, &ties, Tie::Source, lang);
            let results = tied(&run.sheet, &ties, Tie::Result, lang);
            let at = [("at", &*(place + 1).to_string()), ("all", &*value.len().to_string())];
            Some(view! {
                <p class="dim"><code>{value.name.clone()}</code> " " {name}</p>
                <p class="value mono">{cell(value, place)}</p>
                <dl class="facts">
                    <dt>{w::PLACE.say(lang)}</dt><dd>{w::PLACE_OF.with(lang, &at)}</dd>
                    <dt>{w::BITS.say(lang)}</dt><dd class="mono">{format!("{:04b} {:04b}", byte >> 4, byte & 15)}</dd>
                </dl>
                <h3 class="label"><i class="key source" aria-hidden="true"></i>{w::COMES_FROM.say(lang)}</h3>
                {list(sources, w::NOTHING.say(lang))}
                <h3 class="label"><i class="key result" aria-hidden="true"></i>{w::GOES_TO.say(lang)}</h3>
                {list(results, w::NOTHING.say(lang))}
            })
        })
    };
    view! {
        <section class="chosen" class:on=move || desk.pick.get().is_some() aria-label=t(w::CHOSEN)>
            <div class="row spread">
                <h2 class="label">{t(w::CHOSEN)}</h2>
                <button type="button" class="link close" aria-label=t(w::CLOSE)
                    on:click=move |_| desk.pick.set(None)>"✕"</button>
            </div>
            <p class="dim prose" hidden=move || desk.pick.get().is_some()>{t(w::CHOOSE)}</p>
            {card}
        </section>
    }
}

/// Rows of a list, or a word when it is empty.
fn list(rows: Vec<String>, nothing: &'static str) -> AnyView {
    if rows.is_empty() {
        return view! { <p class="dim">{nothing}</p> }.into_any();
    }
    let rows = rows.into_iter().map(|row| view! { <li>{row}</li> });
    view! { <ul class="ties">{rows.collect_view()}</ul> }.into_any()
}

/// The values with a tie, each with how many of its places.
fn tied(sheet: &Sheet, ties: &[Vec<Tie>], tie: Tie, lang: Lang) -> Vec<String> {
    let values = sheet.values().iter().zip(ties);
    let row = |(value, row): (&Shown, &Vec<Tie>)| {
        let count = row.iter().filter(|one| **one == tie).count();
        let all = [
            ("count", &*count.to_string()),
            ("all", &*row.len().to_string()),
        ];
        let part = match count {
            0 => return None,
            _ if count == row.len() => w::WHOLE.say(lang).to_owned(),
            _ => w::PART.with(lang, &all),
        };
        Some(format!("{} · {part}", value.name))
    };
    values.filter_map(row).collect()
}

/// Two values differ: which known mistake makes the other one.
#[component]
pub fn Differ(desk: Desk) -> impl IntoView {
    let lang = Shell::here().lang;
    let ours = move || desk.run.with(|run| run.answer(desk.bench));
    let verdict = move || {
        let observed: String = desk.observed.get().split_whitespace().collect();
        let (inputs, mine) = desk
            .run
            .with(|run| (run.inputs.clone(), run.answer(desk.bench)));
        if observed.is_empty() {
            return None;
        }
        let lang = lang.get();
        if mine.is_some_and(|(_, mine)| mine.eq_ignore_ascii_case(&observed)) {
            return Some(view! { <p class="ok">"✓ " {w::SAME.say(lang)}</p> }.into_any());
        }
        let op = &desk.bench.stages.last()?.op;
        let causes = explain(op, &inputs, &observed).unwrap_or_default();
        if causes.is_empty() {
            // A message brings its bytes and its MAC, never its key.
            let words = if desk.waits_for_key() {
                w::GIVE_KEY
            } else {
                w::NO_CAUSE
            };
            return Some(view! { <p class="warn">"△ " {words.say(lang)}</p> }.into_any());
        }
        let rows = causes.into_iter().map(|cause| {
            let text = match lang {
                Lang::En => cause.english(),
                Lang::Zh => cause.chinese(),
            };
            view! { <li><p class="cause">{text}</p><code class="dim">{cause.code()}</code></li> }
        });
        Some(view! { <ul class="causes">{rows.collect_view()}</ul> }.into_any())
    };
    view! {
        <section class="differ" aria-label=t(w::DIFFER)>
            <h2 class="label">{t(w::DIFFER)}</h2>
            <p class="prose">{t(w::DIFFER_ABOUT)}</p>
            <dl class="facts">
                <dt>{t(w::OURS)}</dt>
                <dd class="mono">{move || ours().map(|(_, value)| value)}</dd>
            </dl>
            <div class="input wide">
                <label for="observed">{t(w::YOURS)}</label>
                <input id="observed" class="mono" spellcheck="false" autocomplete="off"
                    prop:value=move || desk.observed.get()
                    on:input=move |event| desk.observed.set(event_target_value(&event))/>
            </div>
            <div role="status">{verdict}</div>
        </section>
    }
}
