//! Chromium over its debugging protocol: just the calls the tests need.
//!
//! One process and one socket per [`Chromium`]; a [`Tab`] is a session on it. Waiting is done by
//! asking the page again, never by sleeping a fixed time and hoping.

use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tungstenite::{Message, WebSocket};

/// How long a condition may take to come true; the machine may be busy with other builds.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a browser is started, where that matters.
#[derive(Default)]
pub struct Launch<'a> {
    /// More in its environment.
    pub environment: &'a [(&'a str, &'a Path)],
    /// Preferences that its profile already has.
    pub preferences: Option<&'a Value>,
    /// More arguments.
    pub arguments: &'a [&'a str],
    /// As the user `nobody`, when the tests run as the superuser: some limits bind only others.
    pub nobody: bool,
}

/// The number of the user and group `nobody` and `nogroup`.
const NOBODY: u32 = 65_534;

impl Launch<'_> {
    /// A fresh profile.
    fn profile(&self) -> PathBuf {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let profile =
            std::env::temp_dir().join(format!("poslab-page-{}-{number}", std::process::id()));
        let folder = profile.join("Default");
        std::fs::create_dir_all(&folder).expect("the temporary folder is writable");
        let preferences = folder.join("Preferences");
        if let Some(wanted) = self.preferences {
            std::fs::write(&preferences, wanted.to_string())
                .expect("the temporary folder is writable");
        }
        #[cfg(unix)]
        if self.drops() {
            for place in [&profile, &folder, &preferences] {
                if place.exists() {
                    std::os::unix::fs::chown(place, Some(NOBODY), Some(NOBODY))
                        .expect("the superuser may give files away");
                }
            }
        }
        profile
    }

    /// Whether another user than ours is wanted and possible.
    fn drops(&self) -> bool {
        self.nobody && super::superuser()
    }

    /// The program, with its environment.
    fn command(&self) -> Command {
        // A wrapper script would not do for a library that is loaded before the others.
        let elf = Path::new("/usr/lib/chromium/chromium");
        let usual = match self.environment.is_empty() || !elf.exists() {
            true => "chromium".into(),
            false => elf.into(),
        };
        let program = match std::env::var_os("CHROMIUM") {
            Some(named) if self.environment.is_empty() => named,
            _ => usual,
        };
        let mut command = match self.drops() {
            false => Command::new(program),
            true => {
                let user = format!("--reuid={NOBODY}");
                let group = format!("--regid={NOBODY}");
                let mut command = Command::new("setpriv");
                command.args([&user, &group, "--clear-groups"]).arg(program);
                // A home that cannot be written would stop the browser.
                command.env("HOME", std::env::temp_dir().join("poslab-nobody"));
                command
            }
        };
        command.envs(self.environment.iter().copied());
        command
    }
}

/// A running browser with a profile of its own.
pub struct Chromium {
    process: Child,
    profile: PathBuf,
    endpoint: String,
}

impl Chromium {
    /// Starts the browser named by `$CHROMIUM`, else `chromium`.
    ///
    /// # Panics
    /// When it does not start: the page tests need it.
    #[must_use]
    pub fn start() -> Chromium {
        Self::start_with(&Launch::default())
    }

