//! A run as an address: what stands behind `#theatre?` in the page, and what `poslab run` takes.
//!
//! ```text
//! lost-response                     a shipped scenario
//! lost-response&at=14               the same, when 14 rows are past
//! sale&at=9&play=%7B%22script%22…   with another script or world
//! ```
//! No PIN digit can stand in it: a script holds choices (`right`, `wrong`), never digits.

use crate::node::PadProtocol;
use crate::sim::{Fault, Item, Scenario, ScenarioError, Stage, WorldSpec, shipped};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What an address says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The scenario.
    pub name: String,
    /// How many rows are past.
    pub at: Option<usize>,
    /// World and script as JSON, where they are not the shipped ones.
    pub play: Option<String>,
}

/// Why an address names no run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressError {
    /// There is no scenario of this name, and the address brings no script.
    Unknown(String),
    /// The script it brings cannot be used.
    Play(ScenarioError),
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AddressError::Unknown(name) => write!(f, "the address names no scenario: {name:?}"),
            AddressError::Play(error) => write!(f, "play of the address: {error}"),
        }
    }
}

/// World and script, as `play=` holds them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Play {
    #[serde(default)]
    world: WorldSpec,
    script: Vec<Item>,
}

impl Address {
    /// Reads what stands behind the `?`; every text is an address, what does not fit is left out.
    pub fn of(rest: &str) -> Address {
        let mut address = Address::default();
        for part in rest.split('&').filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some(("at", at)) => address.at = at.parse().ok(),
                Some(("play", play)) => address.play = unescape(play),
                Some(_) => {}
                None => address.name = part.to_owned(),
            }
        }
        address
    }

    /// The scenario that is meant.
    ///
    /// **Errors** when the name is unknown and no script is there, or the script cannot be used.
    pub fn scenario(&self, stage: &Stage) -> Result<Scenario, AddressError> {
        let plain = plain(&self.name, stage);
        let Some(play) = &self.play else {
            return plain.ok_or_else(|| AddressError::Unknown(self.name.clone()));
        };
        let play: Play = serde_json::from_str(play).map_err(|error| {
            AddressError::Play(ScenarioError::Json {
                line: error.line(),
                column: error.column(),
                what: error.to_string(),
            })
        })?;
        let blank = || Scenario {
            name: self.name.clone(),
            title: Default::default(),
            about: Default::default(),
            world: WorldSpec::default(),
            script: Vec::new(),
            expect: Vec::new(),
        };
        let scenario = Scenario {
            world: play.world,
            script: play.script,
            expect: Vec::new(),
            ..plain.unwrap_or_else(blank)
        };
        scenario.check(stage).map_err(AddressError::Play)?;
        Ok(scenario)
    }
}

/// The shipped scenario of a name.
fn plain(name: &str, stage: &Stage) -> Option<Scenario> {
    Scenario::read(shipped(name)?, stage).ok()
}

/// What stands behind the `?` for a scenario when so many rows are past.
pub fn write(scenario: &Scenario, at: Option<usize>, stage: &Stage) -> String {
    let mut rest = scenario.name.clone();
    if let Some(at) = at {
        rest.push_str(&format!("&at={at}"));
    }
    let same = |plain: Scenario| plain.script == scenario.script && plain.world == scenario.world;
    if !plain(&scenario.name, stage).is_some_and(same) {
        let play = Play {
            world: scenario.world.clone(),
            script: scenario.script.clone(),
        };
        rest.push_str("&play=");
        // Every part of a play has a serial form, so this cannot fail.
        rest.push_str(&escape(&serde_json::to_string(&play).unwrap_or_default()));
    }
    rest
}

/// The command that prints the same run: the scenario's name with the faults and the pad protocol
/// that were added, else its address; `outside` when a pad beside the page answers.
pub fn command(scenario: &Scenario, stage: &Stage, outside: bool) -> String {
    let pad = scenario.world.pad_protocol;
    let family = pad.and_then(PadProtocol::family);
    let same = |plain: &Scenario| {
        let world = WorldSpec {
            pad_protocol: pad,
            ..plain.world.clone()
        };
        world == scenario.world && (pad.is_some() || plain.world.pad_protocol.is_none())
    };
    let plain = plain(&scenario.name, stage).filter(same);
    let more = plain.as_ref().and_then(|plain| {
        let more = scenario.script.strip_prefix(plain.script.as_slice())?;
        let fault = |item: &Item| match item {
            Item::Fault(text) if text.parse::<Fault>().is_ok() => Some(format!(" --fault {text}")),
            _ => None,
        };
        more.iter().map(fault).collect::<Option<String>>()
    });
    let known = more.is_some() && plain.is_some_and(|plain| pad == plain.world.pad_protocol);
    let mut line = match more {
        Some(faults) => format!("poslab run {}{faults}", scenario.name),
        None => format!("poslab run 'theatre?{}'", write(scenario, None, stage)),
    };
    if let Some(family) = family.filter(|_| outside || !known) {
        line.push_str(" --protocol ");
        line.push_str(family.name());
    }
    if outside {
        line.push_str(" --pad PORT");
    }
    line
}

/// A text with every byte that means something in an address or a shell written as `%XX`.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The text before [`escape`]; `None` when what follows a `%` is not two hexadecimal digits.
fn unescape(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut out = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.as_bytes().split_first_chunk::<2>()?;
        out.extend(hex::decode(code).ok()?);
        out.extend(rest);
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_run_reads_back() {
        let stage = Stage::load().unwrap();
        let mut scenario = plain("sale", &stage).unwrap();
        assert_eq!(write(&scenario, Some(9), &stage), "sale&at=9");
        assert_eq!(command(&scenario, &stage, false), "poslab run sale");
        scenario
            .script
            .push(Item::Fault("drop:0210@nac-terminal".to_owned()));
        let line = "poslab run sale --fault drop:0210@nac-terminal";
        assert_eq!(command(&scenario, &stage, false), line);
        scenario.script.remove(0);
        let rest = write(&scenario, Some(3), &stage);
        assert!(
            rest.is_ascii() && !rest.contains(['\'', '"', ' ', '#']),
            "{rest}"
        );
        let address = Address::of(&rest);
        assert_eq!((address.name.as_str(), address.at), ("sale", Some(3)));
        let back = address.scenario(&stage).unwrap();
        assert_eq!((back.script, back.world), (scenario.script, scenario.world));
    }

    #[test]
    fn errors_say_what_is_wrong() {
        let stage = Stage::load().unwrap();
        let of = |rest: &str| Address::of(rest).scenario(&stage).unwrap_err().to_string();
        assert_eq!(of("nowhere"), "the address names no scenario: \"nowhere\"");
        assert!(of("sale&play=%7B%7D").contains("missing field `script`"));
        assert_eq!(unescape("%E4%BD%A0"), Some("你".to_owned()));
        assert_eq!(unescape("%4"), None);
    }
}
