//! The host's side of the EPP family: one command, one status, and key bytes in between.

use super::frame::{Coding, Decoder, Received, wrap};
use crate::pad::face::earlier;
use crate::pad::{LinkError, Millis};
use std::collections::VecDeque;

/// What the host learns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostEvent {
    /// The status and its data.
    Reply {
        /// The first byte of the reply.
        status: u8,
        /// The rest.
        data: Vec<u8>,
    },
    /// A byte outside frames: a key of the open keyboard.
    Key(u8),
    /// The request failed.
    Failed(LinkError),
}

/// The host side of an EPP line.
#[derive(Debug, Clone, Default)]
pub struct Host {
    coding: Coding,
    decoder: Decoder,
    waiting: Option<Waiting>,
    quiet_at: Option<Millis>,
    out: VecDeque<Vec<u8>>,
    events: VecDeque<HostEvent>,
}

#[derive(Debug, Clone)]
struct Waiting {
    frame: Vec<u8>,
    sent: u8,
    garbled: u8,
    at: Millis,
}

impl Host {
    /// A host that writes in this coding and reads any.
    #[must_use]
    pub fn new(coding: Coding) -> Self {
        Self {
            coding,
            ..Self::default()
        }
    }

    /// Sends a command with its data.
    pub fn send(&mut self, command: u8, data: &[u8], now: Millis) {
        let frame = wrap(self.coding, &[&[command], data].concat());
        self.out.push_back(frame.clone());
        self.decoder.reset();
        self.quiet_at = None;
        self.waiting = Some(Waiting {
            frame,
            sent: 1,
            garbled: 0,
            at: now + REPLY_MS,
        });
    }

    /// Takes bytes from the pad.
    pub fn feed(&mut self, bytes: &[u8], now: Millis) {
        self.handle_timeout(now);
        let mut received = Vec::new();
        bytes
            .iter()
            .for_each(|b| self.decoder.push(*b, &mut received));
        self.take(received, now);
        self.quiet_at = self.decoder.inside().then_some(now + QUIET_MS);
    }

    /// When [`handle_timeout`](Self::handle_timeout) wants to be called.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Millis> {
        earlier(self.waiting.as_ref().map(|w| w.at), self.quiet_at)
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Millis) {
        if self.quiet_at.is_some_and(|at| at <= now) {
            self.quiet_at = None;
            let mut received = Vec::new();
            self.decoder.flush(&mut received);
            self.take(received, now);
        }
        let Some(mut waiting) = self.waiting.take_if(|w| w.at <= now) else {
            return;
        };
        if waiting.sent < TRIES {
            self.again(&mut waiting, now);
            self.waiting = Some(waiting);
        } else {
            let waited_ms = REPLY_MS * Millis::from(waiting.sent);
            let error = LinkError::NoAnswer {
                awaited: "reply",
                waited_ms,
            };
            self.events.push_back(HostEvent::Failed(error));
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

    fn take(&mut self, received: Vec<Received>, now: Millis) {
        for item in received {
            match item {
                Received::Byte(byte) => self.events.push_back(HostEvent::Key(byte)),
                Received::Frame { body, .. } => {
                    let Some((status, data)) = body.split_first() else {
                        continue;
                    };
                    if self.waiting.take().is_some() {
                        let data = data.to_vec();
                        self.events.push_back(HostEvent::Reply {
                            status: *status,
                            data,
                        });
                    }
                }
                Received::Bad { .. } => self.damaged(now),
            }
        }
    }

    /// A damaged status: every command may be said twice.
    fn damaged(&mut self, now: Millis) {
        let Some(mut waiting) = self.waiting.take() else {
            return;
        };
        waiting.garbled += 1;
        if waiting.garbled >= TRIES {
            let error = LinkError::Garbled {
                times: waiting.garbled,
            };
            self.events.push_back(HostEvent::Failed(error));
            return;
        }
        self.again(&mut waiting, now);
        self.waiting = Some(waiting);
    }

    fn again(&mut self, waiting: &mut Waiting, now: Millis) {
        self.out.push_back(waiting.frame.clone());
        waiting.sent += 1;
        waiting.at = now + REPLY_MS;
    }
}

/// How long a status may take; a wipe needs three seconds.
const REPLY_MS: Millis = 4000;
/// The pause that ends a frame whose coding is not yet known.
const QUIET_MS: Millis = 100;
/// How often a command is sent.
const TRIES: u8 = 3;
