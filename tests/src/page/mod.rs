//! The harness of the page tests: a real Chromium, driven over its debugging protocol, against a
//! server that remembers every request.

mod chromium;
mod server;

pub use chromium::{Chromium, Launch, Tab};
pub use server::Site;

use std::path::PathBuf;

/// The built page: `$POSLAB_DIST`, else `dist/` of this workspace.
///
/// # Panics
/// When the page was not built.
#[must_use]
pub fn dist() -> PathBuf {
    let folder = std::env::var_os("POSLAB_DIST").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../dist"),
        PathBuf::from,
    );
    assert!(
        folder.join("page.wasm").is_file(),
        "no page in {}: run cargo xtask dist",
        folder.display()
    );
    folder
}

/// Whether the tests run as the superuser, whom some limits do not bind.
#[must_use]
pub fn superuser() -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
    }
    #[cfg(not(unix))]
    false
}
