//! Settlement at the host: compare, store the upload, close the batch.

use super::{Asked, Effect, FrontEnd, FrontEndRecord, Millis, Note, Reported};
use crate::node::clock::civil;
use crate::node::fact::Note as N;
use crate::node::kind::TradeKind;
use crate::node::protection::Protection;
use crate::node::response::Code;
use crate::node::terminal::UploadKind;
use crate::node::totals::{compare, field_48, read_48};

impl FrontEnd {
    pub(super) fn settlement_asked(
        &mut self,
        now: Millis,
        asked: &Asked,
        index: usize,
        fx: &mut Vec<Effect>,
    ) {
        let batch = asked.part_60(2..8).and_then(|b| b.parse().ok());
        let theirs = asked.image.get(48).and_then(read_48);
        let (Some(batch), Some((theirs, _))) = (batch, theirs) else {
            return self.refuse(now, asked, (Code::lit(b"30"), "fields missing"), fx);
        };
        let terminal = index as u8;
        let host = self.store.totals(terminal, batch);
        let flags = compare(&host, &theirs);
        self.note(
            if flags == [1, 1] {
                N::Balanced
            } else {
                N::Unbalanced
            },
            fx,
        );
        // A late copy of a settlement that is over is answered and changes nothing.
        if self
            .store
            .terminals
            .get(index)
            .is_some_and(|t| t.batch == batch)
        {
            self.persist(
                FrontEndRecord::Settled {
                    terminal,
                    flags,
                    host,
                },
                fx,
            );
        }
        let at = civil(now);
        let mut image = crate::node::image::Image::new(510);
        image.copy(&asked.image, &[11, 41, 42, 49, 60]);
        image.set(12, at.hhmmss());
        image.set(13, at.mmdd());
        image.set(15, at.mmdd());
        image.set(32, self.cfg.acquirer.clone());
        image.set(37, format!("{:012}", asked.number(11).unwrap_or(0)));
        image.set(48, field_48(&host, flags));
        self.answer(asked, image, fx);
    }

    pub(super) fn upload_asked(
        &mut self,
        now: Millis,
        asked: &Asked,
        index: usize,
        fx: &mut Vec<Effect>,
    ) {
        let terminal = index as u8;
        let batch = asked.part_60(2..8).and_then(|b| b.parse::<u32>().ok());
        let (Some(batch), Some(stan)) = (batch, asked.number(11)) else {
            return self.refuse(now, asked, (Code::lit(b"30"), "fields missing"), fx);
        };
        let open = self
            .store
            .terminals
            .get(index)
            .is_some_and(|t| t.batch == batch);
        let code = asked.part_60(8..11).unwrap_or("000").to_owned();
        let end = matches!(code.as_str(), "202" | "207");
        if !open {
            return self.accept(now, asked, Code::lit(b"94"), fx);
        }
        if end {
            return self.end_asked(now, asked, (terminal, batch, code == "207"), fx);
        }
        let Some((kind, reported)) = self.read_upload(asked, &code) else {
            return self.refuse(now, asked, (Code::lit(b"30"), "upload not readable"), fx);
        };
        let stan = stan as u32;
        let seen = self.store.uploads.contains(&(terminal, batch, stan, kind));
        if seen && self.on(Protection::UploadDedup) {
            self.note(Note::UploadRepeated, fx);
            return self.accept(now, asked, Code::lit(b"94"), fx);
        }
        let before = self.store.ledger.postings().len();
        let found = self.store.discrepancies.len();
        self.persist(
            FrontEndRecord::Uploaded {
                terminal,
                batch,
                stan,
                kind,
                reported,
            },
            fx,
        );
        self.report_found(found, fx);
        self.report_postings(before, fx);
        self.accept(now, asked, Code::OK, fx);
    }

