//! The cable between a terminal and its PIN pad: a simulated pad answers, or one outside the world.
//!
//! A simulated pad's whole conversation is made at the moment of the question and laid out in time;
//! a pad outside is asked by whoever runs the world, which stands still until it is told the answer.

use super::*;
use crate::bytes::to_hex;
use crate::node::Fact;
use crate::pad::epp::frame::Coding;
use crate::pad::simulated::Setup;
use crate::pad::sniff::{self, Sniffer};
use crate::pad::traffic::Direction;
use crate::pad::{Key, Protocol, Session, SessionEvent, SimulatedPad, Task};
use crate::sim::person::TYPE_MS;
use std::fmt;

/// Something that a pad outside the world has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PadRequest {
    /// The terminal that asks, from zero.
    pub terminal: u8,
    /// What it asks.
    pub task: Task,
}

/// What a pad outside the world answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PadAnswer {
    /// Everything that went over the cable; times count from the question.
    pub seen: Vec<Seen>,
    /// How long it took, in milliseconds.
    pub took_ms: Millis,
    /// What came of it.
    pub outcome: Result<pad::Outcome, TaskError>,
}

/// The pad of one terminal.
#[derive(Clone)]
pub(super) struct Pad {
    protocol: Protocol,
    session: Session,
    /// `None` when the pad is outside.
    inside: Option<SimulatedPad>,
}

impl fmt::Debug for Pad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pad({})", self.protocol.name())
    }
}

impl Pad {
    /// A simulated pad for each terminal, when the settings put one on a cable.
    pub(super) fn all(stage: &Stage, settings: &Settings, count: u8) -> Vec<Option<Pad>> {
        let one = |terminal| {
            let protocol = settings.pad_protocol.family()?;
            let vault = stage.vault(terminal, settings)?;
            Some(Pad {
                protocol,
                session: Session::new(protocol, Coding::Hex, false),
                inside: Some(SimulatedPad::new(protocol, vault, Setup::default())),
            })
        };
        (0..count).map(one).collect()
    }

    /// The whole conversation about a task that begins at `now`.
    fn converse(&mut self, task: Task, typed: Option<PinEntry>, now: Millis) -> PadAnswer {
        let mut talk = Talk {
            sniffer: Sniffer::new(Some(self.protocol)),
            seen: Vec::new(),
            now,
            rate: if self.protocol == Protocol::Visa {
                1
            } else {
                2
            },
        };
        let mut typed = typed;
        self.session.begin(task, now);
        let outcome = loop {
            talk.carry(&mut self.session, self.inside.as_mut());
            match self.session.poll_event() {
                Some(SessionEvent::Done(outcome)) => break outcome,
                Some(SessionEvent::Waiting) => {
                    if let (Some(entry), Some(pad)) = (typed.take(), self.inside.as_mut()) {
                        talk.type_keys(&entry, &mut self.session, pad);
                    }
                }
                Some(SessionEvent::Notice(_) | SessionEvent::KeyPressed) => {}
                None => match self.due() {
                    Some(at) => talk.wait(at, &mut self.session, self.inside.as_mut()),
                    None => break Err(TaskError::Unreadable),
                },
            }
        };
        talk.carry(&mut self.session, self.inside.as_mut());
        let rest = talk.sniffer.flush(talk.now);
        talk.seen.extend(rest);
        PadAnswer {
            seen: talk.seen,
            took_ms: talk.now - now,
            outcome,
        }
    }

    fn due(&self) -> Option<Millis> {
        let pad = self.inside.as_ref().and_then(SimulatedPad::poll_timeout);
        let both = [self.session.poll_timeout(), pad];
        both.into_iter().flatten().min()
    }
}

/// A conversation as it goes on.
struct Talk {
    sniffer: Sniffer,
    seen: Vec<Seen>,
    now: Millis,
    /// Characters a millisecond, roughly: a slow line and a usual one.
    rate: Millis,
}

impl Talk {
    /// Carries bytes both ways until nobody has any.
    fn carry(&mut self, session: &mut Session, pad: Option<&mut SimulatedPad>) {
        let Some(pad) = pad else { return };
        loop {
            if let Some(bytes) = session.poll_transmit() {
                self.passes(Direction::ToPad, &bytes);
                pad.feed(&bytes, self.now);
            } else if let Some(bytes) = pad.poll_transmit() {
                self.passes(Direction::FromPad, &bytes);
                session.feed(&bytes, self.now);
            } else {
                return;
            }
        }
    }

    fn passes(&mut self, direction: Direction, bytes: &[u8]) {
        self.seen
            .extend(self.sniffer.feed(direction, bytes, self.now));
        self.now += (bytes.len() as Millis).div_ceil(self.rate);
    }

