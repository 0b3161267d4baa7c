//! Gives the shared object the name by which Chromium links the real library.

fn main() {
    println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libudev.so.1");
}
