//! What the network access controller did with each frame: its address label before and after.
//!
//! ```text
//! 60 0003 0001  →  60 0003 1001     up: the line's own address takes the place of the terminal's
//! 60 1001 0003  →  60 0001 0003     down: and back
//! ```
//! Apart from the ladder because this is the only view of a letter that arrived nowhere.

use crate::node::{NodeId, Note};
use crate::trace::{Event, What};
use std::collections::BTreeMap;
use std::fmt;

/// The addresses of a TPDU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// Destination.
    pub to: u16,
    /// Source.
    pub from: u16,
}

impl Label {
    /// The label of a frame with a length in front, when there is one.
    pub fn of(frame: &[u8]) -> Option<Label> {
        let &[_, _, 0x60, a, b, c, d, ..] = frame else {
            return None;
        };
        Some(Label {
            to: u16::from_be_bytes([a, b]),
            from: u16::from_be_bytes([c, d]),
        })
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "60 {:04X} {:04X}", self.to, self.from)
    }
}

/// A frame that came to the NAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Index of the event by which it left, or became a dead letter.
    pub event: usize,
    /// Whence.
    pub from: NodeId,
    /// Whither; `None` for a dead letter.
    pub to: Option<NodeId>,
    /// The label it came with.
    pub before: Option<Label>,
    /// The label it left with.
    pub after: Option<Label>,
    /// It went down another terminal's line.
    pub crossed: bool,
}

/// Everything the NAC passed on or could not, oldest first.
pub fn passages(events: &[Event]) -> Vec<Passage> {
    let mut sent: BTreeMap<u32, &str> = BTreeMap::new();
    let mut own: BTreeMap<NodeId, u16> = BTreeMap::new();
    let mut came: Option<(NodeId, Option<Label>)> = None;
    let mut out = Vec::new();
    for (event, happened) in events.iter().enumerate() {
        let passage = |to: Option<NodeId>, after: Option<Label>, own: &BTreeMap<NodeId, u16>| {
            let (from, before) = came?;
            let owner = |to| Some(own.get(&to)? != &after?.to);
            let down = to.filter(|to| *to != NodeId::FrontEnd);
            Some(Passage {
                event,
                from,
                to,
                before,
                after,
                crossed: down.and_then(owner).unwrap_or(false),
            })
        };
        match (&happened.what, happened.node) {
            (What::Send { to, frame, .. }, NodeId::Nac) => {
                out.extend(passage(Some(*to), label(frame), &own));
            }
            (What::Note { note }, NodeId::Nac) if *note == Note::DeadLetter => {
                out.extend(passage(None, None, &own));
            }
            (What::Send { to, msg, frame, .. }, _) if *to == NodeId::Nac => {
                sent.insert(*msg, frame);
            }
            (
                What::Deliver {
                    from, msg, frame, ..
                },
                NodeId::Nac,
            ) => {
                let text = frame.as_deref().or(sent.get(msg).copied());
                let before = text.and_then(label);
                if let (NodeId::Terminal(_), Some(label)) = (from, before) {
                    own.insert(*from, label.from);
                }
                came = Some((*from, before));
            }
            _ => {}
        }
    }
    out
}

fn label(frame: &str) -> Option<Label> {
    Label::of(&hex::decode(frame).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Scenario, Stage, World, shipped};
    use crate::trace::Tape;

    fn of(name: &str) -> Vec<Passage> {
        let stage = Stage::load().unwrap();
        let scenario = Scenario::read(shipped(name).unwrap(), &stage).unwrap();
        let mut tape = Tape::recording();
        World::new(&stage, &scenario, 0).run_to_end(&mut tape);
        passages(&tape.take())
    }

    #[test]
    fn labels_are_swapped_on_the_way_up_and_down() {
        let sale = of("sale");
        let labels = |passage: &Passage| {
            let [before, after] = [passage.before, passage.after].map(|l| l.unwrap().to_string());
            format!("{before} {after}")
        };
        assert_eq!(labels(&sale[0]), "60 0003 0001 60 0003 1001");
        assert_eq!(labels(&sale[1]), "60 1001 0003 60 0001 0003");
        assert!(sale.iter().all(|passage| !passage.crossed));
    }

    #[test]
    fn a_wrong_address_is_a_dead_letter() {
        assert!(of("wrong-route").iter().all(|passage| passage.to.is_none()));
    }

    #[test]
    fn without_sources_an_answer_goes_down_another_line() {
        let crossed = of("crossed-replies");
        assert!(crossed.iter().any(|passage| passage.crossed));
    }
}
