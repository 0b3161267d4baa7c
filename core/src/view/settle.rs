//! A settlement as rows: what both sides counted, the upload item by item, what is left open, and
//! whether a receipt proves it.
//!
//! Read from the messages themselves, so that a page shows what went over the line and not what a
//! machine believes.

use super::hop;
use super::ladder::{Arrow, Item, Ladder};
use crate::node::front_end::{Discrepancy, Found};
use crate::node::{NodeId, Note, Screen, Slip, Totals, read_48};
use crate::trace::{Event, What};

/// A message of a settlement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The row of the ladder.
    pub row: usize,
    /// Its type.
    pub mti: String,
    /// The network management code of F60.3, which says what is uploaded.
    pub kind: String,
    /// Trace number.
    pub stan: u32,
    /// The response code of an answer.
    pub code: Option<String>,
    /// It never arrived.
    pub lost: bool,
}

/// What is known of a terminal's settlement at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// The terminal's totals, domestic and foreign.
    pub own: Option<[Totals; 2]>,
    /// The host's.
    pub host: Option<[Totals; 2]>,
    /// The flags of the comparison: 1 for agreement.
    pub flags: Option<[u8; 2]>,
    /// Records uploaded, and how many there are.
    pub progress: Option<(u32, u32)>,
    /// The messages, oldest first.
    pub lines: Vec<Line>,
}

impl Settlement {
    /// The newest settlement of a terminal when so many rows are past.
    pub fn of(events: &[Event], ladder: &Ladder, terminal: u8, rows: usize) -> Settlement {
        let node = NodeId::Terminal(terminal);
        let mut settlement = Settlement::default();
        for (row, rung) in ladder.rows.iter().enumerate().take(rows) {
            match &rung.item {
                Item::Arrow(arrow) if arrow.from == node || arrow.to == node => {
                    settlement.take(events, row, arrow);
                }
                _ => {}
            }
        }
        let past = events.get(..ladder.events_before(rows)).unwrap_or_default();
        let shown = past.iter().rev().filter(|event| event.node == node);
        settlement.progress = shown.into_iter().find_map(|event| match event.what {
            What::Screen {
                screen: Screen::Uploading { done, of },
            } => Some((done, of)),
            _ => None,
        });
        // The screen does not say that the last record was taken; the answer to the end does.
        let ended = |line: &Line| line.mti == "0330" && line.kind == "202" && line.code.is_some();
        if let (Some((done, of)), true) =
            (&mut settlement.progress, settlement.lines.iter().any(ended))
        {
            *done = *of;
        }
        settlement
    }

    fn take(&mut self, events: &[Event], row: usize, arrow: &Arrow) {
        if !matches!(arrow.mti.as_str(), "0500" | "0510" | "0320" | "0330") {
            return;
        }
        let Some(link) = hop::link(arrow.from, arrow.to) else {
            return;
        };
        let frame = hop::sent(events, arrow.sent);
        let tree = link.dissect(&frame);
        let value = |path: &str| tree.find(path).map(|node| tree.value(node));
        if let Some((totals, flags)) = value("DE48").and_then(|digits| read_48(&digits)) {
            match arrow.mti.as_str() {
                "0500" => {
                    *self = Settlement {
                        own: Some(totals),
                        ..Settlement::default()
                    };
                }
                "0510" => (self.host, self.flags) = (Some(totals), Some(flags)),
                _ => {}
            }
        }
        let kind = value("DE60").and_then(|f60| f60.get(8..11).map(str::to_owned));
        self.lines.push(Line {
            row,
            mti: arrow.mti.clone(),
            kind: kind.unwrap_or_default(),
            stan: arrow.stan,
            code: value("DE39"),
            lost: arrow.arrived.is_empty(),
        });
    }
}

/// A line of the discrepancy store as it stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// Its number in the store, from 1; what a script's `resolve` names.
    pub number: u32,
    /// What was found, with the resolution it has by now.
    pub line: Discrepancy,
    /// Index of the event that reported it.
    pub event: usize,
}

