//! The two languages, and a text that stands in both.

/// A language of everything a person reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese (简体中文).
    Zh,
}

impl Lang {
    /// The language that a tag such as `zh-CN` or a `LANG` such as `zh_CN.UTF-8` names.
    ///
    /// Whatever is not Chinese is taken as English, so a person always gets words.
    #[must_use]
    pub fn of(tag: &str) -> Self {
        let head = tag.get(..2).unwrap_or_default();
        if head.eq_ignore_ascii_case("zh") {
            Self::Zh
        } else {
            Self::En
        }
    }

    /// The tag: `en` or `zh-CN`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }
}

/// A text in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Simplified Chinese.
    pub zh: &'static str,
}

impl Text {
    /// A pair of texts.
    #[must_use]
    pub const fn new(en: &'static str, zh: &'static str) -> Self {
        Self { en, zh }
    }

    /// The text in one language.
    #[must_use]
    pub const fn say(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }

    /// Both columns of a table's row, from this one on.
    pub(crate) fn of_row(row: crate::value::table::Row, column: usize) -> Self {
        Self {
            en: row.column(column),
            zh: row.column(column + 1),
        }
    }
}
