//! The bytes of a frame as a hex view: one run per field, broken over rows, never one cell per
//! byte, so that a long message costs no more than its fields.
//!
//! ```text
//! 0000  01 16 60 00 03 00 00 60 …   a row is `per_row` bytes at three characters a byte
//!       ^--------- run -------^     a run is a leaf: its text carries the line breaks
//! ```

use super::outline::{Row, row_at};
use super::veil::Veil;
use crate::bytes::{Span, hex_digit, nibble_at};
use crate::codec::Dissection;

/// A hex view of a frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// The offsets, one line per row.
    pub offsets: String,
    /// The runs, in order; together they cover the frame.
    pub runs: Vec<Run>,
    /// The printable characters, one line per row.
    pub characters: String,
    /// How many rows there are.
    pub rows: usize,
}

/// The bytes of one leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its bits.
    pub span: Span,
    /// The outline row it belongs to.
    pub row: usize,
    /// Its hex digits with spaces between bytes and line breaks between rows.
    pub text: String,
    /// What separates it from the next run: a space, a line break, or nothing inside a byte.
    pub gap: &'static str,
}

/// How the bytes of the character column are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alphabet {
    /// ASCII.
    #[default]
    Ascii,
    /// EBCDIC, as IBM hosts write.
    Ebcdic,
}

/// The hex view of a dissected frame, `per_row` bytes a row.
#[must_use]
pub fn grid(
    tree: &Dissection<'_>,
    rows: &[Row],
    veil: &Veil,
    per_row: usize,
    alphabet: Alphabet,
) -> Grid {
    let frame = tree.frame();
    let per_row = per_row.max(1);
    let leaves = tree.leaves().filter_map(|id| tree.node(id));
    let spans = leaves.map(|node| node.span).filter(|span| !span.is_empty());
    let runs = spans.filter_map(|span| {
        let row = row_at(rows, span)?;
        let text = hex(frame, span, veil, per_row);
        Some(Run {
            span,
            row,
            text,
            gap: gap(span.end, per_row),
        })
    });
    let count = frame.len().div_ceil(per_row);
    let offsets = (0..count).map(|row| format!("{:04X}", row * per_row));
    let characters = frame.chunks(per_row).enumerate().map(|(row, bytes)| {
        let place = |(index, byte): (usize, &u8)| {
            let at = row * per_row + index;
            let hidden = veil.hides(Span::bytes(at..at + 1));
            if hidden {
                '•'
            } else {
                printable(*byte, alphabet)
            }
        };
        bytes.iter().enumerate().map(place).collect::<String>()
    });
    Grid {
        offsets: offsets.collect::<Vec<_>>().join("\n"),
        runs: runs.collect(),
        characters: characters.collect::<Vec<_>>().join("\n"),
        rows: count,
    }
}

/// The hex digits of some bits, nibble by nibble; bits that are no whole nibble show the nibble
/// they lie in.
fn hex(frame: &[u8], span: Span, veil: &Veil, per_row: usize) -> String {
    let first = span.start / 4;
    let last = span.end.div_ceil(4);
    let mut text = String::with_capacity((last - first) as usize * 2);
    for index in first..last {
        if index > first && index % 2 == 0 {
            text.push_str(gap(index * 4, per_row));
        }
        let hidden = veil.hides(Span::bits(index * 4, index * 4 + 4));
        let nibble = nibble_at(frame, index as usize).unwrap_or_default();
        text.push(if hidden {
            '•'
        } else {
            char::from(hex_digit(nibble))
        });
    }
    text
}

/// What stands in front of the nibble at a bit.
fn gap(bit: u32, per_row: usize) -> &'static str {
    if !bit.is_multiple_of(8) {
        ""
    } else if (bit as usize / 8).is_multiple_of(per_row) {
        "\n"
    } else {
        " "
    }
}

/// A byte as a character that takes exactly one place.
fn printable(byte: u8, alphabet: Alphabet) -> char {
    let char = match alphabet {
        Alphabet::Ascii => char::from(byte),
        Alphabet::Ebcdic => crate::bytes::Charset::Ebcdic1047.decode_byte(byte),
    };
    if char.is_ascii_graphic() || char == ' ' {
        char
    } else {
        '·'
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::dissect;
    use crate::frame::Framing;
    use crate::spec::builtin;
    use crate::view::outline::outline;

    #[test]
    fn runs_join_to_the_whole_dump() {
        let dialect = builtin("unionpay-pos").unwrap();
        let text = "020070200000000000001962162610000000000180000000000000012345000004";
        let frame = hex::decode(text).unwrap();
        let tree = dissect(&dialect, &frame, &Framing::none());
        let rows = outline(&tree, &Veil::lifted());
        let grid = grid(&tree, &rows, &Veil::lifted(), 16, Alphabet::Ascii);
        let joined: String = grid
            .runs
            .iter()
            .map(|run| run.text.clone() + run.gap)
            .collect();
        let plain: String = joined.split_whitespace().collect();
        assert_eq!(plain, text);
        assert_eq!(joined.trim_end().lines().next().unwrap().len(), 16 * 3 - 1);
        assert_eq!(grid.offsets, "0000\n0010\n0020");
    }
}
