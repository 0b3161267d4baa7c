//! Mistakes in MACs.

use super::{Mistake, Search};
use crate::crypto::batch::DesBatch;
use crate::crypto::cipher::{Algorithm, BlockCipher, xor, xor_into};
use crate::crypto::mac::iso9797::{MacAlgorithm, MacKeys, Padding, mac};
use crate::crypto::mac::unionpay::{UnionPaySteps, explained, fold, halves};
use crate::crypto::working::Working;
use serde_json::{Value, json};

/// Line prefixes that people leave in front of a message, when the TPDU is not known.
const PREFIXES: [&str; 4] = [
    "6000030000603100311308",
    "6000010000603100311308",
    "6000030000",
    "6000010000",
];

/// Mistakes of the UnionPay MAC.
pub(super) fn unionpay(search: &mut Search<'_>) {
    let (mak, mab) = (search.hex("mak"), search.hex("mab"));
    let algorithm = Algorithm::named(search.text("cipher")).unwrap_or(Algorithm::Tdes);
    let Ok(cipher) = BlockCipher::new(algorithm, &mak) else {
        return;
    };
    let of = |mab: &[u8]| explained(algorithm, &mak, mab, &mut Working::off()).ok();
    let Some(right) = of(&mab) else {
        return;
    };
    search.value(Mistake::RawBytes, &hex::encode_upper(&right.enc2));
    let text = hex::encode_upper(&right.enc2);
    let last = text.get(text.len().saturating_sub(8)..).unwrap_or("");
    both(search, Mistake::Last8Chars, last);
    both(search, Mistake::LowercaseHex, &lower_case(&cipher, &right));
    both(
        search,
        Mistake::NoHexExpansion,
        &hex::encode_upper(cipher.encrypted(&right.xor)),
    );

    let keys = MacKeys::one(cipher.clone());
    let off = &mut Working::off();
    if let Ok(chain) = mac(MacAlgorithm::Plain, &keys, None, Padding::Zeros, &mab, off) {
        both(search, Mistake::CbcMac, &hex::encode_upper(chain));
    }
    for skipped in [2, 4] {
        if let Some(made) = mab.get(skipped..).and_then(of) {
            steps(search, Mistake::MtiMissing, &made);
        }
    }
    let upper = hex::encode_upper(&mab);
    for text in [upper.to_lowercase(), upper] {
        if let Some(made) = of(text.as_bytes()) {
            steps(search, Mistake::HexText, &made);
        }
    }
    if let Some(left) = mak
        .get(..8)
        .filter(|_| mak.len() == 16 && algorithm != Algorithm::Sm4)
        && let Ok(made) = explained(Algorithm::Tdes, left, &mab, &mut Working::off())
    {
        steps(search, Mistake::SingleDes, &made);
    }
    for prefix in fronts(search) {
        let line = [hex::decode(prefix).unwrap_or_default(), mab.clone()].concat();
        if let Some(made) = of(&line) {
            steps(search, Mistake::TpduIncluded, &made);
        }
    }
    let guess = search.fronts.is_empty() && algorithm != Algorithm::Sm4;
    if guess && search.found.is_empty() && any_tpdu(search, &mak, &mab) {
        search.found.push(Mistake::TpduIncluded);
    }
}

/// What may have stood in front of the message: what is known, or what is usual.
fn fronts(search: &Search<'_>) -> Vec<String> {
    if search.fronts.is_empty() {
        return PREFIXES.map(str::to_owned).to_vec();
    }
    search.fronts.clone()
}

/// A value as the text of field 64 and as the octets of that text.
fn both(search: &mut Search<'_>, mistake: Mistake, text: &str) {
    search.value(mistake, text);
    let eight = text.get(..8).unwrap_or(text);
    search.value(mistake, &hex::encode_upper(eight));
}

fn steps(search: &mut Search<'_>, mistake: Mistake, made: &UnionPaySteps) {
    both(search, mistake, &hex::encode_upper(&made.enc2));
}

/// The two cipher calls over lower-case text.
fn lower_case(cipher: &BlockCipher, right: &UnionPaySteps) -> String {
    let ascii = right.ascii.to_lowercase();
    let (left, other) = ascii.as_bytes().split_at(cipher.block_len());
    let mut temp = cipher.encrypted(left);
    xor_into(&mut temp, other);
    hex::encode_upper(cipher.encrypted(&temp))
}

