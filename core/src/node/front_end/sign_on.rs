//! Sign-on, sign-off and echo at the host: fresh working keys under the terminal's master key.

use super::{Asked, Effect, FrontEnd, FrontEndRecord, Millis};
use crate::bytes::to_hex;
use crate::node::clock::civil;
use crate::node::image::Image;
use crate::node::response::Code;
use crate::node::vault::{self, ClearKeys};

impl FrontEnd {
    pub(super) fn sign_on(
        &mut self,
        now: Millis,
        asked: &Asked,
        index: usize,
        fx: &mut Vec<Effect>,
    ) {
        let stan = asked.number(11).unwrap_or(0) as u32;
        // A repeat of the same request gets the same keys.
        let known = self.store.terminals.get(index);
        let repeat = known.filter(|t| t.signed_on && t.sign_on == stan);
        let repeated = repeat.and_then(|t| t.block.clone());
        let again = repeated.is_some();
        let Some(block) = repeated.or_else(|| self.fresh_block(index)) else {
            return;
        };
        if !again {
            let (terminal, block) = (index as u8, block.clone());
            self.persist(
                FrontEndRecord::SignedOn {
                    terminal,
                    block,
                    stan,
                },
                fx,
            );
            self.load_keys(index);
        }
        let batch = self.store.terminals.get(index).map_or(1, |t| t.batch);
        let mut image = self.management_answer(now, asked, Code::OK);
        image.set(60, format!("00{batch:06}004"));
        image.set(62, block);
        self.answer(asked, image, fx);
    }

    /// The key block of the next sign-on: the published one first, where there is one.
    fn fresh_block(&self, index: usize) -> Option<String> {
        let registered = self.cfg.terminals.get(index)?;
        let count = self.store.terminals.get(index)?.sign_ons;
        if let (0, Some(first)) = (count, &registered.first) {
            return Some(first.clone());
        }
        let mut state = self.cfg.seed ^ (index as u64) << 32 ^ u64::from(count);
        let mut byte = move || (splitmix(&mut state) >> 56) as u8;
        let keys = ClearKeys {
            pik: std::array::from_fn(|_| byte()),
            mak: std::array::from_fn(|_| byte()),
            tdk: std::array::from_fn(|_| byte()),
        };
        Some(to_hex(&vault::wrap_keys(&registered.tmk, &keys)))
    }

    pub(super) fn network(
        &mut self,
        now: Millis,
        asked: &Asked,
        index: usize,
        fx: &mut Vec<Effect>,
    ) {
        if asked.part_60(8..11) == Some("002") {
            self.persist(
                FrontEndRecord::SignedOff {
                    terminal: index as u8,
                },
                fx,
            );
        }
        let image = self.management_answer(now, asked, Code::OK);
        self.answer(asked, image, fx);
    }

    /// The answer to a management message: echo, date and time, acquirer, reference, code.
    pub(super) fn management_answer(&self, now: Millis, asked: &Asked, code: Code) -> Image {
        let at = civil(now);
        let mut image = Image::new(asked.image.mti + 10);
        image.copy(&asked.image, &[11, 41, 42, 60]);
        image.set(12, at.hhmmss());
        image.set(13, at.mmdd());
        image.set(32, self.cfg.acquirer.clone());
        image.set(37, format!("{:012}", asked.number(11).unwrap_or(0)));
        image.set(39, code.as_str());
        image
    }
}

/// The SplitMix64 generator: one step of a sequence, all of whose values differ.
pub(super) fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ z >> 31
}
