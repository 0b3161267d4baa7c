//! Does the PIN pad panel talk to real serial ports through the browser's own Web Serial?
//!
//! Nothing of `navigator.serial` is replaced. The browser is the installed Chromium; a stand-in
//! for libudev (`tests/fake-udev`) makes it list a pseudo-terminal, and the simulated pad of core
//! sits on the other end. The grant stands in the profile, so that no dialog is needed.
#![cfg(target_os = "linux")]

use poslab_core::pad::face::Asks;
use poslab_core::pad::simulated::Setup;
use poslab_core::pad::{Key, Protocol, SimulatedPad};
use poslab_tests::page::{Chromium, Site, Tab, dist};
use serde_json::{Value, json};
use serialport::{SerialPort, TTYPort};
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

const PIN_BLOCK: &str = "BE58BB5C6D12149C";

/// Keeps a picture where pictures are wanted.
fn picture(tab: &mut Tab, name: &str) {
    if let Some(folder) = std::env::var_os("POSLAB_SHOTS") {
        tab.shot(&PathBuf::from(folder).join(name).with_extension("png"));
    }
}

fn open_panel(browser: &Chromium, site: &Site) -> Tab {
    let mut tab = browser.tab(1440, 900);
    tab.open(&site.url(""));
    tab.until_sealed();
    tab.eval("location.hash = 'pin-pad'");
    tab.until("document.querySelector('#pin-pad #identify')");
    tab
}

fn choose(tab: &mut Tab, select: &str, value: &str) {
    tab.eval(&format!(
        "(() => {{ const s = document.querySelector('#pin-pad {select}'); s.value = '{value}'; \
         s.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()"
    ));
}

fn click(tab: &mut Tab, selector: &str) {
    tab.until(&format!(
        "!document.querySelector('#pin-pad {selector}').disabled"
    ));
    tab.eval(&format!(
        "document.querySelector('#pin-pad {selector}').click()"
    ));
}

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

/// The stand-in for libudev, built once.
fn stand_in() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = root.join("target/fake-udev");
    let built = Command::new(env!("CARGO"))
        .args([
            "build",
            "--quiet",
            "--package",
            "poslab-fake-udev",
            "--target-dir",
        ])
        .arg(&target)
        .current_dir(&root)
        .status()
        .expect("cargo runs");
    assert!(built.success());
    target
        .join("debug/libfakeudev.so")
        .canonicalize()
        .expect("it was built")
}

/// A folder of fake devices, and a place beside it from which files are moved in.
struct Devices {
    root: PathBuf,
}

impl Devices {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("poslab-udev-{}-{number}", std::process::id());
        let root = std::env::temp_dir().join(name);
        fs::create_dir_all(root.join("dev")).expect("the temporary folder is writable");
        Self { root }
    }

    fn folder(&self) -> PathBuf {
        self.root.join("dev")
    }

    fn plug(&self, port: &str) {
        let lines = format!(
            "MAJOR=4\nMINOR=64\nDEVNAME={port}\nID_VENDOR_ID=11ca\nID_MODEL_ID=0220\n\
             ID_MODEL_ENC=Fake\\x20PIN\\x20pad\nID_MODEL=Fake_PIN_pad\nID_SERIAL_SHORT=SN0001\n"
        );
        let beside = self.root.join("ttyS0");
        fs::write(&beside, lines).expect("the temporary folder is writable");
        fs::rename(beside, self.folder().join("ttyS0")).expect("the same file system");
    }

    fn pull(&self) {
        fs::remove_file(self.folder().join("ttyS0")).expect("it was plugged in");
    }
}

