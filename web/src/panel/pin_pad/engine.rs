//! The machines behind the panel: a session, the sniffer, and the simulated pad when there is no
//! real one. No browser, no signals: bytes and times go in, bytes and events come out.

use poslab_core::pad::card::Card;
use poslab_core::pad::epp::frame::Coding;
use poslab_core::pad::face::Face;
use poslab_core::pad::simulated::Setup;
use poslab_core::pad::sniff::{Seen, Sniffer};
use poslab_core::pad::traffic::Direction;
use poslab_core::pad::{Key, Millis, Protocol, Session, SessionEvent, SimulatedPad, Task};

/// Host, log, and perhaps a pad.
pub struct Engine {
    session: Session,
    pad: Option<SimulatedPad>,
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
            sniffer: Sniffer::new(Some(protocol)),
            last: 0,
            seen: Vec::new(),
            outbox: Vec::new(),
        }
    }

    /// Begins a task.
    pub fn begin(&mut self, task: Task, now: Millis) {
        self.session.begin(task, now);
        self.carry(now);
    }

    /// Ends what runs.
    pub fn cancel(&mut self, now: Millis) {
        self.session.cancel(now);
        self.carry(now);
    }

    /// A task runs.
    pub fn busy(&self) -> bool {
        self.session.busy()
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
        self.record(Direction::FromPad, bytes, now);
        self.session.feed(bytes, now);
        self.carry(now);
    }

    /// Time has passed.
    pub fn tick(&mut self, now: Millis) {
        self.session.handle_timeout(now);
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
            while let Some(bytes) = self.session.poll_transmit() {
                moved = true;
                self.send_to_pad(&bytes, now);
            }
            while let Some(bytes) = self.pad.as_mut().and_then(SimulatedPad::poll_transmit) {
                moved = true;
                self.record(Direction::FromPad, &bytes, now);
                self.session.feed(&bytes, now);
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
