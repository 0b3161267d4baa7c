//! The card: what its stripe and chip say, and the cryptograms its chip really makes.

use super::vault::{CardKey, SessionKey};
use std::sync::Arc;

/// What is printed on, written to and kept inside a card.
#[derive(Clone, Debug)]
pub struct CardProfile {
    /// Number of the card in the cast, and of its account at the issuer.
    pub index: u8,
    /// The name scripts use.
    pub name: String,
    /// PAN.
    pub pan: String,
    /// Card sequence number, three digits.
    pub psn: String,
    /// Expiry, YYMM.
    pub expiry: String,
    /// Track 2 with separator `D`.
    pub track2: String,
    /// Application identifier, hexadecimal.
    pub aid: String,
    /// Card organisation for 63.1: `CUP`, `VIS` …
    pub org: String,
    /// The chip's key.
    pub key: CardKey,
}

impl CardProfile {
    /// The PAN as slips show it: first six and last four.
    pub fn masked(&self) -> String {
        mask(&self.pan)
    }
}

/// First six and last four digits of a PAN, stars between.
pub fn mask(pan: &str) -> String {
    let n = pan.len();
    pan.chars()
        .enumerate()
        .map(|(i, c)| if i < 6 || i + 4 >= n { c } else { '*' })
        .collect()
}

/// A card at the terminal: its profile, and the transaction its chip is in.
#[derive(Clone, Debug)]
pub struct Card {
    /// What the card is.
    pub profile: Arc<CardProfile>,
    /// Application transaction counter of this transaction.
    pub atc: u16,
}

/// What a chip signs: the terminal's view of the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Amount in fen (9F02).
    pub amount: u64,
    /// Terminal verification results (95).
    pub tvr: [u8; 5],
    /// Date YYMMDD (9A) as BCD.
    pub date: [u8; 3],
    /// Transaction type (9C).
    pub kind: u8,
    /// Unpredictable number (9F37).
    pub unpredictable: [u8; 4],
    /// Application transaction counter (9F36).
    pub atc: u16,
}

/// Application interchange profile (82).
pub const AIP: [u8; 2] = [0x7C, 0x00];
/// Card verification results inside 9F10.
pub const CVR: [u8; 4] = [0x03, 0xA0, 0xA0, 0x00];
/// Issuer application data (9F10), own profile: 07, DKI, CVN, CVR, algorithm.
pub const IAD: [u8; 8] = [0x07, 0x01, 0x01, 0x03, 0xA0, 0xA0, 0x00, 0x01];
/// Country and currency: China, yuan.
pub const NUMERIC_156: [u8; 2] = [0x01, 0x56];

impl Signed {
    /// The bytes under the cryptogram: 9F02 9F03 9F1A 95 5F2A 9A 9C 9F37 82 9F36 CVR.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(40);
        out.extend(bcd6(self.amount));
        out.extend([0; 6]);
        out.extend(NUMERIC_156);
        out.extend(self.tvr);
        out.extend(NUMERIC_156);
        out.extend(self.date);
        out.push(self.kind);
        out.extend(self.unpredictable);
        out.extend(AIP);
        out.extend(self.atc.to_be_bytes());
        out.extend(CVR);
        out
    }
}

/// Twelve decimal digits as six bytes.
pub fn bcd6(mut n: u64) -> [u8; 6] {
    let mut out = [0; 6];
    for byte in out.iter_mut().rev() {
        *byte = ((n % 10) | ((n / 10 % 10) << 4)) as u8;
        n /= 100;
    }
    out
}

impl Card {
    fn session(&self) -> SessionKey {
        self.profile.key.session(self.atc)
    }

    /// The request cryptogram (ARQC).
    pub fn arqc(&self, signed: &Signed) -> [u8; 8] {
        self.session().cryptogram(&signed.bytes())
    }

    /// Second GENERATE AC: verifies the issuer's answer and gives the transaction certificate;
    /// `None` when the chip refuses.
    pub fn complete(&self, signed: &Signed, arqc: [u8; 8], answer: &[u8]) -> Option<[u8; 8]> {
        let (arpc, arc) = answer.split_first_chunk::<8>()?;
        let &[a, b] = arc else { return None };
        let session = self.session();
        if session.arpc(arqc, [a, b]) != *arpc {
            return None;
        }
        let mut data = signed.bytes();
        data.extend([a, b]);
        Some(session.cryptogram(&data))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_pack_and_pans_mask() {
        assert_eq!(bcd6(12_345), [0, 0, 0, 1, 0x23, 0x45]);
        assert_eq!(mask("9999901234567890"), "999990******7890");
    }
}
