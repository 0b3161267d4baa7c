//! How the output looks: language and colour, from options and the environment.

use clap::ValueEnum;
use poslab_core::words::Lang;
use std::env;
use std::io::IsTerminal as _;

/// Options that every verb has.
#[derive(clap::Args, Debug, Clone, Default)]
pub struct Look {
    /// When to colour
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value_t,
        hide_possible_values = false
    )]
    color: When,
    /// The language of words: en or zh (default: from LANG)
    #[arg(long, global = true, value_name = "LANG")]
    lang: Option<String>,
    /// No words on stderr besides errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum When {
    /// On terminals
    #[default]
    Auto,
    /// Also into pipes
    Always,
    /// Never
    Never,
}

impl Look {
    /// The language of words.
    pub fn lang(&self) -> Lang {
        let from_env = || {
            ["LC_ALL", "LC_MESSAGES", "LANG"]
                .iter()
                .find_map(|key| env::var(key).ok().filter(|v| !v.is_empty()))
        };
        Lang::of(&self.lang.clone().or_else(from_env).unwrap_or_default())
    }

    /// One of two texts, by language.
    pub fn say<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        if self.lang() == Lang::Zh { zh } else { en }
    }

    /// The paint for stdout.
    pub fn stdout(&self) -> Paint {
        self.paint(std::io::stdout().is_terminal())
    }

    /// The paint for stderr.
    pub fn stderr(&self) -> Paint {
        self.paint(std::io::stderr().is_terminal())
    }

    fn paint(&self, terminal: bool) -> Paint {
        let set = |key: &str| env::var_os(key).is_some_and(|v| !v.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        Paint(match self.color {
            When::Always => true,
            When::Never => false,
            When::Auto if set("NO_COLOR") => false,
            When::Auto if env::var_os("CLICOLOR_FORCE").is_some_and(|v| v != "0") => true,
            When::Auto => terminal && !dumb,
        })
    }
}

/// Colours, or none.
#[derive(Clone, Copy, Debug)]
pub struct Paint(bool);

impl Paint {
    /// Text in an SGR style such as `1` (bold) or `38;5;66`.
    pub fn style(self, sgr: &str, text: &str) -> String {
        if self.0 && !text.is_empty() {
            format!("\x1b[{sgr}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    /// Less important text.
    pub fn dim(self, text: &str) -> String {
        self.style("2", text)
    }

    /// The most important text.
    pub fn bold(self, text: &str) -> String {
        self.style("1", text)
    }

    /// The hue of a field, 0 to 7; 8 is the frame.
    pub fn hue(self, hue: u8, text: &str) -> String {
        const HUES: [&str; 9] = [
            "38;5;32", "38;5;97", "38;5;166", "38;5;30", "38;5;132", "38;5;64", "38;5;62",
            "38;5;94", "2",
        ];
        self.style(HUES.get(usize::from(hue)).unwrap_or(&"0"), text)
    }
}
