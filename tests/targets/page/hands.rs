//! Fingers on the theatre, and what its panels say about a step: variables, rules, runs side by side,
//! the line.

use super::*;
use serde_json::json;

/// A tab of the size of a telephone, with a finger.
fn telephone(browser: &Chromium, site: &Site, rest: &str) -> Tab {
    let mut tab = browser.tab(390, 844);
    tab.media("prefers-reduced-motion", "reduce");
    tab.call(
        "Emulation.setTouchEmulationEnabled",
        json!({ "enabled": true, "maxTouchPoints": 1 }),
    );
    tab.open(&site.url(&format!("#theatre?{rest}")));
    tab.until("document.querySelector('#theatre #time').max > 0");
    tab
}

/// Puts a finger on an element for so long.
fn touch(tab: &mut Tab, element: &str, ms: u64) {
    let place = tab.eval(&format!(
        "(() => {{ const e = {element}; e.scrollIntoView({{ block: 'center' }}); \
         const b = e.getBoundingClientRect(); \
         return {{ x: Math.min(b.x + b.width / 2, innerWidth - 4), y: b.y + b.height / 2 }} }})()"
    ));
    tab.call(
        "Input.dispatchTouchEvent",
        json!({ "type": "touchStart", "touchPoints": [place] }),
    );
    std::thread::sleep(std::time::Duration::from_millis(ms));
    tab.call(
        "Input.dispatchTouchEvent",
        json!({ "type": "touchEnd", "touchPoints": [] }),
    );
    tab.paint();
}

fn tap(tab: &mut Tab, selector: &str) {
    touch(tab, &format!("document.querySelector({selector:?})"), 20);
}

#[test]
fn a_newcomer_sells_by_touch() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = telephone(&browser, &site, "sale");
    tap(&mut tab, "#to-till");
    let seen = "(() => { const b = document.querySelector('#till').getBoundingClientRect(); \
        return b.top >= 0 && b.top < innerHeight / 2 })()";
    tab.until(seen);
    picture(&mut tab, "touch-till");
    // The line on the screen can be touched as well as the key.
    tap(&mut tab, "[data-offer='1']");
    for key in ["4", "2", "0", "0", "enter"] {
        tap(&mut tab, &format!("#till [data-key='{key}']"));
    }
    let screen = text(&mut tab, "#screen");
    assert!(screen.contains("42.00"), "{screen}");
    tap(&mut tab, "[data-entry='chip']");
    picture(&mut tab, "touch-pin");
    for key in ["2", "4", "6", "8", "1", "3", "enter"] {
        tap(&mut tab, &format!("[data-pad='{key}']"));
    }
    tab.until("document.querySelector('#slip').textContent.includes('42.00')");
    picture(&mut tab, "touch-slip");
    tap(&mut tab, "#tear");
    tab.until("document.querySelector('.torn summary').textContent.includes('1')");
    assert_eq!(tab.complaints(), Vec::<String>::new());
}

#[test]
fn a_finger_that_rests_opens_the_menu_of_faults() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = telephone(&browser, &site, "sale");
    to_the_end(&mut tab);
    let answer = "[...document.querySelectorAll('#stage [role=option]')].reverse()\
        .find(e => e.textContent.includes('0210'))";
    // A short touch chooses, and opens nothing.
    touch(&mut tab, &format!("{answer}.querySelector('.ground')"), 30);
    assert_eq!(tab.eval("!!document.querySelector('#faultmenu')"), false);
    touch(&mut tab, &format!("{answer}.querySelector('.ground')"), 900);
    tab.until("document.querySelector('#faultmenu[open] [data-fault=drop]')");
    picture(&mut tab, "touch-menu");
    let inside = "(() => { const b = document.querySelector('#faultmenu').getBoundingClientRect(); \
        return b.left >= 0 && b.right <= innerWidth && b.bottom <= innerHeight })()";
    assert_eq!(tab.eval(inside), true, "the menu is on the screen");
    tap(&mut tab, "#faultmenu [data-fault='drop']");
    tab.until("location.hash.includes('drop')");
    // A lane has the same menu, with the failing database.
    for (lane, fault) in [("Switch", "database-error"), ("Issuer", "database-error")] {
        let head =
            format!("[...document.querySelectorAll('.lanehead')].find(e => e.title == '{lane}')");
        touch(&mut tab, &head, 900);
        tab.until(&format!(
            "document.querySelector('#faultmenu[open] [data-fault={fault}]')"
        ));
        tab.press("Escape", 0);
        tab.until("!document.querySelector('#faultmenu')");
    }
    assert_eq!(tab.complaints(), Vec::<String>::new());
}

