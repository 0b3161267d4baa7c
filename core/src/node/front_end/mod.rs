//! The front end (前置机): where the POS dialect ends and the switch's begins.
//!
//! It registers terminals, gives them keys and batch numbers, checks what they send in a fixed
//! order, translates PIN blocks from the terminal's key to the link's, keeps the acquirer's books,
//! and compares them with the terminal's at settlement. [`checks`] decides, [`forward`] repacks,
//! [`reversal`] undoes, [`settle`] compares and stores uploads; [`store`] is what records change.

mod checks;
mod discrepancy;
mod forward;
mod reversal;
mod settle;
mod sign_on;
mod store;

pub use discrepancy::{Discrepancy, Found, Resolution};
pub use store::{
    Entry, FrontEndRecord, Key, Obligation, Reported, Rules, Status, Store, TerminalState,
};

use super::effect::{Effect, Input, Tag};
use super::fact::{Fact, Note};
use super::id::{Millis, NodeId};
use super::image::Image;
use super::protection::Protection;
use super::record::Record;
use super::response::Code;
use super::settings::Settings;
use super::vault::{self, BlockKey, MacKey, WorkingKeys};
use super::wire;
use crate::bytes::to_hex;
use crate::codec;
use crate::spec::Dialect;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A terminal as the acquirer registered it.
#[derive(Clone, Debug)]
pub struct Registered {
    /// Terminal id (F41).
    pub tid: String,
    /// Merchant id (F42).
    pub mid: String,
    /// Terminal master key.
    pub tmk: BlockKey,
    /// The key block of the first sign-on, when it is a published one.
    pub first: Option<String>,
}

/// What the front end is told at installation.
#[derive(Clone, Debug)]
pub struct FrontEndConfig {
    /// The terminals.
    pub terminals: Vec<Registered>,
    /// Settings of the world.
    pub settings: Settings,
    /// The terminals' dialect.
    pub pos: Arc<Dialect>,
    /// The switch's dialect.
    pub switch: Arc<Dialect>,
    /// PIN key of the link to the switch.
    pub zpk: BlockKey,
    /// MAC key of the link to the switch.
    pub zak: MacKey,
    /// Acquirer institution (F32).
    pub acquirer: String,
    /// Own network address.
    pub nii: u16,
    /// Where fresh working keys come from.
    pub seed: u64,
}

/// The front end.
#[derive(Clone, Debug)]
pub struct FrontEnd {
    cfg: Arc<FrontEndConfig>,
    store: Store,
    keys: Vec<Option<WorkingKeys>>,
    /// Trades refused because the database failed: a copy that is still on its way must not
    /// pass after its first was refused. Volatile, like the fault.
    refused: BTreeSet<Key>,
}

/// Timer keys of 0420 repeats carry this bit; those of answers do not.
const FORWARD: u32 = 1 << 31;

impl FrontEnd {
    /// A front end with empty books.
    pub fn new(cfg: Arc<FrontEndConfig>) -> Self {
        let on = |p| cfg.settings.protections.on(p);
        let rules = Rules {
            dedup: on(Protection::UploadDedup),
            early: on(Protection::EarlyReversalMemory),
        };
        let count = cfg.terminals.len();
        FrontEnd {
            store: Store::new(rules, count),
            keys: vec![None; count],
            refused: BTreeSet::new(),
            cfg,
        }
    }

