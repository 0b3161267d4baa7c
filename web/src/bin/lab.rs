//! The second wasm module: the panels that can wait, and the worker's engine.

fn main() {
    if poslab_web::browser::in_worker() {
        poslab_web::panel::lab::serve();
    } else {
        poslab_web::panel::lab::start();
    }
}
