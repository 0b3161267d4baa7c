//! Every sentence a person reads, in English and Chinese: glossary, codes, tags, page texts.
