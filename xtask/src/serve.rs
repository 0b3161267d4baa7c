//! `cargo xtask serve`: builds the page, then hands over to `poslab serve`, so that developers see
//! what users get: the same server with the same headers.

use crate::fail::Fail;
use crate::wasm::Mode;
use crate::{dist, tool};

/// Builds and serves until stopped.
pub fn run(options: &[&str]) -> Result<(), Fail> {
    let dev = options.contains(&"--dev");
    dist::build(if dev { Mode::Dev } else { Mode::Release })?;
    let mut cargo = tool::cargo(&[
        "run",
        "--quiet",
        "--package",
        "poslab",
        "--",
        "serve",
        "--from",
    ]);
    cargo.arg(dist::folder());
    cargo.args(options.iter().filter(|option| **option != "--dev"));
    tool::run(&mut cargo)
}
