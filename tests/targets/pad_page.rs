//! Does the PIN pad panel talk to real serial ports through the browser's own Web Serial?
//!
//! Nothing of `navigator.serial` is replaced. The browser is the installed Chromium; a stand-in
//! for libudev (`tests/fake-udev`) makes it list a pseudo-terminal, and the simulated pad of core
//! sits on the other end. The grant stands in the profile, so that no dialog is needed.
#![cfg(target_os = "linux")]

#[path = "pad_page/bench.rs"]
mod bench;
#[path = "pad_page/firefox.rs"]
mod firefox;

use bench::{Bench, PIN_BLOCK, Peer, choose, click, open_panel, picture};
use poslab_core::crypto::cipher::Cipher64;
use poslab_core::pad::Protocol;
use poslab_tests::page::{Chromium, Launch, Site, Tab, dist, superuser};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::atomic::Ordering;

#[test]
fn the_simulated_pad_needs_no_hardware() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = open_panel(&browser, &site);
    for protocol in ["abecs", "visa", "epp"] {
        choose(&mut tab, "#family", protocol);
        click(&mut tab, "#pin");
        tab.until("document.querySelector('#pin-pad #answer .sentence')");
        for key in ["1", "2", "3"] {
            click(&mut tab, &format!("[data-key=\"{key}\"]"));
        }
        tab.until("document.querySelector('#screen').textContent.includes('***')");
        click(&mut tab, "[data-key=\"4\"]");
        click(&mut tab, "[data-key=\"enter\"]");
        tab.until("document.querySelector('#pin-block')");
        let block = tab.text("document.querySelector('#pin-block').textContent");
        assert_eq!(block, PIN_BLOCK, "{protocol}");
        let shown = tab.text("document.querySelector('#traffic').textContent");
        assert!(
            !shown.contains("4012345678909"),
            "the account is masked: {shown}"
        );
        picture(&mut tab, &format!("pin-pad-{protocol}"));
    }
    click(&mut tab, "#identify");
    tab.until("document.querySelector('#pin-pad #answer .ok')");
    let said = tab.text("document.querySelector('#pin-pad #answer').textContent");
    assert!(said.contains("POSLAB EPP"), "{said}");
    click(&mut tab, "#traffic button");
    tab.until("document.querySelector('#pin-pad #frame .cell')");
    let load = "document.querySelector('#pin-pad #load').disabled";
    assert_eq!(
        tab.eval(load),
        true,
        "keys are locked until the words are typed"
    );
}

#[test]
fn a_real_port_gives_the_published_pin_block() {
    for (name, protocol) in [
        ("abecs", Protocol::Abecs),
        ("visa", Protocol::Visa),
        ("epp", Protocol::Epp),
    ] {
        let peer = Peer::start(protocol);
        let mut bench = Bench::start(name, &peer);
        bench.open();
        assert_eq!(bench.pin_block(), PIN_BLOCK, "{name}");
        click(&mut bench.tab, "#close-port");
        bench
            .tab
            .until("!document.querySelector('#pin-pad #link.ok')");
        picture(&mut bench.tab, &format!("pin-pad-real-{name}"));
    }
}

#[test]
fn identify_finds_the_pad_on_a_real_port() {
    let peer = Peer::start(Protocol::Epp);
    let mut bench = Bench::start("abecs", &peer);
    bench.open();
    click(&mut bench.tab, "#identify");
    bench
        .tab
        .until("document.querySelector('#pin-pad #answer .ok')");
    let said = bench
        .tab
        .text("document.querySelector('#pin-pad #answer').textContent");
    assert!(
        said.contains("POSLAB EPP") && said.contains("9600-8N1"),
        "{said}"
    );
    assert_eq!(
        bench.pin_block(),
        PIN_BLOCK,
        "it speaks as the pad that was found does"
    );
}

