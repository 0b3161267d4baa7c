//! Answers to "what is this?": terms, fields, codes, tags, values, message types, finding codes.
//!
//! One question may have several answers (`95` is a tag and a response code); all are given, the
//! likeliest first. A question without an answer has suggestions instead.

mod answer;
mod value;

use crate::words::nearest::{closeness, fold};
use crate::words::{CodeList, FindingWords, Glossary, Lang, emv_tag, emv_tags, findings};
use serde::Serialize;

/// What kind of thing an explanation explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExplanationKind {
    /// A code of a list.
    Code,
    /// A data element.
    Field,
    /// A finding code.
    Finding,
    /// A message type.
    MessageType,
    /// An EMV tag.
    Tag,
    /// A term of the glossary.
    Term,
    /// A field or tag together with its value.
    Value,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// What it explains.
    pub kind: ExplanationKind,
    /// What one asks for to see it again: `DE4`, `39=51`, `9F10`, `reversal`.
    pub key: String,
    /// A title in the language asked for.
    pub title: String,
    /// What there is to say, in order.
    pub lines: Vec<Line>,
    /// Where to read on; each is a question that has an answer.
    pub see: Vec<String>,
}

/// One line of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What the line tells; empty for plain prose.
    pub label: String,
    /// The text.
    pub text: String,
}

/// A list of things that have an explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listing {
    /// What the list holds.
    pub title: String,
    /// Question and title of each.
    pub items: Vec<(String, String)>,
}

/// Every answer to a question, the likeliest first; empty when there is none.
#[must_use]
pub fn explain(question: &str, lang: Lang) -> Vec<Explanation> {
    let question = question.trim();
    if let Some((left, right)) = question.split_once('=') {
        return value::answers(left.trim(), right.trim(), lang);
    }
    let glossary = Glossary::builtin();
    let mut found = Vec::new();
    found.extend(answer::finding(question, lang));
    found.extend(answer::field(question, &glossary, lang));
    let field_says_it = !found.is_empty();
    found.extend(answer::message_type(question, lang));
    let term = glossary.find(question).filter(|_| !field_says_it);
    found.extend(term.map(|term| answer::term(term, &glossary, lang)));
    found.extend(answer::tag(question, &glossary, lang));
    found.extend(answer::codes(question, lang));
    found
}

/// Questions that the asker may have meant, best first; at most five.
#[must_use]
pub fn suggestions(question: &str) -> Vec<String> {
    let glossary = Glossary::builtin();
    let left = question.split('=').next().unwrap_or_default().trim();
    let mut close: Vec<String> = glossary
        .nearest(left)
        .into_iter()
        .map(str::to_owned)
        .collect();
    close.extend(near_slugs(left));
    let tag = fold(left);
    if tag.len() > 2 {
        close.extend(
            emv_tags()
                .filter(|t| closeness(&tag, t.tag) == Some(1))
                .map(|t| t.tag.into()),
        );
    }
    if fold(left).chars().count() > 1 {
        close.extend(glossary.search(left).into_iter().map(|t| t.en.to_owned()));
    }
    let mut seen = Vec::new();
    for name in close {
        if !seen.contains(&name) && seen.len() < 5 {
            seen.push(name);
        }
    }
    seen
}

/// Everything that can be asked for, list by list.
#[must_use]
pub fn listings(lang: Lang) -> Vec<Listing> {
    let listing = |en: &str, zh: &str, items| {
        let title = if lang == Lang::Zh { zh } else { en };
        Listing {
            title: title.to_owned(),
            items,
        }
    };
    let terms = Glossary::builtin()
        .terms()
        .iter()
        .map(|t| (t.en.to_owned(), t.zh.to_owned()))
        .collect();
    let tags = emv_tags()
        .map(|t| (t.tag.to_owned(), t.name.say(lang).to_owned()))
        .collect();
    let slugs = findings()
        .iter()
        .map(|f| (f.slug.to_owned(), f.title.say(lang).to_owned()))
        .collect();
    let mut lists = vec![
        listing("terms", "术语", terms),
        listing("fields", "域", answer::all_fields(lang)),
        listing("EMV tags", "EMV 标签", tags),
        listing("finding codes", "诊断代码", slugs),
    ];
    lists.extend(CodeList::ALL.into_iter().map(|list| {
        let ask = |code: &str| question_of(list, code);
        let items = list
            .codes()
            .map(|c| (ask(c.code), c.text.say(lang).to_owned()))
            .collect();
        listing(list.title().en, list.title().zh, items)
    }));
    lists
}

/// The question that a code of a list answers.
fn question_of(list: CodeList, code: &str) -> String {
    match list {
        CodeList::Response | CodeList::ReversalReason => format!("39={code}"),
        CodeList::Processing => format!("3={code}"),
        CodeList::EntryMode => format!("22={code}"),
        CodeList::Condition => format!("25={code}"),
        CodeList::UnionPayTransaction => format!("60.1={code}"),
        CodeList::UnionPayNetwork => format!("60.3={code}"),
        CodeList::Network => format!("70={code}"),
        CodeList::CardOrganisation => format!("63.1={code}"),
        CodeList::Mcc => format!("18={code}"),
        CodeList::Country => format!("19={code}"),
        CodeList::Account
        | CodeList::AmountType
        | CodeList::PosData
        | CodeList::HeaderRequirement
        | CodeList::Service => code.to_owned(),
    }
}

/// Finding codes close to a misspelt one.
fn near_slugs(name: &str) -> Vec<String> {
    let all: Vec<FindingWords> = findings();
    let close =
        |slug: &str| closeness(name, slug).is_some() || (name.len() > 3 && slug.contains(name));
    all.iter()
        .filter(|f| close(f.slug))
        .map(|f| f.slug.to_owned())
        .collect()
}

/// Whether a text is a tag of the dictionary, and how it is written there.
fn known_tag(text: &str) -> Option<&'static str> {
    let bare = text
        .strip_prefix("tag ")
        .or_else(|| text.strip_prefix("tag:"))
        .unwrap_or(text);
    emv_tag(bare.trim()).map(|tag| tag.tag)
}

#[cfg(test)]
mod tests;
