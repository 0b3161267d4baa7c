//! `dist/single.html`: the whole page in one file that works from disk, offline.
//!
//! Scripts stand inline under the hash of their text, the wasm and the tables as base64 in data blocks (which the
//! browser does not execute), and the policy forbids every connection.

use crate::data;
use crate::dist::{read, write};
use crate::fail::Fail;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256};
use std::path::Path;

/// Writes `single.html` from the files that stand in `dist`.
pub fn build(dist: &Path) -> Result<(), Fail> {
    let shell = read(&dist.join("index.html"))?;
    let boot = inline(&read(&dist.join("boot.js"))?);
    let worker = inline(&read(&dist.join("worker.js"))?);
    let style = read(&dist.join("poslab.css"))?;
    let icon = BASE64_STANDARD.encode(read(&dist.join("icon.svg"))?);

    let mut hashes = vec![hash(&boot)];
    let mut tail = String::new();
    for module in crate::wasm::MODULES {
        let glue = inline(&read(&dist.join(module).with_extension("js"))?);
        tail += &format!("<script id=\"{module}.js\">{glue}</script>\n");
        hashes.push(hash(&glue));
    }
    let scripts = hashes.join(" ");
    let policy = format!(
        "default-src 'none'; script-src {scripts} 'wasm-unsafe-eval'; style-src {}; \
         img-src data:; worker-src blob:; connect-src 'none'; base-uri 'none'; form-action 'none'",
        hash(&style)
    );
    tail += &format!("<script id=\"worker.js\" type=\"text/plain\">{worker}</script>\n");
    let modules = crate::wasm::files().map(|module| format!("{module}.wasm"));
    for name in modules.chain(data::names().map(String::from)) {
        let file = dist.join(&name);
        let bytes = std::fs::read(&file).map_err(Fail::file(&file))?;
        let text = BASE64_STANDARD.encode(bytes);
        tail += &format!("<script id=\"{name}\" type=\"text/plain\">{text}</script>\n");
    }

    let mut html = shell;
    replace(
        &mut html,
        "<meta http-equiv=\"Content-Security-Policy\"",
        "\">",
        &format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">"),
    )?;
    // Nothing is fetched ahead: it is all here.
    while html.contains("<link rel=\"preload\"") {
        replace(&mut html, "<link rel=\"preload\"", ">\n", "")?;
    }
    replace(
        &mut html,
        "<link rel=\"stylesheet\"",
        ">",
        &format!("<style>{style}</style>"),
    )?;
    replace(
        &mut html,
        "<link rel=\"icon\"",
        ">",
        &format!("<link rel=\"icon\" href=\"data:image/svg+xml;base64,{icon}\">"),
    )?;
    replace(
        &mut html,
        "<script src=\"boot.js\"",
        "</script>",
        &format!("<script>{boot}</script>"),
    )?;
    replace(&mut html, "<script src=\"page.js\"", "</script>", &tail)?;
    write(&dist.join("single.html"), &html)
}

/// Replaces the part of `html` that begins with `start` and ends with the next `end`.
fn replace(html: &mut String, start: &str, end: &str, with: &str) -> Result<(), Fail> {
    let missing = || Fail::Missing(format!("index.html has no `{start}`"));
    let from = html.find(start).ok_or_else(missing)?;
    let length = html[from..].find(end).ok_or_else(missing)? + end.len();
    html.replace_range(from..from + length, with);
    Ok(())
}

/// Keeps a script from ending its own element.
fn inline(script: &str) -> String {
    script.replace("</script", "<\\/script")
}

/// The policy's name for an inline text.
fn hash(text: &str) -> String {
    format!(
        "'sha256-{}'",
        BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()))
    )
}

#[cfg(test)]
mod tests {
    use super::{hash, replace};

    #[test]
    fn the_hash_is_that_of_the_empty_text() {
        // FIPS 180-4: SHA-256 of no bytes, in base64.
        assert_eq!(
            hash(""),
            "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
        );
    }

    #[test]
    fn a_part_is_replaced_whole() {
        let mut html = String::from("a<b c=\"d\">e");
        replace(&mut html, "<b", ">", "-").expect("it is there");
        assert_eq!(html, "a-e");
        assert!(replace(&mut html, "<b", ">", "-").is_err());
    }
}
