//! `poslab`: the command-line twin of the page. One file per verb stands in `command/`.

mod command;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    command::Cli::parse().run()
}
