//! `poslab`: the command-line twin of the page. One file per verb stands in `command/`.

mod bench;
mod command;
mod fail;
mod key_ring;
mod look;
mod message_keys;
mod secret;
mod source;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    command::Cli::parse().run()
}
