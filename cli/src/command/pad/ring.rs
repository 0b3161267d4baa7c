//! The keys of a terminal out of a key ring, as a pad takes them.

use super::out::Failure;
use crate::fail::Fail;
use crate::key_ring::KeyRing;
use crate::message_keys::octets;
use poslab_core::crypto::cipher::{Algorithm, BlockCipher};
use std::path::PathBuf;
use zeroize::Zeroizing;

/// Whose keys.
#[derive(clap::Args)]
pub(super) struct Ring {
    /// Key ring: keys by terminal and role, as JSON
    #[arg(long, value_name = "FILE")]
    pub(super) keys: Option<PathBuf>,
    /// Whose keys of the ring to take, when it holds several terminals
    #[arg(long, value_name = "TID", requires = "keys")]
    pub(super) terminal: Option<String>,
}

impl Ring {
    /// The key of a role; nothing when there is no ring.
    pub(super) fn key(&self, role: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
        let read = |path: &PathBuf| {
            let ring = KeyRing::read(path)?;
            octets(role, &ring.of(self.terminal.as_deref())?.key(role)?)
        };
        Ok(self.keys.as_ref().map(read).transpose()?)
    }

    /// A working key as a pad gets it: enciphered under the terminal's master key.
    pub(super) fn wrapped(&self, role: &str) -> Result<Option<Vec<u8>>, Failure> {
        let (Some(tmk), Some(key)) = (self.key("TMK")?, self.key(role)?) else {
            return Ok(None);
        };
        let refuse = |what: &str, error| Failure::Usage(format!("{what}: {error}"));
        let cipher = BlockCipher::new(Algorithm::Tdes, &tmk).map_err(|e| refuse("TMK", e))?;
        let wrapped = cipher.ecb_encrypt(&key).map_err(|e| refuse(role, e))?;
        Ok(Some(wrapped))
    }
}

impl From<Fail> for Failure {
    fn from(fail: Fail) -> Self {
        match fail {
            Fail::Usage(words) => Self::Usage(words),
            Fail::Undecodable(_, words) => Self::Undecodable(words),
            Fail::Io(what, error) => Self::Io {
                code: "io",
                message: format!("{what}: {error}"),
                fix: None,
            },
        }
    }
}