    /// The same, started in another way.
    ///
    /// # Panics
    /// When it does not start: the page tests need it.
    #[must_use]
    pub fn start_with(launch: &Launch<'_>) -> Chromium {
        let profile = launch.profile();
        let mut process = launch
            .command()
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--remote-debugging-port=0",
            ])
            .args([
                "--no-first-run",
                "--disable-extensions",
                "--disable-background-networking",
            ])
            .args([
                "--disable-component-update",
                "--hide-scrollbars",
                "--force-color-profile=srgb",
            ])
            .args(["--disable-dev-shm-usage", "--lang=en-US"])
            .args(launch.arguments)
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg("about:blank")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("chromium starts; set $CHROMIUM or install it");
        let errors = process.stderr.take().expect("stderr was piped");
        let mut lines = BufReader::new(errors).lines().map_while(Result::ok);
        let endpoint = lines
            .find_map(|line| Some(line.strip_prefix("DevTools listening on ")?.to_owned()))
            .expect("chromium says where it listens");
        // Its later words are read and dropped, so that it never blocks on a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Chromium {
            process,
            profile,
            endpoint,
        }
    }

    /// Opens a tab of a size in CSS pixels.
    ///
    /// # Panics
    /// When the browser does not answer.
    #[must_use]
    pub fn tab(&self, width: u32, height: u32) -> Tab {
        let address = self
            .endpoint
            .strip_prefix("ws://")
            .expect("the endpoint is a web socket");
        let host = address.split('/').next().expect("an address has a host");
        let stream = TcpStream::connect(host).expect("chromium listens");
        stream
            .set_read_timeout(Some(PATIENCE))
            .expect("a timeout above zero is allowed");
        let (socket, _) =
            tungstenite::client(self.endpoint.as_str(), stream).expect("it shakes hands");
        let mut tab = Tab {
            socket,
            session: None,
            next: 0,
            events: Vec::new(),
        };
        let made = tab.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": made["targetId"], "flatten": true });
        tab.session = Some(tab.call("Target.attachToTarget", attach)["sessionId"].clone());
        for domain in ["Page", "Runtime", "Log", "Network"] {
            tab.call(&format!("{domain}.enable"), json!({}));
        }
        tab.resize(width, height);
        tab
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

/// One tab of a browser.
pub struct Tab {
    socket: WebSocket<TcpStream>,
    session: Option<Value>,
    next: u64,
    events: Vec<Value>,
}

impl Tab {
    /// Calls a method of the debugging protocol and gives its result.
    ///
    /// # Panics
    /// When the browser refuses or does not answer.
    pub fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.next += 1;
        let mut request = json!({ "id": self.next, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            request["sessionId"] = session.clone();
        }
        self.socket
            .send(Message::text(request.to_string()))
            .expect("the browser is there");
        loop {
            let message = self
                .socket
                .read()
                .unwrap_or_else(|error| panic!("{method}: {error}"));
            let Message::Text(text) = message else {
                continue;
            };
            let mut answer: Value = serde_json::from_str(&text).expect("the browser speaks JSON");
            if answer["id"] == self.next {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].take();
            }
            self.events.push(answer);
        }
    }

    /// Sets the size in CSS pixels.
    pub fn resize(&mut self, width: u32, height: u32) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// Pretends a system setting: `media("prefers-color-scheme", "dark")`.
    pub fn media(&mut self, feature: &str, value: &str) {
        let features = json!({ "features": [{ "name": feature, "value": value }] });
        self.call("Emulation.setEmulatedMedia", features);
    }

    /// Opens an address and waits until the page's first module is there.
    pub fn open(&mut self, url: &str) {
        self.call("Page.navigate", json!({ "url": url }));
        self.until("document.documentElement.dataset.ready === 'page'");
    }

    /// Waits until all modules are there and the page has sealed itself.
    pub fn until_sealed(&mut self) {
        self.until("document.documentElement.dataset.sealed === ''");
    }

    /// Evaluates an expression; promises are awaited.
    ///
    /// # Panics
    /// When the expression throws.
    pub fn eval(&mut self, expression: &str) -> Value {
        let parameters = json!({
            "expression": expression, "returnByValue": true, "awaitPromise": true, "userGesture": true,
        });
        let mut answer = self.call("Runtime.evaluate", parameters);
        assert!(
            answer["exceptionDetails"].is_null(),
            "{expression}: {}",
            answer["exceptionDetails"]
        );
        answer["result"]["value"].take()
    }

    /// The text of an expression.
    pub fn text(&mut self, expression: &str) -> String {
        match self.eval(expression) {
            Value::String(text) => text,
            other => other.to_string(),
        }
    }

    /// Waits until an expression is true.
    ///
    /// # Panics
    /// When it does not become true in time; the console of the page is in the message.
    pub fn until(&mut self, expression: &str) {
        let guarded =
            format!("(() => {{ try {{ return !!({expression}) }} catch {{ return false }} }})()");
        let start = Instant::now();
        while self.eval(&guarded) != true {
            let seen = if start.elapsed() > PATIENCE {
                self.complaints()
            } else {
                Vec::new()
            };
            assert!(
                start.elapsed() <= PATIENCE,
                "never true: {expression}; console: {seen:?}"
            );
            std::thread::sleep(Duration::from_millis(15));
        }
    }

    /// Lets the page paint: resolves after two animation frames.
    pub fn paint(&mut self) {
        self.eval("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))");
    }

    /// Clicks in the middle of the first element that a selector names.
    pub fn click(&mut self, selector: &str) {
        let place = self.eval(&format!(
            "(() => {{ const e = document.querySelector({selector:?}); e.scrollIntoView({{block: 'nearest'}}); \
             const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2] }})()"
        ));
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", event);
        }
        self.paint();
    }

    /// Presses a key by its name (`Tab`, `ArrowDown`, `F8`, `a`), with modifiers
    /// (1 Alt, 2 Ctrl, 4 Meta, 8 Shift) added up.
    pub fn press(&mut self, key: &str, modifiers: u32) {
        let text = match key {
            "Enter" => "\r",
            one if one.chars().count() == 1 && modifiers & 3 == 0 => one,
            _ => "",
        };
        let code = key_code(key);
        for kind in ["keyDown", "keyUp"] {
            let mut event = json!({
                "type": kind, "key": key, "code": key, "modifiers": modifiers,
                "windowsVirtualKeyCode": code,
            });
            if kind == "keyDown" && !text.is_empty() {
                event["text"] = text.into();
            }
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    /// Types a text where the focus is, as an input method would.
    pub fn insert(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text }));
        self.paint();
    }

    /// Saves what is seen as a PNG file.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn shot(&mut self, file: &Path) {
        self.paint();
        let answer = self.call("Page.captureScreenshot", json!({ "format": "png" }));
        let text = answer["data"].as_str().expect("a screenshot is base64");
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).expect("the folder can be made");
        }
        std::fs::write(file, base64(text)).expect("the file can be written");
    }

    /// Saves a part of what is seen, twice as large: for looking closely.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn close_up(&mut self, file: &Path, selector: &str) {
        self.paint();
        let place = self.eval(&format!(
            "(() => {{ const b = document.querySelector({selector:?}).getBoundingClientRect(); \
             return {{ x: b.x, y: b.y, width: b.width, height: Math.min(b.height, 400), scale: 2 }} }})()"
        ));
        let answer = self.call(
            "Page.captureScreenshot",
            json!({ "format": "png", "clip": place }),
        );
        let text = answer["data"].as_str().expect("a screenshot is base64");
        std::fs::write(file, base64(text)).expect("the file can be written");
    }

    /// Runs axe-core and gives its violations, one line each; `None` without `$AXE`.
    ///
    /// # Panics
    /// When the script cannot be read.
    pub fn axe(&mut self) -> Option<Vec<String>> {
        let script = std::fs::read_to_string(std::env::var_os("AXE")?).expect("$AXE is a script");
        // The debugger evaluates outside the page's policy, which stays in force.
        self.call("Runtime.evaluate", json!({ "expression": script }));
        let found = self.eval(
            "axe.run(document, { resultTypes: ['violations'] }).then(r => r.violations.map(v => \
             v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' | ' + n.failureSummary).join('; ')))",
        );
        let lines = found.as_array().expect("axe gives a list");
        Some(
            lines
                .iter()
                .map(|line| line.as_str().unwrap_or_default().to_owned())
                .collect(),
        )
    }

    /// What the page complained of so far: exceptions, console errors, refused requests.
    pub fn complaints(&mut self) -> Vec<String> {
        self.eval("0");
        let bad = |event: &&Value| match event["method"].as_str() {
            Some("Runtime.exceptionThrown") => true,
            Some("Runtime.consoleAPICalled") => event["params"]["type"] == "error",
            Some("Log.entryAdded") => event["params"]["entry"]["level"] == "error",
            _ => false,
        };
        self.events
            .iter()
            .filter(bad)
            .map(|event| event["params"].to_string())
            .collect()
    }

    /// The addresses the tab asked for so far, from the browser's side.
    pub fn asked(&mut self) -> Vec<String> {
        self.eval("0");
        let sent = self
            .events
            .iter()
            .filter(|event| event["method"] == "Network.requestWillBeSent");
        let url = |event: &Value| {
            event["params"]["request"]["url"]
                .as_str()
                .map(str::to_owned)
        };
        sent.filter_map(url).collect()
    }
}

/// The code of a key in the old Windows numbering, which the protocol still wants.
fn key_code(key: &str) -> u32 {
    let named = [
        ("Tab", 9),
        ("Enter", 13),
        ("Escape", 27),
        (" ", 32),
        ("PageUp", 33),
        ("PageDown", 34),
        ("End", 35),
        ("Home", 36),
        ("ArrowLeft", 37),
        ("ArrowUp", 38),
        ("ArrowRight", 39),
        ("ArrowDown", 40),
        ("F6", 117),
        ("F8", 119),
        ("F10", 121),
    ];
    let found = named
        .iter()
        .find(|(name, _)| *name == key)
        .map(|(_, code)| *code);
    found
        .or_else(|| {
            key.chars()
                .next()
                .map(|one| one.to_ascii_uppercase().into())
        })
        .unwrap_or(0)
}

/// Decodes base64 with padding.
fn base64(text: &str) -> Vec<u8> {
    let digits = text.bytes().filter_map(|byte| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    });
    let (mut bits, mut held, mut bytes) = (0u32, 0, Vec::with_capacity(text.len() / 4 * 3));
    for digit in digits {
        bits = bits << 6 | u32::from(digit);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes
}
