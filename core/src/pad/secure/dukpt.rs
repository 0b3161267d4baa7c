//! A DUKPT register of a pad: the initial key, and the serial number with its counter, which only
//! goes on. The derivation is that of [`crate::crypto::dukpt`].

use crate::crypto::dukpt::tdes::{self, Ksn, Usage};
use crate::crypto::working::Working;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// A register.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Dukpt {
    initial: [u8; 16],
    #[zeroize(skip)]
    serial: Ksn,
}

/// A key of double length that is wiped when dropped.
pub(crate) type Double = Zeroizing<[u8; 16]>;

impl Dukpt {
    /// A register as it stands after loading; the first transaction uses the next counter.
    pub(crate) fn new(initial: [u8; 16], serial: [u8; 10]) -> Self {
        let serial = Ksn::new(&serial).expect("ten bytes are a serial number");
        Self { initial, serial }
    }

    /// The serial number of the last transaction.
    pub(crate) fn serial(&self) -> [u8; 10] {
        *self.serial.bytes()
    }

    /// Moves to the next counter with at most ten bits set; `None` when the register is spent.
    pub(crate) fn step(&mut self) -> Option<()> {
        let mut next = self.serial.counter() + 1;
        while next.count_ones() > tdes::MAX_COUNTER_BITS {
            next += next & next.wrapping_neg();
        }
        if next > LAST {
            return None;
        }
        self.serial = self.serial.with_counter(next);
        Some(())
    }

    /// The key that enciphers a PIN at this counter.
    pub(crate) fn pin_key(&self) -> Double {
        Double::new(tdes::variant(&self.transaction_key(), Usage::Pin))
    }

    /// The key that enciphers data at this counter: the variant put through itself.
    pub(crate) fn data_key(&self) -> Double {
        Double::new(tdes::data_key(&self.transaction_key(), Usage::DataRequest))
    }

    fn transaction_key(&self) -> Double {
        let key = tdes::transaction_key(self.initial, self.serial, &mut Working::off());
        Double::new(key.expect("a step leaves a counter that a terminal may use"))
    }
}

/// The last counter of a register, all of its 21 bits.
const LAST: u32 = 0x1F_FFFF;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pad::secure::cipher::encipher;

    fn loaded(counter: u32) -> Dukpt {
        let initial = 0x6AC2_92FA_A131_5B4D_858A_B3A3_D7D5_933A_u128.to_be_bytes();
        let serial = [0xFF, 0xFF, 0x98, 0x76, 0x54, 0x32, 0x10, 0xE0, 0, 0];
        let serial = Ksn::new(&serial).expect("ten bytes").with_counter(counter);
        Dukpt::new(initial, *serial.bytes())
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
        register.step().expect("0x7FF has eleven bits: skipped");
        assert_eq!(register.serial.counter(), 0x800);
        let mut last = loaded(0x1F_F800);
        assert_eq!(last.step(), None);
    }
}
