//! The shapes of what the verbs of `poslab pad` print with `--format json`, and of a traffic log.

use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// One object that `poslab pad` prints: an answer, a line of traffic, an event of the emulator, or
/// an error on standard error.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "the members only describe the shape")]
pub(super) enum Pad {
    /// `pad ports`.
    Ports(Ports),
    /// `pad identify`.
    Identify(Identify),
    /// `pad info`.
    Info(Info),
    /// `pad display`.
    Display(Display),
    /// `pad key`.
    Key(Key),
    /// `pad pin`.
    Pin(Pin),
    /// `pad mac`.
    Mac(Mac),
    /// `pad load-key`.
    LoadKey(LoadKey),
    /// The first line of `pad emulate`.
    Ready(Ready),
    /// Later lines of `pad emulate`.
    Event(Event),
    /// A line of `--log`, `pad sniff` and `pad replay`.
    Traffic(Traffic),
    /// What stands on standard error when a verb failed.
    Error(Error),
}

/// The serial ports of this machine: `poslab/pad-ports/1`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
pub(super) struct Ports {
    /// Always `poslab/pad-ports/1`.
    schema: String,
    /// The ports.
    ports: Vec<Port>,
}

/// A serial port.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
struct Port {
    /// Its name: `/dev/ttyUSB0`, `COM3`.
    port: String,
    /// `usb`, `pci`, `bluetooth` or `serial`.
    kind: String,
    /// USB vendor, four hex digits.
    vid: Option<String>,
    /// USB product, four hex digits.
    pid: Option<String>,
    /// The maker in the device's words.
    maker: Option<String>,
    /// The product in the device's words.
    product: Option<String>,
    /// The serial number.
    serial: Option<String>,
    /// Whose pad or adapter the vendor number suggests.
    likely: Option<String>,
}

/// Which pad hangs on a port: `poslab/pad-identify/1`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
pub(super) struct Identify {
    /// Always `poslab/pad-identify/1`.
    schema: String,
    /// The port.
    port: String,
    /// `abecs`, `visa`, `epp`, or another that is recognised and not spoken.
    family: String,
    /// The line it answered at: `9600-8N1`.
    line: String,
    /// How an EPP writes: `hex`, `binary`, `binary-03`.
    coding: Option<String>,
    /// What it said.
    said: String,
}

/// What a pad says of itself: `poslab/pad-info/1`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
pub(super) struct Info {
    /// Always `poslab/pad-info/1`.
    schema: String,
    /// Names and values; the names are the family's.
    info: BTreeMap<String, String>,
}

/// A text was shown: `poslab/pad-display/1`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
pub(super) struct Display {
    /// Always `poslab/pad-display/1`.
    schema: String,
    /// Always true; a refusal is an error.
    shown: bool,
}

/// A key that is no secret: `poslab/pad-key/1`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
pub(super) struct Key {
    /// Always `poslab/pad-key/1`.
    schema: String,
    /// `enter`, `clear`, `cancel`, `f1`, `up`, a digit …
    key: String,
}

/// An enciphered PIN block: `poslab/pad-pin/1`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
pub(super) struct Pin {
    /// Always `poslab/pad-pin/1`.
    schema: String,
    /// Sixteen hex digits.
    pin_block: String,
    /// The DUKPT serial number, twenty hex digits.
    ksn: Option<String>,
}

/// A MAC: `poslab/pad-mac/1`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
pub(super) struct Mac {
    /// Always `poslab/pad-mac/1`.
    schema: String,
    /// Sixteen hex digits.
    mac: String,
}

/// Keys were changed: `poslab/pad-load-key/1`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
pub(super) struct LoadKey {
    /// Always `poslab/pad-load-key/1`.
    schema: String,
    /// Always true; a refusal is an error.
    loaded: bool,
    /// The check value, where the pad gives one.
    check: Option<String>,
}

/// An emulated pad is there: `poslab/pad-emulate/1`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
pub(super) struct Ready {
    /// Always `poslab/pad-emulate/1`.
    schema: String,
    /// Always `ready`.
    event: String,
    /// The pseudo-terminal to connect to, or the link to it.
    port: String,
    /// `abecs`, `visa` or `epp`.
    protocol: String,
}

/// Something that happened inside an emulated pad.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
pub(super) struct Event {
    /// `display`, `key-loaded`, `keys-wiped`, `pin-taken`, `bad-check`, `unknown-command`.
    event: String,
    /// The display's lines.
    lines: Option<Vec<String>>,
    /// Where a key was put.
    slot: Option<String>,
    /// Its check value.
    kcv: Option<String>,
    /// How many digits a PIN had.
    digits: Option<usize>,
    /// The command that is not known.
    name: Option<String>,
}

/// A piece of traffic; `replay` reads `at_ms`, `direction` and `hex`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
pub(super) struct Traffic {
    /// Milliseconds since the log began.
    at_ms: u64,
    /// `to-pad` or `from-pad`.
    direction: String,
    /// The bytes, two stars for each that is hidden.
    hex: String,
    /// `frame`, `damaged`, `control` or `noise`.
    what: String,
    /// The family of a frame.
    family: Option<String>,
    /// The command or answer in a few letters.
    code: String,
    /// What it does.
    title: String,
    /// Its parts, in order.
    parts: Vec<Part>,
}

/// A stretch of a frame.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
struct Part {
    /// First byte, and the one after the last.
    bytes: (usize, usize),
    /// What it is.
    name: String,
    /// What it says, masked where it must be.
    text: String,
}

/// Why a verb failed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
pub(super) struct Error {
    /// What went wrong.
    error: Wrong,
}

/// What went wrong.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the members only describe the shape")]
struct Wrong {
    /// `refused`, `cancelled`, `timed-out`, `unsupported`, `not-found`, `differs` (exit 1), `usage`
    /// (2), `undecodable` (3), `permission`, `busy`, `gone`, `no-answer`, `io` (4).
    code: String,
    /// In words.
    message: String,
    /// What helps.
    fix: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::pad::samples;

    #[test]
    fn what_pad_prints_is_what_the_schema_says() {
        let samples = samples();
        assert!(samples.len() > 12);
        for sample in samples {
            let read: Result<Pad, _> = serde_json::from_str(&sample);
            assert!(read.is_ok(), "{sample}: {read:?}");
        }
        let wrong: Result<Pad, _> = serde_json::from_str("{\"schema\":\"poslab/pad-pin/1\"}");
        assert!(wrong.is_err(), "{wrong:?}");
    }
}
