//! Block ciphers with their key schedules ready, and the two modes everything else stands on.
//!
//! DES and triple DES have blocks of 8 bytes, AES and SM4 of 16; the two are different types so
//! that one block in is one block out and nothing can fail. The ciphers themselves are
//! RustCrypto's; the modes are here because payment standards pad, chain and cut in their own ways.

use super::error::CryptoError;
use cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, BlockSizeUser, KeyInit};
use std::fmt;

/// DES or triple DES with its schedule ready: blocks of 8 bytes.
#[derive(Clone)]
pub struct Cipher64 {
    schedule: Schedule64,
}

#[derive(Clone)]
enum Schedule64 {
    Single(des::Des),
    Double(Box<des::TdesEde2>),
    Triple(Box<des::TdesEde3>),
}

impl Cipher64 {
    /// Single DES.
    ///
    /// **Shape** 8 bytes of key; parity bits are ignored.
    pub fn des(key: &[u8]) -> Result<Self, CryptoError> {
        let refuse = |_| CryptoError::KeyLength {
            allowed: "8",
            found: key.len(),
        };
        let schedule = Schedule64::Single(des::Des::new_from_slice(key).map_err(refuse)?);
        Ok(Self { schedule })
    }

    /// Triple DES in encrypt-decrypt-encrypt order.
    ///
    /// **Shape** 16 or 24 bytes of key; 8 bytes give single DES, which is what equal keys do.
    pub fn tdes(key: &[u8]) -> Result<Self, CryptoError> {
        let refuse = |_| CryptoError::KeyLength {
            allowed: "8, 16 or 24",
            found: key.len(),
        };
        let schedule = match key.len() {
            8 => Schedule64::Single(des::Des::new_from_slice(key).map_err(refuse)?),
            16 => Schedule64::Double(Box::new(KeyInit::new_from_slice(key).map_err(refuse)?)),
            _ => Schedule64::Triple(Box::new(KeyInit::new_from_slice(key).map_err(refuse)?)),
        };
        Ok(Self { schedule })
    }

    /// Triple DES with a double-length key, which always fits.
    pub fn double(key: &[u8; 16]) -> Self {
        Self {
            schedule: Schedule64::Double(Box::new(des::TdesEde2::new(key.into()))),
        }
    }

    /// Single DES with a key of the right length, which always fits.
    pub fn single(key: &[u8; 8]) -> Self {
        Self {
            schedule: Schedule64::Single(des::Des::new(key.into())),
        }
    }

    /// Enciphers one block.
    pub fn encrypt(&self, block: [u8; 8]) -> [u8; 8] {
        match &self.schedule {
            Schedule64::Single(cipher) => encrypt(cipher, block),
            Schedule64::Double(cipher) => encrypt(&**cipher, block),
            Schedule64::Triple(cipher) => encrypt(&**cipher, block),
        }
    }

    /// Deciphers one block.
    pub fn decrypt(&self, block: [u8; 8]) -> [u8; 8] {
        match &self.schedule {
            Schedule64::Single(cipher) => decrypt(cipher, block),
            Schedule64::Double(cipher) => decrypt(&**cipher, block),
            Schedule64::Triple(cipher) => decrypt(&**cipher, block),
        }
    }
}

impl fmt::Debug for Cipher64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.schedule {
            Schedule64::Single(_) => "Cipher64(DES)",
            Schedule64::Double(_) => "Cipher64(TDES, 2 keys)",
            Schedule64::Triple(_) => "Cipher64(TDES, 3 keys)",
        })
    }
}

/// AES or SM4 with its schedule ready: blocks of 16 bytes.
#[derive(Clone)]
pub struct Cipher128 {
    schedule: Schedule128,
}

#[derive(Clone)]
enum Schedule128 {
    Aes128(Box<aes::Aes128>),
    Aes192(Box<aes::Aes192>),
    Aes256(Box<aes::Aes256>),
    Sm4(Box<sm4::Sm4>),
}

