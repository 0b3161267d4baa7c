//! A simulated pad of any family behind one set of doors: for the page, the terminal, the CLI.

use super::card::Card;
use super::epp::frame::Coding;
use super::face::{Face, Fact};
use super::secure::Vault;
use super::{Key, Millis, Protocol, abecs, epp, visa};

/// How a simulated pad is set up.
#[derive(Debug, Clone, Copy, Default)]
pub struct Setup {
    /// ABECS: notifications while a PIN is typed.
    pub notices: bool,
    /// EPP: one coding only; without it the pad answers as it is asked.
    pub coding: Option<Coding>,
    /// VISA: the line has seven bits and parity.
    pub seven_bits: bool,
    /// What session keys are made from.
    pub seed: [u8; 16],
}

/// A simulated pad.
#[derive(Clone)]
pub enum SimulatedPad {
    /// ABECS 2.20.
    Abecs(Box<abecs::Pad>),
    /// VISA/VeriFone.
    Visa(Box<visa::Pad>),
    /// `02 Ln CMD`.
    Epp(Box<epp::Pad>),
}

impl SimulatedPad {
    /// A pad of this family with these keys.
    #[must_use]
    pub fn new(protocol: Protocol, vault: Vault, setup: Setup) -> Self {
        match protocol {
            Protocol::Abecs => {
                let notices = setup.notices;
                let profile = abecs::Profile {
                    notices,
                    ..abecs::Profile::default()
                };
                let pad = abecs::Pad::new(vault)
                    .with_profile(profile)
                    .with_seed(setup.seed);
                Self::Abecs(Box::new(pad))
            }
            Protocol::Visa => {
                Self::Visa(Box::new(visa::Pad::new(vault).seven_bits(setup.seven_bits)))
            }
            Protocol::Epp => {
                let pad = epp::Pad::new(vault);
                Self::Epp(Box::new(match setup.coding {
                    Some(coding) => pad.with_coding(coding),
                    None => pad,
                }))
            }
        }
    }

    /// A pad with the published test keys.
    #[must_use]
    pub fn teaching(protocol: Protocol, setup: Setup) -> Self {
        Self::new(protocol, Vault::teaching(protocol), setup)
    }

    /// Which family it is.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        match self {
            Self::Abecs(_) => Protocol::Abecs,
            Self::Visa(_) => Protocol::Visa,
            Self::Epp(_) => Protocol::Epp,
        }
    }

    /// Takes bytes from the host.
    pub fn feed(&mut self, bytes: &[u8], now: Millis) {
        match self {
            Self::Abecs(pad) => pad.feed(bytes, now),
            Self::Visa(pad) => pad.feed(bytes, now),
            Self::Epp(pad) => pad.feed(bytes, now),
        }
    }

    /// When [`handle_timeout`](Self::handle_timeout) wants to be called.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Millis> {
        match self {
            Self::Abecs(pad) => pad.poll_timeout(),
            Self::Visa(pad) => pad.poll_timeout(),
            Self::Epp(pad) => pad.poll_timeout(),
        }
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Millis) {
        match self {
            Self::Abecs(pad) => pad.handle_timeout(now),
            Self::Visa(pad) => pad.handle_timeout(now),
            Self::Epp(pad) => pad.handle_timeout(now),
        }
    }

    /// The next bytes for the host.
    pub fn poll_transmit(&mut self) -> Option<Vec<u8>> {
        match self {
            Self::Abecs(pad) => pad.poll_transmit(),
            Self::Visa(pad) => pad.poll_transmit(),
            Self::Epp(pad) => pad.poll_transmit(),
        }
    }

    /// The next thing that happened inside.
    pub fn poll_event(&mut self) -> Option<Fact> {
        match self {
            Self::Abecs(pad) => pad.poll_event(),
            Self::Visa(pad) => pad.poll_event(),
            Self::Epp(pad) => pad.poll_event(),
        }
    }

    /// A finger on a key.
    pub fn press(&mut self, key: Key, now: Millis) {
        match self {
            Self::Abecs(pad) => pad.press(key, now),
            Self::Visa(pad) => pad.press(key, now),
            Self::Epp(pad) => pad.press(key, now),
        }
    }

    /// A card through the stripe reader; only ABECS pads have one.
    pub fn swipe(&mut self, card: Card) {
        match self {
            Self::Abecs(pad) => pad.swipe(card),
            Self::Visa(_) | Self::Epp(_) => {}
        }
    }

    /// The display and what is asked for.
    #[must_use]
    pub fn face(&self) -> &Face {
        match self {
            Self::Abecs(pad) => pad.face(),
            Self::Visa(pad) => pad.face(),
            Self::Epp(pad) => pad.face(),
        }
    }

    /// The keys.
    pub fn vault_mut(&mut self) -> &mut Vault {
        match self {
            Self::Abecs(pad) => pad.vault_mut(),
            Self::Visa(pad) => pad.vault_mut(),
            Self::Epp(pad) => pad.vault_mut(),
        }
    }
}
