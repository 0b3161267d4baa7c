//! The PIN pad: the only place outside the issuer's and the links' secure parts that sees a PIN.
//!
//! The terminal asks; the pad answers with enciphered blocks, MACs and check values. Opening the
//! case erases every key, and the pad says so.

use super::fact::Fact;
use super::vault::{self, BadBlock, BlockKey, WorkingKeys};
use crate::bytes::to_hex;
use crate::pad::Task;
use crate::pad::session::{MacTask, PinTask, Under};

/// A PIN pad beside a terminal.
#[derive(Clone, Debug)]
pub struct PinPad {
    master: BlockKey,
    injected: bool,
    working: Option<WorkingKeys>,
    wrapped: Option<Wrapped>,
}

/// The working keys as the host sent them, under the master key.
#[derive(Clone, Debug)]
struct Wrapped {
    pik: [u8; 16],
    mak: [u8; 8],
}

impl Wrapped {
    /// PIK, its check value, MAK with eight zeros, its check value, and so on.
    fn of(block: &[u8]) -> Option<Self> {
        Some(Wrapped {
            pik: *block.first_chunk()?,
            mak: *block.get(20..)?.first_chunk()?,
        })
    }
}

impl PinPad {
    /// A pad with its terminal master key injected.
    pub fn new(master: BlockKey) -> Self {
        PinPad {
            master,
            injected: true,
            working: None,
            wrapped: None,
        }
    }

    /// Injects the master key again.
    pub fn inject(&mut self) -> Fact {
        self.injected = true;
        Fact::KeyLoaded {
            key: "TMK",
            kcv: to_hex(&self.master.kcv()),
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
            kcv: to_hex(&kcv),
        };
        let facts = [
            fact("PIK", keys.pik.kcv()),
            fact("MAK", keys.mak.kcv()),
            fact("TDK", keys.tdk.kcv()),
        ];
        self.working = Some(keys);
        self.wrapped = Wrapped::of(block);
        Ok(facts)
    }

    /// The working keys' names and check values.
    pub fn check_values(&self) -> Vec<(&'static str, String)> {
        let mut out = Vec::new();
        if self.injected {
            out.push(("TMK", to_hex(&self.master.kcv())));
        }
        if let Some(keys) = &self.working {
            out.push(("PIK", to_hex(&keys.pik.kcv())));
            out.push(("MAK", to_hex(&keys.mak.kcv())));
            out.push(("TDK", to_hex(&keys.tdk.kcv())));
        }
        out
    }

    /// The case was opened: every key is gone.
    pub fn tamper(&mut self) {
        self.injected = false;
        self.working = None;
        self.wrapped = None;
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

    /// What to ask of a pad on a cable, so that it makes F52: a PIN under the PIK, which goes along
    /// as the host sent it, under the master key at place `master`.
    pub fn pin_task(&self, master: u8, pan: &str, prompt: String) -> Option<Task> {
        let wrapped = self.wrapped.as_ref()?.pik.to_vec();
        Some(Task::Pin(PinTask {
            account: pan.to_owned(),
            under: Under::Sent { master, wrapped },
            min: 4,
            max: 12,
            seconds: 60,
            prompt,
        }))
    }

    /// What to ask of a pad on a cable, so that it makes F64 over `mab`.
    ///
    /// The UnionPay MAC folds a message to eight bytes; their sixteen hexadecimal characters go
    /// through two chained blocks, which is an X9.9 MAC that any pad can make. F64 is the first
    /// eight characters of it, [`f64_of`].
    pub fn mac_task(&self, master: u8, mab: &[u8]) -> Option<Task> {
        let wrapped = self.wrapped.as_ref()?.mak.to_vec();
        let folded = to_hex(&crate::crypto::mac::unionpay::fold::<8>(mab));
        Some(Task::Mac(MacTask {
            under: Under::Sent { master, wrapped },
            data: folded.into_bytes(),
        }))
    }

    /// F35 under the track key.
    pub fn track(&self, track: &str) -> Option<String> {
        Some(vault::encipher_track(&self.working.as_ref()?.tdk, track))
    }
}

/// F64 of a pad's MAC: its first four bytes as characters.
pub fn f64_of(mac: [u8; 8]) -> [u8; 8] {
    let text = to_hex(&mac);
    text.as_bytes().first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::vault::{ClearKeys, MacKey};

    #[test]
    fn the_mac_asked_of_a_pad_is_that_of_field_64() {
        let tmk = BlockKey::new(&[0x23; 16]);
        let mak = [0x31; 8];
        let keys = ClearKeys {
            pik: [0x45; 16],
            mak,
            tdk: [0x67; 16],
        };
        let mut pad = PinPad::new(tmk.clone());
        pad.load(&vault::wrap_keys(&tmk, &keys)).expect("made here");
        let mab = b"\x02\x00 any message at all";
        let Some(Task::Mac(task)) = pad.mac_task(9, mab) else {
            panic!("keys are loaded")
        };
        let Under::Sent { master: 9, wrapped } = task.under else {
            panic!("the key goes along")
        };
        assert_eq!(tmk.decipher(wrapped.try_into().expect("eight bytes")), mak);
        let mac = MacKey::new(&mak);
        assert_eq!(f64_of(mac.x9_9(&task.data)), mac.union_pay(mab));
    }
}
