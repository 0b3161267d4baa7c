//! What payment crypto refuses, one variant per reason, each with its stable code.
//!
//! The codes are those of the published vector set, so that a program can compare them; the
//! sentence says what was expected, what came, and no value of a key or a PIN.

use std::fmt;

/// A refusal of a cryptographic operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CryptoError {
    /// The authorisation response code of ARPC method 1 is not two bytes.
    ArcLength {
        /// Bytes given.
        found: usize,
    },
    /// The application cryptogram is not eight bytes.
    ArqcLength {
        /// Bytes given.
        found: usize,
    },
    /// The application transaction counter is not two bytes.
    AtcLength {
        /// Bytes given.
        found: usize,
    },
    /// A PIN block has the wrong length.
    BlockLength {
        /// Bytes the format has.
        expected: usize,
        /// Bytes given.
        found: usize,
    },
    /// Key components differ in length, or there are none.
    ComponentLength,
    /// The first nibble of a PIN block is not that of its format.
    ControlNibble {
        /// The nibble of the format.
        expected: u8,
        /// The nibble found.
        found: u8,
    },
    /// A DUKPT counter has more one-bits than a terminal ever sends.
    CounterBits {
        /// One-bits allowed.
        max: u32,
        /// One-bits found.
        found: u32,
    },
    /// A DUKPT counter is zero: that names the initial key, not a transaction.
    CounterZero,
    /// The card status update of ARPC method 2 is not four bytes.
    CsuLength {
        /// Bytes given.
        found: usize,
    },
    /// Data for a block cipher mode is empty or not whole blocks.
    DataLength {
        /// Bytes of one block.
        block: usize,
        /// Bytes given.
        found: usize,
    },
    /// A decimalisation table is not sixteen digits.
    DecimalisationTable,
    /// The diversification value of a session key is not eight bytes.
    DiversificationLength {
        /// Bytes given.
        found: usize,
    },
    /// An expiry date is not four digits.
    Expiry,
    /// Filling of a PIN block is not what its format allows.
    Fill,
    /// An initial vector is not one block.
    IvLength {
        /// Bytes of one block.
        expected: usize,
        /// Bytes given.
        found: usize,
    },
    /// The key check value method has no such name.
    KcvMethod,
    /// A delivered key's check value is not that of the key.
    KcvMismatch {
        /// Short name of the key's role.
        role: &'static str,
    },
    /// A delivered UnionPay key block has a length no layout has.
    KeyBlockLength {
        /// Bytes given.
        found: usize,
    },
    /// A key has a length its algorithm does not take.
    KeyLength {
        /// Lengths that are allowed, in words.
        allowed: &'static str,
        /// Bytes given.
        found: usize,
    },
    /// A key serial number has the wrong length.
    KsnLength {
        /// Bytes expected.
        expected: usize,
        /// Bytes given.
        found: usize,
    },
    /// There is no MAC algorithm of that number.
    MacAlg,
    /// MAC algorithm 4 needs at least two blocks.
    MacAlg4TooShort,
    /// A MAC to verify is empty, too short or too long.
    MacLength {
        /// Bytes given.
        found: usize,
    },
    /// A PIN offset is not four to sixteen digits.
    Offset,
    /// A pad character is not one hexadecimal digit.
    PadChar,
    /// There is no padding method of that number.
    PadMethod,
    /// A PAN is not digits, or too long for the calculation.
    Pan,
    /// A PAN has a length no card has.
    PanLength {
        /// Digits given.
        found: usize,
    },
    /// A PAN has something else than digits.
    PanNotNumeric,
    /// A PAN has more digits than the calculation takes.
    PanTooLong {
        /// Digits allowed.
        max: usize,
        /// Digits given.
        found: usize,
    },
    /// A PAN has fewer digits than the calculation needs.
    PanTooShort {
        /// Digits needed.
        min: usize,
        /// Digits given.
        found: usize,
    },
    /// A PIN has a length its format does not take.
    PinLength {
        /// Digits given.
        found: usize,
    },
    /// The length nibble of a PIN block is out of range.
    PinLengthNibble {
        /// The nibble found.
        found: u8,
    },
    /// A PIN has something else than digits.
    PinNotNumeric,
    /// Proprietary authentication data of ARPC method 2 is longer than eight bytes.
    ProprietaryDataLength {
        /// Bytes given.
        found: usize,
    },
    /// A PIN verification key indicator is not one digit.
    Pvki,
    /// A service code is not three digits.
    ServiceCode,
    /// A key block's length field, or a length in it, is not that of the block.
    Tr31Length,
    /// A key block's MAC is wrong: another key, or a changed block.
    Tr31Mac,
    /// An optional block of a key block is malformed.
    Tr31OptBlock,
    /// A key block has a version this key or this program does not take.
    Tr31Version,
    /// A track is too short to hold an enciphered block.
    TrackLength {
        /// Nibbles given.
        found: usize,
    },
    /// A key tree cannot reach the counter.
    TreeTooSmall,
    /// The validation data lies outside the PAN.
    ValidationRange,
    /// A key variant is out of range.
    Variant,
    /// A derived key would be stronger than the key it comes from.
    WorkingKeyStrongerThanBdk,
}

