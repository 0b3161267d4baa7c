//! `cargo xtask`: builds the page, runs every test, measures sizes.
fn main() {}
