//! Web Serial, by hand: the few calls the PIN pad panel needs.
//!
//! `web-sys` has this API only behind an unstable flag and without `connected`, so the shapes are
//! written out here. Errors keep their name, which is what tells a pulled plug from a wrong
//! parity; the panel puts words to them.

use gloo::events::EventListener;
use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use poslab_core::pad::probe::{Line, Parity};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::EventTarget;

#[wasm_bindgen]
extern "C" {
    type JsSerial;
    #[wasm_bindgen(method, js_name = getPorts)]
    fn get_ports(this: &JsSerial) -> Promise;
    #[wasm_bindgen(method, js_name = requestPort)]
    fn request_port(this: &JsSerial, options: &JsValue) -> Promise;

    #[derive(Clone)]
    type JsPort;
    #[wasm_bindgen(method)]
    fn open(this: &JsPort, options: &JsValue) -> Promise;
    #[wasm_bindgen(method)]
    fn close(this: &JsPort) -> Promise;
    #[wasm_bindgen(method)]
    fn forget(this: &JsPort) -> Promise;
    #[wasm_bindgen(method, js_name = getInfo)]
    fn get_info(this: &JsPort) -> JsValue;
    #[wasm_bindgen(method, js_name = setSignals)]
    fn set_signals(this: &JsPort, signals: &JsValue) -> Promise;
    #[wasm_bindgen(method, getter)]
    fn readable(this: &JsPort) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn writable(this: &JsPort) -> JsValue;

    type JsStream;
    #[wasm_bindgen(method, js_name = getReader)]
    fn get_reader(this: &JsStream) -> JsReader;
    #[wasm_bindgen(method, js_name = getWriter)]
    fn get_writer(this: &JsStream) -> JsWriter;

    #[derive(Clone)]
    type JsReader;
    #[wasm_bindgen(method)]
    fn read(this: &JsReader) -> Promise;
    #[wasm_bindgen(method)]
    fn cancel(this: &JsReader) -> Promise;
    #[wasm_bindgen(method, js_name = releaseLock)]
    fn release_lock(this: &JsReader);

    type JsWriter;
    #[wasm_bindgen(method)]
    fn write(this: &JsWriter, bytes: &Uint8Array) -> Promise;
    #[wasm_bindgen(method, js_name = releaseLock)]
    fn release_writer(this: &JsWriter);
}

/// What the browser refused, by its name: `NetworkError`, `NotFoundError`, `BreakError`…
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SerialError {
    /// The name of the exception.
    pub name: String,
    /// Its message.
    pub message: String,
}

impl From<JsValue> for SerialError {
    fn from(value: JsValue) -> Self {
        let text = |key: &str| {
            Reflect::get(&value, &key.into())
                .ok()
                .and_then(|v| v.as_string())
                .unwrap_or_default()
        };
        SerialError {
            name: text("name"),
            message: text("message"),
        }
    }
}

/// What a reader hears.
pub enum Heard {
    /// Bytes.
    Bytes(Vec<u8>),
    /// Something went wrong on the line; reading goes on where it can.
    Trouble(SerialError),
    /// The stream ended: closed, or the device is gone.
    End,
}

/// A port that the person has granted.
#[derive(Clone)]
pub struct Port {
    js: JsPort,
    reader: std::rc::Rc<std::cell::RefCell<Option<JsReader>>>,
}

fn serial() -> Option<JsSerial> {
    let navigator = super::window().navigator();
    let serial = Reflect::get(&navigator, &"serial".into()).ok()?;
    (!serial.is_undefined() && !serial.is_null()).then(|| serial.unchecked_into())
}

/// This browser has Web Serial.
pub fn supported() -> bool {
    serial().is_some()
}

/// The ports that were granted before and are there now.
pub async fn ports() -> Vec<Port> {
    let Some(serial) = serial() else {
        return Vec::new();
    };
    match JsFuture::from(serial.get_ports()).await {
        Ok(list) => Array::from(&list).iter().map(Port::of).collect(),
        Err(_) => Vec::new(),
    }
}

/// Asks the person to choose a port; only makers of pads and their adapters when `vendors`.
pub async fn request(vendors: bool) -> Result<Port, SerialError> {
    let Some(serial) = serial() else {
        return Err(SerialError {
            name: "NotSupportedError".to_owned(),
            message: String::new(),
        });
    };
    let options = Object::new();
    if vendors {
        let filters: Array = VENDORS
            .iter()
            .map(|id| object(&[("usbVendorId", JsValue::from_f64(f64::from(*id)))]))
            .collect();
        set(&options, "filters", &filters);
    }
    let chosen = JsFuture::from(serial.request_port(&options)).await?;
    Ok(Port::of(chosen))
}

/// Calls `heed` whenever a granted device is plugged in (`true`) or pulled out (`false`).
pub fn on_plug(heed: impl Fn(bool) + Clone + 'static) {
    let Some(serial) = serial() else { return };
    let target: EventTarget = serial.unchecked_into();
    for (name, plugged) in [("connect", true), ("disconnect", false)] {
        let heed = heed.clone();
        EventListener::new(&target, name, move |_| heed(plugged)).forget();
    }
}

