//! The pieces that panels share.
