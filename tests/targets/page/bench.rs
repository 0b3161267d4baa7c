//! The Bench in a browser: vectors, what a byte hangs together with, mismatches, and no leaks.

use super::picture;
use poslab_tests::page::{Chromium, Site, Tab, dist};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

fn vectors(name: &str) -> Value {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors/crypto");
    let text = std::fs::read_to_string(folder.join(name)).expect("the vectors are there");
    serde_json::from_str(&text).expect("vectors are JSON")
}

fn open(tab: &mut Tab, site: &Site, id: &str) {
    tab.open(&site.url(&format!("#bench?{id}")));
    tab.until("document.querySelector('.bench .result output')?.textContent");
}

/// Types over a field, as a person would.
fn fill(tab: &mut Tab, selector: &str, text: &str) {
    tab.eval(&format!(
        "(() => {{ const e = document.querySelector({selector:?}); e.focus(); e.select(); }})()"
    ));
    tab.insert(text);
}

#[test]
fn every_algorithm_opens_with_its_vector_and_matches() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = browser.tab(1440, 900);
    open(&mut tab, &site, "unionpay");
    let ids = tab.eval("[...document.querySelectorAll('.benches option')].map(o => o.value)");
    let ids: Vec<String> = serde_json::from_value(ids).expect("a list of names");
    let mut matched = 0;
    for id in ids.iter().filter(|id| *id != "differ") {
        tab.eval(&format!("location.hash = 'bench?{id}'"));
        tab.until(&format!(
            "document.querySelector('.benches a[aria-current]').hash === '#bench?{id}'"
        ));
        tab.paint();
        let badge = tab.text("document.querySelector('.bench .head .chip').className");
        assert_eq!(badge, "chip ok", "{id}");
        let kind = tab.text("document.querySelectorAll('.bench .head .chip')[1].textContent");
        assert!(!kind.is_empty(), "{id} says how well it is attested");
        matched += 1;
    }
    println!("{matched} algorithms open with their vector and match it");
    assert!(matched >= 45);
    assert_eq!(tab.complaints(), Vec::<String>::new());
}

#[test]
fn every_crypto_vector_passes_in_the_built_module() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = browser.tab(1440, 900);
    open(&mut tab, &site, "unionpay");
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors/crypto");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the vectors are there")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| Path::new(name).extension().is_some_and(|end| end == "json"))
        .filter(|name| !["index.json", "mismatch.json", "known_wrong.json"].contains(&&**name))
        .collect();
    names.sort();
    let (mut total, mut wrong) = (0, Vec::new());
    for name in names {
        let list = vectors(&name);
        let list = list.as_array().expect("a list of vectors");
        let questions: Vec<String> = list
            .iter()
            .map(|vector| json!({"op": vector["op"], "inputs": vector["inputs"]}).to_string())
            .collect();
        let questions = json!(questions).to_string();
        let answers = tab.eval(&format!("{questions}.map((q) => poslab_crypto.calc(q))"));
        let answers = answers.as_array().expect("a list of answers");
        let answered = list.iter().zip(answers);
        let bad = answered.filter(|(vector, answer)| !right(vector, answer));
        wrong.extend(bad.map(|(vector, answer)| format!("{}: {answer}", vector["id"])));
        println!("{name:<24} {:>5} in the browser", list.len());
        total += list.len();
    }
    println!("{:<24} {total:>5} vectors in the wasm build", "all");
    assert!(
        wrong.is_empty(),
        "{} wrong: {}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(total >= 4_000, "the vectors were not read");
}

/// Whether an answer holds everything a vector lists, or its error.
fn right(vector: &Value, answer: &Value) -> bool {
    let answer: Value = answer
        .as_str()
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let empty = Map::new();
    let expected = vector["expected"].as_object().unwrap_or(&empty);
    let same = |(name, value): (&String, &Value)| match (name.as_str(), value) {
        ("error", code) => answer["error"]["code"] == *code,
        (name, Value::String(text)) => answer["outputs"][name]
            .as_str()
            .is_some_and(|made| made.eq_ignore_ascii_case(text)),
        (name, value) => answer["outputs"][name] == *value,
    };
    expected.iter().all(same)
}

