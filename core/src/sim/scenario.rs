//! Scenarios: a world, a script of orders and faults, and what is expected; data, never code.
//!
//! The same form is a shipped file, a user's file, the address of a page and the checker's
//! counter-example. An order never holds PIN digits.

use super::expect::note_name;
use super::fault::Fault;
use super::stage::{Bilingual, Stage};
use super::watch::Property;
use crate::node::clearing::SettlementMode;
use crate::node::front_end::Resolution;
use crate::node::{
    Entry, Exhaustion, LineKind, Millis, Note, Operation, PadProtocol, PinChoice, Protection,
    ReversalPolicy, Settings, TradeKind,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The name people type.
    pub name: String,
    /// Its title.
    #[serde(default)]
    pub title: Bilingual,
    /// What it shows, in a sentence.
    #[serde(default)]
    pub about: Bilingual,
    /// What differs from the usual world.
    #[serde(default, skip_serializing_if = "WorldSpec::is_usual")]
    pub world: WorldSpec,
    /// Orders and faults, in order.
    pub script: Vec<Item>,
    /// What is expected at the end.
    #[serde(default)]
    pub expect: Vec<Expect>,
}

/// What differs from the usual world.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorldSpec {
    /// Terminals, 1 unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terminals: Option<u8>,
    /// When reversals are sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reversal: Option<ReversalPolicy>,
    /// What an exhausted reversal does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exhaustion: Option<Exhaustion>,
    /// Attempts of a reversal per pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u8>,
    /// An echo mismatch deletes the reversal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bctc_echo_delete: Option<bool>,
    /// Partial approvals are announced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial: Option<bool>,
    /// Sign off after settlement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_sign_off: Option<bool>,
    /// Calls the NAC carries at a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nac_calls: Option<u8>,
    /// The NAC handles the sources of TPDUs; off, answers go down the line that called last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nac_sources: Option<bool>,
    /// Network addresses (NII, four hexadecimal digits) that the NAC leads to the front end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nac_routes: Option<Vec<String>>,
    /// How the dial line carries frames.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<LineKind>,
    /// What terminal and PIN pad speak on their cable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pad_protocol: Option<PadProtocol>,
    /// Where the pad keeps the terminal's master key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pad_master: Option<u8>,
    /// How the money of a day reaches the merchants.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement: Option<SettlementMode>,
    /// Protections that are switched off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<Protection>,
    /// Seconds after which the run stops.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until_s: Option<u32>,
}

impl WorldSpec {
    fn is_usual(&self) -> bool {
        *self == WorldSpec::default()
    }

    /// The settings of the world.
    pub fn settings(&self) -> Settings {
        let mut s = Settings::default();
        for p in &self.without {
            s.protections = s.protections.without(*p);
        }
        s.reversal = self.reversal.unwrap_or(s.reversal);
        s.exhaustion = self.exhaustion.unwrap_or(s.exhaustion);
        s.attempts = self.attempts.unwrap_or(s.attempts);
        s.bctc_echo_delete = self.bctc_echo_delete.unwrap_or(s.bctc_echo_delete);
        s.partial = self.partial.unwrap_or(s.partial);
        s.auto_sign_off = self.auto_sign_off.unwrap_or(s.auto_sign_off);
        s.nac_calls = self.nac_calls.unwrap_or(s.nac_calls);
        s.nac_sources = self.nac_sources.unwrap_or(s.nac_sources);
        s.line = self.line.unwrap_or(s.line);
        s.pad_protocol = self.pad_protocol.unwrap_or(s.pad_protocol);
        s.pad_master = self.pad_master.unwrap_or(s.pad_master);
        s.settlement = self.settlement.unwrap_or(s.settlement);
        s
    }

    /// The NAC's routing table: the front end's own address unless said.
    ///
    /// **Errors** with the first entry that is not four hexadecimal digits.
    pub fn routes(&self) -> Result<Vec<u16>, &str> {
        let Some(table) = &self.nac_routes else {
            return Ok(vec![super::stage::NII]);
        };
        let read = |text: &'_ String| {
            let four = text.len() == 4 && text.bytes().all(|b| b.is_ascii_hexdigit());
            four.then(|| u16::from_str_radix(text, 16).ok()).flatten()
        };
        table
            .iter()
            .map(|text| read(text).ok_or(text.as_str()))
            .collect()
    }
}

