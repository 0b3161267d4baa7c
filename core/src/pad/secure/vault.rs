//! The key store of the simulated pad, with the few operations a pad does with a key.

use super::cipher::{decipher, each_block, encipher, xor};
use super::dukpt::Dukpt;
use super::entry::PinEntry;
use crate::pad::Protocol;
use std::collections::BTreeMap;
use std::fmt;
use zeroize::Zeroizing;

/// Where a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// A master key of the VISA or EPP families.
    Master(u8),
    /// A working key of the EPP family, under master `.0` at place `.1`.
    Working(u8, u8),
    /// An ABECS master key for PINs.
    AbecsPin(u8),
    /// An ABECS master key for data.
    AbecsData(u8),
}

/// Which of the two DUKPT tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Register {
    /// For PINs.
    Pin,
    /// For data.
    Data,
}

/// Why a key operation was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyError {
    /// No key stands there.
    Absent,
    /// A key must have 8, 16 or 24 bytes.
    Length {
        /// How many it had.
        found: usize,
    },
    /// The DUKPT register has used all its keys.
    Spent,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("no key in that slot"),
            Self::Length { found } => write!(f, "a key has 8, 16 or 24 bytes, not {found}"),
            Self::Spent => f.write_str("the DUKPT register has used all its keys"),
        }
    }
}

/// How blocks are chained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chaining {
    /// Each block by itself.
    Ecb,
    /// Each block mixed with the one before, from this vector.
    Cbc([u8; 8]),
}

/// Key bytes that are wiped when dropped.
#[derive(Clone)]
pub(crate) struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes 8, 16 or 24 bytes.
    pub(crate) fn new(bytes: &[u8]) -> Result<Self, KeyError> {
        match bytes.len() {
            8 | 16 | 24 => Ok(Self(Zeroizing::new(bytes.to_vec()))),
            found => Err(KeyError::Length { found }),
        }
    }

    /// A working key that came enciphered, block by block, under this one.
    pub(crate) fn unwrap(&self, enciphered: &[u8]) -> Result<Self, KeyError> {
        Secret::new(&Zeroizing::new(each_block(enciphered, |b| {
            decipher(&self.0, b)
        })))
        .and_then(|key| match key.0.len() == enciphered.len() {
            true => Ok(key),
            false => Err(KeyError::Length {
                found: enciphered.len(),
            }),
        })
    }

    pub(crate) fn encipher(&self, block: [u8; 8]) -> [u8; 8] {
        encipher(&self.0, block)
    }

    pub(crate) fn encipher_all(&self, data: &[u8], chaining: Chaining) -> Vec<u8> {
        match chaining {
            Chaining::Ecb => each_block(data, |b| self.encipher(b)),
            Chaining::Cbc(mut chain) => each_block(data, |b| {
                chain = self.encipher(xor(chain, b));
                chain
            }),
        }
    }

    pub(crate) fn decipher_all(&self, data: &[u8]) -> Vec<u8> {
        each_block(data, |b| decipher(&self.0, b))
    }

    /// The last block of a CBC chain from `start`; `data` is filled up with zero bytes.
    pub(crate) fn mac_from(&self, start: [u8; 8], data: &[u8]) -> [u8; 8] {
        let mut filled = data.to_vec();
        filled.resize(data.len().next_multiple_of(8), 0);
        filled
            .as_chunks::<8>()
            .0
            .iter()
            .fold(start, |chain, b| self.encipher(xor(chain, *b)))
    }

    /// The key check value: zeros under the key, in hex, six digits.
    pub(crate) fn kcv(&self) -> String {
        let [a, b, c, ..] = self.encipher([0; 8]);
        hex::encode_upper([a, b, c])
    }

    /// One half of a double key, or the whole of a single one, as a key of its own.
    pub(crate) fn half(&self, right: bool) -> Self {
        let from = if right { 8.min(self.0.len() - 8) } else { 0 };
        Self(Zeroizing::new(
            self.0.iter().skip(from).take(8).copied().collect(),
        ))
    }

    /// 8, 16 or 24.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Every key of one pad.
#[derive(Clone, Default)]
pub struct Vault {
    keys: BTreeMap<Slot, Secret>,
    registers: BTreeMap<(Register, u8), Dukpt>,
}

