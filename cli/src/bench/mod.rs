//! What `mac`, `pin`, `key`, `card` and `emv` share: a verb is a table of sub-verbs, a sub-verb
//! names an operation of the core and where its inputs come from.
//!
//! The verbs therefore give what `poslab calc` gives; they add key files, a key ring, a trace for
//! people, and exit codes: 0 right, 1 refused or not equal, 2 usage, 4 a file could not be read.

mod ask;
mod secret;
mod show;

use crate::look::Look;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use std::marker::PhantomData;
use std::process::ExitCode;

/// Where an input comes from and what it is.
#[derive(Clone, Copy)]
pub enum Kind {
    /// A key or PIN: `@FILE`, `-`, `fd:N`, or a literal with `--test-data`; the role it has in a
    /// key ring, if any.
    Secret(Option<&'static str>),
    /// Octets in hexadecimal, or `@FILE`, `-`, `fd:N`.
    Data,
    /// A text.
    Text,
    /// Several secrets, each as [`Kind::Secret`].
    Secrets,
    /// A switch without a value.
    Switch,
    /// Random hexadecimal digits: given, or drawn from the system; lowest digit and how many.
    Random(u8, usize),
}

/// One input of a sub-verb.
#[derive(Clone, Copy)]
pub struct Input {
    /// The option's name; the first [`Kind::Data`] is positional.
    pub flag: &'static str,
    /// The operation's name for it.
    pub input: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Whether it may be left out.
    pub optional: bool,
    /// One line of help.
    pub help: &'static str,
}

/// One sub-verb.
#[derive(Clone, Copy)]
pub struct Sub {
    /// Its name.
    pub name: &'static str,
    /// One line of help.
    pub about: &'static str,
    /// The operation it runs.
    pub op: &'static str,
    /// Inputs that the sub-verb fixes.
    pub fixed: &'static [(&'static str, &'static str)],
    /// Inputs that people give.
    pub inputs: &'static [Input],
}

/// A sub-verb that fixes no input.
pub const fn sub(
    name: &'static str,
    about: &'static str,
    op: &'static str,
    inputs: &'static [Input],
) -> Sub {
    Sub {
        name,
        about,
        op,
        fixed: &[],
        inputs,
    }
}

/// An input that must be given.
pub const fn need(
    flag: &'static str,
    input: &'static str,
    kind: Kind,
    help: &'static str,
) -> Input {
    Input {
        flag,
        input,
        kind,
        optional: false,
        help,
    }
}

/// An input that may be left out.
pub const fn may(flag: &'static str, input: &'static str, kind: Kind, help: &'static str) -> Input {
    Input {
        flag,
        input,
        kind,
        optional: true,
        help,
    }
}

/// A verb: a name and its table.
pub trait Table {
    /// The verb's name, which is also that of its JSON schema.
    const VERB: &'static str;
    /// Its sub-verbs.
    const SUBS: &'static [&'static [Sub]];
}

/// A verb as typed by a person.
pub struct Bench<T> {
    sub: &'static Sub,
    matches: ArgMatches,
    table: PhantomData<T>,
}

impl<T: Table> Bench<T> {
    /// Runs the sub-verb.
    pub fn run(self, look: &Look) -> ExitCode {
        ask::run(T::VERB, self.sub, &self.matches, look)
    }

    fn subs() -> impl Iterator<Item = &'static Sub> {
        T::SUBS.iter().flat_map(|table| table.iter())
    }
}

impl<T: Table> FromArgMatches for Bench<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let missing = || clap::Error::new(clap::error::ErrorKind::MissingSubcommand);
        let (name, matches) = matches.subcommand().ok_or_else(missing)?;
        let sub = Self::subs()
            .find(|sub| sub.name == name)
            .ok_or_else(missing)?;
        Ok(Self {
            sub,
            matches: matches.clone(),
            table: PhantomData,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl<T: Table> Args for Bench<T> {
    fn augment_args(command: Command) -> Command {
        // Only the verb that is run is spelled out: there are many sub-verbs, and all would be
        // made at every start.
        command
            .subcommand_required(true)
            .arg_required_else_help(true)
            .defer(|command| command.subcommands(Self::subs().map(command_of)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn command_of(sub: &'static Sub) -> Command {
    let mut positional = false;
    let inputs = sub.inputs.iter().map(|input| {
        let front = matches!(input.kind, Kind::Data) && !positional;
        positional |= front;
        argument(input, front)
    });
    let text = |id: &'static str, name: &'static str, help: &'static str| {
        Arg::new(id)
            .long(id)
            .value_name(name)
            .help(help)
            .help_heading("Common")
    };
    let switch = |id: &'static str, help: &'static str| {
        Arg::new(id)
            .long(id)
            .action(ArgAction::SetTrue)
            .help(help)
            .help_heading("Common")
    };
    Command::new(sub.name)
        .about(sub.about)
        .args(inputs)
        .arg(text(
            "verify",
            "VALUE",
            "Compare the result with VALUE: exit 0 when equal, 1 when not",
        ))
        .arg(text(
            "explain-mismatch",
            "VALUE",
            "Say which known mistake turns the right result into VALUE",
        ))
        .arg(text(
            "keys",
            "FILE",
            "Key ring: keys by terminal and role, as JSON",
        ))
        .arg(text("terminal", "TID", "Whose keys of the ring to take"))
        .arg(
            text("format", "FORMAT", "How to write the result")
                .value_parser(["text", "json"])
                .default_value("text"),
        )
        .arg(switch("trace", "Write every step"))
        .arg(switch(
            "test-data",
            "Allow keys and PINs as literals: they are test data",
        ))
}

fn argument(input: &'static Input, positional: bool) -> Arg {
    let arg = Arg::new(input.flag).help(input.help);
    let arg = match input.kind {
        _ if positional => arg.value_name("HEX"),
        Kind::Switch => return arg.long(input.flag).action(ArgAction::SetTrue),
        Kind::Secret(_) => arg.long(input.flag).value_name("SECRET"),
        Kind::Secrets => arg
            .long(input.flag)
            .value_name("SECRET")
            .action(ArgAction::Append),
        Kind::Data | Kind::Random(..) => arg.long(input.flag).value_name("HEX"),
        Kind::Text => arg.long(input.flag).value_name("TEXT"),
    };
    // A key may come from the ring instead, which is known only when the ring was read.
    let from_ring = matches!(input.kind, Kind::Secret(Some(_)));
    arg.required(!input.optional && !from_ring && !matches!(input.kind, Kind::Random(..)))
        .allow_hyphen_values(true)
}
