//! Mistakes in key check values.

use super::{Mistake, Search};
use serde_json::json;

/// Other methods, and the left half alone.
pub(super) fn check_values(search: &mut Search<'_>) {
    let method = search.text("method");
    // The full check value, so that a longer or shorter observed one compares too.
    let full = |search: &mut Search<'_>, mistake, method: &str, key: String| {
        search.with(mistake, "kcv", |inputs| {
            inputs.insert("method".to_owned(), json!(method));
            inputs.insert("key".to_owned(), json!(key));
            inputs.insert("bytes".to_owned(), json!(8));
        });
    };
    let key = search.text("key").to_owned();
    if let Some(left) = key.get(..16).filter(|_| key.len() > 16) {
        full(search, Mistake::LeftHalfOnly, "TDES-ECB-0", left.to_owned());
    }
    let cmac = method.contains("CMAC");
    let zero = method
        .replace("CMAC-empty", "ECB-0")
        .replace("CMAC-0", "ECB-0");
    if cmac {
        full(search, Mistake::LegacyZero, &zero, key.clone());
        full(search, Mistake::LegacyZero, "TDES-ECB-0", key.clone());
        let empty = method.replace("CMAC-0", "CMAC-empty");
        full(search, Mistake::CmacEmpty, &empty, key.clone());
    }
    if !method.starts_with("AES") {
        full(search, Mistake::AesZero, "AES-ECB-0", key.clone());
    }
    full(search, Mistake::AesCmac, "AES-CMAC-0", key.clone());
    if !method.starts_with("SM4") {
        full(search, Mistake::Sm4Zero, "SM4-ECB-0", key.clone());
    }
    if let (Some(left), Some(right)) = (key.get(..16), key.get(16..32)) {
        full(
            search,
            Mistake::HalvesSwapped,
            method,
            format!("{right}{left}"),
        );
    }
}
