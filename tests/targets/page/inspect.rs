//! Inspect and Compare beyond reading: findings that repair, leftovers, going to a place, writing
//! nibbles, the three regions, two readings of one message.

use super::{paste, picture};
use poslab_tests::page::{Chromium, Site, Tab, dist};

/// A track of 37 digits of which eleven bytes are there.
const BROKEN: &str = "0200 7020000020000000 19 62 16 26 10 00 00 00 00 01 80 000000 000000012345 000004 37 62162610000000000018D2";

/// A whole message, and behind it ten bytes that its length header does not count.
const LEFTOVER: &str =
    "001A30383030303032303030303030303030303030303030303030303031 3132333435363738";

fn start(browser: &Chromium, site: &Site) -> Tab {
    let mut tab = browser.tab(1440, 900);
    tab.open(&site.url(""));
    tab.until("document.querySelectorAll('#fields [role=treeitem]').length > 10");
    tab
}

fn button(tab: &mut Tab, within: &str, words: &str) {
    tab.eval(&format!(
        "[...document.querySelectorAll({within:?} + ' button')].find(e => e.textContent.includes({words:?})).click()"
    ));
    tab.paint();
}

#[test]
fn a_finding_is_marked_in_the_text_and_leads_to_its_page() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = start(&browser, &site);
    paste(&mut tab, BROKEN);
    tab.until("document.querySelector('.squiggles mark.bad')");
    let marked = tab.text("document.querySelector('.squiggles mark.bad').textContent");
    assert!(
        marked.starts_with("37"),
        "the length is what is wrong: {marked}"
    );
    assert_eq!(
        tab.text("document.querySelector('.squiggles').textContent.trim()"),
        BROKEN,
        "the text behind is the text in front"
    );
    let said = tab.text("document.querySelector('.told').textContent");
    assert!(
        said.contains("DE35 length says 37 digits (19 bytes); only"),
        "{said}"
    );
    assert_eq!(
        tab.text("document.querySelector('.told a').getAttribute('href')"),
        "#learn?length-beyond-data"
    );
    assert_eq!(tab.axe().unwrap_or_default(), Vec::<String>::new());
    picture(&mut tab, "finding");
    tab.click(".told a");
    tab.until("document.querySelector('#learn .answer')");
    let page = tab.text("document.querySelector('#learn .answer').textContent");
    assert!(page.contains("A length goes beyond the data"), "{page}");
}

#[test]
fn what_is_left_over_goes_where_somebody_puts_it() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = start(&browser, &site);
    paste(&mut tab, LEFTOVER);
    tab.until("document.querySelector('.rest')");
    assert_eq!(tab.axe().unwrap_or_default(), Vec::<String>::new());
    picture(&mut tab, "leftover");
    let bytes = "document.querySelector('.pane.bytes h2').textContent";
    button(&mut tab, ".rest", "ignore");
    tab.until(&format!("{bytes}.includes('28')"));
    assert_eq!(tab.eval("document.querySelectorAll('.told').length"), 0);
    button(&mut tab, ".regions", "undo");
    tab.until("document.querySelector('.rest')");
    // The repair does the same, with one click.
    button(&mut tab, ".told", "drop the last 10 bytes");
    tab.until("!document.querySelector('.told')");
}

#[test]
fn ctrl_g_goes_to_an_offset_or_a_field() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = start(&browser, &site);
    tab.eval("document.getElementById('bytes').focus()");
    for (typed, found) in [("DE4", "DE4"), ("mti", "MTI"), ("0x0D", "MTI")] {
        tab.press("g", 2);
        tab.until("document.querySelector('.goto').open");
        tab.eval("document.getElementById('goto-place').value = ''");
        tab.insert("DE999");
        tab.press("Enter", 0);
        tab.until("document.querySelector('#goto-note').className === 'bad'");
        tab.eval("document.getElementById('goto-place').value = ''");
        tab.insert(typed);
        assert_eq!(tab.axe().unwrap_or_default(), Vec::<String>::new());
        tab.press("Enter", 0);
        tab.until(&format!(
            "document.querySelector('.card h2')?.textContent === {found:?}"
        ));
        assert_eq!(tab.text("document.activeElement.id"), "bytes");
    }
}

#[test]
fn a_nibble_is_written_over_and_taken_back() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = start(&browser, &site);
    tab.eval("[...document.querySelectorAll('#fields [role=treeitem]')].find(e => e.querySelector('.number').textContent === '11').click()");
    tab.until("document.querySelector('.card h2')?.textContent === 'DE11'");
    let value = "document.querySelector('.card p.value').textContent";
    let before = tab.text(value);
    tab.eval("document.getElementById('bytes').focus()");
    tab.press("9", 0);
    tab.press("8", 0);
    tab.until("document.querySelectorAll('.cells .mark.changed').length === 1");
    let verdict = tab.text("document.querySelector('.chips').textContent");
    assert!(verdict.contains("MAC stale"), "{verdict}");
    let region = tab.text("document.querySelector('.regions').textContent");
    assert!(region.contains("changed bytes: 1"), "{region}");
    picture(&mut tab, "nibbles");
    // Enough steps to show that nothing is forgotten.
    for _ in 0..20 {
        tab.press("7", 0);
    }
    for _ in 0..22 {
        tab.press("z", 2);
    }
    tab.until("!document.querySelector('.cells .mark.changed')");
    tab.eval("[...document.querySelectorAll('#fields [role=treeitem]')].find(e => e.querySelector('.number').textContent === '11').click()");
    tab.until("document.querySelector('.card h2')?.textContent === 'DE11'");
    assert_eq!(tab.text(value), before);
}

