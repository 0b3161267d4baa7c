//! PIN pad wire protocols, both sides, without I/O: ABECS, VISA/VeriFone, EPP.
//!
//! A PIN pad is the one box that may know a PIN. The three families here are the ones whose
//! wire formats are public: **ABECS** 2.20 (every pad sold to Brazilian acquirers), the
//! **VISA/VeriFone** packets (VeriFone, UIC, Ingenico eN-Crypt, MagTek IntelliPIN) and the
//! **EPP** command family `02 Ln CMD` (the UnionPay-style encrypting keyboards).
//!
//! Each family is a folder with the same files: `frame` (bytes and checks), the tables of what
//! may be said, `host` (the side that asks) and `pad` (the side that answers). Every machine
//! has the same five doors and no clock of its own:
//!
//! ```text
//! feed(bytes, now)   poll_timeout() -> when   handle_timeout(now)
//! poll_transmit() -> bytes                    poll_event() -> what happened
//! ```
//!
//! The pad side is the simulated pad of the page, of `poslab pad emulate` and of the tests; its
//! keys and its PIN live in [`secure`] and leave it only enciphered.
//!
//! ```
//! use poslab_core::pad::Protocol;
//! use poslab_core::pad::abecs::{Host, HostEvent, Pad};
//! use poslab_core::pad::secure::Vault;
//!
//! let mut host = Host::new();
//! let mut pad = Pad::new(Vault::teaching(Protocol::Abecs));
//! host.send(b"OPN", 0);
//! while let Some(bytes) = host.poll_transmit() {
//!     pad.feed(&bytes, 0);
//!     while let Some(answer) = pad.poll_transmit() {
//!         host.feed(&answer, 0);
//!     }
//! }
//! assert_eq!(host.poll_event(), Some(HostEvent::Accepted));
//! assert_eq!(host.poll_event(), Some(HostEvent::Reply(b"OPN000".to_vec())));
//! ```

pub mod abecs;
pub mod card;
pub mod epp;
pub mod face;
pub mod key;
pub mod link;
pub mod probe;
pub mod replay;
pub mod secure;
pub mod session;
pub mod simulated;
pub mod sniff;
pub mod traffic;
pub mod visa;

pub use crate::words::Text as Words;
pub use face::Face;
pub use key::Key;
pub use link::LinkError;
pub use session::{Outcome, Session, SessionEvent, Task, TaskError};
pub use simulated::SimulatedPad;

/// A moment or a span, in milliseconds of the caller's own clock.
pub type Millis = u64;

/// The three families of pads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    /// ABECS 2.20: `SYN … ETB CRC`.
    Abecs,
    /// VISA/VeriFone: `SI … SO LRC` and `STX … ETX LRC`.
    Visa,
    /// Encrypting PIN pad: `02 Ln CMD DATA BCC [03]`, in hex or binary.
    Epp,
}

impl Protocol {
    /// Every family, in the order in which they are probed.
    pub const ALL: [Self; 3] = [Self::Abecs, Self::Visa, Self::Epp];

    /// The name on command lines and in files: `abecs`, `visa`, `epp`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Abecs => "abecs",
            Self::Visa => "visa",
            Self::Epp => "epp",
        }
    }

    /// The family of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.name() == name)
    }
}
