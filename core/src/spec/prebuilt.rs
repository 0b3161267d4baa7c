//! Dialects as the build has already loaded them: reading one back costs a few microseconds, where
//! its JSON costs a millisecond, and a command that decodes one message waits for several. So do
//! the modules of the page hand dialects to one another: the first of them has no loader.
//!
//! The build script writes what the program reads, with this same file.

use super::dialect::{BitmapSpec, Dialect, MacRule, MtiSpec};
use super::field::{Field, Name};
use super::rules::MessageRule;
use serde::{Deserialize, Serialize};

/// What of a [`Dialect`] is not derived from the rest.
#[derive(Serialize, Deserialize)]
struct Stored {
    name: String,
    title: Name,
    about: Name,
    frame: Vec<String>,
    header_bytes: usize,
    mti: MtiSpec,
    bitmap: BitmapSpec,
    mac: MacRule,
    charset_open: bool,
    messages: Vec<MessageRule>,
    fields: Vec<(u8, Field)>,
}

/// A dialect as bytes.
///
/// # Errors
/// None but those of a serialiser: a vector grows.
pub fn write(dialect: &Dialect) -> Result<Vec<u8>, postcard::Error> {
    let fields = dialect.fields().map(|(de, field)| (de, field.clone()));
    postcard::to_allocvec(&Stored {
        name: dialect.name.clone(),
        title: dialect.title.clone(),
        about: dialect.about.clone(),
        frame: dialect.frame.clone(),
        header_bytes: dialect.header_bytes,
        mti: dialect.mti,
        bitmap: dialect.bitmap,
        mac: dialect.mac,
        charset_open: dialect.charset_open,
        messages: dialect.messages.to_vec(),
        fields: fields.collect(),
    })
}

/// The dialect that [`write()`] wrote; nothing when these bytes are none.
#[must_use]
#[allow(dead_code, reason = "the build script writes, the program reads")]
pub fn read(bytes: &[u8]) -> Option<Dialect> {
    let stored: Stored = postcard::from_bytes(bytes).ok()?;
    let mut dialect = Dialect::new(&stored.name, stored.mti, stored.bitmap);
    dialect.title = stored.title;
    dialect.about = stored.about;
    dialect.frame = stored.frame;
    dialect.header_bytes = stored.header_bytes;
    dialect.mac = stored.mac;
    dialect.charset_open = stored.charset_open;
    dialect.messages = stored.messages.into();
    for (de, field) in stored.fields {
        dialect.set_field(de, field);
    }
    Some(dialect)
}
