//! What the switch does with requests, answers, silence and reversals.

use super::route::Channel;
use super::{
    Effect, FORWARD, Fact, Image, Key, Millis, NodeId, Note, OWN, Protection, Status, Switch,
    SwitchRecord,
};
use crate::bytes::to_hex;
use crate::node::clock::civil;
use crate::node::front_end::Obligation;
use crate::node::record::Record;
use crate::node::response::Code;

/// The identity a message carries in F11 and F7.
fn key_of(image: &Image) -> Key {
    let stan = image.get(11).and_then(|s| s.parse().ok()).unwrap_or(0);
    (stan, image.get(7).unwrap_or_default().to_owned())
}

/// The identity of the original that F90 names.
pub(in crate::node) fn original_of(image: &Image) -> Option<Key> {
    let f90 = image.get(90)?;
    Some((f90.get(4..10)?.parse().ok()?, f90.get(10..20)?.to_owned()))
}

impl Switch {
    pub(super) fn asked(&mut self, image: Image, fx: &mut Vec<Effect>) {
        let key = key_of(&image);
        if self.store.early.contains(&key) {
            self.note(Note::LateOriginal, fx);
            return self.decline(&image, Code::lit(b"94"), "reversed before", fx);
        }
        if self.refused.contains(&key) {
            return self.decline(&image, Code::lit(b"96"), "database failed before", fx);
        }
        if self.on(Protection::DuplicateDetection) && self.repeated(&key, &image, fx) {
            return;
        }
        if !self.issuer_up {
            return self.decline(&image, Code::lit(b"91"), "issuer down", fx);
        }
        let Some(channel) = self.route(&image, None) else {
            return self.decline(&image, Code::lit(b"92"), "no route", fx);
        };
        let request = image.clone().without(&[35, 36, 52]);
        self.persist(
            SwitchRecord::Begun {
                key: key.clone(),
                request,
            },
            fx,
        );
        if channel == Channel::Partner && self.statistics.poor(Channel::Direct) {
            self.note(Note::PoorChannel, fx);
        }
        self.pass_on(channel, image, fx);
    }

    /// The database refused a record; the machine was rebuilt without it. A request that was not
    /// written down is refused; whatever was in flight is reversed by the recovery.
    pub(super) fn database_failed(&mut self, record: &Record, fx: &mut Vec<Effect>) {
        self.note(Note::DatabaseError, fx);
        if let Record::Switch(SwitchRecord::Begun { key, request }) = record {
            self.refused.insert(key.clone());
            self.decline(request, Code::lit(b"96"), "database", fx);
        }
    }

    /// A request seen before: the stored answer, silence, or once more for a kept trade.
    fn repeated(&mut self, key: &Key, image: &Image, fx: &mut Vec<Effect>) -> bool {
        let Some(entry) = self.store.journal.get(key) else {
            return false;
        };
        match (entry.status, &entry.answer) {
            (Status::Answered, Some(answer)) => {
                let answer = answer.clone();
                self.note(Note::AnswerRepeated, fx);
                self.send(NodeId::FrontEnd, answer, fx);
            }
            (Status::InFlight, _) if image.mti == 220 => {
                self.note(Note::AnswerRepeated, fx);
                let channel = self.route(image, None).unwrap_or(Channel::Direct);
                self.pass_on(channel, image.clone(), fx);
            }
            (Status::Reversed, _) => {
                self.note(Note::LateOriginal, fx);
                self.decline(image, Code::lit(b"94"), "reversed", fx);
            }
            _ => self.note(Note::RepeatDropped, fx),
        }
        true
    }

    fn pass_on(&mut self, channel: Channel, mut image: Image, fx: &mut Vec<Effect>) {
        let stan = key_of(&image).0;
        let mut block = [0; 8];
        if image
            .get(52)
            .is_some_and(|f| hex::decode_to_slice(f, &mut block).is_ok())
        {
            let clear = self.cfg.acquirer.zpk.decipher(block);
            image.set(52, to_hex(&self.cfg.issuer.zpk.encipher(clear)));
            self.note(Note::PinTranslated, fx);
        }
        self.forward(channel, stan, image, fx);
    }