#[test]
fn a_plug_pulled_during_a_pin_says_so_and_comes_back_by_itself() {
    let peer = Peer::start(Protocol::Abecs);
    peer.hands.types.store(false, Ordering::Relaxed);
    let mut bench = Bench::start("abecs", &peer);
    bench.open();
    click(&mut bench.tab, "#pin");
    bench
        .tab
        .until("document.querySelector('#pin-pad #answer .sentence')");
    bench.devices.pull();
    bench
        .tab
        .until("document.querySelector('#pin-pad #trouble .bad')");
    bench
        .tab
        .until("document.querySelector('#pin-pad #link.bad')");
    let again = Peer::start(Protocol::Abecs);
    bench.devices.plug(&again.path);
    bench
        .tab
        .until("document.querySelector('#pin-pad #link.ok')");
    assert_eq!(bench.pin_block(), PIN_BLOCK);
}

/// The marks that a serial driver makes of a break and of a wrong parity bit.
#[test]
fn breaks_and_parity_errors_are_told_and_reading_goes_on() {
    let peer = Peer::start(Protocol::Visa);
    let mut bench = Bench::start("visa", &peer);
    bench.open();
    let number = peer.path.trim_start_matches("/dev/pts/").to_owned();
    for (marks, word) in [
        (b"C\xFF\0\0D".as_slice(), "break"),
        (b"E\xFF\0FG".as_slice(), "parity"),
    ] {
        let beside = bench.devices.root.join("inject");
        fs::write(&beside, marks).expect("the temporary folder is writable");
        let place = bench.devices.root.join(format!("pts{number}.inject"));
        fs::rename(beside, place).expect("the same file system");
        peer.hands.poke.store(true, Ordering::Relaxed);
        let told = format!(
            "document.querySelector('#pin-pad #trouble .bad').textContent.includes('{word}')"
        );
        bench.tab.until(&told);
        assert_eq!(bench.pin_block(), PIN_BLOCK, "after a {word}");
    }
}

#[test]
fn an_adapter_without_lines_is_told() {
    let peer = Peer::start(Protocol::Abecs);
    let mut bench = Bench::start("abecs", &peer);
    bench.open();
    let dtr = "document.querySelector('#pin-pad #break').parentElement.querySelector('input')";
    bench.tab.eval(&format!("{dtr}.click()"));
    bench.told("no such lines");
}

/// TIOCEXCL does not bind the superuser, so the browser runs as nobody here.
#[test]
fn a_port_that_another_tab_has_open_is_told() {
    let peer = Peer::start(Protocol::Abecs);
    let everybody = fs::Permissions::from_mode(0o666);
    fs::set_permissions(&peer.path, everybody).expect("the pseudo-terminal is ours");
    let mut bench = Bench::start_as("abecs", &peer, true);
    bench.open();
    let mut other = open_panel(&bench.browser, &bench.site);
    click(&mut other, "#use-real");
    click(&mut other, ".open-port");
    other.until("document.querySelector('#pin-pad #trouble').textContent.includes('did not open')");
    picture(&mut other, "pin-pad-busy");
    assert_eq!(bench.pin_block(), PIN_BLOCK, "the first tab goes on");
}

#[test]
fn a_port_without_permission_is_told_with_its_group() {
    if !superuser() {
        // Whoever owns the pseudo-terminal may always open it.
        return;
    }
    let peer = Peer::start(Protocol::Abecs);
    fs::set_permissions(&peer.path, fs::Permissions::from_mode(0o600)).expect("it is ours");
    let mut bench = Bench::start_as("abecs", &peer, true);
    click(&mut bench.tab, ".open-port");
    bench.told("did not open");
    bench.told("dialout");
}

#[test]
fn a_wrong_speed_is_told_and_the_right_one_helps() {
    let peer = Peer::start(Protocol::Abecs);
    peer.hands.strict.store(true, Ordering::Relaxed);
    let mut bench = Bench::start("abecs", &peer);
    choose(&mut bench.tab, "#line", "9600-8N1");
    bench.open();
    click(&mut bench.tab, "#info");
    let answer = "document.querySelector('#pin-pad #answer').textContent";
    bench
        .tab
        .until("document.querySelector('#pin-pad #answer .bad')");
    let words = bench.tab.text(answer);
    assert!(words.contains("speed"), "{words}");
    bench.tab.until("document.querySelector('#traffic tr.bad')");
    picture(&mut bench.tab, "pin-pad-wrong-speed");
    click(&mut bench.tab, "#close-port");
    choose(&mut bench.tab, "#line", "19200-8N1");
    bench.open();
    assert_eq!(bench.pin_block(), PIN_BLOCK);
}