/// A line of a script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Item {
    /// A person's order.
    Order(OrderSpec),
    /// A fault, in its own syntax.
    Fault(String),
    /// A person at the acquirer resolves a discrepancy.
    Resolve(ResolveSpec),
    /// Cut-off: the day is cleared.
    CutOff(CutOffSpec),
}

/// Resolution of a discrepancy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolveSpec {
    /// Which, from 1.
    pub discrepancy: u32,
    /// How.
    pub how: Resolution,
    /// When.
    pub at_ms: Millis,
}

/// Cut-off of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutOffSpec {
    /// When; 23:00 of the first day unless said.
    #[serde(default = "eleven_at_night")]
    pub at_ms: Millis,
}

/// From 09:30, when the world begins, to 23:00.
fn eleven_at_night() -> Millis {
    (13 * 60 + 30) * 60_000
}

impl Default for CutOffSpec {
    fn default() -> Self {
        CutOffSpec {
            at_ms: eleven_at_night(),
        }
    }
}

/// When a person acts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// A moment after the order before it, at the same terminal, ended.
    #[default]
    Next,
    /// At a time, whatever else is going on.
    At(Millis),
    /// While the terminal is settling.
    Settling,
}

/// A person's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderSpec {
    /// What to do: `sale`, `void`, `sign-on`, `settle` …
    #[serde(rename = "do")]
    pub verb: Verb,
    /// Which terminal, from 1.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub terminal: u8,
    /// Name of a card of the cast.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<String>,
    /// How the card is read.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub entry: Entry,
    /// Amount in fen.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub amount: u64,
    /// What the holder types.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub pin: PinChoice,
    /// Which receipt of this terminal it refers to, from 1; the newest unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<u32>,
    /// When.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub when: When,
    /// The person tries again until the slip prints or refuses.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub insist: bool,
}

fn one() -> u8 {
    1
}

fn is_one(n: &u8) -> bool {
    *n == 1
}

