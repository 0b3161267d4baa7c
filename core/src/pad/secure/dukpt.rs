//! DUKPT for triple DES as ANSI X9.24-2009 has it: one key per PIN, none ever used twice.

use super::cipher::{encipher, xor};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A DUKPT register: the initial key, and the serial number with its counter.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Dukpt {
    initial: [u8; 16],
    #[zeroize(skip)]
    serial: [u8; 10],
}

/// A key of double length that is wiped when dropped.
pub(crate) type Double = zeroize::Zeroizing<[u8; 16]>;

impl Dukpt {
    /// A register as it stands after loading; the first transaction uses the next counter.
    pub(crate) fn new(initial: [u8; 16], serial: [u8; 10]) -> Self {
        Self { initial, serial }
    }

    /// The serial number of the last transaction.
    pub(crate) fn serial(&self) -> [u8; 10] {
        self.serial
    }

    /// Moves to the next counter with at most ten bits set; `None` when the register is spent.
    pub(crate) fn step(&mut self) -> Option<()> {
        let (head, counter) = split(self.serial);
        let mut next = counter + 1;
        while next.count_ones() > 10 {
            next += next & next.wrapping_neg();
        }
        if next > COUNTER {
            return None;
        }
        self.serial = join(self.serial, head | next);
        Some(())
    }

    /// The key that enciphers a PIN at this counter.
    pub(crate) fn pin_key(&self) -> Double {
        masked(&self.transaction_key(), 0x0000_0000_0000_00FF)
    }

    /// The key that enciphers data at this counter: the variant put through itself.
    pub(crate) fn data_key(&self) -> Double {
        let variant = masked(&self.transaction_key(), 0x0000_0000_00FF_0000);
        let (left, right) = halves(&variant);
        both(
            encipher(variant.as_slice(), left),
            encipher(variant.as_slice(), right),
        )
    }

    fn transaction_key(&self) -> Double {
        let (head, counter) = split(self.serial);
        let mut register = head;
        let mut key = Double::new(self.initial);
        for bit in (0..21).rev().map(|shift| 1u64 << shift) {
            if counter & bit != 0 {
                register |= bit;
                key = descend(&key, register.to_be_bytes());
            }
        }
        key
    }
}

/// One step down the tree of keys: there is no way back up.
fn descend(key: &Double, register: [u8; 8]) -> Double {
    let (left, right) = halves(key);
    let low = xor(encipher(&left, xor(register, right)), right);
    let other = masked(key, 0xC0C0_C0C0_0000_0000);
    let (left, right) = halves(&other);
    let high = xor(encipher(&left, xor(register, right)), right);
    both(high, low)
}

fn masked(key: &Double, mask: u64) -> Double {
    let (left, right) = halves(key);
    both(
        xor(left, mask.to_be_bytes()),
        xor(right, mask.to_be_bytes()),
    )
}

fn halves(key: &Double) -> ([u8; 8], [u8; 8]) {
    let whole = u128::from_be_bytes(**key);
    (
        ((whole >> 64) as u64).to_be_bytes(),
        (whole as u64).to_be_bytes(),
    )
}

fn both(left: [u8; 8], right: [u8; 8]) -> Double {
    let whole =
        (u128::from(u64::from_be_bytes(left)) << 64) | u128::from(u64::from_be_bytes(right));
    Double::new(whole.to_be_bytes())
}

/// The low eight bytes of a serial number, without and with its 21-bit counter.
fn split(serial: [u8; 10]) -> (u64, u64) {
    let [_, _, low @ ..] = serial;
    let low = u64::from_be_bytes(low);
    (low & !COUNTER, low & COUNTER)
}

fn join(serial: [u8; 10], low: u64) -> [u8; 10] {
    let [a, b, ..] = serial;
    let [c, d, e, f, g, h, i, j] = low.to_be_bytes();
    [a, b, c, d, e, f, g, h, i, j]
}

const COUNTER: u64 = 0x1F_FFFF;

#[cfg(test)]
mod tests {
    use super::*;

    fn loaded(counter: u64) -> Dukpt {
        let initial = 0x6AC2_92FA_A131_5B4D_858A_B3A3_D7D5_933A_u128.to_be_bytes();
        let serial = join([0xFF; 10], 0x9876_5432_10E0_0000 | counter);
        Dukpt::new(initial, serial)
    }

    /// ANSI X9.24-1:2009 annex A.4: the first transaction of the published register.
    #[test]
    fn the_first_transaction_is_the_published_one() {
        let mut register = loaded(0);
        register.step().expect("a fresh register has keys");
        assert_eq!(hex::encode_upper(register.serial()), "FFFF9876543210E00001");
        let key = register.transaction_key();
        assert_eq!(hex::encode_upper(*key), "042666B49184CFA368DE9628D0397BC9");
        let block = 0x0412_74ED_CBA9_876F_u64.to_be_bytes();
        let out = encipher(register.pin_key().as_slice(), block);
        assert_eq!(hex::encode_upper(out), "1B9C1845EB993A7A");
    }

    #[test]
    fn counters_with_more_than_ten_bits_are_skipped_and_the_register_ends() {
        let mut register = loaded(0x7FE);
        register
            .step()
            .expect("ten bits are allowed at 0x7FE + 1? no: skipped");
        let (_, counter) = split(register.serial());
        assert_eq!(counter, 0x800);
        let mut last = loaded(0x1F_F800);
        assert_eq!(last.step(), None);
    }
}
