//! Every sentence of the page, in English and Chinese.
//!
//! The sentences stand in `core/words/page/*.json`, one file per panel; the build script makes a
//! constant of each. A key without a sentence does not compile, a sentence without its twin stops
//! the build. In a view: `use crate::words::{t, inspect as w};` and `{t(w::PASTE_HERE)}`.

pub use poslab_core::words::Lang;

use crate::shell::Shell;
use leptos::prelude::*;
use poslab_core::spec::Name;

/// The other language.
pub fn other(lang: Lang) -> Lang {
    match lang {
        Lang::En => Lang::Zh,
        Lang::Zh => Lang::En,
    }
}

/// One sentence in both languages; `{name}` marks what [`Phrase::with`] fills in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// English.
    pub en: &'static str,
    /// 简体中文.
    pub zh: &'static str,
}

impl Phrase {
    /// The sentence in one language.
    pub fn say(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }

    /// The sentence with its places filled: `with(lang, &[("count", "12")])` for `{count}`.
    pub fn with(self, lang: Lang, places: &[(&str, &str)]) -> String {
        let mut text = self.say(lang).to_owned();
        for (name, value) in places {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }
}

/// A sentence in which terms of the glossary are marked, in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marked {
    /// English.
    pub en: &'static [Part],
    /// 简体中文.
    pub zh: &'static [Part],
}

/// A part of such a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Words.
    Text(&'static str),
    /// A term.
    Term {
        /// As the sentence says it.
        label: &'static str,
        /// Where Learn explains it.
        href: &'static str,
        /// What the glossary says of it.
        said: &'static str,
    },
}

/// The sentence in the language of the moment, its terms leading to Learn, with what the glossary
/// says of them under the pointer.
pub fn terms(marked: Marked) -> impl Fn() -> AnyView + Copy + Send + Sync + 'static {
    let lang = Shell::here().lang;
    move || {
        let parts = match lang.get() {
            Lang::En => marked.en,
            Lang::Zh => marked.zh,
        };
        parts.iter().map(draw_part).collect_view().into_any()
    }
}

fn draw_part(part: &Part) -> AnyView {
    match *part {
        Part::Text(words) => words.into_any(),
        Part::Term { label, href, said } => {
            view! { <a class="term" href=href title=said>{label}</a> }.into_any()
        }
    }
}

/// A name of core in a language; in English where it has no other.
pub fn named(name: &Name, lang: Lang) -> &str {
    match lang {
        Lang::Zh if !name.zh.is_empty() => &name.zh,
        _ => &name.en,
    }
}

/// The sentence in the language of the moment; a view that holds it follows the switch.
pub fn t(phrase: Phrase) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    let lang = Shell::here().lang;
    move || phrase.say(lang.get())
}

include!(concat!(env!("OUT_DIR"), "/words.rs"));
