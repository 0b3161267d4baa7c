//! `poslab pin`: PIN blocks, their translation, and what an issuer checks.

use crate::bench::{Bench, Input, Kind, Sub, Table, may, need, sub};

/// The table behind `poslab pin`.
pub enum Pin {}

/// Encode, decode, encipher and translate PIN blocks; verification values.
pub type PinVerb = Bench<Pin>;

impl Table for Pin {
    const VERB: &'static str = "pin";
    const SUBS: &'static [&'static [Sub]] = &[ENCODE, DECODE, OTHERS];
}

const PIN: Input = need("pin", "pin", Kind::Secret(None), "The PIN");
const PAN: Input = need(
    "pan",
    "pan",
    Kind::Text,
    "The card number, check digit included",
);
const BLOCK: Input = need("block", "block", Kind::Data, "The block, in hexadecimal");
const PVK: Input = need(
    "pvk",
    "pvk",
    Kind::Secret(Some("PVK")),
    "PIN verification key",
);
const PAD: Input = may("pad", "pad", Kind::Text, "Fill digit [default: F]");

const ENCODE: &[Sub] = &[
    sub(
        "encode-iso0",
        "Format 0 (ANSI X9.8, VISA-1, ECI-1): clear block",
        "pinblock.iso0.encode",
        &[PIN, PAN],
    ),
    sub(
        "encode-iso1",
        "Format 1 (ECI-4): clear block without PAN",
        "pinblock.iso1.encode",
        &[
            PIN,
            need(
                "fill",
                "fill",
                Kind::Random(0, 12),
                "Fill digits; random when absent",
            ),
        ],
    ),
    sub(
        "encode-iso2",
        "Format 2: clear block between card and reader",
        "pinblock.iso2.encode",
        &[PIN],
    ),
    sub(
        "encode-iso3",
        "Format 3: as 0, with random fill A to F",
        "pinblock.iso3.encode",
        &[
            PIN,
            PAN,
            need(
                "fill",
                "fill",
                Kind::Random(10, 12),
                "Fill A to F; random when absent",
            ),
        ],
    ),
    sub(
        "encipher-iso4",
        "Format 4: the block under an AES key",
        "pinblock.iso4.encipher",
        &[
            PIN,
            PAN,
            need("key", "key", Kind::Secret(None), "AES PIN key"),
            need(
                "random",
                "random",
                Kind::Random(0, 16),
                "Eight bytes; random when absent",
            ),
        ],
    ),
    sub(
        "encipher-sm4",
        "UnionPay's SM4 block (one public layout: provisional)",
        "pinblock.sm4_unionpay.encode",
        &[
            PIN,
            may("pan", "pan", Kind::Text, "The card number"),
            need("key", "key", Kind::Secret(Some("PIK")), "SM4 PIN key"),
        ],
    ),
    sub(
        "encode-visa3",
        "VISA-3: PIN, F, fill",
        "pinblock.visa3.encode",
        &[PIN, PAD],
    ),
    sub(
        "encode-visa4",
        "VISA-4: as format 0 with the leftmost digits of the PAN",
        "pinblock.visa4.encode",
        &[PIN, PAN],
    ),
    sub(
        "encode-plus",
        "PLUS: as VISA-4",
        "pinblock.plus.encode",
        &[PIN, PAN],
    ),
    sub(
        "encode-diebold",
        "Diebold: PIN and F",
        "pinblock.diebold.encode",
        &[PIN],
    ),
    sub(
        "encode-docutel",
        "Docutel",
        "pinblock.docutel.encode",
        &[PIN],
    ),
    sub(
        "encode-ibm3624",
        "IBM 3624: PIN and fill",
        "pinblock.ibm3624.encode",
        &[PIN, PAD],
    ),
];

