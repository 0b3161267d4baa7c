//! Finds any of some secrets in a frame, as bytes or as hexadecimal text, in one pass.
//!
//! Every frame that leaves a box is searched for every key and clear PIN block of the stage, so this
//! is among the hottest loops of a run: two bytes decide at nearly every place that none begins
//! there.

/// What must stand in no frame.
#[derive(Clone, Default)]
pub(super) struct Needles {
    needles: Vec<Vec<u8>>,
    /// A bit for each pair of bytes that some needle begins with.
    starts: Vec<u64>,
}

impl Needles {
    /// Secrets of at least two bytes each; shorter ones are left out.
    pub fn of(secrets: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut out = Self {
            needles: Vec::new(),
            starts: vec![0; 1 << 10],
        };
        out.extend(secrets);
        out
    }

    /// More of them.
    pub fn extend(&mut self, secrets: impl IntoIterator<Item = Vec<u8>>) {
        for secret in secrets {
            self.add(hex::encode_upper(&secret).into_bytes());
            self.add(secret);
        }
    }

    fn add(&mut self, needle: Vec<u8>) {
        if let [first, second, ..] = *needle {
            let (word, bit) = place(first, second);
            if let Some(word) = self.starts.get_mut(word) {
                *word |= bit;
            }
            self.needles.push(needle);
        }
    }

    /// Whether one of them stands in `hay`.
    pub fn stand_in(&self, hay: &[u8]) -> bool {
        let may_begin = |pair: &[u8; 2]| {
            let (word, bit) = place(pair[0], pair[1]);
            self.starts
                .get(word)
                .is_some_and(|starts| starts & bit != 0)
        };
        hay.array_windows::<2>().enumerate().any(|(at, pair)| {
            may_begin(pair) && {
                let rest = hay.get(at..).unwrap_or_default();
                self.needles.iter().any(|needle| rest.starts_with(needle))
            }
        })
    }
}

/// The word and the bit of a pair.
const fn place(first: u8, second: u8) -> (usize, u64) {
    let pair = u16::from_be_bytes([first, second]);
    ((pair >> 6) as usize, 1 << (pair & 63))
}
