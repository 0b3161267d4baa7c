//! The inputs of an algorithm; every change computes again at once.

use super::desk::Desk;
use super::run::{Field, Kind};
use crate::shell::Shell;
use crate::words::{Lang, bench as w, t};
use leptos::prelude::*;
use poslab_core::words::working;

/// The form.
#[component]
pub fn Form(desk: Desk) -> impl IntoView {
    let count = desk.fields.with_untracked(Vec::len);
    let inputs = (0..count).map(|index| view! { <Input desk index/> });
    let lang = Shell::here().lang;
    let refused = move || {
        desk.refused.get().map(|refusal| {
            let input = refusal.input.map(|name| said(name, lang.get()));
            let place = input.map_or_else(String::new, |input| format!("{input}: "));
            format!("✕ {} · {place}{}", refusal.code, refusal.message)
        })
    };
    view! {
        <section class="form" aria-label=t(w::INPUTS)>
            <h2 class="label">{t(w::INPUTS)}</h2>
            <div class="inputs">{inputs.collect_view()}</div>
            <p class="bad" role="status">{refused}</p>
        </section>
    }
}

/// What an input is called.
fn said(name: &str, lang: Lang) -> String {
    working::value(name).map_or_else(|| name.to_owned(), |text| text.say(lang).to_owned())
}

/// One input: a line of text, a choice, or yes and no.
#[component]
fn Input(desk: Desk, index: usize) -> impl IntoView {
    let lang = Shell::here().lang;
    let field = desk.fields.with_untracked(|fields| fields[index].clone());
    let Field { name, kind, .. } = field;
    let id = format!("in-{}-{name}", field.stage);
    let text = move || {
        desk.fields.with(|fields| {
            fields
                .get(index)
                .map_or_else(String::new, |one| one.text.clone())
        })
    };
    let mid = (24..=40).contains(&field.text.len());
    let wide = matches!(kind, Kind::Text | Kind::List) && field.text.len() > 40;
    let wrong = {
        let name = name.clone();
        move || {
            let refused = desk.refused.get();
            let named = refused.and_then(|refusal| refusal.input);
            (named == Some(name.as_str())).then_some("true")
        }
    };
    let control = match kind {
        Kind::Choice(words) => choice(desk, index, &id, words),
        Kind::Switch => choice(desk, index, &id, &["true", "false"]),
        Kind::Text | Kind::List if wide => view! {
            <textarea id=id.clone() rows="2" spellcheck="false" autocomplete="off" aria-invalid=wrong
                prop:value=text on:input=move |event| desk.edit(index, event_target_value(&event))>
            </textarea>
        }
        .into_any(),
        Kind::Text | Kind::List => view! {
            <input id=id.clone() class="mono" spellcheck="false" autocomplete="off" aria-invalid=wrong
                prop:value=text on:input=move |event| desk.edit(index, event_target_value(&event))/>
        }
        .into_any(),
    };
    let label = {
        let name = name.clone();
        move || said(&name, lang.get())
    };
    view! {
        <div class="input" class:wide=wide class:mid=mid>
            <label for=id>{label} " " <code class="dim">{name}</code></label>
            {control}
        </div>
    }
}

/// A choice between a few words.
fn choice(desk: Desk, index: usize, id: &str, words: &'static [&'static str]) -> AnyView {
    let now = desk
        .fields
        .with_untracked(|fields| fields[index].text.clone());
    let own = (!words.contains(&now.as_str())).then(|| now.clone());
    let options = words.iter().map(|word| word.to_string()).chain(own);
    let options = options.map(|word| {
        let chosen = word.clone();
        let on = move || desk.fields.with(|fields| fields[index].text == chosen);
        view! { <option value=word.clone() prop:selected=on>{word.clone()}</option> }
    });
    view! {
        <select id=id.to_owned() on:change=move |event| desk.edit(index, event_target_value(&event))>
            {options.collect_view()}
        </select>
    }
    .into_any()
}
