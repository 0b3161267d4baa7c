//! A run as a ladder: lanes for the boxes, one row per arrow or per moment inside a box.
//!
//! Apart from the trace because people follow messages, not events: what a box does between two
//! messages is one mark, named by the most telling thing in it, and a message that arrives is the
//! other end of the arrow that left. Rows are in the order of the trace; the theatre's cursor counts
//! rows, so a step is always something to see.

use crate::node::{Millis, NodeId, Note};
use crate::trace::{Event, What};
use std::collections::BTreeMap;
use std::ops::Range;

/// A run, row by row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ladder {
    /// The boxes that take part, from the cardholder to clearing.
    pub lanes: Vec<NodeId>,
    /// The rows.
    pub rows: Vec<Row>,
    /// How many events the run has.
    pub events: usize,
    arrows: BTreeMap<u32, usize>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Index of its first event.
    pub first: usize,
    /// When.
    pub at_ms: Millis,
    /// What is drawn.
    pub item: Item,
}

/// What a row shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A message between two boxes.
    Arrow(Arrow),
    /// A person and a machine: an order, a screen that ends it, a slip.
    Act {
        /// From.
        from: NodeId,
        /// To.
        to: NodeId,
        /// Index of the telling event.
        event: usize,
    },
    /// Something inside a box.
    Mark {
        /// The box.
        node: NodeId,
        /// Index of the most telling event.
        event: usize,
        /// How many events the mark stands for.
        count: usize,
        /// Something was made to go wrong, or a rule is broken.
        alarm: bool,
    },
}

/// A message between two boxes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// Its number in the run.
    pub msg: u32,
    /// From.
    pub from: NodeId,
    /// To.
    pub to: NodeId,
    /// Its type, four digits.
    pub mti: String,
    /// Its trace number.
    pub stan: u32,
    /// Index of the event that sent it.
    pub sent: usize,
    /// Indices of the events that delivered it: none when it was lost, two when doubled.
    pub arrived: Vec<usize>,
    /// Index of the event of the fault that hit it.
    pub fault: Option<usize>,
    /// Rows between leaving and arriving, when other things happened meanwhile.
    pub late: usize,
    /// Which of its kind between these boxes it is, from 1: `drop:0210#2@nac-terminal`.
    pub nth: u32,
}

/// Where people want to jump to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jump {
    /// The next message.
    Message,
    /// The next fault or broken rule.
    Fault,
    /// The next refusal.
    Decline,
    /// The next change of a machine's state.
    State,
}

impl Arrow {
    /// The message as a fault names it: `0210#2@nac-terminal`.
    pub fn place(&self) -> String {
        let nth = match self.nth {
            1 => String::new(),
            nth => format!("#{nth}"),
        };
        format!("{}{nth}@{}-{}", self.mti, self.from, self.to)
    }
}

impl Ladder {
    /// The ladder of a run.
    pub fn of(events: &[Event]) -> Ladder {
        let mut ladder = Ladder {
            events: events.len(),
            ..Ladder::default()
        };
        let mut counts = BTreeMap::new();
        for (index, event) in events.iter().enumerate() {
            ladder.take(index, event, events, &mut counts);
        }
        ladder.lanes = lanes(&ladder.rows);
        ladder
    }

