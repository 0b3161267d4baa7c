//! Mistakes with DUKPT keys.

use super::{Mistake, Search, calc, macs, pins, value_of};
use crate::crypto::cipher::{BlockCipher, Cipher64};
use crate::crypto::dukpt::tdes::{self, Ksn, Usage};
use crate::crypto::mac::cmac::cmac;
use crate::crypto::mac::iso9797::{MacAlgorithm, MacKeys, Padding, mac};
use crate::crypto::working::Working;
use serde_json::{Value, json};

/// Wrong keys for what is enciphered or made, and the wrong data under the right key.
pub(super) fn dukpt(search: &mut Search<'_>) {
    counter(search);
    if search.op.starts_with("dukpt.aes") {
        return aes(search);
    }
    let off = &mut Working::off();
    let Ok(ksn) = Ksn::new(&search.hex("ksn")) else {
        return;
    };
    let Ok(ik) = tdes::initial_key(&search.hex("bdk"), ksn, off) else {
        return;
    };
    let Ok(txn) = tdes::transaction_key(ik, ksn, off) else {
        return;
    };
    match search.op {
        "dukpt.tdes.txn" => search.value(Mistake::IkUsed, &hex::encode_upper(ik)),
        "dukpt.tdes.pin_encrypt" => pin(search, ik, txn),
        "dukpt.tdes.data" => data(search, ik, txn),
        "dukpt.tdes.mac" => message(search, ik, txn),
        _ => {}
    }
}

/// The initial key, or the key of the other direction, where AES keys are asked for.
fn aes(search: &mut Search<'_>) {
    let ik = calc(search.op, search.inputs, &mut Working::off());
    if let (Ok(made), "dukpt.aes.txn") = (ik, search.op) {
        search.value(Mistake::IkUsed, value_of(&made, "ik"));
    }
    let other = match search.text("usage") {
        "MAC_GEN" => "MAC_VER",
        "MAC_VER" => "MAC_GEN",
        "DATA_ENC" => "DATA_DEC",
        "DATA_DEC" => "DATA_ENC",
        _ => return,
    };
    search.set(Mistake::ResponseKey, "usage", other);
}

/// One more and one less in the counter.
fn counter(search: &mut Search<'_>) {
    let ksn = search.text("ksn").to_owned();
    let (Some(front), Some(Ok(last))) = (
        ksn.get(..ksn.len().saturating_sub(6)),
        ksn.get(ksn.len().saturating_sub(6)..)
            .map(|t| u32::from_str_radix(t, 16)),
    ) else {
        return;
    };
    for other in [last.wrapping_add(1), last.wrapping_sub(1)] {
        let ksn = format!("{front}{:06X}", other & 0xFF_FFFF);
        search.set(Mistake::CounterOffByOne, "ksn", ksn);
    }
}

fn pin(search: &mut Search<'_>, ik: [u8; 16], txn: [u8; 16]) {
    let under = |key: &[u8; 16], block: &str| {
        let block: [u8; 8] = hex::decode(block).ok()?.try_into().ok()?;
        Some(hex::encode_upper(Cipher64::double(key).encrypt(block)))
    };
    let (digits, pan) = (search.text("pin"), search.text("pan"));
    let clear = crate::crypto::pin::Pin::new(digits)
        .and_then(|pin| crate::crypto::pin::iso::encode_iso0(&pin, pan));
    if let Ok(clear) = clear {
        let clear = hex::encode_upper(clear.reveal());
        let variant = |usage| tdes::variant(&txn, usage);
        for (mistake, key) in [
            (Mistake::NoVariant, txn),
            (Mistake::IkUsed, ik),
            (Mistake::IkUsed, tdes::variant(&ik, Usage::Pin)),
            (Mistake::ResponseKey, variant(Usage::DataResponse)),
            (Mistake::VariantOnly, variant(Usage::DataRequest)),
        ] {
            search.value(mistake, &under(&key, &clear).unwrap_or_default());
        }
    }
    search.with(Mistake::SingleDes1998, "dukpt.des98.pin_encrypt", |_| {});
    let key = tdes::variant(&txn, Usage::Pin);
    for (mistake, block) in pins::wrong_blocks(0, digits, pan) {
        search.value(mistake, &under(&key, &block).unwrap_or_default());
    }
}

fn data(search: &mut Search<'_>, ik: [u8; 16], txn: [u8; 16]) {
    let switch = |name: &'static str| {
        move |inputs: &mut serde_json::Map<String, Value>| {
            inputs.insert(name.to_owned(), json!(true));
        }
    };
    search.with(
        Mistake::PinVariant,
        "dukpt.tdes.data",
        switch("legacy_pin_variant"),
    );
    search.with(
        Mistake::VariantOnly,
        "dukpt.tdes.data",
        switch("legacy_variant_only"),
    );
    let other = if search.text("dir") == "response" {
        "request"
    } else {
        "response"
    };
    search.set(Mistake::ResponseKey, "dir", other);
    let (octets, iv) = (search.hex("data"), search.hex("iv"));
    let iv = if iv.is_empty() { vec![0; 8] } else { iv };
    let decrypt = search.text("op") == "decrypt";
    let usage = if other == "request" {
        Usage::DataResponse
    } else {
        Usage::DataRequest
    };
    for (mistake, key) in [
        (Mistake::NoVariant, txn),
        (Mistake::IkUsed, ik),
        (Mistake::IkUsed, tdes::variant(&ik, usage)),
        (Mistake::IkUsed, tdes::data_key(&ik, usage)),
    ] {
        let cipher = tdes::data_cipher(&key);
        let out = if decrypt {
            cipher.cbc_decrypt(&iv, &octets)
        } else {
            cipher.cbc_encrypt(&iv, &octets)
        };
        search.value(mistake, &out.map(hex::encode_upper).unwrap_or_default());
    }
}

fn message(search: &mut Search<'_>, ik: [u8; 16], txn: [u8; 16]) {
    if search.text("alg") != "cmac" {
        macs::paddings(search, "pad");
        search.set(Mistake::CmacTdes, "alg", "cmac");
    }
    if search.text("alg") == "retail" {
        search.set(Mistake::TdesCbcMac, "alg", "cbc");
    }
    macs::wrong_message(search);
    let other = if search.text("dir") == "response" {
        "request"
    } else {
        "response"
    };
    search.set(Mistake::ResponseKey, "dir", other);
    let octets = search.hex("data");
    let padding = search
        .inputs
        .get("pad")
        .and_then(Value::as_i64)
        .unwrap_or(1);
    let padding = Padding::numbered(padding).unwrap_or(Padding::Zeros);
    let usage = if other == "request" {
        Usage::MacResponse
    } else {
        Usage::MacRequest
    };
    let off = &mut Working::off();
    for (mistake, key) in [
        (Mistake::NoVariant, txn),
        (Mistake::PinVariant, tdes::variant(&txn, Usage::Pin)),
        (Mistake::IkUsed, ik),
        (Mistake::IkUsed, tdes::variant(&ik, usage)),
    ] {
        let one = BlockCipher::B64(Cipher64::double(&key));
        let made = match search.text("alg") {
            "cmac" => Ok(cmac(&one, &octets, off)),
            "cbc" => mac(
                MacAlgorithm::Plain,
                &MacKeys::one(one),
                None,
                padding,
                &octets,
                off,
            ),
            _ => MacKeys::halves("mac_key", &key, &mut Working::off())
                .and_then(|keys| mac(MacAlgorithm::Retail, &keys, None, padding, &octets, off)),
        };
        search.value(mistake, &made.map(hex::encode_upper).unwrap_or_default());
    }
}
