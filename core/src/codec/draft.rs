//! A message in the making: an MTI and values by field, to be packed.

use std::borrow::Cow;

/// The value of a field or part, before it has bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Canonical text: digits, text, or hex.
    Text(Cow<'a, str>),
    /// Parts by key: a part number (`"2"`), a tag (`"9F26"`, `"9F10#2"`).
    Parts(Vec<(String, Value<'a>)>),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<Cow<'a, str>> for Value<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self::Text(text)
    }
}

/// A message in the making.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft<'a> {
    mti: [u8; 4],
    /// Bitmaps that stand even when nothing in them is set.
    bitmaps: u8,
    fields: Vec<(u8, Value<'a>)>,
}

impl<'a> Draft<'a> {
    /// A message with an MTI and no fields. An MTI that is not four characters reads as `????`,
    /// which no dialect can pack.
    #[must_use]
    pub fn new(mti: &str) -> Self {
        Self {
            mti: four(mti),
            bitmaps: 0,
            fields: Vec::with_capacity(24),
        }
    }

    /// Its MTI.
    #[must_use]
    pub fn mti(&self) -> &str {
        std::str::from_utf8(&self.mti).unwrap_or("????")
    }

    /// Changes its MTI.
    pub fn set_mti(&mut self, mti: &str) {
        self.mti = four(mti);
    }

    /// How many bitmaps stand at least, though the fields need fewer; 0 when none is kept.
    #[must_use]
    pub const fn bitmaps(&self) -> u8 {
        self.bitmaps
    }

    /// Keeps bitmaps that announce nothing, as the message had them.
    pub fn keep_bitmaps(&mut self, count: u8) {
        self.bitmaps = count;
    }

    /// The same with a field set.
    #[must_use]
    pub fn with(mut self, de: u8, value: impl Into<Value<'a>>) -> Self {
        self.set(de, value);
        self
    }

    /// Sets a field.
    #[inline]
    pub fn set(&mut self, de: u8, value: impl Into<Value<'a>>) {
        let value = value.into();
        if self.fields.last().is_none_or(|(last, _)| *last < de) {
            self.fields.push((de, value));
            return;
        }
        match self.position(de) {
            Ok(at) => {
                if let Some(slot) = self.fields.get_mut(at) {
                    slot.1 = value;
                }
            }
            Err(at) => self.fields.insert(at, (de, value)),
        }
    }

    /// The text of a field; `None` also when it was set in parts.
    #[must_use]
    pub fn get(&self, de: u8) -> Option<&str> {
        match self.value(de)? {
            Value::Text(text) => Some(text),
            Value::Parts(_) => None,
        }
    }

    /// The value of a field.
    #[must_use]
    pub fn value(&self, de: u8) -> Option<&Value<'a>> {
        let at = self.position(de).ok()?;
        self.fields.get(at).map(|(_, value)| value)
    }

    /// Takes a field out and gives its text.
    pub fn remove(&mut self, de: u8) -> Option<String> {
        let at = self.position(de).ok()?;
        match self.fields.remove(at).1 {
            Value::Text(text) => Some(text.into_owned()),
            Value::Parts(_) => Some(String::new()),
        }
    }

    /// Whether a field is set.
    #[must_use]
    pub fn has(&self, de: u8) -> bool {
        self.position(de).is_ok()
    }

    /// The fields, in order.
    pub fn fields(&self) -> impl Iterator<Item = (u8, &Value<'a>)> {
        self.fields.iter().map(|(de, value)| (*de, value))
    }

    /// The same, borrowing nothing.
    #[must_use]
    pub fn into_owned(self) -> Draft<'static> {
        let fields = self
            .fields
            .into_iter()
            .map(|(de, value)| (de, value.into_owned()))
            .collect();
        Draft {
            mti: self.mti,
            bitmaps: self.bitmaps,
            fields,
        }
    }

    fn position(&self, de: u8) -> Result<usize, usize> {
        self.fields.binary_search_by_key(&de, |(number, _)| *number)
    }
}

/// The four characters of an MTI, question marks when there are not four.
fn four(mti: &str) -> [u8; 4] {
    mti.as_bytes().try_into().unwrap_or(*b"????")
}

impl Value<'_> {
    /// The same, borrowing nothing.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Parts(parts) => Value::Parts(
                parts
                    .into_iter()
                    .map(|(key, value)| (key, value.into_owned()))
                    .collect(),
            ),
        }
    }
}
