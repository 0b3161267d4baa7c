//! A whole log once more: read from a file, or said again to the pad.

use super::desk::Desk;
use crate::browser::clock::now_ms;
use crate::words::{Lang, pin_pad as w};
use leptos::prelude::*;
use poslab_core::pad::replay::log_changes_keys;
use poslab_core::pad::traffic::Record;

/// What became of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replayed {
    /// It was read; some records were masked and are left out.
    Loaded { records: usize, masked: usize },
    /// A line of the file is no record.
    NotALog { line: usize },
    /// It loads or erases keys, so it is not said again.
    ChangesKeys,
    /// It was said again.
    Said { requests: usize, differing: usize },
}

impl Replayed {
    /// In words.
    pub fn words(self, lang: Lang) -> String {
        let text = |n: usize| n.to_string();
        match self {
            Self::Loaded { records, masked } => w::LOG_LOADED.with(
                lang,
                &[("count", &text(records)), ("masked", &text(masked))],
            ),
            Self::NotALog { line } => w::NOT_A_LOG.with(lang, &[("line", &text(line))]),
            Self::ChangesKeys => w::LOG_CHANGES_KEYS.say(lang).to_owned(),
            Self::Said {
                requests,
                differing,
            } => w::REPLAYED.with(
                lang,
                &[("count", &text(requests)), ("differing", &text(differing))],
            ),
        }
    }
}

impl Desk {
    /// Says every request of the log again, unless one of them changes keys.
    pub fn replay(self) {
        let expect = Some(self.protocol.get_untracked());
        if self.log(|engine| log_changes_keys(&engine.records(), expect)) {
            return self.replayed.set(Some(Replayed::ChangesKeys));
        }
        self.replayed.set(None);
        self.with(|engine| engine.begin_replay(now_ms()));
    }

    /// Puts a log from a file in place of the one that stands: lines as they are saved here and by
    /// `poslab pad --log`.
    pub fn load_log(self, text: &str) {
        let mut records = Vec::new();
        let mut masked = 0;
        let rows = text.lines().enumerate();
        for (index, row) in rows.filter(|(_, row)| !row.trim().is_empty()) {
            match Record::from_json(row) {
                Some(record) => records.push(record),
                None if row.contains("**") => masked += 1,
                None => {
                    let line = index + 1;
                    return self.replayed.set(Some(Replayed::NotALog { line }));
                }
            }
        }
        let loaded = Replayed::Loaded {
            records: records.len(),
            masked,
        };
        self.with(|engine| engine.load(&records));
        self.traffic.update(|count| *count += 1);
        self.replayed.set(Some(loaded));
    }
}
