//! What happens to a terminal: a send refused, silence, an opened pad, a PIN typed.

use super::*;

impl Terminal {
    pub(super) fn not_sent(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        fx.push(Effect::ClearTimer(ANSWER));
        self.note(Note::NothingSent, fx);
        self.show(Screen::LineBusy, fx);
        self.surely_unsent(now, fx);
    }

    /// Ends what a request that never left belongs to.
    pub(super) fn surely_unsent(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        match self.state {
            State::AwaitingAnswer => {
                if self.store.reversal.is_some() {
                    self.persist(TerminalRecord::Cleared, fx);
                }
                self.job.unsaved = None;
                self.finish_trade(now, Outcome::NotSent, fx);
            }
            State::AwaitingSettlement | State::AwaitingUpload | State::AwaitingEnd => {
                self.show(Screen::ResumeSettlement, fx);
                self.finish(Outcome::Interrupted, fx);
            }
            _ => self.finish(Outcome::NotSent, fx),
        }
    }

    pub(super) fn timed_out(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        self.note(Note::TimeOut, fx);
        match self.state {
            State::AwaitingSignOn => self.sign_on_failed(now, fx),
            State::AwaitingReversal => {
                self.reversal_failed(now, Code::lit(b"98"), fx);
            }
            State::AwaitingScript => self.script_failed(now, fx),
            State::AwaitingQueued => self.queued_silent(now, fx),
            State::AwaitingAnswer => self.trade_silent(now, fx),
            State::AwaitingSettlement => self.settlement_silent(now, fx),
            State::AwaitingUpload => self.upload_silent(now, fx),
            State::AwaitingEnd => self.end_silent(now, fx),
            State::AwaitingSignOff | State::AwaitingEcho => {
                self.show(Screen::NoAnswer, fx);
                self.finish(Outcome::NotSent, fx);
            }
            State::AwaitingPin | State::AwaitingPad | State::Idle => {}
        }
    }

    pub(super) fn tampered(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        self.pad.tamper();
        fx.push(Effect::Pad(Fact::KeysErased));
        self.persist(TerminalRecord::KeysErased, fx);
        self.show(Screen::Tampered, fx);
        if self.state == State::AwaitingPin {
            self.finish_trade(now, Outcome::Cancelled, fx);
        }
        self.drop_held(now, fx);
    }

    pub(super) fn take_pin(&mut self, now: Millis, entry: PinEntry, fx: &mut Vec<Effect>) {
        if self.state != State::AwaitingPin {
            return;
        }
        let block = match (&entry, &self.order) {
            (PinEntry::Digits(digits), Some(order)) => {
                let enciphered = self.on(Protection::PinEncryption);
                let pan = order.card.as_ref().map(|c| c.profile.pan.as_str());
                pan.and_then(|pan| self.pad.pin_block(digits, pan, enciphered))
            }
            _ => None,
        };
        match block {
            Some(block) => {
                self.job.pin = Some(block);
                self.advance(now, fx);
            }
            None => {
                self.show(Screen::Cancelled, fx);
                self.finish_trade(now, Outcome::Cancelled, fx);
            }
        }
    }
}
