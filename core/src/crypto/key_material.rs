//! Keys as people handle them: components, variants, under an LMK, and the AS2805 handshakes.

use super::cipher::{BlockCipher, Cipher64, xor, xor_into};
use super::error::CryptoError;
use super::parity;
use super::working::{Flow, Working, key as whole, octets};
use zeroize::Zeroizing;

/// Combines key components by XOR.
///
/// **Errors** `COMPONENT_LENGTH` when they differ in length or are not 8, 16, 24 or 32 bytes.
pub fn combine(
    components: &[Vec<u8>],
    working: &mut Working,
) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    let [first, ..] = components else {
        return Err(CryptoError::ComponentLength);
    };
    let same = components.iter().all(|part| part.len() == first.len());
    if !same || !matches!(first.len(), 8 | 16 | 24 | 32) {
        return Err(CryptoError::ComponentLength);
    }
    let mut key = Zeroizing::new(vec![0; first.len()]);
    for (index, part) in components.iter().enumerate() {
        let before = key.clone();
        xor_into(&mut key, part);
        if working.is_recording() {
            let name = format!("component_{}", index + 1);
            let inputs = [octets("key", &before), octets(&name, part)];
            working.step("key", "key = key so far XOR component", &inputs, &key);
        }
    }
    Ok(key)
}

/// A variant of a key: a number 0 to 31 mixed into the first byte of each part.
///
/// **Errors** `KEY_LENGTH` unless 8, 16 or 24 bytes, `VARIANT`.
pub fn variant(key: &[u8], number: i64, working: &mut Working) -> Result<Vec<u8>, CryptoError> {
    if !matches!(key.len(), 8 | 16 | 24) {
        return Err(CryptoError::KeyLength {
            allowed: "8, 16 or 24",
            found: key.len(),
        });
    }
    let number = u8::try_from(number)
        .ok()
        .filter(|&n| n < 32)
        .ok_or(CryptoError::Variant)?;
    let mut out = key.to_vec();
    for part in out.as_chunks_mut::<8>().0 {
        part[0] ^= number << 3;
    }
    working.step(
        "variant",
        "key XOR variant * 8 in each part",
        &[octets("key", key)],
        &out,
    );
    Ok(out)
}

/// How an HSM writes a key under its local master key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LmkScheme {
    /// Single length, or each part by itself (`Z`, `X`, `Y`).
    Plain,
    /// Double length, each part under its own variant (`U`).
    Double,
    /// Triple length, each part under its own variant (`T`).
    Triple,
}

impl LmkScheme {
    /// The scheme of a tag.
    pub fn tagged(tag: &str) -> Option<Self> {
        match tag {
            "Z" | "X" | "Y" => Some(Self::Plain),
            "U" => Some(Self::Double),
            "T" => Some(Self::Triple),
            _ => None,
        }
    }

    /// What is mixed into the right half of the LMK for each part of the key.
    fn masks(self) -> &'static [u8] {
        match self {
            Self::Plain => &[0, 0, 0],
            Self::Double => &[0xA6, 0x5A],
            Self::Triple => &[0x6A, 0xDE, 0x2B],
        }
    }
}

/// What is mixed into the left half of an LMK pair for variants 1 to 9.
const LMK_VARIANTS: [u8; 10] = [0, 0xA6, 0x5A, 0x6A, 0xDE, 0x2B, 0x50, 0x74, 0x9C, 0xFA];