const DECODE: &[Sub] = &[
    sub(
        "decode-iso0",
        "Format 0: PIN of a clear block",
        "pinblock.iso0.decode",
        &[BLOCK, PAN],
    ),
    sub(
        "decode-iso1",
        "Format 1: PIN of a clear block",
        "pinblock.iso1.decode",
        &[BLOCK],
    ),
    sub(
        "decode-iso2",
        "Format 2: PIN of a clear block",
        "pinblock.iso2.decode",
        &[BLOCK],
    ),
    sub(
        "decode-iso3",
        "Format 3: PIN of a clear block",
        "pinblock.iso3.decode",
        &[BLOCK, PAN],
    ),
    sub(
        "decipher-iso4",
        "Format 4: PIN of a block under an AES key",
        "pinblock.iso4.decipher",
        &[
            BLOCK,
            PAN,
            need("key", "key", Kind::Secret(None), "AES PIN key"),
        ],
    ),
];

const OTHERS: &[Sub] = &[
    sub(
        "formats",
        "PIN block formats under all their names (ANSI X9.8 = ISO-0 = VISA-1 ...)",
        "pin.formats",
        &[may("name", "name", Kind::Text, "Part of a name")],
    ),
    sub(
        "translate",
        "From one key, format and PAN to another; says which moves are forbidden",
        "pin.translate",
        &[
            BLOCK,
            need(
                "from-key",
                "src_key",
                Kind::Secret(Some("PIK")),
                "Key the block is under",
            ),
            need(
                "from-format",
                "src_format",
                Kind::Text,
                "Its format, 0 to 4",
            ),
            may("from-pan", "src_pan", Kind::Text, "Its card number"),
            need(
                "to-key",
                "dst_key",
                Kind::Secret(Some("ZPK")),
                "Key to put it under",
            ),
            need(
                "to-format",
                "dst_format",
                Kind::Text,
                "Format to make, 0 to 4",
            ),
            may("to-pan", "dst_pan", Kind::Text, "Card number to bind"),
            need(
                "fill",
                "dst_fill",
                Kind::Random(10, 12),
                "Fill digits; random when absent",
            ),
            need(
                "random",
                "dst_random",
                Kind::Random(0, 16),
                "Eight bytes for format 4",
            ),
        ],
    ),
    Sub {
        name: "encipher",
        about: "A clear block under a TDES PIN key (one ECB call)",
        op: "cipher",
        fixed: &[("cipher", "TDES"), ("mode", "ECB"), ("dir", "encrypt")],
        inputs: &[
            need("block", "data", Kind::Secret(None), "The clear block"),
            need("key", "key", Kind::Secret(Some("PIK")), "PIN key"),
        ],
    },
    Sub {
        name: "decipher",
        about: "An enciphered block back to a clear one (one ECB call)",
        op: "cipher",
        fixed: &[("cipher", "TDES"), ("mode", "ECB"), ("dir", "decrypt")],
        inputs: &[
            need("block", "data", Kind::Data, "The block, in hexadecimal"),
            need("key", "key", Kind::Secret(Some("PIK")), "PIN key"),
        ],
    },
    sub(
        "pvv",
        "Visa PIN verification value",
        "pin.visa_pvv",
        &[
            PIN,
            PAN,
            PVK,
            need("pvki", "pvki", Kind::Text, "Key indicator, one digit"),
        ],
    ),
    sub(
        "offset",
        "IBM 3624 offset of a PIN",
        "pin.ibm3624.offset",
        &[PIN, PAN, PVK, TABLE, FIRST, COUNT, PAD],
    ),
    sub(
        "natural",
        "IBM 3624 PIN of an offset (0000 gives the natural PIN)",
        "pin.ibm3624.pin",
        &[
            need("offset", "offset", Kind::Text, "The offset"),
            PAN,
            PVK,
            TABLE,
            FIRST,
            COUNT,
            PAD,
        ],
    ),
];

const TABLE: Input = need(
    "table",
    "table",
    Kind::Text,
    "Decimalisation table, 16 digits",
);
const FIRST: Input = may(
    "first",
    "off",
    Kind::Text,
    "First PAN digit taken [default: 0]",
);
const COUNT: Input = may("count", "len", Kind::Text, "PAN digits taken [default: 16]");
