//! `cargo xtask`: builds the page, serves it, runs every test, measures sizes.
//!
//! | command | does |
//! |---|---|
//! | `cargo xtask dist [--dev]` | the static site in `dist/`, and `dist/single.html` |
//! | `cargo xtask serve [--dev] [--port N]` | builds, then serves `dist/` on localhost |
//! | `cargo xtask test [STEP…]` | every gate: format, lints, docs, tests, wasm, sizes, the browser |
//! | `cargo xtask release` | the page, then the binary with the page in it |
//! | `cargo xtask size` | the size table of the last `dist`, against the budgets |
//! | `cargo xtask bench` | the benchmarks |
//!
//! `--dev` skips the optimiser and compression: seconds instead of minutes, for the edit loop.

mod data;
mod dist;
mod fail;
mod gate;
mod pack;
mod serve;
mod single;
mod size;
mod split;
mod tool;
mod wasm;

use fail::Fail;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask COMMAND
  dist  [--dev]            build the page into dist/ and dist/single.html
  serve [--dev] [--port N] build, then serve it on http://127.0.0.1:8583
  test  [STEP…]            run every test (or the named steps; `list` names them)
  release                  the page, then target/release/poslab with the page in it
  size                     sizes of the last dist against the budgets
  bench [ARGS…]            the benchmarks";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fail) => {
            eprintln!("xtask: {fail}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<(), Fail> {
    match words {
        ["dist"] => dist::build(wasm::Mode::Release),
        ["dist", "--dev"] => dist::build(wasm::Mode::Dev),
        ["serve", options @ ..] => serve::run(options),
        ["test", steps @ ..] => gate::run(steps),
        ["release"] => release(),
        ["size"] => size::check(),
        ["bench", options @ ..] => gate::bench(options),
        _ => Err(Fail::Usage(USAGE)),
    }
}

/// The binary that people download: it serves the page from itself.
fn release() -> Result<(), Fail> {
    dist::build(wasm::Mode::Release)?;
    tool::run(&mut tool::cargo(&[
        "build",
        "--release",
        "--package",
        "poslab",
        "--features",
        "page",
    ]))
}
