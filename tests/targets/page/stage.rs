//! What stands on the stage and below it: machines, routes, menus, receipts, and the same run on the
//! command line.

use super::*;

/// Opens the menu of faults on a row of the stage, as the right button or a long press does.
fn menu_on(tab: &mut Tab, row: &str) {
    tab.eval(&format!(
        "{row}.dispatchEvent(new MouseEvent('contextmenu', \
         {{ bubbles: true, cancelable: true, clientX: 500, clientY: 300 }}))"
    ));
    tab.until("document.querySelector('#faultmenu[open]')");
}

/// The newest row of the stage with a text.
fn row_with(text: &str) -> String {
    format!(
        "[...document.querySelectorAll('#stage [role=option]')].reverse()\
         .find(e => e.textContent.includes('{text}'))"
    )
}

fn lane(tab: &mut Tab, name: &str) {
    tab.eval(&format!(
        "[...document.querySelectorAll('.lanehead')].find(e => e.title == '{name}').click()"
    ));
    tab.paint();
}

/// The real command line, built if it is not there.
fn poslab(arguments: &[&str]) -> String {
    let target = std::env::current_exe().expect("a test has a path");
    let folder = target.ancestors().nth(2).expect("target/PROFILE/deps");
    let built = std::process::Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "poslab"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .status();
    assert!(built.is_ok_and(|status| status.success()), "poslab builds");
    let run = std::process::Command::new(folder.join("poslab"))
        .args(arguments)
        .output()
        .expect("poslab runs");
    String::from_utf8(run.stdout).expect("poslab writes UTF-8")
}

/// Keeps the next file that the page saves where a test can read it.
fn catch_files(tab: &mut Tab) {
    tab.eval("URL.createObjectURL = blob => { window.caught = blob.text(); return 'data:,' }");
}

#[test]
fn a_live_run_replays_from_its_address_as_the_command_prints_it() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = theatre(&browser, &site, "sale&at=4", 1440, 900);
    tap_keys(&mut tab, "1 7 0 0 enter");
    tab.click("[data-entry='chip']");
    for digit in "246813".chars() {
        tab.click(&format!("[data-pad='{digit}']"));
    }
    tab.click("[data-pad='enter']");
    tab.until("document.querySelector('#slip').textContent.includes('7.00')");
    menu_on(&mut tab, &row_with("0210"));
    tab.click("#faultmenu [data-fault='drop']");
    tab.until("!document.querySelector('#faultmenu')");
    to_the_end(&mut tab);
    tab.until("location.hash.includes('drop')");
    open_leaf(&mut tab, "log");
    let address = tab.text("location.hash");
    let logbook = text(&mut tab, "#log");
    let printed = poslab(&["run", &address, "--lang", "en"]);
    assert_eq!(printed.trim_end(), logbook, "{address}");
    assert!(printed.contains("FAULT drop:0210"), "{printed}");
    assert!(!address.contains("246813"), "a PIN in the address");
    // The footer says the same command, and it is one that a shell takes.
    let footer = text(&mut tab, "footer");
    assert!(
        footer.contains("poslab run 'theatre?sale&play="),
        "{footer}"
    );
    catch_files(&mut tab);
    tab.click("#mermaid");
    let saved = tab.text("window.caught");
    assert_eq!(
        saved,
        poslab(&["run", &address, "--format", "mermaid", "--lang", "en"])
    );
    tab.click("#svg");
    let saved = tab.text("window.caught");
    assert_eq!(
        saved,
        poslab(&["run", &address, "--format", "svg", "--lang", "en"])
    );
    assert_eq!(tab.complaints(), Vec::<String>::new());
}

#[test]
fn a_machine_is_drawn_where_it_stands_with_its_reason() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = theatre(&browser, &site, "lost-response", 1440, 900);
    let row = "[...document.querySelectorAll('#stage [role=option]')].find(e => e.textContent.includes('0400'))";
    for _ in 0..40 {
        if tab.eval(&format!("!!{row}")) == true {
            break;
        }
        tab.click("#step");
    }
    tab.eval(&format!(
        "{row}.dispatchEvent(new MouseEvent('dblclick', {{ bubbles: true }}))"
    ));
    lane(&mut tab, "Terminal");
    let state = text(&mut tab, "#machine [aria-current]");
    assert!(state.contains("awaiting reversal"), "{state}");
    let why = text(&mut tab, "#why");
    assert!(why.contains("no answer in time"), "{why}");
    assert_eq!(
        tab.eval("document.querySelectorAll('#machine .way.newest').length"),
        1
    );
    picture(&mut tab, "theatre-machine");
    if std::env::var_os("POSLAB_BLESS").is_some() {
        tab.shot(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/theatre.png"));
    }
    for name in ["PIN pad", "NAC", "Front end", "Switch", "Issuer"] {
        lane(&mut tab, name);
        let current = tab.eval("document.querySelectorAll('#machine [aria-current]').length");
        assert_eq!(current, 1, "{name}");
    }
}

