//! The first wasm module: the shell, and the panels that must be there at once.

fn main() {
    poslab_web::shell::start();
}
