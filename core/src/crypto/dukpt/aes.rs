//! AES DUKPT (ANSI X9.24-3): every key from sixteen bytes of derivation data with five fields.
//!
//! ```text
//! 01  block  usage(2)  algorithm(2)  length in bits(2)  id(8): IK id, or derivation id + counter
//! ```
//!
//! **Source** the supplement's published values through openemv's tests; the text was not read.

use crate::crypto::cipher::Cipher128;
use crate::crypto::error::CryptoError;
use crate::crypto::working::{Flow, Working, key as whole, octets};
use std::fmt;
use zeroize::Zeroizing;

/// The most one-bits a counter has on a conforming terminal.
pub const MAX_COUNTER_BITS: u32 = 16;

/// A key serial number of twelve bytes: eight name the key, four count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Ksn {
    ik_id: [u8; 8],
    counter: u32,
}

impl Ksn {
    /// Reads a serial number.
    ///
    /// **Errors** `KSN_LENGTH` unless 12 bytes.
    pub fn new(bytes: &[u8]) -> Result<Self, CryptoError> {
        let refuse = CryptoError::KsnLength {
            expected: 12,
            found: bytes.len(),
        };
        let whole: [u8; 12] = bytes.try_into().map_err(|_| refuse)?;
        let [ik_id @ .., a, b, c, d] = whole;
        Ok(Self {
            ik_id,
            counter: u32::from_be_bytes([a, b, c, d]),
        })
    }

    /// The identifier of the initial key.
    pub fn ik_id(&self) -> [u8; 8] {
        self.ik_id
    }

    /// The transaction counter.
    pub fn counter(&self) -> u32 {
        self.counter
    }

    /// The same key with another counter.
    pub fn with_counter(self, counter: u32) -> Self {
        Self { counter, ..self }
    }

    fn check_counter(&self) -> Result<(), CryptoError> {
        match self.counter.count_ones() {
            0 => Err(CryptoError::CounterZero),
            1..=MAX_COUNTER_BITS => Ok(()),
            found => Err(CryptoError::CounterBits {
                max: MAX_COUNTER_BITS,
                found,
            }),
        }
    }

    /// As [`derivation_id`](Self::derivation_id), taken down.
    fn noted_id(&self, counter: u32, working: &mut Working) -> [u8; 8] {
        let id = self.derivation_id(counter);
        let own = [self.ik_id.as_slice(), &self.counter.to_be_bytes()].concat();
        let inputs = [octets("ksn", &own).flow(Flow::From(4))];
        working.step("id", "id = end of the KSN, counter so far", &inputs, &id);
        id
    }

    /// The right half of the identifier and a counter: what all keys but the first are made from.
    fn derivation_id(&self, counter: u32) -> [u8; 8] {
        let [_, _, _, _, a, b, c, d] = self.ik_id;
        let [e, f, g, h] = counter.to_be_bytes();
        [a, b, c, d, e, f, g, h]
    }
}

impl fmt::Debug for Ksn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Ksn({}{:08X})",
            hex::encode_upper(self.ik_id),
            self.counter
        )
    }
}

/// The algorithm a derived key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// Two-key triple DES.
    Tdes2,
    /// Three-key triple DES.
    Tdes3,
    /// AES with 128 bits.
    Aes128,
    /// AES with 192 bits.
    Aes192,
    /// AES with 256 bits.
    Aes256,
    /// HMAC with 128 bits.
    Hmac128,
    /// HMAC with 192 bits.
    Hmac192,
    /// HMAC with 256 bits.
    Hmac256,
}

impl KeyType {
    /// The type of a name such as `AES128`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "TDES2" => Some(Self::Tdes2),
            "TDES3" => Some(Self::Tdes3),
            "AES128" => Some(Self::Aes128),
            "AES192" => Some(Self::Aes192),
            "AES256" => Some(Self::Aes256),
            "HMAC128" => Some(Self::Hmac128),
            "HMAC192" => Some(Self::Hmac192),
            "HMAC256" => Some(Self::Hmac256),
            _ => None,
        }
    }

    /// Length of such a key in bytes.
    pub fn len_bytes(self) -> usize {
        match self {
            Self::Tdes2 | Self::Aes128 | Self::Hmac128 => 16,
            Self::Tdes3 | Self::Aes192 | Self::Hmac192 => 24,
            Self::Aes256 | Self::Hmac256 => 32,
        }
    }

    fn indicator(self) -> u16 {
        match self {
            Self::Tdes2 => 0,
            Self::Tdes3 => 1,
            Self::Aes128 => 2,
            Self::Aes192 => 3,
            Self::Aes256 => 4,
            Self::Hmac128 | Self::Hmac192 | Self::Hmac256 => 5,
        }
    }

    /// The AES type of a key of this many bytes.
    fn aes_of(len: usize) -> Result<Self, CryptoError> {
        match len {
            16 => Ok(Self::Aes128),
            24 => Ok(Self::Aes192),
            32 => Ok(Self::Aes256),
            found => Err(CryptoError::KeyLength {
                allowed: "16, 24 or 32",
                found,
            }),
        }
    }
}

/// What a derived key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Usage {
    /// Enciphers keys.
    KeyEncryption,
    /// PIN blocks.
    Pin,
    /// Generates MACs.
    MacGeneration,
    /// Verifies MACs.
    MacVerification,
    /// Both ways of a MAC.
    MacBoth,
    /// Enciphers data.
    DataEncryption,
    /// Deciphers data.
    DataDecryption,
    /// Both ways of data.
    DataBoth,
    /// A key further keys come from.
    Derivation,
    /// The initial key.
    InitialKey,
}