#[test]
fn a_failing_database_is_a_line_of_the_script_and_the_books_agree() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    for (lane, place) in [("Switch", "switch"), ("Issuer", "issuer")] {
        let mut tab = theatre(&browser, &site, "sale&at=14", 1440, 900);
        tab.eval(&format!(
            "[...document.querySelectorAll('.lanehead')].find(e => e.title == '{lane}').click()"
        ));
        tab.paint();
        tab.click("#side [data-fault='database-error']");
        tab.until(&format!(
            "location.hash.includes('database-error%40{place}')"
        ));
        to_the_end(&mut tab);
        open_leaf(&mut tab, "log");
        let logbook = text(&mut tab, "#log");
        assert!(
            logbook.contains("the database refused the record"),
            "{lane}: {logbook}"
        );
        open_leaf(&mut tab, "books");
        let rules = text(&mut tab, ".properties");
        assert!(!rules.contains('✕'), "{lane}: {rules}");
    }
}

#[test]
fn what_a_step_changed_is_said_with_sign_and_word() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = theatre(&browser, &site, "sale", 1440, 900);
    to_the_end(&mut tab);
    let answer = "[...document.querySelectorAll('#stage [role=option]')].reverse()\
        .find(e => e.textContent.includes('0210') && e.getAttribute('aria-label').includes('Terminal'))";
    tab.eval(&format!(
        "{answer}.dispatchEvent(new MouseEvent('dblclick', {{ bubbles: true }}))"
    ));
    tab.eval(
        "[...document.querySelectorAll('.lanehead')].find(e => e.title == 'Terminal').click()",
    );
    tab.until("document.querySelectorAll('#memory .changes tr').length > 3");
    let changed = text(&mut tab, "#memory table:not(.variables table)");
    for words in [
        "+ newjournal 000002 · amount123.45",
        "− gonereversal record · amount123.45",
    ] {
        assert!(changed.contains(words), "{words}: {changed}");
    }
    tab.click("#memory summary");
    let signed = tab.eval("document.querySelectorAll('#memory .variables .touched').length");
    assert!(signed.as_u64() > Some(2), "{signed}");
    picture(&mut tab, "theatre-memory");
    // Before anything has happened nothing has changed.
    tab.click("[aria-label='Back to the start']");
    tab.until("document.querySelector('#memory p:not([hidden])').textContent == 'Nothing.'");
}

#[test]
fn rules_stand_in_three_kinds_and_lead_to_their_steps() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = theatre(&browser, &site, "lost-response", 1440, 900);
    let titles = text(&mut tab, ".properties");
    for kind in ["Always", "In the end", "Sometimes"] {
        assert!(titles.contains(kind), "{kind}: {titles}");
    }
    assert_eq!(
        tab.eval("document.querySelectorAll('#goals .goal:not(.later)').length"),
        0,
        "nothing is reached before the beginning"
    );
    let reason = "[...document.querySelectorAll('#goals .goal')].find(e => e.textContent.includes('reversal reason 98'))";
    tab.until(reason);
    tab.eval(&format!("{reason}.click()"));
    tab.until("document.querySelector('#stage [aria-selected=true]')");
    let row = text(&mut tab, "#stage [aria-selected=true]");
    assert!(row.contains("0400"), "{row}");
    tab.until(&format!("{reason}.textContent.includes('✓')"));
    picture(&mut tab, "theatre-rules");
    // A broken one says what was found in the language of the page.
    tab.open(&site.url("#theatre?host-only"));
    tab.until("document.querySelector('#theatre #time')?.max > 0");
    open_leaf(&mut tab, "script");
    tab.click(".script li:last-child button");
    to_the_end(&mut tab);
    open_leaf(&mut tab, "books");
    if tab.eval("!!document.querySelector('.properties .bad.link:not([hidden])')") == true {
        tab.click("header button.quiet");
        tab.until("document.querySelector('.properties .bad.link:not([hidden])').textContent.includes('持卡人')");
    }
}

