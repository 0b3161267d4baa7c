//! The poslab page: thin panels over `poslab-core`, built into four wasm modules.
//!
//! | module | holds |
//! |---|---|
//! | [`shell`] | what surrounds every panel: tabs, languages, themes, the footer's command, the router |
//! | [`panel`] | the verbs of the command line, one module each; the list of tabs |
//! | [`widget`] | the pieces panels share; they draw rows of `poslab_core::view` |
//! | [`dom`] | elements by call, for the module that must be light; the others use `view!` |
//! | [`words`] | every sentence of the page in English and Chinese, checked at build time |
//! | [`browser`] | the only users of gloo, wasm-bindgen and web-sys |
//!
//! The binary `page` starts the shell and draws the panel that must be there first; the others
//! draw theirs into elements the shell keeps for them, and `world` is the worker's engine too.
//! Each has its own Leptos runtime; they agree through the document: its language, its fragment,
//! and the events of [`browser::event`].

pub mod browser;
pub mod dom;
pub mod panel;
pub mod shell;
pub mod widget;
pub mod words;
