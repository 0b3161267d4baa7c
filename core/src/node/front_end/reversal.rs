//! Reversals at the front end: its terminals' 0400, its own time-outs, and the 0420 it owes.
//!
//! A 0400 is answered at once and its 0420 is stored until the switch answers: the terminal does
//! not wait for the far end, and nothing is forgotten. A 0400 that overtook its original is
//! remembered, so that the late original is refused.

use super::checks::echo_answer;
use super::forward::journal;
use super::{
    Asked, Effect, Entry, FORWARD, FrontEnd, FrontEndRecord, Key, Millis, Note, Obligation, Status,
};
use crate::node::clock::civil;
use crate::node::image::Image;
use crate::node::response::Code;

impl FrontEnd {
    pub(super) fn reversal_asked(
        &mut self,
        now: Millis,
        asked: &Asked,
        index: usize,
        fx: &mut Vec<Effect>,
    ) {
        let Some(key) = self.key_of(asked, index) else {
            return self.refuse(now, asked, (Code::lit(b"30"), "fields missing"), fx);
        };
        if !self.sealed(asked, index) {
            self.note(Note::MacWrong, fx);
            return self.refuse(now, asked, (Code::lit(b"A0"), "MAC"), fx);
        }
        let (code, why) = match self.store.journal.get(&key) {
            None => {
                self.note(Note::EarlyReversal, fx);
                self.persist(FrontEndRecord::Early { key }, fx);
                (Code::lit(b"25"), "original unknown, remembered")
            }
            Some(e) if e.voided => (Code::lit(b"22"), "original was voided"),
            Some(e) => match e.status {
                Status::Declined => (Code::lit(b"12"), "original was refused"),
                Status::Reversed => (Code::OK, "already reversed"),
                Status::InFlight | Status::Approved => {
                    self.reverse(now, key, None, fx);
                    (Code::OK, "reversed")
                }
            },
        };
        self.answer_reversal(now, asked, key, (code, why), fx);
    }

    fn answer_reversal(
        &self,
        now: Millis,
        asked: &Asked,
        key: Key,
        (code, why): (Code, &'static str),
        fx: &mut Vec<Effect>,
    ) {
        fx.push(super::checks::decision(key.stan, (code, why)));
        let at = civil(now);
        let mut image = echo_answer(&asked.image, code, &at.f7());
        image.set(15, at.mmdd());
        image.set(32, self.cfg.acquirer.clone());
        image.set(37, format!("{:012}", key.rrn()));
        self.answer(asked, image, fx);
    }

    /// Marks a trade reversed and owes the switch a 0420, in one record; then sends it.
    fn reverse(&mut self, now: Millis, key: Key, answer: Option<Image>, fx: &mut Vec<Effect>) {
        let Some(entry) = self.store.journal.get(&key) else {
            return;
        };
        fx.push(Effect::ClearTimer(entry.stan));
        let stan = self.store.next;
        let image = self.advice(now, entry, stan);
        let amount = entry.amount;
        let obligation = Box::new(Obligation {
            image,
            repeated: false,
        });
        let answer = answer.map(Box::new);
        let before = self.store.ledger.postings().len();
        self.persist(
            FrontEndRecord::Reversed {
                key,
                stan,
                obligation,
                answer,
            },
            fx,
        );
        fx.push(journal(key, amount, Status::Reversed));
        self.report_postings(before, fx);
        self.note(Note::Stored, fx);
        self.send_obligation(stan, fx);
    }

    /// The 0420 about a trade.
    fn advice(&self, now: Millis, entry: &Entry, stan: u32) -> Image {
        let at = civil(now);
        let mut image = Image::new(420);
        image.copy(&entry.echo, &[3, 25, 41, 42, 49]);
        image.set(2, entry.pan.clone());
        image.set(4, format!("{:012}", entry.posted));
        image.set(7, at.f7());
        image.set(11, format!("{stan:06}"));
        image.set(12, at.hhmmss());
        image.set(13, at.mmdd());
        image.set(32, self.cfg.acquirer.clone());
        image.set(33, self.cfg.acquirer.clone());
        image.set(37, format!("{:012}", entry.key.rrn()));
        image.set(90, self.f90(entry));
        image
    }

    /// Sends a stored 0420, as 0421 when it went out before, and comes back to it later.
    pub(super) fn send_obligation(&mut self, stan: u32, fx: &mut Vec<Effect>) {
        let Some(owed) = self.store.obligations.get(&stan) else {
            return;
        };
        let mut image = owed.image.clone();
        let repeats = self.repeats_advices();
        if owed.repeated {
            if !repeats {
                return;
            }
            image.mti = 421;
        } else {
            self.persist(FrontEndRecord::Sent { stan }, fx);
        }
        self.send_switch(image, fx);
        if repeats {
            let after_ms = Millis::from(self.cfg.settings.forward_every_s) * 1000;
            fx.push(Effect::SetTimer {
                key: stan | FORWARD,
                after_ms,
            });
        }
    }

    pub(super) fn advice_answered(&mut self, image: &Image, fx: &mut Vec<Effect>) {
        let stan = image.get(11).and_then(|s| s.parse().ok()).unwrap_or(0);
        if self.store.obligations.contains_key(&stan) {
            fx.push(Effect::ClearTimer(stan | FORWARD));
            self.persist(FrontEndRecord::Met { stan }, fx);
        } else {
            self.note(Note::AnswerIgnored, fx);
        }
    }

    /// The switch did not answer in time: reversed, and the terminal hears 98. A kept trade is
    /// not reversed: the terminal repeats it until somebody answers.
    pub(super) fn switch_silent(&mut self, now: Millis, stan: u32, fx: &mut Vec<Effect>) {
        let entry = self
            .store
            .by_stan
            .get(&stan)
            .and_then(|k| self.store.journal.get(k));
        let Some(entry) = entry.filter(|e| e.status == Status::InFlight && e.stan == stan) else {
            return;
        };
        self.note(Note::TimeOut, fx);
        if entry.key.kind.queued() {
            return;
        }
        let code = Code::lit(b"98");
        let (key, port) = (entry.key, entry.port);
        let mut answer = echo_answer(&entry.echo, code, &civil(now).f7());
        answer.set(37, format!("{:012}", key.rrn()));
        if key.kind == crate::node::kind::TradeKind::Balance {
            // Nothing was posted: only the answer is owed.
            let amount = entry.amount;
            let record = FrontEndRecord::Answered {
                key,
                code,
                amount,
                auth: None,
                foreign: false,
                answer: answer.clone(),
            };
            self.persist(record, fx);
        } else {
            self.reverse(now, key, Some(answer.clone()), fx);
        }
        fx.push(super::checks::decision(
            key.stan,
            (code, "the switch is silent"),
        ));
        let to = Asked {
            index: Some(usize::from(key.terminal)),
            port,
            body: Vec::new(),
            image: Image::default(),
        };
        self.answer(&to, answer, fx);
    }

    /// After a power cut: whatever was in flight is reversed.
    pub(super) fn reverse_in_flight(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        let open = |e: &&Entry| e.status == Status::InFlight && !e.key.kind.queued();
        let keys: Vec<Key> = self
            .store
            .journal
            .values()
            .filter(open)
            .map(|e| e.key)
            .collect();
        for key in keys {
            self.note(Note::InFlightReversed, fx);
            self.reverse(now, key, None, fx);
        }
    }
}
