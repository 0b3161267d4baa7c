//! With the feature `page`: puts the built page (`dist/`, compressed) into the binary.

use std::fmt::Write as _;
use std::path::Path;

/// What `poslab serve` offers; `cargo xtask dist` writes each with a `.gz` beside it.
const FILES: [&str; 18] = [
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
    "single.html",
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let mut table = String::from("&[\n");
    if std::env::var_os("CARGO_FEATURE_PAGE").is_some() {
        let root = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
        let dist = Path::new(&root).join("../dist");
        for name in FILES {
            let file = dist.join(format!("{name}.gz"));
            println!("cargo::rerun-if-changed={}", file.display());
            assert!(
                file.is_file(),
                "feature `page` needs a built page: run cargo xtask dist first"
            );
            writeln!(table, "({name:?}, include_bytes!({file:?})),").expect("writing to a string");
        }
    }
    table.push(']');
    let out = std::env::var_os("OUT_DIR").expect("cargo sets it");
    std::fs::write(Path::new(&out).join("page.rs"), table).expect("OUT_DIR is writable");
}