impl Usage {
    /// The usage of a name such as `PIN` or `DATA_ENC`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "KEK" => Some(Self::KeyEncryption),
            "PIN" => Some(Self::Pin),
            "MAC_GEN" => Some(Self::MacGeneration),
            "MAC_VER" => Some(Self::MacVerification),
            "MAC_BOTH" => Some(Self::MacBoth),
            "DATA_ENC" => Some(Self::DataEncryption),
            "DATA_DEC" => Some(Self::DataDecryption),
            "DATA_BOTH" => Some(Self::DataBoth),
            _ => None,
        }
    }

    fn indicator(self) -> u16 {
        match self {
            Self::KeyEncryption => 0x0002,
            Self::Pin => 0x1000,
            Self::MacGeneration => 0x2000,
            Self::MacVerification => 0x2001,
            Self::MacBoth => 0x2002,
            Self::DataEncryption => 0x3000,
            Self::DataDecryption => 0x3001,
            Self::DataBoth => 0x3002,
            Self::Derivation => 0x8000,
            Self::InitialKey => 0x8001,
        }
    }
}

/// The derivation data of the first block of a key.
pub fn derivation_data(usage: Usage, key_type: KeyType, id: [u8; 8]) -> [u8; 16] {
    let [u0, u1] = usage.indicator().to_be_bytes();
    let [t0, t1] = key_type.indicator().to_be_bytes();
    let [l0, l1] = (key_type.len_bytes() as u16 * 8).to_be_bytes();
    let [i0, i1, i2, i3, i4, i5, i6, i7] = id;
    [1, 1, u0, u1, t0, t1, l0, l1, i0, i1, i2, i3, i4, i5, i6, i7]
}

/// Derives one key from another.
fn derive(
    from: &[u8],
    usage: Usage,
    key_type: KeyType,
    id: [u8; 8],
    name: &str,
    working: &mut Working,
) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    let cipher = Cipher128::aes(from)?;
    let mut data = derivation_data(usage, key_type, id);
    working.step(
        "derivation_data",
        "01 block usage algorithm bits id",
        &[octets("id", &id).flow(Flow::Into(8))],
        &data,
    );
    let mut out = Zeroizing::new(Vec::with_capacity(32));
    for block in 1..=key_type.len_bytes().div_ceil(16) {
        data[1] = block as u8;
        out.extend(cipher.encrypt(data));
    }
    out.truncate(key_type.len_bytes());
    let inputs = [
        octets("derivation_data", &data).flow(Flow::Whole),
        whole("from", from),
    ];
    working.step(
        name,
        "key = AES(from, derivation_data), a block for each 16 bytes",
        &inputs,
        &out,
    );
    Ok(out)
}

/// The initial key of a terminal.
///
/// **Errors** `KEY_LENGTH` unless 16, 24 or 32 bytes.
pub fn initial_key(
    bdk: &[u8],
    ik_id: [u8; 8],
    working: &mut Working,
) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    derive(
        bdk,
        Usage::InitialKey,
        KeyType::aes_of(bdk.len())?,
        ik_id,
        "ik",
        working,
    )
}

/// The key of one transaction, from which its working keys come.
///
/// **Errors** `KEY_LENGTH`, `COUNTER_ZERO`, `COUNTER_BITS`.
pub fn transaction_key(
    ik: &[u8],
    ksn: Ksn,
    working: &mut Working,
) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    ksn.check_counter()?;
    walk(ik, ksn, working)
}

/// Derives along the set bits of the counter, however many there are.
fn walk(ik: &[u8], ksn: Ksn, working: &mut Working) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    let key_type = KeyType::aes_of(ik.len())?;
    let mut key = Zeroizing::new(ik.to_vec());
    let mut counter = 0;
    for bit in (0..32).rev().map(|shift| 1u32 << shift) {
        if ksn.counter & bit == 0 {
            continue;
        }
        counter |= bit;
        let id = ksn.noted_id(counter, working);
        let row = if working.is_recording() {
            format!("key_{counter:08X}")
        } else {
            String::new()
        };
        key = derive(&key, Usage::Derivation, key_type, id, &row, working)?;
    }
    working.step(
        "txn_key",
        "txn_key = key of the last set bit",
        &[octets("key", &key)],
        &key,
    );
    Ok(key)
}

/// A working key of one transaction.
///
/// **Errors** those of [`transaction_key`]; `WORKING_KEY_STRONGER_THAN_BDK`.
pub fn working_key(
    txn_key: &[u8],
    ksn: Ksn,
    usage: Usage,
    key_type: KeyType,
    working: &mut Working,
) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    if key_type.len_bytes() > txn_key.len() {
        return Err(CryptoError::WorkingKeyStrongerThanBdk);
    }
    derive(
        txn_key,
        usage,
        key_type,
        ksn.noted_id(ksn.counter, working),
        "key",
        working,
    )
}

/// The derivation data a working key is made from.
pub fn working_data(ksn: Ksn, usage: Usage, key_type: KeyType) -> [u8; 16] {
    derivation_data(usage, key_type, ksn.derivation_id(ksn.counter))
}

/// The key that enciphers a new initial key for the terminal: counter of all ones.
///
/// **Errors** `KEY_LENGTH`.
pub fn update_key(
    ik: &[u8],
    ik_id: [u8; 8],
    key_type: KeyType,
    working: &mut Working,
) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    let ksn = Ksn {
        ik_id,
        counter: u32::MAX,
    };
    let last = walk(ik, ksn, working)?;
    derive(
        &last,
        Usage::KeyEncryption,
        key_type,
        ksn.derivation_id(u32::MAX),
        "key",
        working,
    )
}
