//! What foreign formats leave out, added from the standard and from practice: names, which fields
//! are secret, and the BER-TLV in DE55.

use super::super::builtin;
use super::super::dialect::Dialect;
use super::super::field::{Field, Secrecy};
use super::super::layout::Layout;
use super::super::wire::Coding;

/// Completes a dialect; gives the fields whose structure is a guess.
pub(super) fn complete(dialect: &mut Dialect) -> Vec<u8> {
    let mut assumed = Vec::new();
    let names = builtin("iso8583-1987-ascii");
    let numbers: Vec<u8> = dialect.fields().map(|(de, _)| de).collect();
    for de in numbers {
        let known = names.as_deref().and_then(|d| d.field(de));
        dialect.change_field(de, |field| {
            if let Some(known) = known.filter(|_| is_placeholder(field, de)) {
                field.name = known.name.clone();
            }
            field.secrecy = secrecy(de);
            let bytes = matches!(field.wire.coding, Coding::Raw);
            if de == 55 && field.layout.is_none() && bytes {
                field.layout = Some(Layout::BerTlv);
                assumed.push(de);
            }
        });
    }
    assumed
}

/// Whether the file gives no name, or one that says nothing.
fn is_placeholder(field: &Field, de: u8) -> bool {
    let name = field.name.en.trim();
    name.len() < 2 || name == de.to_string()
}

/// What is hidden whatever a file says: where it stands is the same in every dialect.
fn secrecy(de: u8) -> Secrecy {
    match de {
        2 | 34 => Secrecy::Pan,
        35 | 36 | 45 => Secrecy::Track,
        52 | 53 => Secrecy::Secret,
        46..=48 | 54..=63 | 72 | 104..=127 => Secrecy::Nested,
        _ => Secrecy::Open,
    }
}
