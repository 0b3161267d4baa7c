//! The host's line: cancel first, send, await ACK, await the reply, refuse what is damaged.

use super::channel::SessionKey;
use super::command::command;
use super::frame::{ACK, CAN, DC2, Decoder, EOT, NAK, Received, wrap};
use super::request::{Reply, from_latin1};
use super::rsa::KeyPair;
use crate::pad::face::earlier;
use crate::pad::{LinkError, Millis};
use std::collections::VecDeque;

/// What the host learns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostEvent {
    /// The pad answered CAN with EOT: it is idle.
    Ready,
    /// The pad took the command.
    Accepted,
    /// A text for the operator while a command runs.
    Notice(String),
    /// The reply, in clear.
    Reply(Vec<u8>),
    /// The request failed.
    Failed(LinkError),
}

#[derive(Debug, Clone, Default)]
enum State {
    #[default]
    Idle,
    /// CAN went out.
    AwaitEot { tries: u8, at: Millis },
    /// A command went out.
    AwaitAck {
        frame: Vec<u8>,
        naks: u8,
        at: Millis,
    },
    /// The pad works; without a deadline it waits for a person.
    AwaitReply { garbled: u8, at: Option<Millis> },
    /// A damaged reply: the line must be quiet, then NAK.
    AwaitQuiet { garbled: u8, at: Millis },
}

/// The host side of an ABECS line.
#[derive(Debug, Clone, Default)]
pub struct Host {
    state: State,
    decoder: Decoder,
    gap_at: Option<Millis>,
    blocking: bool,
    channel: Option<SessionKey>,
    out: VecDeque<Vec<u8>>,
    events: VecDeque<HostEvent>,
}

impl Host {
    /// A host that has sent nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Aborts whatever the pad does and makes sure that it listens.
    pub fn cancel(&mut self, now: Millis) {
        self.decoder.reset();
        self.gap_at = None;
        self.out.push_back(vec![CAN]);
        self.state = State::AwaitEot {
            tries: 1,
            at: now + WAIT_MS,
        };
    }

    /// Sends a command, sealed when a secure channel stands (OPN never is).
    pub fn send(&mut self, clear: &[u8], now: Millis) {
        let id = clear.get(..3).unwrap_or_default();
        self.blocking = command(id).is_some_and(|c| c.blocking);
        let frame = match &self.channel {
            Some(key) if id != b"OPN" => wrap(&key.seal(clear)),
            _ => wrap(clear),
        };
        self.decoder.reset();
        self.out.push_back(frame.clone());
        self.state = State::AwaitAck {
            frame,
            naks: 0,
            at: now + WAIT_MS,
        };
    }

    /// The request that opens a secure channel for this key pair.
    #[must_use]
    pub fn secure_request(pair: &KeyPair) -> Vec<u8> {
        let public = pair.public();
        let block = format!(
            "0{:03}{}{}{}",
            public.modulus.len(),
            hex::encode_upper(&public.modulus),
            public.exponent.len(),
            hex::encode_upper(&public.exponent)
        );
        super::request::command("OPN", &[block.as_bytes()])
    }

    /// Takes the reply to [`secure_request`](Self::secure_request); `false` when the pad is too
    /// old to have a channel.
    ///
    /// # Errors
    /// [`LinkError::SecureChannel`] when the cryptogram does not open.
    pub fn secure(&mut self, reply: &[u8], pair: &KeyPair) -> Result<bool, LinkError> {
        self.channel = None;
        let reply = Reply::read(reply).ok_or(LinkError::SecureChannel)?;
        let Some(block) = reply.blocks.first() else {
            return Ok(false);
        };
        let cryptogram = block.get(3..).and_then(|h| hex::decode(h).ok());
        let opened = cryptogram.and_then(|c| pair.decipher(&c));
        let key = opened.and_then(|k| <[u8; 16]>::try_from(k.as_slice()).ok());
        self.channel = Some(SessionKey::new(key.ok_or(LinkError::SecureChannel)?));
        Ok(true)
    }

    /// Takes bytes from the pad.
    pub fn feed(&mut self, bytes: &[u8], now: Millis) {
        self.handle_timeout(now);
        for byte in bytes {
            if let State::AwaitQuiet { at, .. } = &mut self.state {
                *at = now + SILENCE_MS;
                continue;
            }
            match self.decoder.push(*byte) {
                Some(Received::Packet(data)) => self.packet(&data, now),
                Some(Received::Bad(_)) => self.damaged(now),
                Some(Received::Byte(control)) => self.control(control, now),
                None => {}
            }
        }
        self.gap_at = self.decoder.inside().then_some(now + WAIT_MS);
    }

