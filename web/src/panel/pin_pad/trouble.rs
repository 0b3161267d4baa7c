//! Every way in which a port can fail, in words, with what helps.

use crate::browser::serial::SerialError;
use crate::words::{Phrase, pin_pad as w};

/// What went wrong with a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The browser has no Web Serial.
    Unsupported,
    /// Nothing was chosen.
    NoChoice,
    /// The browser wants a click first.
    NoGesture,
    /// It did not open: in use, not allowed, or gone.
    NotOpened,
    /// It is open already.
    AlreadyOpen,
    /// The settings are not possible.
    Settings,
    /// It was pulled out or its other end closed.
    Lost,
    /// The line was held low.
    Break,
    /// A parity bit was wrong.
    Parity,
    /// A stop bit was wrong.
    Framing,
    /// Bytes came faster than they were read.
    Overrun,
    /// The adapter has no such lines.
    Signals,
    /// Something else; the browser's own words.
    Other(String),
}

/// What was being done when it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum While {
    /// Choosing a port.
    Choosing,
    /// Opening it.
    Opening,
    /// Reading or writing.
    Open,
    /// Setting DTR, RTS or break.
    Signalling,
}

impl Trouble {
    /// What an exception means, by its name and by what was being done.
    pub fn of(error: &SerialError, during: While) -> Self {
        match (error.name.as_str(), during) {
            ("NotSupportedError", _) => Self::Unsupported,
            ("NotFoundError", _) => Self::NoChoice,
            ("SecurityError", _) => Self::NoGesture,
            ("NetworkError", While::Opening) => Self::NotOpened,
            ("NetworkError", While::Signalling) => Self::Signals,
            ("NetworkError", _) => Self::Lost,
            ("InvalidStateError", While::Opening) => Self::AlreadyOpen,
            ("TypeError", While::Opening) => Self::Settings,
            ("BreakError", _) => Self::Break,
            ("ParityError", _) => Self::Parity,
            ("FramingError", _) => Self::Framing,
            ("BufferOverrunError", _) => Self::Overrun,
            (name, _) => Self::Other(format!("{name}: {}", error.message)),
        }
    }

    /// What happened, and what helps.
    pub fn words(&self) -> (Phrase, Phrase) {
        match self {
            Self::Unsupported => (w::NO_SERIAL, w::NO_SERIAL_FIX),
            Self::NoChoice => (w::NO_CHOICE, w::NO_CHOICE_FIX),
            Self::NoGesture => (w::NO_GESTURE, w::NO_GESTURE_FIX),
            Self::NotOpened => (w::NOT_OPENED, w::NOT_OPENED_FIX),
            Self::AlreadyOpen => (w::ALREADY_OPEN, w::ALREADY_OPEN_FIX),
            Self::Settings => (w::SETTINGS, w::SETTINGS_FIX),
            Self::Lost => (w::LOST, w::LOST_FIX),
            Self::Break => (w::BREAK, w::BREAK_FIX),
            Self::Parity => (w::PARITY, w::PARITY_FIX),
            Self::Framing => (w::FRAMING, w::FRAMING_FIX),
            Self::Overrun => (w::OVERRUN, w::OVERRUN_FIX),
            Self::Signals => (w::NO_SIGNALS, w::NO_SIGNALS_FIX),
            Self::Other(_) => (w::OTHER, w::OTHER_FIX),
        }
    }
}