    fn take(
        &mut self,
        index: usize,
        event: &Event,
        events: &[Event],
        counts: &mut BTreeMap<(NodeId, NodeId, String), u32>,
    ) {
        let act = |from, to| Item::Act {
            from,
            to,
            event: index,
        };
        let item = match &event.what {
            What::Send {
                to, msg, mti, stan, ..
            } => {
                let nth = counts.entry((event.node, *to, mti.clone())).or_insert(0);
                *nth += 1;
                self.arrows.insert(*msg, self.rows.len());
                Item::Arrow(Arrow {
                    msg: *msg,
                    from: event.node,
                    to: *to,
                    mti: mti.clone(),
                    stan: *stan,
                    sent: index,
                    arrived: Vec::new(),
                    fault: None,
                    late: 0,
                    nth: *nth,
                })
            }
            What::Deliver { msg, .. } => return self.arrive(*msg, index),
            What::Fault { msg: Some(msg), .. } if self.arrows.contains_key(msg) => {
                if let Some(arrow) = self.arrow_mut(*msg) {
                    arrow.fault = Some(index);
                }
                return;
            }
            What::PadFrame {
                to, bare: false, ..
            } => act(event.node, *to),
            What::Order { .. } => act(NodeId::Holder, event.node),
            What::Print { .. } => act(event.node, NodeId::Holder),
            _ => return self.mark(index, event, events),
        };
        self.push(index, event.at_ms, item);
    }

    fn push(&mut self, first: usize, at_ms: Millis, item: Item) {
        self.rows.push(Row { first, at_ms, item });
    }

    fn arrow_mut(&mut self, msg: u32) -> Option<&mut Arrow> {
        let row = *self.arrows.get(&msg)?;
        match &mut self.rows.get_mut(row)?.item {
            Item::Arrow(arrow) => Some(arrow),
            Item::Act { .. } | Item::Mark { .. } => None,
        }
    }

    fn arrive(&mut self, msg: u32, index: usize) {
        let since = self.arrows.get(&msg).map(|row| self.rows.len() - 1 - row);
        if let Some(arrow) = self.arrow_mut(msg) {
            arrow.arrived.push(index);
            arrow.late = since.unwrap_or(0);
        }
    }

    /// Adds an event inside a box: to the mark before it when that is the same box's and moment's.
    fn mark(&mut self, index: usize, event: &Event, events: &[Event]) {
        let told = weight(&event.what);
        let near = self.rows.last_mut().filter(|row| row.at_ms == event.at_ms);
        if let Some(Row {
            first,
            item:
                Item::Mark {
                    node,
                    event: best,
                    count,
                    alarm,
                },
            ..
        }) = near
            && *node == event.node
            && *first + *count == index
        {
            *count += 1;
            *alarm |= is_alarm(&event.what);
            if events.get(*best).is_none_or(|old| weight(&old.what) < told) {
                *best = index;
            }
            return;
        }
        if told == 0 {
            return;
        }
        let item = Item::Mark {
            node: event.node,
            event: index,
            count: 1,
            alarm: is_alarm(&event.what),
        };
        self.push(index, event.at_ms, item);
    }

    /// How many events have happened when `row` rows are past.
    pub fn events_before(&self, row: usize) -> usize {
        if row == 0 {
            return 0;
        }
        self.rows.get(row).map_or(self.events, |next| next.first)
    }

    /// The row that an event belongs to.
    pub fn row_of(&self, event: usize) -> usize {
        self.rows
            .partition_point(|row| row.first <= event)
            .saturating_sub(1)
    }

    /// The arrow in a row.
    pub fn arrow(&self, row: usize) -> Option<&Arrow> {
        match &self.rows.get(row)?.item {
            Item::Arrow(arrow) => Some(arrow),
            Item::Act { .. } | Item::Mark { .. } => None,
        }
    }

    /// The box that a row is about: where something happened, or whose machine a person met.
    pub fn place_of(&self, row: usize) -> NodeId {
        match self.rows.get(row).map(|row| &row.item) {
            Some(Item::Mark { node, .. }) => *node,
            Some(Item::Act { from, to, .. }) if *from == NodeId::Holder => *to,
            Some(Item::Act { from, .. }) => *from,
            Some(Item::Arrow(arrow)) => arrow.from,
            None => NodeId::Holder,
        }
    }

    /// The row of a message.
    pub fn row_of_message(&self, msg: u32) -> Option<usize> {
        self.arrows.get(&msg).copied()
    }

