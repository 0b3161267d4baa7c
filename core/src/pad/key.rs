//! The keys of a pad's keyboard.

use std::fmt;

/// One key as a finger presses it.
///
/// A digit is a secret while a PIN is asked for, so `Debug` and `Display` never show which.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// `0` to `9`; other values are ignored by every pad.
    Digit(u8),
    /// The green key.
    Enter,
    /// The yellow key: takes back one digit, or all.
    Clear,
    /// The red key.
    Cancel,
    /// F1 to F4.
    Function(u8),
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
}

impl Key {
    /// Reads the name of a key: `0`…`9`, `enter`, `clear`, `cancel`, `f1`…`f4`, `up`, `down`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let lower = name.trim().to_ascii_lowercase();
        match lower.as_str() {
            "enter" | "ok" => Some(Self::Enter),
            "clear" | "backspace" => Some(Self::Clear),
            "cancel" | "can" => Some(Self::Cancel),
            "up" => Some(Self::Up),
            "down" => Some(Self::Down),
            other => match other.as_bytes() {
                [d @ b'0'..=b'9'] => Some(Self::Digit(d - b'0')),
                [b'f', n @ b'1'..=b'4'] => Some(Self::Function(n - b'0')),
                _ => None,
            },
        }
    }

    /// The name of the key; every digit is called `digit`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Digit(_) => "digit",
            Self::Enter => "enter",
            Self::Clear => "clear",
            Self::Cancel => "cancel",
            Self::Function(1) => "f1",
            Self::Function(2) => "f2",
            Self::Function(3) => "f3",
            Self::Function(_) => "f4",
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_both_ways_and_digits_stay_hidden() {
        for name in [
            "enter", "clear", "cancel", "f1", "f2", "f3", "f4", "up", "down",
        ] {
            assert_eq!(Key::from_name(name).map(Key::name), Some(name));
        }
        assert_eq!(Key::from_name("7"), Some(Key::Digit(7)));
        assert_eq!(format!("{:?}", Key::Digit(7)), "digit");
        assert_eq!(Key::from_name("f5"), None);
    }
}
