//! A PIN pad at the end of a cable: what the terminal asks of it, and what becomes of the answer.
//!
//! Apart from the built-in pad because this one takes its time: a PIN block and a MAC are asked for
//! and come later, so a request that needs a MAC is held until it has one.

use super::*;
use crate::node::pin_pad::f64_of;
use crate::pad::{self, TaskError};

/// A request that waits for its MAC.
#[derive(Clone, Debug)]
pub(super) struct Held {
    sent: Sent,
    body: Vec<u8>,
    state: State,
}

impl Terminal {
    /// Where a pad on a cable keeps the master key; nothing when the pad is built in.
    pub(super) fn cable(&self) -> Option<u8> {
        let settings = &self.cfg.settings;
        settings.pad_protocol.family().map(|_| settings.pad_master)
    }

    /// What asks the holder for the PIN: a pad on a cable, or the built-in one.
    pub(super) fn ask_pin(&self, amount: u64) -> Effect {
        let pan = self.order.as_ref().and_then(|order| order.card.as_ref());
        let task = self.cable().zip(pan).and_then(|(master, card)| {
            let yuan = crate::node::ledger::yuan(amount as i64);
            let prompt = format!("AMOUNT {yuan}\nENTER PIN");
            self.pad.pin_task(master, &card.profile.pan, prompt)
        });
        task.map_or(Effect::AskPin { amount }, Effect::AskPad)
    }

    /// Packs a request and asks the pad for its MAC.
    pub(super) fn hold(&mut self, image: Image, sent: Sent, state: State, fx: &mut Vec<Effect>) {
        self.sent = None;
        let image = image.with(64, "0000000000000000");
        let body = wire::seal_pos(&self.cfg.pos, image, None);
        let task = self.cable().zip(body.as_ref()).and_then(|(master, body)| {
            let (mab, _) = body.split_last_chunk::<8>()?;
            self.pad.mac_task(master, mab)
        });
        let (Some(body), Some(task)) = (body, task) else {
            return self.leave(sent, None, state, fx);
        };
        self.held = Some(Held { sent, body, state });
        self.go(State::AwaitingPad, fx);
        fx.push(Effect::AskPad(task));
    }

    /// The pad's answer to whatever it was asked.
    pub(super) fn take_pad(
        &mut self,
        now: Millis,
        outcome: Result<pad::Outcome, TaskError>,
        fx: &mut Vec<Effect>,
    ) {
        match (self.state, outcome) {
            (State::AwaitingPin, Ok(pad::Outcome::PinBlock { block, .. })) => {
                self.job.pin = Some(block);
                self.advance(now, fx);
            }
            (State::AwaitingPin, Err(TaskError::Cancelled | TaskError::TimedOut)) => {
                self.show(Screen::Cancelled, fx);
                self.finish_trade(now, Outcome::Cancelled, fx);
            }
            (State::AwaitingPin, _) => {
                self.pad_failed(fx);
                self.finish_trade(now, Outcome::Impossible(Impossible::Pad), fx);
            }
            (State::AwaitingPad, outcome) => self.take_mac(now, outcome.ok(), fx),
            _ => {}
        }
    }

    /// The held request leaves with its MAC, or does not leave at all.
    fn take_mac(&mut self, now: Millis, made: Option<pad::Outcome>, fx: &mut Vec<Effect>) {
        let Some(mut held) = self.held.take() else {
            return;
        };
        match (made, held.body.last_chunk_mut::<8>()) {
            (Some(pad::Outcome::Mac(mac)), Some(slot)) => {
                *slot = f64_of(mac);
                self.leave(held.sent, Some(held.body), held.state, fx);
            }
            _ => {
                self.pad_failed(fx);
                self.unsent(now, held.state, fx);
            }
        }
    }

    /// Without a MAC a request stays where it is: the same as a line that refused it.
    fn unsent(&mut self, now: Millis, state: State, fx: &mut Vec<Effect>) {
        self.go(state, fx);
        self.surely_unsent(now, fx);
    }

    /// Somebody opened the pad while a request waited for its MAC.
    pub(super) fn drop_held(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        if let Some(held) = self.held.take() {
            self.unsent(now, held.state, fx);
        }
    }

    fn pad_failed(&self, fx: &mut Vec<Effect>) {
        self.note(Note::PadFailed, fx);
        let why = Impossible::Pad;
        self.show(Screen::Impossible { why }, fx);
    }
}
