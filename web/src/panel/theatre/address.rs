//! The state of the theatre as text: the rest of the address, and the equivalent command.
//!
//! ```text
//! lost-response                     a shipped scenario, at its beginning
//! lost-response&at=14               when 14 rows are past
//! sale&at=9&play=%7B"script":…      the scenario with another script or world
//! ```
//! No PIN digit can stand in it: a script holds choices (`right`, `wrong`), never digits.

use crate::browser;
use poslab_core::node::{Operation, PadProtocol, Slip};
use poslab_core::sim::{Fault, Item, Scenario, Stage, Verb, WorldSpec, shipped};
use serde::{Deserialize, Serialize};

/// What an address says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The scenario.
    pub name: String,
    /// How many rows are past.
    pub at: Option<usize>,
    /// World and script, where they are not the shipped ones.
    pub play: Option<String>,
}

/// World and script, as `play=` holds them.
#[derive(Serialize, Deserialize)]
struct Play {
    #[serde(default)]
    world: WorldSpec,
    script: Vec<Item>,
}

/// What is played when the address names nothing.
pub const FIRST: &str = "sale";

impl Address {
    /// Reads the rest of an address. Every text is one; what does not fit is left out.
    pub fn of(rest: &str) -> Address {
        let mut address = Address::default();
        for part in rest.split('&').filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some(("at", at)) => address.at = at.parse().ok(),
                Some(("play", play)) => address.play = browser::unescape(play),
                Some(_) => {}
                None => address.name = part.to_owned(),
            }
        }
        if address.name.is_empty() {
            address.name = FIRST.to_owned();
        }
        address
    }

    /// The scenario that is meant; the first one where there is none of the name.
    pub fn scenario(&self, stage: &Stage) -> Option<Scenario> {
        let text = shipped(&self.name).or_else(|| shipped(FIRST))?;
        let mut scenario = Scenario::read(text, stage).ok()?;
        if shipped(&self.name).is_none() {
            scenario.name.clone_from(&self.name);
        }
        let play = self
            .play
            .as_deref()
            .and_then(|play| serde_json::from_str::<Play>(play).ok());
        if let Some(play) = play {
            let changed = Scenario {
                world: play.world,
                script: play.script,
                expect: Vec::new(),
                ..scenario.clone()
            };
            if changed.check(stage).is_ok() {
                return Some(changed);
            }
        }
        Some(scenario)
    }
}

/// The rest of the address of a scenario, beside the shipped one of its name.
pub fn write(scenario: &Scenario, plain: Option<&Scenario>, at: usize) -> String {
    let mut rest = format!("{}&at={at}", scenario.name);
    let same = |plain: &Scenario| plain.script == scenario.script && plain.world == scenario.world;
    if !plain.is_some_and(same) {
        let play = Play {
            world: scenario.world.clone(),
            script: scenario.script.clone(),
        };
        if let Ok(text) = serde_json::to_string(&play) {
            rest.push_str("&play=");
            rest.push_str(&browser::escape(&text));
        }
    }
    rest
}

/// The command that prints the same run; `outside` when a pad beside the page answers.
pub fn command(scenario: &Scenario, plain: Option<&Scenario>, outside: bool) -> String {
    let file = format!("poslab run {}.json", scenario.name);
    let pad = scenario.world.pad_protocol;
    let Some(plain) = plain.filter(|plain| {
        let world = WorldSpec {
            pad_protocol: pad,
            ..plain.world.clone()
        };
        world == scenario.world && (pad.is_some() || plain.world.pad_protocol.is_none())
    }) else {
        return file;
    };
    if !scenario.script.starts_with(&plain.script) {
        return file;
    }
    let more = scenario
        .script
        .get(plain.script.len()..)
        .unwrap_or_default();
    let mut line = format!("poslab run {}", scenario.name);
    for item in more {
        match item {
            Item::Fault(text) if text.parse::<Fault>().is_ok() => {
                line.push_str(" --fault ");
                line.push_str(text);
            }
            _ => return file,
        }
    }
    let family = pad.and_then(PadProtocol::family);
    if let Some(family) = family.filter(|_| outside || pad != plain.world.pad_protocol) {
        line.push_str(" --protocol ");
        line.push_str(family.name());
    }
    if outside {
        line.push_str(" --pad PORT");
    }
    line
}

/// The verb of a script for an operation of the terminal.
pub fn verb_of(operation: Operation) -> Option<Verb> {
    Verb::ALL
        .into_iter()
        .find(|verb| verb.operation() == operation)
}

/// The trace number on a receipt.
pub fn trace_of(slip: &Slip) -> Option<u32> {
    match slip {
        Slip::Trade {
            trace,
            duplicate: false,
            ..
        } => Some(*trace),
        _ => None,
    }
}
