//! The nouns of card payments, one type per file.
