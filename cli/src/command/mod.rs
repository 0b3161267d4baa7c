//! The verbs, one file each; this file only lists and dispatches them.

mod serve;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// See, understand and debug card payments at the point of sale.
///
/// A teaching and debugging tool: not certified, not for production keys.
#[derive(Parser)]
#[command(name = "poslab", version)]
pub struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Serve(serve::Serve),
}

impl Cli {
    /// Runs the chosen verb and gives its exit code.
    pub fn run(self) -> ExitCode {
        match self.verb {
            Verb::Serve(serve) => serve.run(),
        }
    }
}
