//! What a scenario says of its own end, held against a run.

use super::scenario::{Expect, Scenario};
use super::world::World;
use crate::node::Note;
use std::fmt;

/// An expectation that a run did not meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// What it is about: `outcomes`, `discrepancies`, `note` or `broken`.
    pub about: &'static str,
    /// What the scenario says.
    pub expected: String,
    /// What the run gave.
    pub found: String,
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Unmet {
            about,
            expected,
            found,
        } = self;
        write!(f, "{about}: expected {expected}, found {found}")
    }
}

/// The name of a remark, as scenarios write it.
pub fn note_name(note: Note) -> String {
    // A unit variant has a serial form, and it is a text.
    match serde_json::to_value(note) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

impl Scenario {
    /// The expectations that a finished run does not meet; `notes` are the remarks of the run.
    pub fn unmet(&self, world: &World, notes: &[Note]) -> Vec<Unmet> {
        let outcomes: Vec<String> = world.outcomes().iter().map(|o| o.2.to_string()).collect();
        let count = world.discrepancies().len() as u32;
        let mut may_break = Vec::new();
        let mut out = Vec::new();
        let mut miss = |about, expected: String, found: String| {
            out.push(Unmet {
                about,
                expected,
                found,
            });
        };
        for expect in &self.expect {
            match expect {
                Expect::Outcomes(want) if *want != outcomes => {
                    miss("outcomes", want.join(", "), outcomes.join(", "));
                }
                Expect::Discrepancies(want) if *want != count => {
                    miss("discrepancies", want.to_string(), count.to_string());
                }
                Expect::Note(want) if !notes.iter().any(|n| note_name(*n) == *want) => {
                    miss("note", want.clone(), "nothing of it".to_owned());
                }
                Expect::Broken(property) => may_break.push(property.as_str()),
                _ => {}
            }
        }
        let broken: Vec<&str> = world.broken().iter().map(|b| b.property.name()).collect();
        if broken != may_break {
            let or_none = |list: &[&str]| match list {
                [] => "none".to_owned(),
                list => list.join(" "),
            };
            miss("broken", or_none(&may_break), or_none(&broken));
        }
        out
    }
}
