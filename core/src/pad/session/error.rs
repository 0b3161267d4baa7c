//! Why a task was not done, in words of both languages.

use crate::pad::{LinkError, Protocol, Words};
use crate::words::Lang;
use std::fmt;

/// Why a task was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskError {
    /// The line failed.
    Link(LinkError),
    /// The pad said no.
    Refused {
        /// Its code, as its manual writes it.
        code: String,
        /// What the code says.
        words: Words,
    },
    /// The person pressed cancel.
    Cancelled,
    /// The person did nothing.
    TimedOut,
    /// This family has no such command.
    Unsupported {
        /// Which family.
        protocol: Protocol,
        /// What was wanted.
        wanted: Words,
    },
    /// Something about the task itself is wrong.
    Invalid(Words),
    /// The reply is not shaped as the manual says.
    Unreadable,
}

impl TaskError {
    /// The error as a sentence.
    #[must_use]
    pub fn say(&self, lang: Lang) -> String {
        let one = |en, zh| Words::new(en, zh).say(lang).to_owned();
        match (self, lang) {
            (Self::Link(error), _) => error.say(lang),
            (Self::Refused { code, words }, Lang::En) => {
                format!("the pad answered {code}: {}", words.en)
            }
            (Self::Refused { code, words }, Lang::Zh) => {
                format!("密码键盘应答 {code}：{}", words.zh)
            }
            (Self::Cancelled, _) => one("cancel was pressed on the pad", "键盘上按下了取消键"),
            (Self::TimedOut, _) => one("nobody acted in time", "超时无人操作"),
            (Self::Unsupported { protocol, wanted }, Lang::En) => {
                let name = protocol.name();
                format!("{name} pads have no command for: {}", wanted.en)
            }
            (Self::Unsupported { protocol, wanted }, Lang::Zh) => {
                format!("{} 键盘没有此命令：{}", protocol.name(), wanted.zh)
            }
            (Self::Invalid(what), _) => what.say(lang).to_owned(),
            (Self::Unreadable, _) => one(
                "the reply is not shaped as the manual says",
                "应答格式与手册不符",
            ),
        }
    }
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Lang::En))
    }
}

impl std::error::Error for TaskError {}
