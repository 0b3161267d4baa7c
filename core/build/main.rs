//! Loads the built-in dialects while the program is built, so that it need not when it starts.

#![allow(
    clippy::print_stdout,
    reason = "cargo takes its orders from standard output"
)]

#[cfg(feature = "prebuilt")]
#[path = "../src/data/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    unused_macros,
    missing_docs,
    reason = "the loader needs a part of it"
)]
mod data;

#[cfg(feature = "prebuilt")]
#[path = "../src/bytes/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    missing_docs,
    reason = "the loader needs a part of it"
)]
mod bytes;

#[cfg(feature = "prebuilt")]
#[allow(
    dead_code,
    unused_imports,
    missing_docs,
    reason = "the loader needs a part of it"
)]
mod spec;

fn main() {
    println!("cargo:rerun-if-changed=build");
    #[cfg(feature = "prebuilt")]
    prebuild();
}

#[cfg(feature = "prebuilt")]
fn prebuild() {
    use std::path::Path;
    for read in ["specs", "src/bytes", "src/spec"] {
        println!("cargo:rerun-if-changed={read}");
    }
    let out = std::env::var("OUT_DIR").expect("cargo sets it");
    let text_of = |name: &str| -> Option<&'static str> {
        let text = std::fs::read_to_string(format!("specs/{name}.json")).ok()?;
        Some(text.leak())
    };
    for entry in std::fs::read_dir("specs").expect("the folder of dialects") {
        let path = entry.expect("a file").path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let name = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .expect("a plain name");
        let text = text_of(name).expect("a text");
        let dialect = match spec::load::load(text, &text_of) {
            Ok(dialect) => dialect,
            Err(error) => panic!("specs/{name}.json: {error}"),
        };
        let bytes = spec::prebuilt::write(&dialect).expect("a vector grows");
        let file = Path::new(&out).join(name).with_extension("dialect");
        std::fs::write(file, bytes).expect("OUT_DIR is writable");
    }
}
