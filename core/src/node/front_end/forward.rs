//! A trade on its way to the switch and back: originals, PIN translation, repacking, answer.

use super::checks::{Refusal, decision, echo_answer, identity};
use super::{Asked, Effect, Entry, FrontEnd, FrontEndRecord, Key, Millis, Note, Record, Status};
use crate::bytes::to_hex;
use crate::node::clock::civil;
use crate::node::image::Image;
use crate::node::kind::TradeKind;
use crate::node::protection::Protection;
use crate::node::response::Code;
use crate::node::vault;
use std::ops::Range;

use TradeKind as K;

/// A trade that passed every check.
pub(super) struct Prepared {
    entry: Box<Entry>,
    image: Image,
}

impl FrontEnd {
    /// The last checks, and the request for the switch.
    pub(super) fn prepare(
        &self,
        now: Millis,
        asked: &Asked,
        index: usize,
        key: Key,
    ) -> Result<Prepared, Refusal> {
        let pan = asked.image.get(2).unwrap_or_default().to_owned();
        let pin = self.translate(asked, index, &pan)?;
        let original = self.original(asked, key, &pan)?;
        let amount = asked.number(4).unwrap_or(0);
        let posted = match key.kind {
            K::TipAdjust => asked.number(48).unwrap_or(0),
            _ => amount,
        };
        let stan = self.store.next;
        let f7 = civil(now).f7();
        let mut image = self.repack(asked, index, key, (stan, &f7), posted);
        image.set_some(52, pin.map(|block| to_hex(&block)));
        if let Some(o) = original.and_then(|o| self.store.journal.get(&o)) {
            image.set(90, self.f90(o));
        }
        let mut echo = Image::new(asked.image.mti);
        echo.copy(
            &asked.image,
            &[2, 3, 4, 11, 14, 22, 23, 25, 41, 42, 49, 53, 60],
        );
        let entry = Box::new(Entry {
            key,
            body: identity(&asked.image),
            amount,
            posted,
            pan,
            status: Status::InFlight,
            answer: None,
            echo,
            stan,
            f7,
            mti: image.mti,
            forward: key.kind.queued().then(|| Box::new(image.clone())),
            auth: None,
            foreign: false,
            original,
            voided: false,
            adjusted: false,
            confirmed: false,
            late: false,
            port: asked.port,
        });
        Ok(Prepared { entry, image })
    }

    /// F52 under the link's key; 99 when the block is none.
    fn translate(
        &self,
        asked: &Asked,
        index: usize,
        pan: &str,
    ) -> Result<Option<[u8; 8]>, Refusal> {
        let Some(f52) = asked.image.get(52) else {
            return Ok(None);
        };
        let bad = (Code::lit(b"99"), "PIN block");
        let mut block = [0; 8];
        hex::decode_to_slice(f52, &mut block).map_err(|_| bad)?;
        let keys = self.keys.get(index).and_then(Option::as_ref).ok_or(bad)?;
        let clear = keys.pik.decipher(block);
        let pin = vault::pin_of(clear, pan).ok_or(bad)?;
        Ok(Some(self.cfg.zpk.encipher(vault::pin_block(&pin, pan))))
    }

    /// The original a trade needs, or why there is none.
    fn original(&self, asked: &Asked, key: Key, pan: &str) -> Result<Option<Key>, Refusal> {
        let missing = (Code::lit(b"25"), "original not found");
        let f61 = |range: Range<usize>| asked.image.get(61).and_then(|f| f.get(range));
        let number = |range: Range<usize>| f61(range).and_then(|s| s.parse::<u32>().ok());
        let named = |kind| {
            Some(Key {
                terminal: key.terminal,
                batch: number(0..6)?,
                stan: number(6..12)?,
                kind,
            })
        };
        let found = match key.kind {
            K::Void => named(K::Sale),
            K::CompletionVoid => named(K::Completion),
            K::TipAdjust => named(K::Sale),
            K::PreAuthVoid | K::Completion | K::CompletionAdvice => {
                let auth = asked.image.get(38);
                let of = |e: &&Entry| {
                    e.key.kind == K::PreAuth && e.pan == pan && e.auth.as_deref() == auth
                };
                self.store.journal.values().find(of).map(|e| e.key)
            }
            K::Refund => {
                let rrn = asked.number(37);
                let of = |e: &&Entry| e.key.kind == K::Sale && Some(e.key.rrn()) == rrn;
                self.store.journal.values().find(of).map(|e| e.key)
            }
            K::Balance | K::PreAuth | K::Sale | K::OfflineSale => return Ok(None),
        };
        let entry = found
            .and_then(|k| self.store.journal.get(&k))
            .ok_or(missing)?;
        self.fits(asked, key, entry, pan)?;
        Ok(Some(entry.key))
    }

