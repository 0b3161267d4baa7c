//! A trade that is answered at once: PIN, reversal record, request, answer, journal, slip.

use super::build::tag;
use super::{
    Answer, Effect, JournalEntry, Millis, Note, Operation, Outcome, Reversal, State, Terminal,
    TerminalRecord, TradeKind, Upload, Voided,
};
use crate::bytes::to_hex;
use crate::node::clock::civil;
use crate::node::image::Image;
use crate::node::order::{Entry, Impossible, Order};
use crate::node::protection::Protection;
use crate::node::response::Code;
use crate::node::screen::Screen;
use crate::node::settings::ReversalPolicy;
use crate::node::slip::Slip;

/// Entries of a wrong PIN a terminal lets the holder make for one order.
const PIN_ENTRIES: u8 = 3;

impl Terminal {
    /// Whether the original a trade needs is missing.
    pub(super) fn missing_original(&self, kind: TradeKind) -> Option<Impossible> {
        let order = self.order.as_ref()?;
        let (Some(receipt), found) = (&order.original, self.original_of(order)) else {
            return original_needed(kind).then_some(Impossible::NoOriginal);
        };
        let stands = |want: &[TradeKind]| {
            found.is_some_and(|e| {
                want.contains(&e.kind) && e.voided == Voided::No && e.adjusted.is_none()
            })
        };
        let fine = match kind {
            TradeKind::Void => stands(&[TradeKind::Sale]),
            TradeKind::CompletionVoid => stands(&[TradeKind::Completion]),
            TradeKind::TipAdjust => stands(&[TradeKind::Sale]),
            TradeKind::Refund => receipt.rrn.is_some(),
            TradeKind::PreAuthVoid | TradeKind::Completion | TradeKind::CompletionAdvice => {
                receipt.auth.is_some()
            }
            _ => true,
        };
        (!fine).then_some(Impossible::NoOriginal)
    }

    /// After the flush: the PIN if one is wanted, then the request.
    pub(super) fn next_of_trade(&mut self, now: Millis, kind: TradeKind, fx: &mut Vec<Effect>) {
        let Some(order) = &self.order else { return };
        if order.asks_pin && self.job.pin.is_none() {
            let amount = order.amount;
            if self.job.entries > 0 {
                self.show(
                    Screen::PinAgain {
                        entry: self.job.entries + 1,
                    },
                    fx,
                );
            }
            self.show(Screen::EnterPin { amount }, fx);
            fx.push(self.ask_pin(amount));
            self.go(State::AwaitingPin, fx);
        } else if kind.queued() {
            self.send_kept(now, kind, fx);
        } else {
            self.send_trade(now, kind, fx);
        }
    }

    fn send_trade(&mut self, now: Millis, kind: TradeKind, fx: &mut Vec<Effect>) {
        let Some(order) = self.order.take() else {
            return;
        };
        let trace = self.store.next;
        let next = Self::following(trace);
        let (image, chip) = self.trade_image(&order, kind, trace, now);
        self.order = Some(order);
        self.job.chip = chip;
        let kept = image.clone().without(&[26, 35, 36, 52, 53, 64]);
        let early = self.on(Protection::TraceBeforeSend);
        let reversible = kind.reversible() && self.on(Protection::Reversal);
        let mut stored = false;
        if reversible {
            let reversal = Box::new(Reversal {
                kind,
                trace,
                batch: self.store.batch,
                amount: image.get(4).and_then(|a| a.parse().ok()).unwrap_or(0),
                reason: Code::lit(b"06"),
                date: None,
                auth: None,
                exhausted: false,
                image: kept.clone(),
            });
            if self.on(Protection::WriteAhead) {
                stored = early;
                let next = early.then_some(next);
                self.persist(TerminalRecord::Begun { reversal, next }, fx);
            } else {
                self.job.unsaved = Some(reversal);
            }
        }
        if early && !stored {
            self.persist(TerminalRecord::Trace { next }, fx);
        }
        self.job.trade = Some((kind, trace, kept));
        self.show(Screen::Connecting, fx);
        self.transmit(image, true, State::AwaitingAnswer, fx);
        if !early {
            self.persist(TerminalRecord::Trace { next }, fx);
        }
    }

    pub(super) fn trade_answered(&mut self, now: Millis, answer: Answer, fx: &mut Vec<Effect>) {
        self.job.pin = None;
        if answer.code == Code::lit(b"94") {
            // "Duplicate" says that something with our number was there, not what became of it.
            return self.trade_doubted(now, Code::lit(b"06"), None, fx);
        }
        if !answer.sealed && self.on(Protection::MacCheck) {
            // A refusal nobody could seal may answer a damaged copy of a request whose first copy
            // was approved: sign on again, and reverse.
            self.show(Screen::Refused { code: answer.code }, fx);
            self.sign_on_wanted(answer.code, fx);
            return self.trade_doubted(now, Code::lit(b"A0"), None, fx);
        }
        if answer.code.approves() {
            self.trade_approved(now, &answer, fx);
        } else {
            self.trade_refused(now, &answer, fx);
        }
    }

