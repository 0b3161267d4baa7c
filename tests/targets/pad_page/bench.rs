//! A browser with a fake serial device, the simulated pad on its other end, and the panel open.

use poslab_core::pad::face::Asks;
use poslab_core::pad::probe::Line;
use poslab_core::pad::simulated::Setup;
use poslab_core::pad::{Key, Protocol, SimulatedPad};
use poslab_tests::page::{Chromium, Launch, Site, Tab, dist};
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

pub const PIN_BLOCK: &str = "BE58BB5C6D12149C";

/// Keeps a picture where pictures are wanted.
pub fn picture(tab: &mut Tab, name: &str) {
    if let Some(folder) = std::env::var_os("POSLAB_SHOTS") {
        tab.shot(&PathBuf::from(folder).join(name).with_extension("png"));
    }
}

pub fn open_panel(browser: &Chromium, site: &Site) -> Tab {
    let mut tab = browser.tab(1440, 900);
    tab.open(&site.url(""));
    tab.until_sealed();
    tab.eval("location.hash = 'pin-pad'");
    tab.until("document.querySelector('#pin-pad #identify')");
    tab
}

pub fn choose(tab: &mut Tab, select: &str, value: &str) {
    tab.eval(&format!(
        "(() => {{ const s = document.querySelector('#pin-pad {select}'); s.value = '{value}'; \
         s.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()"
    ));
}

pub fn click(tab: &mut Tab, selector: &str) {
    tab.until(&format!(
        "!document.querySelector('#pin-pad {selector}').disabled"
    ));
    tab.eval(&format!(
        "document.querySelector('#pin-pad {selector}').click()"
    ));
}

/// The stand-in for libudev, built once.
pub fn stand_in() -> PathBuf {
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
pub struct Devices {
    pub root: PathBuf,
}

impl Devices {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("poslab-udev-{}-{number}", std::process::id());
        let root = std::env::temp_dir().join(name);
        fs::create_dir_all(root.join("dev")).expect("the temporary folder is writable");
        Self { root }
    }

    pub fn folder(&self) -> PathBuf {
        self.root.join("dev")
    }

    pub fn plug(&self, port: &str) {
        let lines = format!(
            "MAJOR=4\nMINOR=64\nDEVNAME={port}\nID_VENDOR_ID=11ca\nID_MODEL_ID=0220\n\
             ID_MODEL_ENC=Fake\\x20PIN\\x20pad\nID_MODEL=Fake_PIN_pad\nID_SERIAL_SHORT=SN0001\n"
        );
        let beside = self.root.join("ttyS0");
        fs::write(&beside, lines).expect("the temporary folder is writable");
        fs::rename(beside, self.folder().join("ttyS0")).expect("the same file system");
    }

    pub fn pull(&self) {
        fs::remove_file(self.folder().join("ttyS0")).expect("it was plugged in");
    }
}

impl Drop for Devices {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// A simulated pad on a pseudo-terminal, with a finger that types when a PIN is asked for.
pub struct Peer {
    pub path: String,
    pub hands: Arc<Hands>,
    thread: Option<JoinHandle<()>>,
}

/// What the person at the peer does.
pub struct Hands {
    pub stop: AtomicBool,
    pub types: AtomicBool,
    pub poke: AtomicBool,
    /// The pad is set to its family's usual speed, and hears garbage at any other.
    pub strict: AtomicBool,
    pub pin: &'static [u8],
}

impl Peer {
    pub fn start(protocol: Protocol) -> Self {
        Self::with_pin(protocol, &[1, 2, 3, 4])
    }

    pub fn with_pin(protocol: Protocol, pin: &'static [u8]) -> Self {
        let (master, slave) = TTYPort::pair().expect("a pseudo-terminal");
        let path = slave.name().expect("it has a name");
        let hands = Arc::new(Hands {
            stop: AtomicBool::new(false),
            types: AtomicBool::new(true),
            poke: AtomicBool::new(false),
            strict: AtomicBool::new(false),
            pin,
        });
        let his = hands.clone();
        // The far end is kept open, or the line would end with the browser's first closing.
        let thread = thread::spawn(move || {
            let _far = slave;
            serve(master, protocol, &his);
        });
        Self {
            path,
            hands,
            thread: Some(thread),
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.hands.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What a line at another speed makes of bytes: as many, and none as it was.
fn garbled(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|b| b.rotate_left(3) ^ 0xE5).collect()
}

fn serve(mut line: TTYPort, protocol: Protocol, hands: &Hands) {
    let mut pad = SimulatedPad::teaching(protocol, Setup::default());
    let usual = Line::usual(protocol).baud;
    let start = Instant::now();
    line.set_timeout(Duration::from_millis(10))
        .expect("a timeout");
    while !hands.stop.load(Ordering::Relaxed) {
        let now = start.elapsed().as_millis() as u64;
        // A pseudo-terminal carries bytes at any speed, but it knows which one the browser set.
        let strict = hands.strict.load(Ordering::Relaxed);
        let off = strict && line.baud_rate().is_ok_and(|baud| baud != usual);
        let mut buffer = [0; 256];
        if let Ok(count) = line.read(&mut buffer) {
            match off {
                // What it cannot read it refuses, and its NAK arrives as garbage too.
                true => drop(line.write_all(&garbled(&[0x15]))),
                false => pad.feed(&buffer[..count], now),
            }
        }
        pad.handle_timeout(now);
        if hands.poke.swap(false, Ordering::Relaxed) {
            let _ = line.write_all(b"~");
        }
        let asked = matches!(pad.face().asks, Asks::Pin { entered: 0 });
        if asked && hands.types.load(Ordering::Relaxed) {
            let digits = hands.pin.iter().map(|digit| Key::Digit(*digit));
            for key in digits.chain([Key::Enter]) {
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
pub struct Bench {
    pub site: Site,
    pub browser: Chromium,
    pub tab: Tab,
    pub devices: Devices,
}

impl Bench {
    pub fn start(protocol: &str, peer: &Peer) -> Self {
        Self::start_as(protocol, peer, false)
    }

    pub fn start_as(protocol: &str, peer: &Peer, nobody: bool) -> Self {
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
        let browser = Chromium::start_with(&Launch {
            environment: &environment,
            preferences: Some(&grant(&origin)),
            nobody,
            ..Launch::default()
        });
        let mut tab = open_panel(&browser, &site);
        tab.until("navigator.serial");
        let ports = tab.eval("navigator.serial.getPorts().then(p => p.map(p => p.getInfo()))");
        let want = json!([{ "usbVendorId": 0x11CA, "usbProductId": 0x0220 }]);
        assert_eq!(ports, want, "the real browser lists the pseudo-terminal");
        click(&mut tab, "#use-real");
        choose(&mut tab, "#family", protocol);
        Self {
            site,
            browser,
            tab,
            devices,
        }
    }

    pub fn open(&mut self) {
        click(&mut self.tab, ".open-port");
        self.tab
            .until("document.querySelector('#pin-pad #link.ok')");
    }

    pub fn told(&mut self, words: &str) {
        let told =
            format!("document.querySelector('#pin-pad #trouble').textContent.includes('{words}')");
        self.tab.until(&told);
    }

    pub fn pin_block(&mut self) -> String {
        click(&mut self.tab, "#pin");
        self.tab.until("document.querySelector('#pin-block')");
        self.tab
            .text("document.querySelector('#pin-block').textContent")
    }
}
