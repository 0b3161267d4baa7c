//! Findings as people get them: every code comes from somewhere, every repair repairs, nothing that
//! conforms is called wrong.

use poslab_core::codec::{Candidate, Severity, detect, detect_among, detect_framed, dissect};
use poslab_core::frame::Framing;
use poslab_core::intake::{Content, read_text};
use poslab_core::spec::builtin;
use poslab_core::spec::import::import;
use poslab_core::view::decode::choose;
use poslab_core::view::diff::{DiffOptions, DiffRow, diff};
use poslab_core::view::findings::{Told, tell, tell_findings};
use poslab_core::words::{Lang, findings, hint};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What gives a code.
enum By {
    /// The bytes on its page, in the dialect named there.
    Page,
    /// A paste that is decoded in whatever fits best.
    Paste(&'static str),
    /// Bytes in a dialect and a frame.
    Frame(&'static str, &'static str, &'static str),
    /// A request and its answer, in a dialect.
    Echo(&'static str, &'static str, &'static str),
    /// The binary; its own tests show it.
    Binary(&'static str),
}
use By::{Binary, Echo, Frame, Page, Paste};

/// Every code with what gives it.
const RAISED: &[(&str, By)] = &[
    ("bitmap-beyond-dialect", Page),
    (
        "bitmap-bits-swapped",
        Paste("0200B220000100000000164111111111111111000000001000000007711141202040022411111111111111113456789012345"),
    ),
    ("bitmap-not-hex", Page),
    ("bitmap-truncated", Page),
    ("currency-unknown", Page),
    ("date-implausible", Page),
    (
        "double-encoded",
        Paste("30383030303032303030303030303830303030303030303030313132333435363738"),
    ),
    (
        "echo-broken",
        Echo(
            "iso8583-1987-bcd",
            "080020200000008000009200000001323931313030303031",
            "081020200000008000009200000001333931313030303031",
        ),
    ),
    ("empty-input", Paste("  ")),
    ("field-forbidden", Page),
    ("field-not-in-dialect", Page),
    ("first-implausible", Frame("iso8583-1987-ascii", "none", "303230303032303030303030303030303030303031323334")),
    ("frame-truncated", Frame("iso8583-1987-bcd", "len2be+tpdu", "000A6000")),
    ("length-beyond-data", Page),
    ("length-header-mismatch", Page),
    ("length-header-unreadable", Frame("iso8583-1987-ascii", "len4ascii", "3030324130383030303032303030303030303030303030303030303030313233")),
    ("length-header-wrong", Frame("iso8583-1987-ascii", "len2be", "007430383030303032303030303030303030303030303030303030303031")),
    ("length-over-maximum", Page),
    ("length-under-minimum", Page),
    ("luhn-wrong", Page),
    ("mac-missing", Page),
    ("mac-not-ascii-hex", Page),
    ("mac-wrong", Binary("cli/tests/cmd/mac.md")),
    ("mandatory-missing", Page),
    ("more-behind", Frame("iso8583-1987-ascii", "len2be", "001A303830303030323030303030303030303030303030303030303031FF00FF")),
    ("mti-unknown", Page),
    ("mti-unreadable", Page),
    ("no-message", Paste("hello")),
    ("not-a-digit", Page),
    ("not-fields", Binary("cli/src/command/encode.rs")),
    ("not-in-charset", Page),
    ("odd-digits", Paste("0800202000000080000092000000013239313130303030312")),
    ("other-reading", Frame("iso8583-1987-ascii", "none", "080020200000008000009200000001323931313030303031")),
    ("packet-headers", Page),
    ("pad-nibble-unexpected", Page),
    ("prefix-not-a-number", Page),
    ("separator-missing", Page),
    ("skipped-lines", Page),
    ("subfield-incomplete", Page),
    ("tlv-duplicate-tag", Page),
    ("tlv-length-beyond-data", Page),
    ("tlv-length-malformed", Page),
    ("tlv-tag-truncated", Page),
    ("trailing-bytes", Page),
    ("truncated-field", Page),
    ("truncated-paste", Frame("iso8583-1987-ascii", "len2be", "00743038303030303230303030303030303030303030303030303030")),
    ("unknown-header", Frame("iso8583-1987-ascii", "fixed3", "41424330383030303032303030303030303030303030303030303030303031")),
    ("unused-bit-set", Page),
    ("value-implausible", Page),
    ("whitespace-collapsed", Page),
];
