//! Operations of a terminal's line and its keys: line checks, key blocks of field 62, tracks.

use super::{CalcError, Given, Op, Outputs, op};
use crate::crypto::cipher::Algorithm;
use crate::crypto::key::{Key, Role, Tdk, Tmk};
use crate::crypto::line_check::{self, Crc16};
use crate::crypto::terminal_keys::TerminalKeys;
use crate::crypto::track;
use crate::crypto::working::{Flow, Working, chars, key as whole, octets};

pub(super) const OPS: &[Op] = &[
    op("line.lrc", &["data"], lrc),
    op("line.crc16", &["data", "kind"], crc16),
    op("line.luhn", &["payload"], luhn),
    op(
        "key.terminal_wrap",
        &["cipher", "mak", "pik", "tdk", "tmk"],
        terminal_wrap,
    ),
    op("track.encipher", &["tdk", "track"], |g, w| {
        through_track(g, w, track::encipher)
    }),
    op("track.decipher", &["tdk", "track"], |g, w| {
        through_track(g, w, track::decipher)
    }),
];

fn lrc(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    Ok(Outputs::new().hex("lrc", &[line_check::lrc(&given.hex("data")?, working)]))
}

fn crc16(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let data = given.hex("data")?;
    let kind = given.choice("kind", "xmodem, hdlc or bisync", Crc16::named)?;
    let line = kind.on_the_line(&data);
    working.step(
        "line",
        "the check as it is sent",
        &[octets("data", &data).flow(Flow::Whole)],
        &line,
    );
    Ok(Outputs::new()
        .hex("crc", &kind.of(&data).to_be_bytes())
        .hex("line", &line))
}

fn luhn(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let digit = line_check::luhn_digit(given.text("payload")?, working)?;
    Ok(Outputs::new().text("digit", &digit.to_string()))
}

/// A key of a role, for the algorithm given.
fn key<R: Role>(given: &Given<'_>, input: &'static str) -> Result<Key<R>, CalcError> {
    Ok(Key::new(
        given.cipher("cipher", Algorithm::Tdes)?,
        &given.hex(input)?,
    )?)
}

fn terminal_wrap(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let tmk: Key<Tmk> = key(given, "tmk")?;
    let tdk = if given.has("tdk") {
        Some(key(given, "tdk")?)
    } else {
        None
    };
    let keys = TerminalKeys {
        pik: key(given, "pik")?,
        mak: key(given, "mak")?,
        tdk,
    };
    let block = keys.wrap(&tmk)?;
    let inputs = [
        whole("tmk", tmk.reveal()),
        whole("pik", keys.pik.reveal()),
        whole("mak", keys.mak.reveal()),
    ];
    working.step("block", "E(tmk, key) || kcv, key by key", &inputs, &block);
    Ok(Outputs::new().hex("block", &block))
}

fn through_track(
    given: &Given<'_>,
    working: &mut Working,
    call: fn(&Key<Tdk>, &str) -> Result<String, crate::crypto::CryptoError>,
) -> Result<Outputs, CalcError> {
    let tdk: Key<Tdk> = Key::tdes(&given.hex("tdk")?)?;
    let clear = given.text("track")?;
    let out = call(&tdk, clear)?;
    let inputs = [chars("track", clear), whole("tdk", tdk.reveal())];
    working.text(
        "out",
        "the 16 digits before the last byte, through the cipher",
        &inputs,
        &out,
    );
    Ok(Outputs::new().text("out", &out))
}
