//! The vectors of a UnionPay terminal, and every DES value once more through the batch.

use poslab_core::crypto::batch::{DesBatch, cbc_macs, pin_blocks, unionpay_macs};
use poslab_core::crypto::key::{Key, Mak, Pik, Tdk, Tmk};
use poslab_core::crypto::pin::{Pin, iso};
use poslab_core::crypto::terminal_keys::TerminalKeys;
use poslab_core::crypto::{CbcMac, PinCipher, UnionPayMac, track};
use serde_json::Value;
use std::path::Path;

fn list(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("vectors")
        .join(name);
    let text = std::fs::read_to_string(path).expect("the vectors stand in the repository");
    serde_json::from_str(&text).expect("a list")
}

fn text<'a>(vector: &'a Value, field: &str) -> &'a str {
    vector[field].as_str().unwrap_or("")
}

fn octets(vector: &Value, field: &str) -> Vec<u8> {
    hex::decode(text(vector, field)).expect("hexadecimal")
}

/// Checks one vector; gives how many values were compared.
fn judge(vector: &Value) -> usize {
    let id = text(vector, "id");
    let mut compared = 0;
    let mut equal = |ours: &str, theirs: &str| {
        assert_eq!(ours.to_uppercase(), theirs.to_uppercase(), "{id}");
        compared += 1;
    };
    if vector.get("f62").is_some() {
        let tmk = Key::<Tmk>::tdes(&octets(vector, "TMK")).unwrap();
        let block = octets(vector, "f62");
        let keys = TerminalKeys::unwrap(&tmk, &block).unwrap();
        equal(&hex::encode(keys.pik.reveal()), text(vector, "PIK"));
        equal(&hex::encode(keys.mak.reveal()), text(vector, "MAK"));
        equal(&hex::encode(keys.wrap(&tmk).unwrap()), text(vector, "f62"));
    }
    for name in ["TMK", "PIK", "MAK", "TDK"] {
        if let Some(check) = vector[format!("{name}_KCV")].as_str() {
            let key = Key::<Pik>::tdes(&octets(vector, name)).unwrap();
            equal(&hex::encode(key.kcv::<4>()), check);
        }
    }
    if let (Some(mac), Some(_)) = (vector["mac"].as_str(), vector.get("mab")) {
        let mak = octets(vector, "MAK");
        let key = if id.contains("sm4") {
            Key::<Mak>::sm4(&mak)
        } else {
            Key::tdes(&mak)
        };
        let made = UnionPayMac::new(&key.unwrap()).generate(&octets(vector, "mab"));
        equal(&String::from_utf8_lossy(&made), mac);
    }
    if let Some(block) = vector["f52"].as_str() {
        let pik = Key::<Pik>::tdes(&octets(vector, "PIK")).unwrap();
        let pin = Pin::new(text(vector, "pin")).unwrap();
        let clear = match vector["pan"].as_str() {
            Some(pan) => iso::encode_iso0(&pin, pan).unwrap(),
            None => iso::encode_without_pan(&pin),
        };
        equal(&hex::encode(clear.reveal()), text(vector, "clear_block"));
        let enciphered = PinCipher::new(&pik).unwrap().encipher(&clear);
        equal(&hex::encode(enciphered.0), block);
        assert_eq!(
            pin_blocks(&pik, &vec![clear; 70]).unwrap(),
            vec![enciphered; 70],
            "{id}"
        );
    }
    if let (Some(clear), Some(hidden)) = (vector["clear"].as_str(), vector["encrypted"].as_str()) {
        let tdk = Key::<Tdk>::tdes(&octets(vector, "TDK")).unwrap();
        equal(&track::encipher(&tdk, clear).unwrap(), hidden);
    }
    compared
}

#[test]
fn a_terminals_keys_macs_pins_and_tracks() {
    let list = list("unionpay-vectors.json");
    let compared: usize = list.iter().map(judge).sum();
    println!(
        "{} vectors of a terminal, {compared} values compared",
        list.len()
    );
    assert!(compared >= 20, "the vectors were not read");
}

#[test]
fn the_batch_gives_the_value_of_every_vector() {
    let mut count = 0;
    for vector in list("crypto/mac_unionpay.json") {
        let inputs = &vector["inputs"];
        if vector["op"] != "mac.unionpay_ecb" || text(inputs, "cipher") == "SM4" {
            continue;
        }
        let mak = Key::<Mak>::tdes(&octets(inputs, "mak")).unwrap();
        let mab = octets(inputs, "mab");
        let single = UnionPayMac::new(&mak).generate(&mab);
        assert_eq!(
            unionpay_macs(&mak, &vec![mab.as_slice(); 65]).unwrap(),
            vec![single; 65]
        );
        if let Some(text) = vector["expected"]["mac_text"].as_str() {
            assert_eq!(single, text.as_bytes(), "{}", vector["id"]);
        }
        // X9.9 and X9.19 have keys of 8 and 16 bytes.
        if let Ok(cbc) = CbcMac::new(&mak) {
            let cbc = cbc.generate(&mab);
            assert_eq!(
                cbc_macs(&mak, &vec![mab.as_slice(); 65]).unwrap(),
                vec![cbc; 65]
            );
        }
        count += 1;
    }
    for vector in list("crypto/ciphers.json") {
        let (inputs, out) = (&vector["inputs"], text(&vector["expected"], "out"));
        let des = matches!(text(inputs, "cipher"), "DES" | "TDES");
        if !des || text(inputs, "mode") != "ECB" || out.is_empty() {
            continue;
        }
        let batch = DesBatch::new(&octets(inputs, "key")).unwrap();
        let data = octets(inputs, "data");
        let mut blocks = data.as_chunks::<8>().0.repeat(20);
        let decrypt = text(inputs, "dir") == "decrypt";
        if decrypt {
            batch.decrypt(&mut blocks)
        } else {
            batch.encrypt(&mut blocks)
        }
        assert_eq!(
            hex::encode_upper(blocks.concat()),
            out.repeat(20),
            "{}",
            vector["id"]
        );
        count += 1;
    }
    println!("{count} vectors equal through the batch");
    assert!(count > 100, "the vectors were not read");
}
