//! `poslab mac`: make, verify and explain message authentication codes.

use crate::bench::{Bench, Input, Kind, Sub, Table, may, need, sub};

/// The table behind `poslab mac`.
pub enum Mac {}

/// Make a MAC, verify one, or say why two differ.
pub type MacVerb = Bench<Mac>;

impl Table for Mac {
    const VERB: &'static str = "mac";
    const SUBS: &'static [&'static [Sub]] = &[SUBS];
}

const DATA: Input = need(
    "data",
    "data",
    Kind::Data,
    "The bytes, in hexadecimal; @FILE, - or fd:N",
);
const KEY: Input = need("key", "key", Kind::Secret(Some("MAK")), "MAC key");
const PAD: Input = may(
    "pad",
    "pad",
    Kind::Text,
    "Padding method 1, 2 or 3 [default: 1]",
);
const LEN: Input = may("len", "len", Kind::Text, "Bytes to keep, from the left");
const CIPHER: Input = may("cipher", "cipher", Kind::Text, "DES, TDES, AES or SM4");

const SUBS: &[Sub] = &[
    sub(
        "unionpay",
        "The UnionPay POS MAC of field 64, from the message type up to field 63",
        "mac.unionpay_ecb",
        &[
            need(
                "mab",
                "mab",
                Kind::Data,
                "The message, in hexadecimal; no length, TPDU, header",
            ),
            need(
                "mak",
                "mak",
                Kind::Secret(Some("MAK")),
                "MAC key: 8 or 16 bytes",
            ),
            may(
                "cipher",
                "cipher",
                Kind::Text,
                "TDES or SM4 [default: TDES]",
            ),
        ],
    ),
    Sub {
        name: "x9.9",
        about: "ANSI X9.9: CBC MAC with one DES key",
        op: "mac.cbc",
        fixed: &[("cipher", "TDES")],
        inputs: &[DATA, KEY, PAD, LEN],
    },
    sub(
        "x9.19",
        "ANSI X9.19, the retail MAC: ISO 9797-1 algorithm 3 with DES",
        "mac.retail",
        &[DATA, KEY, PAD, LEN],
    ),
    sub(
        "cbc",
        "CBC MAC with any cipher; with TDES, the other meaning of \"AS2805.4\"",
        "mac.cbc",
        &[DATA, KEY, PAD, LEN, CIPHER],
    ),
    sub(
        "iso9797",
        "ISO 9797-1 algorithm 1 to 4 with each key by itself",
        "mac.iso9797",
        &[
            DATA,
            need("alg", "alg", Kind::Text, "Algorithm 1, 2, 3 or 4"),
            KEY,
            may(
                "k2",
                "k2",
                Kind::Secret(None),
                "Second key, for algorithms 2 to 4",
            ),
            may("k3", "k3", Kind::Secret(None), "Third key, for algorithm 4"),
            may("iv", "iv", Kind::Text, "Initial vector [default: zeros]"),
            PAD,
            LEN,
            CIPHER,
        ],
    ),
    sub(
        "cmac",
        "CMAC (NIST SP 800-38B) with AES, TDES or SM4",
        "mac.cmac",
        &[DATA, KEY, CIPHER, LEN],
    ),
    sub(
        "hmac",
        "HMAC with SHA-1, SHA-2 or SM3",
        "mac.hmac",
        &[
            DATA,
            need(
                "hash",
                "hash",
                Kind::Text,
                "SHA1, SHA224, SHA256, SHA384, SHA512 or SM3",
            ),
            KEY,
            LEN,
        ],
    ),
    sub(
        "lrc",
        "Longitudinal redundancy check: the XOR of all bytes",
        "line.lrc",
        &[DATA],
    ),
    sub(
        "crc16",
        "CRC-16 of PIN pads (xmodem), HDLC and SDLC (hdlc), or BISYNC (bisync)",
        "line.crc16",
        &[
            DATA,
            need("kind", "kind", Kind::Text, "xmodem, hdlc or bisync"),
        ],
    ),
];
