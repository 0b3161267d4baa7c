//! A test card for the simulated pad: its stripe, and whether it has a chip.

/// The magnetic stripe of a test card.
#[derive(Clone, PartialEq, Eq)]
pub struct Card {
    pan: String,
    track1: Option<String>,
    track2: Option<String>,
}

impl Card {
    /// A card with that number and expiry (`YYMM`), both tracks written, service code 101.
    ///
    /// # Errors
    /// `None` when the number is not 8 to 19 digits or the expiry not 4 digits.
    #[must_use]
    pub fn new(pan: &str, expiry: &str) -> Option<Self> {
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if !(8..=19).contains(&pan.len()) || expiry.len() != 4 || !digits(pan) || !digits(expiry) {
            return None;
        }
        Some(Self {
            pan: pan.to_owned(),
            track1: Some(format!("B{pan}^TEST/CARD^{expiry}1010000000000000")),
            track2: Some(format!("{pan}={expiry}1010000000000")),
        })
    }

    /// A card whose stripe cannot be read.
    #[must_use]
    pub fn unreadable() -> Self {
        Self {
            pan: String::new(),
            track1: None,
            track2: None,
        }
    }

    pub(crate) fn pan(&self) -> &str {
        &self.pan
    }

    pub(crate) fn track1(&self) -> Option<&str> {
        self.track1.as_deref()
    }

    pub(crate) fn track2(&self) -> Option<&str> {
        self.track2.as_deref()
    }
}

impl std::fmt::Debug for Card {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tail = self
            .pan
            .get(self.pan.len().saturating_sub(4)..)
            .unwrap_or_default();
        write!(f, "Card(…{tail})")
    }
}