    /// The message that one became at the next box: the same exchange before or after a hop.
    pub fn before_hop(&self, row: usize) -> Option<&Arrow> {
        let arrow = self.arrow(row)?;
        let earlier = (0..row).rev().filter_map(|at| self.arrow(at));
        let came = |other: &&Arrow| other.to == arrow.from && same_exchange(other, arrow);
        earlier.take(12).find(came)
    }

    /// The cursors a kind of jump can lead to: just past each row of that kind.
    pub fn places(&self, events: &[Event], to: Jump) -> Vec<usize> {
        let wanted = |at: &usize| self.is(events, *at, to);
        (0..self.rows.len())
            .filter(wanted)
            .map(|at| at + 1)
            .collect()
    }

    fn is(&self, events: &[Event], row: usize, wanted: Jump) -> bool {
        let within = self.events_of(row);
        let any = |test: fn(&What) -> bool| {
            let slice = events.get(within.clone()).unwrap_or_default();
            slice.iter().any(|event| test(&event.what))
        };
        match wanted {
            Jump::Message => self.arrow(row).is_some(),
            Jump::Fault => any(is_alarm) || self.arrow(row).is_some_and(|a| a.fault.is_some()),
            Jump::Decline => {
                any(|what| matches!(what, What::Decision { code, .. } if !code.approves()))
            }
            Jump::State => any(|what| matches!(what, What::State { .. })),
        }
    }

    /// The events of a row, those that follow it without a row of their own included.
    pub fn events_of(&self, row: usize) -> Range<usize> {
        let start = self.rows.get(row).map_or(self.events, |row| row.first);
        start..self.events_before(row + 1).max(start)
    }

    /// The first row in which two runs differ, when they do.
    pub fn diverges(&self, events: &[Event], other: &[Event]) -> Option<usize> {
        let alike = events.iter().zip(other).take_while(|(a, b)| a == b).count();
        let differ = alike < events.len() || alike < other.len();
        differ.then(|| self.row_of(alike.min(self.events.saturating_sub(1))))
    }

    /// The rows to draw around a cursor: never more than `most`, two thirds of them past.
    pub fn window(&self, cursor: usize, most: usize) -> Range<usize> {
        let start = cursor.saturating_sub(most * 2 / 3);
        let end = (start + most).min(self.rows.len());
        end.saturating_sub(most)..end
    }
}

/// Whether two messages are request and request, or answer and answer, of one exchange.
fn same_exchange(a: &Arrow, b: &Arrow) -> bool {
    let class = |arrow: &Arrow| arrow.mti.get(2..3).map(str::to_owned);
    class(a) == class(b)
}

/// Whether an event is a fault, a broken rule, or a letter that arrives nowhere.
pub fn is_alarm(what: &What) -> bool {
    matches!(
        what,
        What::Fault { .. }
            | What::Property { holds: false, .. }
            | What::Note {
                note: Note::DeadLetter
            }
    )
}

/// How telling an event is: the mark of a box takes its name from the highest.
fn weight(what: &What) -> u8 {
    match what {
        what if is_alarm(what) => 10,
        What::Fault { .. } => 10,
        What::Ledger { .. } => 9,
        What::KeysErased | What::Outcome { .. } => 8,
        What::Timer { .. } => 7,
        What::Decision { .. } => 6,
        What::Journal { .. } | What::KeyLoaded { .. } => 5,
        What::Note { .. } => 4,
        What::Persist { .. } => 3,
        What::Screen { .. } => 2,
        What::State { .. } => 1,
        What::Order { .. } | What::Print { .. } => 1,
        What::Property { .. } => 0,
        What::Send { .. } | What::Deliver { .. } | What::PadFrame { .. } => 0,
    }
}

