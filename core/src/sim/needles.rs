//! Finds any of some secrets in a frame, as bytes or as hexadecimal text, in one pass.
//!
//! Every frame that leaves a box is searched for every key and clear PIN block of the stage, so this
//! is among the hottest loops of a run. A secret is long enough that some four bytes of it stand at
//! a multiple of four wherever it stands, so only every fourth place is looked at, and one bit
//! decides at nearly each of them that no secret is there.

/// How far apart the places are that are looked at.
const STRIDE: usize = 4;

/// How many bytes are looked at.
const WINDOW: usize = 4;

/// The shortest secret of which a whole window is always seen.
const SHORTEST: usize = WINDOW + STRIDE - 1;

/// The bits of the filter, as a power of two.
const FILTER: u32 = 14;

/// What must stand in no frame.
#[derive(Clone, Default)]
pub(super) struct Needles {
    needles: Vec<Vec<u8>>,
    /// A bit for the hash of each window at the first [`STRIDE`] places of a needle.
    windows: Vec<u64>,
}

impl Needles {
    /// Secrets of at least seven bytes each, which every key and PIN block is; shorter ones are
    /// left out.
    pub fn of(secrets: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut out = Self {
            needles: Vec::new(),
            windows: vec![0; 1 << (FILTER - 6)],
        };
        out.extend(secrets);
        out
    }

    /// More of them.
    pub fn extend(&mut self, secrets: impl IntoIterator<Item = Vec<u8>>) {
        for secret in secrets {
            if secret.len() >= SHORTEST {
                self.add(hex::encode_upper(&secret).into_bytes());
                self.add(secret);
            }
        }
    }

    fn add(&mut self, needle: Vec<u8>) {
        for window in needle.array_windows().take(STRIDE) {
            let (word, bit) = place(*window);
            if let Some(word) = self.windows.get_mut(word) {
                *word |= bit;
            }
        }
        self.needles.push(needle);
    }

    /// Whether one of them stands in `hay`.
    pub fn stand_in(&self, hay: &[u8]) -> bool {
        let (windows, _) = hay.as_chunks::<WINDOW>();
        windows
            .iter()
            .enumerate()
            .any(|(index, window)| self.may_hold(*window) && self.around(hay, index * STRIDE))
    }

    fn may_hold(&self, window: [u8; WINDOW]) -> bool {
        let (word, bit) = place(window);
        self.windows.get(word).is_some_and(|marks| marks & bit != 0)
    }

    /// Whether a needle begins less than a stride before a place.
    fn around(&self, hay: &[u8], at: usize) -> bool {
        (at.saturating_sub(STRIDE - 1)..=at).any(|from| {
            let rest = hay.get(from..).unwrap_or_default();
            self.needles.iter().any(|needle| rest.starts_with(needle))
        })
    }
}

/// The word and the bit of a window.
const fn place(window: [u8; WINDOW]) -> (usize, u64) {
    // Fibonacci hashing: the upper bits depend on every byte.
    let hash = u32::from_le_bytes(window).wrapping_mul(0x9E37_79B9) >> (u32::BITS - FILTER);
    ((hash >> 6) as usize, 1 << (hash & 63))
}

#[cfg(test)]
mod tests {
    use super::Needles;

    #[test]
    fn a_secret_is_found_wherever_it_stands() {
        let secrets = [
            vec![0x5A; 7],
            (1..=16).collect(),
            b"\x06\x12\x34\x56\x78\x9A\xBC\xDE".to_vec(),
        ];
        let needles = Needles::of(secrets.iter().cloned());
        for secret in &secrets {
            for text in [secret.clone(), hex::encode_upper(secret).into_bytes()] {
                for before in 0..9 {
                    for after in 0..9 {
                        let hay = [&vec![0; before][..], &text, &vec![0xFF; after]].concat();
                        assert!(needles.stand_in(&hay), "{before} before, {after} after");
                        let part = [&vec![0; before][..], &text[1..], &vec![0xFF; after]].concat();
                        assert!(!needles.stand_in(&part), "a part, {before} before");
                    }
                }
            }
        }
        assert!(!needles.stand_in(&[]));
    }
}
