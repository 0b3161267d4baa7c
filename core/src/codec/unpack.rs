//! The strict reader: a message that conforms, as a table of spans over its bytes, or a refusal.
//!
//! Fields are located and their characters checked once; values are made when asked for.

use super::draft::Draft;
use super::fault::{Fault, UnpackError};
use super::head::{FieldSet, read_bitmaps, read_mti};
use super::inner;
use super::read::{Place, check, locate, step};
use super::value::{is_plain, push_value};
use crate::bytes::Charset;
use crate::spec::{Dialect, Field, Wire};
use std::borrow::Cow;
use std::ops::Range;

/// A message that conforms to its dialect.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    dialect: &'a Dialect,
    body: &'a [u8],
    mti: [u8; 4],
    set: FieldSet,
    /// Bitmaps in front of the fields where the last announces nothing, else 0.
    empty_bitmaps: u8,
    places: Vec<Place>,
}

/// Reads the message that `body` is: MTI to last field, nothing before and nothing after.
///
/// **Errors**: the first thing that does not conform, with its offset and path.
pub fn unpack<'a>(dialect: &'a Dialect, body: &'a [u8]) -> Result<Message<'a>, UnpackError> {
    let mut message = Message {
        dialect,
        body,
        mti: [b'0'; 4],
        set: FieldSet::default(),
        empty_bitmaps: 0,
        places: Vec::new(),
    };
    message.read(body)?;
    Ok(message)
}

impl<'a> Message<'a> {
    /// Reads another message into the same table, which spares its allocation.
    ///
    /// **Errors**: as [`unpack`]; the table then holds nothing.
    pub fn reread(&mut self, body: &'a [u8]) -> Result<(), UnpackError> {
        self.read(body)
    }

    fn read(&mut self, body: &'a [u8]) -> Result<(), UnpackError> {
        let dialect = self.dialect;
        self.body = body;
        self.set = FieldSet::default();
        self.places.clear();
        let (mti, after_mti) = read_mti(self.dialect.mti, body).map_err(|e| refused("MTI", *e))?;
        let (set, mut at) = read_bitmaps(&self.dialect.bitmap, body, after_mti)
            .map_err(|e| refused("bitmap", *e))?;
        self.mti = mti;
        self.empty_bitmaps = self.kept_bitmaps(set, at - after_mti);
        self.places.reserve(set.len() as usize);
        let mut set = set;
        // 0 where the third bitmap is no field: no field has that number.
        let third = dialect.bitmap.third_in_field.unwrap_or(0);
        for index in 0..3 {
            let mut word = set.word(index);
            while word != 0 {
                let de = (64 * index as u32 + word.leading_zeros() + 1) as u8;
                word ^= (1 << 63) >> word.leading_zeros();
                match step(dialect.step(de), body, at) {
                    Some(place) => {
                        at = place.end as usize;
                        self.places.push(place);
                    }
                    None => at = self.read_field_long(de, at)?,
                }
                if de == third {
                    self.third_bitmap(&mut set);
                }
            }
        }
        self.set = set;
        if at < body.len() {
            return Err(refused(
                "rest",
                (
                    at,
                    Fault::Trailing {
                        count: body.len() - at,
                    },
                ),
            ));
        }
        Ok(())
    }

    /// How many bitmaps stand there, when the last of them announces no field.
    fn kept_bitmaps(&self, set: FieldSet, len: usize) -> u8 {
        let spec = &self.dialect.bitmap;
        let blocks = len / spec.block_len().max(1);
        if blocks < 2 || spec.block_bytes != 8 || set.word(blocks - 1) != 0 {
            return 0;
        }
        u8::try_from(blocks).unwrap_or(0)
    }

    #[cold]
    fn read_field_long(&mut self, de: u8, at: usize) -> Result<usize, UnpackError> {
        let Some(wire) = self.dialect.wire(de).filter(|_| de > 1) else {
            let blocks = self.dialect.bitmap.max_blocks;
            let fault = match de {
                1 => Fault::BitmapBeyondDialect { blocks },
                _ => Fault::FieldNotInDialect { de: u16::from(de) },
            };
            return Err(refused_field(de, (at, fault)));
        };
        let place = locate(wire, self.body, at).map_err(|e| refused_field(de, *e))?;
        if let Some((span, fault)) = check(wire, self.body, place) {
            return Err(refused_field(de, ((span.start / 8) as usize, fault)));
        }
        self.places.push(place);
        Ok(place.end as usize)
    }

