//! Everything a person reads about payments: glossary, codes, tags and sentences in two languages.
//!
//! It stands apart so that the page, the command line and the documents say the same thing in the
//! same words. It knows no dialect and no bytes: fields come in by path and canonical value, so
//! every layer above may ask. Texts are static and looked up where they lie.

mod code;
mod describe;
mod finding;
mod glossary;
pub mod iad;
pub mod key_block;
mod lang;
pub mod mti;
pub(crate) mod nearest;
mod sentence;
mod tag;
pub mod working;

pub use code::{Code, CodeList, action, response_code};
pub use describe::{Lookup, describe};
pub use finding::{FindingExample, FindingWords, findings, hint};
pub use glossary::{Glossary, Sentences, Term};
pub use lang::{Lang, Text};
pub use sentence::{Facts, sentence};
pub use tag::{BitMeaning, EmvTag, TagOrigin, bits, emv_tag, emv_tags};
