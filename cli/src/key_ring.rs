//! A file of keys by terminal and role, so that none has to be named on the command line.
//!
//! ```json
//! {"schema": "poslab/keys/1", "terminals": {"10000001": {"TMK": "...", "PIK": "...", "MAK": "..."}}}
//! ```

use crate::fail::Fail;
use serde_json::{Map, Value};
use std::path::Path;
use zeroize::Zeroizing;

/// The keys of some terminals.
pub struct KeyRing {
    path: String,
    terminals: Map<String, Value>,
}

/// The keys of one terminal.
pub struct TerminalKeys<'r> {
    name: &'r str,
    keys: &'r Value,
}

impl KeyRing {
    /// Reads a ring.
    pub fn read(path: &Path) -> Result<Self, Fail> {
        let name = path.display().to_string();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) => return Err(Fail::Io(name, error)),
        };
        // The position only: the text holds keys.
        let mut ring: Value = serde_json::from_str(&text)
            .map_err(|error| Fail::Usage(format!("{name}: line {}: not JSON", error.line())))?;
        let Value::Object(terminals) = ring["terminals"].take() else {
            return Err(Fail::Usage(format!("{name}: no \"terminals\" in it")));
        };
        Ok(Self {
            path: name,
            terminals,
        })
    }

    /// The keys of a terminal, which need not be named when it is the only one.
    pub fn of(&self, terminal: Option<&str>) -> Result<TerminalKeys<'_>, Fail> {
        let found = match terminal {
            Some(name) => self.terminals.get_key_value(name),
            None if self.terminals.len() == 1 => self.terminals.iter().next(),
            None => {
                return Err(Fail::Usage(format!(
                    "{} holds {} terminals: choose with --terminal",
                    self.path,
                    self.terminals.len()
                )));
            }
        };
        let (name, keys) = found.ok_or_else(|| {
            let name = terminal.unwrap_or_default();
            Fail::Usage(format!("{}: no terminal {name}", self.path))
        })?;
        Ok(TerminalKeys { name, keys })
    }
}

impl TerminalKeys<'_> {
    /// The key of a role, as hexadecimal.
    pub fn key(&self, role: &str) -> Result<Zeroizing<String>, Fail> {
        let find = |name: &str| self.keys.get(name).and_then(Value::as_str);
        find(role)
            .or_else(|| find(&role.to_lowercase()))
            .map(|key| Zeroizing::new(key.to_owned()))
            .ok_or_else(|| Fail::Usage(format!("terminal {} has no {role}", self.name)))
    }
}