/// Calls `heed` when the person leaves the page.
pub fn on_leave(heed: impl Fn() + 'static) {
    EventListener::new(&super::window(), "pagehide", move |_| heed()).forget();
}

impl Port {
    fn of(js: JsValue) -> Port {
        Port {
            js: js.unchecked_into(),
            reader: std::rc::Rc::default(),
        }
    }

    /// The USB vendor and product, where it has them.
    pub fn ids(&self) -> Option<(u16, u16)> {
        let info = self.js.get_info();
        let id = |key: &str| Reflect::get(&info, &key.into()).ok()?.as_f64();
        Some((id("usbVendorId")? as u16, id("usbProductId")? as u16))
    }

    /// Opens it.
    pub async fn open(&self, line: Line) -> Result<(), SerialError> {
        let parity = match line.parity {
            Parity::None => "none",
            Parity::Even => "even",
            Parity::Odd => "odd",
        };
        let options = object(&[
            ("baudRate", JsValue::from_f64(f64::from(line.baud))),
            ("dataBits", JsValue::from_f64(f64::from(line.data_bits))),
            ("stopBits", JsValue::from_f64(1.0)),
            ("parity", parity.into()),
            ("bufferSize", JsValue::from_f64(16_384.0)),
        ]);
        JsFuture::from(self.js.open(&options)).await?;
        Ok(())
    }

    /// Closes it: the reader is cancelled first, then the port goes.
    pub async fn close(&self) -> Result<(), SerialError> {
        let reader = self.reader.borrow().clone();
        if let Some(reader) = reader {
            let _ = JsFuture::from(reader.cancel()).await;
            // The reading task gives its lock back when its read has ended.
            super::clock::sleep(0).await;
        }
        JsFuture::from(self.js.close()).await?;
        Ok(())
    }

    /// Takes the person's grant back.
    pub async fn forget(&self) -> Result<(), SerialError> {
        JsFuture::from(self.js.forget()).await?;
        Ok(())
    }

    /// Sets one of `dataTerminalReady`, `requestToSend`, `break`.
    pub async fn signal(&self, name: &str, on: bool) -> Result<(), SerialError> {
        let signals = object(&[(name, on.into())]);
        JsFuture::from(self.js.set_signals(&signals)).await?;
        Ok(())
    }

    /// Sends bytes; calls are taken in order, each holds the lock only to hand its bytes over.
    pub fn write(&self, bytes: &[u8], heed: impl FnOnce(SerialError) + 'static) {
        let writable = self.js.writable();
        if writable.is_null() || writable.is_undefined() {
            return;
        }
        let writer = writable.unchecked_into::<JsStream>().get_writer();
        let written = writer.write(&Uint8Array::from(bytes));
        writer.release_writer();
        spawn_local(async move {
            if let Err(error) = JsFuture::from(written).await {
                heed(error.into());
            }
        });
    }

    /// Reads until the port is closed or gone. Errors of the line end a stream, not the reading.
    pub async fn listen(&self, mut heed: impl FnMut(Heard)) {
        let mut failures = 0;
        loop {
            let readable = self.js.readable();
            if readable.is_null() || readable.is_undefined() {
                break;
            }
            let reader = readable.unchecked_into::<JsStream>().get_reader();
            *self.reader.borrow_mut() = Some(reader.clone());
            let (heard, goes_on) = drain(&reader, &mut heed).await;
            reader.release_lock();
            *self.reader.borrow_mut() = None;
            failures = if heard { 0 } else { failures + 1 };
            // A stream that fails as often as it is opened would keep the page from all else.
            if !goes_on || failures > MOST_FAILURES {
                break;
            }
            super::clock::sleep(5).await;
        }
        heed(Heard::End);
    }
}

/// How often in a row a stream may fail before it has given anything.
const MOST_FAILURES: u32 = 50;

/// Reads one stream to its end; whether it gave anything, and whether another may follow.
async fn drain(reader: &JsReader, heed: &mut impl FnMut(Heard)) -> (bool, bool) {
    let mut heard = false;
    loop {
        match JsFuture::from(reader.read()).await {
            Ok(result) => {
                let done = Reflect::get(&result, &"done".into());
                if done.is_ok_and(|done| done.is_truthy()) {
                    return (heard, false);
                }
                if let Ok(value) = Reflect::get(&result, &"value".into()) {
                    heard = true;
                    heed(Heard::Bytes(Uint8Array::new(&value).to_vec()));
                }
            }
            Err(error) => {
                let error = SerialError::from(error);
                let lost = error.name == "NetworkError";
                heed(Heard::Trouble(error));
                return (heard, !lost);
            }
        }
    }
}

fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (key, value) in entries {
        set(&object, key, value);
    }
    object.into()
}

fn set(object: &Object, key: &str, value: &JsValue) {
    // A plain object takes any property.
    let _ = Reflect::set(object, &key.into(), value);
}

/// Makers of pads and of the adapters that pads hang on.
const VENDORS: [u16; 15] = [
    0x11CA, 0x0B00, 0x0F14, 0x079B, 0x0780, 0x0ACD, 0x0801, 0x0CA6, 0x1753, 0x1EAB, 0x2FB8, 0x0403,
    0x067B, 0x1A86, 0x10C4,
];