    /// The trades an upload message reports.
    fn read_upload(&self, asked: &Asked, code: &str) -> Option<(UploadKind, Vec<Reported>)> {
        let stan = asked.number(11)? as u32;
        let whole = |kind, foreign| {
            Some(Reported {
                stan,
                pan: asked.image.get(2)?.to_owned(),
                amount: asked.number(4)?,
                kind,
                foreign,
            })
        };
        match code {
            "201" => Some((UploadKind::Details, details(asked.image.get(48)?)?)),
            "203" | "205" => {
                let f62 = asked.image.get(62).and_then(|f| hex::decode(f).ok())?;
                let foreign = f62.get(2..4) == Some(b"01");
                Some((UploadKind::Certificate, vec![whole(None, foreign)?]))
            }
            _ => {
                let kind = TradeKind::from_60_1(asked.part_60(0..2)?)?;
                let org = asked.image.get(63).unwrap_or("CUP");
                let foreign = !matches!(org.trim(), "CUP" | "000" | "");
                Some((UploadKind::Advice, vec![whole(Some(kind), foreign)?]))
            }
        }
    }

    /// Closes the batch, unless the terminal believes that the totals agreed and they do not: an
    /// answer from before a restore of the database cannot be told from the newest one.
    fn end_asked(
        &mut self,
        now: Millis,
        asked: &Asked,
        (terminal, batch, agreed): (u8, u32, bool),
        fx: &mut Vec<Effect>,
    ) {
        let count = asked.number(48).unwrap_or(0) as u32;
        let state = self.store.terminals.get(usize::from(terminal));
        let compared = state.and_then(|t| t.settling).map(|(flags, _)| flags);
        if agreed && compared != Some([1, 1]) {
            self.note(Note::EndDisputed, fx);
            return self.accept(now, asked, Code::DISPUTED, fx);
        }
        if state.is_some_and(|t| t.stored != count) {
            self.note(Note::CountDiffers, fx);
        }
        let found = self.store.discrepancies.len();
        self.persist(
            FrontEndRecord::Closed {
                terminal,
                batch,
                count,
            },
            fx,
        );
        self.report_found(found, fx);
        self.note(Note::BatchClosed, fx);
        self.accept(now, asked, Code::OK, fx);
    }

    fn report_found(&self, before: usize, fx: &mut Vec<Effect>) {
        use super::Found;
        for d in self.store.discrepancies.iter().skip(before) {
            let note = match d.found {
                Found::HostOnly => Note::HostOnly,
                Found::TerminalOnly => Note::PostedLate,
                Found::AmountDiffers | Found::CardDiffers => Note::AmountDiffers,
            };
            self.note(note, fx);
        }
    }

    /// A person resolves what is still open; anything else changes nothing.
    pub(super) fn resolve(&mut self, index: u32, how: super::Resolution, fx: &mut Vec<Effect>) {
        let line = self.store.discrepancies.get(index as usize);
        if line.is_some_and(|line| line.resolution.is_none()) {
            let before = self.store.ledger.postings().len();
            self.note(Note::Resolved, fx);
            self.persist(FrontEndRecord::Resolved { index, how }, fx);
            self.report_postings(before, fx);
        }
    }

    fn accept(&self, now: Millis, asked: &Asked, code: Code, fx: &mut Vec<Effect>) {
        let image = self.management_answer(now, asked, code);
        self.answer(asked, image, fx);
    }
}

/// The records of a magnetic detail: a count, then forty digits each.
fn details(f48: &str) -> Option<Vec<Reported>> {
    let count = f48.get(..2)?.parse::<usize>().ok()?;
    let mut out = Vec::with_capacity(count);
    for i in 0..count {
        let record = f48.get(2 + i * 40..2 + (i + 1) * 40)?;
        out.push(Reported {
            foreign: record.get(..2)? == "01",
            stan: record.get(2..8)?.parse().ok()?,
            pan: record.get(8..28)?.trim_start_matches('0').to_owned(),
            amount: record.get(28..40)?.parse().ok()?,
            kind: None,
        });
    }
    Some(out)
}
