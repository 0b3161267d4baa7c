//! Does the page show before any wasm what Inspect draws of its example? `POSLAB_BLESS=1` writes
//! that part of the shell again.

use poslab_core::codec::{Dissection, detect};
use poslab_core::intake::{Content, read_text};
use poslab_core::view::grid::{Alphabet, Grid, grid};
use poslab_core::view::outline::{Row, lookup, outline};
use poslab_core::view::veil::Veil;
use poslab_core::words::{Facts, Lang, sentence};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A file of the page.
fn web(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../web")
        .join(file)
}

/// Text as it stands in HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// A text in both languages, of which the style sheet shows one.
fn both(en: &str, zh: &str) -> String {
    let (en, zh) = (escaped(en), escaped(zh));
    format!("<span class=\"en\">{en}</span><span class=\"zh\" lang=\"zh-CN\">{zh}</span>")
}

/// The sentence, the panes of bytes and fields, and the card's place.
fn example(tree: &Dissection<'_>) -> String {
    let veil = Veil::over(tree);
    let rows = outline(tree, &veil);
    let facts = Facts::gather(&|path: &str| lookup(tree, path));
    let said = both(&sentence(&facts, Lang::En), &sentence(&facts, Lang::Zh));
    let top: Vec<&Row> = rows.iter().filter(|row| row.depth == 0).collect();
    let fields = top.iter().filter(|row| !row.number.is_empty()).count();
    let mut out = format!(
        "<h1 class=\"sentence still\">{said}</h1>\n<div class=\"chips first\"></div>\n</div>\n<div class=\"panes still\">\n\
         <section class=\"pane bytes\">\n<div class=\"row spread\"><h2 class=\"label\">{} \
         <span class=\"mono\">{}</span></h2></div>\n",
        both("Bytes", "字节"),
        tree.frame().len()
    );
    let view = grid(tree, &rows, &veil, 16, Alphabet::Ascii);
    bytes(&mut out, &view, &rows);
    writeln!(
        out,
        "</section>\n<section class=\"pane fields\">\n<h2 class=\"label\">{} <span class=\"mono\">\
         {fields}</span></h2>\n<div class=\"tree\">",
        both("Fields", "域")
    )
    .expect("writing to a string");
    top.iter().for_each(|row| line(&mut out, row));
    out.push_str("</div>\n</section>\n<section class=\"pane card empty\"></section>\n</div>\n");
    out
}

/// The hex view, one run per field.
fn bytes(out: &mut String, view: &Grid, rows: &[Row]) {
    let Grid {
        offsets,
        characters,
        ..
    } = view;
    write!(
        out,
        "<div class=\"hex\"><pre class=\"offsets\">{offsets}</pre><div class=\"cells\">"
    )
    .expect("writing to a string");
    for run in &view.runs {
        let hue = rows.get(run.row).map_or(8, |row| row.hue);
        write!(
            out,
            "<span class=\"run h{hue}\">{}</span>{}",
            run.text, run.gap
        )
        .expect("writing to a string");
    }
    let characters = escaped(characters);
    writeln!(
        out,
        "</div><div class=\"characters\"><pre>{characters}</pre></div></div>"
    )
    .expect("writing to a string");
}

/// A row of the tree.
fn line(out: &mut String, row: &Row) {
    let or = |text: &str, other: &str| {
        if text.is_empty() {
            other.to_owned()
        } else {
            text.to_owned()
        }
    };
    let meaning = or(&row.meaning.en, &row.value);
    let said = both(&meaning, &or(&row.meaning.zh, &meaning));
    let name = both(&row.name.en, &or(&row.name.zh, &row.name.en));
    let arrow = if row.has_children {
        "arrow"
    } else {
        "arrow none"
    };
    writeln!(
        out,
        "<div class=\"line h{} d0\"><span class=\"{arrow}\"></span><span class=\"number mono\">{}\
         </span><span class=\"name\">{name}</span><span class=\"said\">{said}</span></div>",
        row.hue, row.number
    )
    .expect("writing to a string");
}

#[test]
fn the_page_begins_with_what_inspect_draws() {
    let text = std::fs::read_to_string(web("src/panel/inspect/example.hex")).expect("the example");
    let intake = read_text(&text).expect("the example can be read");
    let Content::Bytes(octets) = &intake.items[0].content else {
        panic!("the example is bytes");
    };
    let found = detect(&octets.bytes);
    let found = example(&found[0].dissect(&octets.bytes));
    let kept = web("shell/example.html");
    if std::env::var_os("POSLAB_BLESS").is_some() {
        std::fs::write(&kept, &found).expect("the part is written");
    }
    let kept = std::fs::read_to_string(&kept).expect("the part stands in web/shell");
    assert_eq!(kept, found, "POSLAB_BLESS=1 writes it again");
}