#[test]
fn a_byte_marks_what_it_comes_from_and_what_comes_from_it() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = browser.tab(1440, 900);
    open(&mut tab, &site, "unionpay");
    let count = |tab: &mut Tab, value: &str, class: &str| {
        tab.eval(&format!(
            "document.querySelectorAll('[data-value={value}] i.{class}').length"
        ))
    };
    tab.click("[data-value=xor] i:nth-child(3)");
    tab.until("document.querySelector('[data-value=xor] i.picked')");
    assert_eq!(
        count(&mut tab, "padded_mab", "source"),
        12,
        "one byte of each block"
    );
    assert_eq!(count(&mut tab, "ascii", "result"), 2);
    assert_eq!(count(&mut tab, "mac_text", "result"), 8);
    picture(&mut tab, "bench-chosen");
    tab.press("ArrowRight", 0);
    tab.until("document.querySelector('[data-value=xor] i:nth-child(4).picked')");
    let said =
        tab.text("document.querySelector('[data-value=xor]').getAttribute('aria-valuetext')");
    assert!(said.starts_with("4 of 8: "), "{said}");
    tab.press("Escape", 0);
    tab.until("!document.querySelector('.bytes i.picked')");
    assert_eq!(count(&mut tab, "mac_text", "result"), 0);
}

#[test]
fn one_changed_digit_flashes_and_is_counted() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = browser.tab(1440, 900);
    open(&mut tab, &site, "iso0");
    fill(&mut tab, "#in-0-pin", "1235");
    tab.until("document.querySelector('.result output').textContent === '041276CDDEEFF669' || document.querySelectorAll('[data-value=block] u').length > 0");
    let digits = tab.eval("document.querySelectorAll('[data-value=block] u').length");
    assert_eq!(digits, 1, "one digit of the block changed");
    let moved = tab.text("document.querySelector('.result [role=status]').textContent");
    assert_eq!(moved, "1 of 64 bits changed");
    fill(&mut tab, "#in-0-pin", "12");
    tab.until("document.querySelector('.form [role=status]').textContent.includes('PIN_LENGTH')");
    picture(&mut tab, "bench-refused");
}

#[test]
fn a_mismatch_is_named() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = browser.tab(1440, 900);
    open(&mut tab, &site, "differ");
    for (observed, cause) in [("8A9E91B88D839AC5", "RAW_BYTES"), ("0000000011111111", "")] {
        fill(&mut tab, "#observed", observed);
        tab.paint();
        let said = tab.text("document.querySelector('.differ [role=status]').textContent");
        let none = said.contains("No single known mistake");
        assert!(
            if cause.is_empty() {
                none
            } else {
                !said.is_empty()
            },
            "{observed}: {said}"
        );
    }
    tab.eval("(() => { const e = document.querySelector('#which'); e.value = 'cvv'; e.dispatchEvent(new Event('change')); })()");
    tab.until("document.querySelector('#in-0-cvk') && location.hash === '#bench?differ.cvv'");
    let list = vectors("mismatch.json");
    let case = list
        .as_array()
        .into_iter()
        .flatten()
        .find(|case| case["op"] == "mac.unionpay_ecb");
    let case = case.expect("there is a case");
    tab.eval(&format!(
        "poslab.handover = {}; location.hash = 'bench?unionpay-double'",
        json!(case.to_string())
    ));
    tab.until("document.querySelector('.causes code')");
    let named = tab.text("document.querySelector('.causes code').textContent");
    assert_eq!(named, case["cause"].as_str().unwrap_or_default());
    picture(&mut tab, "bench-differ");
    let left = tab.eval(
        "JSON.stringify([poslab.handover ?? null, Object.keys(sessionStorage), location.hash])",
    );
    assert_eq!(left, "[null,[],\"#bench?unionpay\"]");
}

