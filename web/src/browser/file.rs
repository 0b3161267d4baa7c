//! Files that people drop or choose: read here, never sent anywhere.

use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DragEvent, File};

/// Reads a whole file and hands over its bytes.
pub fn read(file: &File, heed: impl FnOnce(Vec<u8>) + 'static) {
    read_blob(file, heed);
}

/// Reads a part of a file and hands over its bytes.
pub fn read_blob(part: &Blob, heed: impl FnOnce(Vec<u8>) + 'static) {
    let promise = part.array_buffer();
    spawn_local(async move {
        if let Ok(buffer) = JsFuture::from(promise).await {
            heed(js_sys::Uint8Array::new(&buffer).to_vec());
        }
    });
}

/// The file that was dropped.
pub fn dropped(event: &DragEvent) -> Option<File> {
    event.data_transfer()?.files()?.get(0)
}