impl Drop for Devices {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// A simulated pad on a pseudo-terminal, with a finger that types 1234 when a PIN is asked for.
struct Peer {
    path: String,
    stop: Arc<AtomicBool>,
    types: Arc<AtomicBool>,
    poke: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Peer {
    fn start(protocol: Protocol) -> Self {
        let (master, slave) = TTYPort::pair().expect("a pseudo-terminal");
        let path = slave.name().expect("it has a name");
        let stop = Arc::new(AtomicBool::new(false));
        let types = Arc::new(AtomicBool::new(true));
        let poke = Arc::new(AtomicBool::new(false));
        let (stopped, typing, poked) = (stop.clone(), types.clone(), poke.clone());
        // The far end is kept open, or the line would end with the browser's first closing.
        let thread = thread::spawn(move || {
            let _far = slave;
            serve(master, protocol, &stopped, &typing, &poked);
        });
        Self {
            path,
            stop,
            types,
            poke,
            thread: Some(thread),
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(
    mut line: TTYPort,
    protocol: Protocol,
    stop: &AtomicBool,
    types: &AtomicBool,
    poke: &AtomicBool,
) {
    let mut pad = SimulatedPad::teaching(protocol, Setup::default());
    let start = Instant::now();
    line.set_timeout(Duration::from_millis(10))
        .expect("a timeout");
    while !stop.load(Ordering::Relaxed) {
        let now = start.elapsed().as_millis() as u64;
        let mut buffer = [0; 256];
        if let Ok(count) = line.read(&mut buffer) {
            pad.feed(&buffer[..count], now);
        }
        pad.handle_timeout(now);
        if poke.swap(false, Ordering::Relaxed) {
            let _ = line.write_all(b"~");
        }
        let asked = matches!(pad.face().asks, Asks::Pin { entered: 0 });
        if asked && types.load(Ordering::Relaxed) {
            for key in [1, 2, 3, 4].map(Key::Digit).into_iter().chain([Key::Enter]) {
                pad.press(key, now);
            }
        }
        while let Some(bytes) = pad.poll_transmit() {
            let _ = line.write_all(&bytes);
        }
    }
}

/// The person's grant for the fake device, as Chromium keeps it.
fn grant(origin: &str) -> Value {
    let device = json!({
        "name": "Fake PIN pad", "vendor_id": 0x11CA, "product_id": 0x0220,
        "serial_number": "SN0001",
    });
    let entry = json!({
        "last_modified": "13439873455237363", "setting": { "chosen-objects": [device] },
    });
    json!({ "profile": { "content_settings": { "exceptions": {
        "serial_chooser_data": { format!("{origin},*"): entry },
    } } } })
}

/// The site, the browser with the fake device, and the panel with a real pad chosen.
struct Bench {
    _site: Site,
    _browser: Chromium,
    tab: Tab,
    devices: Devices,
}

impl Bench {
    fn start(protocol: &str, peer: &Peer) -> Self {
        let devices = Devices::new();
        devices.plug(&peer.path);
        let site = Site::serve(dist());
        let origin = site.url("").trim_end_matches('/').to_owned();
        let library = stand_in();
        let folder = devices.folder();
        let environment = [
            ("LD_PRELOAD", library.as_path()),
            ("FAKE_UDEV_DIR", folder.as_path()),
            ("FAKE_TTY_STATE", devices.root.as_path()),
        ];
        let browser = Chromium::start_with(&environment, Some(&grant(&origin)));
        let mut tab = open_panel(&browser, &site);
        tab.until("navigator.serial");
        let ports = tab.eval("navigator.serial.getPorts().then(p => p.map(p => p.getInfo()))");
        let want = json!([{ "usbVendorId": 0x11CA, "usbProductId": 0x0220 }]);
        assert_eq!(ports, want, "the real browser lists the pseudo-terminal");
        click(&mut tab, "#use-real");
        choose(&mut tab, "#family", protocol);
        Self {
            _site: site,
            _browser: browser,
            tab,
            devices,
        }
    }

    fn open(&mut self) {
        click(&mut self.tab, ".open-port");
        self.tab
            .until("document.querySelector('#pin-pad #link.ok')");
    }

    fn pin_block(&mut self) -> String {
        click(&mut self.tab, "#pin");
        self.tab.until("document.querySelector('#pin-block')");
        self.tab
            .text("document.querySelector('#pin-block').textContent")
    }
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
    peer.types.store(false, Ordering::Relaxed);
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
        peer.poke.store(true, Ordering::Relaxed);
        let told = format!(
            "document.querySelector('#pin-pad #trouble .bad').textContent.includes('{word}')"
        );
        bench.tab.until(&told);
        assert_eq!(bench.pin_block(), PIN_BLOCK, "after a {word}");
    }
}

#[test]
fn an_adapter_without_lines_and_a_port_in_use_are_told() {
    use std::os::unix::fs::MetadataExt as _;
    let peer = Peer::start(Protocol::Abecs);
    let mut bench = Bench::start("abecs", &peer);
    bench.open();
    let dtr = "document.querySelector('#pin-pad #break').parentElement.querySelector('input')";
    bench.tab.eval(&format!("{dtr}.click()"));
    let words = "document.querySelector('#pin-pad #trouble').textContent";
    bench
        .tab
        .until(&format!("{words}.includes('no such lines')"));
    // TIOCEXCL does not bind the superuser, so only a normal user can see a port in use.
    if fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0) {
        eprintln!("left out as the superuser: a port in use");
        return;
    }
    let mut other = open_panel(&bench._browser, &bench._site);
    click(&mut other, "#use-real");
    click(&mut other, ".open-port");
    other.until(&format!("{words}.includes('did not open')"));
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
