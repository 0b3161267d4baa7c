//! The order of checks on a terminal's request: each refusal has its place.
//!
//! 97 terminal, 03 merchant, 30 format, 77 batch or not signed on, A0 MAC, repeat or 94, 99 PIN
//! block, 25/12/64 original. The batch is compared before the MAC, as terminals know it: an
//! unauthenticated field decides there, and the refusal changes nothing.

use super::{Asked, Effect, FrontEnd, FrontEndRecord, Key, Millis, Note, Status};
use crate::node::clock::civil;
use crate::node::fact::Fact;
use crate::node::image::Image;
use crate::node::kind::TradeKind;
use crate::node::protection::Protection;
use crate::node::response::Code;
use crate::node::terminal::tag;
use crate::node::wire;

/// A refusal and the rule behind it.
pub(super) type Refusal = (Code, &'static str);

impl FrontEnd {
    pub(super) fn asked(&mut self, now: Millis, asked: Asked, fx: &mut Vec<Effect>) {
        let Some(index) = asked.index else {
            return self.refuse(now, &asked, (Code::lit(b"97"), "terminal unknown"), fx);
        };
        let merchant = self.cfg.terminals.get(index).map(|r| r.mid.as_str());
        if asked.image.get(42) != merchant {
            return self.refuse(now, &asked, (Code::lit(b"03"), "merchant unknown"), fx);
        }
        match asked.image.mti {
            100 | 200 | 220 => self.trade_asked(now, &asked, index, fx),
            400 => self.reversal_asked(now, &asked, index, fx),
            620 => self.script_asked(now, &asked, index, fx),
            800 => self.sign_on(now, &asked, index, fx),
            820 => self.network(now, &asked, index, fx),
            500 => self.settlement_asked(now, &asked, index, fx),
            320 => self.upload_asked(now, &asked, index, fx),
            _ => self.refuse(now, &asked, (Code::lit(b"30"), "message type unknown"), fx),
        }
    }

    /// The identity of a trade or of the original of a reversal.
    pub(super) fn key_of(&self, asked: &Asked, index: usize) -> Option<Key> {
        Some(Key {
            terminal: index as u8,
            batch: asked.part_60(2..8)?.parse().ok()?,
            stan: asked.number(11)? as u32,
            kind: TradeKind::from_60_1(asked.part_60(0..2)?)?,
        })
    }

    fn trade_asked(&mut self, now: Millis, asked: &Asked, index: usize, fx: &mut Vec<Effect>) {
        let Some(key) = self.key_of(asked, index) else {
            return self.refuse(now, asked, (Code::lit(b"30"), "fields missing"), fx);
        };
        let Some(state) = self.store.terminals.get(index) else {
            return;
        };
        if !state.signed_on || key.batch != state.batch {
            return self.refuse(now, asked, (Code::lit(b"77"), "batch or sign-on"), fx);
        }
        if !self.sealed(asked, index) {
            self.note(Note::MacWrong, fx);
            return self.refuse(now, asked, (Code::lit(b"A0"), "MAC"), fx);
        }
        if self.refused.contains(&key) {
            return self.refuse(now, asked, (Code::lit(b"96"), "database failed before"), fx);
        }
        if self.store.early.contains(&key) {
            self.note(Note::LateOriginal, fx);
            return self.refuse(now, asked, (Code::lit(b"94"), "reversed before"), fx);
        }
        if self.on(Protection::DuplicateDetection) && self.repeated(asked, key, fx) {
            return;
        }
        match self.prepare(now, asked, index, key) {
            Ok(prepared) => self.forward(prepared, fx),
            Err(refusal) => {
                fx.push(decision(key.stan, refusal));
                self.refuse_stored(now, asked, key, refusal, fx);
            }
        }
    }

    /// Whether field 64 holds, or nobody checks it.
    pub(super) fn sealed(&self, asked: &Asked, index: usize) -> bool {
        let keys = self.keys.get(index).and_then(Option::as_ref);
        !self.on(Protection::MacCheck)
            || asked.image.get(64).is_some()
                && keys.is_some_and(|k| wire::mac_64_holds(&asked.body, &k.mak))
    }

    /// Deals with a request whose key is known already; false when it is new.
    fn repeated(&mut self, asked: &Asked, key: Key, fx: &mut Vec<Effect>) -> bool {
        let Some(entry) = self.store.journal.get(&key) else {
            return false;
        };
        if entry.status == Status::Reversed {
            self.note(Note::LateOriginal, fx);
            let refusal = (Code::lit(b"94"), "reversed");
            fx.push(decision(key.stan, refusal));
            let image = echo_answer(&asked.image, Code::lit(b"94"), &entry.f7);
            self.answer(asked, image, fx);
            return true;
        }
        if entry.body != identity(&asked.image) {
            fx.push(decision(
                key.stan,
                (Code::lit(b"94"), "same number, other content"),
            ));
            let image = echo_answer(&asked.image, Code::lit(b"94"), &entry.f7);
            self.answer(asked, image, fx);
            return true;
        }
        match (&entry.answer, entry.status) {
            (Some(answer), Status::Approved | Status::Declined) => {
                let answer = answer.clone();
                self.note(Note::AnswerRepeated, fx);
                self.answer(asked, answer, fx);
            }
            _ => self.repeat_in_flight(key, fx),
        }
        true
    }

    /// Refuses without a trace in the journal.
    pub(super) fn refuse(
        &self,
        now: Millis,
        asked: &Asked,
        refusal: Refusal,
        fx: &mut Vec<Effect>,
    ) {
        fx.push(decision(asked.number(11).unwrap_or(0) as u32, refusal));
        let image = echo_answer(&asked.image, refusal.0, &civil(now).f7());
        self.answer(asked, image, fx);
    }

    fn script_asked(&mut self, now: Millis, asked: &Asked, index: usize, fx: &mut Vec<Effect>) {
        if !self.sealed(asked, index) {
            return self.refuse(now, asked, (Code::lit(b"A0"), "MAC"), fx);
        }
        let result = asked.image.get(55).and_then(|f55| tag(f55, "DF31"));
        if let (Some(rrn), Some(result)) = (asked.number(37), result) {
            let (terminal, result) = (index as u8, result.to_owned());
            self.persist(
                FrontEndRecord::Script {
                    terminal,
                    rrn,
                    result,
                },
                fx,
            );
        }
        self.refuse(now, asked, (Code::OK, "script result"), fx);
    }
}

/// A decision for the trace.
pub(super) fn decision(stan: u32, (code, why): Refusal) -> Effect {
    Effect::Report(Fact::Decision { stan, code, why })
}

/// An answer that echoes a request; `f7` is `MMDDhhmmss` of the host.
pub(super) fn echo_answer(request: &Image, code: Code, f7: &str) -> Image {
    let mut image = Image::new(request.mti + 10);
    image.copy(request, &[2, 3, 4, 11, 14, 25, 41, 42, 49, 60]);
    image.set_some(13, f7.get(..4));
    image.set_some(12, f7.get(4..));
    image.set(39, code.as_str());
    image
}

/// A hash of a request's content, without its MAC and PIN block: a terminal that repeats a trade
/// under new keys sends other bytes and means the same.
pub(super) fn identity(image: &Image) -> u64 {
    let mut h = 0xCBF2_9CE4_8422_2325_u64;
    for (de, value) in image.fields().filter(|f| f.0 != 64 && f.0 != 52) {
        for b in value.bytes().chain([de]) {
            h = (h ^ u64::from(b)).wrapping_mul(0x100_0000_01B3);
        }
    }
    h
}