    /// When [`handle_timeout`](Self::handle_timeout) wants to be called.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Millis> {
        let state = match &self.state {
            State::Idle => None,
            State::AwaitEot { at, .. }
            | State::AwaitAck { at, .. }
            | State::AwaitQuiet { at, .. } => Some(*at),
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
            State::AwaitEot { tries, .. } if tries < TRIES => {
                self.out.push_back(vec![CAN]);
                self.state = State::AwaitEot {
                    tries: tries + 1,
                    at: now + WAIT_MS,
                };
            }
            State::AwaitEot { tries, .. } => {
                self.fail(LinkError::NoAnswer {
                    awaited: "eot",
                    waited_ms: WAIT_MS * Millis::from(tries),
                });
            }
            State::AwaitAck { .. } => {
                self.fail(LinkError::NoAnswer {
                    awaited: "ack",
                    waited_ms: WAIT_MS,
                });
            }
            State::AwaitReply { .. } => {
                self.fail(LinkError::NoAnswer {
                    awaited: "reply",
                    waited_ms: REPLY_MS,
                });
            }
            State::AwaitQuiet { garbled, .. } if garbled < TRIES => {
                self.out.push_back(vec![NAK]);
                self.await_reply(garbled, now);
            }
            State::AwaitQuiet { garbled, .. } => self.fail(LinkError::Garbled { times: garbled }),
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
        match (std::mem::take(&mut self.state), byte) {
            (State::AwaitEot { .. }, EOT) => self.events.push_back(HostEvent::Ready),
            (State::AwaitAck { .. }, ACK) => {
                self.events.push_back(HostEvent::Accepted);
                self.await_reply(0, now);
            }
            (State::AwaitAck { naks, .. }, NAK) if naks + 1 >= TRIES => {
                self.fail(LinkError::Refused { times: TRIES });
            }
            (State::AwaitAck { frame, naks, .. }, NAK) => {
                self.out.push_back(frame.clone());
                self.state = State::AwaitAck {
                    frame,
                    naks: naks + 1,
                    at: now + WAIT_MS,
                };
            }
            // Anything else is noise.
            (state, _) => self.state = state,
        }
    }

    fn packet(&mut self, data: &[u8], now: Millis) {
        let State::AwaitReply { garbled, .. } = self.state else {
            return;
        };
        let clear = match (data.first(), &self.channel) {
            (Some(&DC2), Some(key)) => key.open(data),
            _ => Some(data.to_vec()),
        };
        let Some(clear) = clear else {
            self.channel = None;
            return self.fail(LinkError::SecureChannel);
        };
        if let Some(notice) = Reply::read(&clear).filter(|reply| &reply.id == b"NTM") {
            let text = notice
                .blocks
                .first()
                .map(|text| from_latin1(text))
                .unwrap_or_default();
            self.events
                .push_back(HostEvent::Notice(text.trim_end().to_owned()));
            return self.await_reply(garbled, now);
        }
        if clear.starts_with(b"CLO000") || clear.starts_with(b"CLX000") {
            self.channel = None;
        }
        self.state = State::Idle;
        self.events.push_back(HostEvent::Reply(clear));
    }

    fn damaged(&mut self, now: Millis) {
        if let State::AwaitReply { garbled, .. } = self.state {
            self.state = State::AwaitQuiet {
                garbled: garbled + 1,
                at: now + SILENCE_MS,
            };
        }
    }

    fn await_reply(&mut self, garbled: u8, now: Millis) {
        let at = (!self.blocking).then_some(now + REPLY_MS);
        self.state = State::AwaitReply { garbled, at };
    }

    fn fail(&mut self, error: LinkError) {
        self.state = State::Idle;
        self.decoder.reset();
        self.events.push_back(HostEvent::Failed(error));
    }
}

/// How long ACK, EOT and the next byte may take.
const WAIT_MS: Millis = 2000;
/// How long a command that waits for nobody may take.
const REPLY_MS: Millis = 10_000;
/// The quiet that ends a damaged reply.
const SILENCE_MS: Millis = 500;
/// How often anything is tried.
const TRIES: u8 = 3;
