//! What holds for all values: round trips, invariances, and the weaknesses that are lessons.

use poslab_core::crypto::batch::{DesBatch, cbc_macs, unionpay_macs};
use poslab_core::crypto::calc::{calc, ops};
use poslab_core::crypto::cipher::{Algorithm, BlockCipher, Cipher64};
use poslab_core::crypto::key::{Key, Mak, Pik, Tdk, Tmk};
use poslab_core::crypto::pin::translate::{Format, Side, translate};
use poslab_core::crypto::pin::{Pin, iso};
use poslab_core::crypto::terminal_keys::TerminalKeys;
use poslab_core::crypto::{CbcMac, PinCipher, UnionPayMac, Working, parity, tr31, track};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn octets(len: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), len)
}

fn key_of(algorithm: Algorithm) -> impl Strategy<Value = Vec<u8>> {
    let lens: &[usize] = match algorithm {
        Algorithm::Des => &[8],
        Algorithm::Tdes => &[8, 16, 24],
        Algorithm::Aes => &[16, 24, 32],
        Algorithm::Sm4 => &[16],
    };
    prop::sample::select(lens).prop_flat_map(octets)
}

fn any_cipher() -> impl Strategy<Value = (Algorithm, Vec<u8>)> {
    const ALL: [Algorithm; 4] = [
        Algorithm::Des,
        Algorithm::Tdes,
        Algorithm::Aes,
        Algorithm::Sm4,
    ];
    prop::sample::select(&ALL[..]).prop_flat_map(|a| (Just(a), key_of(a)))
}