impl Cipher128 {
    /// AES.
    ///
    /// **Shape** 16, 24 or 32 bytes of key.
    pub fn aes(key: &[u8]) -> Result<Self, CryptoError> {
        let refuse = |_| CryptoError::KeyLength {
            allowed: "16, 24 or 32",
            found: key.len(),
        };
        let schedule = match key.len() {
            16 => Schedule128::Aes128(Box::new(KeyInit::new_from_slice(key).map_err(refuse)?)),
            24 => Schedule128::Aes192(Box::new(KeyInit::new_from_slice(key).map_err(refuse)?)),
            _ => Schedule128::Aes256(Box::new(KeyInit::new_from_slice(key).map_err(refuse)?)),
        };
        Ok(Self { schedule })
    }

    /// SM4.
    ///
    /// **Shape** 16 bytes of key.
    pub fn sm4(key: &[u8]) -> Result<Self, CryptoError> {
        let refuse = |_| CryptoError::KeyLength {
            allowed: "16",
            found: key.len(),
        };
        let schedule = Schedule128::Sm4(Box::new(KeyInit::new_from_slice(key).map_err(refuse)?));
        Ok(Self { schedule })
    }

    /// Enciphers one block.
    pub fn encrypt(&self, block: [u8; 16]) -> [u8; 16] {
        match &self.schedule {
            Schedule128::Aes128(cipher) => encrypt(&**cipher, block),
            Schedule128::Aes192(cipher) => encrypt(&**cipher, block),
            Schedule128::Aes256(cipher) => encrypt(&**cipher, block),
            Schedule128::Sm4(cipher) => encrypt(&**cipher, block),
        }
    }

    /// Deciphers one block.
    pub fn decrypt(&self, block: [u8; 16]) -> [u8; 16] {
        match &self.schedule {
            Schedule128::Aes128(cipher) => decrypt(&**cipher, block),
            Schedule128::Aes192(cipher) => decrypt(&**cipher, block),
            Schedule128::Aes256(cipher) => decrypt(&**cipher, block),
            Schedule128::Sm4(cipher) => decrypt(&**cipher, block),
        }
    }
}

impl fmt::Debug for Cipher128 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.schedule {
            Schedule128::Aes128(_) => "Cipher128(AES-128)",
            Schedule128::Aes192(_) => "Cipher128(AES-192)",
            Schedule128::Aes256(_) => "Cipher128(AES-256)",
            Schedule128::Sm4(_) => "Cipher128(SM4)",
        })
    }
}

fn encrypt<C, const N: usize>(cipher: &C, block: [u8; N]) -> [u8; N]
where
    C: BlockCipherEncrypt + BlockSizeUser,
    Block<C>: From<[u8; N]> + Into<[u8; N]>,
{
    let mut block = Block::<C>::from(block);
    cipher.encrypt_block(&mut block);
    block.into()
}

fn decrypt<C, const N: usize>(cipher: &C, block: [u8; N]) -> [u8; N]
where
    C: BlockCipherDecrypt + BlockSizeUser,
    Block<C>: From<[u8; N]> + Into<[u8; N]>,
{
    let mut block = Block::<C>::from(block);
    cipher.decrypt_block(&mut block);
    block.into()
}

/// The block ciphers payment systems use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// Single DES.
    Des,
    /// Triple DES with 1, 2 or 3 keys.
    Tdes,
    /// AES with 128, 192 or 256 bits.
    Aes,
    /// SM4.
    Sm4,
}

impl Algorithm {
    /// The algorithm of a name as the vector set writes it.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "DES" => Some(Self::Des),
            "TDES" | "3DES" | "TDEA" => Some(Self::Tdes),
            "AES" => Some(Self::Aes),
            "SM4" => Some(Self::Sm4),
            _ => None,
        }
    }

    /// The algorithm's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Des => "DES",
            Self::Tdes => "TDES",
            Self::Aes => "AES",
            Self::Sm4 => "SM4",
        }
    }
}

/// Any block cipher, for modes that do not care which.
#[derive(Debug, Clone)]
pub enum BlockCipher {
    /// Blocks of 8 bytes.
    B64(Cipher64),
    /// Blocks of 16 bytes.
    B128(Cipher128),
}

