//! A recorded conversation said again: the requests in their order, the answers compared.
//!
//! Apart from [`session`](super::session) because it knows no plan: it says what was said, waits
//! for as many bytes as came then, and tells which answers are others now. It says again nothing
//! that changes keys unless it is allowed to.

use super::sniff::{Seen, Sniffer};
use super::traffic::{Direction, Record};
use super::{Millis, Protocol};

/// How long one answer may take.
pub const PATIENCE_MS: Millis = 5_000;

/// A request and what was answered to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// When the request was recorded.
    pub at_ms: Millis,
    /// What was asked.
    pub request: Vec<u8>,
    /// What was answered.
    pub answer: Vec<u8>,
}

/// The records as turns; an answer without a request is left out.
#[must_use]
pub fn turns(records: &[Record]) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for record in records {
        match (record.direction, turns.last_mut()) {
            (Direction::ToPad, Some(turn)) if turn.answer.is_empty() => {
                turn.request.extend(&record.bytes);
            }
            (Direction::ToPad, _) => turns.push(Turn {
                at_ms: record.at_ms,
                request: record.bytes.clone(),
                answer: Vec::new(),
            }),
            (Direction::FromPad, Some(turn)) => turn.answer.extend(&record.bytes),
            (Direction::FromPad, None) => {}
        }
    }
    turns
}

/// Whether a request loads or erases a key, by its code; the EPP's 31 erases only with its 38.
#[must_use]
pub fn changes_keys(seen: &Seen) -> bool {
    match seen.code.as_str() {
        "02" | "90" | "94" | "32" | "33" | "23" | "24" => true,
        "31" => seen.parts.iter().any(|part| part.text == "38"),
        _ => false,
    }
}

/// Whether any request of a log loads or erases a key.
#[must_use]
pub fn log_changes_keys(records: &[Record], expect: Option<Protocol>) -> bool {
    let mut sniffer = Sniffer::new(expect);
    let asked = records.iter().filter(|r| r.direction == Direction::ToPad);
    let mut seen: Vec<Seen> = asked
        .flat_map(|record| sniffer.feed(record.direction, &record.bytes, record.at_ms))
        .collect();
    seen.extend(sniffer.flush(0));
    seen.iter().any(changes_keys)
}

/// A log that is being said again.
#[derive(Debug, Clone)]
pub struct Replay {
    turns: Vec<Turn>,
    next: usize,
    heard: Vec<u8>,
    until: Option<Millis>,
    differing: usize,
}

impl Replay {
    /// Begins with the first request.
    #[must_use]
    pub fn new(records: &[Record]) -> Self {
        Self {
            turns: turns(records),
            next: 0,
            heard: Vec::new(),
            until: None,
            differing: 0,
        }
    }

    /// The next request, when the answer to the one before is complete or overdue.
    pub fn poll_transmit(&mut self, now: Millis) -> Option<Vec<u8>> {
        if self.until.is_some() {
            return None;
        }
        let turn = self.turns.get(self.next)?;
        self.heard.clear();
        self.until = Some(now + PATIENCE_MS);
        let request = turn.request.clone();
        if turn.answer.is_empty() {
            self.turn_over();
        }
        Some(request)
    }

    /// Takes bytes from the pad.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.heard.extend(bytes);
        let whole = self.turns.get(self.next).map(|turn| turn.answer.len());
        if self.until.is_some() && whole.is_some_and(|len| self.heard.len() >= len) {
            self.turn_over();
        }
    }

    /// When [`handle_timeout`](Self::handle_timeout) wants to be called.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Millis> {
        self.until
    }

    /// Gives an answer up that is overdue.
    pub fn handle_timeout(&mut self, now: Millis) {
        if self.until.is_some_and(|until| until <= now) {
            self.turn_over();
        }
    }

    /// How many turns were said, and how many of their answers are others now; when all were.
    #[must_use]
    pub fn outcome(&self) -> Option<(usize, usize)> {
        let over = self.until.is_none() && self.next >= self.turns.len();
        over.then_some((self.turns.len(), self.differing))
    }

    fn turn_over(&mut self) {
        self.until = None;
        if let Some(turn) = self.turns.get(self.next) {
            self.differing += usize::from(turn.answer != self.heard);
        }
        self.next += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pad::SimulatedPad;
    use crate::pad::simulated::Setup;

    fn record(at_ms: Millis, direction: Direction, bytes: &[u8]) -> Record {
        Record {
            at_ms,
            direction,
            bytes: bytes.to_vec(),
        }
    }

    #[test]
    fn a_log_is_said_again_and_other_answers_are_counted() {
        let mut pad = SimulatedPad::teaching(Protocol::Epp, Setup::default());
        let records = [
            record(0, Direction::ToPad, b"\x02013130"),
            record(1, Direction::FromPad, b"\x02010405"),
            record(2, Direction::ToPad, b"\x02014243"),
            record(3, Direction::FromPad, b"\x02010405"),
        ];
        assert!(!log_changes_keys(&records, Some(Protocol::Epp)));
        let mut replay = Replay::new(&records);
        let mut now = 0;
        while replay.outcome().is_none() {
            now += 1;
            while let Some(bytes) = replay.poll_transmit(now) {
                pad.feed(&bytes, now);
            }
            while let Some(bytes) = pad.poll_transmit() {
                replay.feed(&bytes);
            }
            replay.handle_timeout(now);
        }
        // There is no PIN to read now, so the second answer is another one.
        assert_eq!(replay.outcome(), Some((2, 1)));
        let wipe = [record(0, Direction::ToPad, b"\x020231380B")];
        assert!(log_changes_keys(&wipe, Some(Protocol::Epp)));
    }

    #[test]
    fn a_silent_pad_is_given_up() {
        let records = [
            record(0, Direction::ToPad, b"\x18"),
            record(1, Direction::FromPad, b"\x04"),
        ];
        let mut replay = Replay::new(&records);
        assert_eq!(replay.poll_transmit(10), Some(vec![0x18]));
        assert_eq!(replay.poll_timeout(), Some(10 + PATIENCE_MS));
        replay.handle_timeout(10 + PATIENCE_MS);
        assert_eq!(replay.outcome(), Some((1, 1)));
    }
}
