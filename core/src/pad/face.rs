//! What a person in front of the pad sees and may do: the display and what is asked for.

use crate::pad::Millis;

/// What the pad waits for from the person in front of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Asks {
    /// Nothing: the pad is idle.
    #[default]
    Nothing,
    /// One key that is not a digit.
    Key,
    /// A PIN; `entered` digits stand on the display as stars.
    Pin {
        /// How many digits have been typed.
        entered: usize,
    },
    /// Digits that are no secret.
    Digits,
    /// One line of a menu.
    Choice,
    /// A card: to swipe, to insert or to take away.
    Card,
}

/// The display of a pad and what it asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Face {
    /// The lines on the display, from above.
    pub lines: Vec<String>,
    /// What the person is asked for.
    pub asks: Asks,
}

/// Something the pad did that its wire does not show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// A key was put into a slot; its check value is public.
    KeyLoaded {
        /// Where: `master 0`, `working 3`, `dukpt 1`.
        slot: String,
        /// The first three bytes of zeros under the key, in hex.
        kcv: String,
    },
    /// Every key was erased.
    KeysWiped,
    /// A PIN was taken and enciphered.
    PinTaken {
        /// How many digits it had.
        digits: usize,
    },
    /// A frame with a wrong check came in.
    BadCheck,
    /// A command came in that this pad does not know.
    UnknownCommand(String),
}

impl Face {
    /// Shows text: breaks at CR and LF, and at `columns` where a line is longer.
    pub fn show(&mut self, text: &str, columns: usize) {
        self.lines.clear();
        for line in text.split(['\r', '\n']) {
            let letters: Vec<char> = line.chars().collect();
            if letters.is_empty() {
                self.lines.push(String::new());
            }
            for part in letters.chunks(columns.max(1)) {
                self.lines
                    .push(part.iter().collect::<String>().trim_end().to_owned());
            }
        }
    }

    /// Clears the display and asks for nothing.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

/// The earlier of two optional moments.
pub(crate) fn earlier(a: Option<Millis>, b: Option<Millis>) -> Option<Millis> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
