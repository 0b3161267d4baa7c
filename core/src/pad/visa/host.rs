//! The host's side of the VISA packets: send, await ACK, await a reply and acknowledge it.

use super::frame::{ACK, Decoder, EOT, Kind, NAK, Received, wrap};
use crate::pad::face::earlier;
use crate::pad::{LinkError, Millis};
use std::collections::VecDeque;

/// What ends an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// ACK is all there is.
    Ack,
    /// The pad works and then says EOT.
    End,
    /// A reply, soon.
    Reply,
    /// A reply, when a person has acted.
    Person,
    /// The pad says the same text; ACK then makes it do it, EOT would not.
    Echo,
}

/// What the host learns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostEvent {
    /// The pad took the frame.
    Accepted,
    /// The text of the reply.
    Reply(Vec<u8>),
    /// The pad said EOT where that is how it ends.
    Done,
    /// The request failed.
    Failed(LinkError),
}

#[derive(Debug, Clone, Default)]
enum State {
    #[default]
    Idle,
    AwaitAck {
        at: Millis,
        sent: u8,
        naks: u8,
    },
    AwaitReply {
        at: Option<Millis>,
        naks: u8,
    },
    AwaitEnd {
        at: Millis,
    },
}

/// The host side of a VISA line.
#[derive(Debug, Clone)]
pub struct Host {
    state: State,
    decoder: Decoder,
    gap_at: Option<Millis>,
    frame: Vec<u8>,
    text: Vec<u8>,
    expect: Expect,
    /// The EOT that ends an exchange after its reply may come when the next has begun.
    owed_eot: bool,
    out: VecDeque<Vec<u8>>,
    events: VecDeque<HostEvent>,
}

impl Default for Host {
    fn default() -> Self {
        Self::new()
    }
}

impl Host {
    /// A host that has sent nothing.
    #[must_use]
    pub fn new() -> Self {
        Self {
            state: State::Idle,
            decoder: Decoder::new(),
            gap_at: None,
            frame: Vec::new(),
            text: Vec::new(),
            expect: Expect::Ack,
            owed_eot: false,
            out: VecDeque::new(),
            events: VecDeque::new(),
        }
    }

    /// The line carries seven bits and parity.
    #[must_use]
    pub fn seven_bits(mut self, on: bool) -> Self {
        self.decoder = Decoder::new().seven_bits(on);
        self
    }

    /// Sends a text.
    pub fn send(&mut self, kind: Kind, text: &[u8], expect: Expect, now: Millis) {
        self.frame = wrap(kind, text);
        self.text = text.to_vec();
        self.expect = expect;
        self.decoder.reset();
        self.out.push_back(self.frame.clone());
        self.state = State::AwaitAck {
            at: now + ACK_MS,
            sent: 1,
            naks: 0,
        };
    }

    /// Ends an entry that runs on the pad, or makes sure that none does.
    pub fn cancel(&mut self, now: Millis) {
        self.send(Kind::Transaction, b"72", Expect::Ack, now);
    }

    /// Takes bytes from the pad.
    pub fn feed(&mut self, bytes: &[u8], now: Millis) {
        self.handle_timeout(now);
        for byte in bytes {
            match self.decoder.push(*byte) {
                Some(Received::Frame { text, .. }) => self.reply(&text, now),
                Some(Received::Bad(_)) => self.damaged(now),
                Some(Received::Byte(control)) => self.control(control, now),
                None => {}
            }
        }
        self.gap_at = self.decoder.inside().then_some(now + GAP_MS);
    }