#[test]
fn a_fault_is_set_by_keys_and_beforehand() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = theatre(&browser, &site, "sale", 1440, 900);
    to_the_end(&mut tab);
    tab.eval("document.querySelector('#stage').focus()");
    tab.press("ArrowDown", 0);
    tab.press("F10", 8);
    tab.until("document.querySelector('#faultmenu[open]')");
    picture(&mut tab, "theatre-menu");
    // The menu has the focus; Tab and Enter work it, Escape leaves it.
    assert_eq!(
        tab.text("document.activeElement.dataset.fault"),
        "power-cut"
    );
    tab.press("Escape", 0);
    tab.until("!document.querySelector('#faultmenu')");
    // A lane has the same menu.
    tab.eval(
        "document.querySelector('.lanehead:nth-child(5)').dispatchEvent(\
         new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: 700, clientY: 200 }))",
    );
    tab.until("document.querySelector('#faultmenu [data-fault=database-restore]')");
    tab.press("Escape", 0);
    // A fault for a message that no run has shown.
    open_leaf(&mut tab, "script");
    tab.click("#add-fault");
    tab.until("document.querySelector('.script').textContent.includes('drop:0210@nac-terminal')");
    to_the_end(&mut tab);
    tab.until("document.querySelector('#told').textContent.length > 0");
    open_leaf(&mut tab, "books");
    assert!(text(&mut tab, ".journals tbody").contains("reversed"));
    // Put aside it is not played, and comes back.
    open_leaf(&mut tab, "script");
    tab.click(".script input[type=checkbox]");
    tab.until("document.querySelector('.script s')");
    open_leaf(&mut tab, "books");
    to_the_end(&mut tab);
    assert!(!text(&mut tab, ".journals tbody").contains("reversed"));
}

#[test]
fn a_bit_that_is_chosen_is_the_bit_that_flips() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = theatre(&browser, &site, "sale", 1440, 900);
    to_the_end(&mut tab);
    let row = row_with("0210");
    tab.eval(&format!(
        "{row}.dispatchEvent(new MouseEvent('click', {{ bubbles: true }}))"
    ));
    tab.until("document.querySelector('#side #bit')");
    tab.eval(
        "(() => { const b = document.querySelector('#side #bit'); b.value = 300; \
         b.dispatchEvent(new Event('change', { bubbles: true })) })()",
    );
    tab.click("#side [data-fault='corrupt']");
    tab.until("location.hash.includes('corrupt%3Abit%3D300')");
    let changed = "document.querySelectorAll('#side .changes tr').length";
    tab.until(&format!("{changed} >= 1"));
    to_the_end(&mut tab);
    open_leaf(&mut tab, "log");
    let logbook = text(&mut tab, "#log");
    assert!(logbook.contains("the MAC is wrong"), "{logbook}");
}

#[test]
fn a_route_that_is_struck_out_makes_dead_letters() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = theatre(&browser, &site, "sale", 1440, 900);
    to_the_end(&mut tab);
    lane(&mut tab, "NAC");
    assert!(text(&mut tab, "#letters").contains("1001"));
    picture(&mut tab, "theatre-nac");
    tab.click("#routes [data-route='0003']");
    tab.until("location.hash.includes('nac_routes')");
    to_the_end(&mut tab);
    lane(&mut tab, "NAC");
    tab.until("document.querySelector('#letters').textContent.includes('dead letter')");
    picture(&mut tab, "theatre-dead-letter");
    tab.eval(
        "(() => { const r = document.querySelector('#new-route'); r.value = '0003'; \
         r.dispatchEvent(new Event('input', { bubbles: true })) })()",
    );
    tab.paint();
    tab.click("#add-route");
    tab.until("!location.hash.includes('nac_routes')");
    tab.open(&site.url("#theatre?crossed-replies"));
    tab.until("document.querySelector('#theatre #time')?.max > 0");
    to_the_end(&mut tab);
    lane(&mut tab, "NAC");
    for _ in 0..30 {
        if text(&mut tab, "#letters").contains("not whose answer") {
            break;
        }
        tab.click("[aria-label='Step back']");
    }
    assert!(text(&mut tab, "#letters").contains("not whose answer"));
}