#[test]
fn any_two_runs_stand_side_by_side() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = theatre(&browser, &site, "sale", 1440, 900);
    let answer = |mti: &str| {
        format!(
            "[...document.querySelectorAll('#stage [role=option]')]\
             .find(e => e.textContent.includes('{mti}'))"
        )
    };
    // Two branches: the sound run, and one whose request is doubled.
    for fault in ["duplicate", "drop"] {
        to_the_end(&mut tab);
        tab.eval(&format!(
            "{}.dispatchEvent(new MouseEvent('click', {{ bubbles: true }}))",
            answer("0200")
        ));
        tab.until("document.querySelector('#side .strikes')");
        tab.click(&format!("#side [data-fault='{fault}']"));
        tab.until(&format!("location.hash.includes('{fault}')"));
    }
    open_leaf(&mut tab, "branches");
    tab.until("document.querySelectorAll('[data-branch=compare]').length == 2");
    tab.click("[data-branch='compare']");
    tab.until("document.querySelectorAll('.beside pre').length == 2");
    let choose = |tab: &mut Tab, side: u8, value: &str| {
        tab.eval(&format!(
            "(() => {{ const s = document.querySelector('[data-side=\"{side}\"]'); s.value = '{value}'; \
             s.dispatchEvent(new Event('change', {{ bubbles: true }})) }})()"
        ));
        tab.paint();
    };
    choose(&mut tab, 0, "0");
    choose(&mut tab, 1, "1");
    tab.until("document.querySelector('#alike').textContent.includes('part at')");
    let sides = tab.eval("[...document.querySelectorAll('.beside pre')].map(e => e.textContent)");
    assert_ne!(sides[0], sides[1]);
    let lanes = text(&mut tab, "#lanesigns");
    assert!(lanes.contains('='), "{lanes}");
    assert!(lanes.contains('≠'), "{lanes}");
    picture(&mut tab, "theatre-compare");
    choose(&mut tab, 1, "0");
    tab.until("document.querySelector('#alike').textContent.includes('one and the same')");
    // With the run on the stage, the place is shown there.
    choose(&mut tab, 0, "");
    tab.click("#to-parting");
    tab.until("document.querySelector('#stage [aria-selected=true]')");
}

#[test]
fn the_line_shows_its_handshake_and_what_its_checks_miss() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = theatre(&browser, &site, "sale", 1440, 900);
    to_the_end(&mut tab);
    // The answer on the dial line between NAC and terminal.
    tab.eval(
        "[...document.querySelectorAll('#stage [role=option]')].reverse()\
         .find(e => e.textContent.includes('0210') && e.getAttribute('aria-label').includes('Terminal'))\
         .dispatchEvent(new MouseEvent('click', { bubbles: true }))",
    );
    open_leaf(&mut tab, "wire");
    tab.click("#taller");
    tab.until("document.querySelectorAll('.bit').length > 100");
    let said = |tab: &mut Tab| text(tab, "#handshake .visually-hidden");
    let heard = said(&mut tab);
    let order: Vec<usize> = ["ENQ", "ACK", "block", "EOT"]
        .iter()
        .filter_map(|word| heard.find(word))
        .collect();
    assert!(order.len() == 4 && order.is_sorted(), "{heard}");
    tab.click(".character:nth-child(2) .bit:nth-child(4)");
    tab.until("document.querySelector('#handshake .visually-hidden').textContent.includes('NAK')");
    picture(&mut tab, "theatre-handshake");
    tab.eval(
        "(() => { const s = document.querySelector('#line-kind'); s.value = '8n1'; \
         s.dispatchEvent(new Event('change', { bubbles: true })) })()",
    );
    tab.until("document.querySelector('#handshake').textContent.includes('8 of 10 bits')");
    tab.click("#try-pairs");
    tab.until("document.querySelector('[data-pair]')");
    let missed = text(&mut tab, "#missed table");
    assert!(missed.contains("MAC"), "{missed}");
    tab.click("[data-pair]");
    tab.until("document.querySelector('#caught').className == 'bad'");
    picture(&mut tab, "theatre-missed");
    let found = tab.axe().unwrap_or_default();
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(tab.complaints(), Vec::<String>::new());
}
