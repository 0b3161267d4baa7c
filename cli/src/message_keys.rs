//! The keys for whole messages, as `decode` and `encode` take them: one for all, or a key ring
//! from which each message gets those of its terminal.

use crate::fail::Fail;
use crate::key_ring::KeyRing;
use crate::secret::Source;
use poslab_core::crypto::cipher::Algorithm;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// Where the keys come from.
#[derive(clap::Args, Clone)]
#[command(next_help_heading = "Keys")]
pub struct MessageKeys {
    /// MAC key in hex: @FILE, - or fd:N
    #[arg(long, value_name = "SECRET")]
    mak: Option<Source>,
    /// Key ring: keys by terminal and role, as JSON
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// Whose keys of the ring to take [default: those of the terminal in DE41]
    #[arg(long, value_name = "TID", requires = "keys")]
    terminal: Option<String>,
    /// What the keys are for [default: SM4 where the UnionPay DE53 says so, else TDES]
    #[arg(long, value_enum)]
    cipher: Option<Cipher>,
    /// Allow keys and PINs as literals: they are test data
    #[arg(long)]
    pub test_data: bool,
}

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Cipher {
    /// DES or triple DES, by the length of the key
    Tdes,
    /// SM4
    Sm4,
}

/// The keys, read.
pub struct Ready {
    mak: Option<Zeroizing<Vec<u8>>>,
    ring: Option<KeyRing>,
    terminal: Option<String>,
    /// What they are for, when somebody said so.
    pub cipher: Option<Algorithm>,
}

impl MessageKeys {
    /// Reads what the options name; nothing when they name no key.
    pub fn read(&self, message_on_stdin: bool) -> Result<Option<Ready>, Fail> {
        if self.mak.is_none() && self.keys.is_none() {
            return Ok(None);
        }
        if message_on_stdin && self.mak.as_ref().is_some_and(Source::is_stdin) {
            let words = "standard input holds the message: give the key as @FILE or fd:N";
            return Err(Fail::Usage(words.to_owned()));
        }
        let mak = self.mak.as_ref().map(|mak| self.hex("mak", mak));
        let ring = self.keys.as_deref().map(KeyRing::read);
        Ok(Some(Ready {
            mak: mak.transpose()?,
            ring: ring.transpose()?,
            terminal: self.terminal.clone(),
            cipher: self.cipher.map(|cipher| match cipher {
                Cipher::Tdes => Algorithm::Tdes,
                Cipher::Sm4 => Algorithm::Sm4,
            }),
        }))
    }

    /// Reads a key that an option names.
    pub fn hex(&self, flag: &str, key: &Source) -> Result<Zeroizing<Vec<u8>>, Fail> {
        octets(flag, &key.named(flag, self.test_data)?)
    }
}

impl Ready {
    /// The MAC key for a message of a terminal.
    pub fn mak(&self, terminal: Option<&str>) -> Result<Zeroizing<Vec<u8>>, Fail> {
        match &self.mak {
            Some(mak) => Ok(mak.clone()),
            None => self.of_ring("MAK", terminal),
        }
    }

    /// The key of a role for a message of a terminal, from the ring.
    pub fn of_ring(&self, role: &str, terminal: Option<&str>) -> Result<Zeroizing<Vec<u8>>, Fail> {
        let Some(ring) = &self.ring else {
            let flag = role.to_lowercase();
            return Err(Fail::Usage(format!("--{flag} is missing, or --keys")));
        };
        let name = self.terminal.as_deref().or(terminal);
        octets(role, &ring.of(name.map(str::trim))?.key(role)?)
    }
}

/// Octets of a key written in hexadecimal; spaces do not matter.
pub fn octets(what: &str, text: &str) -> Result<Zeroizing<Vec<u8>>, Fail> {
    let digits: Zeroizing<String> =
        Zeroizing::new(text.chars().filter(|c| !c.is_whitespace()).collect());
    hex::decode(&*digits).map(Zeroizing::new).map_err(|_| {
        Fail::Usage(format!(
            "{what} is not an even number of hexadecimal digits"
        ))
    })
}
