//! Files that people drop or choose: read here, never sent anywhere.

use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

/// Reads a whole file and hands over its bytes.
pub fn read(file: &File, heed: impl FnOnce(Vec<u8>) + 'static) {
    let promise = file.array_buffer();
    spawn_local(async move {
        if let Ok(buffer) = JsFuture::from(promise).await {
            heed(js_sys::Uint8Array::new(&buffer).to_vec());
        }
    });
}