    /// Whether an original can still be voided, completed or refunded.
    fn fits(&self, asked: &Asked, key: Key, entry: &Entry, pan: &str) -> Result<(), Refusal> {
        if entry.status != Status::Approved || entry.pan != pan {
            return Err((Code::lit(b"25"), "original not approved"));
        }
        if entry.voided || entry.adjusted {
            return Err((Code::lit(b"12"), "original already voided"));
        }
        let amount = asked.number(4).unwrap_or(0);
        if matches!(key.kind, K::Void | K::CompletionVoid) && amount != entry.amount {
            return Err((Code::lit(b"64"), "amount of the original"));
        }
        if key.kind == K::Refund {
            let earlier: u64 = self
                .store
                .journal
                .values()
                .filter(|e| e.original == Some(entry.key) && e.status == Status::Approved)
                .map(|e| e.amount)
                .sum();
            if earlier + amount > entry.amount {
                return Err((Code::lit(b"64"), "more than the original"));
            }
        }
        Ok(())
    }

    /// The request in the switch's dialect.
    fn repack(
        &self,
        asked: &Asked,
        index: usize,
        key: Key,
        (stan, f7): (u32, &str),
        posted: u64,
    ) -> Image {
        let mti = if key.kind == K::OfflineSale {
            220
        } else {
            asked.image.mti
        };
        let mut image = Image::new(mti);
        image.copy(
            &asked.image,
            &[2, 3, 14, 22, 23, 25, 26, 38, 41, 42, 49, 55],
        );
        if key.kind != K::Balance {
            image.set(4, format!("{posted:012}"));
        }
        image.set(7, f7);
        image.set(11, format!("{stan:06}"));
        image.set_some(13, f7.get(..4));
        image.set_some(12, f7.get(4..));
        image.set(32, self.cfg.acquirer.clone());
        image.set(33, self.cfg.acquirer.clone());
        image.set(37, format!("{:012}", key.rrn()));
        if let (Some(track), Some(Some(keys))) = (asked.image.get(35), self.keys.get(index)) {
            let clear = match asked.image.get(53).and_then(|f| f.get(2..3)) {
                Some("1") => vault::decipher_track(&keys.tdk, track),
                _ => track.to_owned(),
            };
            image.set(35, clear.replace('D', "="));
        }
        if asked.part_60(13..14) == Some("1") {
            image.set(60, "partial");
        }
        image
    }

    /// F90 of a message about an earlier trade.
    pub(super) fn f90(&self, entry: &Entry) -> String {
        let (mti, stan, f7) = (entry.mti, entry.stan, &entry.f7);
        let acquirer = &self.cfg.acquirer;
        format!("{mti:04}{stan:06}{f7}{acquirer:0>11}{acquirer:0>11}")
    }

    pub(super) fn forward(&mut self, prepared: Prepared, fx: &mut Vec<Effect>) {
        let Prepared { entry, image } = prepared;
        let stan = entry.stan;
        let (key, amount) = (entry.key, entry.amount);
        self.persist(
            FrontEndRecord::Begun {
                entry,
                next: stan + 1,
            },
            fx,
        );
        fx.push(journal(key, amount, Status::InFlight));
        if image.get(52).is_some() {
            self.note(Note::PinTranslated, fx);
        }
        self.send_switch(image, fx);
        self.await_switch(stan, fx);
    }

    fn await_switch(&self, stan: u32, fx: &mut Vec<Effect>) {
        let after_ms = Millis::from(self.cfg.settings.front_end_wait_s) * 1000;
        fx.push(Effect::SetTimer {
            key: stan,
            after_ms,
        });
    }

    /// A repeat while the first is in flight: dropped, save a kept trade, which is sent on again.
    pub(super) fn repeat_in_flight(&mut self, key: Key, fx: &mut Vec<Effect>) {
        let forward = self.store.journal.get(&key).and_then(|e| e.forward.clone());
        match forward {
            Some(image) => {
                self.note(Note::AnswerRepeated, fx);
                let stan = image.get(11).and_then(|s| s.parse().ok()).unwrap_or(0);
                self.send_switch(*image, fx);
                self.await_switch(stan, fx);
            }
            None => self.note(Note::RepeatDropped, fx),
        }
    }

    /// A refusal of this host, stored so that a repeat gets the same answer.
    pub(super) fn refuse_stored(
        &mut self,
        now: Millis,
        asked: &Asked,
        key: Key,
        (code, _): Refusal,
        fx: &mut Vec<Effect>,
    ) {
        let f7 = civil(now).f7();
        let answer = echo_answer(&asked.image, code, &f7);
        let entry = Box::new(Entry {
            key,
            body: identity(&asked.image),
            amount: asked.number(4).unwrap_or(0),
            posted: 0,
            pan: asked.image.get(2).unwrap_or_default().to_owned(),
            status: Status::Declined,
            answer: Some(answer.clone()),
            echo: Image::new(asked.image.mti),
            stan: 0,
            f7,
            mti: asked.image.mti,
            forward: None,
            auth: None,
            foreign: false,
            original: None,
            voided: false,
            adjusted: false,
            confirmed: false,
            late: false,
            port: asked.port,
        });
        self.persist(FrontEndRecord::Refused { entry }, fx);
        self.answer(asked, answer, fx);
    }

