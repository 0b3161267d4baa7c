//! What the message verbs share: where the input comes from, which dialect and which frame.

use crate::fail::Fail;
use poslab_core::codec::{Candidate, detect_among, detect_framed, detect_quickly};
use poslab_core::frame::Framing;
use poslab_core::intake::{Fields, Octets, text_of};
use poslab_core::spec::import::{Imported, import};
use poslab_core::spec::{Change, Dialect, NoChange, builtin, builtin_names};
use poslab_core::view::decode::choose;
use std::fs;
use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the input comes from.
#[derive(clap::Args, Debug, Clone, Default)]
pub struct Input {
    /// A file, or - for stdin (the default when something is piped in)
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The message itself, in any form that a paste may have
    #[arg(long, value_name = "HEX", conflicts_with = "file")]
    pub hex: Option<String>,
}

/// Which dialect and which frame.
#[derive(clap::Args, Debug, Clone, Default)]
pub struct Speech {
    /// A built-in dialect, or auto
    #[arg(long, value_name = "NAME", default_value = "auto")]
    pub dialect: String,
    /// Your own specification: jPOS, moov, pyiso8583, j8583, a table, or a poslab dialect
    #[arg(long, value_name = "FILE", conflicts_with = "dialect")]
    pub spec: Option<PathBuf>,
    /// What stands in front of the message: auto, none, or parts such as len2be+tpdu+header6
    #[arg(long, value_name = "PARTS", default_value = "auto")]
    pub frame: String,
    /// Change the dialect: DE26.len=2, DE35.max=99, DE43.text=gbk, DE26=, bitmap=raw
    #[arg(long, value_name = "CHANGE")]
    pub set: Vec<String>,
}

impl Input {
    /// Whether the message comes from standard input.
    pub fn is_stdin(&self) -> bool {
        let named = self
            .file
            .as_ref()
            .is_some_and(|path| path.as_os_str() != "-");
        self.hex.is_none() && !named
    }

    /// The bytes of the input.
    pub fn read(&self) -> Result<Vec<u8>, Fail> {
        if let Some(hex) = &self.hex {
            return Ok(hex.clone().into_bytes());
        }
        match &self.file {
            Some(path) if path.as_os_str() != "-" => read_file(path),
            _ => {
                let mut stdin = std::io::stdin();
                if stdin.is_terminal() {
                    return Err(Fail::Usage(
                        "no input: give a FILE, --hex, or pipe something in; --help says more"
                            .into(),
                    ));
                }
                let mut bytes = Vec::new();
                stdin
                    .read_to_end(&mut bytes)
                    .map_err(|e| Fail::Io("stdin".into(), e))?;
                Ok(bytes)
            }
        }
    }
}

/// Reads a file.
pub fn read_file(path: &Path) -> Result<Vec<u8>, Fail> {
    fs::read(path).map_err(|error| Fail::Io(path.display().to_string(), error))
}

/// Imports a specification file.
pub fn import_file(path: &Path) -> Result<Imported, Fail> {
    let bytes = read_file(path)?;
    let text = text_of(&bytes).unwrap_or_else(|| String::from_utf8_lossy(&bytes).into_owned());
    let name = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    import(&text, &name).map_err(|error| Fail::Usage(format!("{}: {error}", path.display())))
}

/// A built-in dialect by name.
pub fn builtin_named(name: &str) -> Result<Arc<Dialect>, Fail> {
    builtin(name).ok_or_else(|| {
        let names: Vec<&str> = builtin_names().collect();
        let close = names.iter().max_by_key(|known| common(known, name));
        Fail::Usage(format!(
            "no dialect \"{name}\"; did you mean {}? There are: {}",
            close.unwrap_or(&""),
            names.join(", ")
        ))
    })
}

/// How many letter pairs two names share.
fn common(a: &str, b: &str) -> usize {
    a.as_bytes()
        .windows(2)
        .filter(|pair| b.as_bytes().windows(2).any(|other| other == *pair))
        .count()
}

/// Dialects and frame, resolved.
pub struct Speaking {
    /// The dialects to choose from; empty means all built-in ones.
    dialects: Vec<Arc<Dialect>>,
    framing: Option<Framing>,
    assumed: Vec<u8>,
    /// What the import had to say.
    pub warnings: Vec<String>,
}

impl Speech {
    /// Loads what the options name.
    pub fn resolve(&self) -> Result<Speaking, Fail> {
        let framing = match self.frame.as_str() {
            "auto" => None,
            words => Some(
                words
                    .parse()
                    .map_err(|error| Fail::Usage(format!("--frame: {error}")))?,
            ),
        };
        let (mut dialects, mut warnings, mut assumed) = (Vec::new(), Vec::new(), Vec::new());
        if let Some(path) = &self.spec {
            let imported = import_file(path)?;
            warnings.extend(
                imported
                    .warnings
                    .iter()
                    .map(|w| format!("{}: {}", path.display(), w.text())),
            );
            dialects.push(imported.dialect);
            dialects.extend(imported.alternatives);
            assumed = imported.assumed_layouts;
        } else if self.dialect != "auto" {
            dialects.push((*builtin_named(&self.dialect)?).clone());
        }
        if !self.set.is_empty() && dialects.is_empty() {
            return Err(Fail::Usage("--set needs --dialect or --spec".into()));
        }
        for change in &self.set {
            for dialect in &mut dialects {
                set(dialect, change)?;
            }
        }
        let dialects = dialects.into_iter().map(Arc::new).collect();
        Ok(Speaking {
            dialects,
            framing,
            assumed,
            warnings,
        })
    }
}

/// One change of a dialect, in the words of `--set`.
pub fn set(dialect: &mut Dialect, words: &str) -> Result<(), Fail> {
    let wrong = |why: &dyn std::fmt::Display| Fail::Usage(format!("--set {words}: {why}"));
    let change: Change = words.parse().map_err(|error| wrong(&error))?;
    if change.apply(dialect) {
        Ok(())
    } else {
        Err(wrong(&NoChange))
    }
}

impl Speaking {
    /// Every reading of a frame, best first.
    pub fn candidates(&self, frame: &[u8]) -> Vec<Candidate> {
        let mut found = self.ranked(frame);
        for candidate in found.iter_mut().take(1) {
            candidate.drop_misfits(frame, &self.assumed);
        }
        found
    }

    fn ranked(&self, frame: &[u8]) -> Vec<Candidate> {
        match (&self.framing, self.dialects.as_slice()) {
            (None, []) => detect_quickly(frame),
            (None, dialects) => detect_among(frame, dialects),
            (Some(framing), []) => {
                let all: Vec<_> = builtin_names().filter_map(builtin).collect();
                detect_framed(frame, framing, &all)
            }
            (Some(framing), dialects) => detect_framed(frame, framing, dialects),
        }
    }

    /// The reading of the octets, among their alternatives, that fits best.
    pub fn choose<'o>(&self, octets: &'o Octets) -> (&'o Octets, Vec<Candidate>) {
        choose(octets, &|bytes| self.candidates(bytes))
    }

    /// The dialect that fields are packed in: among the readings of a file the one that they name.
    pub fn dialect_of(&self, fields: &Fields) -> Option<Arc<Dialect>> {
        let named = |one: &&Arc<Dialect>| Some(one.name()) == fields.dialect.as_deref();
        let found = self.dialects.iter().find(named);
        found.or_else(|| self.dialects.first()).cloned()
    }

    /// The frame that was named.
    pub fn named_framing(&self) -> Option<&Framing> {
        self.framing.as_ref()
    }
}
