//! The EMV tables of the pad: it stores their version and counts records, and judges no chip.

use super::app::Answer;
use super::request::{Reply, Request, digits};
use super::status as st;
use std::collections::BTreeMap;

/// The versions that are in force, and a load that has begun.
#[derive(Clone, Default)]
pub(super) struct Tables {
    versions: BTreeMap<u8, [u8; 10]>,
    loading: Option<Loading>,
    /// GCR ended with 020: a bare GCR takes it up again.
    resumable: bool,
}

#[derive(Clone)]
struct Loading {
    acquirer: u8,
    version: [u8; 10],
    records: usize,
}

impl Tables {
    /// The version of an acquirer's tables; zeros when there is none.
    pub(super) fn version(&self, acquirer: u8) -> Vec<u8> {
        self.versions
            .get(&acquirer)
            .map_or(b"0000000000".to_vec(), |v| v.to_vec())
    }

    pub(super) fn answer(&mut self, request: &Request<'_>) -> Answer {
        match &request.id {
            b"GTS" => match digits(request.block()).filter(|n| *n < 100) {
                Some(acquirer) => {
                    Answer::Now(Reply::block(request.id, self.version(acquirer as u8)))
                }
                None => Answer::status(request.id, st::INVPARM),
            },
            b"TLI" => Answer::status(request.id, self.begin(request.block())),
            b"TLR" => Answer::status(request.id, self.add(request.block())),
            _ => Answer::status(request.id, self.end()),
        }
    }

    fn begin(&mut self, block: &[u8]) -> u16 {
        let Some((acquirer, version)) = block.split_at_checked(2) else {
            return st::INVPARM;
        };
        match (digits(acquirer), <[u8; 10]>::try_from(version)) {
            (Some(acquirer), Ok(version)) => {
                let acquirer = acquirer as u8;
                let same = self.versions.get(&acquirer) == Some(&version);
                self.loading = Some(Loading {
                    acquirer,
                    version,
                    records: 0,
                });
                if same { st::OK } else { st::TABVERDIF }
            }
            _ => st::INVPARM,
        }
    }

    /// Each record opens with its own length in three digits.
    fn add(&mut self, block: &[u8]) -> u16 {
        let Some(loading) = &mut self.loading else {
            return st::INVCALL;
        };
        let Some((count, mut rest)) = block.split_at_checked(2) else {
            return st::INVPARM;
        };
        let Some(count) = digits(count) else {
            return st::INVPARM;
        };
        for _ in 0..count {
            let len = rest.get(..3).and_then(digits).filter(|n| *n >= 3);
            match len.and_then(|n| rest.get(n..)) {
                Some(tail) => rest = tail,
                None => return st::TABERR,
            }
        }
        loading.records += count;
        st::OK
    }

    fn end(&mut self) -> u16 {
        let Some(loading) = self.loading.take() else {
            return st::INVCALL;
        };
        match (loading.records, loading.acquirer) {
            (0, acquirer) => drop(self.versions.remove(&acquirer)),
            (_, acquirer) => drop(self.versions.insert(acquirer, loading.version)),
        }
        st::OK
    }

    /// GCR names the version it expects; after 020 it may come again without parameters.
    pub(super) fn version_fits(&mut self, request: &Request<'_>) -> Result<(), u16> {
        if request.block().is_empty() {
            return if std::mem::take(&mut self.resumable) {
                Ok(())
            } else {
                Err(st::INVCALL)
            };
        }
        let block = request.block();
        let acquirer = block.get(..2).and_then(digits).ok_or(st::INVPARM)? as u8;
        let version = block.get(28..38).ok_or(st::INVPARM)?;
        if self.version(acquirer) == version {
            return Ok(());
        }
        self.resumable = true;
        Err(st::TABVERDIF)
    }
}