/// Enciphers a key under an LMK pair, brought to odd parity first as an HSM does.
///
/// **Errors** `KEY_LENGTH` for the pair or the key, `VARIANT` above 9.
pub fn lmk_encrypt(
    pair: &[u8],
    number: i64,
    scheme: LmkScheme,
    key: &[u8],
    working: &mut Working,
) -> Result<Vec<u8>, CryptoError> {
    let refuse = CryptoError::KeyLength {
        allowed: "16",
        found: pair.len(),
    };
    let mut lmk: [u8; 16] = pair.try_into().map_err(|_| refuse)?;
    let index = usize::try_from(number).map_err(|_| CryptoError::Variant)?;
    lmk[0] ^= LMK_VARIANTS.get(index).ok_or(CryptoError::Variant)?;
    let adjusted = Zeroizing::new(parity::odd(key));
    let (parts, rest) = adjusted.as_chunks::<8>();
    if !rest.is_empty() || parts.is_empty() || parts.len() > scheme.masks().len() {
        return Err(CryptoError::KeyLength {
            allowed: "8, 16 or 24",
            found: key.len(),
        });
    }
    let mut out = Vec::with_capacity(key.len());
    for (part, mask) in parts.iter().zip(scheme.masks()) {
        let mut variant = lmk;
        variant[8] ^= mask;
        out.extend(Cipher64::double(&variant).encrypt(*part));
    }
    working.step(
        "adjusted",
        "key with odd parity",
        &[octets("key", key)],
        &adjusted,
    );
    let inputs = [
        octets("adjusted", &adjusted).flow(Flow::Blocks(8)),
        whole("lmk", &lmk),
    ];
    working.step(
        "cryptogram",
        "each part under the LMK and the scheme's variant",
        &inputs,
        &out,
    );
    Ok(out)
}

/// The values two hosts exchange to prove that they share a key (AS2805.6).
pub struct KekValidation {
    /// The random number under the send variant of the key.
    pub random_key_send: Vec<u8>,
    /// The random number inverted, with odd parity.
    pub inverted: Vec<u8>,
    /// That under the receive variant of the key.
    pub random_key_receive: Vec<u8>,
}

/// Makes the values of a key validation from a random number.
///
/// **Errors** `KEY_LENGTH` unless 16 or 24 bytes, `DATA_LENGTH` unless whole blocks.
pub fn kek_validation(
    kek: &[u8],
    random: &[u8],
    working: &mut Working,
) -> Result<KekValidation, CryptoError> {
    let under = |mask: u8, data: &[u8]| {
        let masked: Zeroizing<Vec<u8>> = Zeroizing::new(kek.iter().map(|b| b ^ mask).collect());
        BlockCipher::B64(Cipher64::tdes(&masked)?).cbc_encrypt(&[0; 8], data)
    };
    let random_key_send = under(0x82, random)?;
    let inverted: Vec<u8> = random.iter().map(|byte| parity::odd_byte(!byte)).collect();
    let random_key_receive = under(0x84, &inverted)?;
    let inputs = [
        octets("rnd", random).flow(Flow::Chain(8)),
        whole("kek", kek),
    ];
    working.step(
        "random_key_send",
        "CBC(kek XOR 82.., rnd)",
        &inputs,
        &random_key_send,
    );
    working.step(
        "inverted",
        "NOT rnd, odd parity",
        &[octets("rnd", random)],
        &inverted,
    );
    let inputs = [
        octets("inverted", &inverted).flow(Flow::Chain(8)),
        whole("kek", kek),
    ];
    working.step(
        "random_key_receive",
        "CBC(kek XOR 84.., inverted)",
        &inputs,
        &random_key_receive,
    );
    Ok(KekValidation {
        random_key_send,
        inverted,
        random_key_receive,
    })
}

/// The one-way function of AS2805.5: data enciphered and mixed with itself.
///
/// **Errors** `KEY_LENGTH`, `DATA_LENGTH` unless one block.
pub fn one_way(key: &[u8], data: &[u8], working: &mut Working) -> Result<[u8; 8], CryptoError> {
    let cipher = Cipher64::tdes(key)?;
    let refuse = CryptoError::DataLength {
        block: 8,
        found: data.len(),
    };
    let data: [u8; 8] = data.try_into().map_err(|_| refuse)?;
    let enciphered = cipher.encrypt(data);
    let out = xor(&enciphered, &data);
    let inputs = [octets("data", &data).flow(Flow::Whole), whole("key", key)];
    working.step(
        "enciphered",
        "enciphered = E(key, data)",
        &inputs,
        &enciphered,
    );
    let inputs = [octets("enciphered", &enciphered), octets("data", &data)];
    working.step("out", "out = enciphered XOR data", &inputs, &out);
    Ok(out)
}
