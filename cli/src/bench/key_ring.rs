//! A file of keys by terminal and role, so that none has to be named on the command line.
//!
//! ```json
//! {"schema": "poslab/keys/1", "terminals": {"10000001": {"TMK": "...", "PIK": "...", "MAK": "..."}}}
//! ```

use super::secret::Problem;
use serde_json::Value;

/// The keys of one terminal.
pub struct KeyRing {
    keys: Value,
    terminal: String,
}

impl KeyRing {
    /// Reads a ring; the terminal may be left out when there is only one.
    pub fn read(path: &str, terminal: Option<&str>) -> Result<Self, Problem> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Problem::Io(format!("{path}: {error}")))?;
        let ring: Value = serde_json::from_str(&text)
            .map_err(|error| Problem::Usage(format!("{path}: line {}: not JSON", error.line())))?;
        let terminals = ring["terminals"]
            .as_object()
            .ok_or_else(|| Problem::Usage(format!("{path}: no \"terminals\" in it")))?;
        let name = match terminal {
            Some(name) => name,
            None if terminals.len() == 1 => terminals.keys().next().map_or("", String::as_str),
            None => {
                let text = format!(
                    "{path} holds {} terminals: choose with --terminal",
                    terminals.len()
                );
                return Err(Problem::Usage(text));
            }
        };
        let keys = terminals
            .get(name)
            .ok_or_else(|| Problem::Usage(format!("{path}: no terminal {name}")))?;
        Ok(Self {
            keys: keys.clone(),
            terminal: name.to_owned(),
        })
    }

    /// The key of a role.
    pub fn key(&self, role: &str) -> Result<String, Problem> {
        let find = |name: &str| self.keys.get(name).and_then(Value::as_str);
        find(role)
            .or_else(|| find(&role.to_lowercase()))
            .map(str::to_owned)
            .ok_or_else(|| Problem::Usage(format!("terminal {} has no {role}", self.terminal)))
    }
}