    /// Takes the bits 129 to 192 from the field that was just read.
    fn third_bitmap(&self, set: &mut FieldSet) {
        let data = self
            .places
            .last()
            .and_then(|place| self.body.get(place.data as usize..place.data_end as usize));
        if let Some(Ok(eight)) = data.map(<[u8; 8]>::try_from) {
            set.set_word(2, u64::from_be_bytes(eight));
        }
    }

    /// The dialect it was read in.
    #[must_use]
    pub const fn dialect(&self) -> &'a Dialect {
        self.dialect
    }

    /// The bytes it was read from.
    #[must_use]
    pub const fn body(&self) -> &'a [u8] {
        self.body
    }

    /// The four digits of its MTI.
    #[must_use]
    pub fn mti(&self) -> &str {
        std::str::from_utf8(&self.mti).unwrap_or("0000")
    }

    /// Whether a field is there.
    #[must_use]
    pub const fn has(&self, de: u8) -> bool {
        self.set.has(de)
    }

    /// The fields that are there, in order.
    pub fn fields(&self) -> impl Iterator<Item = u8> + use<> {
        self.set.iter()
    }

    fn place(&self, de: u8) -> Option<Place> {
        if self.set.has(de) {
            self.places.get(self.set.rank(de)).copied()
        } else {
            None
        }
    }

    /// The canonical text of a field: digits, text with its spaces, or upper-case hex.
    #[must_use]
    pub fn value(&self, de: u8) -> Option<Cow<'a, str>> {
        let place = self.place(de)?;
        let wire = self.dialect.wire(de)?;
        if let Some(text) = self.plain(place, wire) {
            return Some(Cow::Borrowed(text));
        }
        let span = place.value_span();
        let mut out = String::with_capacity(span.len() as usize / 4);
        push_value(&mut out, self.body, span, wire.coding);
        Some(Cow::Owned(out))
    }

    /// Appends the canonical text of a field, as [`Message::value`] gives it; nothing where it is
    /// not there.
    pub fn write_value(&self, de: u8, out: &mut String) {
        let (Some(place), Some(wire)) = (self.place(de), self.dialect.wire(de)) else {
            return;
        };
        match self.plain(place, wire) {
            Some(text) => out.push_str(text),
            None => push_value(out, self.body, place.value_span(), wire.coding),
        }
    }

    /// The wire's bytes themselves, where they are the canonical text.
    fn plain(&self, place: Place, wire: &Wire) -> Option<&'a str> {
        if !is_plain(wire.coding) {
            return None;
        }
        let bytes = self.body.get(place.value_span().byte_range())?;
        let text = std::str::from_utf8(bytes).ok()?;
        let utf8 = wire.coding == crate::spec::Coding::Chars(Charset::Utf8);
        (text.is_ascii() || utf8).then_some(text)
    }

    /// The bytes of a field's data, without its prefix, with its padding nibble.
    #[must_use]
    pub fn raw(&self, de: u8) -> Option<&'a [u8]> {
        let place = self.place(de)?;
        self.body.get(place.data as usize..place.data_end as usize)
    }

    /// The bytes that a field takes, its prefix included, from the start of the body.
    #[must_use]
    pub fn span(&self, de: u8) -> Option<Range<usize>> {
        self.place(de)
            .map(|place| place.start as usize..place.end as usize)
    }

    /// A field or sub-field by its path: `"39"`, `"60.3"`, `"55.9F26"`, with or without `DE`.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<Cow<'a, str>> {
        let path = path.strip_prefix("DE").unwrap_or(path);
        let Some((de, rest)) = path.split_once('.') else {
            return self.value(path.parse().ok()?);
        };
        let de: u8 = de.parse().ok()?;
        let lookup = |path: &str| self.find(path);
        inner::find(
            self.dialect,
            self.body,
            self.mti,
            (de, self.place(de)?),
            rest,
            &lookup,
        )
        .map(Cow::Owned)
    }

    /// What the dialect says of a field.
    #[must_use]
    pub fn field(&self, de: u8) -> Option<&'a Field> {
        self.dialect.field(de)
    }

    /// The message as a draft to change and pack again.
    #[must_use]
    pub fn to_draft(&self) -> Draft<'a> {
        let mut draft = Draft::new(self.mti());
        draft.keep_bitmaps(self.empty_bitmaps);
        for de in self.fields() {
            if let Some(value) = self.value(de) {
                draft.set(de, value);
            }
        }
        draft
    }
}

#[cold]
fn refused(path: &str, (offset, fault): (usize, Fault)) -> UnpackError {
    UnpackError {
        offset,
        path: path.to_owned(),
        fault,
    }
}

#[cold]
fn refused_field(de: u8, at: (usize, Fault)) -> UnpackError {
    refused(&format!("DE{de}"), at)
}
