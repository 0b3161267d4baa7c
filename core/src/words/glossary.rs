//! The glossary: every term of the trade with its Chinese name and one sentence in each language.
//!
//! It is one JSON file under `core/words`, parsed when somebody asks for it, since only the
//! explaining parts of the product need it.

use super::Lang;
use super::nearest::{closeness, fold};
use crate::data::text_file;
use serde::Deserialize;

/// One term.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Term {
    /// The English term.
    pub en: &'static str,
    /// The Chinese term, with other names in parentheses.
    pub zh: &'static str,
    /// What an abbreviation stands for, or where the thing is found; may be empty.
    pub expansion: &'static str,
    /// Abbreviations, field numbers and tags under which the term is also found.
    pub aliases: Vec<&'static str>,
    /// One sentence.
    pub say: Sentences,
    /// Other terms of the glossary worth reading.
    pub see: Vec<&'static str>,
    /// Where the knowledge comes from.
    pub source: &'static str,
}

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Sentences {
    /// English.
    pub en: &'static str,
    /// Simplified Chinese.
    pub zh: &'static str,
}

impl Sentences {
    /// The sentence in one language.
    #[must_use]
    pub const fn say(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }
}

/// All terms, in the order in which a reader would meet them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Glossary {
    terms: Vec<Term>,
}

impl Glossary {
    /// The glossary that comes with poslab.
    #[must_use]
    pub fn builtin() -> Self {
        let terms = serde_json::from_str::<Vec<Term>>(text_file!("words/glossary.json").read());
        Self {
            terms: terms.unwrap_or_default(),
        }
    }

    /// Every term.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The term with this English or Chinese name, abbreviation, field number or tag.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Term> {
        let name = fold(name);
        let named = |term: &&Term| term.names().any(|own| fold(own) == name);
        self.terms
            .iter()
            .find(|term| fold(term.en) == name)
            .or_else(|| self.terms.iter().find(named))
    }

    /// Every term that has the text in a name or, after those, in its sentences.
    #[must_use]
    pub fn search(&self, text: &str) -> Vec<&Term> {
        let text = fold(text);
        let in_name = |term: &&Term| term.names().any(|own| fold(own).contains(&text));
        let in_sentence = |term: &&Term| {
            [term.say.en, term.say.zh, term.expansion]
                .iter()
                .any(|own| fold(own).contains(&text))
        };
        let first = self.terms.iter().filter(in_name);
        let then = self
            .terms
            .iter()
            .filter(|term| !in_name(term) && in_sentence(term));
        first.chain(then).collect()
    }

    /// English names close to a misspelt one, best first; at most three.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Vec<&'static str> {
        let mut close: Vec<_> = self
            .terms
            .iter()
            .filter_map(|term| {
                let best = term.names().filter_map(|own| closeness(name, own)).min()?;
                Some((best, term.en))
            })
            .collect();
        close.sort_unstable();
        close.into_iter().take(3).map(|(_, en)| en).collect()
    }
}

impl Term {
    /// Every name: English, each Chinese one, abbreviations.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        let zh = self
            .zh
            .split(['（', '）', '、', '，', '/', ' '])
            .filter(|name| name.len() > 1);
        core::iter::once(self.en)
            .chain(core::iter::once(self.zh))
            .chain(self.zh.split(['（', '）']))
            .chain(zh)
            .chain(self.aliases.clone())
            .filter(|name| !name.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_term_is_whole_in_both_languages_and_every_reference_resolves() {
        let glossary = Glossary::builtin();
        assert!(glossary.terms().len() >= 194);
        for term in glossary.terms() {
            assert!(
                term.say.en.ends_with('.') && term.say.zh.ends_with('。'),
                "{}",
                term.en
            );
            assert!(
                !term.zh.is_empty() && !term.source.is_empty(),
                "{}",
                term.en
            );
            assert!(
                !term.say.zh.is_ascii() && term.say.en.is_ascii(),
                "{}",
                term.en
            );
            for see in &term.see {
                assert!(
                    glossary.terms().iter().any(|t| t.en == *see),
                    "{} -> {see}",
                    term.en
                );
                assert_ne!(see, &term.en);
            }
            assert_eq!(glossary.find(term.en).map(|t| t.en), Some(term.en));
        }
        let mut names: Vec<_> = glossary.terms().iter().map(|t| fold(t.en)).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), glossary.terms().len());
    }

    #[test]
    fn a_term_is_found_by_any_of_its_names() {
        let glossary = Glossary::builtin();
        for name in ["reversal", "Reversal", "冲正", "自动冲正"] {
            assert_eq!(
                glossary.find(name).map(|t| t.en),
                Some("reversal"),
                "{name}"
            );
        }
        for (name, en) in [
            ("STAN", "trace number"),
            ("de11", "trace number"),
            ("kcv", "key check value"),
            ("签到", "sign-on"),
            ("9F36", "ATC"),
        ] {
            assert_eq!(glossary.find(name).map(|t| t.en), Some(en), "{name}");
        }
        assert_eq!(glossary.find("nothing of the kind"), None);
        assert_eq!(glossary.nearest("reversl").first(), Some(&"reversal"));
        assert!(glossary.nearest("qqqqqqqq").is_empty());
        assert!(glossary.search("银联").len() > 3);
    }
}
