//! Octets, digits, nibbles and character sets, with spans counted in bits.