#[test]
fn the_mac_of_a_message_opens_here_with_one_click() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = browser.tab(1440, 900);
    tab.open(&site.url(""));
    let button = "[...document.querySelectorAll('#inspect button')].find(b => b.textContent.includes('on the Bench'))";
    tab.until(&format!("{button} && !{button}.hidden"));
    tab.eval(&format!("{button}.click()"));
    tab.until(
        "document.querySelector('.bench .head .chip')?.textContent.includes('from your message')",
    );
    let mab = tab.text("document.querySelector('#in-0-mab').value");
    assert!(
        mab.starts_with("0200"),
        "the bytes begin with the message type: {mab}"
    );
    let other = tab.text("document.querySelector('#observed').value");
    assert_eq!(
        other.len(),
        8,
        "the MAC that arrived is the other value: {other}"
    );
    assert_eq!(tab.text("location.hash"), "#bench?unionpay");
    assert!(
        !tab.text("location.href").contains(&mab[..8]),
        "nothing of it in the address"
    );
    let said = "document.querySelector('.differ [role=status]').textContent";
    assert!(tab.text(said).contains("put in the key of your terminal"));
    fill(&mut tab, "#in-0-mak", "5BB5C72CD00B7338");
    tab.until(&format!("{said}.includes('The same value')"));
    fill(&mut tab, "#in-0-mak", "5BB5C72CD00B73380123456789ABCDEF");
    tab.until("document.querySelector('.causes code')");
    let cause = tab.text("document.querySelector('.causes code').textContent");
    assert_eq!(cause, "SINGLE_DES", "a wrong MAC names its mistake");
    picture(&mut tab, "bench-handed");
}

#[test]
fn steps_go_forward_and_back() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = browser.tab(1440, 900);
    open(&mut tab, &site, "x919");
    let future = "document.querySelectorAll('.figure.future').length";
    assert_eq!(tab.eval(future), 0);
    tab.click(".stepper button:nth-of-type(1)");
    assert_eq!(tab.eval(future), 1);
    tab.click(".figure:nth-child(2) .number");
    let all = tab.eval("document.querySelectorAll('.figure').length");
    assert_eq!(tab.eval(future).as_i64(), all.as_i64().map(|all| all - 2));
    tab.click(".stepper button:nth-of-type(2)");
    assert_eq!(tab.eval(future).as_i64(), all.as_i64().map(|all| all - 3));
}

#[test]
fn a_run_stops_where_it_is_told() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = browser.tab(1440, 900);
    open(&mut tab, &site, "x919");
    tab.click(".figure:nth-child(2) .stop");
    tab.click(".figure:nth-child(1) .number");
    let future = "document.querySelectorAll('.figure.future').length";
    let all = tab.eval("document.querySelectorAll('.figure').length");
    let all = all.as_i64().expect("a number");
    assert_eq!(tab.eval(future), all - 1);
    tab.click(".figure:nth-child(3) .stop");
    tab.click(".stepper button:nth-of-type(3)");
    assert_eq!(
        tab.eval(future),
        all - 2,
        "it stops in front of the third figure"
    );
    tab.click(".stepper button:nth-of-type(3)");
    assert_eq!(tab.eval(future), 0, "then it runs to the end");
}

#[test]
fn a_step_left_out_changes_what_comes_after() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = browser.tab(1440, 900);
    open(&mut tab, &site, "iso0");
    let before = tab.text("document.querySelector('.bench .result output').textContent");
    let button = "document.querySelector('.vrow:has([data-value=block]) .leave')";
    assert_eq!(tab.eval(&format!("{button}.hidden")), false);
    tab.eval(&format!("{button}.click()"));
    tab.until("document.querySelector('.vrow.off [data-value=block]')");
    let field = tab.text("document.querySelector('[data-value=pin_field]').textContent");
    let after = tab.text("document.querySelector('.bench .result output').textContent");
    assert_eq!(
        after, field,
        "without the card number the block is the PIN field"
    );
    assert_ne!(after, before);
    let delta =
        tab.text("document.querySelector('.vrow:has([data-value=block]) .delta').textContent");
    assert!(delta.contains("15 bits"), "{delta}");
    let chip =
        tab.text("document.querySelector('.bench .head .chip.bad:not([hidden])').textContent");
    assert!(chip.contains("left out: 1"), "{chip}");
    picture(&mut tab, "bench-left-out");
    tab.eval(&format!("{button}.click()"));
    tab.until("!document.querySelector('.vrow.off')");
    let again = tab.text("document.querySelector('.bench .result output').textContent");
    assert_eq!(again, before);
    // What makes text of bytes cannot be left out: the next step has no use for bytes.
    open(&mut tab, &site, "unionpay");
    let text = "document.querySelector('.vrow:has([data-value=ascii]) .leave').hidden";
    assert_eq!(tab.eval(text), true);
}

