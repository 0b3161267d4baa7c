//! Does the page, as people get it, work in a real browser?
//!
//! Needs `--features page`, Chromium, and a built `dist/`; `cargo xtask test page` sees to all
//! three. `POSLAB_SHOTS=FOLDER` keeps a picture of every state that is visited.

#[path = "page/bench.rs"]
mod bench;
#[path = "page/inspect.rs"]
mod inspect;
#[path = "page/longer.rs"]
mod longer;

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
    if std::env::var_os("POSLAB_BLESS").is_some() {
        tab.shot(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/inspect.png"));
    }
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

/// Puts a text where a person would paste it.
fn paste(tab: &mut Tab, text: &str) {
    tab.eval(&format!(
        "(() => {{ const area = document.getElementById('paste'); area.value = {text:?}; \
         area.dispatchEvent(new Event('input', {{ bubbles: true }})) }})()"
    ));
}

/// The card number of the messages below, as digits.
const PAN: &str = "6216261000000000018";

/// An ASCII message with a card number and an amount.
const ASCII: &str = "02007020000000000000196216261000000000018000000000000099999000007";

#[test]
fn nothing_pasted_leaves_the_page_or_stays_behind() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = browser.tab(1440, 900);
    tab.open(&site.url(""));
    tab.until_sealed();
    let before = site.requests().len();
    paste(&mut tab, ASCII);
    tab.until("document.querySelector('#fields').textContent.includes('000007')");
    // Edit, share, look elsewhere and come back.
    tab.eval("[...document.querySelectorAll('#fields [role=treeitem]')].find(e => e.textContent.includes('000007')).click()");
    tab.until("document.querySelector('#edit')");
    tab.eval("(() => { const e = document.querySelector('#edit'); e.value = '000008'; e.dispatchEvent(new Event('change', { bubbles: true })) })()");
    tab.until("document.querySelector('#fields').textContent.includes('000008')");
    tab.eval("[...document.querySelectorAll('.actions button')].find(e => e.textContent.includes('share')).click()");
    tab.until("document.querySelector('#share-link').value.includes('#v1.')");
    picture(&mut tab, "share");
    assert_eq!(tab.axe().unwrap_or_default(), Vec::<String>::new());
    let link = tab.text("document.querySelector('#share-link').value");
    tab.press("Escape", 0);
    for panel in ["build", "compare", "dialects", "inspect"] {
        tab.eval(&format!("location.hash = {panel:?}"));
        tab.paint();
    }
    assert_eq!(site.requests().len(), before, "{:?}", site.requests());
    let kept = tab.text(
        "JSON.stringify([location.href, document.title, { ...localStorage }, { ...sessionStorage }, \
         document.cookie, history.state])",
    );
    assert!(!kept.contains(&PAN[4..15]), "{kept}");
    assert_eq!(
        tab.eval("indexedDB.databases().then(list => list.length)"),
        0
    );
    let shown = tab.text("document.body.innerText");
    assert!(
        !shown.contains(PAN),
        "a card number is masked until somebody asks"
    );
    // The link opens the same message, without its secrets.
    let mut other = browser.tab(1440, 900);
    other.open(&link);
    other.until("document.querySelector('#fields').textContent.includes('000008')");
    assert!(
        !other
            .text("document.querySelector('#bytes').textContent")
            .contains("1000")
    );
}

/// Whether the page in `dist/` was built with its optimiser; `--dev` builds are not measured.
fn optimised() -> bool {
    dist().join("page.wasm.br").is_file()
}