    /// Fingers on the keys, one after the other.
    fn type_keys(&mut self, entry: &PinEntry, session: &mut Session, pad: &mut SimulatedPad) {
        let keys: Vec<Key> = match entry {
            PinEntry::Digits(digits) => {
                let digits = digits.iter().map(|digit| Key::Digit(*digit));
                digits.chain([Key::Enter]).collect()
            }
            PinEntry::Cancel => vec![Key::Cancel],
        };
        let pause = TYPE_MS / keys.len() as Millis;
        for key in keys {
            self.now += pause;
            pad.press(key, self.now);
            self.carry(session, Some(pad));
        }
    }

    fn wait(&mut self, at: Millis, session: &mut Session, pad: Option<&mut SimulatedPad>) {
        self.now = self.now.max(at);
        session.handle_timeout(self.now);
        if let Some(pad) = pad {
            pad.handle_timeout(self.now);
        }
    }
}

impl World {
    /// The pad of this terminal is outside: the world asks and waits. What it speaks is the
    /// scenario's `pad_protocol`.
    pub fn plug_in(&mut self, terminal: u8) {
        if let Some(Some(pad)) = self.pads.get_mut(usize::from(terminal)) {
            pad.inside = None;
        }
    }

    /// What a pad outside has to do before anything else can happen.
    pub fn pad_request(&self) -> Option<&PadRequest> {
        self.asked.as_ref()
    }

    /// The pad outside has answered: its bytes and its answer come when it took them.
    pub fn pad_answers(&mut self, answer: PadAnswer) {
        if let Some(request) = self.asked.take() {
            self.lay_out(request.terminal, answer);
        }
    }

    /// A terminal gives its pad something to do.
    pub(super) fn ask_pad(&mut self, node: NodeId, task: Task) {
        let NodeId::Terminal(terminal) = node else {
            return;
        };
        let outside = matches!(
            self.pads.get(usize::from(terminal)),
            Some(Some(Pad { inside: None, .. }))
        );
        if outside {
            self.asked = Some(PadRequest { terminal, task });
            return;
        }
        let typed = match task {
            Task::Pin(_) => self.typed(terminal),
            _ => None,
        };
        let now = self.now;
        let Some(Some(pad)) = self.pads.get_mut(usize::from(terminal)) else {
            return;
        };
        let mut answer = pad.converse(task, typed, now);
        for seen in &mut answer.seen {
            seen.at_ms -= now;
        }
        self.lay_out(terminal, answer);
    }

    fn lay_out(&mut self, terminal: u8, answer: PadAnswer) {
        let PadAnswer {
            seen,
            took_ms,
            outcome,
        } = answer;
        for seen in seen {
            let at = self.now + seen.at_ms.min(took_ms);
            let seen = Box::new(seen);
            self.schedule(at, Job::PadSays { terminal, seen });
        }
        self.schedule(self.now + took_ms, Job::PadDone { terminal, outcome });
    }

    /// Writes what went over the cable.
    pub(super) fn pad_says(&mut self, terminal: u8, seen: &Seen, tape: &mut Tape) {
        self.watch.frame_left(&self.stage, &seen.bytes, self.now);
        let (from, to) = match seen.direction {
            Direction::ToPad => (NodeId::Terminal(terminal), NodeId::PinPad(terminal)),
            Direction::FromPad => (NodeId::PinPad(terminal), NodeId::Terminal(terminal)),
        };
        let family = match self.pads.get(usize::from(terminal)) {
            Some(Some(pad)) => pad.protocol.name(),
            _ => "",
        };
        tape.write(self.now, from, || What::PadFrame {
            to,
            family,
            code: seen.code.clone(),
            title: seen.title,
            bare: !matches!(seen.what, sniff::What::Frame(_)),
            frame: to_hex(&seen.bytes),
        });
    }

    /// The master key is injected into the pad, or its case was opened.
    pub(super) fn pad_keys(&mut self, node: NodeId, fact: &Fact) {
        let NodeId::Terminal(terminal) = node else {
            return;
        };
        let vault = match fact {
            Fact::KeyLoaded { key: "TMK", .. } => self.stage.vault(terminal, &self.settings),
            Fact::KeysErased => {
                self.pad_left(terminal);
                Some(pad::secure::Vault::empty())
            }
            _ => None,
        };
        let pad = self.pads.get_mut(usize::from(terminal));
        if let (
            Some(vault),
            Some(Some(Pad {
                inside: Some(pad), ..
            })),
        ) = (vault, pad)
        {
            *pad.vault_mut() = vault;
        }
    }

    /// What a pad was still doing does not matter any more.
    pub(super) fn pad_left(&mut self, left: u8) {
        self.asked.take_if(|request| request.terminal == left);
        self.queue.retain(|_, job| match job {
            Job::PadSays { terminal, .. } | Job::PadDone { terminal, .. } => *terminal != left,
            _ => true,
        });
    }
}
