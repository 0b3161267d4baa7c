//! What starting any Rust program costs: the measure of `poslab decode` on one message.

fn main() {}