/// Numbers on the teaching range: 99999, then digits up to the length.
fn any_pan() -> impl Strategy<Value = String> {
    "[0-9]{8,14}".prop_map(|rest| format!("99999{rest}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn deciphering_undoes_enciphering((algorithm, key) in any_cipher(), data in octets(64), iv in octets(16)) {
        let cipher = BlockCipher::new(algorithm, &key).unwrap();
        let iv = &iv[..cipher.block_len()];
        prop_assert_eq!(&cipher.ecb_decrypt(&cipher.ecb_encrypt(&data).unwrap()).unwrap(), &data);
        let chained = cipher.cbc_encrypt(iv, &data).unwrap();
        prop_assert_eq!(&cipher.cbc_decrypt(iv, &chained).unwrap(), &data);
        for unit in [1, cipher.block_len()] {
            let fed = cipher.cfb(iv, &data[..61], unit, false).unwrap();
            prop_assert_eq!(&cipher.cfb(iv, &fed, unit, true).unwrap(), &data[..61]);
        }
        prop_assert_eq!(&cipher.ofb(iv, &cipher.ofb(iv, &data[..61]).unwrap()).unwrap(), &data[..61]);
        prop_assert_eq!(&cipher.ctr(iv, &cipher.ctr(iv, &data[..61]).unwrap()).unwrap(), &data[..61]);
    }

    #[test]
    fn parity_bits_do_not_change_a_des_key(key in key_of(Algorithm::Tdes), block in any::<[u8; 8]>()) {
        let odd = parity::odd(&key);
        prop_assert!(parity::is_odd(&odd));
        prop_assert_eq!(
            Cipher64::tdes(&key).unwrap().encrypt(block),
            Cipher64::tdes(&odd).unwrap().encrypt(block)
        );
    }

    #[test]
    fn a_pin_survives_every_translation(
        pin in "[0-9]{4,12}", pan in any_pan(), keys in octets(64),
        from in 0..5_i64, to in 0..5_i64, fill in vec(10..16_u8, 12), random in any::<[u8; 8]>(),
    ) {
        let pin = Pin::new(&pin).unwrap();
        let pik = Key::<Pik>::tdes(&keys[..16]).unwrap();
        let clear = iso::encode_iso0(&pin, &pan).unwrap();
        let start = PinCipher::new(&pik).unwrap().encipher(&clear);
        let side = |number, key| Side { format: Format::numbered(number).unwrap(), key, pan: Some(pan.as_str()) };
        let (first, one, two) = (side(0, &keys[..16]), side(from, &keys[16..32]), side(to, &keys[32..48]));
        let step = |block: &[u8], a, b| {
            translate(block, a, b, &fill, random, &mut Working::off()).unwrap().block
        };
        let block = step(&start.0, first, one);
        let block = step(&block, one, two);
        let back = step(&block, two, first);
        prop_assert_eq!(back, start.0.to_vec());
    }

    #[test]
    fn the_unionpay_mac_does_not_see_order_or_pairs(
        blocks in vec(any::<[u8; 8]>(), 1..12), extra in any::<[u8; 8]>(), key in octets(16), turn in any::<usize>(),
    ) {
        // Not a virtue: these are the reasons why nobody would design it so today.
        let mac = UnionPayMac::new(&Key::<Mak>::tdes(&key).unwrap());
        let wanted = mac.generate(&blocks.concat());
        let mut turned = blocks.clone();
        turned.rotate_left(turn % blocks.len());
        turned.reverse();
        prop_assert_eq!(mac.generate(&turned.concat()), wanted);
        let paired = [blocks.concat(), extra.to_vec(), extra.to_vec()].concat();
        prop_assert_eq!(mac.generate(&paired), wanted);
        let longer = [blocks.concat(), vec![0; 5]].concat();
        prop_assert_eq!(mac.generate(&longer), wanted);
    }

    #[test]
    fn a_wrapped_key_comes_out_again_and_only_under_its_key(
        version in "[A-E]", kbpk in octets(24), key in prop::sample::select(&[8_usize, 16, 24, 32][..]).prop_flat_map(octets), flip in any::<usize>(),
    ) {
        let off = &mut Working::off();
        let header = format!("{version}0000P0TE00N0100KS1800604B120F9292800000");
        let made = tr31::wrap(&kbpk, &header, &key, None, off).unwrap();
        prop_assert_eq!(&*tr31::unwrap(&kbpk, &made.text, off).unwrap().key, &key);
        let mut other = kbpk.clone();
        other[flip % 24] ^= 0x10;
        prop_assert!(tr31::unwrap(&other, &made.text, off).is_err());
    }

    #[test]
    fn terminal_keys_and_tracks_come_back(
        tmk in octets(16), pik in octets(16), mak in prop::sample::select(&[8_usize, 16][..]).prop_flat_map(octets),
        tdk in octets(16), digits in "[0-9]{18,37}",
    ) {
        let tmk = Key::<Tmk>::tdes(&tmk).unwrap();
        let keys = TerminalKeys {
            pik: Key::tdes(&pik).unwrap(),
            mak: Key::tdes(&mak).unwrap(),
            tdk: Some(Key::<Tdk>::tdes(&tdk).unwrap()),
        };
        let back = TerminalKeys::unwrap(&tmk, &keys.wrap(&tmk).unwrap()).unwrap();
        prop_assert_eq!(&back, &keys);
        let tdk = keys.tdk.unwrap();
        let hidden = track::encipher(&tdk, &digits).unwrap();
        prop_assert_eq!(track::decipher(&tdk, &hidden).unwrap(), digits);
    }

    #[test]
    fn no_input_makes_an_operation_panic(
        texts in vec(prop_oneof!["[0-9]{0,20}", "[0-9A-F]{0,64}", "\\PC{0,20}", "[0-9A-F]{32}"], 16),
        number in any::<i64>(), which in any::<usize>(),
    ) {
        let all: Vec<_> = ops().collect();
        let op = all[which % all.len()];
        let mut inputs = Map::new();
        for (at, name) in op.inputs.iter().enumerate() {
            let value = match at.wrapping_add(which) % 7 {
                0 => Value::from(number % 40),
                _ => Value::from(texts[at % texts.len()].clone()),
            };
            inputs.insert((*name).to_owned(), value);
        }
        let _ = calc(op.name, &inputs, &mut Working::recording());
        let mut question = Map::new();
        question.insert("op".to_owned(), Value::from(op.name));
        question.insert("inputs".to_owned(), Value::Object(inputs));
        question.insert("observed".to_owned(), Value::from(texts[0].clone()));
        let _ = calc("explain_mismatch", &question, &mut Working::off());
    }
}

/// Values that no operation expects, or only just.
fn odd_values() -> Vec<Value> {
    let texts = [
        "",
        " ",
        "0",
        "G0",
        "é",
        "１２３４",
        "FF",
        "-1",
        "0x00",
        "99999999999999999999",
    ];
    let long = ["A".repeat(4096), "9".repeat(257), "00".repeat(33)];
    let mut values: Vec<Value> = texts.map(Value::from).to_vec();
    values.extend(long.map(Value::from));
    values.extend([i64::MIN, -1, 0, 1, 17, 256, i64::MAX].map(Value::from));
    values.extend([1.5, -0.0, 1e300].map(Value::from));
    values.extend([
        Value::Null,
        Value::Bool(true),
        json!([]),
        json!({}),
        json!(["00", 5]),
    ]);
    values
}

#[test]
fn no_bent_vector_makes_an_operation_panic() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/crypto");
    let (mut asked, mut refused) = (0, 0);
    let mut seen = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("the vectors are there") {
        let text = std::fs::read_to_string(entry.expect("readable").path()).expect("readable");
        let Ok(Value::Array(list)) = serde_json::from_str(&text) else {
            continue;
        };
        for vector in &list {
            let (Some(op), Some(inputs)) = (vector["op"].as_str(), vector["inputs"].as_object())
            else {
                continue;
            };
            // One vector for each operation and set of inputs says all there is to say.
            let names: Vec<&str> = inputs.keys().map(String::as_str).collect();
            if !seen.insert((op.to_owned(), names.join(","))) {
                continue;
            }
            for name in &names {
                for value in odd_values() {
                    let mut bent = inputs.clone();
                    bent.insert((*name).to_owned(), value);
                    asked += 1;
                    let made = calc(op, &bent, &mut Working::recording());
                    refused += usize::from(made.is_err());
                }
                let mut bent = inputs.clone();
                bent.remove(*name);
                let _ = calc(op, &bent, &mut Working::recording());
            }
        }
    }
    println!("{asked} bent questions, {refused} refused, no panic");
    assert!(asked > 5_000 && refused > asked / 2);
}

proptest! {
    // Each case is a few hundred blocks, slow without optimisation.
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn a_batch_is_its_messages_one_by_one(
        messages in vec(vec(any::<u8>(), 0..80), 0..150), key in prop::sample::select(&[8_usize, 16][..]).prop_flat_map(octets),
    ) {
        let key = Key::<Mak>::tdes(&key).unwrap();
        let slices: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
        let (union, cbc) = (UnionPayMac::new(&key), CbcMac::new(&key).unwrap());
        let singly: Vec<_> = slices.iter().map(|m| union.generate(m)).collect();
        prop_assert_eq!(unionpay_macs(&key, &slices).unwrap(), singly);
        let singly: Vec<_> = slices.iter().map(|m| cbc.generate(m)).collect();
        prop_assert_eq!(cbc_macs(&key, &slices).unwrap(), singly);
        let mut blocks: Vec<[u8; 8]> = messages.iter().flat_map(|m| m.as_chunks().0.to_vec()).collect();
        let (batch, clear) = (DesBatch::new(key.reveal()).unwrap(), blocks.clone());
        batch.encrypt(&mut blocks);
        batch.decrypt(&mut blocks);
        prop_assert_eq!(blocks, clear);
    }
}
