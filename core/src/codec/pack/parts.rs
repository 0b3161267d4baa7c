//! Writes a field that was given in parts, after the structure that the dialect says it has.

use super::write::{ber_length, value as write_value};
use super::{PackError, PackFault, write_bitmaps};
use crate::bytes::{hex_value, to_hex};
use crate::codec::draft::Value;
use crate::codec::head::FieldSet;
use crate::codec::inner::Lookup;
use crate::spec::{Class, Coding, Counts, Field, Layout, Pad, Repeat, Side, Size, TlvSpec, Wire};

type Parts<'p> = [(String, Value<'p>)];

/// Knows the message around the field, as structures may depend on it.
pub(super) struct Writer<'l> {
    pub mti: &'l str,
    pub lookup: Lookup<'l>,
}

impl Writer<'_> {
    /// Appends a field, its prefix in front.
    pub fn field(
        &self,
        field: &Field,
        parts: &Parts<'_>,
        path: &str,
        out: &mut Vec<u8>,
    ) -> Result<(), PackError> {
        let text = self.text(field, parts, path)?;
        write_value(&field.wire, &text, out).map_err(|fault| error(path, fault))
    }

    /// The canonical text of a field from its parts.
    fn text(&self, field: &Field, parts: &Parts<'_>, path: &str) -> Result<String, PackError> {
        let layout = field
            .layout
            .as_ref()
            .ok_or_else(|| error(path, PackFault::NoSuchPart))?;
        if field.wire.coding == Coding::Bcd {
            return self.digits(self.resolve(layout, parts, path)?, parts, path);
        }
        let mut bytes = Vec::new();
        self.layout(layout, parts, path, &mut bytes)?;
        Ok(match field.wire.coding {
            Coding::Chars(set) => set.decode(&bytes),
            _ => to_hex(&bytes),
        })
    }

    fn resolve<'f>(
        &self,
        layout: &'f Layout,
        parts: &Parts<'_>,
        path: &str,
    ) -> Result<&'f Layout, PackError> {
        let Layout::Choice(variants) = layout else {
            return Ok(layout);
        };
        let fits = |layout: &Layout| parts.iter().all(|(key, _)| has_part(layout, key));
        let holds = |min: u32, max: u32| if max == 0 { min as usize } else { max as usize };
        variants
            .iter()
            .find(|v| {
                let len = holds(v.when.min_bytes, v.when.max_bytes);
                v.when.holds(self.mti, self.lookup, len) && fits(&v.layout)
            })
            .map(|v| &v.layout)
            .ok_or_else(|| error(path, PackFault::NoSuchPart))
    }

    fn layout(
        &self,
        layout: &Layout,
        parts: &Parts<'_>,
        path: &str,
        out: &mut Vec<u8>,
    ) -> Result<(), PackError> {
        match self.resolve(layout, parts, path)? {
            Layout::Positional {
                parts: known,
                repeat,
            } => {
                for (key, value) in parts {
                    let field = known_part(known, repeat.as_ref(), key);
                    self.part(field, value, &format!("{path}.{key}"), out)?;
                }
                Ok(())
            }
            Layout::Bitmapped {
                header_bytes,
                bitmap,
                parts: known,
            } => {
                out.resize(out.len() + usize::from(*header_bytes), 0);
                let mut set = FieldSet::default();
                let bits = parts.iter().filter_map(|(key, _)| key.parse().ok());
                bits.for_each(|bit| set.insert(bit));
                write_bitmaps(bitmap, set, 0, out);
                for (key, value) in parts {
                    self.part(
                        known_part(known, None, key),
                        value,
                        &format!("{path}.{key}"),
                        out,
                    )?;
                }
                Ok(())
            }
            Layout::Tlv(spec) => self.tlv(spec, parts, path, out),
            Layout::BerTlv => self.ber(parts, path, out),
            Layout::Choice(_) => Err(error(path, PackFault::NoSuchPart)),
        }
    }

    fn part(
        &self,
        field: Option<&Field>,
        value: &Value<'_>,
        path: &str,
        out: &mut Vec<u8>,
    ) -> Result<(), PackError> {
        let field = field.ok_or_else(|| error(path, PackFault::NoSuchPart))?;
        match value {
            Value::Text(text) => {
                write_value(&field.wire, text, out).map_err(|fault| error(path, fault))
            }
            Value::Parts(parts) => self.field(field, parts, path, out),
        }
    }

    /// Packed parts are digits one after another.
    fn digits(&self, layout: &Layout, parts: &Parts<'_>, path: &str) -> Result<String, PackError> {
        let Layout::Positional {
            parts: known,
            repeat,
        } = layout
        else {
            return Err(error(path, PackFault::NoSuchPart));
        };
        let mut out = String::new();
        for (key, value) in parts {
            let path = format!("{path}.{key}");
            let field = known_part(known, repeat.as_ref(), key);
            let field = field.ok_or_else(|| error(&path, PackFault::NoSuchPart))?;
            let text = match value {
                Value::Text(text) => text.to_string(),
                Value::Parts(inner) => self.text(field, inner, &path)?,
            };
            let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
            match field.wire.size {
                Size::Fixed(size) if len < size => {
                    return Err(error(&path, PackFault::TooShort { len, size }));
                }
                Size::Fixed(max) if len > max => {
                    return Err(error(&path, PackFault::TooLong { len, max }));
                }
                _ => out.push_str(&text),
            }
        }
        Ok(out)
    }

    fn ber(&self, parts: &Parts<'_>, path: &str, out: &mut Vec<u8>) -> Result<(), PackError> {
        for (key, value) in parts {
            let path = format!("{path}.{key}");
            let tag = hex_bytes(plain(key)).ok_or_else(|| error(&path, PackFault::NoSuchPart))?;
            let inner = match value {
                Value::Text(text) => {
                    hex_bytes(text).ok_or_else(|| error(&path, PackFault::OddHex))?
                }
                Value::Parts(parts) => {
                    let mut inner = Vec::new();
                    self.ber(parts, &path, &mut inner)?;
                    inner
                }
            };
            out.extend(tag);
            out.extend(ber_length(u32::try_from(inner.len()).unwrap_or(u32::MAX)));
            out.extend(inner);
        }
        Ok(())
    }

    fn tlv(
        &self,
        spec: &TlvSpec,
        parts: &Parts<'_>,
        path: &str,
        out: &mut Vec<u8>,
    ) -> Result<(), PackError> {
        for (key, value) in parts {
            let path = format!("{path}.{key}");
            if let Some(lead) = spec.lead.as_ref().filter(|l| l.number.to_string() == *key) {
                self.part(Some(&lead.field), value, &path, out)?;
                continue;
            }
            let tag = tag_bytes(spec, key).ok_or_else(|| error(&path, PackFault::NoSuchPart))?;
            let known = spec.parts.iter().find(|(name, _)| name == plain(key));
            let known = known.map(|(_, field)| field);
            if let Some(field) = known.filter(|_| spec.own_lengths && !spec.length_first) {
                out.extend(tag);
                self.part(Some(field), value, &path, out)?;
                continue;
            }
            self.counted_value(spec, (&tag, known), value, &path, out)?;
        }
        Ok(())
    }

    /// A tag, the length of this structure, and the value, in the structure's order.
    fn counted_value(
        &self,
        spec: &TlvSpec,
        (tag, known): (&[u8], Option<&Field>),
        value: &Value<'_>,
        path: &str,
        out: &mut Vec<u8>,
    ) -> Result<(), PackError> {
        let wrong = |fault| error(path, fault);
        let coding = known.map_or(spec.default, |field| field.wire.coding);
        let mut bytes = Vec::new();
        match value {
            Value::Text(text) => write_value(&bare(coding), text, &mut bytes).map_err(wrong)?,
            Value::Parts(inner) => {
                let layout = known.and_then(|field| field.layout.as_ref());
                let layout = layout.ok_or_else(|| wrong(PackFault::NoSuchPart))?;
                self.layout(layout, inner, path, &mut bytes)?;
            }
        }
        let mut length = Vec::new();
        write_value(&counted(spec), &to_hex(&bytes), &mut length).map_err(wrong)?;
        let prefix_len = length.len() - bytes.len();
        let length = length.get(..prefix_len).unwrap_or_default();
        let order = if spec.length_first {
            [length, tag]
        } else {
            [tag, length]
        };
        order.iter().for_each(|piece| out.extend_from_slice(piece));
        out.extend(bytes);
        Ok(())
    }
}

