//! The keys of the emulated pad: a script, the terminal in raw mode, or lines from a pipe.

use super::out::with;
use poslab_core::pad::Key;
use std::io::{self, BufRead as _, IsTerminal as _, Read as _};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// One thing that the person at the emulated pad does.
#[derive(Clone, Copy)]
pub(super) enum Act {
    /// Presses a key.
    Press(Key),
    /// Draws the card through the reader.
    Swipe,
    /// Does nothing for so many milliseconds.
    Pause(u64),
    /// Goes away: the emulator ends.
    Quit,
}

/// Reads `1,2,enter,swipe,wait:500`.
pub(super) fn script(text: &str) -> Result<Vec<Act>, String> {
    let names = text.split([',', ' ']).filter(|name| !name.is_empty());
    names
        .map(|name| {
            act(name).ok_or_else(|| {
                with(
                    "no key is called {name}",
                    "没有名为 {name} 的按键",
                    &[("name", name)],
                )
            })
        })
        .collect()
}

fn act(name: &str) -> Option<Act> {
    match name {
        "swipe" => Some(Act::Swipe),
        "quit" => Some(Act::Quit),
        _ => match name.strip_prefix("wait:") {
            Some(ms) => ms.parse().ok().map(Act::Pause),
            None => Key::from_name(name).map(Act::Press),
        },
    }
}

/// What a person does at standard input, as it happens. The guard sets the terminal back.
pub(super) fn listen() -> (Receiver<Act>, Option<RawMode>) {
    let (send, receive) = channel();
    let raw = if io::stdin().is_terminal() {
        RawMode::enter()
    } else {
        None
    };
    let typed = raw.is_some();
    thread::spawn(move || {
        if typed {
            read_terminal(&send)
        } else {
            read_lines(&send)
        }
    });
    (receive, raw)
}

fn read_lines(send: &Sender<Act>) {
    for text in io::stdin().lock().lines().map_while(Result::ok) {
        match script(&text) {
            Ok(acts) => {
                if acts.into_iter().any(|act| send.send(act).is_err()) {
                    return;
                }
            }
            Err(error) => eprintln!("poslab: {error}"),
        }
    }
}

fn read_terminal(send: &Sender<Act>) {
    let mut buffer = [0; 16];
    while let Ok(count) = io::stdin().lock().read(&mut buffer) {
        let acts = match &buffer[..count] {
            [] => return,
            [0x1B, b'[', b'A', ..] => vec![Act::Press(Key::Up)],
            [0x1B, b'[', b'B', ..] => vec![Act::Press(Key::Down)],
            [0x1B, ..] => vec![Act::Press(Key::Cancel)],
            typed => typed.iter().filter_map(|byte| typed_act(*byte)).collect(),
        };
        if acts.into_iter().any(|act| send.send(act).is_err()) {
            return;
        }
    }
}

fn typed_act(byte: u8) -> Option<Act> {
    match byte {
        b'0'..=b'9' => Some(Act::Press(Key::Digit(byte - b'0'))),
        b'\r' | b'\n' => Some(Act::Press(Key::Enter)),
        0x08 | 0x7F => Some(Act::Press(Key::Clear)),
        b'x' => Some(Act::Press(Key::Cancel)),
        b'a'..=b'd' => Some(Act::Press(Key::Function(byte - b'a' + 1))),
        b's' => Some(Act::Swipe),
        0x03 | b'q' => Some(Act::Quit),
        _ => None,
    }
}

/// A terminal that gives every key at once; set back when dropped.
pub(super) struct RawMode {
    #[cfg(unix)]
    before: rustix::termios::Termios,
}

impl RawMode {
    #[cfg(unix)]
    fn enter() -> Option<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(io::stdin()).ok()?;
        let mut raw = before.clone();
        // Output stays as it is, so that our own lines still end in the first column.
        raw.local_modes &= !(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG);
        tcsetattr(io::stdin(), OptionalActions::Now, &raw).ok()?;
        Some(Self { before })
    }

    #[cfg(not(unix))]
    fn enter() -> Option<Self> {
        None
    }
}

#[cfg(unix)]
impl Drop for RawMode {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        // Nothing can be done about a terminal that has gone.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
    }
}
