//! Assembles `dist/`, the static site: the shell, the scripts, one style sheet, the wasm modules.
//!
//! ```text
//! dist/index.html   the shell with the worked example, text first; its policy allows this origin and nothing else
//! dist/boot.js      theme and language before first paint, then the modules in their order
//! dist/page.js   page.wasm    shell, Inspect
//! dist/world.js  world.wasm   the simulator: all that the worker runs
//! dist/stage.wasm             what is joined to it to draw Theatre, Break it, PIN pad
//! dist/crypto.js crypto.wasm  Bench, Learn
//! dist/tools.js  tools.wasm   Build, Compare, Dialects
//! dist/specs.data words.data gbk.data   tables and texts of all modules
//! dist/worker.js    a classic worker that is handed the compiled module `world`
//! dist/poslab.css   all of web/style, in the order of its file names
//! dist/single.html  everything above in one file
//! ```

use crate::fail::Fail;
use crate::wasm::{self, Mode};
use crate::{data, pack, single, size, tool};
use std::path::{Path, PathBuf};

/// What the site consists of, besides `single.html`.
pub const FILES: [&str; 17] = [
    "index.html",
    "poslab.css",
    "icon.svg",
    "boot.js",
    "page.js",
    "page.wasm",
    "world.js",
    "world.wasm",
    "stage.wasm",
    "crypto.js",
    "crypto.wasm",
    "tools.js",
    "tools.wasm",
    "specs.data",
    "words.data",
    "gbk.data",
    "worker.js",
];

/// Where the shell shows, before any wasm, what Inspect draws of its example.
const EXAMPLE: &str = "<!-- example -->\n";

/// Where the site is written.
pub fn folder() -> PathBuf {
    tool::root().join("dist")
}

/// Builds everything into `dist/`, compressed unless in the edit loop.
pub fn build(mode: Mode) -> Result<(), Fail> {
    let dist = folder();
    if dist.is_dir() {
        std::fs::remove_dir_all(&dist).map_err(Fail::file(&dist))?;
    }
    std::fs::create_dir_all(&dist).map_err(Fail::file(&dist))?;
    wasm::build(mode, &dist)?;
    data::build(&dist)?;
    shell(&dist)?;
    single::build(&dist)?;
    if mode == Mode::Dev {
        return Ok(());
    }
    for file in FILES {
        pack::beside(&dist.join(file))?;
    }
    // It is opened from disk; only the binary that embeds it keeps it packed.
    pack::gzip_beside(&dist.join("single.html"))?;
    size::check()
}

/// Copies the hand-written parts.
fn shell(dist: &Path) -> Result<(), Fail> {
    let root = tool::root();
    for (from, to) in [
        ("index.html", "index.html"),
        ("web/shell/boot.js", "boot.js"),
        ("web/shell/worker.js", "worker.js"),
        ("web/shell/icon.svg", "icon.svg"),
    ] {
        let text = read(&root.join(from))?;
        let text = match to {
            "index.html" => text.replace(EXAMPLE, &read(&root.join("web/shell/example.html"))?),
            script if script.ends_with(".js") => strip_script(&text),
            _ => text,
        };
        write(&dist.join(to), &text)?;
    }
    write(&dist.join("poslab.css"), &style(&root.join("web/style"))?)
}

/// All style sheets as one, in the order of their names, without comments and needless space.
fn style(folder: &Path) -> Result<String, Fail> {
    let entries = std::fs::read_dir(folder).map_err(Fail::file(folder))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "css"));
    files.sort();
    let sheets: Result<Vec<String>, Fail> = files.iter().map(|file| read(file)).collect();
    Ok(strip_style(&sheets?.concat()))
}

/// Drops the comments of a style sheet and the space around its punctuation.
///
/// Space before `:` and around `+ - *` carries meaning in selectors and `calc()`, so it stays.
fn strip_style(sheet: &str) -> String {
    let mut text = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some((before, after)) = rest.split_once("/*") {
        text.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    let mut out = String::with_capacity(text.len());
    for word in text.split_ascii_whitespace() {
        let glued = out.ends_with(['{', '}', ';', ',', ':', '>'])
            || word.starts_with(['{', '}', ';', ',', '>']);
        if !glued && !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out.replace(";}", "}")
}

/// Drops the comment lines and indentation of a script without template literals over several
/// lines: our own, and the glue that wasm-bindgen writes.
pub fn strip_script(script: &str) -> String {
    let lines = script.lines().map(str::trim);
    let comment = |line: &str| {
        ["//", "/**", "* ", "*/"]
            .iter()
            .any(|mark| line.starts_with(mark))
    };
    let kept = lines.filter(|line| !line.is_empty() && !comment(line) && *line != "*");
    kept.collect::<Vec<_>>().join("\n")
}

/// Reads a text file.
pub fn read(file: &Path) -> Result<String, Fail> {
    std::fs::read_to_string(file).map_err(Fail::file(file))
}

/// Writes a text file.
pub fn write(file: &Path, text: &str) -> Result<(), Fail> {
    std::fs::write(file, text).map_err(Fail::file(file))
}

#[cfg(test)]
mod tests {
    use super::{strip_script, strip_style};

    #[test]
    fn a_sheet_keeps_its_meaning() {
        let sheet =
            "/* why */\na > b,\n.c :is(p) {\n  width: calc(1ch + 2px);\n  margin: 0 4px;\n}\n";
        assert_eq!(
            strip_style(sheet),
            "a>b,.c :is(p){width:calc(1ch + 2px);margin:0 4px}"
        );
    }

    #[test]
    fn a_script_keeps_its_lines() {
        assert_eq!(
            strip_script("// why\n  const a = 1;\n\n  go(a);\n"),
            "const a = 1;\ngo(a);"
        );
    }
}
