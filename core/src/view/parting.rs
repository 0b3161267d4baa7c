//! Two runs side by side: how long they are alike, and in which boxes they differ after that.

use crate::node::NodeId;
use crate::trace::Event;
use std::collections::BTreeMap;

/// How two runs stand to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parting {
    /// How many events they share from the beginning.
    pub alike: usize,
    /// Every box of either run, and whether the same happened there in both.
    pub lanes: Vec<(NodeId, bool)>,
}

impl Parting {
    /// Compares two runs.
    pub fn of(one: &[Event], other: &[Event]) -> Parting {
        let same = |(a, b): &(&Event, &Event)| a == b;
        let alike = one.iter().zip(other).take_while(same).count();
        let mut lanes: BTreeMap<NodeId, [Vec<&Event>; 2]> = BTreeMap::new();
        for (side, events) in [one, other].into_iter().enumerate() {
            for event in events {
                let both = lanes.entry(event.node).or_default();
                if let Some(of_side) = both.get_mut(side) {
                    of_side.push(event);
                }
            }
        }
        // A number in the run is no difference in a box: others may have done more before it.
        let equal = |[a, b]: &[Vec<&Event>; 2]| {
            let happened = |event: &&Event| (event.at_ms, event.what.clone());
            a.iter().map(happened).eq(b.iter().map(happened))
        };
        Parting {
            alike,
            lanes: lanes
                .iter()
                .map(|(lane, both)| (*lane, equal(both)))
                .collect(),
        }
    }

    /// Whether the runs are the same throughout.
    pub fn same(&self, one: &[Event], other: &[Event]) -> bool {
        self.alike == one.len() && self.alike == other.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Item, Scenario, Stage, World, shipped};
    use crate::trace::Tape;

    fn run(fault: Option<&str>) -> Vec<Event> {
        let stage = Stage::load().unwrap();
        let mut scenario = Scenario::read(shipped("sale").unwrap(), &stage).unwrap();
        scenario
            .script
            .extend(fault.map(|fault| Item::Fault(fault.to_owned())));
        let mut tape = Tape::recording();
        World::new(&stage, &scenario, 0).run_to_end(&mut tape);
        tape.take()
    }

    #[test]
    fn a_lost_answer_leaves_the_pad_alone() {
        let (sound, lost) = (run(None), run(Some("drop:0210@nac-terminal")));
        let parting = Parting::of(&sound, &lost);
        assert_eq!(sound[..parting.alike], lost[..parting.alike]);
        assert_ne!(sound.get(parting.alike), lost.get(parting.alike));
        let same = |lane: NodeId| parting.lanes.iter().find(|l| l.0 == lane).map(|l| l.1);
        assert_eq!(same(NodeId::PinPad(0)), Some(true));
        assert_eq!(same(NodeId::Issuer), Some(false));
        assert_eq!(same(NodeId::Terminal(0)), Some(false));
        assert!(!parting.same(&sound, &lost));
        assert!(Parting::of(&sound, &sound).same(&sound, &sound));
    }
}
