//! `poslab key`: check values, parity, components, DUKPT, key blocks, terminal keys.

use crate::bench::{Bench, Input, Kind, Sub, Table, may, need, sub};

/// The table behind `poslab key`.
pub enum Key {}

/// Look at keys, derive them, wrap and unwrap them.
pub type KeyVerb = Bench<Key>;

impl Table for Key {
    const VERB: &'static str = "key";
    const SUBS: &'static [&'static [Sub]] = &[MATERIAL, DUKPT, BLOCKS];
}

const KEY: Input = need("key", "key", Kind::Secret(None), "The key");
const BDK: Input = need(
    "bdk",
    "bdk",
    Kind::Secret(Some("BDK")),
    "Base derivation key",
);
const KSN: Input = need(
    "ksn",
    "ksn",
    Kind::Data,
    "Key serial number, in hexadecimal",
);
const KBPK: Input = need(
    "kbpk",
    "kbpk",
    Kind::Secret(Some("KBPK")),
    "Key block protection key",
);
const TMK: Input = need(
    "tmk",
    "tmk",
    Kind::Secret(Some("TMK")),
    "Terminal master key",
);
const CIPHER: Input = may(
    "cipher",
    "cipher",
    Kind::Text,
    "TDES or SM4 [default: TDES]",
);

const MATERIAL: &[Sub] = &[
    sub(
        "kcv",
        "Key check value",
        "kcv",
        &[
            KEY,
            need(
                "method",
                "method",
                Kind::Text,
                "TDES-ECB-0, AES-CMAC-0, SM4-ECB-0 ...",
            ),
            may("bytes", "bytes", Kind::Text, "Bytes to show [default: 3]"),
        ],
    ),
    sub(
        "check",
        "Parity, weak keys, equal parts: warnings, never refusals",
        "key.check",
        &[KEY],
    ),
    sub("parity", "The key with odd parity", "key.parity", &[KEY]),
    sub(
        "combine",
        "The key of its components",
        "key.combine",
        &[need(
            "component",
            "components",
            Kind::Secrets,
            "A component; once for each",
        )],
    ),
    sub(
        "variant",
        "A variant of a key",
        "key.variant",
        &[KEY, need("variant", "variant", Kind::Text, "0 to 31")],
    ),
    sub(
        "lmk",
        "A key under an LMK pair",
        "key.lmk_encrypt",
        &[
            KEY,
            need(
                "pair",
                "lmk_pair",
                Kind::Secret(None),
                "The LMK pair, 16 bytes",
            ),
            need("scheme", "scheme", Kind::Text, "Z, X, Y, U or T"),
            may(
                "variant",
                "variant",
                Kind::Text,
                "Variant 0 to 9 [default: 0]",
            ),
        ],
    ),
];

const DUKPT: &[Sub] = &[
    sub(
        "dukpt",
        "TDES DUKPT: initial key, transaction key, variants",
        "dukpt.tdes.txn",
        &[BDK, KSN],
    ),
    sub(
        "dukpt-pin",
        "TDES DUKPT: an enciphered PIN block",
        "dukpt.tdes.pin_encrypt",
        &[
            BDK,
            KSN,
            need("pin", "pin", Kind::Secret(None), "The PIN"),
            need("pan", "pan", Kind::Text, "The card number"),
        ],
    ),
    sub(
        "dukpt-data",
        "TDES DUKPT: data enciphered or deciphered",
        "dukpt.tdes.data",
        &[
            need("data", "data", Kind::Data, "The data, in hexadecimal"),
            BDK,
            KSN,
            may(
                "dir",
                "dir",
                Kind::Text,
                "request or response [default: request]",
            ),
            may(
                "op",
                "op",
                Kind::Text,
                "encrypt or decrypt [default: encrypt]",
            ),
            may("iv", "iv", Kind::Text, "Initial vector [default: zeros]"),
            may(
                "legacy-pin-variant",
                "legacy_pin_variant",
                Kind::Switch,
                "As many readers do",
            ),
            may(
                "legacy-variant-only",
                "legacy_variant_only",
                Kind::Switch,
                "Without its last step",
            ),
        ],
    ),
    sub(
        "dukpt-mac",
        "TDES DUKPT: a MAC",
        "dukpt.tdes.mac",
        &[
            need("data", "data", Kind::Data, "The data, in hexadecimal"),
            BDK,
            KSN,
            need("alg", "alg", Kind::Text, "retail, cmac or cbc"),
            may(
                "dir",
                "dir",
                Kind::Text,
                "request or response [default: request]",
            ),
            may(
                "pad",
                "pad",
                Kind::Text,
                "Padding method 1, 2 or 3 [default: 1]",
            ),
            may("len", "len", Kind::Text, "Bytes to keep [default: 8]"),
        ],
    ),
    sub(
        "dukpt-aes",
        "AES DUKPT: initial and transaction key",
        "dukpt.aes.txn",
        &[BDK, KSN],
    ),
    sub(
        "dukpt-aes-working",
        "AES DUKPT: a working key",
        "dukpt.aes.working",
        &[
            BDK,
            KSN,
            need(
                "usage",
                "usage",
                Kind::Text,
                "PIN, KEK, MAC_GEN, MAC_VER, DATA_ENC ...",
            ),
            need(
                "type",
                "type",
                Kind::Text,
                "AES128, AES192, AES256, TDES2, HMAC128 ...",
            ),
        ],
    ),
];

const BLOCKS: &[Sub] = &[
    sub(
        "tr31-header",
        "Read the header of a key block",
        "tr31.header",
        &[
            need(
                "header",
                "header",
                Kind::Text,
                "The header with its optional blocks",
            ),
            may(
                "dialect",
                "dialect",
                Kind::Text,
                "x9143 or psec [default: x9143]",
            ),
        ],
    ),
    sub(
        "tr31-wrap",
        "Wrap a key (TR-31 / X9.143, versions A to E)",
        "tr31.wrap",
        &[
            KBPK,
            KEY,
            need(
                "header",
                "header",
                Kind::Text,
                "Sixteen characters and optional blocks",
            ),
            may(
                "pad",
                "pad",
                Kind::Text,
                "Padding, in hexadecimal [default: zeros]",
            ),
        ],
    ),
    sub(
        "tr31-unwrap",
        "Unwrap a key block: MAC first, key after",
        "tr31.unwrap",
        &[
            KBPK,
            need("key-block", "key_block", Kind::Text, "The key block"),
        ],
    ),
    sub(
        "terminal-wrap",
        "UnionPay working keys under a TMK, as in field 62 of a sign-on answer",
        "key.terminal_wrap",
        &[
            TMK,
            need("pik", "pik", Kind::Secret(Some("PIK")), "PIN key"),
            need("mak", "mak", Kind::Secret(Some("MAK")), "MAC key"),
            may("tdk", "tdk", Kind::Secret(Some("TDK")), "Track key"),
            CIPHER,
        ],
    ),
    sub(
        "terminal-unwrap",
        "The working keys of field 62, check values verified",
        "key.terminal_unwrap",
        &[
            need(
                "block",
                "block",
                Kind::Data,
                "24, 40 or 60 bytes, in hexadecimal",
            ),
            TMK,
            CIPHER,
        ],
    ),
];