    fn trade_refused(&mut self, now: Millis, answer: &Answer, fx: &mut Vec<Effect>) {
        let code = answer.code;
        if self.store.reversal.is_some() {
            self.persist(TerminalRecord::Cleared, fx);
        }
        self.job.unsaved = None;
        self.show(Screen::Refused { code }, fx);
        self.sign_on_wanted(code, fx);
        let asks = self.order.as_ref().is_some_and(|o| o.asks_pin);
        self.job.entries += 1;
        if code == Code::lit(b"55") && asks && self.job.entries < PIN_ENTRIES {
            return self.advance(now, fx);
        }
        self.finish_trade(now, Outcome::Refused(code), fx);
    }

    fn trade_approved(&mut self, now: Millis, answer: &Answer, fx: &mut Vec<Effect>) {
        let Some((kind, trace, image)) = self.job.trade.take() else {
            return;
        };
        if kind == TradeKind::Balance {
            let amount = answer.image.get(54).and_then(balance).unwrap_or(0);
            self.show(Screen::Balance { amount }, fx);
            return self.finish_trade(now, Outcome::Done, fx);
        }
        let certificate = match self.chip_completes(answer, &image, fx) {
            Ok(certificate) => certificate,
            Err(()) => return self.card_refused(now, answer, fx),
        };
        let script = self.script_result(answer, &image, trace, fx).map(Box::new);
        let Some(entry) = self.entry_of(kind, trace, image, answer, now) else {
            return;
        };
        let entry = Box::new(JournalEntry {
            chip: certificate,
            ..entry
        });
        let slip = self.slip_of(&entry, false);
        let amount = entry.amount;
        let journal = self.journal_fact(&entry, "approved");
        let had = self.store.reversal.is_some();
        let printed_first = !self.on(Protection::JournalBeforePrint);
        if printed_first {
            fx.push(Effect::Print(Box::new(slip.clone())));
        }
        if self.on(Protection::OneRecordCommit) {
            self.persist(
                TerminalRecord::Committed {
                    entry,
                    clears: true,
                    script,
                },
                fx,
            );
        } else {
            self.persist(
                TerminalRecord::Committed {
                    entry,
                    clears: false,
                    script,
                },
                fx,
            );
            if had {
                self.persist(TerminalRecord::Cleared, fx);
            }
        }
        fx.push(journal);
        self.show(Screen::Approved { kind, amount }, fx);
        if !printed_first {
            fx.push(Effect::Print(Box::new(slip)));
        }
        self.persist(TerminalRecord::Printed, fx);
        self.finish_trade(now, Outcome::Approved(answer.code), fx);
    }

    /// The journal entry of an approved trade.
    pub(super) fn entry_of(
        &self,
        kind: TradeKind,
        trace: u32,
        image: Image,
        answer: &Answer,
        now: Millis,
    ) -> Option<JournalEntry> {
        let number = |image: &Image, de| image.get(de).and_then(|s| s.parse::<u64>().ok());
        let asked = number(&image, 4)?;
        let amount = number(&answer.image, 4).unwrap_or(asked);
        let order = self.order.as_ref();
        let own = |de| answer.image.get(de).map(str::to_owned);
        Some(JournalEntry {
            trace,
            batch: self.store.batch,
            kind,
            amount,
            posted: amount,
            asked,
            pan: image.get(2).unwrap_or_default().to_owned(),
            entry: order.map_or(Entry::Manual, |o| o.entry),
            foreign: answer.image.get(63).is_some_and(|o| !o.starts_with("CUP")),
            rrn: number(&answer.image, 37),
            auth: own(38).or_else(|| image.get(38).map(str::to_owned)),
            date: own(13).unwrap_or_else(|| civil(now).mmdd()),
            at: now,
            code: answer.code,
            voided: Voided::No,
            adjusted: None,
            original: match kind {
                TradeKind::Void | TradeKind::CompletionVoid => {
                    order.and_then(|o| o.original.as_ref()).map(|r| r.trace)
                }
                _ => None,
            },
            chip: None,
            image: kind.queued().then_some(image),
            upload: Upload::Open,
        })
    }

    /// Second GENERATE AC; the certificate's F55, or `Err` when the chip refuses.
    fn chip_completes(
        &self,
        answer: &Answer,
        image: &Image,
        fx: &mut Vec<Effect>,
    ) -> Result<Option<String>, ()> {
        let Some(chip) = &self.job.chip else {
            return Ok(None);
        };
        let Some(order) = &self.order else {
            return Ok(None);
        };
        let f55 = image.get(55).map(str::to_owned);
        if order.entry == Entry::Tap {
            return Ok(f55);
        }
        let Some(card) = &order.card else {
            return Ok(f55);
        };
        let data = answer
            .image
            .get(55)
            .and_then(|f| tag(f, "91"))
            .map(hex::decode);
        let Some(Ok(data)) = data else { return Ok(f55) };
        let Some(tc) = card.complete(&chip.signed, chip.arqc, &data) else {
            return Err(());
        };
        self.note(Note::IssuerVerified, fx);
        Ok(f55.map(|f| with_certificate(&f, tc)))
    }