impl BlockCipher {
    /// Prepares `key` for an algorithm.
    pub fn new(algorithm: Algorithm, key: &[u8]) -> Result<Self, CryptoError> {
        match algorithm {
            Algorithm::Des => Cipher64::des(key).map(Self::B64),
            Algorithm::Tdes => Cipher64::tdes(key).map(Self::B64),
            Algorithm::Aes => Cipher128::aes(key).map(Self::B128),
            Algorithm::Sm4 => Cipher128::sm4(key).map(Self::B128),
        }
    }

    /// Bytes of one block.
    pub fn block_len(&self) -> usize {
        match self {
            Self::B64(_) => 8,
            Self::B128(_) => 16,
        }
    }

    /// Enciphers every whole block in place, each by itself; a rest stays as it is.
    pub fn encrypt_blocks(&self, data: &mut [u8]) {
        match self {
            Self::B64(c) => data
                .as_chunks_mut()
                .0
                .iter_mut()
                .for_each(|b| *b = c.encrypt(*b)),
            Self::B128(c) => data
                .as_chunks_mut()
                .0
                .iter_mut()
                .for_each(|b| *b = c.encrypt(*b)),
        }
    }

    /// Deciphers every whole block in place, each by itself; a rest stays as it is.
    pub fn decrypt_blocks(&self, data: &mut [u8]) {
        match self {
            Self::B64(c) => data
                .as_chunks_mut()
                .0
                .iter_mut()
                .for_each(|b| *b = c.decrypt(*b)),
            Self::B128(c) => data
                .as_chunks_mut()
                .0
                .iter_mut()
                .for_each(|b| *b = c.decrypt(*b)),
        }
    }

    /// Enciphers one block given as a slice of [`block_len`](Self::block_len) bytes.
    pub fn encrypted(&self, block: &[u8]) -> Vec<u8> {
        let mut out = block.to_vec();
        self.encrypt_blocks(&mut out);
        out
    }

    /// Electronic code book, enciphering.
    ///
    /// **Errors** `DATA_LENGTH` unless the data is one or more whole blocks.
    pub fn ecb_encrypt(&self, data: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.whole_blocks(data)?;
        Ok(self.encrypted(data))
    }

    /// Electronic code book, deciphering.
    ///
    /// **Errors** `DATA_LENGTH` unless the data is one or more whole blocks.
    pub fn ecb_decrypt(&self, data: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.whole_blocks(data)?;
        let mut out = data.to_vec();
        self.decrypt_blocks(&mut out);
        Ok(out)
    }

    /// Cipher block chaining, enciphering.
    ///
    /// **Errors** `DATA_LENGTH` unless the data is whole blocks, `IV_LENGTH` unless the IV is one.
    pub fn cbc_encrypt(&self, iv: &[u8], data: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.whole_blocks(data)?;
        self.one_block(iv)?;
        let mut out = data.to_vec();
        let mut chain = iv.to_vec();
        for block in out.chunks_exact_mut(self.block_len()) {
            xor_into(block, &chain);
            self.encrypt_blocks(block);
            chain.copy_from_slice(block);
        }
        Ok(out)
    }

    /// Cipher block chaining, deciphering.
    ///
    /// **Errors** `DATA_LENGTH` unless the data is whole blocks, `IV_LENGTH` unless the IV is one.
    pub fn cbc_decrypt(&self, iv: &[u8], data: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.whole_blocks(data)?;
        self.one_block(iv)?;
        let mut out = data.to_vec();
        let mut chain = iv;
        for (block, before) in out
            .chunks_exact_mut(self.block_len())
            .zip(data.chunks_exact(self.block_len()))
        {
            self.decrypt_blocks(block);
            xor_into(block, chain);
            chain = before;
        }
        Ok(out)
    }

