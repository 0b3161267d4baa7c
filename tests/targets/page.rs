//! Does the page, as people get it, work in a real browser?
//!
//! Needs `--features page`, Chromium, and a built `dist/`; `cargo xtask test page` sees to all
//! three. `POSLAB_SHOTS=FOLDER` keeps a picture of every state that is visited.

use poslab_tests::page::{Chromium, Site, Tab, dist};
use std::path::PathBuf;

/// Keeps a picture where pictures are wanted.
fn picture(tab: &mut Tab, name: &str) {
    if let Some(folder) = std::env::var_os("POSLAB_SHOTS") {
        tab.shot(&PathBuf::from(folder).join(name).with_extension("png"));
    }
}

#[test]
fn the_page_starts_and_seals_itself() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = browser.tab(1440, 900);
    tab.open(&site.url(""));
    tab.until_sealed();
    let before = site.requests().len();
    assert_eq!(
        tab.eval("fetch('icon.svg').then(() => 'sent', () => 'refused')"),
        "refused"
    );
    assert_eq!(site.requests().len(), before, "{:?}", site.requests());
    picture(&mut tab, "start");
}

#[test]
fn a_click_on_a_byte_chooses_its_field_everywhere() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = browser.tab(1440, 900);
    tab.open(&site.url(""));
    tab.until("document.querySelectorAll('#fields [role=treeitem]').length > 10");
    tab.click("#fields [role=treeitem]:nth-of-type(8)");
    tab.until("document.querySelector('.card .title')");
    assert_eq!(
        tab.text("document.querySelector('.card h2').textContent"),
        "DE4"
    );
    assert_eq!(
        tab.eval("document.querySelectorAll('.cells .mark.picked').length"),
        1
    );
    picture(&mut tab, "picked");
    if let Some(folder) = std::env::var_os("POSLAB_SHOTS") {
        tab.close_up(&PathBuf::from(folder).join("close.png"), ".pane.bytes");
    }
    tab.eval("document.getElementById('bytes').focus()");
    for _ in 0..6 {
        tab.press("ArrowRight", 0);
    }
    tab.until("document.querySelector('.card h2').textContent === 'DE11'");
    tab.press("Escape", 0);
    tab.until("!document.querySelector('.card .title')");
}

#[test]
fn both_languages_and_themes_pass_the_accessibility_check() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    for (width, height) in [(1440, 900), (390, 844)] {
        for theme in ["light", "dark"] {
            for lang in ["en", "zh-CN"] {
                let mut tab = browser.tab(width, height);
                tab.media("prefers-color-scheme", theme);
                tab.open(&site.url(""));
                if tab.text("document.documentElement.lang") != lang {
                    tab.click("header button.quiet");
                }
                assert_eq!(tab.text("document.documentElement.lang"), lang);
                picture(&mut tab, &format!("start-{width}-{theme}-{lang}"));
                assert_eq!(
                    tab.axe().unwrap_or_default(),
                    Vec::<String>::new(),
                    "{theme} {lang}"
                );
                let wide = tab.eval("document.documentElement.scrollWidth > innerWidth");
                assert_eq!(wide, false, "the page must not scroll sideways at {width}");
                assert_eq!(tab.complaints(), Vec::<String>::new());
            }
        }
    }
}

/// Every panel, with an element that shows that it has drawn.
const PANELS: [(&str, &str); 4] = [
    ("inspect", "#fields [role=treeitem]"),
    ("build", "#built"),
    ("compare", "#compare table"),
    ("dialects", "#dialects table"),
];

#[test]
fn every_panel_passes_the_accessibility_check_and_fits() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    for (width, height) in [(1440, 900), (390, 844), (320, 640)] {
        let mut tab = browser.tab(width, height);
        tab.open(&site.url(""));
        for (panel, drawn) in PANELS {
            tab.eval(&format!("location.hash = {panel:?}"));
            tab.until(&format!("document.querySelector({drawn:?})"));
            picture(&mut tab, &format!("{panel}-{width}"));
            assert_eq!(
                tab.axe().unwrap_or_default(),
                Vec::<String>::new(),
                "{panel} {width}"
            );
            let wide = tab.eval("document.documentElement.scrollWidth > innerWidth");
            assert_eq!(wide, false, "{panel} must not scroll sideways at {width}");
        }
        assert_eq!(tab.complaints(), Vec::<String>::new());
    }
}

#[test]
fn one_file_works_from_disk() {
    let browser = Chromium::start();
    let mut tab = browser.tab(1440, 900);
    let file = dist()
        .join("single.html")
        .canonicalize()
        .expect("single.html was built");
    tab.open(&format!("file://{}", file.display()));
    tab.until_sealed();
    let asked: Vec<String> = tab
        .asked()
        .into_iter()
        .filter(|url| !url.starts_with("data:") && !url.starts_with("blob:"))
        .collect();
    assert_eq!(asked.len(), 1, "only the file itself: {asked:?}");
    assert_eq!(tab.complaints(), Vec::<String>::new());
}
