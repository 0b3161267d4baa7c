//! Sign-on, sign-off and the echo test.

use super::{Answer, Effect, Millis, Note, Outcome, State, Terminal, TerminalRecord};
use crate::bytes::to_hex;
use crate::node::image::Image;
use crate::node::order::{Impossible, Operation};
use crate::node::response::Code;
use crate::node::screen::Screen;

impl Terminal {
    pub(super) fn start_sign_on(&mut self, _now: Millis, fx: &mut Vec<Effect>) {
        self.job.signed_on = true;
        let trace = self.take_trace(fx);
        self.show(Screen::SigningOn, fx);
        let image = self.management(800, trace, "004").with(63, "001");
        self.transmit(image, false, State::AwaitingSignOn, fx);
    }

    pub(super) fn start_sign_off(&mut self, _now: Millis, fx: &mut Vec<Effect>) {
        let trace = self.take_trace(fx);
        let image = self.management(820, trace, "002");
        self.transmit(image, false, State::AwaitingSignOff, fx);
    }

    pub(super) fn start_echo(&mut self, _now: Millis, fx: &mut Vec<Effect>) {
        let image = Image::new(820)
            .with(41, self.cfg.tid.clone())
            .with(42, self.cfg.mid.clone())
            .with(60, self.f60("301"));
        self.transmit(image, false, State::AwaitingEcho, fx);
    }

    /// A management message: trace, terminal, merchant, F60.
    pub(super) fn management(&self, mti: u16, trace: u32, code: &str) -> Image {
        Image::new(mti)
            .with(11, format!("{trace:06}"))
            .with(41, self.cfg.tid.clone())
            .with(42, self.cfg.mid.clone())
            .with(60, self.f60(code))
    }

    pub(super) fn signed_on(&mut self, now: Millis, answer: &Answer, fx: &mut Vec<Effect>) {
        let batch = answer
            .image
            .get(60)
            .and_then(|f| f.get(2..8))
            .and_then(|b| b.parse().ok());
        let block = answer.image.get(62).and_then(|b| hex::decode(b).ok());
        let (Some(batch), Some(block), true) = (batch, block, answer.code == Code::OK) else {
            self.show(Screen::Refused { code: answer.code }, fx);
            return self.sign_on_failed(now, fx);
        };
        let unsettled = !self.store.journal.is_empty() || !self.store.queue.is_empty();
        if unsettled && batch != self.store.batch {
            self.show(
                Screen::Impossible {
                    why: Impossible::JournalFull,
                },
                fx,
            );
            return self.sign_on_failed(now, fx);
        }
        match self.pad.load(&block) {
            Err(_) => self.sign_on_failed(now, fx),
            Ok(facts) => {
                fx.extend(facts.map(Effect::Pad));
                let block = to_hex(&block);
                self.persist(TerminalRecord::SignedOn { block, batch }, fx);
                self.show(Screen::SignedOn { batch }, fx);
                if self.orders(Operation::SignOn) {
                    self.finish(Outcome::Done, fx);
                } else {
                    self.advance(now, fx);
                }
            }
        }
    }

    pub(super) fn sign_on_failed(&mut self, _now: Millis, fx: &mut Vec<Effect>) {
        let why = Impossible::SignOn;
        self.show(Screen::Impossible { why }, fx);
        if self.order.is_some() {
            self.finish(Outcome::NotSent, fx);
        } else {
            self.go(State::Idle, fx);
        }
    }

    pub(super) fn signed_off(&mut self, _now: Millis, fx: &mut Vec<Effect>) {
        self.persist(TerminalRecord::SignedOff, fx);
        self.show(Screen::SignedOff, fx);
        let outcome = if self.orders(Operation::Settle) {
            Outcome::Settled
        } else {
            Outcome::Done
        };
        self.finish(outcome, fx);
    }

    pub(super) fn echoed(&mut self, fx: &mut Vec<Effect>) {
        self.show(Screen::EchoFine, fx);
        self.finish(Outcome::Done, fx);
    }

    pub(super) fn orders(&self, operation: Operation) -> bool {
        self.order
            .as_ref()
            .is_some_and(|o| o.operation == operation)
    }

    /// A host said 77, A0 or 99: sign on again before the next trade.
    pub(super) fn sign_on_wanted(&mut self, code: Code, fx: &mut Vec<Effect>) {
        if code.wants_sign_on() {
            self.note(Note::SignOnWanted, fx);
            self.persist(TerminalRecord::SignedOff, fx);
        }
    }
}
