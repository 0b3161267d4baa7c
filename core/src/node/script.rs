//! Issuer scripts: a command of the issuer to the chip, inside F55 of an answer, and its result.
//!
//! ```text
//! 72 len  9F18 04 id(4)  86 0F 04 DA 9F 78 0A limit(6, BCD) mac(4)
//! DF31    result: 2 done, 1 failed, with the number of the command; then the script's id
//! ```
//! Template 72 runs after the second GENERATE AC. The command is PUT DATA of the limit of one
//! offline trade; its MAC is the chip's own session MAC over command, counter, cryptogram and data,
//! cut to four bytes: an own profile of poslab's, as cards keep secure messaging keys apart.

use super::card::{Card, bcd6};
use super::terminal::tag;
use super::vault::SessionKey;
use crate::bytes::to_hex;

/// Header of PUT DATA for 9F78 with ten bytes.
const PUT_LIMIT: [u8; 5] = [0x04, 0xDA, 0x9F, 0x78, 0x0A];
/// The script's id.
const ID: [u8; 4] = [0x00, 0x00, 0x00, 0x01];

fn mac(session: &SessionKey, atc: u16, arqc: [u8; 8], limit: &[u8]) -> [u8; 4] {
    let mut data = PUT_LIMIT.to_vec();
    data.extend(atc.to_be_bytes());
    data.extend(arqc);
    data.extend(limit);
    let [a, b, c, d, ..] = session.cryptogram(&data);
    [a, b, c, d]
}

/// The template that sets the limit of one offline trade, as hexadecimal F55.
pub fn set_limit(session: &SessionKey, atc: u16, arqc: [u8; 8], limit: u64) -> String {
    let limit = bcd6(limit);
    let mut command = PUT_LIMIT.to_vec();
    command.extend(limit);
    command.extend(mac(session, atc, arqc, &limit));
    let inner = format!(
        "9F1804{}86{:02X}{}",
        to_hex(&ID),
        command.len(),
        to_hex(&command)
    );
    format!("72{:02X}{inner}", inner.len() / 2)
}

/// What the chip makes of the script in an answer's F55: the value of DF31, or `None` without one.
pub fn run(card: &Card, arqc: [u8; 8], f55: &str) -> Option<[u8; 5]> {
    let inner = tag(f55, "72")?;
    let mut id = [0; 4];
    hex::decode_to_slice(tag(inner, "9F18")?, &mut id).ok()?;
    let command = hex::decode(tag(inner, "86")?).unwrap_or_default();
    let done = command.strip_prefix(&PUT_LIMIT).is_some_and(|data| {
        let session = card.profile.key.session(card.atc);
        data.split_last_chunk::<4>()
            .is_some_and(|(limit, found)| *found == mac(&session, card.atc, arqc, limit))
    });
    let [a, b, c, d] = id;
    Some([if done { 0x21 } else { 0x11 }, a, b, c, d])
}

/// Whether a result says that the chip did it.
pub fn done(result: [u8; 5]) -> bool {
    result.first().is_some_and(|first| first >> 4 == 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::card::CardProfile;
    use crate::node::vault::{BlockKey, CardKey};
    use std::sync::Arc;

    #[test]
    fn the_chip_obeys_its_issuer_alone() {
        let key = CardKey::derive(&BlockKey::new(&[7; 16]), "9999900000000000013", "01");
        let text = String::new;
        let profile = CardProfile {
            index: 0,
            name: text(),
            pan: text(),
            psn: text(),
            expiry: text(),
            track2: text(),
            aid: text(),
            org: text(),
            key: key.clone(),
        };
        let card = Card {
            profile: Arc::new(profile),
            atc: 5,
        };
        let arqc = [1; 8];
        let f55 = set_limit(&key.session(5), 5, arqc, 20_000);
        assert_eq!(run(&card, arqc, &f55), Some([0x21, 0, 0, 0, 1]));
        let other = set_limit(&key.session(6), 5, arqc, 20_000);
        let result = run(&card, arqc, &other).expect("there is a script");
        assert!(!done(result));
        assert_eq!(run(&card, arqc, "9F3602000A"), None);
    }
}