impl CryptoError {
    /// The stable code, as the vector set names it.
    pub fn code(self) -> &'static str {
        match self {
            Self::ArcLength { .. } => "ARC_LENGTH",
            Self::ArqcLength { .. } => "ARQC_LENGTH",
            Self::AtcLength { .. } => "ATC_LENGTH",
            Self::BlockLength { .. } => "BLOCK_LENGTH",
            Self::ComponentLength => "COMPONENT_LENGTH",
            Self::ControlNibble { .. } => "CONTROL_NIBBLE",
            Self::CounterBits { .. } => "COUNTER_BITS",
            Self::CounterZero => "COUNTER_ZERO",
            Self::CsuLength { .. } => "CSU_LENGTH",
            Self::DataLength { .. } => "DATA_LENGTH",
            Self::DecimalisationTable => "DECIMALISATION_TABLE",
            Self::DiversificationLength { .. } => "DIVERSIFICATION_LENGTH",
            Self::Expiry => "EXPIRY",
            Self::Fill => "FILL",
            Self::IvLength { .. } => "IV_LENGTH",
            Self::KcvMethod => "KCV_METHOD",
            Self::KcvMismatch { .. } => "KCV_MISMATCH",
            Self::KeyBlockLength { .. } => "KEY_BLOCK_LENGTH",
            Self::KeyLength { .. } => "KEY_LENGTH",
            Self::KsnLength { .. } => "KSN_LENGTH",
            Self::MacAlg => "MAC_ALG",
            Self::MacAlg4TooShort => "MAC_ALG4_TOO_SHORT",
            Self::MacLength { .. } => "MAC_LENGTH",
            Self::Offset => "OFFSET",
            Self::PadChar => "PAD_CHAR",
            Self::PadMethod => "PAD_METHOD",
            Self::Pan => "PAN",
            Self::PanLength { .. } => "PAN_LENGTH",
            Self::PanNotNumeric => "PAN_NOT_NUMERIC",
            Self::PanTooLong { .. } => "PAN_TOO_LONG",
            Self::PanTooShort { .. } => "PAN_TOO_SHORT",
            Self::PinLength { .. } => "PIN_LENGTH",
            Self::PinLengthNibble { .. } => "PIN_LENGTH_NIBBLE",
            Self::PinNotNumeric => "PIN_NOT_NUMERIC",
            Self::ProprietaryDataLength { .. } => "PROPRIETARY_DATA_LENGTH",
            Self::Pvki => "PVKI",
            Self::ServiceCode => "SERVICE_CODE",
            Self::Tr31Length => "TR31_LENGTH",
            Self::Tr31Mac => "TR31_MAC",
            Self::Tr31OptBlock => "TR31_OPT_BLOCK",
            Self::Tr31Version => "TR31_VERSION",
            Self::TrackLength { .. } => "TRACK_LENGTH",
            Self::TreeTooSmall => "TREE_TOO_SMALL",
            Self::ValidationRange => "VALIDATION_RANGE",
            Self::Variant => "VARIANT",
            Self::WorkingKeyStrongerThanBdk => "WORKING_KEY_STRONGER_THAN_BDK",
        }
    }
}

