//! Compression of what is served: a `.br` and a `.gz` beside each file.

use crate::fail::Fail;
use flate2::{Compression, write::GzEncoder};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The bytes under brotli at its highest quality.
pub fn brotli(bytes: &[u8]) -> Vec<u8> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &parameters)
        .expect("compression from memory into memory does not fail");
    packed
}

/// The bytes under gzip at its highest level.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .expect("compression from memory into memory does not fail")
}

/// Writes `FILE.br` and `FILE.gz` beside a file.
pub fn beside(file: &Path) -> Result<(), Fail> {
    let bytes = std::fs::read(file).map_err(Fail::file(file))?;
    write_beside(file, "br", &brotli(&bytes))?;
    write_beside(file, "gz", &gzip(&bytes))
}

/// Writes only `FILE.gz` beside a file.
pub fn gzip_beside(file: &Path) -> Result<(), Fail> {
    let bytes = std::fs::read(file).map_err(Fail::file(file))?;
    write_beside(file, "gz", &gzip(&bytes))
}

/// The name of a file's packed form.
pub fn name_beside(file: &Path, extension: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

fn write_beside(file: &Path, extension: &str, packed: &[u8]) -> Result<(), Fail> {
    let name = name_beside(file, extension);
    std::fs::write(&name, packed).map_err(Fail::file(&name))
}