    /// Cipher feedback: each unit of ciphertext goes back into the register; `unit` is the block
    /// length for plain CFB and 1 for CFB8.
    ///
    /// **Errors** `IV_LENGTH` unless the IV is one block.
    pub fn cfb(
        &self,
        iv: &[u8],
        data: &[u8],
        unit: usize,
        decrypt: bool,
    ) -> Result<Vec<u8>, CryptoError> {
        self.one_block(iv)?;
        let mut register = iv.to_vec();
        let mut out = data.to_vec();
        for (part, given) in out.chunks_mut(unit.max(1)).zip(data.chunks(unit.max(1))) {
            xor_into(part, &self.encrypted(&register));
            register.extend_from_slice(if decrypt { given } else { part });
            register.drain(..register.len() - iv.len());
        }
        Ok(out)
    }

    /// Output feedback: the register is enciphered over and over; both ways are the same.
    ///
    /// **Errors** `IV_LENGTH` unless the IV is one block.
    pub fn ofb(&self, iv: &[u8], data: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.one_block(iv)?;
        let mut register = iv.to_vec();
        let mut out = data.to_vec();
        for part in out.chunks_mut(iv.len()) {
            self.encrypt_blocks(&mut register);
            xor_into(part, &register);
        }
        Ok(out)
    }

    /// Counter mode: the IV counts as one big number; both ways are the same.
    ///
    /// **Errors** `IV_LENGTH` unless the IV is one block.
    pub fn ctr(&self, iv: &[u8], data: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.one_block(iv)?;
        let mut counter = iv.to_vec();
        let mut out = data.to_vec();
        for part in out.chunks_mut(iv.len()) {
            xor_into(part, &self.encrypted(&counter));
            for byte in counter.iter_mut().rev() {
                *byte = byte.wrapping_add(1);
                if *byte != 0 {
                    break;
                }
            }
        }
        Ok(out)
    }

    fn whole_blocks(&self, data: &[u8]) -> Result<(), CryptoError> {
        let block = self.block_len();
        if data.is_empty() || !data.len().is_multiple_of(block) {
            return Err(CryptoError::DataLength {
                block,
                found: data.len(),
            });
        }
        Ok(())
    }

    fn one_block(&self, iv: &[u8]) -> Result<(), CryptoError> {
        let expected = self.block_len();
        if iv.len() != expected {
            return Err(CryptoError::IvLength {
                expected,
                found: iv.len(),
            });
        }
        Ok(())
    }
}

/// XORs `with` into `into`, as far as both reach.
pub fn xor_into(into: &mut [u8], with: &[u8]) {
    into.iter_mut().zip(with).for_each(|(a, b)| *a ^= b);
}

/// The XOR of two blocks.
pub fn xor<const N: usize>(a: &[u8; N], b: &[u8; N]) -> [u8; N] {
    let mut out = *a;
    xor_into(&mut out, b);
    out
}

/// Two blocks of eight bytes as one of sixteen.
pub fn join(left: [u8; 8], right: [u8; 8]) -> [u8; 16] {
    let mut out = [0; 16];
    out.iter_mut()
        .zip(left.into_iter().chain(right))
        .for_each(|(o, byte)| *o = byte);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fips_81_example_enciphers_and_deciphers() {
        // FIPS 81, table B1: "Now is the time for all " in ECB.
        let cipher = BlockCipher::new(Algorithm::Des, &hex::decode("0123456789ABCDEF").unwrap());
        let cipher = cipher.unwrap();
        let clear = b"Now is the time for all ";
        let out = cipher.ecb_encrypt(clear).unwrap();
        assert_eq!(
            hex::encode_upper(&out),
            "3FA40E8A984D48156A271787AB8883F9893D51EC4B563B53"
        );
        assert_eq!(cipher.ecb_decrypt(&out).unwrap(), clear);
    }

    #[test]
    fn half_a_block_is_refused() {
        let cipher = BlockCipher::new(Algorithm::Sm4, &[1; 16]).unwrap();
        let error = cipher.ecb_encrypt(&[0; 8]).unwrap_err();
        assert_eq!(
            error,
            CryptoError::DataLength {
                block: 16,
                found: 8
            }
        );
    }
}