    /// Sends a request on over a channel, and waits for its answer.
    fn forward(&mut self, channel: Channel, stan: u32, image: Image, fx: &mut Vec<Effect>) {
        self.under_way.insert(stan, (channel, image.clone()));
        self.send(NodeId::Issuer, image, fx);
        let after_ms = Millis::from(self.cfg.settings.switch_wait_s) * 1000;
        fx.push(Effect::SetTimer {
            key: stan,
            after_ms,
        });
    }

    /// An answer of the switch itself.
    fn decline(&self, request: &Image, code: Code, why: &'static str, fx: &mut Vec<Effect>) {
        let stan = key_of(request).0;
        fx.push(Effect::Report(Fact::Decision { stan, code, why }));
        let mut image = Image::new(request.mti + 10);
        image.copy(
            request,
            &[2, 3, 4, 7, 11, 12, 13, 25, 32, 33, 37, 41, 42, 49],
        );
        image.set(39, code.as_str());
        self.send(NodeId::FrontEnd, image, fx);
    }

    pub(super) fn answered(&mut self, image: Image, fx: &mut Vec<Effect>) {
        let key = key_of(&image);
        let status = self.store.journal.get(&key).map(|e| e.status);
        match status {
            Some(Status::InFlight) => {
                fx.push(Effect::ClearTimer(key.0));
                self.over(key.0, true);
                self.persist(
                    SwitchRecord::Answered {
                        key,
                        answer: image.clone(),
                    },
                    fx,
                );
                self.send(NodeId::FrontEnd, image, fx);
            }
            Some(Status::Reversed) => self.note(Note::LateAnswer, fx),
            _ => self.note(Note::AnswerIgnored, fx),
        }
    }

    /// The issuer did not answer in time: reversed, and the acquirer hears 98.
    pub(super) fn issuer_silent(&mut self, now: Millis, stan: u32, fx: &mut Vec<Effect>) {
        let open = |s: Status| s == Status::InFlight;
        let found = self
            .store
            .journal
            .iter()
            .rev()
            .find(|(k, e)| k.0 == stan && open(e.status));
        let Some((key, entry)) = found else { return };
        let (key, request) = (key.clone(), entry.request.clone());
        self.note(Note::TimeOut, fx);
        self.over(stan, false);
        if request.mti == 220 {
            return;
        }
        self.reverse(now, key, &request, fx);
        self.decline(&request, Code::lit(b"98"), "the issuer is silent", fx);
    }

    /// A trade is answered, or given up: its channel did well or not.
    fn over(&mut self, stan: u32, answered: bool) {
        self.second.remove(&stan);
        if let Some((channel, _)) = self.under_way.remove(&stan) {
            self.statistics.note(channel, answered);
        }
    }

    /// The line to the issuer refused the last send.
    pub(super) fn line_down(&mut self, _now: Millis, fx: &mut Vec<Effect>) {
        let found = self
            .store
            .journal
            .iter()
            .rev()
            .find(|(_, e)| e.status == Status::InFlight);
        let Some((key, entry)) = found else { return };
        let (key, request) = (key.clone(), entry.request.clone());
        self.note(Note::NothingSent, fx);
        fx.push(Effect::ClearTimer(key.0));
        let (failed, image) = match self.under_way.remove(&key.0) {
            Some((channel, image)) => (Some(channel), image),
            None => (None, request.clone()),
        };
        if let Some(channel) = failed {
            self.statistics.note(channel, false);
        }
        let first = failed.is_some() && !self.second.contains_key(&key.0);
        if let Some(other) = self.route(&request, failed).filter(|_| first) {
            // Surely nothing was sent, so the same request may go another way.
            self.second.insert(key.0, ());
            self.note(Note::SecondChannel, fx);
            return self.forward(other, key.0, image, fx);
        }
        self.second.remove(&key.0);
        let mut answer = Image::new(request.mti + 10);
        answer.copy(
            &request,
            &[2, 3, 4, 7, 11, 12, 13, 25, 32, 33, 37, 41, 42, 49],
        );
        answer.set(39, "92");
        self.persist(
            SwitchRecord::Answered {
                key,
                answer: answer.clone(),
            },
            fx,
        );
        self.send(NodeId::FrontEnd, answer, fx);
    }