/// The lanes of some rows: every box between the outermost that take part.
fn lanes(rows: &[Row]) -> Vec<NodeId> {
    let mut lanes = vec![
        NodeId::Holder,
        NodeId::Terminal(0),
        NodeId::PinPad(0),
        NodeId::Nac,
        NodeId::FrontEnd,
        NodeId::Switch,
        NodeId::Issuer,
    ];
    for row in rows {
        let ends = match &row.item {
            Item::Arrow(arrow) => [arrow.from, arrow.to],
            Item::Act { from, to, .. } => [*from, *to],
            Item::Mark { node, .. } => [*node; 2],
        };
        for node in ends {
            if !lanes.contains(&node) {
                lanes.push(node);
            }
        }
    }
    lanes.sort();
    lanes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::Note;

    fn event(seq: u64, at_ms: Millis, node: NodeId, what: What) -> Event {
        Event {
            seq,
            at_ms,
            node,
            what,
        }
    }

    fn send(to: NodeId, msg: u32, mti: &str) -> What {
        What::Send {
            to,
            msg,
            mti: mti.into(),
            stan: 1,
            frame: "00".into(),
        }
    }

    fn deliver(from: NodeId, msg: u32, mti: &str) -> What {
        What::Deliver {
            from,
            msg,
            mti: mti.into(),
            stan: 1,
            frame: None,
        }
    }

    const T: NodeId = NodeId::Terminal(0);

    fn run() -> Vec<Event> {
        let state = What::State {
            from: "idle",
            to: "awaiting-answer",
        };
        let fault = What::Fault {
            fault: "drop:0210@nac-terminal".into(),
            msg: Some(3),
        };
        vec![
            event(0, 0, T, What::Persist { record: "request" }),
            event(1, 0, T, state),
            event(2, 0, T, send(NodeId::Nac, 1, "0200")),
            event(3, 9, NodeId::Nac, deliver(T, 1, "0200")),
            event(
                4,
                9,
                NodeId::Nac,
                What::Note {
                    note: Note::SourceRewritten,
                },
            ),
            event(5, 9, NodeId::Nac, send(NodeId::FrontEnd, 2, "0200")),
            event(6, 20, NodeId::FrontEnd, deliver(NodeId::Nac, 2, "0200")),
            event(7, 30, NodeId::Nac, send(T, 3, "0210")),
            event(8, 30, T, fault),
            event(9, 60_000, T, What::Timer { key: 0 }),
        ]
    }

    #[test]
    fn marks_gather_and_arrows_meet() {
        let events = run();
        let ladder = Ladder::of(&events);
        assert_eq!(ladder.rows.len(), 6);
        let Item::Mark { event, count, .. } = ladder.rows[0].item else {
            panic!("the terminal's moment comes first")
        };
        assert_eq!((event, count), (0, 2));
        let first = ladder.arrow(1).unwrap();
        assert_eq!(
            (first.arrived.as_slice(), first.late, first.nth),
            (&[3][..], 0, 1)
        );
        let lost = ladder.arrow(4).unwrap();
        assert_eq!((lost.arrived.len(), lost.fault), (0, Some(8)));
        assert_eq!(ladder.before_hop(3).unwrap().msg, 1);
    }

    #[test]
    fn the_cursor_counts_rows() {
        let events = run();
        let ladder = Ladder::of(&events);
        let stops: Vec<usize> = (0..=ladder.rows.len())
            .map(|row| ladder.events_before(row))
            .collect();
        assert_eq!(stops, [0, 2, 4, 5, 7, 9, 10]);
        for event in 0..events.len() {
            let row = ladder.row_of(event);
            assert!(ladder.events_of(row).contains(&event), "{event}");
        }
        assert_eq!(ladder.places(&events, Jump::Fault), [5]);
        assert_eq!(ladder.places(&events, Jump::State), [1]);
        assert_eq!(ladder.window(5, 4), 2..6);
        assert_eq!(ladder.window(0, 60), 0..6);
    }

    #[test]
    fn runs_part_where_they_differ() {
        let events = run();
        let ladder = Ladder::of(&events);
        assert_eq!(ladder.diverges(&events, &events), None);
        assert_eq!(ladder.diverges(&events, &events[..8]), Some(4));
    }
}