#[test]
fn a_long_log_is_decoded_in_the_worker_and_can_be_cancelled() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = browser.tab(1440, 900);
    tab.open(&site.url(""));
    tab.until_sealed();
    let before = site.requests().len();
    // 100,000 lines of 100 bytes are 10 MB.
    let lines = if optimised() { 100_000 } else { 4_000 };
    let line = "08000020000000c00012000001313030303030303131303030303030303030303030303100110000000100300003303120";
    let give = |tab: &mut Tab, lines: usize| {
        tab.eval(&format!(
            "(() => {{ const held = new DataTransfer(); \
             held.items.add(new File([('{line}\\n').repeat({lines})], 'log.txt')); \
             const input = document.getElementById('open-file'); input.files = held.files; \
             input.dispatchEvent(new Event('change', {{ bubbles: true }})) }})()"
        ));
    };
    give(&mut tab, lines);
    let said = "document.querySelector('.log [role=status]').textContent";
    tab.until(&format!("{said}.includes('Read 100 %')"));
    assert!(
        tab.text(said).contains(&lines.to_string()),
        "{}",
        tab.text(said)
    );
    let drawn = tab.eval("document.querySelectorAll('.log-row').length");
    assert!(drawn.as_u64().is_some_and(|count| count <= 60), "{drawn}");
    picture(&mut tab, "log");
    tab.click(".log-row:nth-of-type(2)");
    tab.until("document.querySelector('#fields').textContent.includes('10000001')");
    give(&mut tab, lines * 20);
    tab.until(&format!("{said}.includes('Reading')"));
    tab.eval("[...document.querySelectorAll('.log button')].find(e => e.textContent === 'cancel').click()");
    tab.until(&format!(
        "{said}.startsWith('Read ') && !{said}.includes('100 %')"
    ));
    assert_eq!(site.requests().len(), before, "{:?}", site.requests());
}

#[test]
fn a_broken_message_says_what_is_wrong_and_keeps_the_rest() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = browser.tab(1440, 900);
    tab.open(&site.url(""));
    // A track of 37 digits of which eleven bytes are there.
    paste(
        &mut tab,
        "0200 7020000020000000 19 62 16 26 10 00 00 00 00 01 80 000000 000000012345 000004 37 62162610000000000018D2",
    );
    tab.until("document.querySelector('.finding')");
    assert!(
        tab.text("document.querySelector('.finding').textContent")
            .contains("DE35")
    );
    tab.press("F8", 0);
    tab.eval("document.getElementById('bytes').focus()");
    tab.press("F8", 0);
    tab.until("document.querySelector('.cells .mark.picked')");
    picture(&mut tab, "broken");
    assert_eq!(tab.axe().unwrap_or_default(), Vec::<String>::new());
    assert!(
        tab.text("document.querySelector('#fields').textContent")
            .contains("123.45")
    );
}

#[test]
fn the_whole_task_works_by_keyboard() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = browser.tab(1440, 900);
    tab.open(&site.url(""));
    tab.eval("document.getElementById('paste').focus()");
    tab.insert(ASCII);
    tab.until("document.querySelector('#fields').textContent.includes('000007')");
    let focus = "document.activeElement.id";
    let mut stops = Vec::new();
    for _ in 0..24 {
        tab.press("Tab", 0);
        stops.push(tab.text(focus));
    }
    let once = |id: &str| stops.iter().filter(|stop| *stop == id).count();
    assert_eq!((once("bytes"), once("fields")), (1, 1), "{stops:?}");
    tab.eval("document.getElementById('paste').focus()");
    tab.press("F6", 0);
    assert_eq!(tab.text(focus), "bytes");
    tab.press("F6", 0);
    assert_eq!(tab.text(focus), "fields");
    tab.press("Home", 0);
    tab.press("ArrowDown", 0);
    tab.press("ArrowRight", 0);
    tab.until("document.querySelector('#fields [aria-expanded=true]')");
    tab.press("ArrowDown", 0);
    tab.until("document.querySelector('.card .title')");
    let marks = "document.querySelectorAll('.cells .mark.picked').length";
    assert_eq!(tab.eval(marks), 1, "the bytes follow the keys of the tree");
    tab.press("Escape", 0);
    tab.until("!document.querySelector('.card .title')");
}

