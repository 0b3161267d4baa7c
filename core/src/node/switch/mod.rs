//! The switch: routes by the card's first digits, between an acquirer and an issuer.
//!
//! It takes MAC and PIN block off under one link's keys and puts them on under the other's, answers
//! 91, 92 and 98 by itself, and owes the issuer a 0420 for whatever it gave up or was told to undo.

mod flow;
pub(in crate::node) use flow::original_of;
mod route;
mod store;

pub use route::{Channel, Route};
pub use store::{Key, Status, Store, SwitchEntry, SwitchRecord};

use super::effect::{Effect, Input, Tag};
use super::fact::{Fact, Note};
use super::id::{Millis, NodeId};
use super::image::Image;
use super::protection::Protection;
use super::record::Record;
use super::settings::Settings;
use super::vault::{BlockKey, MacKey};
use super::wire;
use crate::codec;
use crate::node::few::Few;
use crate::spec::Dialect;
use route::{Statistics, choose};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Keys of one link between hosts.
#[derive(Clone, Debug)]
pub struct LinkKeys {
    /// PIN key.
    pub zpk: BlockKey,
    /// MAC key.
    pub zak: MacKey,
}

/// What the switch is told at installation.
#[derive(Clone, Debug)]
pub struct SwitchConfig {
    /// Settings of the world.
    pub settings: Settings,
    /// The dialect on both links.
    pub dialect: Arc<Dialect>,
    /// Keys towards the front end.
    pub acquirer: LinkKeys,
    /// Keys towards the issuer.
    pub issuer: LinkKeys,
    /// The routing table.
    pub routes: Vec<Route>,
}

/// The switch.
#[derive(Clone, Debug)]
pub struct Switch {
    cfg: Arc<SwitchConfig>,
    store: Store,
    statistics: Statistics,
    /// Trades on their way to the issuer, by trace number: the channel, and the request as it went.
    under_way: Few<u32, (Channel, Image)>,
    /// Those that go their second way.
    second: Few<u32, ()>,
    issuer_up: bool,
    /// Requests refused because the database failed: a copy that is still on its way must not pass
    /// after its first was refused. Volatile, like the fault.
    refused: BTreeSet<Key>,
}

/// Timer keys of 0420 repeats carry this bit.
const FORWARD: u32 = 1 << 31;
/// Trace numbers of the switch's own 0420s start here.
const OWN: u32 = 900_000;

impl Switch {
    /// A switch with nothing in flight.
    pub fn new(cfg: Arc<SwitchConfig>) -> Self {
        let early = cfg.settings.protections.on(Protection::EarlyReversalMemory);
        let store = Store::new(early);
        Switch {
            cfg,
            store,
            statistics: Statistics::default(),
            under_way: Few::new(),
            second: Few::new(),
            issuer_up: true,
            refused: BTreeSet::new(),
        }
    }