/// The whole log once more, saved and read, over a port that is remembered and then forgotten.
#[test]
fn a_log_is_said_again_and_a_port_is_remembered_and_forgotten() {
    let peer = Peer::start(Protocol::Epp);
    let mut bench = Bench::start("epp", &peer);
    bench.open();
    click(&mut bench.tab, "#info");
    bench
        .tab
        .until("document.querySelector('#pin-pad #answer dd')");
    click(&mut bench.tab, "#replay");
    let said = "document.querySelector('#replayed').textContent";
    bench
        .tab
        .until(&format!("{said}.includes('0 answers differ')"));
    click(&mut bench.tab, "#close-port");
    // Another tab knows what the device speaks.
    let mut other = open_panel(&bench.browser, &bench.site);
    click(&mut other, "#use-real");
    click(&mut other, ".open-port");
    other.until("document.querySelector('#pin-pad #link.ok')");
    assert_eq!(
        other.text("document.querySelector('#pin-pad #family').value"),
        "epp"
    );
    click(&mut other, "#ports .link");
    other.until("!document.querySelector('#pin-pad .open-port')");
    let left = other.eval("navigator.serial.getPorts().then(p => p.length)");
    assert_eq!(left, 0, "the grant is gone");
}

#[test]
fn a_log_from_a_file_is_read_and_filtered() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = open_panel(&browser, &site);
    let load = |tab: &mut Tab, text: &str| {
        let text = Value::from(text);
        tab.eval(&format!(
            "(() => {{ const i = document.querySelector('#load-log'); \
             const d = new DataTransfer(); d.items.add(new File([{text}], 'log.jsonl')); \
             i.files = d.files; \
             i.dispatchEvent(new Event('change', {{ bubbles: true }})) }})()"
        ));
    };
    let log = "{\"at_ms\":0,\"direction\":\"to-pad\",\"hex\":\"18\"}\n\
               {\"at_ms\":1,\"direction\":\"from-pad\",\"hex\":\"04\"}\n\
               {\"at_ms\":2,\"direction\":\"to-pad\",\"hex\":\"1647504E**17\"}\n";
    load(&mut tab, log);
    tab.until("document.querySelector('#replayed').textContent.includes('2 records read; 1')");
    assert_eq!(
        tab.eval("document.querySelectorAll('#traffic tr').length"),
        2
    );
    tab.eval(
        "(() => { const f = document.querySelector('#traffic-filter'); f.value = 'EOT'; \
         f.dispatchEvent(new Event('input', { bubbles: true })) })()",
    );
    tab.until("document.querySelectorAll('#traffic tr').length == 1");
    load(&mut tab, "nothing\n");
    tab.until("document.querySelector('#replayed').textContent.includes('Line 1')");
    let wipe = hex::encode_upper(b"\x020231380B");
    let wipe = format!("{{\"at_ms\":0,\"direction\":\"to-pad\",\"hex\":\"{wipe}\"}}");
    choose(&mut tab, "#family", "epp");
    load(&mut tab, &wipe);
    tab.until("document.querySelector('#replayed').textContent.includes('1 records read')");
    click(&mut tab, "#replay");
    tab.until("document.querySelector('#replayed').textContent.includes('erases keys')");
}

#[test]
fn the_secure_channel_gives_the_same_block_and_hides_the_account() {
    let peer = Peer::start(Protocol::Abecs);
    let mut bench = Bench::start("abecs", &peer);
    bench.open();
    // A key pair of 2048 bits takes its time where the page was built without optimisation.
    click(&mut bench.tab, "#secure");
    assert_eq!(bench.pin_block(), PIN_BLOCK);
    let shown = bench
        .tab
        .text("document.querySelector('#traffic').textContent");
    assert!(
        !shown.contains("GPN"),
        "after OPN nothing is in clear: {shown}"
    );
    picture(&mut bench.tab, "pin-pad-secure");
}

