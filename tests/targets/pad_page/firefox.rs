//! The same panel in Firefox, over its own Web Serial, where Firefox 151 or later is installed.
//!
//! Driven by Marionette, which can also press the button of the browser's own dialog for ports.

use super::bench::{Devices, PIN_BLOCK, Peer, stand_in};
use poslab_core::pad::Protocol;
use poslab_tests::page::{Site, dist};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);
/// The first Firefox with Web Serial.
const FIRST: u32 = 151;

/// Firefox with a fresh profile.
struct Firefox {
    process: Child,
    profile: PathBuf,
    line: TcpStream,
    next: u64,
}

/// The version of the installed Firefox, where there is one.
fn version() -> Option<u32> {
    let said = Command::new("firefox").arg("--version").output().ok()?;
    let said = String::from_utf8(said.stdout).ok()?;
    said.split_whitespace()
        .find_map(|word| word.split('.').next()?.parse().ok())
}

impl Firefox {
    fn start(devices: &Devices) -> Firefox {
        let profile = devices.root.join("firefox");
        std::fs::create_dir_all(&profile).expect("the temporary folder is writable");
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("it has an address").port();
        drop(free);
        let settings = format!(
            "user_pref(\"marionette.port\", {port});\n\
             user_pref(\"security.notification_enable_delay\", 0);\n"
        );
        std::fs::write(profile.join("user.js"), settings).expect("the profile is writable");
        let process = Command::new("firefox")
            .args(["-headless", "-marionette", "-remote-allow-system-access"])
            .arg("-no-remote")
            .arg("-profile")
            .arg(&profile)
            .env("LD_PRELOAD", stand_in())
            .env("FAKE_UDEV_DIR", devices.folder())
            .env("FAKE_MODEM_LINES", "1")
            .env("HOME", &profile)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("firefox starts");
        let start = Instant::now();
        let line = loop {
            match TcpStream::connect(("127.0.0.1", port)) {
                Ok(line) => break line,
                Err(why) => assert!(start.elapsed() < PATIENCE, "firefox is silent: {why}"),
            }
            std::thread::sleep(Duration::from_millis(200));
        };
        line.set_read_timeout(Some(PATIENCE))
            .expect("a timeout above zero is allowed");
        let mut firefox = Firefox {
            process,
            profile,
            line,
            next: 0,
        };
        firefox.hear();
        firefox.call("WebDriver:NewSession", json!({}));
        firefox
    }

    /// A message: its length in digits, a colon, JSON.
    fn hear(&mut self) -> Value {
        let mut len = 0;
        loop {
            let mut one = [0];
            self.line.read_exact(&mut one).expect("firefox answers");
            match one[0] {
                b':' => break,
                digit => len = len * 10 + usize::from(digit - b'0'),
            }
        }
        let mut text = vec![0; len];
        self.line.read_exact(&mut text).expect("firefox answers");
        serde_json::from_slice(&text).expect("Marionette speaks JSON")
    }

    fn call(&mut self, name: &str, parameters: Value) -> Value {
        self.next += 1;
        let text = json!([0, self.next, name, parameters]).to_string();
        write!(self.line, "{}:{text}", text.len()).expect("firefox listens");
        let mut answer = self.hear();
        assert!(answer[2].is_null(), "{name}: {}", answer[2]);
        answer[3].take()
    }

    fn eval(&mut self, expression: &str) -> Value {
        let script = json!({ "script": format!("return {expression}"), "args": [] });
        self.call("WebDriver:ExecuteScript", script)["value"].take()
    }

    fn until(&mut self, expression: &str) {
        let start = Instant::now();
        while self.eval(&format!("!!({expression})")) != true {
            assert!(start.elapsed() < PATIENCE, "never true: {expression}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// A click as a person's: a page may ask for ports only after one.
    fn click(&mut self, selector: &str) {
        self.until(&format!("document.querySelector({selector:?})"));
        let wanted = json!({ "using": "css selector", "value": selector });
        let found = self.call("WebDriver:FindElement", wanted);
        let element = found["value"].as_object().and_then(|of| of.values().next());
        let id = element.expect("it is there").clone();
        self.call("WebDriver:ElementClick", json!({ "id": id }));
    }

    /// Allows the first port in the browser's own dialog.
    fn allow(&mut self) {
        self.call("Marionette:SetContext", json!({ "value": "chrome" }));
        self.until("PopupNotifications.panel.firstElementChild?.querySelector('richlistbox, menulist, select')");
        self.until("PopupNotifications.panel.state == 'open'");
        self.eval(
            "(() => { const list = PopupNotifications.panel.querySelector('richlistbox'); \
             if (list) list.selectedIndex = 0 })()",
        );
        self.until("!PopupNotifications.panel.firstElementChild.button.disabled");
        self.eval("PopupNotifications.panel.firstElementChild.button.click()");
        self.call("Marionette:SetContext", json!({ "value": "content" }));
    }
}

impl Drop for Firefox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

#[test]
fn firefox_opens_the_same_pad() {
    let found = version();
    if found.is_none_or(|version| version < FIRST) {
        eprintln!("skipped: Firefox {FIRST} or later is not installed ({found:?})");
        return;
    }
    let peer = Peer::start(Protocol::Abecs);
    let devices = Devices::new();
    devices.plug(&peer.path);
    let site = Site::serve(dist());
    let mut firefox = Firefox::start(&devices);
    let url = site.url("#pin-pad");
    firefox.call("WebDriver:Navigate", json!({ "url": url }));
    firefox.until("document.querySelector('#pin-pad #identify')");
    firefox.click("#use-real");
    firefox.eval(
        "(() => { const s = document.querySelector('#pin-pad #family'); s.value = 'abecs'; \
         s.dispatchEvent(new Event('change', { bubbles: true })) })()",
    );
    firefox.click("#choose-port");
    firefox.allow();
    firefox.until("document.querySelector('#pin-pad #link.ok')");
    firefox.click("#pin");
    firefox.until("document.querySelector('#pin-block')");
    let block = firefox.eval("document.querySelector('#pin-block').textContent");
    assert_eq!(block, PIN_BLOCK);
    // The plug is pulled, and the panel says so.
    devices.pull();
    firefox.until("document.querySelector('#pin-pad #link.bad')");
}
