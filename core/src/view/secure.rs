//! Fills what only the owner of the keys can fill into a message: the PIN block and the MAC.
//!
//! Apart from [`mac`](super::mac), which checks, because a draft is changed here. The order
//! matters: the MAC covers the PIN block, so it comes last.

use super::mac::{cipher_of, covered, generate};
use crate::codec::{Draft, PackError, Value, dissect, pack};
use crate::crypto::cipher::Algorithm;
use crate::crypto::key::Pik;
use crate::crypto::pin::{Pin, PinCipher, iso};
use crate::crypto::{CryptoError, Key};
use crate::frame::Framing;
use crate::spec::{Coding, Dialect, MacRule, Presence};
use crate::value::Track2;
use std::fmt;

/// Why a field cannot be filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecureError {
    /// The message cannot be packed.
    Pack(PackError),
    /// The key or the PIN does not fit.
    Crypto(CryptoError),
    /// The block is bound to a card number, and the message has none.
    NoPan,
    /// DE53 of the message says that there is no PIN.
    NoPinSaid,
    /// An SM4 block has sixteen bytes, DE52 eight.
    Sm4Pin,
}

impl From<CryptoError> for SecureError {
    fn from(error: CryptoError) -> Self {
        Self::Crypto(error)
    }
}

impl fmt::Display for SecureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pack(error) => error.fmt(f),
            Self::Crypto(error) => error.fmt(f),
            Self::NoPan => f.write_str("DE52: a PIN block needs the card number of DE2 or DE35"),
            Self::NoPinSaid => f.write_str("DE53: its first digit says that there is no PIN"),
            Self::Sm4Pin => f.write_str(
                "DE52: an SM4 PIN block has 16 bytes, the field 8; no public source says how \
                 DE59 carries it",
            ),
        }
    }
}

impl std::error::Error for SecureError {}

/// Fills DE52 with the PIN under a PIN key, in format 0; without the card number where the
/// UnionPay DE53 says so. A DE53 that is absent is written, since it tells the host the format.
///
/// **Errors** [`SecureError`]; `KEY_LENGTH`, `PAN_*` of the block.
///
/// **Source** practice: DE53 is format (1 without, 2 with card number), algorithm (0 DES, 6
/// double-length), track (0 clear), zeros.
pub fn fill_pin(
    dialect: &Dialect,
    draft: &mut Draft<'_>,
    pik: &[u8],
    cipher: Option<Algorithm>,
    pin: &Pin,
) -> Result<(), SecureError> {
    let union_pay = dialect.mac == MacRule::UnionPay;
    let said = draft.get(53).filter(|_| union_pay).map(str::to_owned);
    let digit = |at: usize| said.as_deref().and_then(|text| text.get(at..=at));
    if cipher == Some(Algorithm::Sm4) || digit(1) == Some("3") {
        return Err(SecureError::Sm4Pin);
    }
    let clear = match digit(0) {
        Some("0") => return Err(SecureError::NoPinSaid),
        Some("1") => iso::encode_without_pan(pin),
        _ => iso::encode_iso0(pin, &pan(draft).ok_or(SecureError::NoPan)?)?,
    };
    let block = PinCipher::new(&Key::<Pik>::tdes(pik)?)?.encipher(&clear);
    draft.set(52, octets(dialect, 52, &block.0));
    if union_pay && said.is_none() {
        let algorithm = if pik.len() == 8 { '0' } else { '6' };
        draft.set(53, format!("2{algorithm}{}", "0".repeat(14)));
    }
    Ok(())
}

/// The field that holds the MAC of a message: the last one of its bitmaps.
#[must_use]
pub fn mac_field(draft: &Draft<'_>) -> u8 {
    let far = draft.fields().any(|(de, _)| de > 64);
    if far { 128 } else { 64 }
}

/// Whether the dialect's tables give a message such a field; it may have any where there are
/// none. A message that stands in no row has it unless it is one of network management.
///
/// **Errors** [`SecureError::Pack`].
pub fn carries(dialect: &Dialect, draft: &Draft<'_>, de: u8) -> Result<bool, SecureError> {
    let bytes = pack(dialect, draft).map_err(SecureError::Pack)?;
    let tree = dissect(dialect, &bytes, &Framing::default());
    let Some(rule) = tree.rule() else {
        let network = draft.mti().starts_with("08");
        return Ok(dialect.messages.is_empty() || !network);
    };
    let mut own = rule.fields.iter().filter(|(own, _)| *own == de);
    Ok(own.any(|(_, presence)| *presence != Presence::Never))
}

/// Fills the last field with the MAC over everything before it.
///
/// **Errors** [`SecureError`]; `KEY_LENGTH`.
pub fn fill_mac(
    dialect: &Dialect,
    draft: &mut Draft<'_>,
    mak: &[u8],
    cipher: Option<Algorithm>,
) -> Result<(), SecureError> {
    let de = mac_field(draft);
    draft.set(de, octets(dialect, de, &[0; 8]));
    let bytes = pack(dialect, draft).map_err(SecureError::Pack)?;
    let tree = dissect(dialect, &bytes, &Framing::default());
    let cipher = cipher.unwrap_or_else(|| cipher_of(&tree));
    let range = covered(&tree).map(|covered| covered.data.byte_range());
    let data = range.and_then(|range| bytes.get(range)).unwrap_or_default();
    let mac = generate(dialect.mac, cipher, mak, data)?;
    draft.set(de, octets(dialect, de, &mac));
    Ok(())
}

/// The card number of a message: its own field, else that of track 2.
fn pan(draft: &Draft<'_>) -> Option<String> {
    let track = || Track2::parse(draft.get(35)?).ok();
    let own = draft.get(2).map(str::to_owned);
    own.or_else(|| Some(track()?.pan().reveal().to_owned()))
}

/// Eight octets as the value of a field: hexadecimal, or characters where the field has those.
fn octets(dialect: &Dialect, de: u8, octets: &[u8; 8]) -> Value<'static> {
    let coding = dialect.wire(de).map(|wire| wire.coding);
    match coding {
        Some(Coding::Chars(charset)) => Value::from(charset.decode(octets)),
        _ => Value::from(hex::encode_upper(octets)),
    }
}
