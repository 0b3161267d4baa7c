//! Mistakes in card codes, PIN verification values and cryptograms.

use super::{Mistake, Search};
use crate::crypto::emv::{self, MasterKeyOption};
use crate::crypto::working::Working;

/// Mistakes of the CVV family.
pub(super) fn cvv(search: &mut Search<'_>) {
    if let Some((left, right)) = search.text("expiry").split_at_checked(2) {
        search.set(Mistake::ExpiryMmyy, "expiry", format!("{right}{left}"));
    }
    search.set(Mistake::ServiceCode000, "service_code", "000");
    search.set(Mistake::ServiceCode999, "service_code", "999");
    if let Some(made) = calculated(search, "enc2") {
        search.value(Mistake::SinglePassDecimalisation, &in_place(&made, 3));
    }
}

/// Mistakes of the PVV.
pub(super) fn pvv(search: &mut Search<'_>) {
    if let Some(made) = calculated(search, "encrypted") {
        search.value(Mistake::SinglePassDecimalisation, &in_place(&made, 4));
    }
    search.set(Mistake::Pvki0, "pvki", "0");
    // A PAN with one more digit at its end moves the window over the check digit.
    let pan = format!("{}0", search.text("pan"));
    search.set(Mistake::CheckDigitIncluded, "pan", pan);
    let leftmost: String = search.text("pan").chars().take(11).chain(['0']).collect();
    search.set(Mistake::Leftmost12, "pan", leftmost);
}

/// An output of the right calculation.
fn calculated(search: &Search<'_>, output: &str) -> Option<String> {
    let made = super::calc(search.op, search.inputs, &mut Working::off()).ok()?;
    Some(super::value_of(&made, output).to_owned())
}

/// The first digits of a hexadecimal text with letters converted where they stand.
fn in_place(text: &str, count: usize) -> String {
    let digit = |c: char| match c {
        'A'..='F' => char::from(c as u8 - b'A' + b'0'),
        other => other,
    };
    text.chars().take(count).map(digit).collect()
}

/// Issuer master keys and cards of published examples: a session key of one of these tells where
/// it came from, and so which key was taken in its place. Real keys need `imk` or `icc_mk` given.
const PUBLISHED_IMKS: [&str; 4] = [
    "0123456789ABCDEFFEDCBA9876543210",
    "0123456789ABCDEF0123456789ABCDEF",
    "12345678123456781234567812345678",
    "2315208C9110AD402315208C9110AD40",
];
const PUBLISHED_PANS: [&str; 4] = [
    "4111111111111111",
    "5432101234567890",
    "5555555555554444",
    "9999901234567890",
];

/// Mistakes of cryptograms: another padding, another key of the chain.
pub(super) fn emv(search: &mut Search<'_>) {
    if search.op == "emv.ac" {
        search.set(Mistake::PaddingMethod1, "padding", "VISA");
        search.set(Mistake::PaddingMethod2, "padding", "EMV");
    }
    if !search.text("icc_mk").is_empty() {
        let key = search.text("icc_mk").to_owned();
        search.set(Mistake::MasterKeyUsed, "sk", key);
    }
    if !search.text("imk").is_empty() {
        let key = search.text("imk").to_owned();
        search.set(Mistake::IssuerKeyUsed, "sk", key);
    }
    let Some(origin) = Origin::of(search) else {
        return;
    };
    search.set(
        Mistake::MasterKeyUsed,
        "sk",
        hex::encode_upper(origin.icc_mk),
    );
    search.set(Mistake::IssuerKeyUsed, "sk", hex::encode_upper(&origin.imk));
    if let Some(other) = origin.with_psn("01") {
        search.set(Mistake::Psn01, "sk", hex::encode_upper(other));
    }
}

/// Where a session key came from.
struct Origin {
    imk: Vec<u8>,
    pan: String,
    adjust: bool,
    atc: u16,
    icc_mk: [u8; 16],
}

impl Origin {
    /// Looks for the chain of a session key: the one given, or a published one, counters 0 to 63.
    fn of(search: &Search<'_>) -> Option<Self> {
        let sk = search.hex("sk");
        let given = |input, published: &[&str]| match search.text(input) {
            "" => published
                .iter()
                .map(|text| (*text).to_owned())
                .collect::<Vec<_>>(),
            text => vec![text.to_owned()],
        };
        let counters = match u16::from_str_radix(search.text("atc"), 16) {
            Ok(atc) => atc..=atc,
            Err(_) => 0..=63,
        };
        for imk in given("imk", &PUBLISHED_IMKS) {
            let imk = hex::decode(imk).ok()?;
            for pan in given("pan", &PUBLISHED_PANS) {
                for adjust in [true, false] {
                    let icc_mk = master(&imk, &pan, "00", adjust)?;
                    let made = counters
                        .clone()
                        .find(|atc| session(&icc_mk, *atc) == Some(sk_of(&sk)));
                    if let Some(atc) = made {
                        return Some(Self {
                            imk,
                            pan,
                            adjust,
                            atc,
                            icc_mk,
                        });
                    }
                }
            }
        }
        None
    }

    /// The session key of the same card under another sequence number.
    fn with_psn(&self, psn: &str) -> Option<[u8; 16]> {
        session(&master(&self.imk, &self.pan, psn, self.adjust)?, self.atc)
    }
}

fn master(imk: &[u8], pan: &str, psn: &str, adjust: bool) -> Option<[u8; 16]> {
    emv::icc_master_key(
        MasterKeyOption::A,
        imk,
        pan,
        psn,
        adjust,
        &mut Working::off(),
    )
    .ok()
}

fn session(icc_mk: &[u8; 16], atc: u16) -> Option<[u8; 16]> {
    emv::session_key_common(icc_mk, &emv::counter_value(atc), &mut Working::off()).ok()
}

fn sk_of(bytes: &[u8]) -> [u8; 16] {
    bytes.try_into().unwrap_or_default()
}
