//! The MAC of the message under a key, checked where the other checks stand.
//!
//! Inspect has no cipher: it asks the module that has, which answers within the same call. The key
//! stays in the field it was typed into.

use super::desk::Desk;
use super::mac::{has_mac, question_with};
use super::reading::Reading;
use crate::browser::{event, lab};
use crate::panel::Module;
use crate::shell::Shell;
use crate::words::{Lang, inspect as w, t};
use leptos::prelude::*;
use poslab_core::crypto::calc::explain::answers;
use serde_json::{Value, json};

/// What a key says of the MAC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// It is the MAC of this message under this key.
    Right,
    /// It is not; the mistakes that alone explain it, in both languages.
    Wrong(Vec<[String; 2]>),
    /// This is no key for such a MAC.
    NoKey,
    /// The module with the ciphers is not there yet.
    Loading,
}

/// The field for a key, and what follows from it; nothing without a MAC.
#[component]
pub fn MacKey(desk: Desk, said: RwSignal<Option<Said>>) -> impl IntoView {
    let shell = Shell::here();
    let key = RwSignal::new(String::new());
    let has = Memo::new(move |_| desk.reading.with(|reading| has_mac(reading)));
    let came = RwSignal::new(());
    event::on(event::CALCULATED, move |text| {
        if text.is_empty() {
            came.set(());
        }
    });
    Effect::new(move || {
        came.track();
        let key: String = key.get().split_whitespace().collect();
        let answer = desk.reading.with(|reading| ask(reading, &key));
        if answer == Some(Said::Loading) {
            // When it cannot come, the words that it is loading stay.
            lab::open(Module::Crypto.name(), |_| ());
        }
        desk.mac_holds.set(match answer {
            Some(Said::Right) => Some(true),
            Some(Said::Wrong(_)) => Some(false),
            _ => None,
        });
        said.set(answer);
    });
    let words = move || {
        let lang = shell.lang.get();
        said.get().map(|said| sentence(&said, lang))
    };
    view! {
        <span class="row" hidden=move || !has.get()>
            <label class="small" for="mac-key">{t(w::MAC_KEY)}</label>
            <input type="password" id="mac-key" class="mono" autocomplete="off" spellcheck="false"
                prop:value=key on:input=move |event| key.set(event_target_value(&event))/>
            <span role="status" class:bad=move || matches!(said.get(), Some(Said::Wrong(_)))>{words}</span>
        </span>
    }
}

fn sentence(said: &Said, lang: Lang) -> String {
    match said {
        Said::Right => w::MAC_RIGHT.say(lang).to_owned(),
        Said::Wrong(causes) if causes.is_empty() => w::MAC_WRONG_ALONE.say(lang).to_owned(),
        Said::Wrong(causes) => {
            let causes = causes.iter().map(|[en, zh]| match lang {
                Lang::En => en.as_str(),
                Lang::Zh => zh.as_str(),
            });
            let causes = causes.collect::<Vec<_>>().join("; ");
            w::MAC_WRONG_BECAUSE.with(lang, &[("cause", &causes)])
        }
        Said::NoKey => w::MAC_NO_KEY.say(lang).to_owned(),
        Said::Loading => w::MAC_LOADING.say(lang).to_owned(),
    }
}

/// Asks for the MAC under the key and, where another one arrived, for the mistake behind it.
fn ask(reading: &Reading, key: &str) -> Option<Said> {
    if key.is_empty() {
        return None;
    }
    let question = question_with(reading, key)?;
    let Some(made) = calculated(&question) else {
        return Some(Said::Loading);
    };
    let observed = question["observed"].as_str().unwrap_or_default();
    let name = answers(question["op"].as_str().unwrap_or_default());
    let Some(made) = name.iter().find_map(|name| made["outputs"][name].as_str()) else {
        return Some(Said::NoKey);
    };
    if made.eq_ignore_ascii_case(observed) {
        return Some(Said::Right);
    }
    let answer = calculated(&json!({"op": "explain_mismatch", "inputs": question}))?;
    let text = |cause: &Value, name: &str| cause[name].as_str().unwrap_or_default().to_owned();
    let causes = answer["outputs"]["causes"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let both = |cause: &Value| [text(cause, "explanation"), text(cause, "zh")];
    Some(Said::Wrong(causes.iter().map(both).collect()))
}

fn calculated(question: &Value) -> Option<Value> {
    let answer = event::ask(event::CALC, event::CALCULATED, &question.to_string())?;
    serde_json::from_str(&answer).ok()
}
