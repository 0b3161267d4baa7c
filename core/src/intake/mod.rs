//! What people paste, turned into bytes or fields, with a map back to the characters.
