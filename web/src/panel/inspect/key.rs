//! The MAC of the message under a key, checked where the other checks stand.
//!
//! Inspect has no cipher: it asks the module that has, which answers within the same call, see
//! [`super::cipher`]. The key stays in the field it was typed into.

use super::desk::Desk;
use super::mac::{has_mac, own_question};
use super::reading::Reading;
use crate::browser::{event, lab};
use crate::dom::{El, el, live};
use crate::panel::Module;
use crate::shell::Shell;
use crate::words::{Lang, inspect as w};
use leptos::prelude::*;
use poslab_core::view::mac::cipher_of;

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
pub fn mac_key(desk: Desk, said: RwSignal<Option<Said>>) -> El {
    let shell = Shell::here();
    let key = RwSignal::new(String::new());
    let has = Memo::new(move |_| desk.reading.with(|reading| has_mac(reading)));
    let came = RwSignal::new(());
    event::on(event::CALCULATED, move |text| {
        if text.is_empty() {
            came.set(());
        }
    });
    live(move || {
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
        said.with(|said| {
            said.as_ref()
                .map_or_else(String::new, |said| sentence(said, lang))
        })
    };
    let field = el("input", "mono")
        .attr("type", "password")
        .attr("id", "mac-key")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .live_value(move || key.get());
    let typed = field.clone();
    let wrong = move || match said.with(|said| matches!(said, Some(Said::Wrong(_)))) {
        true => "bad",
        false => "",
    };
    el("span", "row")
        .hidden(move || !has.get())
        .child(el("label", "small").attr("for", "mac-key").say(w::MAC_KEY))
        .child(field.on("input", move |_| key.set(typed.value())))
        .child(
            el("span", "")
                .attr("role", "status")
                .live_class(wrong)
                .live_text(words),
        )
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
    let question = own_question(reading)?;
    let cipher = reading.with_tree(cipher_of)?.name();
    let (rule, data, observed) = (question.rule.word(), question.data, question.observed);
    let question = format!("{rule}\n{data}\n{observed}\n{cipher}\n{key}");
    let Some(answer) = event::ask(event::CALC, event::CALCULATED, &question) else {
        return Some(Said::Loading);
    };
    let mut lines = answer.lines();
    let causes = |line: &str| {
        let (en, zh) = line.split_once('\t').unwrap_or((line, line));
        [en.to_owned(), zh.to_owned()]
    };
    Some(match lines.next() {
        Some("right") => Said::Right,
        Some("wrong") => Said::Wrong(lines.map(causes).collect()),
        _ => Said::NoKey,
    })
}
