//! The dialects that come with poslab: data files, loaded when first asked for, or by the build
//! already (feature `prebuilt`), which the page is handed like every other table.

use super::dialect::Dialect;
#[cfg(all(feature = "prebuilt", not(feature = "embedded")))]
use crate::data::BinaryFile;
use crate::data::{TextFile, text_file};
use std::sync::{Arc, OnceLock};

struct Entry {
    name: &'static str,
    text: TextFile,
    #[cfg(all(feature = "prebuilt", feature = "embedded"))]
    prebuilt: &'static [u8],
    #[cfg(all(feature = "prebuilt", not(feature = "embedded")))]
    prebuilt: BinaryFile,
    loaded: OnceLock<Option<Arc<Dialect>>>,
}

macro_rules! dialects {
    ($($name:literal),* $(,)?) => {
        static DIALECTS: [Entry; [$($name),*].len()] = [$(Entry {
            name: $name,
            text: text_file!("specs/", $name, ".json"),
            #[cfg(all(feature = "prebuilt", feature = "embedded"))]
            prebuilt: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".dialect")),
            #[cfg(all(feature = "prebuilt", not(feature = "embedded")))]
            prebuilt: BinaryFile::new(concat!("specs/", $name, ".dialect")),
            loaded: OnceLock::new(),
        }),*];
    };
}

dialects![
    "unionpay-pos",
    "iso8583-1987-ascii",
    "iso8583-1987-bcd",
    "iso8583-1987-ebcdic",
    "iso8583-1993-ascii",
    "iso8583-1993-bcd",
    "iso8583-1993-ebcdic",
    "iso8583-2003-ascii",
    "iso8583-2003-bcd",
    "iso8583-2003-ebcdic",
    "base1",
    "hypercom-pos",
];

/// A built-in dialect by name.
#[must_use]
pub fn builtin(name: &str) -> Option<Arc<Dialect>> {
    let entry = DIALECTS.iter().find(|entry| entry.name == name)?;
    entry
        .loaded
        .get_or_init(|| entry.load().map(Arc::new))
        .clone()
}

impl Entry {
    #[cfg(all(feature = "prebuilt", feature = "embedded"))]
    fn load(&self) -> Option<Dialect> {
        super::prebuilt::read(self.prebuilt)
    }

    #[cfg(all(feature = "prebuilt", not(feature = "embedded")))]
    fn load(&self) -> Option<Dialect> {
        super::prebuilt::read(self.prebuilt.read())
    }

    #[cfg(not(feature = "prebuilt"))]
    fn load(&self) -> Option<Dialect> {
        super::load::load(self.text.read(), &builtin_source).ok()
    }
}

/// The names of the built-in dialects.
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    DIALECTS.iter().map(|entry| entry.name)
}

/// The file of a built-in dialect, as the loader reads it.
#[must_use]
pub fn builtin_source(name: &str) -> Option<&'static str> {
    DIALECTS
        .iter()
        .find(|entry| entry.name == name)
        .map(|entry| entry.text.read())
}

#[cfg(test)]
mod tests {
    use super::super::load::load;
    use super::*;

    #[test]
    fn every_built_in_dialect_loads() {
        for entry in &DIALECTS {
            let dialect = load(entry.text.read(), &builtin_source);
            assert!(
                dialect.is_ok(),
                "{}: {}",
                entry.name,
                dialect.expect_err("just failed")
            );
            let dialect = dialect.expect("just asked");
            assert_eq!(dialect.name(), entry.name);
            assert_eq!(builtin(entry.name).as_deref(), Some(&dialect));
        }
    }
}
