//! `poslab emv`: from the issuer's master key to a cryptogram and back.

use crate::bench::{Bench, Input, Kind, Sub, Table, may, need};

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
    Sub {
        name: "card-key",
        about: "The master key of one card",
        op: "emv.icc_mk",
        fixed: &[],
        inputs: &[
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
    },
    Sub {
        name: "session-key",
        about: "The session key of one transaction",
        op: "emv.sk",
        fixed: &[],
        inputs: &[
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
    },
    Sub {
        name: "cryptogram",
        about: "ARQC, TC or AAC over the card's transaction data",
        op: "emv.ac",
        fixed: &[],
        inputs: &[
            DATA,
            SK,
            may(
                "padding",
                "padding",
                Kind::Text,
                "EMV or VISA [default: EMV]",
            ),
        ],
    },
    Sub {
        name: "arpc1",
        about: "Issuer's answer, method 1: response code",
        op: "emv.arpc1",
        fixed: &[],
        inputs: &[
            ARQC,
            SK,
            need(
                "arc",
                "arc",
                Kind::Text,
                "Response code, two bytes in hexadecimal",
            ),
        ],
    },
    Sub {
        name: "arpc2",
        about: "Issuer's answer, method 2: card status update",
        op: "emv.arpc2",
        fixed: &[],
        inputs: &[
            ARQC,
            SK,
            need("csu", "csu", Kind::Text, "Card status update, 4 bytes"),
            may("proprietary", "pad", Kind::Text, "Up to 8 bytes"),
        ],
    },
    Sub {
        name: "script-mac",
        about: "MAC of an issuer script",
        op: "emv.script_mac",
        fixed: &[],
        inputs: &[DATA, SK],
    },
    Sub {
        name: "script-encipher",
        about: "Data of an issuer script, enciphered",
        op: "emv.script_encrypt",
        fixed: &[],
        inputs: &[
            DATA,
            SK,
            need("type", "type", Kind::Text, "VISA, MASTERCARD or CCD"),
        ],
    },
];