    /// The host approved and the chip did not: the reversal goes out with reason 06.
    fn card_refused(&mut self, now: Millis, answer: &Answer, fx: &mut Vec<Effect>) {
        self.note(Note::CardRefused, fx);
        let own = |de| answer.image.get(de).map(str::to_owned);
        let record = TerminalRecord::Doubted {
            reason: Code::lit(b"06"),
            date: own(13),
            auth: own(38),
            chip: None,
        };
        self.keep_unsaved(fx);
        self.persist(record, fx);
        self.unknown(now, Outcome::Impossible(Impossible::Card), fx);
    }

    pub(super) fn trade_silent(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        self.trade_doubted(now, Code::lit(b"98"), None, fx);
    }

    /// The outcome is unknown: the reversal record stays, with its reason.
    pub(super) fn trade_doubted(
        &mut self,
        now: Millis,
        reason: Code,
        date: Option<String>,
        fx: &mut Vec<Effect>,
    ) {
        self.show(Screen::NoAnswer, fx);
        self.keep_unsaved(fx);
        if self.cfg.settings.bctc_echo_delete && reason == Code::lit(b"06") {
            self.persist(TerminalRecord::Cleared, fx);
        } else if self.store.reversal.is_some() {
            self.persist(
                TerminalRecord::Doubted {
                    reason,
                    date,
                    auth: None,
                    chip: None,
                },
                fx,
            );
        }
        self.unknown(now, Outcome::Unknown, fx);
    }

    /// Writes the reversal record that write-ahead would have written before the send.
    fn keep_unsaved(&mut self, fx: &mut Vec<Effect>) {
        if let Some(reversal) = self.job.unsaved.take() {
            self.persist(
                TerminalRecord::Begun {
                    reversal,
                    next: None,
                },
                fx,
            );
        }
    }

    /// Ends the order, or reverses first when the policy says so.
    fn unknown(&mut self, now: Millis, outcome: Outcome, fx: &mut Vec<Effect>) {
        self.sent = None;
        let repeat = self.cfg.settings.reversal == ReversalPolicy::Repeat;
        if self.store.reversal.is_some() && repeat {
            self.job.reversing = true;
            self.job.attempt = 0;
            return self.start_reversal(now, fx);
        }
        if self.store.reversal.is_some() {
            self.show(Screen::ReversalPending, fx);
        }
        self.finish_trade(now, outcome, fx);
    }

    pub(super) fn journal_fact(&self, entry: &JournalEntry, status: &'static str) -> Effect {
        Effect::Report(crate::node::fact::Fact::Journal {
            stan: entry.trace,
            rrn: entry.rrn,
            amount: entry.amount,
            status,
        })
    }

    /// The receipt of a journal entry.
    pub(super) fn slip_of(&self, entry: &JournalEntry, duplicate: bool) -> Slip {
        Slip::Trade {
            mid: self.cfg.mid.clone(),
            tid: self.cfg.tid.clone(),
            kind: entry.kind,
            pan: crate::node::card::mask(&entry.pan),
            batch: entry.batch,
            trace: entry.trace,
            rrn: entry.rrn,
            auth: entry.auth.clone(),
            amount: entry.amount,
            asked: (entry.asked != entry.amount && entry.code == Code::PARTIAL)
                .then_some(entry.asked),
            code: entry.code,
            at: entry.at,
            duplicate,
        }
    }

    /// Prints the newest entry again.
    pub(super) fn print_last(&mut self, duplicate: bool, fx: &mut Vec<Effect>) {
        let Some(slip) = self
            .store
            .journal
            .last()
            .map(|e| self.slip_of(e, duplicate))
        else {
            return;
        };
        fx.push(Effect::Print(Box::new(slip)));
        if self.store.unprinted {
            self.persist(TerminalRecord::Printed, fx);
        }
    }

    pub(super) fn order_is_trade(order: &Order) -> bool {
        matches!(order.operation, Operation::Trade(_))
    }
}

fn original_needed(kind: TradeKind) -> bool {
    !matches!(
        kind,
        TradeKind::Balance | TradeKind::Sale | TradeKind::PreAuth | TradeKind::OfflineSale
    )
}

/// The amount of an F54: sign at index 7, then twelve digits.
fn balance(f54: &str) -> Option<i64> {
    let amount = f54.get(8..20)?.parse::<i64>().ok()?;
    Some(if f54.get(7..8) == Some("D") {
        -amount
    } else {
        amount
    })
}

/// F55 with the certificate in place of the request cryptogram.
fn with_certificate(f55: &str, tc: [u8; 8]) -> String {
    let rest = f55.get(6 + 16..).unwrap_or_default();
    let rest = rest.replacen("9F270180", "9F270140", 1);
    format!("9F2608{}{rest}", to_hex(&tc))
}
