//! How a conversation with a pad can fail, the same words for every family.

use crate::pad::Millis;
use std::fmt;

/// Why a request did not get its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkError {
    /// Nothing came back at all.
    NoAnswer {
        /// What was waited for: `ack`, `eot`, `reply`.
        awaited: &'static str,
        /// How long, over all attempts.
        waited_ms: Millis,
    },
    /// The pad refused the frame (NAK) every time.
    Refused {
        /// How often it was sent.
        times: u8,
    },
    /// The answers came with a wrong check every time.
    Garbled {
        /// How many were thrown away.
        times: u8,
    },
    /// The pad ended the session (EOT).
    Ended,
    /// The host gave up on purpose.
    Cancelled,
    /// The secure channel's answer could not be opened.
    SecureChannel,
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswer { awaited, waited_ms } => {
                write!(f, "no {awaited} from the pad in {waited_ms} ms")
            }
            Self::Refused { times } => write!(f, "the pad refused the frame {times} times (NAK)"),
            Self::Garbled { times } => {
                write!(
                    f,
                    "{times} answers had a wrong check; wrong speed or parity?"
                )
            }
            Self::Ended => f.write_str("the pad ended the session (EOT)"),
            Self::Cancelled => f.write_str("cancelled"),
            Self::SecureChannel => f.write_str("the secure channel's answer could not be opened"),
        }
    }
}

impl std::error::Error for LinkError {}