#[test]
fn a_lane_that_is_hidden_leaves_dashes_and_comes_back() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = theatre(&browser, &site, "sale", 1440, 900);
    to_the_end(&mut tab);
    lane(&mut tab, "NAC");
    assert_eq!(
        tab.eval("document.querySelectorAll('.msg.through').length"),
        0
    );
    tab.click("#hide-lane");
    tab.until("document.querySelectorAll('.msg.through').length >= 2");
    tab.until("document.querySelectorAll('.mark.folded').length > 0");
    picture(&mut tab, "theatre-hidden-lane");
    tab.click("[data-hidden='nac']");
    tab.until("document.querySelectorAll('.msg.through').length == 0");
}

#[test]
fn three_stages_to_start_from() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = theatre(&browser, &site, "sale", 1440, 900);
    for (stage, faults) in [("calm", 0), ("bad-line", 4), ("everything-breaks", 8)] {
        tab.click(&format!("[data-stage='{stage}']"));
        tab.until(&format!("location.hash.includes('{stage}')"));
        to_the_end(&mut tab);
        picture(&mut tab, &format!("theatre-{stage}"));
        let crosses = tab.eval("document.querySelectorAll('.transport .ticks i').length");
        assert!(crosses.as_u64() >= Some(faults), "{stage}: {crosses} ticks");
        let rules = tab.text(
            "[...document.querySelectorAll('.properties ul:not(.goals)')].map(e => e.textContent).join()",
        );
        assert_eq!(rules.matches('✓').count(), 7, "{stage}: {rules}");
    }
}

#[test]
fn what_is_left_open_is_held_against_the_receipts() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = theatre(&browser, &site, "host-only", 1440, 900);
    // Without the resolution of the script a person has to find it.
    open_leaf(&mut tab, "script");
    tab.click(".script li:last-child button");
    to_the_end(&mut tab);
    tab.click("#tear");
    open_leaf(&mut tab, "settlement");
    tab.until("document.querySelector('#discrepancies [data-receipt]')");
    assert!(text(&mut tab, "#discrepancies").contains("only the host has it"));
    let papers = tab.eval("document.querySelectorAll('[data-receipt] option').length");
    assert_eq!(papers, 2, "one receipt, and none");
    tab.eval(
        "(() => { const s = document.querySelector('[data-receipt]'); s.selectedIndex = 1; \
         s.dispatchEvent(new Event('change', { bubbles: true })) })()",
    );
    tab.until("document.querySelector('[data-proof]').textContent.includes('another trade')");
    picture(&mut tab, "theatre-discrepancy");
    tab.click("[data-resolve='refunded']");
    tab.until("document.querySelector('#discrepancies .ok')");
    assert!(
        !tab.text("document.querySelector('#discrepancies').textContent")
            .contains("post it")
    );
    open_leaf(&mut tab, "log");
    let logbook = text(&mut tab, "#log");
    assert!(logbook.contains("a discrepancy is resolved"), "{logbook}");
}

#[test]
fn a_day_is_cut_off_cleared_and_reconciled() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = theatre(&browser, &site, "reconciliation", 1440, 900);
    to_the_end(&mut tab);
    open_leaf(&mut tab, "clearing");
    tab.until("document.querySelector('.statement')");
    let statement = text(&mut tab, ".statement");
    assert!(statement.contains("The balances agree"), "{statement}");
    let sum = text(&mut tab, ".clearing tfoot");
    assert!(sum.contains("✓ 0.00"), "{sum}");
    picture(&mut tab, "theatre-clearing");
    // Any day can be cut off by hand.
    tab.open(&site.url("#theatre?settlement"));
    tab.until("document.querySelector('#theatre #time')?.max > 0");
    open_leaf(&mut tab, "clearing");
    tab.click("#cut-off");
    tab.until("document.querySelector('.clearing [data-day]')");
}
