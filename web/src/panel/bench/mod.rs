//! The Bench, the twin of `poslab mac`, `pin`, `key`, `card`, `emv` and `calc`: one algorithm is
//! one picture of its data flow.
//!
//! The page computes nothing: [`run`](self::run) asks the core, [`groups`] says which of its steps stand
//! together, [`picture`] and [`strip`] draw them, [`side`] tells what a byte hangs together with
//! and why two values differ. [`data`] is the list, each entry with the vector it opens with.

mod data;
mod desk;
mod form;
mod groups;
mod legend;
mod picture;
mod row;
mod run;
mod side;
mod strip;
mod tree;

pub use run::answer;

use crate::browser::handover;
use crate::shell::{Route, Shell};
use crate::words::{Phrase, bench as w, t, terms};
use desk::Desk;
use form::Form;
use leptos::prelude::*;
use picture::Picture;
use serde_json::Value;
use side::{Chosen, Differ};

/// The families, in the order of the list.
const FAMILIES: [(&str, Phrase); 8] = [
    ("mac", w::FAMILY_MAC),
    ("pin", w::FAMILY_PIN),
    ("verify", w::FAMILY_VERIFY),
    ("key", w::FAMILY_KEY),
    ("dukpt", w::FAMILY_DUKPT),
    ("block", w::FAMILY_BLOCK),
    ("emv", w::FAMILY_EMV),
    ("line", w::FAMILY_LINE),
];

/// The algorithm the Bench opens with.
const FIRST: &str = "unionpay";

/// Draws the panel.
pub fn draw(_: &str) -> AnyView {
    view! { <Bench/> }.into_any()
}

/// The panel: the list, and the open algorithm.
#[component]
fn Bench() -> impl IntoView {
    let shell = Shell::here();
    let given = RwSignal::new(None::<Value>);
    Effect::new(move || {
        shell.route.track();
        let handed = handover::take().and_then(|text| serde_json::from_str::<Value>(&text).ok());
        let Some(handed) = handed else { return };
        let op = handed["op"].as_str().unwrap_or_default();
        if let Some(bench) = data::of_op(op) {
            given.set(Some(handed));
            shell.go(&route(&bench.id));
        }
    });
    let id = Memo::new(move |before: Option<&String>| {
        let route = shell.route.get();
        match (route.panel.as_str(), route.rest.as_str()) {
            ("bench", "") => FIRST.to_owned(),
            ("bench", rest) => rest.to_owned(),
            _ => before.cloned().unwrap_or_else(|| FIRST.to_owned()),
        }
    });
    let open = move || {
        let id = id.get();
        let asked = asked(&id);
        let bench = data::find(asked.unwrap_or(&id));
        let given = given.get();
        let given = given.filter(|given| given["op"] == bench.stages[0].op.as_str());
        let desk = Desk::new(bench, given.as_ref());
        view! { <Open desk asking=asked.is_some()/> }
    };
    view! {
        <div class="bench">
            <List id/>
            {open}
        </div>
    }
}

/// The algorithm of which the panel "two values differ" asks: `differ`, or `differ.cvv`.
fn asked(id: &str) -> Option<&str> {
    let rest = id.strip_prefix("differ")?;
    Some(rest.strip_prefix('.').unwrap_or(FIRST))
}

fn route(id: &str) -> Route {
    Route {
        panel: "bench".into(),
        rest: id.into(),
    }
}

/// The list of algorithms; on a small screen a choice.
#[component]
fn List(id: Memo<String>) -> impl IntoView {
    let shell = Shell::here();
    let link = move |own: &'static str, title: Signal<String>| {
        let current = move || {
            let open = id.with(|id| {
                if asked(id).is_some() {
                    "differ" == own
                } else {
                    id == own
                }
            });
            open.then_some("page")
        };
        view! { <li><a href=format!("#bench?{own}") aria-current=current>{title}</a></li> }
    };
    let title = move |bench: &'static data::Bench| {
        Signal::derive(move || bench.title(shell.lang.get()).to_owned())
    };
    let families = FAMILIES.map(|(family, name)| {
        let own = data::ALL.iter().filter(|bench| bench.family == family);
        let links = own.map(|bench| link(&bench.id, title(bench)));
        view! { <h2 class="label">{t(name)}</h2><ul>{links.collect_view()}</ul> }
    });
    let options = move || {
        let lang = shell.lang.get();
        let own = data::ALL.iter().map(move |bench| {
            let on = move || id.get() == bench.id;
            view! { <option value=bench.id.clone() prop:selected=on>{bench.title(lang).to_owned()}</option> }
        });
        let differ = move || id.with(|id| asked(id).is_some());
        view! {
            <option value="differ" prop:selected=differ>{w::DIFFER.say(lang)}</option>
            {own.collect_view()}
        }
    };
    let differ = Signal::derive(move || w::DIFFER.say(shell.lang.get()).to_owned());
    view! {
        <nav class="benches" aria-label=t(w::ALGORITHMS)>
            <select aria-label=t(w::ALGORITHMS)
                on:change=move |event| shell.go(&route(&event_target_value(&event)))>
                {options}
            </select>
            <div class="families">
                <ul>{link("differ", differ)}</ul>
                {families.collect_view()}
            </div>
        </nav>
    }
}

