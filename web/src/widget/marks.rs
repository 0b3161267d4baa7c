//! Rectangles that mark bits in a monospaced hex view: exact to the bit, in eighths of a character.
//!
//! Whole numbers throughout: to write out a fraction would cost the page 5 KB.

use poslab_core::bytes::Span;

/// A rectangle; `left` and `width` in eighths of a character, `top` and `height` in rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// Eighths of a character from the left edge.
    pub left: u32,
    /// Rows from the top.
    pub top: usize,
    /// Eighths of a character wide.
    pub width: u32,
    /// Rows high.
    pub height: usize,
}

/// How a byte is written: characters it takes, and characters to the next one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pitch {
    /// Characters of a byte.
    pub byte: u32,
    /// Characters from one byte to the next.
    pub step: u32,
}

/// Two hex digits and a space.
pub const HEX: Pitch = Pitch { byte: 2, step: 3 };
/// One character.
pub const CHARACTER: Pitch = Pitch { byte: 1, step: 1 };

/// The rectangles of some bits, `per_row` bytes a row: at most three.
pub fn marks(bits: Span, per_row: usize, pitch: Pitch) -> Vec<Mark> {
    if bits.is_empty() {
        return Vec::new();
    }
    let row_bits = per_row as u32 * 8;
    let (first, last) = (bits.start / row_bits, (bits.end - 1) / row_bits);
    let mark = |from: u32, to: u32, height: u32| {
        let left = column(from % row_bits, pitch);
        let right = column(to % row_bits, pitch) + pitch.byte;
        Mark {
            left,
            top: (from / row_bits) as usize,
            width: right - left,
            height: height as usize,
        }
    };
    if first == last {
        return vec![mark(bits.start, bits.end - 1, 1)];
    }
    let mut list = Vec::with_capacity(3);
    let full_from = if bits.start.is_multiple_of(row_bits) {
        first
    } else {
        first + 1
    };
    let full_to = if bits.end.is_multiple_of(row_bits) {
        last + 1
    } else {
        last
    };
    if full_from > first {
        list.push(mark(bits.start, full_from * row_bits - 1, 1));
    }
    if full_to > full_from {
        list.push(mark(
            full_from * row_bits,
            (full_from + 1) * row_bits - 1,
            full_to - full_from,
        ));
    }
    if full_to <= last {
        list.push(mark(last * row_bits, bits.end - 1, 1));
    }
    list
}

/// Where a bit of a row begins.
fn column(bit: u32, pitch: Pitch) -> u32 {
    bit / 8 * pitch.step * 8 + bit % 8 * pitch.byte
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bit_is_a_quarter_of_a_character() {
        let list = marks(Span::bits(13, 14), 16, HEX);
        assert_eq!(
            list,
            [Mark {
                left: 24 + 10,
                top: 0,
                width: 2,
                height: 1
            }]
        );
    }

    #[test]
    fn a_long_run_is_three_rectangles() {
        let list = marks(Span::bytes(14..50), 16, HEX);
        assert_eq!(list.len(), 3);
        assert_eq!(
            list[0],
            Mark {
                left: 336,
                top: 0,
                width: 40,
                height: 1
            }
        );
        assert_eq!(
            list[1],
            Mark {
                left: 0,
                top: 1,
                width: 376,
                height: 2
            }
        );
        assert_eq!(
            list[2],
            Mark {
                left: 0,
                top: 3,
                width: 40,
                height: 1
            }
        );
        assert_eq!(marks(Span::bytes(0..32), 16, HEX).len(), 1);
    }
}