#[test]
fn decode_verify_and_build_are_seen_together() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = start(&browser, &site);
    let seen = |tab: &mut Tab, selector: &str| {
        tab.eval(&format!(
            "(() => {{ const b = document.querySelector({selector:?}).getBoundingClientRect(); \
             return b.height > 10 && b.bottom <= innerHeight && b.top >= 0 }})()"
        ))
    };
    for region in [".panes", "#verify-title", "#build-title"] {
        assert_eq!(seen(&mut tab, region), true, "{region}");
    }
    let said = tab.text("document.querySelector('.regions').textContent");
    for check in ["length", "check digit DE2", "TLV DE55", "MAC"] {
        assert!(said.contains(check), "{check}: {said}");
    }
    // A check that fails hides nothing.
    tab.eval("[...document.querySelectorAll('#fields [role=treeitem]')].find(e => e.querySelector('.number').textContent === '2').click()");
    let rows = tab.eval("document.querySelectorAll('#fields [role=treeitem]').length");
    button(&mut tab, ".actions", "reveal");
    tab.eval("document.getElementById('bytes').focus()");
    tab.press("ArrowRight", 0);
    tab.press("ArrowRight", 0);
    tab.press("7", 0);
    tab.until("document.querySelector('.regions .chip.bad')");
    assert_eq!(
        tab.eval("document.querySelectorAll('#fields [role=treeitem]').length"),
        rows
    );
    assert_eq!(tab.axe().unwrap_or_default(), Vec::<String>::new());
    picture(&mut tab, "verify");
}

#[test]
fn two_dialects_stand_side_by_side() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    for width in [1440, 390] {
        let mut tab = browser.tab(width, 900);
        tab.open(&site.url("#compare"));
        tab.until("document.querySelector('#compare table')");
        tab.eval("document.querySelectorAll('[name=compare-kind]')[2].click()");
        tab.until("document.querySelectorAll('#compare .cells').length === 2");
        let said = tab.text("document.querySelector('#parting').textContent");
        assert!(said.contains("The readings part at bit"), "{said}");
        let marks = "document.querySelectorAll('#compare .cells .mark.wrong').length";
        assert!(tab.eval(marks).as_u64() >= Some(2), "one on each side");
        assert_eq!(tab.axe().unwrap_or_default(), Vec::<String>::new());
        assert_eq!(
            tab.eval("document.documentElement.scrollWidth > innerWidth"),
            false
        );
        picture(&mut tab, &format!("dialects-compared-{width}"));
    }
}

#[test]
fn a_field_that_was_chosen_leads_to_what_explains_it() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = start(&browser, &site);
    for (field, words) in [
        ("MTI", "message type identifier"),
        ("DE35", "main track of the stripe"),
        ("DE55", "chip"),
    ] {
        tab.eval("document.getElementById('bytes').focus()");
        tab.press("g", 2);
        tab.until("document.querySelector('.goto').open");
        tab.eval("document.getElementById('goto-place').value = ''");
        tab.insert(field);
        tab.press("Enter", 0);
        let link = "document.querySelector('#card .explained')";
        tab.until(&format!("{link}?.textContent === 'What is {field}?'"));
        tab.click("#card .explained");
        tab.until(&format!(
            "document.querySelector('#learn .answer')?.textContent.includes({words:?})"
        ));
        tab.eval("history.back()");
        tab.until(&format!("{link}?.offsetParent"));
    }
}

/// Forms that the first module has no reader for: another one reads them, and undo knows them too.
#[test]
fn a_paste_in_json_or_xml_is_read_all_the_same() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = start(&browser, &site);
    paste(
        &mut tab,
        &format!("[{{\"hex\": {LEFTOVER:?}}}, {{\"hex\": \"0800\"}}]").replace(' ', ""),
    );
    tab.until("document.querySelector('.head .dim').textContent.startsWith('JSON')");
    tab.until("document.querySelector('.rest')");
    assert!(
        tab.text("document.querySelector('.head').innerText")
            .contains("message 1 of 2")
    );
    button(&mut tab, ".rest", "ignore");
    tab.until("!document.querySelector('.rest')");
    button(&mut tab, ".actions", "undo");
    tab.until("document.querySelector('.rest')");
    // A list in the source of a program begins like JSON and is none.
    paste(&mut tab, "{ 0x08, 0x00, 0x82, 0x20, 0, 0, 0, 0, 0, 0 }");
    tab.until("document.querySelector('.head .dim').textContent.includes('10 bytes')");
    paste(
        &mut tab,
        "<isomsg><field id='0' value='0800'/><field id='11' value='000007'/></isomsg>",
    );
    tab.until("document.querySelector('.head .dim').textContent.includes('isomsg')");
}

#[test]
fn the_focus_stays_on_a_chip_that_was_pressed() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = start(&browser, &site);
    tab.eval("document.querySelectorAll('.head .chips button')[1].focus()");
    let focus = "document.activeElement.textContent";
    assert!(tab.text(focus).starts_with("iso8583-1987-bcd"));
    tab.press("Enter", 0);
    tab.until(
        "document.querySelector('.head .chips .now').textContent.startsWith('iso8583-1987-bcd')",
    );
    assert!(tab.text(focus).starts_with("iso8583-1987-bcd"));
}