/// Every panel, with an element that shows that it has drawn.
const PANELS: &[(&str, &str)] = &[
    ("inspect", "#fields [role=treeitem]"),
    ("build", "#built"),
    ("compare", "#compare table"),
    ("dialects", "#dialects table"),
    ("bench", ".bench .result output"),
    ("learn?reversal", "#learn .answer"),
    ("pin-pad", "#pin-pad #identify"),
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
            assert_eq!(tab.eval("scrollY"), 0, "{panel} begins at its top");
            let seen = "(() => { const b = document.querySelector('.tabs [aria-current]').getBoundingClientRect(); \
                        return b.left >= 0 && b.right <= innerWidth })()";
            assert_eq!(
                tab.eval(seen),
                true,
                "the tab of {panel} is in sight at {width}"
            );
        }
        assert_eq!(tab.complaints(), Vec::<String>::new());
    }
}

/// Panels whose own sentences have terms of the glossary in them, with the first of each.
const TERMS: &[(&str, &str)] = &[
    ("learn", "EMV tag"),
    ("build", "MTI"),
    ("compare", "field"),
    ("dialects", "dialect"),
    ("bench", "keys"),
    ("pin-pad", "PIN pad"),
    ("break-it", "power can fail"),
    ("theatre", "fault"),
];

#[test]
fn a_term_in_a_sentence_is_reached_by_keys_and_leads_to_learn() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = browser.tab(1440, 900);
    tab.open(&site.url(""));
    for (panel, label) in TERMS {
        tab.eval(&format!("location.hash = {panel:?}"));
        let first = "[...document.querySelectorAll('a.term')].find(one => one.checkVisibility())";
        tab.until(&format!("{first}.textContent === {label:?}"));
        tab.eval("document.activeElement.blur()");
        let on_term = "document.activeElement.matches('a.term')";
        let stops = (0..240).find(|_| {
            tab.press("Tab", 0);
            tab.eval(on_term) == true
        });
        assert!(
            stops.is_some(),
            "{panel}: no term on the way of the Tab key"
        );
        let said = tab.text("document.activeElement.title");
        assert!(said.len() > 30, "{panel}: {said}");
        let line = "getComputedStyle(document.activeElement).textDecorationStyle";
        assert_eq!(
            tab.text(line),
            "dotted",
            "{panel}: told apart without its colour"
        );
        tab.press("Enter", 0);
        tab.until("location.hash.startsWith('#learn?')");
        tab.until("document.querySelector('#learn .answer')?.checkVisibility()");
    }
    assert_eq!(tab.complaints(), Vec::<String>::new());
}

/// What can be worked with, in sight and not asleep; of a group that shares one stop, that stop.
const CONTROLS: &str = "[...document.querySelectorAll('button, a[href], input, select, textarea, summary, [tabindex=\"0\"]')]\
    .filter(one => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ visibilityProperty: true }) \
        && !(one.type === 'radio' && !one.checked))";

#[test]
fn the_tab_key_reaches_every_control() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = browser.tab(1440, 900);
    tab.open(&site.url(""));
    let more = [
        ("theatre?lost-response&at=14", "#to-till"),
        ("break-it", "#check"),
    ];
    for (panel, drawn) in PANELS.iter().chain(&more) {
        tab.eval(&format!("location.hash = {panel:?}"));
        tab.until(&format!("document.querySelector({drawn:?})"));
        tab.eval("document.activeElement.blur()");
        tab.eval("window.visited = new Set()");
        tab.eval("document.addEventListener('focusin', event => window.visited.add(event.target))");
        let count = tab
            .eval(&format!("{CONTROLS}.length"))
            .as_u64()
            .unwrap_or(0);
        assert!(count > 5, "{panel}: {count} controls");
        for _ in 0..count + 8 {
            tab.press("Tab", 0);
        }
        let missed = format!(
            "{CONTROLS}.filter(one => !window.visited.has(one)).map(one => one.outerHTML.slice(0, 90)).join(' | ')"
        );
        assert_eq!(tab.text(&missed), "", "{panel}: {count} controls");
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
