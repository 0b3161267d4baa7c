//! DUKPT of 1998 with single DES: eight-byte keys, PIN blocks mixed with the key on both sides.
//!
//! Terminals with it are gone, but logs and test sets are not, and a value made by it explains
//! many a "wrong" PIN block.

use super::tdes::{self, Ksn, MAX_COUNTER_BITS};
use crate::crypto::cipher::{Cipher64, xor};
use crate::crypto::error::CryptoError;
use crate::crypto::working::{Flow, Working, key as whole, octets};

/// The key of one transaction: the left half of the initial key taken through the counter's bits.
///
/// **Errors** `KEY_LENGTH` unless the BDK is 16 bytes, `COUNTER_ZERO`, `COUNTER_BITS`.
pub fn transaction_key(
    bdk: &[u8],
    ksn: Ksn,
    working: &mut Working,
) -> Result<[u8; 8], CryptoError> {
    let ik = tdes::initial_key(bdk, ksn, working)?;
    check_counter(ksn)?;
    let [mut key @ .., _, _, _, _, _, _, _, _] = ik;
    let [_, _, register @ ..] = *ksn.with_counter(0).bytes();
    let mut register = u64::from_be_bytes(register);
    let mut name = "ik".to_owned();
    for bit in (0..21).rev().map(|shift| 1u64 << shift) {
        if u64::from(ksn.counter()) & bit == 0 {
            continue;
        }
        register |= bit;
        let mixed = xor(&register.to_be_bytes(), &key);
        let next = xor(&Cipher64::single(&key).encrypt(mixed), &key);
        if working.is_recording() {
            let data = register.to_be_bytes();
            let from = [octets("ksn", ksn.bytes()).flow(Flow::From(2))];
            let formula = "register = KSN, counter bits up to this one";
            working.step("register", formula, &from, &data);
            let inputs = [whole(&name, &key), whole("register", &data)];
            let row = format!("key_{:06X}", register & 0x1F_FFFF);
            working.step(
                &row,
                "key = E(key before, register XOR key) XOR key",
                &inputs,
                &next,
            );
            name = row;
        }
        key = next;
    }
    working.step(
        "txn_key",
        "txn_key = key of the last set bit",
        &[octets(&name, &key)],
        &key,
    );
    Ok(key)
}

/// The vector set counts `1FF800`, ten bits from the very top, as beyond the last transaction of
/// this generation and takes `0FFC00`, also ten bits; we follow it (the 1998 text was not read).
fn check_counter(ksn: Ksn) -> Result<(), CryptoError> {
    ksn.check_counter()?;
    let found = ksn.counter().count_ones();
    if found == MAX_COUNTER_BITS && ksn.counter() >> 20 == 1 {
        return Err(CryptoError::CounterBits {
            max: MAX_COUNTER_BITS - 1,
            found,
        });
    }
    Ok(())
}

/// The PIN key: the transaction key with its last byte flipped.
pub fn pin_key(txn_key: &[u8; 8]) -> [u8; 8] {
    xor(txn_key, &[0, 0, 0, 0, 0, 0, 0, 0xFF])
}

/// Enciphers a clear PIN block: mixed with the key before and after.
pub fn encipher_pin_block(pin_key: &[u8; 8], clear: [u8; 8], working: &mut Working) -> [u8; 8] {
    let mixed = xor(&clear, pin_key);
    let enciphered = Cipher64::single(pin_key).encrypt(mixed);
    let out = xor(&enciphered, pin_key);
    let inputs = [octets("pin_block", &clear), octets("pin_key", pin_key)];
    working.step("mixed", "mixed = pin_block XOR pin_key", &inputs, &mixed);
    let inputs = [
        octets("mixed", &mixed).flow(Flow::Whole),
        whole("pin_key", pin_key),
    ];
    working.step(
        "enciphered",
        "enciphered = E(pin_key, mixed)",
        &inputs,
        &enciphered,
    );
    let inputs = [
        octets("enciphered", &enciphered),
        octets("pin_key", pin_key),
    ];
    working.step("out", "out = enciphered XOR pin_key", &inputs, &out);
    out
}
