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
fn both_languages_and_themes_pass_the_accessibility_check() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    for (width, height) in [(1440, 900), (390, 844)] {
        for theme in ["light", "dark"] {
            for lang in ["en", "zh-CN"] {
                let mut tab = browser.tab(width, height);
                tab.media("prefers-color-scheme", theme);
                tab.open(&site.url(""));
                if lang == "zh-CN" {
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
