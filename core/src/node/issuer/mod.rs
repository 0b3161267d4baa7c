//! The issuer: cards, accounts, holds, and the books the money really moves in.
//!
//! A request is decided at once, in a fixed order of rules ([`decide`]), and the decision, its
//! posting and its hold are one record. A repeat gets the stored answer; a reversal is a
//! counter-posting; a reversal that comes first is remembered.

mod config;
mod decide;
mod store;

pub use config::{AccountConfig, CardStatus, IssuerConfig};
pub use store::{Hold, HoldChange, IssuerEntry, IssuerRecord, Store};

use super::effect::{Effect, Input, Tag};
use super::fact::{Fact, Note};
use super::id::{Millis, NodeId};
use super::image::Image;
use super::protection::Protection;
use super::record::Record;
use super::response::Code;
use super::switch::{Key, original_of};
use super::wire;
use crate::codec;
use std::sync::Arc;

/// The issuer.
#[derive(Clone, Debug)]
pub struct Issuer {
    cfg: Arc<IssuerConfig>,
    store: Store,
}

impl Issuer {
    /// An issuer with its opening books.
    pub fn new(cfg: Arc<IssuerConfig>) -> Self {
        let early = cfg.settings.protections.on(Protection::EarlyReversalMemory);
        let store = Store::new(early, &cfg.accounts);
        Issuer { cfg, store }
    }

    /// An issuer after a power cut.
    pub fn recover<'a>(
        cfg: Arc<IssuerConfig>,
        records: impl Iterator<Item = &'a IssuerRecord>,
        fx: &mut Vec<Effect>,
    ) -> Self {
        let mut issuer = Issuer::new(cfg);
        records.for_each(|r| issuer.store.apply(r));
        issuer.note(Note::Recovered, fx);
        issuer
    }

    /// Takes an input and appends what is to be done.
    pub fn handle(&mut self, now: Millis, input: Input, fx: &mut Vec<Effect>) {
        let bytes = match input {
            Input::Frame { bytes, .. } => bytes,
            // What is not written down is not answered: the switch waits, and reverses.
            Input::DatabaseFailed(_) => return self.note(Note::DatabaseError, fx),
            _ => return,
        };
        let cfg = Arc::clone(&self.cfg);
        let Some(body) = wire::unwrap_switch(&bytes) else {
            return self.note(Note::Unreadable, fx);
        };
        let Ok(message) = codec::unpack(&cfg.dialect, body) else {
            return self.note(Note::Unreadable, fx);
        };
        let checked = cfg.settings.protections.on(Protection::MacCheck);
        if checked && !wire::mac_128_holds(&message, body, &cfg.link.zak) {
            return self.note(Note::MacWrong, fx);
        }
        let image = wire::image_of(&message);
        match image.mti {
            100 | 200 | 220 => self.asked(now, &image, fx),
            420 | 421 => self.reversal_asked(&image, fx),
            _ => self.note(Note::Unreadable, fx),
        }
    }

    /// The stable state.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What it was told at installation.
    pub fn config(&self) -> &IssuerConfig {
        &self.cfg
    }

    fn on(&self, protection: Protection) -> bool {
        self.cfg.settings.protections.on(protection)
    }

    fn persist(&mut self, record: IssuerRecord, fx: &mut Vec<Effect>) {
        self.store.apply(&record);
        fx.push(Effect::Persist(Record::Issuer(record)));
    }

    fn note(&self, note: Note, fx: &mut Vec<Effect>) {
        fx.push(Effect::Report(Fact::Note(note)));
    }

    fn send(&self, image: Image, fx: &mut Vec<Effect>) {
        let stan = image.get(11).and_then(|s| s.parse().ok()).unwrap_or(0);
        let tag = Tag {
            mti: image.mti,
            stan,
        };
        let zak = Some(&self.cfg.link.zak);
        let Some(body) = wire::seal_switch(&self.cfg.dialect, image, zak) else {
            return self.note(Note::Unreadable, fx);
        };
        fx.push(Effect::Send {
            to: NodeId::Switch,
            tag,
            frame: wire::wrap_switch(&body),
        });
    }

    fn reversal_asked(&mut self, image: &Image, fx: &mut Vec<Effect>) {
        let Some(key) = original_of(image) else {
            return self.note(Note::Unreadable, fx);
        };
        let code = match self.store.journal.get(&key) {
            None => {
                self.note(Note::EarlyReversal, fx);
                self.persist(IssuerRecord::Early { key }, fx);
                Code::lit(b"25")
            }
            Some(e) if e.reversed => Code::OK,
            Some(e) => {
                let code = if e.approved {
                    Code::OK
                } else {
                    Code::lit(b"12")
                };
                let before = self.store.ledger.postings().len();
                self.persist(IssuerRecord::Reversed { key }, fx);
                self.report_postings(before, fx);
                code
            }
        };
        let mut answer = Image::new(430);
        answer.copy(image, &[2, 3, 4, 7, 11, 12, 13, 25, 32, 33, 37, 41, 42, 49]);
        answer.set(39, code.as_str());
        self.send(answer, fx);
    }

    fn report_postings(&self, before: usize, fx: &mut Vec<Effect>) {
        for posting in self.store.ledger.postings().iter().skip(before) {
            fx.push(Effect::Report(Fact::ledger(posting)));
        }
    }
}

/// The identity of a request between hosts.
fn key_of(image: &Image) -> Key {
    let stan = image.get(11).and_then(|s| s.parse().ok()).unwrap_or(0);
    (stan, image.get(7).unwrap_or_default().to_owned())
}