/// Whether some TPDU `60 dd dd 00 00` in front explains the value: all 65,536 destinations, the
/// message folded once, since the prefix only touches the first block.
fn any_tpdu(search: &Search<'_>, mak: &[u8], mab: &[u8]) -> bool {
    let Ok(batch) = DesBatch::new(mak) else {
        return false;
    };
    let shifted = [&[0x60, 0, 0, 0, 0], mab].concat();
    let base = fold::<8>(&shifted);
    let texts = (0..=u16::MAX).map(|destination| {
        let [high, low] = destination.to_be_bytes();
        halves(&xor(&base, &[0, high, low, 0, 0, 0, 0, 0]))
    });
    let (mut blocks, rights): (Vec<[u8; 8]>, Vec<[u8; 8]>) = texts.unzip();
    batch.encrypt(&mut blocks);
    blocks
        .iter_mut()
        .zip(&rights)
        .for_each(|(block, right)| xor_into(block, right));
    batch.encrypt(&mut blocks);
    // Compared as octets first: the text is written out only for the one that may be it.
    let observed = hex::decode(&search.observed).unwrap_or_default();
    let text = hex::decode(&observed).unwrap_or_default();
    let front = |of: &[u8]| of.first_chunk::<4>().copied();
    blocks.iter().any(|block| {
        let ours = front(block);
        ours == front(&observed) || ours == front(&text)
    })
}

/// Mistakes of CBC, retail, ISO 9797-1, CMAC and HMAC.
pub(super) fn standard(search: &mut Search<'_>) {
    let op = search.op;
    paddings(search, "pad");
    wrong_message(search);
    if op == "mac.iso9797" {
        return two_keys(search);
    }
    let key = search.text("key").to_owned();
    if op == "mac.retail" {
        retail(search, &key);
    } else if op != "mac.cmac" || search.text("cipher") != "TDES" {
        search.with(Mistake::CmacTdes, "mac.cmac", |inputs| under(inputs, &key));
    }
    if op != "mac.hmac" {
        unionpay_instead(search, &key);
    }
}

/// What somebody makes of a retail key who takes it as one key.
fn retail(search: &mut Search<'_>, key: &str) {
    search.with(Mistake::TdesCbcMac, "mac.cbc", |inputs| under(inputs, key));
    search.with(Mistake::CmacTdes, "mac.cmac", |inputs| under(inputs, key));
    if let Some(left) = key.get(..key.len() / 2) {
        search.with(Mistake::SingleDes, "mac.cbc", |inputs| under(inputs, left));
    }
}

/// Algorithms with their keys apart; 3 is the retail MAC, its two keys one double-length key.
fn two_keys(search: &mut Search<'_>) {
    let (key, second) = (search.text("key"), search.text("k2"));
    if search.inputs.get("alg").and_then(Value::as_i64) != Some(3) || key.len() != 16 {
        search.with(Mistake::CmacTdes, "mac.cmac", |inputs| under(inputs, key));
        return unionpay_instead(search, key);
    }
    search.with(Mistake::HalvesSwapped, "mac.iso9797", |inputs| {
        inputs.insert("key".to_owned(), json!(second));
        inputs.insert("k2".to_owned(), json!(key));
    });
    let joined = format!("{key}{second}");
    retail(search, &joined);
    unionpay_instead(search, &joined);
}

/// One TDES key in the place of whatever keys were given.
fn under(inputs: &mut serde_json::Map<String, Value>, key: &str) {
    inputs.insert("key".to_owned(), json!(key));
    inputs.insert("cipher".to_owned(), json!("TDES"));
}

/// The MAC of UnionPay terminals over the same data.
fn unionpay_instead(search: &mut Search<'_>, key: &str) {
    if let (Ok(key), Ok(data)) = (hex::decode(key), hex::decode(search.text("data")))
        && let Ok(made) = explained(Algorithm::Tdes, &key, &data, &mut Working::off())
    {
        steps(search, Mistake::UnionpayEcb, &made);
    }
}

/// The right MAC of a message that is not the one meant: its text, its end, or more than it.
pub(super) fn wrong_message(search: &mut Search<'_>) {
    let data = search.text("data").to_owned();
    let upper = data.to_uppercase();
    search.set(Mistake::HexText, "data", hex::encode_upper(&upper));
    search.set(
        Mistake::HexText,
        "data",
        hex::encode_upper(upper.to_lowercase()),
    );
    for skipped in [4, 8] {
        if let Some(rest) = data.get(skipped..) {
            search.set(Mistake::MtiMissing, "data", rest);
        }
    }
    for prefix in fronts(search) {
        search.set(Mistake::TpduIncluded, "data", format!("{prefix}{data}"));
    }
}

/// The other padding methods.
pub(super) fn paddings(search: &mut Search<'_>, input: &str) {
    let methods = [
        Mistake::PaddingMethod1,
        Mistake::PaddingMethod2,
        Mistake::PaddingMethod3,
    ];
    for (number, mistake) in (1..).zip(methods) {
        search.set(mistake, input, json!(number));
    }
}
