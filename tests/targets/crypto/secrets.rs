//! No public type of the crypto layer shows a key, a PIN or a clear PIN block when printed.

use poslab_core::crypto::batch::DesBatch;
use poslab_core::crypto::calc::{CalcError, explain::Mistake};
use poslab_core::crypto::cipher::{Algorithm, BlockCipher, Cipher64, Cipher128};
use poslab_core::crypto::key::{Key, Mak, Pik, Tdk, Tmk};
use poslab_core::crypto::mac::iso9797::MacKeys;
use poslab_core::crypto::pin::{Pin, PinBlock, iso};
use poslab_core::crypto::terminal_keys::TerminalKeys;
use poslab_core::crypto::working::{Working, chars, key, octets};
use poslab_core::crypto::{CbcMac, CryptoError, PinCipher, UnionPayMac};
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::path::Path;

const KEY: [u8; 16] = [0x5E; 16];
const PIN: &str = "918273";
const PAN: &str = "9999901234567890";

/// Types whose `Debug` is derived over numbers, names and lengths: there is no place for a secret.
const NOTHING_TO_HIDE: &[&str] = &[
    "AcPadding",
    "Algorithm",
    "CalcError",
    "Crc16",
    "CryptoError",
    "Finding",
    "Flow",
    "Forbidden",
    "Form",
    "FormatNames",
    "Format",
    "Hash",
    "Header",
    "KcvMethod",
    "KeyType",
    "Ksn",
    "LengthDialect",
    "LmkScheme",
    "MacAlgorithm",
    "MasterKeyOption",
    "Mistake",
    "OptionalBlock",
    "Padding",
    "PanCheck",
    "PinBlock",
    "ScriptEncipherment",
    "Usage",
    "Version",
];

fn shown(what: &str, value: &impl Debug) -> (String, String) {
    (what.to_owned(), format!("{value:?} {value:#?}"))
}

/// Every type that holds a secret, holding one.
fn holders() -> Vec<(String, String)> {
    let (pik, mak) = (
        Key::<Pik>::tdes(&KEY).unwrap(),
        Key::<Mak>::tdes(&KEY).unwrap(),
    );
    let tdk = Some(Key::<Tdk>::tdes(&KEY).unwrap());
    let pin = Pin::new(PIN).unwrap();
    let mut working = Working::recording();
    working.step(
        "mac",
        "mac = E(key, data)",
        &[key("key", &KEY), octets("data", &KEY)],
        &KEY,
    );
    working.text("pin", "pin", &[chars("pin", PIN)], PIN);
    let cipher = BlockCipher::new(Algorithm::Tdes, &KEY).unwrap();
    vec![
        shown("BlockCipher", &cipher),
        shown("CbcMac", &CbcMac::new(&mak).unwrap()),
        shown("Cipher128", &Cipher128::aes(&KEY).unwrap()),
        shown("Cipher64", &Cipher64::tdes(&KEY).unwrap()),
        shown("ClearPinBlock", &iso::encode_iso0(&pin, PAN).unwrap()),
        shown("DesBatch", &DesBatch::new(&KEY).unwrap()),
        shown("Given", &key("key", &KEY)),
        shown("Key", &Key::<Tmk>::tdes(&KEY).unwrap()),
        shown(
            "MacKeys",
            &MacKeys::halves("key", &KEY, &mut Working::off()).unwrap(),
        ),
        shown("Pin", &pin),
        shown("PinCipher", &PinCipher::new(&pik).unwrap()),
        shown("Step", &working.steps()[0]),
        shown(
            "TerminalKeys",
            &TerminalKeys {
                pik,
                mak: mak.clone(),
                tdk,
            },
        ),
        shown("UnionPayMac", &UnionPayMac::new(&mak)),
        shown("Value", working.value("pin").unwrap()),
        shown("Working", &working),
        shown("CryptoError", &CryptoError::PinLength { found: 3 }),
        shown("CalcError", &CalcError::Missing { input: "pin" }),
        shown("Mistake", &Mistake::RawBytes),
        shown("PinBlock", &PinBlock([1; 8])),
    ]
}

#[test]
fn nothing_printed_holds_a_secret() {
    let clear = iso::encode_iso0(&Pin::new(PIN).unwrap(), PAN).unwrap();
    let clear = hex::encode_upper(clear.reveal());
    for (what, text) in holders() {
        let upper = text.to_uppercase();
        for secret in ["5E5E", "94, 94", "94,\n", PIN, "9182", clear.as_str()] {
            assert!(!upper.contains(secret), "{what} shows {secret}");
        }
    }
}

/// Names of public types under `folder` that can be printed.
fn printable(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("the source is there") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            printable(&path, names);
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("readable");
        let mut derived = false;
        for line in text.lines().map(str::trim) {
            if line.starts_with("#[derive(") {
                derived = line.contains("Debug");
            }
            let declared = line
                .strip_prefix("pub struct ")
                .or(line.strip_prefix("pub enum "));
            if let Some(rest) = declared {
                if derived {
                    names.insert(name_in(rest));
                }
                derived = false;
            }
            if let Some((_, rest)) = line.split_once("fmt::Debug for ") {
                names.insert(name_in(rest));
            }
        }
    }
}

fn name_in(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

#[test]
fn every_printable_type_is_in_this_test() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src/crypto");
    let mut names = BTreeSet::new();
    printable(&source, &mut names);
    let tried: BTreeSet<String> = holders().into_iter().map(|(name, _)| name).collect();
    for name in names.iter().filter(|name| !name.is_empty()) {
        let known = tried.contains(name) || NOTHING_TO_HIDE.contains(&name.as_str());
        assert!(
            known,
            "{name} can be printed: try it here with a secret in it"
        );
    }
}
