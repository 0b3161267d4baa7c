//! What the page remembers between visits: the language and the theme, never anything pasted.
//!
//! Storage may be refused (private windows, files from disk); then nothing is remembered.

use gloo::storage::{LocalStorage, Storage as _};

/// The settings that may be remembered: a closed list, so that no caller can store a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// The tag of the language.
    Lang,
    /// `light` or `dark`.
    Theme,
    /// What has been learnt: the ids of passed lessons.
    Progress,
    /// Family, line and coding of each PIN pad that was used, by USB ids.
    Pads,
}

impl Setting {
    fn key(self) -> &'static str {
        match self {
            Setting::Lang => "poslab.lang",
            Setting::Theme => "poslab.theme",
            Setting::Progress => "poslab.progress",
            Setting::Pads => "poslab.pads",
        }
    }
}

/// The remembered value.
pub fn recall(setting: Setting) -> Option<String> {
    LocalStorage::raw().get_item(setting.key()).ok().flatten()
}

/// Remembers a value, where that is allowed.
pub fn remember(setting: Setting, value: &str) {
    let _ = LocalStorage::raw().set_item(setting.key(), value);
}
