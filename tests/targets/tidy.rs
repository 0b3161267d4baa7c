//! Guards the tree: arrows go down only, files stay readable, core stays pure, card numbers in the
//! repository are published test numbers, and ARCHITECTURE.md knows every module.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What each module of core may use. A module that is not listed here is a mistake.
const ARROWS: &[(&str, &[&str])] = &[
    ("data", &[]),
    ("bytes", &["data"]),
    ("value", &["data", "bytes"]),
    ("spec", &["data", "bytes"]),
    ("intake", &["bytes"]),
    ("frame", &["bytes"]),
    ("words", &["data", "bytes", "value"]),
    ("codec", &["bytes", "value", "words", "spec", "frame"]),
    ("crypto", &["bytes", "value", "frame"]),
    ("pad", &["bytes", "value", "words", "crypto"]),
    (
        "node",
        &[
            "bytes", "value", "words", "spec", "frame", "codec", "crypto", "pad",
        ],
    ),
    (
        "trace",
        &[
            "bytes", "value", "words", "spec", "frame", "codec", "crypto", "pad", "node",
        ],
    ),
    (
        "sim",
        &[
            "data", "bytes", "value", "words", "spec", "frame", "codec", "crypto", "pad", "node",
            "trace",
        ],
    ),
    (
        "view",
        &[
            "bytes", "value", "words", "spec", "intake", "frame", "codec", "crypto", "pad", "node",
            "trace", "sim",
        ],
    ),
];

/// Words that would give core I/O, a clock, threads or randomness of its own.
const BANNED: &[&str] = &[
    "std::fs",
    "std::net",
    "std::thread",
    "std::env",
    "SystemTime",
    "Instant::now",
    "rand::",
    "getrandom",
    "std::process",
    "std::io::stdin",
    "std::io::stdout",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn rust_files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            out.push(path);
        }
    }
}

fn files_of(folders: &[&str]) -> Vec<PathBuf> {
    let mut out = Vec::new();
    folders
        .iter()
        .for_each(|folder| rust_files(&root().join(folder), &mut out));
    out.sort();
    assert!(!out.is_empty(), "no files under {folders:?}");
    out
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a text file")
}

/// The code of a file without its comments and its own tests.
fn code(path: &Path) -> String {
    let text = read(path);
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

fn module_of(path: &Path) -> Option<String> {
    let inside = path.strip_prefix(root().join("core/src")).ok()?;
    let first = inside.components().next()?.as_os_str().to_str()?;
    (first != "lib.rs").then(|| first.to_owned())
}

/// The modules of core that code names after `crate::`.
fn used_modules(code: &str) -> BTreeSet<String> {
    code.split("crate::")
        .skip(1)
        .map(|rest| {
            rest.chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect()
        })
        .collect()
}

#[test]
fn arrows_go_down_only() {
    let mut wrong = Vec::new();
    for path in files_of(&["core/src"]) {
        let Some(module) = module_of(&path) else {
            continue;
        };
        let allowed = ARROWS
            .iter()
            .find(|(name, _)| *name == module)
            .map(|(_, allowed)| *allowed);
        let Some(allowed) = allowed else {
            wrong.push(format!("{module} is not in the table of layers"));
            continue;
        };
        for used in used_modules(&code(&path)) {
            let known = ARROWS.iter().any(|(name, _)| *name == used);
            if known && used != module && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{}: {module} uses {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn core_has_no_world_of_its_own() {
    let mut wrong = Vec::new();
    for path in files_of(&["core/src"]) {
        let code = code(&path);
        let found = BANNED.iter().filter(|word| code.contains(**word));
        wrong.extend(found.map(|word| format!("{}: {word}", path.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_has_a_second_reason_to_exist() {
    let long: Vec<String> = files_of(&["core/src", "cli/src", "web/src", "xtask/src", "tests"])
        .iter()
        .map(|path| (read(path).lines().count(), path))
        .filter(|(lines, _)| *lines > 600)
        .map(|(lines, path)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn nothing_is_unfinished() {
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
    ];
    let mut wrong = Vec::new();
    for path in files_of(&[
        "core/src",
        "cli/src",
        "web/src",
        "xtask/src",
        "tests/targets",
    ]) {
        let text = read(&path);
        let found = marks.iter().filter(|mark| text.contains(**mark));
        wrong.extend(found.map(|mark| format!("{}: {mark}", path.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_architecture_page_knows_every_module() {
    let page = read(&root().join("ARCHITECTURE.md"));
    let missing: Vec<&str> = ARROWS
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !page.contains(&format!("`{name}")))
        .collect();
    assert!(
        missing.is_empty(),
        "ARCHITECTURE.md does not mention {missing:?}"
    );
}

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(index, byte)| {
            let digit = u32::from(byte - b'0');
            if index % 2 == 0 {
                digit
            } else {
                digit * 2 - if digit > 4 { 9 } else { 0 }
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Runs of 13 to 19 digits that stand alone, pass the Luhn check and begin like a card number.
fn card_numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|run| {
            (13..=19).contains(&run.len())
                && run.bytes().all(|b| b.is_ascii_digit())
                && matches!(run.as_bytes().first(), Some(b'3'..=b'6'))
                && luhn(run)
        })
}

/// Test numbers and public vectors: everything that stands in the vector files.
fn allowed_numbers() -> BTreeSet<String> {
    let mut allowed = BTreeSet::new();
    let mut folders = vec![root().join("tests/vectors")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                allowed.extend(card_numbers(&text).map(str::to_owned));
            }
        }
    }
    let listed = read(&root().join("tests/pans.txt"));
    allowed.extend(
        listed
            .lines()
            .filter(|l| !l.starts_with('#'))
            .map(|l| l.trim().to_owned()),
    );
    allowed
}

#[test]
fn card_numbers_in_the_tree_are_published_test_numbers() {
    let allowed = allowed_numbers();
    let mut wrong = Vec::new();
    for path in files_of(&["core/src", "cli", "web/src", "tests/targets", "tests/src"]) {
        let text = read(&path);
        let found =
            card_numbers(&text).filter(|n| !n.starts_with("99999") && !allowed.contains(*n));
        wrong.extend(found.map(|number| format!("{}: {number}", path.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