fn is_usual<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What a person can order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// Sign on.
    SignOn,
    /// Sign off.
    SignOff,
    /// Echo test.
    Echo,
    /// Balance inquiry.
    Balance,
    /// Sale.
    Sale,
    /// Void of a sale.
    Void,
    /// Refund.
    Refund,
    /// Pre-authorisation.
    PreAuth,
    /// Its void.
    PreAuthVoid,
    /// Completion as a request.
    Completion,
    /// Completion as an advice.
    CompletionAdvice,
    /// Void of a completion.
    CompletionVoid,
    /// Offline sale.
    OfflineSale,
    /// Tip; the amount is the new total.
    TipAdjust,
    /// Settle, or resume a settlement.
    Settle,
    /// Cancel a settlement.
    CancelSettle,
    /// Drop an exhausted reversal.
    DropReversal,
    /// Print again.
    Reprint,
    /// Inject the master key again.
    InjectKey,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Verb; 19] = [
        Verb::SignOn,
        Verb::SignOff,
        Verb::Echo,
        Verb::Balance,
        Verb::Sale,
        Verb::Void,
        Verb::Refund,
        Verb::PreAuth,
        Verb::PreAuthVoid,
        Verb::Completion,
        Verb::CompletionAdvice,
        Verb::CompletionVoid,
        Verb::OfflineSale,
        Verb::TipAdjust,
        Verb::Settle,
        Verb::CancelSettle,
        Verb::DropReversal,
        Verb::Reprint,
        Verb::InjectKey,
    ];

    /// The terminal's operation.
    pub fn operation(self) -> Operation {
        use TradeKind as K;
        match self {
            Verb::SignOn => Operation::SignOn,
            Verb::SignOff => Operation::SignOff,
            Verb::Echo => Operation::Echo,
            Verb::Balance => Operation::Trade(K::Balance),
            Verb::Sale => Operation::Trade(K::Sale),
            Verb::Void => Operation::Trade(K::Void),
            Verb::Refund => Operation::Trade(K::Refund),
            Verb::PreAuth => Operation::Trade(K::PreAuth),
            Verb::PreAuthVoid => Operation::Trade(K::PreAuthVoid),
            Verb::Completion => Operation::Trade(K::Completion),
            Verb::CompletionAdvice => Operation::Trade(K::CompletionAdvice),
            Verb::CompletionVoid => Operation::Trade(K::CompletionVoid),
            Verb::OfflineSale => Operation::Trade(K::OfflineSale),
            Verb::TipAdjust => Operation::Trade(K::TipAdjust),
            Verb::Settle => Operation::Settle,
            Verb::CancelSettle => Operation::CancelSettle,
            Verb::DropReversal => Operation::DropReversal,
            Verb::Reprint => Operation::Reprint,
            Verb::InjectKey => Operation::InjectKey,
        }
    }

    /// Whether a card is presented.
    pub fn takes_card(self) -> bool {
        use Verb as V;
        matches!(
            self,
            V::Balance
                | V::Sale
                | V::Refund
                | V::PreAuth
                | V::PreAuthVoid
                | V::Completion
                | V::CompletionAdvice
                | V::OfflineSale
        )
    }

    /// Whether an amount is keyed in.
    pub fn takes_amount(self) -> bool {
        use Verb as V;
        matches!(
            self,
            V::Sale
                | V::Refund
                | V::PreAuth
                | V::Completion
                | V::CompletionAdvice
                | V::OfflineSale
                | V::TipAdjust
        )
    }

    /// Whether the holder is asked for a PIN.
    pub fn asks_pin(self) -> bool {
        matches!(
            self,
            Verb::Balance | Verb::Sale | Verb::PreAuth | Verb::Completion
        )
    }

    /// Whether an earlier receipt is needed.
    pub fn takes_receipt(self) -> bool {
        use Verb as V;
        matches!(
            self,
            V::Void
                | V::Refund
                | V::PreAuthVoid
                | V::Completion
                | V::CompletionAdvice
                | V::CompletionVoid
                | V::TipAdjust
        )
    }
}

/// What is expected of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expect {
    /// The outcomes of the orders, in the order they ended, as words: `approved 00`.
    Outcomes(Vec<String>),
    /// The named property is broken, and no other.
    Broken(String),
    /// So many discrepancies stand in the host's store.
    Discrepancies(u32),
    /// This remark appears.
    Note(String),
}

impl Expect {
    /// Names that no run can give are mistakes of the file.
    fn check(&self) -> Result<(), String> {
        let of = Property::ALL.map(Property::name);
        match self {
            Expect::Broken(name) if !of.contains(&name.as_str()) => {
                Err(format!("no property {name:?}: there are {}", of.join(" ")))
            }
            Expect::Note(name) if !Note::ALL.iter().any(|n| note_name(*n) == *name) => {
                let names: Vec<String> = Note::ALL.iter().map(|n| note_name(*n)).collect();
                Err(format!("no remark {name:?}: there are {}", names.join(" ")))
            }
            _ => Ok(()),
        }
    }
}

/// Why a scenario cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScenarioError {
    /// Not JSON, or not of the form: line, column, what the reader said.
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What.
        what: String,
    },
    /// The world cannot be built.
    World {
        /// What.
        what: String,
    },
    /// An expectation is wrong.
    Expect {
        /// Which, from 1.
        index: usize,
        /// What.
        what: String,
    },
    /// An item of the script is wrong.
    Item {
        /// Which, from 1.
        index: usize,
        /// What.
        what: String,
    },
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ScenarioError::Json { line, column, what } => {
                write!(f, "line {line}, column {column}: {what}")
            }
            ScenarioError::World { what } => write!(f, "world: {what}"),
            ScenarioError::Expect { index, what } => write!(f, "expectation {index}: {what}"),
            ScenarioError::Item { index, what } => write!(f, "script item {index}: {what}"),
        }
    }
}

