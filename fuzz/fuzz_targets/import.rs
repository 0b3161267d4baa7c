//! Any specification file of any format: imported or refused with a line; what is imported can be
//! written, read again, checked, and used on bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use poslab_core::codec::{dissect, self_check};
use poslab_core::frame::Framing;
use poslab_core::spec::import::import;
use poslab_core::spec::to_json;

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };
    match import(text, "fuzz") {
        Ok(imported) => {
            let _ = to_json(&imported.dialect);
            let _ = self_check(&imported.dialect);
            let _ = dissect(&imported.dialect, input, &Framing::none());
            for warning in &imported.warnings {
                assert!(!warning.text().is_empty());
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