    /// When [`handle_timeout`](Self::handle_timeout) wants to be called.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Millis> {
        let state = match &self.state {
            State::Idle => None,
            State::AwaitAck { at, .. } | State::AwaitEnd { at } => Some(*at),
            State::AwaitReply { at, .. } => *at,
        };
        earlier(state, self.gap_at)
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Millis) {
        if self.gap_at.is_some_and(|at| at <= now) {
            self.gap_at = None;
            self.decoder.reset();
            self.damaged(now);
        }
        if self.poll_timeout().is_none_or(|at| at > now) {
            return;
        }
        match std::mem::take(&mut self.state) {
            State::Idle => {}
            State::AwaitAck { sent, naks, .. } if sent < TRIES => {
                self.out.push_back(self.frame.clone());
                self.state = State::AwaitAck {
                    at: now + ACK_MS,
                    sent: sent + 1,
                    naks,
                };
            }
            State::AwaitAck { sent, .. } => {
                self.give_up(LinkError::NoAnswer {
                    awaited: "ack",
                    waited_ms: ACK_MS * Millis::from(sent),
                });
            }
            State::AwaitReply { .. } => {
                self.give_up(LinkError::NoAnswer {
                    awaited: "reply",
                    waited_ms: REPLY_MS,
                });
            }
            State::AwaitEnd { .. } => {
                self.give_up(LinkError::NoAnswer {
                    awaited: "eot",
                    waited_ms: REPLY_MS,
                });
            }
        }
    }

    /// The next bytes for the pad.
    pub fn poll_transmit(&mut self) -> Option<Vec<u8>> {
        self.out.pop_front()
    }

    /// The next thing the host learns.
    pub fn poll_event(&mut self) -> Option<HostEvent> {
        self.events.pop_front()
    }

    fn control(&mut self, byte: u8, now: Millis) {
        let owed = std::mem::take(&mut self.owed_eot);
        if owed && byte == EOT {
            return;
        }
        match (std::mem::take(&mut self.state), byte) {
            (State::AwaitAck { .. }, ACK) => {
                self.events.push_back(HostEvent::Accepted);
                self.state = match self.expect {
                    Expect::Ack => State::Idle,
                    Expect::End => State::AwaitEnd { at: now + REPLY_MS },
                    Expect::Reply | Expect::Echo => State::AwaitReply {
                        at: Some(now + REPLY_MS),
                        naks: 0,
                    },
                    Expect::Person => State::AwaitReply { at: None, naks: 0 },
                };
            }
            (State::AwaitAck { naks, .. }, NAK) if naks + 1 >= TRIES => {
                self.give_up(LinkError::Refused { times: TRIES });
            }
            (State::AwaitAck { sent, naks, .. }, NAK) => {
                self.out.push_back(self.frame.clone());
                self.state = State::AwaitAck {
                    at: now + ACK_MS,
                    sent,
                    naks: naks + 1,
                };
            }
            // A cancel that ended an entry is answered by EOT alone.
            (State::AwaitAck { .. }, EOT) if self.expect == Expect::Ack => {
                self.events.push_back(HostEvent::Done);
            }
            (State::AwaitEnd { .. }, EOT) => self.events.push_back(HostEvent::Done),
            (State::AwaitAck { .. } | State::AwaitReply { .. }, EOT) => {
                self.events.push_back(HostEvent::Failed(LinkError::Ended));
            }
            (state, _) => self.state = state,
        }
    }

    fn reply(&mut self, text: &[u8], now: Millis) {
        if !matches!(self.state, State::AwaitReply { .. }) {
            // A reply sent again because our ACK was lost.
            self.out.push_back(vec![ACK]);
            return;
        }
        if self.expect == Expect::Echo && text != self.text {
            self.give_up(LinkError::Garbled { times: 1 });
            return;
        }
        self.out.push_back(vec![ACK]);
        if self.expect == Expect::Echo {
            self.state = State::AwaitEnd { at: now + REPLY_MS };
            return;
        }
        self.owed_eot = true;
        self.state = State::Idle;
        self.events.push_back(HostEvent::Reply(text.to_vec()));
    }

    fn damaged(&mut self, now: Millis) {
        let State::AwaitReply { at, naks } = self.state else {
            return;
        };
        if naks + 1 >= TRIES {
            return self.give_up(LinkError::Garbled { times: TRIES });
        }
        self.out.push_back(vec![NAK]);
        let at = at.map(|_| now + REPLY_MS);
        self.state = State::AwaitReply { at, naks: naks + 1 };
    }

    fn give_up(&mut self, error: LinkError) {
        self.out.push_back(vec![EOT]);
        self.state = State::Idle;
        self.decoder.reset();
        self.events.push_back(HostEvent::Failed(error));
    }
}

/// How long ACK may take before the frame goes out again.
const ACK_MS: Millis = 5000;
/// How long a reply that needs nobody may take.
const REPLY_MS: Millis = 10_000;
/// The longest pause inside a frame.
const GAP_MS: Millis = 2000;
/// How often anything is tried.
const TRIES: u8 = 3;
