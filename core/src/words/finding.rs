//! What each finding code means: one entry a code, the source of its documentation page.
//!
//! The codes themselves are made where faults are found; this is what a person reads about them.

use super::{Lang, Text, glossary::Sentences};
use crate::data::text_file;
use crate::value::table::Table;
use serde::Deserialize;

static HINTS: Table = Table::new(text_file!("words/hints.tsv"));

/// What to look at next when there is a finding with this code; empty for no code of ours.
#[must_use]
pub fn hint(code: &str, lang: Lang) -> &'static str {
    HINTS
        .find(code)
        .map_or("", |row| Text::of_row(row, 1).say(lang))
}

/// The explanation of one finding code.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FindingWords {
    /// The code, such as `length-beyond-data`.
    pub slug: &'static str,
    /// A title.
    pub title: Sentences,
    /// What was found.
    pub what: Sentences,
    /// Why it happens, and why it matters.
    pub why: Sentences,
    /// How to repair it.
    pub repair: Sentences,
    /// Bytes that give this finding.
    pub example: Option<FindingExample>,
}

/// Bytes that give a finding when a dialect reads them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FindingExample {
    /// The name of a built-in dialect.
    pub dialect: &'static str,
    /// The frame in hexadecimal.
    pub hex: &'static str,
    /// What stands in front of the message, in the words of `--frame`, where it must be said.
    pub frame: Option<&'static str>,
}

impl FindingExample {
    /// The command that gives the finding.
    #[must_use]
    pub fn command(&self) -> String {
        let frame = self.frame.map(|frame| format!(" --frame {frame}"));
        format!(
            "poslab decode --dialect {}{} --hex {}",
            self.dialect,
            frame.unwrap_or_default(),
            self.hex
        )
    }
}

/// Every finding code with its explanation, sorted by code.
#[must_use]
pub fn findings() -> Vec<FindingWords> {
    serde_json::from_str(text_file!("words/findings.json").read()).unwrap_or_default()
}

impl FindingWords {
    /// The page of the documentation, in Markdown, with links to the other language.
    #[must_use]
    pub fn page(&self, lang: Lang) -> String {
        let slug = self.slug;
        let say = |s: &Sentences| s.say(lang);
        let [other, what, why, repair, example, shown] = match lang {
            Lang::En => [
                format!("[简体中文]({slug}.zh-CN.md)"),
                "What".into(),
                "Why".into(),
                "Repair".into(),
                "Example".into(),
                "gives this finding: ".into(),
            ],
            Lang::Zh => [
                format!("[English]({slug}.md)"),
                "是什么".into(),
                "为什么".into(),
                "怎么办".into(),
                "示例".into(),
                "会得到这一结果：".into(),
            ],
        };
        let colon = if lang == Lang::Zh { "：" } else { ": " };
        let mut page = format!(
            "# {}{colon}`{slug}`\n\n{other}\n\n## {what}\n\n{}\n\n## {why}\n\n{}\n\n## {repair}\n\n{}\n",
            say(&self.title),
            say(&self.what),
            say(&self.why),
            say(&self.repair),
        );
        if let Some(bytes) = &self.example {
            let command = bytes.command();
            page.push_str(&format!(
                "\n## {example}\n\n```text\n{command}\n```\n\n{shown}`{slug}`\n"
            ));
        }
        page
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_hint_and_every_hint_a_code() {
        crate::value::table::assert_sorted(HINTS, 3);
        let codes: Vec<&str> = findings().iter().map(|f| f.slug).collect();
        let hints: Vec<&str> = HINTS.rows().map(|row| row.key()).collect();
        assert_eq!(hints, codes);
        assert!(hint("trailing-bytes", Lang::Zh).contains("MAC"));
    }

    #[test]
    fn every_code_is_explained_in_both_languages() {
        let findings = findings();
        assert!(findings.len() > 30);
        assert!(
            findings.windows(2).all(|pair| pair[0].slug < pair[1].slug),
            "sorted"
        );
        for f in &findings {
            assert!(
                f.slug.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
                "{}",
                f.slug
            );
            for text in [&f.title, &f.what, &f.why, &f.repair] {
                assert!(
                    !text.en.is_empty() && text.en.is_ascii(),
                    "{}: {}",
                    f.slug,
                    text.en
                );
                assert!(
                    !text.zh.is_empty() && !text.zh.is_ascii(),
                    "{}: {}",
                    f.slug,
                    text.zh
                );
            }
            assert!(
                f.what.en.ends_with('.') && f.what.zh.ends_with('。'),
                "{}",
                f.slug
            );
        }
    }
}