    /// The switch answered a trade.
    pub(super) fn switch_answered(&mut self, now: Millis, image: &Image, fx: &mut Vec<Effect>) {
        let stan = image.get(11).and_then(|s| s.parse().ok()).unwrap_or(0);
        let entry = self
            .store
            .by_stan
            .get(&stan)
            .and_then(|k| self.store.journal.get(k));
        let Some(entry) = entry.filter(|e| e.stan == stan && image.get(7) == Some(&e.f7)) else {
            return self.note(Note::AnswerIgnored, fx);
        };
        if entry.status != Status::InFlight {
            return self.note(Note::LateAnswer, fx);
        }
        let Some(code) = image.get(39).and_then(Code::new) else {
            return self.note(Note::EchoWrong, fx);
        };
        fx.push(Effect::ClearTimer(stan));
        let (key, port, asked) = (entry.key, entry.port, entry.amount);
        let approved = image.get(4).and_then(|s| s.parse().ok()).unwrap_or(asked);
        let amount = if code == Code::PARTIAL {
            approved
        } else {
            asked
        };
        let answer = self.trade_answer(now, entry, image, code, amount);
        let foreign = image.get(63).is_some_and(|o| !o.starts_with("CUP"));
        let auth = image.get(38).map(str::to_owned);
        fx.push(decision(key.stan, (code, "the issuer's answer")));
        let record = FrontEndRecord::Answered {
            key,
            code,
            amount,
            auth,
            foreign,
            answer: answer.clone(),
        };
        let before = self.store.ledger.postings().len();
        self.persist(record, fx);
        let status = self
            .store
            .journal
            .get(&key)
            .map_or(Status::Declined, |e| e.status);
        fx.push(journal(key, amount, status));
        self.report_postings(before, fx);
        let to = Asked {
            index: Some(usize::from(key.terminal)),
            port,
            body: Vec::new(),
            image: Image::default(),
        };
        self.answer(&to, answer, fx);
    }

    /// The answer to the terminal.
    fn trade_answer(
        &self,
        now: Millis,
        entry: &Entry,
        switch: &Image,
        code: Code,
        amount: u64,
    ) -> Image {
        let at = civil(now);
        let mut image = Image::new(entry.echo.mti + 10);
        image.copy(&entry.echo, &[2, 3, 4, 11, 14, 23, 25, 41, 42, 49, 53, 60]);
        image.copy(switch, &[38, 54, 55]);
        if entry.echo.get(4).is_some() {
            image.set(4, format!("{amount:012}"));
        }
        image.set(12, at.hhmmss());
        image.set(13, at.mmdd());
        image.set(15, at.mmdd());
        image.set(32, self.cfg.acquirer.clone());
        image.set(37, format!("{:012}", entry.key.rrn()));
        image.set(39, code.as_str());
        image.set(44, format!("{:<11}{:<11}", "99990001", self.cfg.acquirer));
        if code.approves() {
            image.set(63, switch.get(63).unwrap_or("CUP"));
        }
        image
    }

    /// The ledger facts of postings made since `before`.
    pub(super) fn report_postings(&self, before: usize, fx: &mut Vec<Effect>) {
        for posting in self.store.ledger.postings().iter().skip(before) {
            fx.push(Effect::Report(crate::node::fact::Fact::ledger(posting)));
        }
    }

    /// The database refused a record; the machine was rebuilt without it.
    pub(super) fn database_failed(&mut self, now: Millis, record: &Record, fx: &mut Vec<Effect>) {
        self.note(Note::DatabaseError, fx);
        let Record::FrontEnd(FrontEndRecord::Begun { entry, .. }) = record else {
            return;
        };
        let code = Code::lit(b"96");
        self.refused.insert(entry.key);
        fx.push(decision(entry.key.stan, (code, "database")));
        let to = Asked {
            index: Some(usize::from(entry.key.terminal)),
            port: entry.port,
            body: Vec::new(),
            image: Image::default(),
        };
        let image = echo_answer(&entry.echo, code, &civil(now).f7());
        self.answer(&to, image, fx);
    }

    pub(super) fn repeats_advices(&self) -> bool {
        self.on(Protection::HostStoreAndForward)
    }
}

/// A journal fact.
pub(super) fn journal(key: Key, amount: u64, status: Status) -> Effect {
    Effect::Report(crate::node::fact::Fact::Journal {
        stan: key.stan,
        rrn: Some(key.rrn()),
        amount,
        status: status.name(),
    })
}
