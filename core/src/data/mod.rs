//! The tables and texts that core looks things up in: files under `core/`, by their paths there.
//!
//! They stand apart because the shells bring them differently. With the feature `embedded` they
//! are inside the program. Without it, which is how the page is built, they are packs beside the
//! wasm modules: fetched once for all modules, and handed over by [`supply`] before anything is
//! looked up. What was not handed over is empty, so nothing is found in it.
//!
//! ```text
//! specs/aids.tsv 1257⏎        a pack: path and length in bytes of every file,
//! words/glossary.json 83886⏎
//! ⏎                           an empty line,
//! …                           the files one after the other
//! ```

use std::fmt;
#[cfg(not(feature = "embedded"))]
use std::sync::RwLock;

/// A text file.
#[derive(Clone, Copy)]
pub(crate) struct TextFile(&'static str);

/// A binary file.
#[derive(Clone, Copy)]
pub(crate) struct BinaryFile(
    #[cfg(feature = "embedded")] &'static [u8],
    #[cfg(not(feature = "embedded"))] &'static str,
);

/// A text file of `core/`: `text_file!("specs/", "mcc", ".tsv")`.
macro_rules! text_file {
    ($($part:literal),+) => {{
        #[cfg(feature = "embedded")]
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $($part),+));
        #[cfg(not(feature = "embedded"))]
        let text = concat!($($part),+);
        $crate::data::TextFile::new(text)
    }};
}

/// A binary file of `core/`.
macro_rules! binary_file {
    ($path:literal) => {{
        #[cfg(feature = "embedded")]
        let blob = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $path));
        #[cfg(not(feature = "embedded"))]
        let blob = $path;
        $crate::data::BinaryFile::new(blob)
    }};
}

pub(crate) use {binary_file, text_file};

impl TextFile {
    /// The file's text where it is embedded, else its path; for `text_file!`.
    pub(crate) const fn new(text: &'static str) -> Self {
        Self(text)
    }

    /// The text of the file.
    #[cfg(feature = "embedded")]
    pub(crate) const fn read(self) -> &'static str {
        self.0
    }

    /// The text of the file; empty before it was handed over.
    #[cfg(not(feature = "embedded"))]
    pub(crate) fn read(self) -> &'static str {
        find(self.0).map_or("", |file| file.text)
    }
}

impl BinaryFile {
    /// The file's bytes where it is embedded; for `binary_file!`.
    #[cfg(feature = "embedded")]
    pub(crate) const fn new(bytes: &'static [u8]) -> Self {
        Self(bytes)
    }

    /// The file's path where it is handed over; for `binary_file!`.
    #[cfg(not(feature = "embedded"))]
    pub(crate) const fn new(path: &'static str) -> Self {
        Self(path)
    }

    /// The bytes of the file.
    #[cfg(feature = "embedded")]
    pub(crate) const fn read(self) -> &'static [u8] {
        self.0
    }

    /// The bytes of the file; empty before it was handed over.
    #[cfg(not(feature = "embedded"))]
    pub(crate) fn read(self) -> &'static [u8] {
        find(self.0).map_or(&[], |file| file.bytes)
    }
}

/// What is wrong with a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackError {
    /// The list of files does not end with an empty line.
    NoList,
    /// A line of the list, counted from 1, is not a path and a length.
    Line(usize),
    /// A file, counted from 1, is longer than what is left.
    Short(usize),
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoList => f.write_str("the list of files has no end"),
            Self::Line(line) => write!(f, "line {line} of the list is not a path and a length"),
            Self::Short(file) => write!(f, "file {file} of the list is longer than what is left"),
        }
    }
}

/// One file of a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "embedded", allow(dead_code))]
struct File {
    path: &'static str,
    bytes: &'static [u8],
    /// The bytes as text; empty when they are none.
    text: &'static str,
}

/// The files that were handed over: the only thing core keeps, set at start-up and never changed.
#[cfg(not(feature = "embedded"))]
static HANDED: RwLock<Vec<File>> = RwLock::new(Vec::new());

#[cfg(not(feature = "embedded"))]
fn find(path: &str) -> Option<File> {
    let handed = HANDED.read().ok()?;
    handed.iter().find(|file| file.path == path).copied()
}

/// Hands over a pack, for as long as the program runs. A program that has its files inside keeps
/// those.
///
/// # Errors
/// [`PackError`] says where the pack stops making sense; nothing of it is kept then.
pub fn supply(pack: &'static [u8]) -> Result<(), PackError> {
    let files = files(pack)?;
    #[cfg(not(feature = "embedded"))]
    if let Ok(mut handed) = HANDED.write() {
        handed.extend(files);
    }
    #[cfg(feature = "embedded")]
    drop(files);
    Ok(())
}

/// Takes a pack apart.
fn files(pack: &'static [u8]) -> Result<Vec<File>, PackError> {
    let end = pack.windows(2).position(|pair| pair == b"\n\n");
    let end = end.ok_or(PackError::NoList)?;
    let (list, mut rest) = pack.split_at_checked(end).ok_or(PackError::NoList)?;
    rest = rest.get(2..).unwrap_or_default();
    let list = core::str::from_utf8(list).map_err(|_| PackError::Line(1))?;
    let mut files = Vec::new();
    for (index, line) in list.lines().enumerate() {
        let entry = line.split_once(' ');
        let entry = entry.and_then(|(path, len)| Some((path, len.parse::<usize>().ok()?)));
        let (path, len) = entry.ok_or(PackError::Line(index + 1))?;
        let (bytes, after) = rest
            .split_at_checked(len)
            .ok_or(PackError::Short(index + 1))?;
        rest = after;
        let text = core::str::from_utf8(bytes).unwrap_or_default();
        files.push(File { path, bytes, text });
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_is_its_files() {
        let read = files(b"specs/a.tsv 3\nsrc/b.bin 2\n\none\xFF\x00").unwrap();
        let parts: Vec<_> = read.iter().map(|f| (f.path, f.bytes, f.text)).collect();
        assert_eq!(
            parts,
            [
                ("specs/a.tsv", b"one".as_slice(), "one"),
                ("src/b.bin", &[0xFF, 0], "")
            ]
        );
    }

    #[test]
    fn a_damaged_pack_says_where() {
        assert_eq!(files(b"specs/a.tsv 3\none"), Err(PackError::NoList));
        assert_eq!(files(b"a 1\nb\n\n1"), Err(PackError::Line(2)));
        assert_eq!(files(b"a 1\nb 2\n\n12"), Err(PackError::Short(2)));
        assert_eq!(files(b""), Err(PackError::NoList));
    }
}
