//! `cargo xtask test`: the gate, step by step; all steps run even when one fails.

use crate::fail::Fail;
use crate::wasm::Mode;
use crate::{dist, tool};
use std::time::Instant;

/// One step of the gate.
struct Step {
    name: &'static str,
    run: fn() -> Result<(), Fail>,
}

const STEPS: [Step; 9] = [
    Step {
        name: "fmt",
        run: || tool::run(&mut tool::cargo(&["fmt", "--all", "--check"])),
    },
    Step {
        name: "clippy",
        run: clippy,
    },
    Step {
        name: "clippy-wasm",
        run: clippy_wasm,
    },
    Step {
        name: "doc",
        run: doc,
    },
    Step {
        name: "tests",
        run: tests,
    },
    Step {
        name: "models",
        run: models,
    },
    Step {
        name: "wasm",
        run: wasm,
    },
    Step {
        name: "dist",
        run: || dist::build(Mode::Release),
    },
    Step {
        name: "page",
        run: page,
    },
];

/// Runs the named steps, or all of them.
pub fn run(names: &[&str]) -> Result<(), Fail> {
    if let Some(unknown) = names
        .iter()
        .find(|name| !STEPS.iter().any(|step| step.name == **name))
    {
        let known: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        return Err(Fail::NotMet(format!(
            "no step `{unknown}`; steps: {}",
            known.join(", ")
        )));
    }
    let mut lines = Vec::new();
    let mut failed = Vec::new();
    for step in STEPS
        .iter()
        .filter(|step| names.is_empty() || names.contains(&step.name))
    {
        println!("== {}", step.name);
        let start = Instant::now();
        let outcome = (step.run)();
        let seconds = start.elapsed().as_secs();
        match outcome {
            Ok(()) => lines.push(format!("ok     {:<12} {seconds:>4} s", step.name)),
            Err(fail) => {
                lines.push(format!("FAILED {:<12} {seconds:>4} s  {fail}", step.name));
                failed.push(step.name);
            }
        }
    }
    println!("\n{}", lines.join("\n"));
    if failed.is_empty() {
        return Ok(());
    }
    Err(Fail::NotMet(format!("failed: {}", failed.join(", "))))
}

/// The benchmarks, beside a peer in the same run; whole commands with the binary as released.
pub fn bench(options: &[&str]) -> Result<(), Fail> {
    tool::run(&mut tool::cargo(&[
        "build",
        "--release",
        "--package",
        "poslab",
    ]))?;
    let mut cargo = tool::cargo(&["bench", "--package", "poslab-bench"]);
    if !options.contains(&"--bench") {
        cargo.arg("--benches");
    }
    cargo.env("POSLAB", tool::root().join("target/release/poslab"));
    tool::run(cargo.args(options))
}

fn clippy() -> Result<(), Fail> {
    let mut cargo = tool::cargo(&[
        "clippy",
        "--quiet",
        "--workspace",
        "--exclude",
        "poslab-web",
    ]);
    tool::run(cargo.args(["--all-targets", "--", "-D", "warnings"]))
}

fn clippy_wasm() -> Result<(), Fail> {
    tool::wasm_target()?;
    let mut cargo = tool::cargo(&["clippy", "--quiet", "--package", "poslab-web"]);
    cargo.args([
        "--package",
        "poslab-core",
        "--target",
        "wasm32-unknown-unknown",
    ]);
    tool::run(cargo.args(["--", "-D", "warnings"]))
}

fn doc() -> Result<(), Fail> {
    let mut cargo = tool::cargo(&["doc", "--quiet", "--workspace", "--no-deps"]);
    // The doc comments of the binary are its help texts, not rustdoc.
    cargo.args(["--exclude", "poslab-web", "--exclude", "poslab"]);
    cargo.arg("--document-private-items");
    // Private items are documented too, so links to them lead somewhere.
    let flags = "-D warnings -A rustdoc::private_intra_doc_links";
    tool::run(cargo.env("RUSTDOCFLAGS", flags))
}

fn tests() -> Result<(), Fail> {
    tool::run(&mut tool::cargo(&[
        "test",
        "--workspace",
        "--exclude",
        "poslab-web",
    ]))
}

/// The long model and simulation tests, optimised: those marked `#[ignore]` in the tests crate.
fn models() -> Result<(), Fail> {
    let mut cargo = tool::cargo(&["test", "--profile", "gate", "--package", "poslab-tests"]);
    tool::run(cargo.args(["--", "--ignored"]))
}

/// Every crypto vector in the wasm build, under Node; the counts are printed.
fn wasm() -> Result<(), Fail> {
    tool::wasm_target()?;
    if tool::find("node").is_none() {
        let what = "Node; run: apt-get install -y nodejs";
        return Err(Fail::Missing(what.into()));
    }
    let mut cargo = tool::cargo(&["test", "--package", "poslab-tests", "--features", "wasm"]);
    tool::run(cargo.args(["--test", "wasm", "--", "--nocapture"]))
}

/// The page in a real browser, against what stands in `dist/`.
fn page() -> Result<(), Fail> {
    let Some(chromium) = tool::chromium() else {
        let what = "Chromium; run: apt-get install -y chromium fonts-noto-cjk (or set $CHROMIUM)";
        return Err(Fail::Missing(what.into()));
    };
    let mut cargo = tool::cargo(&["test", "--package", "poslab-tests", "--features", "page"]);
    cargo.args(["--test", "page*", "--test", "pad_page"]);
    cargo.args(["--", "--test-threads=2"]);
    cargo
        .env("CHROMIUM", chromium)
        .env("POSLAB_DIST", dist::folder());
    if let Some(axe) = tool::axe() {
        cargo.env("AXE", axe);
    }
    tool::run(&mut cargo)
}
