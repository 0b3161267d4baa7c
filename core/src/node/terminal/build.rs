//! How a terminal builds its requests.

use super::{ChipRun, JournalEntry, Reversal, Terminal};
use crate::bytes::to_hex;
use crate::node::card::{AIP, Card, IAD, Signed, bcd6};
use crate::node::clock::civil;
use crate::node::id::Millis;
use crate::node::image::Image;
use crate::node::kind::TradeKind;
use crate::node::order::{Entry, Order};
use std::fmt::Write;

use TradeKind as K;

impl Terminal {
    /// The request of a trade, and the chip's part of it.
    pub(super) fn trade_image(
        &self,
        order: &Order,
        kind: TradeKind,
        trace: u32,
        now: Millis,
    ) -> (Image, Option<ChipRun>) {
        let (mti, f3, f25, _) = kind.codes();
        let mut image = Image::new(mti)
            .with(3, f3)
            .with(11, format!("{trace:06}"))
            .with(25, f25)
            .with(41, self.cfg.tid.clone())
            .with(42, self.cfg.mid.clone())
            .with(49, "156");
        let amount = self.amount_of(order, kind);
        if kind != K::Balance {
            image.set(4, format!("{amount:012}"));
        }
        let pinned = self.job.pin.is_some();
        image.set(
            22,
            format!("{}{}", order.entry.code(), if pinned { 1 } else { 2 }),
        );
        let mut chip = None;
        if let Some(card) = &order.card {
            chip = self.card_fields(&mut image, order, card, kind, (amount, trace, now));
        } else if let Some(entry) = self.original_of(order) {
            image.set(2, entry.pan.clone());
        }
        if let Some(block) = self.job.pin {
            image.set(26, "12");
            image.set(52, to_hex(&block));
        }
        if image.get(35).is_some() || pinned {
            let track = if image.get(35).is_some() { '1' } else { '0' };
            image.set(
                53,
                format!("{}6{track}0000000000000", if pinned { '2' } else { '0' }),
            );
        }
        image.set(60, self.trade_f60(kind, order.entry));
        self.related(&mut image, order, kind);
        (image, chip)
    }

    fn amount_of(&self, order: &Order, kind: TradeKind) -> u64 {
        match kind {
            K::Void | K::CompletionVoid => {
                self.original_of(order).map_or(order.amount, |e| e.amount)
            }
            K::PreAuthVoid => order.original.as_ref().map_or(order.amount, |r| r.amount),
            _ => order.amount,
        }
    }

    /// 60.1 type, 60.2 batch, 60.3 000, 60.4 reads everything, 60.5 chip state, 60.6 partial.
    fn trade_f60(&self, kind: TradeKind, entry: Entry) -> String {
        let chip = if entry == Entry::Fallback { 2 } else { 0 };
        let partial = u8::from(self.cfg.settings.partial);
        format!(
            "{}{:06}0006{chip}{partial}",
            kind.codes().3,
            self.store.batch
        )
    }

    fn card_fields(
        &self,
        image: &mut Image,
        order: &Order,
        card: &Card,
        kind: TradeKind,
        (amount, trace, now): (u64, u32, Millis),
    ) -> Option<ChipRun> {
        let profile = &card.profile;
        image.set(2, profile.pan.clone());
        image.set(14, profile.expiry.clone());
        let stored = kind.queued();
        if order.entry != Entry::Manual && !stored {
            image.set_some(35, self.pad.track(&profile.track2));
        }
        if !order.entry.chip() || matches!(kind, K::PreAuthVoid | K::Refund) {
            return None;
        }
        image.set(23, profile.psn.clone());
        let signed = Signed {
            amount,
            tvr: [0, 0, if self.job.pin.is_some() { 4 } else { 0 }, 0x80, 0],
            date: date_of(now),
            kind: if kind.codes().1.starts_with("03") {
                0x03
            } else {
                0
            },
            unpredictable: unpredictable(&self.cfg.tid, self.store.batch, trace),
            atc: card.atc,
        };
        let arqc = card.arqc(&signed);
        image.set(55, self.f55(card, &signed, arqc, trace));
        Some(ChipRun { signed, arqc })
    }

    /// F55 of an online request, tags in the order terminals use.
    fn f55(&self, card: &Card, signed: &Signed, arqc: [u8; 8], trace: u32) -> String {
        let mut out = String::with_capacity(320);
        let mut tag = |name: &str, value: &[u8]| {
            let _ = write!(out, "{name}{:02X}", value.len());
            value.iter().for_each(|b| {
                let _ = write!(out, "{b:02X}");
            });
        };
        tag("9F26", &arqc);
        tag("9F27", &[0x80]);
        tag("9F10", &IAD);
        tag("9F37", &signed.unpredictable);
        tag("9F36", &signed.atc.to_be_bytes());
        tag("95", &signed.tvr);
        tag("9A", &signed.date);
        tag("9C", &[signed.kind]);
        tag("9F02", &bcd6(signed.amount));
        tag("5F2A", &[1, 0x56]);
        tag("82", &AIP);
        tag("9F1A", &[1, 0x56]);
        tag("9F03", &[0; 6]);
        tag("9F33", &[0xE0, 0xF0, 0xC8]);
        tag("9F34", &[2, 3, 0]);
        tag("9F35", &[0x22]);
        tag("9F1E", self.cfg.tid.as_bytes());
        let aid = hex::decode(&card.profile.aid).unwrap_or_default();
        tag("84", &aid);
        tag("9F09", &[0, 0x20]);
        let [_, _, a, b, c, d] = bcd6(u64::from(trace));
        tag("9F41", &[a, b, c, d]);
        out
    }

