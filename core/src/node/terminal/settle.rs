//! Settlement: the totals go out, the host's flags come back, the batch is uploaded and closed.

use super::{
    Answer, Effect, Millis, Note, Operation, Outcome, State, Terminal, TerminalRecord, UploadItem,
};
use crate::node::image::Image;
use crate::node::protection::Protection;
use crate::node::response::Code;
use crate::node::screen::Screen;
use crate::node::slip::Slip;
use crate::node::terminal::{Upload, UploadKind};
use crate::node::totals::{field_48, read_48};

/// Attempts of a 0500 and of the end message.
const ATTEMPTS: u8 = 3;

impl Terminal {
    /// Begins or resumes: 0500, then the upload, then the end.
    pub(super) fn next_of_settlement(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        match &self.store.settling {
            None => {
                let trace = self.store.next;
                let totals = self.store.totals();
                let next = Self::following(trace);
                self.persist(
                    TerminalRecord::Settling {
                        trace,
                        totals,
                        next,
                    },
                    fx,
                );
                self.show(Screen::Settling, fx);
                self.send_settlement(fx);
            }
            Some(s) if s.flags.is_none() => self.send_settlement(fx),
            Some(_) => self.next_upload(now, fx),
        }
    }

    fn send_settlement(&mut self, fx: &mut Vec<Effect>) {
        let Some(settling) = &self.store.settling else {
            return;
        };
        self.job.attempt = self.job.attempt.saturating_add(1);
        let image = self
            .management(500, settling.trace, "201")
            .with(48, field_48(&settling.totals, [0, 0]))
            .with(49, "156")
            .with(63, "001");
        self.transmit(image, false, State::AwaitingSettlement, fx);
    }

    pub(super) fn settlement_silent(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        if self.job.attempt < ATTEMPTS {
            return self.send_settlement(fx);
        }
        self.interrupted(now, fx);
    }

    /// Gives up for now; the state is kept, and only settlement can go on.
    pub(super) fn interrupted(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        self.show(Screen::ResumeSettlement, fx);
        self.finish_trade(now, Outcome::Interrupted, fx);
    }

    pub(super) fn settlement_answered(&mut self, now: Millis, a: &Answer, fx: &mut Vec<Effect>) {
        let Some((host, flags)) = a.image.get(48).and_then(read_48) else {
            return self.settlement_silent(now, fx);
        };
        self.job.attempt = 0;
        let balanced = flags == [1, 1];
        self.note(
            if balanced {
                Note::Balanced
            } else {
                Note::Unbalanced
            },
            fx,
        );
        let (plan, end, next) = self.plan(flags);
        self.persist(
            TerminalRecord::Compared {
                flags,
                host,
                plan,
                end,
                next,
            },
            fx,
        );
        self.advance(now, fx);
    }

    /// The messages of the upload, in order, each with its trace number.
    fn plan(&self, flags: [u8; 2]) -> (Vec<UploadItem>, u32, u32) {
        let ignore = !self.on(Protection::BatchUpload);
        let differs = |foreign: bool| {
            let [domestic_flag, foreign_flag] = flags;
            !ignore && (if foreign { foreign_flag } else { domestic_flag }) != 1
        };
        let mut next = self.store.next;
        let mut plan = Vec::new();
        let open = || {
            self.store
                .journal
                .iter()
                .filter(|e| e.upload == Upload::Open)
        };
        let mut take = || {
            let stan = next;
            next = Self::following(next);
            stan
        };
        let details: Vec<u32> = open()
            .filter(|e| differs(e.foreign) && e.upload_kind() == Some(UploadKind::Details))
            .map(|e| e.trace)
            .collect();
        for traces in details.chunks(8) {
            plan.push(UploadItem {
                stan: take(),
                kind: UploadKind::Details,
                traces: traces.to_vec(),
                state: Upload::Open,
            });
        }
        for kind in [UploadKind::Advice, UploadKind::Certificate] {
            let wanted = |e: &&super::JournalEntry| {
                let due = kind == UploadKind::Certificate && !ignore || differs(e.foreign);
                e.upload_kind() == Some(kind) && due
            };
            plan.extend(open().filter(wanted).map(|e| UploadItem {
                stan: e.trace,
                kind,
                traces: vec![e.trace],
                state: Upload::Open,
            }));
        }
        let end = take();
        (plan, end, next)
    }

    /// The end of the batch: 207 when both sides agreed, 202 otherwise.
    pub(super) fn send_end(&mut self, fx: &mut Vec<Effect>) {
        let Some(settling) = &self.store.settling else {
            return;
        };
        self.job.attempt = self.job.attempt.saturating_add(1);
        let agreed = settling.flags == Some([1, 1]);
        let entries = self.store.journal.iter();
        let count = entries.filter(|e| e.upload == Upload::Accepted).count();
        let image: Image = self
            .management(320, settling.end, if agreed { "207" } else { "202" })
            .with(48, format!("{count:04}"));
        self.transmit(image, false, State::AwaitingEnd, fx);
    }

    pub(super) fn end_silent(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        if self.job.attempt < ATTEMPTS {
            return self.send_end(fx);
        }
        self.interrupted(now, fx);
    }

    pub(super) fn end_answered(&mut self, now: Millis, answer: &Answer, fx: &mut Vec<Effect>) {
        match answer.code.as_str() {
            "00" | "94" => self.close(now, fx),
            _ if answer.code == Code::DISPUTED => self.settle_anew(fx),
            _ => self.end_silent(now, fx),
        }
    }

    /// The host compared otherwise than the answer said that was believed: a new trace number, so
    /// that no late answer is taken for the one that comes now.
    fn settle_anew(&mut self, fx: &mut Vec<Effect>) {
        self.note(Note::SettlingAnew, fx);
        let trace = self.store.next;
        self.persist(
            TerminalRecord::Settling {
                trace,
                totals: self.store.totals(),
                next: Self::following(trace),
            },
            fx,
        );
        self.job.attempt = 0;
        self.job.pass = 0;
        self.job.tried.clear();
        self.send_settlement(fx);
    }

    /// Clears the journal and prints the settlement slip.
    pub(super) fn close(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        let Some(settling) = self.store.settling.clone() else {
            return;
        };
        let refused = settling.plan.iter().filter(|i| i.state == Upload::Refused);
        let slip = Slip::Settlement {
            mid: self.cfg.mid.clone(),
            tid: self.cfg.tid.clone(),
            batch: self.store.batch,
            own: settling.totals,
            host: settling.host,
            flags: settling.flags.unwrap_or_default(),
            refused: refused.flat_map(|i| i.traces.iter().copied()).collect(),
            at: now,
        };
        let batch = if self.store.batch >= 999_999 {
            1
        } else {
            self.store.batch + 1
        };
        self.persist(TerminalRecord::Closed { batch }, fx);
        fx.push(Effect::Print(Box::new(slip)));
        self.show(
            Screen::Settled {
                balanced: settling.flags == Some([1, 1]),
            },
            fx,
        );
        if self.cfg.settings.auto_sign_off && self.orders(Operation::Settle) {
            return self.start_sign_off(now, fx);
        }
        self.finish_trade(now, Outcome::Settled, fx);
    }
}
