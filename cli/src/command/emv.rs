//! `poslab emv`: from the issuer's master key to a cryptogram and back.

use crate::bench::{Bench, Input, Kind, Sub, Table, may, need, sub};

/// The table behind `poslab emv`.
pub enum Emv {}

/// Card keys, session keys, cryptograms, issuer scripts.
pub type EmvVerb = Bench<Emv>;

impl Table for Emv {
    const VERB: &'static str = "emv";
    const SUBS: &'static [&'static [Sub]] = &[SUBS];
}

const SK: Input = need("sk", "sk", Kind::Secret(None), "Session key, 16 bytes");
const DATA: Input = need("data", "data", Kind::Data, "The data, in hexadecimal");
const ARQC: Input = need("arqc", "arqc", Kind::Data, "The cryptogram, 8 bytes");

const SUBS: &[Sub] = &[
    sub(
        "card-key",
        "The master key of one card",
        "emv.icc_mk",
        &[
            need("imk", "imk", Kind::Secret(Some("IMK")), "Issuer master key"),
            need("pan", "pan", Kind::Text, "The card number"),
            may(
                "psn",
                "psn",
                Kind::Text,
                "PAN sequence number [default: 00]",
            ),
            may("option", "option", Kind::Text, "A or B [default: A]"),
            may(
                "parity",
                "parity",
                Kind::Text,
                "none leaves the parity as it falls",
            ),
        ],
    ),
    sub(
        "session-key",
        "The session key of one transaction",
        "emv.sk",
        &[
            need(
                "icc-mk",
                "icc_mk",
                Kind::Secret(None),
                "The card's master key",
            ),
            need(
                "method",
                "method",
                Kind::Text,
                "common, mastercard, visa_sm or emv2000",
            ),
            may(
                "r",
                "r",
                Kind::Text,
                "Eight bytes, for common: the counter and zeros",
            ),
            may("atc", "atc", Kind::Text, "Counter, in hexadecimal"),
            may(
                "un",
                "un",
                Kind::Text,
                "Unpredictable number, for mastercard",
            ),
            may(
                "height",
                "height",
                Kind::Text,
                "Height of the tree, for emv2000",
            ),
            may(
                "branch",
                "branch",
                Kind::Text,
                "Branches of the tree, for emv2000",
            ),
            may("iv", "iv", Kind::Text, "Initial vector, for emv2000"),
        ],
    ),
    sub(
        "cryptogram",
        "ARQC, TC or AAC over the card's transaction data",
        "emv.ac",
        &[
            DATA,
            SK,
            may(
                "padding",
                "padding",
                Kind::Text,
                "EMV or VISA [default: EMV]",
            ),
        ],
    ),
    sub(
        "arpc1",
        "Issuer's answer, method 1: response code",
        "emv.arpc1",
        &[
            ARQC,
            SK,
            need(
                "arc",
                "arc",
                Kind::Text,
                "Response code, two bytes in hexadecimal",
            ),
        ],
    ),
    sub(
        "arpc2",
        "Issuer's answer, method 2: card status update",
        "emv.arpc2",
        &[
            ARQC,
            SK,
            need("csu", "csu", Kind::Text, "Card status update, 4 bytes"),
            may("proprietary", "pad", Kind::Text, "Up to 8 bytes"),
        ],
    ),
    sub(
        "script-mac",
        "MAC of an issuer script",
        "emv.script_mac",
        &[DATA, SK],
    ),
    sub(
        "script-encipher",
        "Data of an issuer script, enciphered",
        "emv.script_encrypt",
        &[
            DATA,
            SK,
            need("type", "type", Kind::Text, "VISA, MASTERCARD or CCD"),
        ],
    ),
];