/// One algorithm: the sentence, where its vector is from, the form, the picture, the side.
#[component]
fn Open(desk: Desk, asking: bool) -> impl IntoView {
    let shell = Shell::here();
    Effect::new(move || {
        let line = desk.run.with(|run| run::command(&run.lines));
        if shell.route.get().panel == "bench" {
            shell.same_as(&line);
        }
    });
    view! {
        <div class="open">
            <Head desk asking/>
            <div class="desk" class:asking=asking>
                <div class="work">
                    {asking.then(|| view! { <Which desk/> })}
                    <Form desk/>
                    {asking.then(|| view! { <Differ desk/> })}
                    {strip::strip(desk)}
                    <Picture desk/>
                </div>
                <aside class="side">
                    <Result desk/>
                    <Chosen desk/>
                    {(!asking).then(|| view! { <Differ desk/> })}
                </aside>
            </div>
        </div>
    }
}

/// The choice of the algorithm that made the two values.
#[component]
fn Which(desk: Desk) -> impl IntoView {
    let shell = Shell::here();
    let options = move || {
        let lang = shell.lang.get();
        let own = data::ALL.iter().map(move |bench| {
            let on = bench.id == desk.bench.id;
            view! { <option value=bench.id.clone() selected=on>{bench.title(lang).to_owned()}</option> }
        });
        own.collect_view()
    };
    let choose = move |event| shell.go(&route(&format!("differ.{}", event_target_value(&event))));
    view! {
        <div class="input which">
            <label for="which">{t(w::ALGORITHM)}</label>
            <select id="which" on:change=choose>{options}</select>
        </div>
    }
}

/// The sentence and the evidence.
#[component]
fn Head(desk: Desk, asking: bool) -> impl IntoView {
    let lang = Shell::here().lang;
    let bench = desk.bench;
    let sentence = move || {
        let lang = lang.get();
        if asking {
            w::DIFFER_SENTENCE.say(lang)
        } else {
            bench.about(lang)
        }
    };
    let evidence = match bench.kind.as_str() {
        "published" => w::PUBLISHED,
        "two" => w::TWO,
        _ => w::CONSTRUCTED,
    };
    let vectors: Vec<&str> = bench
        .stages
        .iter()
        .map(|stage| stage.vector.as_str())
        .collect();
    let vectors = vectors.join(", ");
    let gaps = Memo::new(move |_| desk.skipped.with(|skipped| skipped.len()));
    let left_out = move || {
        let count = gaps.get().to_string();
        format!("✕ {}", w::GAPS.with(lang.get(), &[("count", &*count)]))
    };
    let own = Memo::new(move |_| {
        let other = desk.fields.with(|fields| *fields != run::fields(bench));
        other || desk.refused.get().is_some()
    });
    let matches = Memo::new(move |_| desk.run.with(|run| run.matches));
    let badge = {
        let vectors = vectors.clone();
        move || {
            let places = [("id", vectors.as_str())];
            let lang = lang.get();
            match (desk.handed, own.get(), matches.get()) {
                (true, true, _) => ("chip now", w::HANDED.say(lang).to_owned()),
                (_, false, true) => ("chip ok", format!("✓ {}", w::MATCHES.with(lang, &places))),
                (_, false, false) => ("chip bad", format!("✕ {}", w::MISSES.with(lang, &places))),
                (_, true, _) => ("chip warn", format!("△ {}", w::CHANGED.say(lang))),
            }
        }
    };
    let class = {
        let badge = badge.clone();
        move || badge().0
    };
    // With a step left out there is nothing to match, and the other chip says so.
    let silent = move || gaps.get() > 0 && !own.get();
    view! {
        <header class="head">
            <p class="label">{move || bench.title(lang.get()).to_owned()}</p>
            <h1 class="sentence">{sentence}</h1>
            <div class="chips">
                <span class=class hidden=silent>{move || badge().1}</span>
                <span class="chip" hidden=move || own.get() || silent()>{t(evidence)}</span>
                <span class="chip bad" hidden=move || gaps.get() == 0>{left_out}</span>
                <button type="button" class="link small" hidden=move || !own.get() && !silent()
                    on:click=move |_| desk.reset()>{t(w::RESET)}</button>
            </div>
            <p class="dim source">{t(w::SOURCE)} " " {bench.source.clone()}</p>
            <p class="banner" role="note">{terms(w::TEST_KEYS_TERMS)}</p>
        </header>
    }
}

/// The result, large, and how much of it the last change moved.
#[component]
fn Result(desk: Desk) -> impl IntoView {
    let lang = Shell::here().lang;
    let answer = Memo::new(move |_| desk.run.with(|run| run.answer(desk.bench)));
    let moved = move || {
        let (name, _) = answer.get()?;
        let (changed, of) = desk.changes.with(|changes| {
            let index = desk.run.with(|run| run.sheet.find(&name))?;
            let change = changes.get(index)?.as_ref()?;
            Some((change.bits, change.nibbles.len() * 8))
        })?;
        let places = [("count", &*changed.to_string()), ("all", &*of.to_string())];
        Some(w::MOVED.with(lang.get(), &places))
    };
    let name = move || answer.get().map(|(name, _)| name);
    let value = move || answer.get().map(|(_, value)| value);
    view! {
        <section class="result" aria-label=t(w::RESULT)>
            <h2 class="label">{t(w::RESULT)} " " <code>{name}</code></h2>
            <output class="value mono">{value}</output>
            <p class="dim" role="status">{moved}</p>
        </section>
    }
}