/// The discrepancies reported so far; `store` is the host's store at the end of the run, `resolved`
/// the numbers that a person resolves, in the order of time.
pub fn open(past: &[Event], store: &[Discrepancy], resolved: &[u32]) -> Vec<Open> {
    let note = |wanted: fn(Note) -> bool| {
        let found = past.iter().enumerate();
        found.filter(move |(_, event)| {
            matches!(event.what, What::Note { note } if event.node == NodeId::FrontEnd && wanted(note))
        })
    };
    let reported = note(|note| {
        matches!(
            note,
            Note::PostedLate | Note::HostOnly | Note::AmountDiffers
        )
    });
    let done = note(|note| note == Note::Resolved).count();
    let done = resolved.get(..done).unwrap_or(resolved);
    let lines = store.iter().zip(1u32..).zip(reported);
    let line = |((line, number), (event, _)): ((&Discrepancy, u32), (usize, &Event))| {
        let later = resolved.contains(&number) && !done.contains(&number);
        let resolution = line.resolution.filter(|_| !later);
        Open {
            number,
            line: Discrepancy {
                resolution,
                ..*line
            },
            event,
        }
    };
    lines.map(line).collect()
}

/// What a receipt says of a discrepancy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It is of this trade, and its amount is the terminal's.
    Terminal,
    /// It is of this trade, and its amount is the host's.
    Host,
    /// It is of this trade, with an amount that neither side has.
    Neither,
    /// It is of another trade.
    Other,
}

/// Holds a receipt against a discrepancy; `None` when the paper is no receipt of a trade.
pub fn proof(line: &Discrepancy, slip: &Slip) -> Option<Proof> {
    let Slip::Trade {
        batch,
        trace,
        amount,
        ..
    } = slip
    else {
        return None;
    };
    Some(if (*batch, *trace) != (line.key.batch, line.key.stan) {
        Proof::Other
    } else if *amount == line.terminal && line.found != Found::HostOnly {
        Proof::Terminal
    } else if *amount == line.host {
        Proof::Host
    } else {
        Proof::Neither
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Scenario, Stage, World, shipped};
    use crate::trace::Tape;

    fn run(name: &str) -> (World, Vec<Event>) {
        let stage = Stage::load().unwrap();
        let scenario = Scenario::read(shipped(name).unwrap(), &stage).unwrap();
        let mut tape = Tape::recording();
        let mut world = World::new(&stage, &scenario, 0);
        world.run_to_end(&mut tape);
        (world, tape.take())
    }

    #[test]
    fn an_unbalanced_settlement_is_uploaded_item_by_item() {
        let (world, events) = run("settlement-mismatch");
        let ladder = Ladder::of(&events);
        let whole = Settlement::of(&events, &ladder, 0, ladder.rows.len());
        assert_eq!(whole.own.unwrap()[0].debit_amount, 12_000);
        assert_eq!(whole.host.unwrap()[0].debit_amount, 5_000);
        assert_eq!((whole.flags, whole.progress), (Some([2, 1]), Some((2, 2))));
        assert_eq!(whole.lines.len(), 8);
        let open = open(&events, world.discrepancies(), &[]);
        assert_eq!((open.len(), open[0].line.key.stan), (1, 3));
        let slips = world.slips().iter();
        let proofs: Vec<Proof> = slips
            .filter_map(|(_, slip)| proof(&open[0].line, slip))
            .collect();
        assert_eq!(proofs, [Proof::Other, Proof::Terminal]);
    }

    #[test]
    fn what_the_host_alone_has_is_given_back_by_a_person() {
        let (world, events) = run("host-only");
        let resolved = events
            .iter()
            .position(|event| {
                matches!(
                    event.what,
                    What::Note {
                        note: Note::Resolved
                    }
                )
            })
            .unwrap();
        let at = |count: usize| open(&events[..count], world.discrepancies(), &[1])[0].line;
        assert_eq!(at(resolved).found, Found::HostOnly);
        assert_eq!(at(resolved).resolution, None);
        assert!(at(resolved + 1).resolution.is_some());
        assert!(matches!(&events[resolved + 2].what, What::Ledger { legs, .. } if legs.len() == 2));
    }
}
