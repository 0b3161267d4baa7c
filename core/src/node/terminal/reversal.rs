//! The reversal: the 0400 goes out until a host answers it.
//!
//! Under the repeat policy without bound; otherwise a number of attempts before the next online
//! message, after which a setting decides. The record is the only memory: it was written before
//! the request left, so a power cut changes nothing here.

use super::{
    Answer, Effect, Fact, Impossible, Millis, Note, Outcome, State, Terminal, TerminalRecord,
};
use crate::node::protection::Protection;
use crate::node::response::Code;
use crate::node::screen::Screen;
use crate::node::settings::{Exhaustion, ReversalPolicy};
use crate::node::slip::Slip;

impl Terminal {
    pub(super) fn start_reversal(&mut self, _now: Millis, fx: &mut Vec<Effect>) {
        let Some(reversal) = &self.store.reversal else {
            return;
        };
        self.job.attempt = self.job.attempt.saturating_add(1);
        let image = self.reversal_image(reversal);
        self.show(
            Screen::Reversing {
                attempt: self.job.attempt,
            },
            fx,
        );
        self.transmit(image, true, State::AwaitingReversal, fx);
        if !self.on(Protection::ReversalUntilAnswered) {
            self.persist(TerminalRecord::Cleared, fx);
        }
    }

    pub(super) fn reversal_answered(&mut self, now: Millis, a: &Answer, fx: &mut Vec<Effect>) {
        match a.code.as_str() {
            "00" | "12" | "22" | "25" => self.reversal_closed(now, fx),
            "77" | "A0" | "99" if !self.job.signed_on => {
                self.sign_on_wanted(a.code, fx);
                self.start_sign_on(now, fx);
            }
            _ => self.reversal_refused(now, fx),
        }
    }

    fn reversal_closed(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        if let Some(r) = &self.store.reversal {
            let (stan, amount) = (r.trace, r.amount);
            fx.push(Effect::Report(Fact::Journal {
                stan,
                rrn: None,
                amount,
                status: "reversed",
            }));
            self.persist(TerminalRecord::Cleared, fx);
        }
        self.show(Screen::Reversed, fx);
        self.reversal_over(now, Outcome::Reversed, fx);
    }

    /// Goes on with what the reversal interrupted.
    fn reversal_over(&mut self, now: Millis, outcome: Outcome, fx: &mut Vec<Effect>) {
        self.job.attempt = 0;
        if std::mem::take(&mut self.job.reversing) {
            self.finish_trade(now, outcome, fx);
        } else {
            self.advance(now, fx);
        }
    }

    /// An attempt failed: no answer (98), or an answer that does not accept (06).
    pub(super) fn reversal_failed(&mut self, now: Millis, reason: Code, fx: &mut Vec<Effect>) {
        if self.store.reversal.is_none() {
            // The record was deleted after the first attempt: nothing is left to repeat.
            return self.reversal_over(now, Outcome::Unknown, fx);
        }
        if self
            .store
            .reversal
            .as_ref()
            .is_some_and(|r| r.reason != reason)
        {
            let doubt = TerminalRecord::Doubted {
                reason,
                date: None,
                auth: None,
                chip: None,
            };
            self.persist(doubt, fx);
        }
        let repeat = self.cfg.settings.reversal == ReversalPolicy::Repeat;
        if repeat || self.job.attempt < self.cfg.settings.attempts {
            return self.start_reversal(now, fx);
        }
        self.exhausted(now, fx);
    }

    /// Answered, and not accepted: at once again within a pass, or after the usual wait.
    fn reversal_refused(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        if self.cfg.settings.reversal != ReversalPolicy::Repeat {
            return self.reversal_failed(now, Code::lit(b"06"), fx);
        }
        self.sent = None;
        self.job.signed_on = false;
        let after_ms = Millis::from(self.cfg.settings.terminal_wait_s) * 1000;
        fx.push(Effect::SetTimer {
            key: super::ANSWER,
            after_ms,
        });
    }

    /// A 0410 with a bad MAC or echo: an attempt that ends the pass.
    pub(super) fn reversal_stopped(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        if self.cfg.settings.reversal == ReversalPolicy::Repeat {
            return self.reversal_refused(now, fx);
        }
        self.job.attempt = 0;
        self.show(Screen::ReversalPending, fx);
        self.finish(Outcome::NotSent, fx);
    }

    fn exhausted(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        self.note(Note::ReversalExhausted, fx);
        match self.cfg.settings.exhaustion {
            Exhaustion::DeleteAndPrint => {
                self.print_given_up(fx);
                self.persist(TerminalRecord::Cleared, fx);
                self.reversal_over(now, Outcome::Unknown, fx);
            }
            Exhaustion::KeepAndBlock => {
                self.persist(TerminalRecord::Exhausted, fx);
                let why = Impossible::ReversalBlocks;
                self.show(Screen::Impossible { why }, fx);
                self.finish(Outcome::Impossible(why), fx);
            }
        }
    }

    pub(super) fn print_given_up(&self, fx: &mut Vec<Effect>) {
        if let Some(r) = &self.store.reversal {
            fx.push(Effect::Print(Box::new(Slip::ReversalGivenUp {
                tid: self.cfg.tid.clone(),
                batch: r.batch,
                trace: r.trace,
                amount: r.amount,
            })));
        }
    }
}