    /// A front end after a power cut: what was in flight is reversed, what is owed is sent.
    pub fn recover<'a>(
        cfg: Arc<FrontEndConfig>,
        records: impl Iterator<Item = &'a FrontEndRecord>,
        restored: bool,
        now: Millis,
        fx: &mut Vec<Effect>,
    ) -> Self {
        let mut host = FrontEnd::new(cfg);
        records.for_each(|r| host.store.apply(r));
        fx.push(Effect::Report(Fact::Note(Note::Recovered)));
        for index in 0..host.keys.len() {
            host.load_keys(index);
        }
        if restored {
            fx.push(Effect::Report(Fact::Note(Note::DatabaseRestored)));
            let next = host.store.next + 10_000;
            host.persist(FrontEndRecord::Epoch { next }, fx);
        }
        let owed: Vec<u32> = host.store.obligations.keys().copied().collect();
        for stan in owed {
            host.send_obligation(stan, fx);
        }
        host.reverse_in_flight(now, fx);
        host
    }

    /// Takes an input and appends what is to be done.
    pub fn handle(&mut self, now: Millis, input: Input, fx: &mut Vec<Effect>) {
        match input {
            Input::Frame {
                from: NodeId::Switch,
                bytes,
            } => self.switch_says(now, &bytes, fx),
            Input::Frame { bytes, .. } => self.terminal_says(now, &bytes, fx),
            Input::Timer(key) if key & FORWARD != 0 => self.send_obligation(key & !FORWARD, fx),
            Input::Timer(stan) => self.switch_silent(now, stan, fx),
            Input::DatabaseFailed(record) => self.database_failed(now, &record, fx),
            Input::Resolve { index, how } => self.resolve(index, how, fx),
            Input::Order(_)
            | Input::Pin(_)
            | Input::Pad(_)
            | Input::NotSent
            | Input::Tamper
            | Input::Available(_)
            | Input::CutOff(_)
            | Input::Booked(_) => {}
        }
    }

    /// The stable state.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What it was told at installation.
    pub fn config(&self) -> &FrontEndConfig {
        &self.cfg
    }

    /// Names and check values of a terminal's working keys.
    pub fn check_values(&self, terminal: usize) -> Vec<(&'static str, String)> {
        let Some(Some(keys)) = self.keys.get(terminal) else {
            return Vec::new();
        };
        vec![
            ("PIK", to_hex(&keys.pik.kcv())),
            ("MAK", to_hex(&keys.mak.kcv())),
            ("TDK", to_hex(&keys.tdk.kcv())),
        ]
    }

    /// What the machine is doing, for a diagram.
    pub fn state_name(&self) -> &'static str {
        if self
            .store
            .journal
            .values()
            .any(|e| e.status == Status::InFlight)
        {
            "awaiting-switch"
        } else if !self.store.obligations.is_empty() {
            "forwarding-reversal"
        } else if self.store.terminals.iter().any(|t| t.settling.is_some()) {
            "comparing-batch"
        } else {
            "idle"
        }
    }

    fn on(&self, protection: Protection) -> bool {
        self.cfg.settings.protections.on(protection)
    }

    fn persist(&mut self, record: FrontEndRecord, fx: &mut Vec<Effect>) {
        self.store.apply(&record);
        fx.push(Effect::Persist(Record::FrontEnd(record)));
    }

    fn note(&self, note: Note, fx: &mut Vec<Effect>) {
        fx.push(Effect::Report(Fact::Note(note)));
    }

    fn load_keys(&mut self, index: usize) {
        let block = self
            .store
            .terminals
            .get(index)
            .and_then(|t| t.block.as_deref());
        let block = block.and_then(|b| hex::decode(b).ok());
        let tmk = self.cfg.terminals.get(index).map(|r| &r.tmk);
        let keys = block
            .zip(tmk)
            .and_then(|(b, tmk)| vault::unwrap_keys(tmk, &b).ok());
        if let Some(slot) = self.keys.get_mut(index) {
            *slot = keys;
        }
    }

    /// Sends an answer to a terminal, sealed when a key is shared and the message is a sealed kind.
    fn answer(&self, to: &Asked, image: Image, fx: &mut Vec<Effect>) {
        let sealed = matches!(image.mti, 110 | 210 | 230 | 410 | 630);
        let keys = self
            .keys
            .get(to.index.unwrap_or(usize::MAX))
            .and_then(Option::as_ref);
        // Who could not verify a request does not know that the keys agree: no seal on these.
        let unkeyed = matches!(image.get(39), Some("97" | "03" | "30" | "77" | "A0"));
        let mak = keys.filter(|_| sealed && !unkeyed).map(|k| &k.mak);
        let wanted = match image.get(39).and_then(Code::new) {
            Some(code) if code.wants_sign_on() => 3,
            _ => 0,
        };
        let stan = image.get(11).and_then(|s| s.parse().ok()).unwrap_or(0);
        let tag = Tag {
            mti: image.mti,
            stan,
        };
        let Some(body) = wire::seal_pos(&self.cfg.pos, image, mak) else {
            return self.note(Note::Unreadable, fx);
        };
        let frame = wire::wrap_pos(to.port, self.cfg.nii, wanted, &body);
        fx.push(Effect::Send {
            to: NodeId::Nac,
            tag,
            frame,
        });
    }

    /// Sends a message to the switch.
    fn send_switch(&self, image: Image, fx: &mut Vec<Effect>) {
        let stan = image.get(11).and_then(|s| s.parse().ok()).unwrap_or(0);
        let tag = Tag {
            mti: image.mti,
            stan,
        };
        let Some(body) = wire::seal_switch(&self.cfg.switch, image, Some(&self.cfg.zak)) else {
            return self.note(Note::Unreadable, fx);
        };
        let frame = wire::wrap_switch(&body);
        fx.push(Effect::Send {
            to: NodeId::Switch,
            tag,
            frame,
        });
    }

    fn terminal_says(&mut self, now: Millis, frame: &[u8], fx: &mut Vec<Effect>) {
        let cfg = Arc::clone(&self.cfg);
        let Some(pos) = wire::unwrap_pos(frame) else {
            return self.note(Note::Unreadable, fx);
        };
        let Ok(message) = codec::unpack(&cfg.pos, pos.body) else {
            return self.note(Note::Unreadable, fx);
        };
        let image = wire::image_of(&message);
        let index = image
            .get(41)
            .and_then(|t| cfg.terminals.iter().position(|r| r.tid == t));
        let asked = Asked {
            index,
            port: pos.from,
            body: pos.body.to_vec(),
            image,
        };
        self.asked(now, asked, fx);
    }

    fn switch_says(&mut self, now: Millis, frame: &[u8], fx: &mut Vec<Effect>) {
        let cfg = Arc::clone(&self.cfg);
        let Some(body) = wire::unwrap_switch(frame) else {
            return self.note(Note::Unreadable, fx);
        };
        let Ok(message) = codec::unpack(&cfg.switch, body) else {
            return self.note(Note::Unreadable, fx);
        };
        let checked = self.on(Protection::MacCheck);
        if checked && !wire::mac_128_holds(&message, body, &cfg.zak) {
            return self.note(Note::MacWrong, fx);
        }
        let image = wire::image_of(&message);
        match image.mti {
            110 | 210 | 230 => self.switch_answered(now, &image, fx),
            430 => self.advice_answered(&image, fx),
            _ => self.note(Note::Unreadable, fx),
        }
    }
}

/// A request of a terminal.
struct Asked {
    /// The terminal, when registered.
    index: Option<usize>,
    /// The TPDU source to answer to.
    port: u16,
    /// MTI and fields as they came.
    body: Vec<u8>,
    /// The same, read.
    image: Image,
}

impl Asked {
    fn number(&self, de: u8) -> Option<u64> {
        self.image.get(de).and_then(|s| s.parse().ok())
    }

    fn part_60(&self, range: std::ops::Range<usize>) -> Option<&str> {
        self.image.get(60).and_then(|f| f.get(range))
    }
}