/// A tag as it stands on the wire; `None` when it cannot, or has another width.
fn tag_bytes(spec: &TlvSpec, key: &str) -> Option<Vec<u8>> {
    let mut tag = Vec::new();
    match spec.tag.coding {
        Coding::Chars(set) => set.encode_into(plain(key), &mut tag).ok()?,
        _ => tag = hex_bytes(plain(key))?,
    }
    (tag.len() == usize::from(spec.tag.len_bytes)).then_some(tag)
}

fn error(path: &str, fault: PackFault) -> PackError {
    PackError {
        path: path.to_owned(),
        fault,
    }
}

/// A key without the count of its occurrence.
fn plain(key: &str) -> &str {
    key.split_once('#').map_or(key, |(key, _)| key)
}

fn known_part<'f>(
    known: &'f [(u16, Field)],
    repeat: Option<&'f Repeat>,
    key: &str,
) -> Option<&'f Field> {
    let number: u16 = plain(key).parse().ok()?;
    let listed = known
        .iter()
        .find(|(n, _)| *n == number)
        .map(|(_, field)| field);
    listed.or_else(|| repeat.filter(|r| r.number == number).map(|r| &*r.field))
}

fn has_part(layout: &Layout, key: &str) -> bool {
    match layout {
        Layout::Positional { parts, repeat } => known_part(parts, repeat.as_ref(), key).is_some(),
        Layout::Bitmapped { parts, .. } => known_part(parts, None, key).is_some(),
        Layout::Tlv(_) | Layout::BerTlv => true,
        Layout::Choice(variants) => variants.iter().any(|v| has_part(&v.layout, key)),
    }
}

/// The bytes of hex in either case; `None` when it is not hex or has an odd digit.
fn hex_bytes(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    pairs
        .map(|pair| match pair {
            [high, low] => Some(hex_value(*high)? << 4 | hex_value(*low)?),
            _ => None,
        })
        .collect()
}

const fn bare(coding: Coding) -> Wire {
    Wire {
        class: match coding {
            Coding::Chars(_) => Class::Text,
            _ => Class::Hex,
        },
        coding,
        size: Size::Rest,
        counts: Counts::Bytes,
        prefix: None,
        pad: Pad {
            side: Side::Left,
            nibble: 0,
        },
        fill: None,
        filled: false,
    }
}

fn counted(spec: &TlvSpec) -> Wire {
    let raw = bare(Coding::Raw);
    Wire {
        size: Size::Var {
            min: 0,
            max: u32::MAX / 4,
        },
        prefix: Some(spec.length),
        ..raw
    }
}