impl Scenario {
    /// Reads a scenario file and checks it against the stage.
    ///
    /// **Errors** with line and column, or with the number of the script's item.
    pub fn read(text: &str, stage: &Stage) -> Result<Scenario, ScenarioError> {
        let scenario: Scenario = serde_json::from_str(text).map_err(|e| {
            let whole = e.to_string();
            let what = whole
                .split(" at line ")
                .next()
                .unwrap_or_default()
                .to_owned();
            ScenarioError::Json {
                line: e.line(),
                column: e.column(),
                what,
            }
        })?;
        scenario.check(stage)?;
        Ok(scenario)
    }

    /// Checks what the form alone does not say.
    pub fn check(&self, stage: &Stage) -> Result<(), ScenarioError> {
        let terminals = self.world.terminals.unwrap_or(1);
        for (i, item) in self.script.iter().enumerate() {
            let wrong = |what: String| ScenarioError::Item { index: i + 1, what };
            match item {
                Item::Fault(text) => {
                    let fault = text.parse::<Fault>().map_err(|e| wrong(e.to_string()))?;
                    fault.in_world(terminals).map_err(wrong)?;
                }
                Item::Order(order) => order.check(stage, terminals).map_err(wrong)?,
                Item::Resolve(r) if r.discrepancy == 0 => {
                    return Err(wrong("discrepancies count from 1".to_owned()));
                }
                Item::Resolve(_) | Item::CutOff(_) => {}
            }
        }
        if let Err(entry) = self.world.routes() {
            let what = format!("nac_routes has {entry:?}: a network address is four hex digits");
            return Err(ScenarioError::World { what });
        }
        for (i, expect) in self.expect.iter().enumerate() {
            expect
                .check()
                .map_err(|what| ScenarioError::Expect { index: i + 1, what })?;
        }
        if terminals == 0 || usize::from(terminals) > stage.terminals() {
            let what = format!(
                "terminals is {terminals}: 1 to {} are registered",
                stage.terminals()
            );
            return Err(ScenarioError::World { what });
        }
        Ok(())
    }

    /// The faults of the script.
    pub fn faults(&self) -> impl Iterator<Item = Fault> + '_ {
        self.script.iter().filter_map(|item| match item {
            Item::Fault(text) => text.parse().ok(),
            _ => None,
        })
    }

    /// The scenario as its file's text.
    pub fn to_json(&self) -> String {
        // Every part has a serial form, so this cannot fail.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

impl OrderSpec {
    /// An order without card or amount.
    pub fn plain(verb: Verb) -> Self {
        OrderSpec {
            verb,
            terminal: 1,
            card: None,
            entry: Entry::Chip,
            amount: 0,
            pin: PinChoice::Right,
            receipt: None,
            when: When::Next,
            insist: false,
        }
    }

    /// A trade with a card.
    pub fn trade(verb: Verb, card: &str, amount: u64) -> Self {
        OrderSpec {
            card: Some(card.to_owned()),
            amount,
            ..OrderSpec::plain(verb)
        }
    }

    fn check(&self, stage: &Stage, terminals: u8) -> Result<(), String> {
        if self.terminal == 0 || self.terminal > terminals {
            return Err(format!(
                "terminal {}: this world has {terminals}",
                self.terminal
            ));
        }
        match &self.card {
            Some(name) if stage.holder(name).is_none() => {
                let names: Vec<&str> = stage
                    .holders
                    .iter()
                    .map(|h| h.profile.name.as_str())
                    .collect();
                Err(format!("no card {name:?}: the cast is {}", names.join(" ")))
            }
            None if self.verb.takes_card() => Err("this order needs a card".to_owned()),
            _ if self.verb.takes_amount() && self.amount == 0 => {
                Err("this order needs an amount, in fen".to_owned())
            }
            _ if self.receipt == Some(0) => Err("receipts count from 1".to_owned()),
            _ => Ok(()),
        }
    }
}
