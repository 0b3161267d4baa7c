//! PIN blocks from before ISO 9564: the places of the layout, digit by digit, then the block.

use super::pins::{exact, pad_digit};
use super::{CalcError, Given, Op, Outputs, op};
use crate::crypto::pin::legacy;
use crate::crypto::working::{Flow, Working, chars};

pub(super) const OPS: &[Op] = &[
    op("pinblock.docutel.encode", &["pin"], |g, w| {
        const NINE: [u8; 9] = [9, 8, 7, 6, 5, 4, 3, 2, 1];
        let block = legacy::length_six_nine(g.text("pin")?, &NINE)?;
        note(g, w, &DOCUTEL, block)
    }),
    op("pinblock.visa2.encode", &["fill", "pin"], six_nine),
    op("pinblock.eci3.encode", &["fill", "pin"], six_nine),
    op("pinblock.diebold.encode", &["pin"], |g, w| {
        note(g, w, &DIEBOLD, legacy::left_justified(g.text("pin")?, 15)?)
    }),
    op("pinblock.ibm3624.encode", &["pad", "pin"], left_justified),
    op("pinblock.oem1.encode", &["pad", "pin"], left_justified),
    op("pinblock.visa3.encode", &["pad", "pin"], |g, w| {
        let block = legacy::visa3(g.text("pin")?, pad_digit(g)?)?;
        note(g, w, &VISA3, block)
    }),
    op("pinblock.eci2.encode", &["fill", "pin"], |g, w| {
        let block = legacy::eci2(g.text("pin")?, &g.nibbles("fill")?)?;
        note(g, w, &ECI2, block)
    }),
    op("pinblock.4704epp.encode", &["pin", "seq"], |g, w| {
        let block = legacy::ibm4704(g.text("pin")?, exact::<1>(g, "seq")?[0])?;
        note(g, w, &EPP, block)
    }),
    op("pinblock.ibm3621.encode", &["pad", "pin", "seq"], |g, w| {
        let block = legacy::ibm3621(g.text("pin")?, exact(g, "seq")?, pad_digit(g)?)?;
        note(g, w, &IBM3621, block)
    }),
];

/// Where the inputs stand in the sixteen digits of a block.
struct Layout {
    formula: &'static str,
    /// The place of the first digit of the PIN.
    pin: usize,
    /// The filler's input, and its first place: from the start, or else from the end of the PIN.
    fill: Option<(&'static str, From)>,
    /// The place of the sequence number.
    seq: Option<usize>,
}

#[derive(Clone, Copy)]
enum From {
    Start(usize),
    Pin(usize),
}

const PLAIN: Layout = Layout {
    formula: "",
    pin: 0,
    fill: None,
    seq: None,
};
const DOCUTEL: Layout = Layout {
    formula: "layout = L || PIN in six places || 987654321",
    pin: 1,
    ..PLAIN
};
const SIX_NINE: Layout = Layout {
    formula: "layout = L || PIN in six places || fill",
    fill: Some(("fill", From::Start(7))),
    ..DOCUTEL
};
const DIEBOLD: Layout = Layout {
    formula: "layout = PIN || F...",
    ..PLAIN
};
const LEFT: Layout = Layout {
    formula: "layout = PIN || pad...",
    fill: Some(("pad", From::Pin(0))),
    ..PLAIN
};
const VISA3: Layout = Layout {
    formula: "layout = PIN || F || pad...",
    fill: Some(("pad", From::Pin(1))),
    ..PLAIN
};
const ECI2: Layout = Layout {
    formula: "layout = PIN || fill",
    fill: Some(("fill", From::Pin(0))),
    ..PLAIN
};
const EPP: Layout = Layout {
    formula: "layout = L || PIN || F... || seq",
    pin: 1,
    seq: Some(14),
    ..PLAIN
};
const IBM3621: Layout = Layout {
    formula: "layout = seq || PIN || pad...",
    pin: 4,
    fill: Some(("pad", From::Pin(0))),
    seq: Some(0),
};

fn six_nine(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let block = legacy::length_six_nine(given.text("pin")?, &given.nibbles("fill")?)?;
    note(given, working, &SIX_NINE, block)
}

fn left_justified(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let block = legacy::left_justified(given.text("pin")?, pad_digit(given)?)?;
    note(given, working, &LEFT, block)
}

/// Takes down how a block came to be: its digits in their places, and the digits packed.
fn note(
    given: &Given<'_>,
    working: &mut Working,
    layout: &Layout,
    block: [u8; 8],
) -> Result<Outputs, CalcError> {
    let text = hex::encode_upper(block);
    let pin = given.text("pin")?;
    let mut inputs = vec![chars("pin", pin).flow(Flow::Into(layout.pin))];
    let fill = layout.fill.and_then(|(name, from)| {
        let text = given.maybe_text(name).ok()??;
        Some((name, text, from))
    });
    if let Some((name, text, from)) = fill {
        let from = match from {
            From::Start(at) => at,
            From::Pin(behind) => layout.pin + pin.len() + behind,
        };
        let places = |at: usize| at.checked_sub(from).map(|nth| nth % text.len().max(1));
        let places = (0..16).map(|at| places(at).unwrap_or(usize::MAX));
        inputs.push(chars(name, text).flow(Flow::Pick(places.collect())));
    }
    let seq = layout.seq.zip(given.maybe_text("seq")?);
    if let Some((at, text)) = seq {
        inputs.push(chars("seq", text).flow(Flow::Into(at)));
    }
    working.text("layout", layout.formula, &inputs, &text);
    let packed = [chars("layout", &text).flow(Flow::Pack)];
    working.step("block", "block = packed layout", &packed, &block);
    Ok(Outputs::new().hex("block", &block))
}
