//! TDES DUKPT (ANSI X9.24-1:2009): transaction keys and their variants.
//!
//! The key serial number is ten bytes: 59 bits name the terminal, 21 count. Each set bit of the
//! counter, from the top, turns the key before it into the next.
//!
//! ```text
//! KSN  FFFF9876543210E 00001     IK = f(BDK, KSN with counter 0)
//!      '-- terminal --' counter   key = for each set bit: key' = g(key, KSN with bits so far)
//! ```
//!
//! **Source** ANSI X9.24-1:2009 annex A through openemv's and jPOS's published vectors.

use crate::crypto::cipher::{BlockCipher, Cipher64, join, xor};
use crate::crypto::error::CryptoError;
use crate::crypto::working::{Flow, Working, key as whole, octets};
use std::fmt;

/// The most one-bits a counter has on a conforming terminal.
pub const MAX_COUNTER_BITS: u32 = 10;

const COUNTER_MASK: u64 = 0x1F_FFFF;
const IK_MASK: [u8; 16] = [
    0xC0, 0xC0, 0xC0, 0xC0, 0, 0, 0, 0, 0xC0, 0xC0, 0xC0, 0xC0, 0, 0, 0, 0,
];

/// A key serial number of ten bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Ksn {
    bytes: [u8; 10],
}

impl Ksn {
    /// Reads a serial number.
    ///
    /// **Errors** `KSN_LENGTH` unless 10 bytes.
    pub fn new(bytes: &[u8]) -> Result<Self, CryptoError> {
        let refuse = CryptoError::KsnLength {
            expected: 10,
            found: bytes.len(),
        };
        bytes
            .try_into()
            .map(|bytes| Self { bytes })
            .map_err(|_| refuse)
    }

    /// The bytes, counter included.
    pub fn bytes(&self) -> &[u8; 10] {
        &self.bytes
    }

    /// The transaction counter, 21 bits.
    pub fn counter(&self) -> u32 {
        (self.right() & COUNTER_MASK) as u32
    }

    /// The same terminal with another counter.
    pub fn with_counter(&self, counter: u32) -> Self {
        let right = self.right() & !COUNTER_MASK | u64::from(counter) & COUNTER_MASK;
        let [a, b, ..] = self.bytes;
        let [c, d, e, f, g, h, i, j] = right.to_be_bytes();
        Self {
            bytes: [a, b, c, d, e, f, g, h, i, j],
        }
    }

    /// The eight rightmost bytes, which the derivation works on.
    fn right(&self) -> u64 {
        let [_, _, right @ ..] = self.bytes;
        u64::from_be_bytes(right)
    }

    /// A transaction's counter: not zero, not more one-bits than a terminal sends.
    ///
    /// **Errors** `COUNTER_ZERO`, `COUNTER_BITS`.
    pub fn check_counter(&self) -> Result<(), CryptoError> {
        let found = self.counter().count_ones();
        match found {
            0 => Err(CryptoError::CounterZero),
            1..=MAX_COUNTER_BITS => Ok(()),
            _ => Err(CryptoError::CounterBits {
                max: MAX_COUNTER_BITS,
                found,
            }),
        }
    }
}

impl fmt::Debug for Ksn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ksn({})", hex::encode_upper(self.bytes))
    }
}

/// The initial key of a terminal: what is injected into it.
///
/// **Errors** `KEY_LENGTH` unless the BDK is 16 bytes.
pub fn initial_key(bdk: &[u8], ksn: Ksn, working: &mut Working) -> Result<[u8; 16], CryptoError> {
    let refuse = CryptoError::KeyLength {
        allowed: "16",
        found: bdk.len(),
    };
    let base: [u8; 16] = bdk.try_into().map_err(|_| refuse)?;
    let [id @ .., _, _] = ksn.with_counter(0).bytes;
    let left = Cipher64::double(&base).encrypt(id);
    let right = Cipher64::double(&xor(&base, &IK_MASK)).encrypt(id);
    let ik = join(left, right);
    let inputs = [
        octets("ksn", &ksn.bytes).flow(Flow::Whole),
        whole("bdk", bdk),
    ];
    working.step("ik", "ik = E(bdk, id) || E(bdk XOR C0.., id)", &inputs, &ik);
    Ok(ik)
}

/// The key of one transaction, from the initial key; also what others call the "PEK".
///
/// **Errors** `COUNTER_ZERO`, `COUNTER_BITS`.
pub fn transaction_key(
    ik: [u8; 16],
    ksn: Ksn,
    working: &mut Working,
) -> Result<[u8; 16], CryptoError> {
    ksn.check_counter()?;
    let mut register = ksn.right() & !COUNTER_MASK;
    let mut key = ik;
    let mut name = "ik".to_owned();
    for bit in (0..21).rev().map(|shift| 1u64 << shift) {
        if u64::from(ksn.counter()) & bit == 0 {
            continue;
        }
        register |= bit;
        let next = non_reversible(key, register.to_be_bytes());
        if working.is_recording() {
            let row = format!("key_{:06X}", register & COUNTER_MASK);
            let data = register.to_be_bytes();
            let from = [octets("ksn", &ksn.bytes).flow(Flow::From(2))];
            let formula = "register = KSN, counter bits up to this one";
            working.step("register", formula, &from, &data);
            let inputs = [whole(&name, &key), whole("register", &data)];
            working.step(
                &row,
                "key = f(key before, register with this bit)",
                &inputs,
                &next,
            );
            name = row;
        }
        key = next;
    }
    working.step(
        "txn_key",
        "txn_key = key of the last set bit",
        &[octets(&name, &key)],
        &key,
    );
    Ok(key)
}

