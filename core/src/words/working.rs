//! The crypto steps in words: what a value is, and a formula in the reader's language.

use super::{Lang, Text};
use crate::data::text_file;
use crate::value::table::Table;

static FORMULAS: Table = Table::new(text_file!("words/formulas.tsv"));
static VALUES: Table = Table::new(text_file!("words/values.tsv"));

/// A step's formula as a person reads it; formulas of names and signs alone read alike in both.
#[must_use]
pub fn formula(formula: &'static str, lang: Lang) -> &'static str {
    match (lang, FORMULAS.find(formula)) {
        (Lang::Zh, Some(row)) => row.column(1),
        _ => formula,
    }
}

/// What a value of a working is, by its name.
#[must_use]
pub fn value(name: &str) -> Option<Text> {
    VALUES.find(name).map(|row| Text::of_row(row, 1))
}

/// The algorithms of the Bench, each with the vector it opens with: a list in JSON.
#[must_use]
pub fn benches() -> &'static str {
    text_file!("words/bench.json").read()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::assert_sorted;

    #[test]
    fn the_tables_are_sorted_and_whole() {
        assert_sorted(FORMULAS, 2);
        assert_sorted(VALUES, 3);
    }

    #[test]
    fn a_formula_has_both_languages() {
        let english = "padded = data, filled up";
        assert_eq!(formula(english, Lang::En), english);
        assert_eq!(formula(english, Lang::Zh), "padded = data 补齐");
        let signs = "xor = block XOR chain";
        assert_eq!(formula(signs, Lang::Zh), signs);
        assert_eq!(value("mak").map(|t| t.zh), Some("MAC 密钥"));
    }
}
