//! Keys by role: what a key may be used for is part of its type.
//!
//! A MAC cannot be made with a PIN key because no function takes one. The bytes live on the heap
//! and are wiped on drop; `Debug` prints the role and the check value; comparison takes the same
//! time whatever differs.

use super::cipher::{Algorithm, BlockCipher, Cipher64};
use super::error::CryptoError;
use super::kcv;
use std::fmt;
use std::marker::PhantomData;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// What a key is for; implemented by the markers of this module only.
pub trait Role: sealed::Sealed {
    /// Short name, as people write it.
    const NAME: &'static str;
}

/// A role whose keys encipher PIN blocks.
pub trait PinRole: Role {}
/// A role whose keys make MACs.
pub trait MacRole: Role {}
/// A role whose keys encipher other keys.
pub trait WrapRole: Role {}

mod sealed {
    /// Keeps roles to this module.
    pub trait Sealed {}
}

macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident = $name:literal $(: $kind:ident)?;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $role {}
        impl sealed::Sealed for $role {}
        impl Role for $role { const NAME: &'static str = $name; }
        $(impl $kind for $role {})?
    )*};
}

roles! {
    /// Terminal master key: enciphers the working keys of one terminal.
    Tmk = "TMK": WrapRole;
    /// PIN key of a terminal.
    #[doc(alias = "TPK")]
    Pik = "PIK": PinRole;
    /// MAC key of a terminal.
    #[doc(alias = "TAK")]
    Mak = "MAK": MacRole;
    /// Track data key of a terminal.
    #[doc(alias = "TEK")]
    Tdk = "TDK";
    /// Zone master key: enciphers the keys of one link between hosts.
    #[doc(alias = "KEK")]
    Zmk = "ZMK": WrapRole;
    /// PIN key of a link between hosts.
    Zpk = "ZPK": PinRole;
    /// MAC key of a link between hosts.
    Zak = "ZAK": MacRole;
    /// PIN verification key of an issuer.
    Pvk = "PVK";
    /// Card verification key of an issuer: halves A and B.
    Cvk = "CVK";
    /// Issuer master key for application cryptograms.
    #[doc(alias = "MDK")]
    Imk = "IMK";
    /// Master key of one card.
    #[doc(alias = "UDK")]
    IccMk = "ICC-MK";
    /// Session key of one card and one transaction.
    Sk = "SK": MacRole;
    /// Base derivation key of DUKPT.
    Bdk = "BDK";
    /// Initial key of one DUKPT terminal.
    #[doc(alias = "IPEK")]
    Ik = "IK";
}

/// A key and what it may be used for.
pub struct Key<R: Role> {
    algorithm: Algorithm,
    bytes: Zeroizing<Vec<u8>>,
    role: PhantomData<fn() -> R>,
}

impl<R: Role> Key<R> {
    /// A DES key of 8 bytes or a triple DES key of 16 or 24.
    ///
    /// **Errors** `KEY_LENGTH` for any other length.
    pub fn tdes(bytes: &[u8]) -> Result<Self, CryptoError> {
        Self::new(Algorithm::Tdes, bytes)
    }

    /// An SM4 key of 16 bytes.
    ///
    /// **Errors** `KEY_LENGTH` for any other length.
    pub fn sm4(bytes: &[u8]) -> Result<Self, CryptoError> {
        Self::new(Algorithm::Sm4, bytes)
    }

    /// An AES key of 16, 24 or 32 bytes.
    ///
    /// **Errors** `KEY_LENGTH` for any other length.
    pub fn aes(bytes: &[u8]) -> Result<Self, CryptoError> {
        Self::new(Algorithm::Aes, bytes)
    }

    /// A key for an algorithm.
    ///
    /// **Errors** `KEY_LENGTH` when the algorithm takes no key of that length.
    pub fn new(algorithm: Algorithm, bytes: &[u8]) -> Result<Self, CryptoError> {
        BlockCipher::new(algorithm, bytes)?;
        Ok(Self {
            algorithm,
            bytes: Zeroizing::new(bytes.to_vec()),
            role: PhantomData,
        })
    }

    /// The algorithm the key is for.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Length of the key in bytes.
    pub fn len_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// The bytes of the key, spelled out at each use.
    pub fn reveal(&self) -> &[u8] {
        &self.bytes
    }

    /// The key ready for use: prepare once, use for many blocks.
    pub fn cipher(&self) -> BlockCipher {
        // The constructor prepared the same bytes, so the all-zero key is never reached.
        BlockCipher::new(self.algorithm, &self.bytes)
            .unwrap_or_else(|_| BlockCipher::B64(Cipher64::single(&[0; 8])))
    }

    /// The first `N` bytes of a block of zeros enciphered with the key.
    pub fn kcv<const N: usize>(&self) -> [u8; N] {
        kcv::of_zeros(&self.cipher())
    }
}

impl<R: Role> Clone for Key<R> {
    fn clone(&self) -> Self {
        Self {
            algorithm: self.algorithm,
            bytes: self.bytes.clone(),
            role: PhantomData,
        }
    }
}

impl<R: Role> PartialEq for Key<R> {
    fn eq(&self, other: &Self) -> bool {
        self.algorithm == other.algorithm && bool::from(self.bytes.ct_eq(&other.bytes))
    }
}

impl<R: Role> Eq for Key<R> {}

impl<R: Role> fmt::Debug for Key<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(kcv {})", R::NAME, hex::encode_upper(self.kcv::<3>()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_is_role_and_check_value() {
        let key = Key::<Pik>::tdes(&hex::decode("0123456789ABCDEFFEDCBA9876543210").unwrap());
        assert_eq!(format!("{:?}", key.unwrap()), "PIK(kcv 08D7B4)");
    }

    #[test]
    fn a_key_of_seven_bytes_is_refused() {
        let error = Key::<Mak>::tdes(&[0; 7]).unwrap_err();
        assert_eq!(
            error,
            CryptoError::KeyLength {
                allowed: "8, 16 or 24",
                found: 7
            }
        );
    }
}
