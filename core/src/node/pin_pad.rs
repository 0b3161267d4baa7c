//! The PIN pad: the only place outside the issuer's and the links' secure parts that sees a PIN.
//!
//! The terminal asks; the pad answers with enciphered blocks, MACs and check values. Opening the
//! case erases every key, and the pad says so.

use super::fact::Fact;
use super::vault::{self, BadBlock, BlockKey, WorkingKeys};

/// A PIN pad beside a terminal.
#[derive(Clone, Debug)]
pub struct PinPad {
    master: BlockKey,
    injected: bool,
    working: Option<WorkingKeys>,
}

impl PinPad {
    /// A pad with its terminal master key injected.
    pub fn new(master: BlockKey) -> Self {
        PinPad {
            master,
            injected: true,
            working: None,
        }
    }

    /// Injects the master key again.
    pub fn inject(&mut self) -> Fact {
        self.injected = true;
        Fact::KeyLoaded {
            key: "TMK",
            kcv: hex::encode_upper(self.master.kcv()),
        }
    }

    /// Whether the master key is there.
    pub fn injected(&self) -> bool {
        self.injected
    }

    /// Loads the working keys of a sign-on answer; the old ones stay when a check value differs.
    pub fn load(&mut self, block: &[u8]) -> Result<[Fact; 3], BadBlock> {
        let keys = vault::unwrap_keys(&self.master, block)?;
        let fact = |key, kcv: [u8; 4]| Fact::KeyLoaded {
            key,
            kcv: hex::encode_upper(kcv),
        };
        let facts = [
            fact("PIK", keys.pik.kcv()),
            fact("MAK", keys.mak.kcv()),
            fact("TDK", keys.tdk.kcv()),
        ];
        self.working = Some(keys);
        Ok(facts)
    }

    /// The working keys' names and check values.
    pub fn check_values(&self) -> Vec<(&'static str, String)> {
        let mut out = Vec::new();
        if self.injected {
            out.push(("TMK", hex::encode_upper(self.master.kcv())));
        }
        if let Some(keys) = &self.working {
            out.push(("PIK", hex::encode_upper(keys.pik.kcv())));
            out.push(("MAK", hex::encode_upper(keys.mak.kcv())));
            out.push(("TDK", hex::encode_upper(keys.tdk.kcv())));
        }
        out
    }

    /// The case was opened: every key is gone.
    pub fn tamper(&mut self) {
        self.injected = false;
        self.working = None;
    }

    /// The working keys, when loaded.
    pub fn keys(&self) -> Option<&WorkingKeys> {
        self.working.as_ref()
    }

    /// F52 for a PIN the holder typed; in clear when the protection is off.
    pub fn pin_block(&self, pin: &[u8], pan: &str, enciphered: bool) -> Option<[u8; 8]> {
        let keys = self.working.as_ref()?;
        let clear = vault::pin_block(pin, pan);
        Some(if enciphered {
            keys.pik.encipher(clear)
        } else {
            clear
        })
    }

    /// F35 under the track key.
    pub fn track(&self, track: &str) -> Option<String> {
        Some(vault::encipher_track(&self.working.as_ref()?.tdk, track))
    }
}
