//! The batch upload: record by record, stop and wait, progress stored at each answer.

use super::{
    Answer, Effect, JournalEntry, Millis, State, Terminal, TerminalRecord, TradeKind, Upload,
    UploadItem, UploadKind,
};
use crate::bytes::to_hex;
use crate::node::image::Image;
use crate::node::screen::Screen;
use std::fmt::Write;

impl JournalEntry {
    /// How the entry is uploaded, if at all.
    pub fn upload_kind(&self) -> Option<UploadKind> {
        match self.kind {
            TradeKind::Sale | TradeKind::Completion if self.chip.is_some() => {
                Some(UploadKind::Certificate)
            }
            TradeKind::Sale
            | TradeKind::Void
            | TradeKind::Completion
            | TradeKind::CompletionVoid => Some(UploadKind::Details),
            TradeKind::Refund
            | TradeKind::CompletionAdvice
            | TradeKind::TipAdjust
            | TradeKind::OfflineSale => Some(UploadKind::Advice),
            TradeKind::Balance | TradeKind::PreAuth | TradeKind::PreAuthVoid => None,
        }
    }
}

impl Terminal {
    /// The next record of this pass, the next pass, or the end.
    pub(super) fn next_upload(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        if let Some(order) = self.waiting.take_if(|o| Terminal::order_is_trade(o)) {
            // Only without upload blocking: the trade cuts in.
            let settlement = self.order.replace(order);
            self.waiting = settlement;
            self.job = super::Job::default();
            return self.advance(now, fx);
        }
        let Some(settling) = &self.store.settling else {
            return;
        };
        let open = |i: &&UploadItem| i.state == Upload::Open;
        let tried = &self.job.tried;
        let next = settling
            .plan
            .iter()
            .filter(open)
            .find(|i| !tried.contains(&(i.stan, i.kind)));
        if let Some(item) = next.cloned() {
            return self.send_upload(&item, fx);
        }
        if settling.plan.iter().any(|i| i.state == Upload::Open) {
            self.job.pass += 1;
            self.job.tried.clear();
            if self.job.pass >= self.cfg.settings.upload_passes {
                return self.interrupted(now, fx);
            }
            return self.next_upload(now, fx);
        }
        if settling.plan.is_empty() && self.store.journal.is_empty() {
            return self.close(now, fx);
        }
        self.job.attempt = 0;
        self.send_end(fx);
    }

    fn send_upload(&mut self, item: &UploadItem, fx: &mut Vec<Effect>) {
        self.job.tried.push((item.stan, item.kind));
        if let Some(settling) = &self.store.settling {
            let done = settling
                .plan
                .iter()
                .filter(|i| i.state != Upload::Open)
                .count() as u32;
            self.show(
                Screen::Uploading {
                    done,
                    of: settling.plan.len() as u32,
                },
                fx,
            );
        }
        let Some(image) = self.upload_image(item) else {
            return;
        };
        self.transmit(image, false, State::AwaitingUpload, fx);
    }

    fn upload_image(&self, item: &UploadItem) -> Option<Image> {
        let entries = self
            .store
            .journal
            .iter()
            .filter(|e| item.traces.contains(&e.trace));
        match item.kind {
            UploadKind::Details => {
                let mut f48 = format!("{:02}", item.traces.len());
                for e in entries {
                    let org = u8::from(e.foreign);
                    let _ = write!(f48, "{org:02}{:06}{:0>20}{:012}", e.trace, e.pan, e.amount);
                }
                Some(self.management(320, item.stan, "201").with(48, f48))
            }
            UploadKind::Advice => {
                let e = entries.into_iter().next()?;
                let mut image = e.image.clone()?.without(&[64]);
                image.mti = 320;
                Some(image)
            }
            UploadKind::Certificate => {
                let e = entries.into_iter().next()?;
                let flags = self.store.settling.as_ref()?.flags?;
                let agreed = if e.foreign { flags[1] } else { flags[0] } == 1;
                let f62 = format!("61{:02}00{:012}156", u8::from(e.foreign), e.amount);
                let image = self
                    .management(320, e.trace, if agreed { "203" } else { "205" })
                    .with(2, e.pan.clone())
                    .with(4, format!("{:012}", e.amount))
                    .with(22, format!("{}0", e.entry.code()))
                    .with(23, "001")
                    .with(55, e.chip.clone()?)
                    .with(62, to_hex(f62.as_bytes()));
                Some(image)
            }
        }
    }

    pub(super) fn upload_answered(&mut self, now: Millis, answer: &Answer, fx: &mut Vec<Effect>) {
        let accepted = matches!(answer.code.as_str(), "00" | "94");
        if let Some(&(stan, kind)) = self.job.tried.last() {
            self.persist(
                TerminalRecord::Uploaded {
                    stan,
                    kind,
                    accepted,
                },
                fx,
            );
            if !accepted {
                self.show(Screen::Refused { code: answer.code }, fx);
            }
        }
        self.advance(now, fx);
    }

    /// No answer: the pass goes on, the record is tried again in the next.
    pub(super) fn upload_silent(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        self.advance(now, fx);
    }
}
