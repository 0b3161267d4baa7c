//! The machines behind the panel: a session, the sniffer, and the simulated pad when there is no
//! real one. No browser, no signals: bytes and times go in, bytes and events come out.

use poslab_core::pad::abecs::rsa::KeyPair;
use poslab_core::pad::card::Card;
use poslab_core::pad::epp::frame::Coding;
use poslab_core::pad::face::Face;
use poslab_core::pad::replay::Replay;
use poslab_core::pad::secure::random::Random;
use poslab_core::pad::simulated::Setup;
use poslab_core::pad::sniff::{Seen, Sniffer};
use poslab_core::pad::traffic::{Direction, Record};
use poslab_core::pad::{Key, Millis, Protocol, Session, SessionEvent, SimulatedPad, Task};

/// Host, log, and perhaps a pad.
pub struct Engine {
    session: Session,
    pad: Option<SimulatedPad>,
    replay: Option<Replay>,
    sniffer: Sniffer,
    last: Millis,
    /// Everything that went over the line, taken apart.
    pub seen: Vec<Seen>,
    /// Bytes that wait for the real port.
    pub outbox: Vec<Vec<u8>>,
}

impl Engine {
    /// Talks to a simulated pad of this family.
    pub fn simulated(protocol: Protocol, coding: Coding, seed: [u8; 16]) -> Self {
        let setup = Setup {
            notices: true,
            seed,
            ..Setup::default()
        };
        Self {
            pad: Some(SimulatedPad::teaching(protocol, setup)),
            ..Self::real(protocol, coding, false)
        }
    }

    /// Talks to whatever hangs on the real port.
    pub fn real(protocol: Protocol, coding: Coding, seven_bits: bool) -> Self {
        Self {
            session: Session::new(protocol, coding, seven_bits),
            pad: None,
            replay: None,
            sniffer: Sniffer::new(Some(protocol)),
            last: 0,
            seen: Vec::new(),
            outbox: Vec::new(),
        }
    }

    /// ABECS: talks through a secure channel with a key pair made from this seed.
    pub fn secured(mut self, seed: [u8; 16]) -> Self {
        let pair = KeyPair::generate(&mut Random::new(seed));
        self.session = self.session.with_channel(pair);
        self
    }

    /// Begins a task.
    pub fn begin(&mut self, task: Task, now: Millis) {
        self.session.begin(task, now);
        self.carry(now);
    }

    /// Ends what runs.
    pub fn cancel(&mut self, now: Millis) {
        self.replay = None;
        self.session.cancel(now);
        self.carry(now);
    }

    /// A task runs.
    pub fn busy(&self) -> bool {
        self.session.busy() || self.replay.is_some()
    }

    /// Says every request of the log again.
    pub fn begin_replay(&mut self, now: Millis) {
        self.replay = Some(Replay::new(&self.records()));
        self.carry(now);
    }

    /// How many requests were said again and how many answers were others, once they all were.
    pub fn replayed(&mut self) -> Option<(usize, usize)> {
        let outcome = self.replay.as_ref()?.outcome();
        if outcome.is_some() {
            self.replay = None;
        }
        outcome
    }

    /// The log as records.
    pub fn records(&self) -> Vec<Record> {
        let record = |seen: &Seen| Record {
            at_ms: seen.at_ms,
            direction: seen.direction,
            bytes: seen.bytes.clone(),
        };
        self.seen.iter().map(record).collect()
    }

    /// Puts another log in place of this one.
    pub fn load(&mut self, records: &[Record]) {
        let mut sniffer = Sniffer::new(Some(self.session.protocol()));
        self.seen.clear();
        let mut last = 0;
        for record in records {
            last = record.at_ms;
            let seen = sniffer.feed(record.direction, &record.bytes, last);
            self.seen.extend(seen);
        }
        self.seen.extend(sniffer.flush(last));
    }

    /// Sends bytes that no task made: a probe, a request said again.
    pub fn say(&mut self, bytes: &[u8], now: Millis) {
        self.send_to_pad(bytes, now);
        self.carry(now);
    }

    /// A finger on the simulated pad.
    pub fn press(&mut self, key: Key, now: Millis) {
        if let Some(pad) = &mut self.pad {
            pad.press(key, now);
        }
        self.carry(now);
    }

    /// A card through the simulated pad.
    pub fn swipe(&mut self, now: Millis) {
        if let (Some(pad), Some(card)) = (&mut self.pad, Card::new("9999910000000002", "3012")) {
            pad.swipe(card);
        }
        self.carry(now);
    }

    /// Bytes from the real port.
    pub fn hear(&mut self, bytes: &[u8], now: Millis) {
        self.take(bytes, now);
        self.carry(now);
    }

    /// Bytes from a pad go to whoever asked.
    fn take(&mut self, bytes: &[u8], now: Millis) {
        self.record(Direction::FromPad, bytes, now);
        match &mut self.replay {
            Some(replay) => replay.feed(bytes),
            None => self.session.feed(bytes, now),
        }
    }

    /// Time has passed.
    pub fn tick(&mut self, now: Millis) {
        self.session.handle_timeout(now);
        if let Some(replay) = &mut self.replay {
            replay.handle_timeout(now);
        }
        if let Some(pad) = &mut self.pad {
            pad.handle_timeout(now);
        }
        self.carry(now);
        if self.sniffer.pending() && now > self.last + 400 {
            self.seen.extend(self.sniffer.flush(now));
        }
    }

    /// The simulated pad's display.
    pub fn face(&self) -> Option<Face> {
        self.pad.as_ref().map(|pad| pad.face().clone())
    }

    /// What the session has learned since it was last asked.
    pub fn events(&mut self) -> Vec<SessionEvent> {
        std::iter::from_fn(|| self.session.poll_event()).collect()
    }

    /// Carries bytes until nobody has any.
    fn carry(&mut self, now: Millis) {
        loop {
            let mut moved = false;
            let again = |replay: &mut Replay| replay.poll_transmit(now);
            while let Some(bytes) = self
                .session
                .poll_transmit()
                .or_else(|| self.replay.as_mut().and_then(again))
            {
                moved = true;
                self.send_to_pad(&bytes, now);
            }
            while let Some(bytes) = self.pad.as_mut().and_then(SimulatedPad::poll_transmit) {
                moved = true;
                self.take(&bytes, now);
            }
            if !moved {
                return;
            }
        }
    }

    fn send_to_pad(&mut self, bytes: &[u8], now: Millis) {
        self.record(Direction::ToPad, bytes, now);
        match &mut self.pad {
            Some(pad) => pad.feed(bytes, now),
            None => self.outbox.push(bytes.to_vec()),
        }
    }

    fn record(&mut self, direction: Direction, bytes: &[u8], now: Millis) {
        self.last = now;
        self.seen.extend(self.sniffer.feed(direction, bytes, now));
        // A long session keeps its newest part.
        if self.seen.len() > 2000 {
            self.seen.drain(..500);
        }
    }
}
