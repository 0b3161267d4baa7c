//! Outside programs: how they are run, found, and installed where that is possible.

use crate::fail::Fail;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The root of the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent()
        .expect("xtask stands inside the workspace")
        .to_path_buf()
}

/// A `cargo` command that runs in the root of the workspace.
pub fn cargo(arguments: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// Runs a command to its end and fails when it says no.
pub fn run(command: &mut Command) -> Result<(), Fail> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|error| Fail::Start {
        program: program.clone(),
        error,
    })?;
    if status.success() {
        Ok(())
    } else {
        Err(Fail::Said {
            program,
            code: status.code(),
        })
    }
}

/// Looks a program up in `PATH`.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// The Chromium the browser tests use: `$CHROMIUM`, else the usual names in `PATH`.
pub fn chromium() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("CHROMIUM") {
        return Some(path.into());
    }
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(find)
}

/// Makes sure that rustc can build for the browser.
pub fn wasm_target() -> Result<(), Fail> {
    let installed = Command::new("rustc")
        .args([
            "--print",
            "target-libdir",
            "--target",
            "wasm32-unknown-unknown",
        ])
        .stderr(Stdio::null())
        .output()
        .is_ok_and(|out| Path::new(String::from_utf8_lossy(&out.stdout).trim()).is_dir());
    if installed {
        return Ok(());
    }
    if find("rustup").is_none() {
        let what =
            "the wasm32-unknown-unknown target; run: rustup target add wasm32-unknown-unknown";
        return Err(Fail::Missing(what.into()));
    }
    run(Command::new("rustup").args(["target", "add", "wasm32-unknown-unknown"]))
}

/// A file of an npm package, fetched once into `target/tools`; `None` when npm is not there.
pub fn npm(package: &str, version: &str, file: &str) -> Option<PathBuf> {
    let tools = root().join("target/tools");
    let wanted = tools.join("node_modules").join(file);
    if wanted.is_file() {
        return Some(wanted);
    }
    find("npm")?;
    std::fs::create_dir_all(&tools).ok()?;
    eprintln!("xtask: npm install {package}@{version} into target/tools");
    let mut command = Command::new("npm");
    command.args([
        "install",
        "--no-save",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]);
    command
        .arg("--prefix")
        .arg(&tools)
        .arg(format!("{package}@{version}"));
    run(command.stdout(Stdio::null())).ok()?;
    wanted.is_file().then_some(wanted)
}

/// The optimiser of npm `binaryen`, else one in `PATH`.
pub fn wasm_opt() -> Option<PathBuf> {
    npm("binaryen", "132.0.0", ".bin/wasm-opt").or_else(|| find("wasm-opt"))
}

/// The accessibility checker that the browser tests inject.
pub fn axe() -> Option<PathBuf> {
    npm("axe-core", "4.14.1", "axe-core/axe.min.js")
}
