//! The scenarios that ship with poslab: data files, built in.

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        /// The scenarios that ship with poslab: name and text.
        pub const SHIPPED: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../scenarios/", $name, ".json")))),*
        ];
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
    "settlement",
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

/// The text of a shipped scenario.
pub fn shipped(name: &str) -> Option<&'static str> {
    SHIPPED
        .iter()
        .find(|(n, _)| *n == name)
        .map(|(_, text)| *text)
}
