//! What a dialect says of each field, and the loaders and importers that read it.
