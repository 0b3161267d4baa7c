//! What several test targets share: reading vector files from `tests/vectors`.

#[cfg(feature = "page")]
pub mod page;

use std::path::PathBuf;

/// The path of a file or folder under `tests/vectors`.
#[must_use]
pub fn vectors(relative: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("vectors")
        .join(relative)
}
