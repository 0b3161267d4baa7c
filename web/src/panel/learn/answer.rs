//! The answers to a question, or what the asker may have meant.

use super::address::encoded;
use crate::shell::Shell;
use crate::words::{Lang, Phrase, learn as w, terms};
use leptos::prelude::*;
use poslab_core::view::explain::{Explanation, ExplanationKind, Line, explain, suggestions};

/// Every answer, the likeliest first.
#[component]
pub fn Answers(question: RwSignal<String>) -> impl IntoView {
    let shell = Shell::here();
    let answers = Memo::new(move |_| explain(question.get().trim(), shell.lang.get()));
    move || {
        let asked = question.get().trim().to_owned();
        let found = answers.get();
        let lang = shell.lang.get();
        match (asked.is_empty(), found.is_empty()) {
            (true, _) => view! { <p class="prose">{terms(w::INTRO_TERMS)}</p> }.into_any(),
            (false, true) => unknown(&asked, lang),
            (false, false) => found
                .into_iter()
                .map(|one| card(one, lang))
                .collect_view()
                .into_any(),
        }
    }
}

/// What kind of thing an answer is about.
fn kind(kind: ExplanationKind) -> Phrase {
    match kind {
        ExplanationKind::Code => w::CODE,
        ExplanationKind::Field => w::FIELD,
        ExplanationKind::Finding => w::FINDING,
        ExplanationKind::MessageType => w::MESSAGE_TYPE,
        ExplanationKind::Tag => w::TAG,
        ExplanationKind::Term => w::TERM,
        ExplanationKind::Value => w::VALUE,
    }
}

/// One answer: kind, title, prose, facts, and where to read on.
fn card(answer: Explanation, lang: Lang) -> AnyView {
    let (facts, prose): (Vec<Line>, Vec<Line>) = answer
        .lines
        .into_iter()
        .partition(|line| !line.label.is_empty());
    let prose = prose
        .into_iter()
        .map(|line| view! { <p class="prose learn-prose">{line.text}</p> });
    let fact = |line: Line| {
        // A bit that is not set is shown, but steps back.
        let off = line.text.starts_with("0 ");
        view! { <dt>{line.label}</dt> <dd class:dim=off>{line.text}</dd> }
    };
    let links = links(&answer.see);
    let no_links = answer.see.is_empty();
    view! {
        <article class="answer">
            <p class="label">{kind(answer.kind).say(lang)}</p>
            <h2 class="sentence">{answer.title}</h2>
            {prose.collect_view()}
            <dl class="facts">{facts.into_iter().map(fact).collect_view()}</dl>
            <p class="row" hidden=no_links><span class="dim">{w::SEE.say(lang)}</span> {links}</p>
        </article>
    }
    .into_any()
}

/// No answer: what is close.
fn unknown(asked: &str, lang: Lang) -> AnyView {
    let meant = suggestions(asked);
    let none = meant.is_empty();
    view! {
        <article class="answer">
            <p>{w::UNKNOWN.with(lang, &[("question", asked)])}</p>
            <p class="row" hidden=none><span class="dim">{w::MEANT.say(lang)}</span> {links(&meant)}</p>
        </article>
    }
    .into_any()
}

/// Links to other questions.
fn links(names: &[String]) -> AnyView {
    let link = |name: &String| {
        let href = format!("#learn?{}", encoded(name));
        view! { <a class="learn-link" href=href>{name.clone()}</a> }
    };
    names.iter().map(link).collect_view().into_any()
}
