//! The network access controller: many dial lines in, one line up, and addresses rewritten between.
//!
//! ```text
//! terminal  60 0003 0001 →        → 60 0003 1001  front end
//! terminal  60 0001 0003 ←        ← 60 1001 0003  front end
//! ```
//! What it knows of a call is volatile: after a power cut an answer has no known source and becomes
//! a dead letter. One call per line; a limited number of calls at a time.

use super::effect::{Effect, Input, Tag};
use super::fact::{Fact, Note};
use super::id::{Millis, NodeId};
use super::settings::Settings;
use super::wire;
use crate::node::few::Few;
use std::sync::Arc;

/// What the NAC is told at installation.
#[derive(Clone, Debug)]
pub struct NacConfig {
    /// Settings of the world.
    pub settings: Settings,
    /// Which network addresses lead up to the front end.
    pub routes: Vec<u16>,
}

/// A call that is open on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// The address the terminal gave itself.
    pub source: u16,
    /// When the call is hung up if nothing comes.
    pub until: Millis,
}

/// The network access controller.
#[derive(Clone, Debug)]
pub struct Nac {
    cfg: Arc<NacConfig>,
    calls: Few<u8, Call>,
    /// The line that called last: where an answer goes when sources are not handled.
    newest: Option<u8>,
}

/// The address of line `k` towards the front end is this plus `k` + 1.
const COOKIE: u16 = 0x1000;

impl Nac {
    /// A NAC with no call open; also what it is after a power cut.
    pub fn new(cfg: Arc<NacConfig>) -> Self {
        Nac {
            cfg,
            calls: Few::new(),
            newest: None,
        }
    }

    /// The calls that are open, by line.
    pub fn calls(&self) -> &Few<u8, Call> {
        &self.calls
    }

    /// The routing table: network addresses that lead to the front end.
    pub fn routes(&self) -> &[u16] {
        &self.cfg.routes
    }

    /// Takes an input and appends what is to be done.
    pub fn handle(&mut self, now: Millis, input: Input, fx: &mut Vec<Effect>) {
        let Input::Frame { from, bytes } = input else {
            return;
        };
        match from {
            NodeId::Terminal(line) => self.up(now, line, bytes, fx),
            _ => self.down(bytes, fx),
        }
    }

    fn up(&mut self, now: Millis, line: u8, mut frame: Vec<u8>, fx: &mut Vec<Effect>) {
        let Some(pos) = wire::unwrap_pos(&frame) else {
            return note(Note::Unreadable, fx);
        };
        if !self.cfg.routes.contains(&pos.to) {
            return note(Note::DeadLetter, fx);
        }
        self.calls.retain(|_, call| call.until > now);
        let taken = self.calls.len() - usize::from(self.calls.contains_key(&line));
        if taken >= usize::from(self.cfg.settings.nac_calls) {
            return note(Note::AllCallsBusy, fx);
        }
        let hang_up = Millis::from(self.cfg.settings.terminal_wait_s) * 1000;
        self.calls.insert(
            line,
            Call {
                source: pos.from,
                until: now + hang_up,
            },
        );
        self.newest = Some(line);
        let tag = tag_of(pos.body);
        if self.cfg.settings.nac_sources {
            wire::readdress(&mut frame, None, Some(COOKIE + u16::from(line) + 1));
            note(Note::SourceRewritten, fx);
        }
        fx.push(Effect::Send {
            to: NodeId::FrontEnd,
            tag,
            frame,
        });
    }

    fn down(&mut self, mut frame: Vec<u8>, fx: &mut Vec<Effect>) {
        let Some(pos) = wire::unwrap_pos(&frame) else {
            return note(Note::Unreadable, fx);
        };
        if !self.cfg.settings.nac_sources {
            return self.down_newest(frame, fx);
        }
        let line = pos
            .to
            .checked_sub(COOKIE + 1)
            .and_then(|k| u8::try_from(k).ok());
        let call = line.and_then(|line| Some((line, self.calls.get(&line)?)));
        let Some((line, call)) = call else {
            return note(Note::DeadLetter, fx);
        };
        let (source, tag) = (call.source, tag_of(pos.body));
        wire::readdress(&mut frame, Some(source), None);
        note(Note::SourceRestored, fx);
        fx.push(Effect::Send {
            to: NodeId::Terminal(line),
            tag,
            frame,
        });
    }

    /// Without source handling nothing in an answer says which line it belongs to: it goes down the
    /// line that called last, which is right as long as one terminal calls at a time.
    fn down_newest(&mut self, frame: Vec<u8>, fx: &mut Vec<Effect>) {
        let (Some(line), Some(pos)) = (self.newest, wire::unwrap_pos(&frame)) else {
            return note(Note::DeadLetter, fx);
        };
        let tag = tag_of(pos.body);
        fx.push(Effect::Send {
            to: NodeId::Terminal(line),
            tag,
            frame,
        });
    }

    /// Whether a terminal finds every call taken.
    pub fn busy(&self, now: Millis, line: u8) -> bool {
        let others = self
            .calls
            .iter()
            .filter(|(l, call)| **l != line && call.until > now);
        others.count() >= usize::from(self.cfg.settings.nac_calls)
    }

    /// An answer went down this line: the call is over.
    pub fn hang_up(&mut self, line: u8) {
        if let Some(call) = self.calls.get_mut(&line) {
            // The address stays known for an answer that is late; only the capacity is free.
            call.until = 0;
        }
    }

    /// What the machine is doing, for a diagram.
    pub fn state_name(&self, now: Millis) -> &'static str {
        if self.calls.values().any(|c| c.until > now) {
            "carrying-call"
        } else {
            "idle"
        }
    }
}

fn note(note: Note, fx: &mut Vec<Effect>) {
    fx.push(Effect::Report(Fact::Note(note)));
}

/// MTI and F11 of a POS body, read where they stand: a NAC knows no dialect.
pub(super) fn tag_of(body: &[u8]) -> Tag {
    let digits = |bytes: &[u8]| {
        bytes.iter().fold(0_u32, |n, b| {
            n * 100 + u32::from(b >> 4) * 10 + u32::from(b & 0xF)
        })
    };
    let mti = body.get(..2).map_or(0, digits) as u16;
    Tag {
        mti,
        stan: stan_of(body).map_or(0, digits),
    }
}

/// Where F11 stands, when only F2, F3 and F4 can precede it.
fn stan_of(body: &[u8]) -> Option<&[u8]> {
    let bitmap = u64::from_be_bytes(*body.get(2..10)?.first_chunk::<8>()?);
    let has = |de: u32| bitmap >> (64 - de) & 1 == 1;
    if !has(11) || has(1) || (5..=10).any(has) {
        return None;
    }
    let mut at = 10;
    if has(2) {
        let len = body.get(at)?;
        at += 1 + usize::from((len >> 4) * 10 + (len & 0xF)).div_ceil(2);
    }
    at += if has(3) { 3 } else { 0 } + if has(4) { 6 } else { 0 };
    body.get(at..at + 3)
}