/// Without Web Serial the panel says so, and everything else works.
#[test]
fn a_browser_without_web_serial_has_the_simulated_pad_and_is_told() {
    let site = Site::serve(dist());
    let browser = Chromium::start_with(&Launch {
        arguments: &["--disable-blink-features=Serial"],
        ..Launch::default()
    });
    let mut tab = open_panel(&browser, &site);
    assert_eq!(tab.eval("'serial' in navigator"), false);
    click(&mut tab, "#use-real");
    let words = "document.querySelector('#pin-pad #trouble').textContent";
    tab.until(&format!("{words}.includes('no Web Serial')"));
    assert!(tab.text(words).contains("Firefox"));
    picture(&mut tab, "pin-pad-no-serial");
    click(&mut tab, "#use-simulated");
    tab.until("!document.querySelector('#pin-pad #trouble')");
    click(&mut tab, "#pin");
    for key in ["1", "2", "3", "4", "enter"] {
        click(&mut tab, &format!("[data-key=\"{key}\"]"));
    }
    tab.until("document.querySelector('#pin-block')");
    assert_eq!(tab.complaints(), Vec::<String>::new());
}

/// The PIN 246813 of 9999900000000000013 as a format 0 block under the stage's published PIK.
fn block_of_the_stage() -> String {
    let clear = 0x0624_6813_FFFF_FFFF_u64 ^ 0x0000_0000_0000_0001;
    let pik = 0x807A_23AD_32B3_6D45_7AE9_1FDF_9275_70EA_u128.to_be_bytes();
    let block = Cipher64::double(&pik).encrypt(clear.to_be_bytes());
    hex::encode_upper(block)
}

#[test]
fn the_real_pad_answers_for_the_theatres_terminal() {
    for (name, protocol) in [
        ("abecs", Protocol::Abecs),
        ("visa", Protocol::Visa),
        ("epp", Protocol::Epp),
    ] {
        let peer = Peer::with_pin(protocol, &[2, 4, 6, 8, 1, 3]);
        let mut bench = Bench::start(name, &peer);
        let tab = &mut bench.tab;
        tab.media("prefers-reduced-motion", "reduce");
        tab.eval("location.hash = 'theatre?sale'");
        tab.until("document.querySelector('#theatre #time')?.max > 0");
        tab.eval(
            "[...document.querySelectorAll('.lanehead')].find(e => e.title == 'PIN pad').click()",
        );
        tab.until("document.querySelector('#cable')");
        tab.eval(
            "(() => { const s = document.querySelector('#cable'); s.value = 'outside'; \
             s.dispatchEvent(new Event('change', { bubbles: true })) })()",
        );
        // The port is not open yet: time stands still and says why.
        tab.until("document.querySelector('#pad-waits')?.textContent.includes('No port is open')");
        picture(tab, &format!("theatre-pad-waits-{name}"));
        tab.eval("location.hash = 'pin-pad'");
        bench.open();
        let tab = &mut bench.tab;
        tab.eval("location.hash = 'theatre'");
        tab.until("document.querySelector('#slip')?.textContent.includes('123.45')");
        // The block that came over the wire is the one the issuer finds the right PIN in.
        let traffic = tab.text("document.querySelector('#pin-pad #traffic').textContent");
        assert!(traffic.contains(&block_of_the_stage()), "{name}: {traffic}");
        tab.click("[data-leaf='log']");
        let log = "document.querySelector('#log').textContent";
        tab.until(&format!("{log}.includes('the PIN is right')"));
        assert!(tab.text(log).contains("awaiting-pad => awaiting-answer"));
        picture(tab, &format!("theatre-pad-{name}"));
    }
}

#[test]
fn the_wrong_family_is_told_with_its_fix() {
    let peer = Peer::start(Protocol::Epp);
    let mut bench = Bench::start("abecs", &peer);
    bench.open();
    click(&mut bench.tab, "#info");
    bench
        .tab
        .until("document.querySelector('#pin-pad #answer .bad')");
    let words = bench
        .tab
        .text("document.querySelector('#pin-pad #answer').textContent");
    assert!(
        words.contains("No answer") && words.contains("Identify"),
        "{words}"
    );
}

