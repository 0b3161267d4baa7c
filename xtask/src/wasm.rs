//! Rust to wasm: cargo, then wasm-bindgen as a library, then wasm-opt.
//!
//! The bindgen library and the `wasm-bindgen` crate come from one lock file, so crate and tool
//! cannot disagree. The page consists of the modules built from the binaries of `web`.

use crate::fail::Fail;
use crate::{dist, split, tool};
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

/// How much work goes into the output.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// For the edit loop: unoptimised, uncompressed.
    Dev,
    /// What people get.
    Release,
}

/// The wasm modules of the page, by the name of their binary: the first paint's one first.
pub const MODULES: [&str; 4] = ["page", "world", "crypto", "tools"];

/// The module that is cut in two, and the file of its second part; see [`split`].
const CUT: (&str, &str) = ("world", "stage");

/// Every wasm file of the page, by its name without `.wasm`.
pub fn files() -> impl Iterator<Item = &'static str> {
    MODULES.into_iter().chain([CUT.1])
}

/// What rustc enables for this target by default; named one by one, because `--all-features`
/// makes modules that browsers refuse.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// What the exports of a crate below Leptos are called that hands streams to servers: nobody calls
/// them, and what is not exported can be dropped.
const STREAMS: &str = "intounderlying";

/// Builds every module and writes `NAME.js` and `NAME.wasm` into `out`.
pub fn build(mode: Mode, out: &Path) -> Result<(), Fail> {
    tool::wasm_target()?;
    let profile = match mode {
        Mode::Dev => "dev",
        Mode::Release => "web",
    };
    let mut cargo = tool::cargo(&["build", "--package", "poslab-web", "--bins"]);
    cargo.args(["--target", "wasm32-unknown-unknown", "--profile", profile]);
    tool::run(&mut cargo)?;
    for module in MODULES {
        bind(&built(mode, module), module, out)?;
        let file = out.join(module).with_extension("wasm");
        if mode == Mode::Release {
            optimise(&file, module == CUT.0)?;
        }
        if module == CUT.0 {
            cut(mode, &file, &out.join(CUT.1).with_extension("wasm"))?;
        }
    }
    Ok(())
}

/// Where cargo leaves a module.
fn built(mode: Mode, module: &str) -> PathBuf {
    let folder = match mode {
        Mode::Dev => "debug",
        Mode::Release => "web",
    };
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| tool::root().join("target"), PathBuf::from);
    target
        .join("wasm32-unknown-unknown")
        .join(folder)
        .join(module)
        .with_extension("wasm")
}

/// Writes the glue as a classic script that defines `poslab_page` and the like: classic,
/// because a page opened from disk may run neither module scripts nor module workers.
fn bind(input: &Path, module: &str, out: &Path) -> Result<(), Fail> {
    let refuse = |error| Fail::Bindgen(format!("{error:?}"));
    let mut bindgen = Bindgen::new();
    bindgen.input_path(input).out_name(module).typescript(false);
    bindgen.no_modules(true).map_err(refuse)?;
    bindgen
        .no_modules_global(&format!("poslab_{module}"))
        .map_err(refuse)?;
    bindgen
        .remove_name_section(module != CUT.0)
        .remove_producers_section(true);
    bindgen.omit_default_module_path(true);
    let mut output = bindgen.generate_output().map_err(refuse)?;
    let exports = &mut output.wasm_mut().exports;
    let streams = exports.iter().filter(|one| one.name.contains(STREAMS));
    let streams: Vec<_> = streams.map(|one| one.id()).collect();
    streams.into_iter().for_each(|id| exports.delete(id));
    output.emit(out).map_err(refuse)?;
    let glue = out.join(module).with_extension("js");
    dist::write(&glue, &dist::strip_script(&dist::read(&glue)?))?;
    let bound = out.join(format!("{module}_bg.wasm"));
    let named = out.join(format!("{module}.wasm"));
    std::fs::rename(&bound, &named).map_err(Fail::file(&bound))
}

/// Cuts a module that still has its names, and shrinks the parts.
fn cut(mode: Mode, module: &Path, second: &Path) -> Result<(), Fail> {
    let program = std::fs::read(module).map_err(Fail::file(module))?;
    let halves = split::split(&program)?;
    for (file, half) in [(module, &halves.first), (second, &halves.second)] {
        std::fs::write(file, half).map_err(Fail::file(file))?;
        if mode == Mode::Release {
            optimise(file, false)?;
        }
    }
    Ok(())
}

/// Shrinks a module in place; without the optimiser the module stays as it is, said aloud.
fn optimise(module: &Path, with_names: bool) -> Result<(), Fail> {
    let Some(wasm_opt) = tool::wasm_opt() else {
        eprintln!(
            "xtask: no wasm-opt and no npm to fetch it: {} stays larger",
            module.display()
        );
        return Ok(());
    };
    let mut command = Command::new(wasm_opt);
    command
        .args(["-Oz", "--one-caller-inline-max-function-size=50"])
        .args(FEATURES)
        .args(with_names.then_some("--debuginfo"))
        .arg(module)
        .arg("-o")
        .arg(module);
    tool::run(&mut command)
}
