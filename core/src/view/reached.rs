//! What a run sometimes reached: every goal of the checks, and the event that reached it first.
//!
//! A check counts goals over many runs; one run on the stage shows where each of its own lies.

use super::hop;
use crate::node::NodeId;
use crate::sim::{GOALS, Goal};
use crate::trace::{Event, What};

/// A goal and how a run stands to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sought {
    /// The goal.
    pub goal: Goal,
    /// Index of the event that reached it first; `None` when the run never does.
    pub first: Option<usize>,
}

/// Every goal, in the order of [`GOALS`].
pub fn reached(events: &[Event]) -> Vec<Sought> {
    let blank = |goal: &Goal| Sought {
        goal: *goal,
        first: None,
    };
    let mut all: Vec<Sought> = GOALS.iter().map(blank).collect();
    let link = hop::link(NodeId::Terminal(0), NodeId::Nac);
    for (index, event) in events.iter().enumerate() {
        let found = match &event.what {
            What::Decision { code, .. } => Goal::of_decision(*code),
            What::Send { mti, frame, .. } if matches!(event.node, NodeId::Terminal(_)) => {
                let mti = mti.parse().unwrap_or(0);
                let frame = hex::decode(frame).unwrap_or_default();
                let dialect = link.as_ref().map(|link| &link.dialect);
                dialect.and_then(|dialect| Goal::of_message(mti, &frame, dialect))
            }
            _ => None,
        };
        let slot = all.iter_mut().find(|sought| Some(sought.goal) == found);
        if let Some(sought) = slot.filter(|sought| sought.first.is_none()) {
            sought.first = Some(index);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Scenario, Stage, World, shipped};
    use crate::trace::Tape;

    #[test]
    fn a_run_reaches_what_its_watch_has_seen() {
        let stage = Stage::load().unwrap();
        for name in ["lost-response", "settlement-mismatch", "everything-breaks"] {
            let scenario = Scenario::read(shipped(name).unwrap(), &stage).unwrap();
            let mut world = World::new(&stage, &scenario, 0);
            let mut tape = Tape::recording();
            world.run_to_end(&mut tape);
            let seen: Vec<Goal> = world.reached().goals(true).collect();
            let found = reached(tape.events());
            let ours = found.iter().filter(|sought| sought.first.is_some());
            let ours: Vec<Goal> = ours.map(|sought| sought.goal).collect();
            assert_eq!(ours, seen, "{name}");
            assert!(seen.len() > 1, "{name} reaches {seen:?}");
        }
    }
}