#[test]
fn the_tree_of_keys_has_a_branch_for_each_bit() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = browser.tab(1440, 900);
    open(&mut tab, &site, "tdes");
    fill(&mut tab, "#in-0-ksn", "FFFF9876543210E0000B");
    tab.until("document.querySelectorAll('.key-tree .taken').length === 3");
    assert_eq!(
        tab.eval("document.querySelectorAll('.key-tree .bit').length"),
        21
    );
    assert_eq!(
        tab.eval("document.querySelectorAll('.key-tree .bit.set').length"),
        3
    );
    // From the initial key to any of 21 bits, from bit 3 to any of three, from bit 1 to one.
    let ghosts = tab.eval("document.querySelectorAll('.key-tree circle.ghost').length");
    assert_eq!(ghosts, 20 + 2);
    tab.eval("document.querySelectorAll('.key-tree .node')[2].dispatchEvent(new MouseEvent('click', { bubbles: true }))");
    tab.until("document.querySelector('[data-value=key_00000A] i.picked')");
    picture(&mut tab, "bench-tree");
    open(&mut tab, &site, "tr31-unwrap");
    let characters = tab.text("document.querySelector('.characters').textContent");
    assert!(characters.starts_with('B'), "{characters}");
    picture(&mut tab, "bench-header");
}

#[test]
fn the_bench_reads_well_in_both_languages_and_themes_and_keeps_nothing() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    for (width, height) in [(1440, 900), (390, 844)] {
        for theme in ["light", "dark"] {
            for lang in ["en", "zh-CN"] {
                let mut tab = browser.tab(width, height);
                tab.media("prefers-color-scheme", theme);
                open(&mut tab, &site, "unionpay");
                tab.until_sealed();
                let before = site.requests().len();
                if tab.text("document.documentElement.lang") != lang {
                    tab.click("header button.quiet");
                }
                assert_eq!(tab.text("document.documentElement.lang"), lang);
                for id in [
                    "unionpay",
                    "x919",
                    "iso4",
                    "tdes",
                    "tr31-unwrap",
                    "arqc",
                    "differ",
                ] {
                    tab.eval(&format!("location.hash = 'bench?{id}'"));
                    tab.until(&format!(
                        "document.querySelector('.benches select').value === '{id}'"
                    ));
                    tab.paint();
                    picture(&mut tab, &format!("bench-{id}-{width}-{theme}-{lang}"));
                    let found = tab.axe().unwrap_or_default();
                    assert_eq!(found, Vec::<String>::new(), "{id} {width} {theme} {lang}");
                    let wide = tab.eval("document.documentElement.scrollWidth > innerWidth");
                    assert_eq!(wide, false, "{id} scrolls sideways at {width}");
                }
                assert_eq!(site.requests().len(), before, "nothing is sent");
                let kept = tab.text("JSON.stringify(Object.keys(localStorage).sort())");
                let known = ["[]", "[\"poslab.lang\"]"];
                assert!(known.contains(&kept.as_str()), "{kept}");
                assert_eq!(tab.complaints(), Vec::<String>::new());
            }
        }
    }
}

#[test]
fn a_key_checks_the_mac_beside_the_other_checks_and_names_the_mistake() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = browser.tab(1440, 900);
    tab.open(&site.url(""));
    tab.until("document.querySelector('#mac-key')?.offsetParent");
    let said = "document.querySelector('#mac-key + [role=status]').textContent";
    fill(&mut tab, "#mac-key", "5BB5C72CD00B7338");
    tab.until(&format!("{said}.includes('this key makes this MAC')"));
    let mac = "[...document.querySelectorAll('.region .chip')].find(c => c.textContent.includes('MAC')).className";
    assert!(tab.text(mac).contains("ok"), "the check is no longer open");
    let head = "[...document.querySelectorAll('.chip')].map(c => c.textContent.trim()).join('|')";
    assert!(tab.text(head).contains("MAC agrees"), "{}", tab.text(head));
    fill(&mut tab, "#mac-key", "5BB5C72CD00B73380123456789ABCDEF");
    tab.until(&format!("{said}.includes('only the left half')"));
    assert!(tab.text(mac).contains("bad"));
    assert!(tab.text(head).contains("MAC differs"), "{}", tab.text(head));
    picture(&mut tab, "inspect-mac-key");
    fill(&mut tab, "#mac-key", "5BB5");
    tab.until(&format!("{said}.includes('not a key for this MAC')"));
    let kept = "JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + location.href";
    assert!(!tab.text(kept).contains("5BB5"), "the key is kept nowhere");
}
