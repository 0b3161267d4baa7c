//! The size budgets of the page: a table, and a failure when one is broken.

use crate::fail::Fail;
use crate::{dist, pack};
use std::path::Path;

/// One row of the table: what is measured, under brotli, in KB of 1000 bytes.
struct Budget {
    name: &'static str,
    files: &'static [&'static str],
    aim: usize,
    fail: usize,
}

/// Aims and limits. `first load` is everything that must arrive before the page can be used; the
/// packs of tables that come later count for no module, so they have limits of their own.
///
/// The limits stand just above what was reached, to keep the parts from growing. Of one module that is
/// above what was meant (350): `world` holds every machine on the wire, the checker, and codec and
/// words for the log. `stage` is the rest of its program. The files of the dialects are among the later
/// data, since the first module takes them loaded.
const BUDGETS: [Budget; 12] = [
    part("first load", &FIRST_LOAD, 230, 254),
    part("page.wasm", &["page.wasm"], 150, 199),
    part("world.wasm", &["world.wasm"], 250, 365),
    part("stage.wasm", &["stage.wasm"], 250, 340),
    part("crypto.wasm", &["crypto.wasm"], 250, 320),
    part("tools.wasm", &["tools.wasm"], 250, 309),
    part("specs.data", &["specs.data"], 40, 40),
    part("later data", &["words.data", "gbk.data"], 80, 92),
    part("page glue", &["page.js", "boot.js"], 8, 8),
    part("worker glue", &["world.js", "worker.js"], 8, 8),
    part("style", &["poslab.css"], 12, 12),
    part("shell", &["index.html"], 4, 4),
];

/// What the browser fetches before it draws the first message.
const FIRST_LOAD: [&str; 6] = [
    "index.html",
    "boot.js",
    "poslab.css",
    "page.js",
    "page.wasm",
    "specs.data",
];

const fn part(
    name: &'static str,
    files: &'static [&'static str],
    aim: usize,
    fail: usize,
) -> Budget {
    Budget {
        name,
        files,
        aim,
        fail,
    }
}

/// The length of a file under brotli: of the packed file where `dist` wrote one.
fn packed_len(file: &Path, bytes: &[u8]) -> usize {
    std::fs::metadata(pack::name_beside(file, "br")).map_or_else(
        |_| pack::brotli(bytes).len(),
        |packed| usize::try_from(packed.len()).unwrap_or(usize::MAX),
    )
}

/// Prints the table of the last `dist` and fails when a budget is broken.
pub fn check() -> Result<(), Fail> {
    let mut broken = Vec::new();
    println!(
        "{:<12} {:>10} {:>10} {:>8} {:>8}",
        "part", "raw", "brotli", "aim", "fail"
    );
    for budget in BUDGETS {
        let (mut raw, mut packed) = (0, 0);
        for file in budget.files {
            let path = dist::folder().join(file);
            let bytes = std::fs::read(&path).map_err(Fail::file(&path))?;
            raw += bytes.len();
            packed += packed_len(&path, &bytes);
        }
        let mark = match packed {
            n if n > budget.fail * 1000 => "BROKEN",
            n if n > budget.aim * 1000 => "over the aim",
            _ => "ok",
        };
        println!(
            "{:<12} {raw:>10} {packed:>10} {:>5} KB {:>5} KB  {mark}",
            budget.name, budget.aim, budget.fail
        );
        if packed > budget.fail * 1000 {
            broken.push(budget.name);
        }
    }
    if broken.is_empty() {
        return Ok(());
    }
    Err(Fail::NotMet(format!(
        "size budget broken: {}",
        broken.join(", ")
    )))
}
