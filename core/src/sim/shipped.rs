//! The scenarios that ship with poslab: data files.

use crate::data::{TextFile, text_file};

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        /// Their names and files, in the order of the menu.
        const SHIPPED: &[(&str, TextFile)] =
            &[$(($name, text_file!("scenarios/", $name, ".json"))),*];
    };
}

shipped![
    "calm",
    "bad-line",
    "everything-breaks",
    "sale",
    "swipe",
    "tap",
    "manual-entry",
    "swipe-a-chip-card",
    "wrong-pin",
    "pin-on-second-try",
    "cancelled",
    "partial-approval",
    "insufficient",
    "overdraft",
    "expired",
    "lost-stolen-restricted",
    "balance",
    "void",
    "void-twice",
    "refund",
    "refund-too-much",
    "pre-authorisation",
    "completion-too-high",
    "pre-authorisation-void",
    "completion-void",
    "completion-advice",
    "offline-sale",
    "tip",
    "lost-response",
    "lost-response-menu",
    "lost-reversal",
    "reversal-exhausted",
    "late-original",
    "late-answer",
    "duplicate",
    "mac-error",
    "answer-mac-error",
    "literal-rules-duplicate",
    "literal-rules-echo",
    "literal-rules-code",
    "communication-failure",
    "line-busy",
    "issuer-down",
    "issuer-silent",
    "terminal-failure",
    "power-cut-before-print",
    "host-failure",
    "database-failure",
    "database-failure-late",
    "restore-loses-reversal",
    "settlement",
    "settlement-late-answer",
    "settlement-mismatch",
    "settlement-details",
    "host-only",
    "line-cut-in-settlement",
    "power-cut-in-upload",
    "upload-repeated",
    "sale-while-settling",
    "two-terminals",
    "wrong-route",
    "crossed-replies",
    "key-change",
    "tamper",
    "foreign-card",
    "sign-off",
    "reprint",
    "pad-abecs",
    "pad-visa",
    "pad-epp",
    "clearing",
    "clearing-agent",
    "clearing-direct",
    "clearing-open",
    "reconciliation",
    "dial-parity",
    "dial-lrc",
    "dial-mac",
    "dial-fcs",
    "script",
    "script-unreported",
    "unchecked",
    "limit",
    "second-channel",
    "poor-channel",
    "reversal-of-a-void",
    "batch-lost",
    "settlement-advice",
];

/// The scenarios that ship with poslab, in the order of the menu: name and text.
pub fn scenarios() -> impl Iterator<Item = (&'static str, &'static str)> {
    SHIPPED.iter().map(|(name, file)| (*name, file.read()))
}

/// The text of a shipped scenario.
pub fn shipped(name: &str) -> Option<&'static str> {
    scenarios()
        .find(|(one, _)| *one == name)
        .map(|(_, text)| text)
}
