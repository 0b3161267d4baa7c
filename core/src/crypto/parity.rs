//! Parity and weakness of DES keys: what a key's bytes say about themselves.
//!
//! Findings are warnings, never refusals: test keys are often weak on purpose.

use super::error::CryptoError;

/// The key with every byte brought to odd parity by its lowest bit.
pub fn odd(key: &[u8]) -> Vec<u8> {
    key.iter().map(|&byte| odd_byte(byte)).collect()
}

/// One byte brought to odd parity.
pub fn odd_byte(byte: u8) -> u8 {
    if byte.count_ones().is_multiple_of(2) {
        byte ^ 1
    } else {
        byte
    }
}

/// Whether every byte has odd parity.
pub fn is_odd(key: &[u8]) -> bool {
    key.iter().all(|byte| byte.count_ones() % 2 == 1)
}

/// Something about a key that a person should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Finding {
    /// A byte has even parity.
    Parity,
    /// A part is one of the four keys that decipher what they encipher.
    Weak,
    /// A part is one of the twelve keys that undo another.
    SemiWeak,
    /// A part is one of the 48 keys with only four round keys.
    PossiblyWeak,
    /// All parts are equal: really single DES.
    SingleLengthReplicated,
    /// Two neighbouring parts are equal: they cancel, single DES is left.
    CollapsesToSingleDes,
    /// The first and third part are equal: really a double-length key.
    TwoKeyInThree,
}

impl Finding {
    /// The stable code, as the vector set names it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Parity => "PARITY",
            Self::Weak => "WEAK",
            Self::SemiWeak => "SEMI_WEAK",
            Self::PossiblyWeak => "POSSIBLY_WEAK",
            Self::SingleLengthReplicated => "SINGLE_LENGTH_REPLICATED",
            Self::CollapsesToSingleDes => "COLLAPSES_TO_SINGLE_DES",
            Self::TwoKeyInThree => "TWO_KEY_IN_THREE",
        }
    }
}

/// Looks a DES or triple DES key over; weak keys are found whatever their parity bits.
///
/// **Errors** `KEY_LENGTH` unless 8, 16 or 24 bytes.
pub fn check(key: &[u8]) -> Result<Vec<Finding>, CryptoError> {
    let refuse = CryptoError::KeyLength {
        allowed: "8, 16 or 24",
        found: key.len(),
    };
    let (parts, rest) = key.as_chunks::<8>();
    if !rest.is_empty() || !(1..=3).contains(&parts.len()) {
        return Err(refuse);
    }
    let mut found = Vec::new();
    if !is_odd(key) {
        found.push(Finding::Parity);
    }
    for part in parts {
        if let Some(weakness) = weakness(part)
            && !found.contains(&weakness)
        {
            found.push(weakness);
        }
    }
    let adjusted: Vec<[u8; 8]> = parts.iter().map(|part| part.map(odd_byte)).collect();
    match adjusted.as_slice() {
        [a, b] if a == b => found.push(Finding::SingleLengthReplicated),
        [a, b, c] if a == b && b == c => found.push(Finding::SingleLengthReplicated),
        [a, b, c] if a == b || b == c => found.push(Finding::CollapsesToSingleDes),
        [a, _, c] if a == c => found.push(Finding::TwoKeyInThree),
        _ => {}
    }
    Ok(found)
}

/// The 64 keys of NIST SP 800-67 in one rule: their bytes are 01, 1F, E0 or FE (right half 01,
/// 0E, F1 or FE), the halves name the same four codes, and the XOR of the four codes is zero.
pub fn weakness(part: &[u8; 8]) -> Option<Finding> {
    let adjusted = part.map(odd_byte);
    let [left @ .., _, _, _, _] = adjusted;
    let [_, _, _, _, right @ ..] = adjusted;
    let codes = left.map(|byte| [0x01, 0x1F, 0xE0, 0xFE].iter().position(|&b| b == byte));
    let mirror = right.map(|byte| [0x01, 0x0E, 0xF1, 0xFE].iter().position(|&b| b == byte));
    let [Some(a), Some(b), Some(c), Some(d)] = codes else {
        return None;
    };
    if codes != mirror || a ^ b ^ c ^ d != 0 {
        return None;
    }
    Some(match (a == b, a == c) {
        (true, true) => Finding::Weak,
        (false, true) => Finding::SemiWeak,
        _ => Finding::PossiblyWeak,
    })
}