    fn reverse(&mut self, now: Millis, key: Key, request: &Image, fx: &mut Vec<Effect>) {
        fx.push(Effect::ClearTimer(key.0));
        self.over(key.0, false);
        if request.get(3).is_some_and(|f| f.starts_with("31")) {
            // A balance inquiry posted nothing.
            return self.persist(
                SwitchRecord::Reversed {
                    key,
                    obligation: None,
                },
                fx,
            );
        }
        let stan = OWN + self.store.advices % 90_000;
        let at = civil(now);
        let mut image = Image::new(420);
        image.copy(request, &[2, 3, 4, 25, 32, 33, 37, 41, 42, 49]);
        image.set(7, at.f7());
        image.set(11, format!("{stan:06}"));
        image.set(12, at.hhmmss());
        image.set(13, at.mmdd());
        let part = |de| request.get(de).unwrap_or("0");
        let (mti, f7) = (request.mti, &key.1);
        image.set(
            90,
            format!("{mti:04}{:06}{f7}{:0>11}{:0>11}", key.0, part(32), part(33)),
        );
        let owed = Box::new(Obligation {
            image,
            repeated: false,
        });
        self.persist(
            SwitchRecord::Reversed {
                key,
                obligation: Some((stan, owed)),
            },
            fx,
        );
        self.note(Note::Stored, fx);
        self.send_obligation(stan, fx);
    }

    pub(super) fn reversal_asked(&mut self, now: Millis, image: &Image, fx: &mut Vec<Effect>) {
        let Some(key) = original_of(image) else {
            return self.note(Note::Unreadable, fx);
        };
        let entry = self
            .store
            .journal
            .get(&key)
            .map(|e| (e.status, e.request.clone()));
        let code = match entry {
            None => {
                self.note(Note::EarlyReversal, fx);
                self.persist(SwitchRecord::Early { key }, fx);
                Code::lit(b"25")
            }
            Some((Status::Reversed, _)) => Code::OK,
            Some((Status::InFlight | Status::Answered, request)) => {
                self.reverse(now, key, &request, fx);
                Code::OK
            }
        };
        let mut answer = Image::new(430);
        answer.copy(image, &[2, 3, 4, 7, 11, 12, 13, 25, 32, 33, 37, 41, 42, 49]);
        answer.set(39, code.as_str());
        self.send(NodeId::FrontEnd, answer, fx);
    }

    pub(super) fn send_obligation(&mut self, stan: u32, fx: &mut Vec<Effect>) {
        let Some(owed) = self.store.obligations.get(&stan) else {
            return;
        };
        let mut image = owed.image.clone();
        let repeats = self.on(Protection::HostStoreAndForward);
        if owed.repeated {
            if !repeats {
                return;
            }
            image.mti = 421;
        } else {
            self.persist(SwitchRecord::Sent { stan }, fx);
        }
        self.send(NodeId::Issuer, image, fx);
        if repeats {
            let after_ms = Millis::from(self.cfg.settings.forward_every_s) * 1000;
            fx.push(Effect::SetTimer {
                key: stan | FORWARD,
                after_ms,
            });
        }
    }

    pub(super) fn advice_answered(&mut self, image: &Image, fx: &mut Vec<Effect>) {
        let stan = key_of(image).0;
        if self.store.obligations.contains_key(&stan) {
            fx.push(Effect::ClearTimer(stan | FORWARD));
            self.persist(SwitchRecord::Met { stan }, fx);
        } else {
            self.note(Note::AnswerIgnored, fx);
        }
    }

    /// After a power cut: whatever was in flight is reversed, save kept trades.
    pub(super) fn reverse_in_flight(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        let open = self
            .store
            .journal
            .iter()
            .filter(|(_, e)| e.status == Status::InFlight && e.request.mti != 220);
        let keys: Vec<(Key, Image)> = open.map(|(k, e)| (k.clone(), e.request.clone())).collect();
        for (key, request) in keys {
            self.note(Note::InFlightReversed, fx);
            self.reverse(now, key, &request, fx);
        }
    }
}
