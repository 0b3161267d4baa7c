//! The dialects that come with poslab: data files, embedded, loaded when first asked for.

use super::dialect::Dialect;
use super::load::load;
use std::sync::{Arc, OnceLock};

struct Entry {
    name: &'static str,
    text: &'static str,
    loaded: OnceLock<Option<Arc<Dialect>>>,
}

macro_rules! dialects {
    ($($name:literal),* $(,)?) => {
        static DIALECTS: [Entry; [$($name),*].len()] = [$(Entry {
            name: $name,
            text: include_str!(concat!("../../specs/", $name, ".json")),
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
        .get_or_init(|| load(entry.text, &builtin_source).ok().map(Arc::new))
        .clone()
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
        .map(|entry| entry.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_dialect_loads() {
        for entry in &DIALECTS {
            let dialect = load(entry.text, &builtin_source);
            assert!(
                dialect.is_ok(),
                "{}: {}",
                entry.name,
                dialect.expect_err("just failed")
            );
            assert_eq!(dialect.expect("just asked").name(), entry.name);
        }
    }
}
