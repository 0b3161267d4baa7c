//! Does a dialect hold together? Every field packs a made-up value that unpacks to itself.
//!
//! This catches what importers get wrong and specifications leave contradictory: a length unit
//! that does not match the coding, a size that the prefix cannot write.

use super::{Draft, pack, unpack};
use crate::spec::{Class, Coding, Counts, Dialect, Size, Wire};

/// A field that does not survive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The field.
    pub de: u8,
    /// What went wrong.
    pub reason: String,
}

/// Packs and unpacks one value of every field.
#[must_use]
pub fn self_check(dialect: &Dialect) -> Vec<Misfit> {
    let mut bare = dialect.clone();
    bare.header_bytes = 0;
    let fields = dialect
        .fields()
        .filter(|(de, _)| *de > 1 && Some(*de) != dialect.bitmap.third_in_field);
    fields
        .filter_map(|(de, field)| {
            let value = sample(&field.wire);
            check(&bare, de, &value)
                .err()
                .map(|reason| Misfit { de, reason })
        })
        .collect()
}

fn check(dialect: &Dialect, de: u8, value: &str) -> Result<(), String> {
    let draft = Draft::new("0100").with(de, value);
    let bytes = pack(dialect, &draft).map_err(|error| error.to_string())?;
    let message = unpack(dialect, &bytes).map_err(|error| error.to_string())?;
    match message.value(de) {
        Some(found) if found == value => Ok(()),
        Some(found) => Err(format!("{value:?} came back as {found:?}")),
        None => Err("the field is not there".to_owned()),
    }
}

/// A value of middling length; an odd one for digits, where padding shows.
fn sample(wire: &Wire) -> String {
    let units = match wire.size {
        Size::Fixed(len) => len,
        Size::Var { min, max } => max.min(min.max(5)),
        Size::Rest => 5,
    };
    let hex = matches!(wire.coding, Coding::Raw | Coding::HexChars(_));
    let count = match wire.counts {
        Counts::Bytes if hex => units * 2,
        Counts::Bytes if wire.coding == Coding::Bcd => units * 2,
        Counts::HexDigits if hex => units & !1,
        Counts::HexDigits if wire.coding.is_text() => units / 2,
        _ => units,
    };
    let letters: &str = match wire.class {
        Class::Xn => "C0000000123456789",
        Class::N | Class::Ns | Class::Z => "1234567890",
        Class::B | Class::Hex => "1234567890",
        Class::S | Class::As => "-+-+-+-+",
        _ => "AZ",
    };
    let mut chars = letters.chars().cycle();
    let mut out: String = chars.by_ref().take(count as usize).collect();
    if wire.class == Class::Xn {
        out = format!("C{}", "0".repeat((count as usize).saturating_sub(1)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{builtin, builtin_names};

    #[test]
    fn every_built_in_dialect_holds_together() {
        for name in builtin_names() {
            let misfits = self_check(&builtin(name).unwrap());
            assert!(misfits.is_empty(), "{name}: {misfits:?}");
        }
    }
}