impl Vault {
    /// A vault with no key in it.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// A vault with the published test keys.
    ///
    /// | pad | keys |
    /// |---|---|
    /// | ABECS | master 00 of double length for PINs and data, DUKPT registers 00 and 01 |
    /// | VISA | master 0 of single length, master 1 of double length, DUKPT register 0 |
    /// | EPP | master 0 of double length |
    /// | each | master 9: that of the simulator's first terminal, so that it can be its pad |
    #[must_use]
    pub fn teaching(protocol: Protocol) -> Self {
        let mut vault = Self::with_master(protocol, STAGE_MASTER, &STAGE);
        match protocol {
            Protocol::Abecs => {
                vault.put(Slot::AbecsPin(0), Secret::new(&DOUBLE));
                vault.put(Slot::AbecsData(0), Secret::new(&DOUBLE));
                for index in [0, 1] {
                    vault.load_dukpt(Register::Pin, index, INITIAL, SERIAL);
                    vault.load_dukpt(Register::Data, index, INITIAL, SERIAL);
                }
            }
            Protocol::Visa => {
                vault.put(Slot::Master(0), Secret::new(&SINGLE));
                vault.put(Slot::Master(1), Secret::new(&DOUBLE));
                vault.load_dukpt(Register::Pin, 0, INITIAL, SERIAL);
            }
            Protocol::Epp => vault.put(Slot::Master(0), Secret::new(&DOUBLE)),
        }
        vault
    }

    /// A vault with one master key, wherever the family keeps such keys.
    #[must_use]
    pub fn with_master(protocol: Protocol, number: u8, key: &[u8; 16]) -> Self {
        let mut vault = Self::default();
        // Sixteen bytes are a length that every slot takes.
        let _ = vault.load_master(protocol, number, key);
        vault
    }

    /// Puts a master key wherever the family keeps such keys and gives its check value.
    ///
    /// # Errors
    /// [`KeyError::Length`] unless it has 8, 16 or 24 bytes.
    pub fn load_master(
        &mut self,
        protocol: Protocol,
        number: u8,
        key: &[u8],
    ) -> Result<String, KeyError> {
        if protocol == Protocol::Abecs {
            self.load(Slot::AbecsData(number), key)?;
            return self.load(Slot::AbecsPin(number), key);
        }
        self.load(Slot::Master(number), key)
    }

    /// Puts a key into a slot and gives its check value.
    ///
    /// # Errors
    /// [`KeyError::Length`] unless it has 8, 16 or 24 bytes.
    pub fn load(&mut self, slot: Slot, key: &[u8]) -> Result<String, KeyError> {
        let secret = Secret::new(key)?;
        let kcv = secret.kcv();
        self.keys.insert(slot, secret);
        Ok(kcv)
    }

    /// Puts an initial key and its serial number into a DUKPT register.
    pub fn load_dukpt(&mut self, register: Register, index: u8, initial: [u8; 16], ksn: [u8; 10]) {
        self.registers
            .insert((register, index), Dukpt::new(initial, ksn));
    }

    /// Erases everything.
    pub fn wipe(&mut self) {
        self.keys.clear();
        self.registers.clear();
    }

    /// A key stands there.
    #[must_use]
    pub fn has(&self, slot: Slot) -> bool {
        self.keys.contains_key(&slot)
    }

    /// The length of the key there, in bytes.
    #[must_use]
    pub fn key_len(&self, slot: Slot) -> Option<usize> {
        self.keys.get(&slot).map(Secret::len)
    }

    /// The check value of the key there.
    #[must_use]
    pub fn kcv(&self, slot: Slot) -> Option<String> {
        self.keys.get(&slot).map(Secret::kcv)
    }

    /// The serial number of a DUKPT register as it stands.
    #[must_use]
    pub fn serial(&self, register: Register, index: u8) -> Option<[u8; 10]> {
        self.registers.get(&(register, index)).map(Dukpt::serial)
    }

    /// Unwraps a working key under the key in `under` and stores it.
    ///
    /// # Errors
    /// [`KeyError::Absent`] or [`KeyError::Length`].
    pub fn load_under(
        &mut self,
        under: Slot,
        slot: Slot,
        enciphered: &[u8],
    ) -> Result<[u8; 8], KeyError> {
        let key = self.key(under)?.unwrap(enciphered)?;
        let check = key.encipher([0; 8]);
        self.keys.insert(slot, key);
        Ok(check)
    }