#[test]
fn a_simulated_pad_on_a_cable_is_taken_apart_in_the_theatre() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut tab = browser.tab(1440, 900);
    tab.media("prefers-reduced-motion", "reduce");
    tab.open(&site.url("#theatre?pad-abecs"));
    tab.until("document.querySelector('#theatre #time')?.max > 0");
    tab.eval(
        "(() => { const t = document.querySelector('#time'); t.value = t.max / 2; \
         t.dispatchEvent(new Event('input', { bubbles: true })) })()",
    );
    let asked = "[...document.querySelectorAll('#stage [role=option]')]\
        .find(e => e.textContent.includes('GPN'))";
    tab.until(asked);
    tab.eval(&format!(
        "{asked}.dispatchEvent(new MouseEvent('click', {{ bubbles: true }}))"
    ));
    tab.until("document.querySelector('#side .pad-frame .cell')");
    let side = tab.text("document.querySelector('#side').textContent");
    assert!(
        !side.contains("9999900000000000013"),
        "the account is masked: {side}"
    );
    picture(&mut tab, "theatre-pad-frame");
    tab.until("document.querySelector('footer').textContent.includes('poslab run pad-abecs')");
    assert_eq!(tab.complaints(), Vec::<String>::new());
}

/// The state the panel is in: legible and within its window, in every language, theme and width.
fn fits_everywhere(tab: &mut Tab, name: &str) {
    for width in [1440, 390] {
        tab.resize(width, if width == 390 { 844 } else { 900 });
        for theme in ["light", "dark"] {
            for lang in ["en", "zh-CN"] {
                tab.media("prefers-color-scheme", theme);
                if tab.text("document.documentElement.lang") != lang {
                    tab.eval("document.querySelector('header button.quiet').click()");
                }
                tab.until(&format!("document.documentElement.lang == '{lang}'"));
                tab.paint();
                let case = format!("pin-pad-{name}-{width}-{theme}-{lang}");
                let wide = tab.eval("document.documentElement.scrollWidth > innerWidth");
                picture(tab, &case);
                assert_eq!(wide, false, "{case} is wider than its window");
                if let Some(found) = tab.axe() {
                    assert_eq!(found, Vec::<String>::new(), "{case}");
                }
            }
        }
    }
    tab.resize(1440, 900);
    if tab.text("document.documentElement.lang") != "en" {
        tab.eval("document.querySelector('header button.quiet').click()");
        tab.until("document.documentElement.lang == 'en'");
    }
}

#[test]
fn every_state_is_legible_in_both_languages_themes_and_widths() {
    let peer = Peer::start(Protocol::Visa);
    peer.hands.types.store(false, Ordering::Relaxed);
    let mut bench = Bench::start("visa", &peer);
    fits_everywhere(&mut bench.tab, "closed");
    bench.open();
    click(&mut bench.tab, "#info");
    bench
        .tab
        .until("document.querySelector('#pin-pad #answer dd')");
    fits_everywhere(&mut bench.tab, "connected");
    click(&mut bench.tab, "#pin");
    bench
        .tab
        .until("document.querySelector('#pin-pad #answer .sentence')");
    bench.devices.pull();
    bench
        .tab
        .until("document.querySelector('#pin-pad #link.bad')");
    fits_everywhere(&mut bench.tab, "lost");
    let tab = &mut bench.tab;
    choose(tab, "#family", "abecs");
    click(tab, "#use-simulated");
    fits_everywhere(tab, "simulated");
    click(tab, "#pin");
    tab.until("document.querySelector('#pin-pad #answer .sentence')");
    for key in ["1", "2", "3"] {
        click(tab, &format!("[data-key=\"{key}\"]"));
    }
    fits_everywhere(tab, "pin");
    click(tab, "[data-key=\"cancel\"]");
    tab.until("document.querySelector('#pin-pad #answer .bad')");
    tab.eval(
        "[...document.querySelectorAll('#traffic button')].find(b => b.textContent == 'GPN').click()",
    );
    tab.until("document.querySelector('#pin-pad #frame .cell')");
    tab.eval("document.querySelector('#frame').scrollIntoView({ block: 'end' })");
    fits_everywhere(tab, "frame");
    choose(tab, "#family", "epp");
    tab.eval("document.querySelector('#pin-pad details').open = true");
    fits_everywhere(tab, "keys");
}