impl fmt::Display for CryptoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ArcLength { found } => write!(f, "ARC is 2 bytes, have {found}"),
            Self::ArqcLength { found } => write!(f, "cryptogram is 8 bytes, have {found}"),
            Self::AtcLength { found } => write!(f, "ATC is 2 bytes, have {found}"),
            Self::BlockLength { expected, found } => {
                write!(f, "PIN block is {expected} bytes, have {found}")
            }
            Self::ControlNibble { expected, found } => write!(
                f,
                "control nibble is {expected:X} in this format, found {found:X} (often a wrong key)"
            ),
            Self::CounterBits { max, found } => {
                write!(
                    f,
                    "counter has {found} one-bits, a terminal sends at most {max}"
                )
            }
            Self::CsuLength { found } => write!(f, "CSU is 4 bytes, have {found}"),
            Self::DataLength { block, found } => {
                write!(
                    f,
                    "data is whole blocks of {block} bytes, have {found} bytes"
                )
            }
            Self::DiversificationLength { found } => {
                write!(f, "diversification value is 8 bytes, have {found}")
            }
            Self::IvLength { expected, found } => {
                write!(f, "initial vector is {expected} bytes, have {found}")
            }
            Self::KcvMismatch { role } => {
                write!(
                    f,
                    "check value of the {role} is not that of the key: wrong TMK?"
                )
            }
            Self::KeyBlockLength { found } => {
                write!(f, "UnionPay key block is 24, 40 or 60 bytes, have {found}")
            }
            Self::KeyLength { allowed, found } => {
                write!(f, "key is {allowed} bytes here, have {found}")
            }
            Self::KsnLength { expected, found } => {
                write!(f, "key serial number is {expected} bytes, have {found}")
            }
            Self::MacLength { found } => {
                write!(
                    f,
                    "MAC is at least 4 bytes and no longer than the algorithm's, have {found}"
                )
            }
            Self::PanLength { found } => write!(f, "PAN has {found} digits, which no card has"),
            Self::PanTooLong { max, found } => {
                write!(f, "PAN has at most {max} digits here, have {found}")
            }
            Self::PanTooShort { min, found } => {
                write!(f, "PAN has at least {min} digits here, have {found}")
            }
            Self::PinLength { found } => write!(f, "PIN of {found} digits does not fit the format"),
            Self::PinLengthNibble { found } => {
                write!(
                    f,
                    "PIN length nibble {found:X} is out of range (often a wrong key)"
                )
            }
            Self::ProprietaryDataLength { found } => {
                write!(
                    f,
                    "proprietary authentication data is at most 8 bytes, have {found}"
                )
            }
            Self::TrackLength { found } => {
                write!(
                    f,
                    "track has at least 18 nibbles when enciphered, have {found}"
                )
            }
            other => f.write_str(other.sentence()),
        }
    }
}

impl CryptoError {
    /// The sentence of a variant that carries no figures.
    fn sentence(self) -> &'static str {
        match self {
            Self::ComponentLength => "key components are of one length, 8, 16, 24 or 32 bytes",
            Self::CounterZero => "counter 0 names the initial key, the first transaction is 1",
            Self::DecimalisationTable => "decimalisation table is 16 decimal digits",
            Self::Expiry => "expiry date is 4 digits",
            Self::Fill => "filling is not what the format allows (often a wrong PAN or key)",
            Self::KcvMethod => "no check value method of this name",
            Self::MacAlg => "MAC algorithm is 1 to 5",
            Self::MacAlg4TooShort => "MAC algorithm 4 needs two padded blocks",
            Self::Offset => "PIN offset is 4 to 16 decimal digits",
            Self::PadChar => "pad character is one hexadecimal digit",
            Self::PadMethod => "padding method is 1, 2 or 3",
            Self::Pan => "PAN is at most 19 decimal digits",
            Self::PanNotNumeric => "PAN is decimal digits only",
            Self::PinNotNumeric => "PIN is decimal digits only",
            Self::Pvki => "PIN verification key indicator is one decimal digit",
            Self::ServiceCode => "service code is 3 digits",
            Self::Tr31Length => "a length in the key block is not the block's",
            Self::Tr31Mac => "MAC of the key block is wrong: another key, or a changed block",
            Self::Tr31OptBlock => "an optional block of the key block is malformed",
            Self::Tr31Version => "key block version is A, B or C with TDES and D or E with AES",
            Self::TreeTooSmall => "key tree is too small for the counter",
            Self::ValidationRange => "validation data lies outside the PAN",
            Self::Variant => "variant is 0 to 31",
            Self::WorkingKeyStrongerThanBdk => "a derived key is never stronger than its BDK",
            _ => "refused",
        }
    }
}

impl std::error::Error for CryptoError {}
