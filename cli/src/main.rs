//! `poslab`: the command-line twin of the page. One file per verb stands in `command/`.

mod bench;
mod command;
mod fail;
mod look;
mod secret;
mod source;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    command::Cli::parse().run()
}