    /// The fields that name the original: F37, F38, F48, F61, F63.
    fn related(&self, image: &mut Image, order: &Order, kind: TradeKind) {
        let entry = self.original_of(order);
        let receipt = order.original.as_ref();
        let rrn = |rrn: u64| format!("{rrn:012}");
        let batch_and_trace = |e: &JournalEntry| format!("{:06}{:06}", e.batch, e.trace);
        match kind {
            K::Void | K::CompletionVoid => {
                if let Some(e) = entry {
                    image.set_some(37, e.rrn.map(rrn));
                    image.set_some(38, e.auth.clone());
                    let date = if kind == K::CompletionVoid {
                        e.date.as_str()
                    } else {
                        ""
                    };
                    image.set(61, format!("{}{date}", batch_and_trace(e)));
                }
            }
            K::PreAuthVoid | K::Completion | K::CompletionAdvice => {
                if let Some(r) = receipt {
                    image.set_some(38, r.auth.clone());
                    image.set(61, format!("000000000000{}", r.date));
                }
            }
            K::Refund => {
                if let Some(r) = receipt {
                    image.set_some(37, r.rrn.map(rrn));
                    image.set_some(38, r.auth.clone());
                    image.set(61, format!("000000000000{}", r.date));
                }
                image.set(
                    63,
                    order
                        .card
                        .as_ref()
                        .map_or("000", |c| c.profile.org.as_str()),
                );
            }
            K::TipAdjust => {
                if let Some(e) = entry {
                    let tip = order.amount.saturating_sub(e.amount);
                    image.set(48, format!("{tip:012}"));
                    image.set_some(37, e.rrn.map(rrn));
                    image.set_some(38, e.auth.clone());
                    image.set(61, format!("{}{}", batch_and_trace(e), e.date));
                }
                image.set(63, "000");
            }
            K::OfflineSale => {
                image.set(
                    63,
                    order
                        .card
                        .as_ref()
                        .map_or("000", |c| c.profile.org.as_str()),
                );
            }
            K::Balance | K::PreAuth | K::Sale => {}
        }
    }

    /// The journal entry an order's receipt names.
    pub(super) fn original_of(&self, order: &Order) -> Option<&JournalEntry> {
        let trace = order.original.as_ref()?.trace;
        self.store.journal.iter().find(|e| e.trace == trace)
    }

    /// The 0400 of a reversal record.
    pub(super) fn reversal_image(&self, r: &Reversal) -> Image {
        let mut image = Image::new(400);
        image.copy(&r.image, &[2, 3, 4, 11, 14, 22, 23, 25, 38, 41, 42, 49, 60]);
        image.set_some(38, r.auth.clone());
        image.set(39, r.reason.as_str());
        if let Some(chip) = r.image.get(55) {
            image.set(55, reduced(chip));
        }
        if matches!(
            r.kind,
            K::Void | K::CompletionVoid | K::PreAuthVoid | K::Completion
        ) && let Some(f61) = r.image.get(61)
        {
            let date = r.date.clone().unwrap_or_else(|| "0000".to_owned());
            let f61 = if f61.len() == 12 {
                format!("{f61}{date}")
            } else {
                f61.to_owned()
            };
            image.set(61, f61);
        }
        image
    }
}

/// What of an F55 goes into a reversal: 95, 9F1E, 9F10, 9F36.
fn reduced(f55: &str) -> String {
    let mut out = String::new();
    for wanted in ["95", "9F1E", "9F10", "9F36"] {
        if let Some(value) = tag(f55, wanted) {
            let _ = write!(out, "{wanted}{:02X}{value}", value.len() / 2);
        }
    }
    out
}

/// The value of a tag in hexadecimal F55; lengths of one byte, as terminals write them.
pub(in crate::node) fn tag<'a>(f55: &'a str, wanted: &str) -> Option<&'a str> {
    let mut at = 0;
    while at + 4 <= f55.len() {
        let first = u8::from_str_radix(f55.get(at..at + 2)?, 16).ok()?;
        let name_len = if first & 0x1F == 0x1F { 4 } else { 2 };
        let name = f55.get(at..at + name_len)?;
        at += name_len;
        let len = usize::from_str_radix(f55.get(at..at + 2)?, 16).ok()?;
        at += 2;
        let value = f55.get(at..at + len * 2)?;
        if name == wanted {
            return Some(value);
        }
        at += len * 2;
    }
    None
}

fn date_of(now: Millis) -> [u8; 3] {
    let mut out = [0; 3];
    let text = civil(now).yymmdd();
    out.iter_mut()
        .zip(hex::decode(text).unwrap_or_default())
        .for_each(|(to, b)| *to = b);
    out
}

/// The unpredictable number of a trade: repeatable, different for each terminal and trace.
fn unpredictable(tid: &str, batch: u32, trace: u32) -> [u8; 4] {
    let mut h = 0xCBF2_9CE4_8422_2325_u64;
    let parts = tid
        .bytes()
        .chain(batch.to_be_bytes())
        .chain(trace.to_be_bytes());
    for b in parts {
        h = (h ^ u64::from(b)).wrapping_mul(0x100_0000_01B3);
    }
    let [a, b, c, d, ..] = (h ^ h >> 29).to_be_bytes();
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_and_reduced() {
        let f55 = "9F2608AE60C8CABA4C02F9950500000080009F1E0831303030303030319F36020391";
        assert_eq!(tag(f55, "95"), Some("0000008000"));
        assert_eq!(tag(f55, "84"), None);
        assert_eq!(
            reduced(f55),
            "950500000080009F1E0831303030303030319F36020391"
        );
    }
}
