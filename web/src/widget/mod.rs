//! The pieces that panels share.
//!
//! | widget | draws |
//! |---|---|
//! | [`hex::HexPane`] | a [`poslab_core::view::grid::Grid`], with marks exact to the bit |
//! | [`tree::TreePane`] | the rows of [`poslab_core::view::outline`], as an ARIA tree |
//! | [`pick::Pick`] | nothing: the range of bits that panes share |

pub mod hex;
pub mod marks;
pub mod pick;
pub mod tree;
