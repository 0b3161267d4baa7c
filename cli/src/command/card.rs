//! `poslab card`: the codes on and in a card, its number, its track.

use crate::bench::{Bench, Input, Kind, Sub, Table, may, need, sub};

/// The table behind `poslab card`.
pub enum Card {}

/// Card verification values, card numbers, tracks.
pub type CardVerb = Bench<Card>;

impl Table for Card {
    const VERB: &'static str = "card";
    const SUBS: &'static [&'static [Sub]] = &[SUBS];
}

const PAN: Input = need("pan", "pan", Kind::Text, "The card number");
const EXPIRY: Input = need(
    "expiry",
    "expiry",
    Kind::Text,
    "Expiry as the issuer writes it: YYMM",
);
const CODE: Input = need(
    "service-code",
    "service_code",
    Kind::Text,
    "Three digits; 000 for CVV2, 999 for iCVV",
);
const TDK: Input = need("tdk", "tdk", Kind::Secret(Some("TDK")), "Track key");
const TRACK: Input = need(
    "track",
    "track",
    Kind::Data,
    "The digits, D for the separator",
);

const SUBS: &[Sub] = &[
    sub(
        "cvv",
        "CVV, CVC, CVV2 or iCVV",
        "cvv",
        &[
            need(
                "cvk",
                "cvk",
                Kind::Secret(Some("CVK")),
                "Keys A and B, 16 bytes",
            ),
            PAN,
            EXPIRY,
            CODE,
        ],
    ),
    sub(
        "dcvv",
        "Dynamic CVV of contactless magnetic-stripe mode",
        "dcvv",
        &[
            need("imk", "imk", Kind::Secret(Some("IMK")), "Issuer master key"),
            PAN,
            EXPIRY,
            CODE,
            need("atc", "atc", Kind::Text, "Counter, four digits"),
            may(
                "psn",
                "psn",
                Kind::Text,
                "PAN sequence number [default: 00]",
            ),
            may("option", "option", Kind::Text, "A or B [default: A]"),
        ],
    ),
    sub(
        "cvc3",
        "CVC3 of contactless magnetic-stripe mode",
        "cvc3",
        &[
            TRACK,
            need("icc-key", "icc_key", Kind::Secret(None), "The card's key"),
            need("atc", "atc", Kind::Text, "Counter, in hexadecimal"),
            need("un", "un", Kind::Text, "Unpredictable number, 4 bytes"),
        ],
    ),
    sub(
        "check",
        "Length, check digit and masked form of a card number",
        "pan.check",
        &[PAN],
    ),
    sub(
        "luhn",
        "The check digit that belongs behind some digits",
        "line.luhn",
        &[need(
            "digits",
            "payload",
            Kind::Data,
            "The digits before the check digit",
        )],
    ),
    sub(
        "track-encipher",
        "A track under a TDK, as UnionPay terminals send it",
        "track.encipher",
        &[TRACK, TDK],
    ),
    sub(
        "track-decipher",
        "An enciphered track back",
        "track.decipher",
        &[TRACK, TDK],
    ),
];
