//! Trades that are kept until a host answers them: refunds, advices, adjustments, offline sales.
//!
//! They have no reversal. A request without an answer is sent again under the same number, so that
//! the host can recognise it; 94 means that it has it.

use super::{Answer, Effect, Millis, Outcome, Queued, State, Terminal, TerminalRecord, TradeKind};
use crate::node::clock::civil;
use crate::node::image::Image;
use crate::node::response::Code;
use crate::node::screen::Screen;

impl Terminal {
    /// An offline sale or an adjustment: approved here, uploaded later.
    pub(super) fn offline_trade(&mut self, now: Millis, kind: TradeKind, fx: &mut Vec<Effect>) {
        let Some(item) = self.queued_item(now, kind) else {
            return;
        };
        let entry = item.entry.clone();
        let next = Self::following(entry.trace);
        self.persist(
            TerminalRecord::Queued {
                item: Box::new(item),
                next,
            },
            fx,
        );
        fx.push(self.journal_fact(&entry, "approved offline"));
        self.show(
            Screen::Approved {
                kind,
                amount: entry.amount,
            },
            fx,
        );
        let slip = self.slip_of(&entry, false);
        fx.push(Effect::Print(Box::new(slip)));
        self.persist(TerminalRecord::Printed, fx);
        self.finish_trade(now, Outcome::Approved(Code::OK), fx);
    }

    /// A refund or completion advice: kept first, then sent.
    pub(super) fn send_kept(&mut self, now: Millis, kind: TradeKind, fx: &mut Vec<Effect>) {
        let Some(item) = self.queued_item(now, kind) else {
            return;
        };
        let next = Self::following(item.entry.trace);
        self.persist(
            TerminalRecord::Queued {
                item: Box::new(item),
                next,
            },
            fx,
        );
        self.job.reversing = true;
        self.start_queued(now, fx);
    }

    fn queued_item(&mut self, now: Millis, kind: TradeKind) -> Option<Queued> {
        let order = self.order.take()?;
        let trace = self.store.next;
        let (image, _) = self.trade_image(&order, kind, trace, now);
        let original = self.original_of(&order).cloned();
        self.order = Some(order);
        let image = image.without(&[26, 35, 36, 52, 53]);
        let answer = Answer {
            code: Code::OK,
            image: Image::new(230).with(13, civil(now).mmdd()),
            sealed: true,
        };
        let mut entry = self.entry_of(kind, trace, image.clone(), &answer, now)?;
        entry.foreign = image
            .get(63)
            .is_some_and(|o| !o.starts_with("CUP") && o != "000");
        if kind == TradeKind::TipAdjust {
            let original = original?;
            entry.posted = entry.amount.saturating_sub(original.amount);
            entry.original = Some(original.trace);
            entry.foreign = original.foreign;
        }
        let journaled = matches!(kind, TradeKind::TipAdjust | TradeKind::OfflineSale);
        Some(Queued {
            entry,
            image,
            journaled,
        })
    }

    /// Sends the oldest trade of the queue.
    pub(super) fn start_queued(&mut self, _now: Millis, fx: &mut Vec<Effect>) {
        let Some(item) = self.store.queue.first() else {
            return;
        };
        let image = item.image.clone();
        let of = self.store.queue.len() as u32;
        self.show(Screen::Uploading { done: 0, of }, fx);
        self.job.attempt = self.job.attempt.saturating_add(1);
        self.transmit(image, true, State::AwaitingQueued, fx);
    }

    pub(super) fn queued_answered(&mut self, now: Millis, answer: &Answer, fx: &mut Vec<Effect>) {
        let Some(item) = self.store.queue.first().cloned() else {
            return;
        };
        if answer.code.wants_sign_on() {
            self.sign_on_wanted(answer.code, fx);
            return self.queued_silent(now, fx);
        }
        self.job.attempt = 0;
        let accepted = answer.code.approves() || answer.code == Code::lit(b"94");
        let rrn = answer.image.get(37).and_then(|r| r.parse().ok());
        let trace = item.entry.trace;
        let record = TerminalRecord::Answered {
            trace,
            accepted,
            rrn,
            code: answer.code,
        };
        self.persist(record, fx);
        let status = if accepted { "accepted" } else { "refused" };
        fx.push(self.journal_fact(&item.entry, status));
        if accepted && !item.journaled {
            let (kind, amount) = (item.entry.kind, item.entry.amount);
            self.show(Screen::Approved { kind, amount }, fx);
            self.print_last(false, fx);
        }
        if !accepted {
            self.show(Screen::Refused { code: answer.code }, fx);
        }
        let own = self.store.queue.is_empty() && std::mem::take(&mut self.job.reversing);
        if own {
            let outcome = if accepted {
                Outcome::Approved(answer.code)
            } else {
                Outcome::Refused(answer.code)
            };
            return self.finish_trade(now, outcome, fx);
        }
        self.advance(now, fx);
    }

    /// No answer, or none that can be believed: the trade stays in the queue.
    pub(super) fn queued_silent(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        self.show(Screen::NoAnswer, fx);
        if std::mem::take(&mut self.job.reversing) {
            return self.finish_trade(now, Outcome::Kept, fx);
        }
        if self.job.attempt < self.cfg.settings.attempts && !self.wants_sign_on() {
            return self.start_queued(now, fx);
        }
        self.finish_trade(now, Outcome::NotSent, fx);
    }
}