    pub(crate) fn key(&self, slot: Slot) -> Result<&Secret, KeyError> {
        self.keys.get(&slot).ok_or(KeyError::Absent)
    }

    /// The working key that came with a request, opened under the master in `under`.
    pub(crate) fn session(&self, under: Slot, enciphered: &[u8]) -> Result<Secret, KeyError> {
        self.key(under)?.unwrap(enciphered)
    }

    /// The enciphered format 0 block under a working key that came with the request.
    pub(crate) fn pin_block(
        &self,
        under: Slot,
        enciphered: &[u8],
        entry: &PinEntry,
        account: &str,
    ) -> Result<[u8; 8], KeyError> {
        Ok(self
            .session(under, enciphered)?
            .encipher(*entry.format0(account)))
    }

    /// The enciphered format 0 block under the next DUKPT key, and the serial number it used.
    pub(crate) fn dukpt_pin_block(
        &mut self,
        index: u8,
        entry: &PinEntry,
        account: &str,
    ) -> Result<([u8; 8], [u8; 10]), KeyError> {
        let register = self.register(Register::Pin, index)?;
        register.step().ok_or(KeyError::Spent)?;
        let block = encipher(register.pin_key().as_slice(), *entry.format0(account));
        Ok((block, register.serial()))
    }

    /// Data enciphered under the next DUKPT data key, and the serial number it used.
    pub(crate) fn dukpt_data(
        &mut self,
        index: u8,
        data: &[u8],
        chaining: Chaining,
    ) -> Result<(Vec<u8>, [u8; 10]), KeyError> {
        let register = self.register(Register::Data, index)?;
        register.step().ok_or(KeyError::Spent)?;
        let key = Secret::new(register.data_key().as_slice())?;
        Ok((key.encipher_all(data, chaining), register.serial()))
    }

    fn register(&mut self, register: Register, index: u8) -> Result<&mut Dukpt, KeyError> {
        self.registers
            .get_mut(&(register, index))
            .ok_or(KeyError::Absent)
    }

    fn put(&mut self, slot: Slot, secret: Result<Secret, KeyError>) {
        self.keys
            .insert(slot, secret.expect("the test keys have a right length"));
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kcvs = self.keys.iter().map(|(slot, key)| (slot, key.kcv()));
        f.debug_map().entries(kcvs).finish()
    }
}

/// Where a teaching pad keeps the master key of the first terminal on the simulator's stage.
pub const STAGE_MASTER: u8 = 9;
/// That key; published (code456.com/article/3026509), and the same as in `scenarios/keys.json`.
const STAGE: [u8; 16] = 0xCA5D_9259_8DCA_48CE_8A4C_7636_1A92_69E9_u128.to_be_bytes();
/// The published test keys (`tests/vectors/pinpad-vectors.txt`).
const DOUBLE: [u8; 16] = 0x0123_4567_89AB_CDEF_FEDC_BA98_7654_3210_u128.to_be_bytes();
const SINGLE: [u8; 8] = 0x0123_4567_89AB_CDEF_u64.to_be_bytes();
const INITIAL: [u8; 16] = 0x6AC2_92FA_A131_5B4D_858A_B3A3_D7D5_933A_u128.to_be_bytes();
const SERIAL: [u8; 10] = [0xFF, 0xFF, 0x98, 0x76, 0x54, 0x32, 0x10, 0xE0, 0x00, 0x00];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_values_are_the_published_ones_and_debug_shows_no_key() {
        let vault = Vault::teaching(Protocol::Abecs);
        assert_eq!(vault.kcv(Slot::AbecsPin(0)).as_deref(), Some("08D7B4"));
        let shown = format!("{vault:?}");
        assert!(shown.contains("08D7B4") && !shown.contains("0123456789"));
    }

    #[test]
    fn wiping_leaves_nothing() {
        let mut vault = Vault::teaching(Protocol::Abecs);
        vault.wipe();
        assert!(!vault.has(Slot::AbecsPin(0)) && vault.serial(Register::Pin, 1).is_none());
        assert_eq!(
            vault.load(Slot::Master(0), &[0; 7]),
            Err(KeyError::Length { found: 7 })
        );
    }
}