    /// A switch after a power cut.
    pub fn recover<'a>(
        cfg: Arc<SwitchConfig>,
        records: impl Iterator<Item = &'a SwitchRecord>,
        now: Millis,
        fx: &mut Vec<Effect>,
    ) -> Self {
        let mut switch = Switch::new(cfg);
        records.for_each(|r| switch.store.apply(r));
        switch.note(Note::Recovered, fx);
        let owed: Vec<u32> = switch.store.obligations.keys().copied().collect();
        for stan in owed {
            switch.send_obligation(stan, fx);
        }
        switch.reverse_in_flight(now, fx);
        switch
    }

    /// Takes an input and appends what is to be done.
    pub fn handle(&mut self, now: Millis, input: Input, fx: &mut Vec<Effect>) {
        match input {
            Input::Frame { from, bytes } => self.take_frame(now, from, &bytes, fx),
            Input::Timer(key) if key & FORWARD != 0 => self.send_obligation(key & !FORWARD, fx),
            Input::Timer(stan) => self.issuer_silent(now, stan, fx),
            Input::Available(up) => self.issuer_up = up,
            Input::NotSent => self.line_down(now, fx),
            Input::DatabaseFailed(record) => self.database_failed(&record, fx),
            Input::Order(_)
            | Input::Pin(_)
            | Input::Pad(_)
            | Input::Tamper
            | Input::Resolve { .. }
            | Input::CutOff(_)
            | Input::Booked(_) => {}
        }
    }

    /// The stable state.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The routing table.
    pub fn routes(&self) -> &[Route] {
        &self.cfg.routes
    }

    /// The channel a message of this trace number takes; the direct one unless the switch chose.
    pub fn channel(&self, stan: u32) -> Channel {
        let chosen = self.under_way.get(&stan).map(|(channel, _)| *channel);
        let preferred = if self.statistics.poor(Channel::Direct) {
            Channel::Partner
        } else {
            Channel::Direct
        };
        chosen.unwrap_or(preferred)
    }

    /// The channel for a request, unless one was tried already.
    fn route(&self, image: &Image, tried: Option<Channel>) -> Option<Channel> {
        let pan = image.get(2).unwrap_or_default();
        let amount = image.get(4).and_then(|a| a.parse().ok()).unwrap_or(0);
        choose(&self.cfg.routes, &self.statistics, pan, amount, tried)
    }

    /// What the machine is doing, for a diagram.
    pub fn state_name(&self) -> &'static str {
        if self
            .store
            .journal
            .values()
            .any(|e| e.status == Status::InFlight)
        {
            "awaiting-issuer"
        } else if !self.store.obligations.is_empty() {
            "forwarding-reversal"
        } else {
            "idle"
        }
    }

    fn on(&self, protection: Protection) -> bool {
        self.cfg.settings.protections.on(protection)
    }

    fn persist(&mut self, record: SwitchRecord, fx: &mut Vec<Effect>) {
        self.store.apply(&record);
        fx.push(Effect::Persist(Record::Switch(record)));
    }

    fn note(&self, note: Note, fx: &mut Vec<Effect>) {
        fx.push(Effect::Report(Fact::Note(note)));
    }

    fn send(&self, to: NodeId, image: Image, fx: &mut Vec<Effect>) {
        let zak = match to {
            NodeId::Issuer => &self.cfg.issuer.zak,
            _ => &self.cfg.acquirer.zak,
        };
        let stan = image.get(11).and_then(|s| s.parse().ok()).unwrap_or(0);
        let tag = Tag {
            mti: image.mti,
            stan,
        };
        let Some(body) = wire::seal_switch(&self.cfg.dialect, image, Some(zak)) else {
            return self.note(Note::Unreadable, fx);
        };
        fx.push(Effect::Send {
            to,
            tag,
            frame: wire::wrap_switch(&body),
        });
    }

    fn take_frame(&mut self, now: Millis, from: NodeId, frame: &[u8], fx: &mut Vec<Effect>) {
        let cfg = Arc::clone(&self.cfg);
        let zak = match from {
            NodeId::Issuer => &cfg.issuer.zak,
            _ => &cfg.acquirer.zak,
        };
        let Some(body) = wire::unwrap_switch(frame) else {
            return self.note(Note::Unreadable, fx);
        };
        let Ok(message) = codec::unpack(&cfg.dialect, body) else {
            return self.note(Note::Unreadable, fx);
        };
        if self.on(Protection::MacCheck) && !wire::mac_128_holds(&message, body, zak) {
            return self.note(Note::MacWrong, fx);
        }
        let image = wire::image_of(&message).without(&[128]);
        match image.mti {
            100 | 200 | 220 => self.asked(image, fx),
            420 | 421 => self.reversal_asked(now, &image, fx),
            110 | 210 | 230 => self.answered(image, fx),
            430 => self.advice_answered(&image, fx),
            _ => self.note(Note::Unreadable, fx),
        }
    }
}
