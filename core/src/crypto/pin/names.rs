//! One PIN block format has many names: standards, networks, HSM codes, in one table.
//!
//! **Source** IBM CCA's chapter on PIN block formats and public HSM manuals, as collected with the
//! vectors; the codes are those of payShield's documents.

/// One format and what people call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormatNames {
    /// The name of its operations in [`calc`](crate::crypto::calc).
    pub op: &'static str,
    /// Its layout, a nibble each: L length, P digit, a PAN, R random, X fill.
    pub layout: &'static str,
    /// Every other name.
    pub names: &'static [&'static str],
}

const fn row(
    op: &'static str,
    layout: &'static str,
    names: &'static [&'static str],
) -> FormatNames {
    FormatNames { op, layout, names }
}

/// All formats, the ones in use first.
pub const FORMATS: &[FormatNames] = &[
    row(
        "pinblock.iso0",
        "0LPPPPP/F.. XOR 0000aaaaaaaaaaaa",
        &[
            "ISO-0",
            "ISO 9564-1 format 0",
            "ANSI X9.8",
            "VISA-1",
            "ECI-1",
            "payShield 01",
        ],
    ),
    row(
        "pinblock.iso1",
        "1LPPPPP/R..",
        &["ISO-1", "ISO 9564-1 format 1", "ECI-4", "payShield 05"],
    ),
    row(
        "pinblock.iso2",
        "2LPPPPP/F..",
        &[
            "ISO-2",
            "ISO 9564-1 format 2",
            "EMV offline PIN",
            "payShield 34",
        ],
    ),
    row(
        "pinblock.iso3",
        "3LPPPPP/R.. XOR 0000aaaaaaaaaaaa",
        &["ISO-3", "ISO 9564-1 format 3", "payShield 47"],
    ),
    row(
        "pinblock.iso4",
        "4LPPPPP/A..R.. enciphered, XOR PAN, enciphered (AES)",
        &["ISO-4", "ISO 9564-1 format 4", "payShield 48"],
    ),
    row(
        "pinblock.sm4_unionpay",
        "0LPPPPP/F.. XOR PAN, 16 bytes (SM4)",
        &["UnionPay SM4"],
    ),
    row(
        "pinblock.docutel",
        "LPPPP00nnnnnnnnn",
        &["Docutel", "payShield 02"],
    ),
    row(
        "pinblock.diebold",
        "PPPPFFFFFFFFFFFF",
        &["Diebold", "payShield 03"],
    ),
    row(
        "pinblock.plus",
        "0LPPPPP/F.. XOR 0000 leftmost 12",
        &["PLUS", "payShield 04"],
    ),
    row("pinblock.visa2", "LPPPP00XXXXXXXXX", &["VISA-2"]),
    row("pinblock.visa3", "PPPPFXXXXXXXXXXX", &["VISA-3"]),
    row(
        "pinblock.visa4",
        "0LPPPPP/F.. XOR 0000 leftmost 12",
        &["VISA-4"],
    ),
    row("pinblock.eci2", "PPPPXXXXXXXXXXXX", &["ECI-2"]),
    row("pinblock.eci3", "LPPPP00XXXXXXXXX", &["ECI-3"]),
    row("pinblock.ibm3624", "PPPPXXXXXXXXXXXX", &["IBM 3624"]),
    row(
        "pinblock.ibm3621",
        "SSSSPPPPXXXXXXXX",
        &["IBM 3621", "IBM 5906"],
    ),
    row(
        "pinblock.4704epp",
        "LPPPPFFFFFFFFFSS",
        &["IBM 4704 encrypting PIN pad"],
    ),
    row("pinblock.oem1", "PPPPXXXXXXXXXXXX", &["OEM-1"]),
    row(
        "pinblock.vis_new_pin",
        "0LPPPPP/F.. XOR card key (XOR current PIN)",
        &["VIS PIN change", "payShield 41", "payShield 42"],
    ),
];

/// The formats of which a name contains `part`, whatever its case.
pub fn search(part: &str) -> impl Iterator<Item = &'static FormatNames> {
    let part = part.to_lowercase();
    FORMATS.iter().filter(move |format| {
        format.op.contains(&part)
            || format
                .names
                .iter()
                .any(|n| n.to_lowercase().contains(&part))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::calc::ops;

    #[test]
    fn every_format_has_an_operation() {
        for format in FORMATS {
            let prefix = format!("{}.", format.op);
            assert!(
                ops().any(|op| op.name.starts_with(&prefix)),
                "{}",
                format.op
            );
        }
    }

    #[test]
    fn ansi_x9_8_is_format_0() {
        let found: Vec<_> = search("x9.8").map(|format| format.op).collect();
        assert_eq!(found, ["pinblock.iso0"]);
    }
}
