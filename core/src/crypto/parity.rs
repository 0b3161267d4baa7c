//! Parity and weak keys of DES: what a key's bytes say about themselves.

/// The key with every byte brought to odd parity by its lowest bit.
pub fn odd(key: &[u8]) -> Vec<u8> {
    key.iter().map(|&byte| odd_byte(byte)).collect()
}

/// One byte brought to odd parity.
pub fn odd_byte(byte: u8) -> u8 {
    if byte.count_ones().is_multiple_of(2) {
        byte ^ 1
    } else {
        byte
    }
}

/// Whether every byte has odd parity.
pub fn is_odd(key: &[u8]) -> bool {
    key.iter().all(|byte| byte.count_ones() % 2 == 1)
}