/// The non-reversible key generation of the standard.
fn non_reversible(key: [u8; 16], register: [u8; 8]) -> [u8; 16] {
    let right = half_step(&key, register);
    let left = half_step(&xor(&key, &IK_MASK), register);
    join(left, right)
}

fn half_step(key: &[u8; 16], register: [u8; 8]) -> [u8; 8] {
    let [l0, l1, l2, l3, l4, l5, l6, l7, right @ ..] = *key;
    let cipher = Cipher64::single(&[l0, l1, l2, l3, l4, l5, l6, l7]);
    xor(&cipher.encrypt(xor(&register, &right)), &right)
}

/// What a transaction key is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Usage {
    /// PIN blocks.
    Pin,
    /// MAC of a request.
    MacRequest,
    /// MAC of a response.
    MacResponse,
    /// Data of a request.
    DataRequest,
    /// Data of a response.
    DataResponse,
}

impl Usage {
    /// The byte of each half that is flipped, counted from 0.
    fn place(self) -> usize {
        match self {
            Self::Pin => 7,
            Self::MacRequest => 6,
            Self::MacResponse => 4,
            Self::DataRequest => 5,
            Self::DataResponse => 3,
        }
    }
}

/// The transaction key with the mask of a usage: the key itself for PIN and MAC.
pub fn variant(txn_key: &[u8; 16], usage: Usage) -> [u8; 16] {
    let mut out = *txn_key;
    for half in out.as_chunks_mut::<8>().0 {
        if let Some(byte) = half.get_mut(usage.place()) {
            *byte ^= 0xFF;
        }
    }
    out
}

/// A data key: the variant enciphered under itself, which many implementations forget.
pub fn data_key(txn_key: &[u8; 16], usage: Usage) -> [u8; 16] {
    let variant = variant(txn_key, usage);
    let cipher = Cipher64::double(&variant);
    let mut out = variant;
    out.as_chunks_mut::<8>()
        .0
        .iter_mut()
        .for_each(|half| *half = cipher.encrypt(*half));
    out
}

/// The key a terminal or host uses, prepared from BDK and serial number in one go.
///
/// **Errors** `KEY_LENGTH`, `COUNTER_ZERO`, `COUNTER_BITS`.
pub fn working_key(bdk: &[u8], ksn: Ksn, usage: Usage) -> Result<[u8; 16], CryptoError> {
    let off = &mut Working::off();
    let txn_key = transaction_key(initial_key(bdk, ksn, off)?, ksn, off)?;
    Ok(match usage {
        Usage::Pin | Usage::MacRequest | Usage::MacResponse => variant(&txn_key, usage),
        Usage::DataRequest | Usage::DataResponse => data_key(&txn_key, usage),
    })
}

/// Enciphers a clear PIN block with the PIN variant.
pub fn encipher_pin_block(txn_key: &[u8; 16], clear: [u8; 8], working: &mut Working) -> [u8; 8] {
    let pin_key = variant(txn_key, Usage::Pin);
    let out = Cipher64::double(&pin_key).encrypt(clear);
    working.step(
        "pin_variant",
        "pin_variant = txn_key XOR 00..FF 00..FF",
        &[octets("txn_key", txn_key)],
        &pin_key,
    );
    let inputs = [
        octets("pin_block", &clear).flow(Flow::Whole),
        whole("pin_variant", &pin_key),
    ];
    working.step("out", "out = E(pin_variant, pin_block)", &inputs, &out);
    out
}

/// A data key ready for use.
pub fn data_cipher(key: &[u8; 16]) -> BlockCipher {
    BlockCipher::B64(Cipher64::double(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_keys_of_the_standards_example() {
        let hex = |text: &str| hex::decode(text).unwrap();
        let bdk = hex("0123456789ABCDEFFEDCBA9876543210");
        let ksn = Ksn::new(&hex("FFFF9876543210E00001")).unwrap();
        let ik = initial_key(&bdk, ksn, &mut Working::off()).unwrap();
        assert_eq!(ik.to_vec(), hex("6AC292FAA1315B4D858AB3A3D7D5933A"));
        let key = transaction_key(ik, ksn, &mut Working::off()).unwrap();
        assert_eq!(key.to_vec(), hex("042666B49184CFA368DE9628D0397BC9"));
        assert_eq!(
            data_key(&key, Usage::DataRequest).to_vec(),
            hex("448D3F076D8304036A55A3D7E0055A78")
        );
    }

    #[test]
    fn a_counter_with_eleven_bits_is_refused() {
        let ksn = Ksn::new(&hex::decode("FFFF9876543210E007FF").unwrap()).unwrap();
        assert_eq!(
            ksn.check_counter(),
            Err(CryptoError::CounterBits { max: 10, found: 11 })
        );
    }
}
