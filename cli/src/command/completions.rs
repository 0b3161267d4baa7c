//! `poslab completions`: a script for the shell.

use crate::fail::print;
use clap::CommandFactory as _;
use clap_complete::Shell;
use std::process::ExitCode;

/// Print a completion script for a shell.
///
/// Example:
///
///   poslab completions bash > ~/.local/share/bash-completion/completions/poslab
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Completions {
    /// Which shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    /// Prints and gives the exit code.
    pub fn run(self) -> ExitCode {
        let mut script = Vec::new();
        let mut command = super::Cli::command();
        clap_complete::generate(self.shell, &mut command, "poslab", &mut script);
        match print(&script) {
            Ok(()) => ExitCode::SUCCESS,
            Err(fail) => fail.report(false),
        }
    }
}
