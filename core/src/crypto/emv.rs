//! EMV: from the issuer's master key to the card's, to a session key, to a cryptogram and back.
//!
//! ```text
//! IMK --PAN, PSN--> ICC MK --ATC--> SK --transaction data--> ARQC --ARC--> ARPC
//! ```
//!
//! **Source** EMV book 2 through published examples and two outside implementations.

use super::cipher::{BlockCipher, Cipher64, join, xor};
use super::error::CryptoError;
use super::mac::hmac::Hash;
use super::mac::iso9797::{self, MacAlgorithm, MacKeys, Padding};
use super::parity;
use super::pin::verification::{read, two_scans};
use super::pin::{digits, packed_digits};
use super::working::{Flow, Working, chars, key as whole, octets};

/// How a card's master key is derived from the issuer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MasterKeyOption {
    /// The sixteen rightmost digits of PAN and sequence number.
    A,
    /// The same, by way of SHA-1 when the PAN has more than sixteen digits.
    B,
    /// Option B with SHA-1 for every PAN, as one widely used host does by mistake.
    BAlwaysHashed,
}

/// A double-length key ready for use.
///
/// **Errors** `KEY_LENGTH` unless 16 bytes.
pub fn double_length(key: &[u8]) -> Result<Cipher64, CryptoError> {
    let refuse = CryptoError::KeyLength {
        allowed: "16",
        found: key.len(),
    };
    key.try_into().map(Cipher64::double).map_err(|_| refuse)
}

/// The master key of one card.
///
/// **Errors** `KEY_LENGTH` unless 16 bytes, `PAN_NOT_NUMERIC`.
pub fn icc_master_key(
    option: MasterKeyOption,
    imk: &[u8],
    pan: &str,
    psn: &str,
    adjust_parity: bool,
    working: &mut Working,
) -> Result<[u8; 16], CryptoError> {
    let cipher = double_length(imk)?;
    digits(pan, CryptoError::PanNotNumeric)?;
    digits(psn, CryptoError::PanNotNumeric)?;
    let joined = format!("{pan}{psn}");
    let y = match option {
        MasterKeyOption::BAlwaysHashed => hashed(&joined, working),
        MasterKeyOption::B if pan.len() > 16 => hashed(&joined, working),
        MasterKeyOption::A | MasterKeyOption::B => {
            let padded = format!("{joined:0>16}");
            let y = padded.get(padded.len() - 16..).unwrap_or("").to_owned();
            let inputs = [
                chars("pan", pan).flow(Flow::Whole),
                chars("psn", psn).flow(Flow::Whole),
            ];
            working.text("y", "y = rightmost 16 digits of PAN || PSN", &inputs, &y);
            y
        }
    };
    let left = packed_digits(&y);
    let right = xor(&left, &[0xFF; 8]);
    let raw = join(cipher.encrypt(left), cipher.encrypt(right));
    let key = if adjust_parity {
        raw.map(parity::odd_byte)
    } else {
        raw
    };
    let inputs = [chars("y", &y).flow(Flow::Whole), whole("imk", imk)];
    working.step(
        "raw_key",
        "raw_key = E(imk, y) || E(imk, NOT y)",
        &inputs,
        &raw,
    );
    working.step(
        "icc_mk",
        "icc_mk = raw_key with odd parity",
        &[octets("raw_key", &raw)],
        &key,
    );
    Ok(key)
}

/// Sixteen digits of the SHA-1 of the packed digits: decimals first, then letters as 0 to 5.
fn hashed(joined: &str, working: &mut Working) -> String {
    let even = if joined.len() % 2 == 1 {
        format!("0{joined}")
    } else {
        joined.to_owned()
    };
    let digest = Hash::Sha1.digest(&hex::decode(&even).unwrap_or_default());
    let text = hex::encode_upper(&digest);
    let picks = two_scans(&text, 16);
    let y = read(&text, &picks);
    let inputs = [chars("pan_psn", joined).flow(Flow::Whole)];
    working.text("sha1", "HEX(SHA-1(PAN || PSN packed))", &inputs, &text);
    let inputs = [chars("sha1", &text).flow(Flow::Pick(picks))];
    working.text(
        "y",
        "y = 16 digits, decimals first, then letters as 0..5",
        &inputs,
        &y,
    );
    y
}

/// The common session key derivation of EMV: both halves from one value, told apart by a byte.
///
/// **Errors** `KEY_LENGTH` unless 16 bytes, `DIVERSIFICATION_LENGTH` unless 8.
pub fn session_key_common(
    icc_mk: &[u8],
    r: &[u8],
    working: &mut Working,
) -> Result<[u8; 16], CryptoError> {
    let cipher = double_length(icc_mk)?;
    let refuse = CryptoError::DiversificationLength { found: r.len() };
    let r: [u8; 8] = r.try_into().map_err(|_| refuse)?;
    let marked = |mark: u8| {
        let mut block = r;
        block[2] = mark;
        block
    };
    let (left, right) = (marked(0xF0), marked(0x0F));
    let raw = join(cipher.encrypt(left), cipher.encrypt(right));
    let key = raw.map(parity::odd_byte);
    working.step(
        "r_left",
        "r_left = R with byte 2 = F0",
        &[octets("r", &r)],
        &left,
    );
    working.step(
        "r_right",
        "r_right = R with byte 2 = 0F",
        &[octets("r", &r)],
        &right,
    );
    let inputs = [
        octets("r_left", &left).flow(Flow::Whole),
        octets("r_right", &right).flow(Flow::Whole),
        whole("icc_mk", icc_mk),
    ];
    working.step(
        "raw_key",
        "raw_key = E(icc_mk, r_left) || E(icc_mk, r_right)",
        &inputs,
        &raw,
    );
    working.step(
        "sk",
        "sk = raw_key with odd parity",
        &[octets("raw_key", &raw)],
        &key,
    );
    Ok(key)
}

/// The diversification value of the common session key for a counter: `ATC 00 00 00 00 00 00`.
pub fn counter_value(atc: u16) -> [u8; 8] {
    let [high, low] = atc.to_be_bytes();
    [high, low, 0, 0, 0, 0, 0, 0]
}

/// The session key of Mastercard's older profile: common derivation over ATC and UN.
///
/// **Errors** `KEY_LENGTH`, `ATC_LENGTH`, `DIVERSIFICATION_LENGTH` unless UN is 4 bytes.
pub fn session_key_mastercard(
    icc_mk: &[u8],
    atc: &[u8],
    un: &[u8],
    working: &mut Working,
) -> Result<[u8; 16], CryptoError> {
    double_length(icc_mk)?;
    let [a0, a1] = two(atc)?;
    let refuse = CryptoError::DiversificationLength { found: un.len() };
    let [u0, u1, u2, u3]: [u8; 4] = un.try_into().map_err(|_| refuse)?;
    session_key_common(icc_mk, &[a0, a1, 0, 0, u0, u1, u2, u3], working)
}

/// The session key of Visa's script messaging: the counter XORed into the master key.
///
/// **Errors** `KEY_LENGTH`, `ATC_LENGTH`.
pub fn session_key_visa(
    icc_mk: &[u8],
    atc: &[u8],
    working: &mut Working,
) -> Result<[u8; 16], CryptoError> {
    double_length(icc_mk)?;
    let [high, low] = two(atc)?;
    let mask = [0, 0, 0, 0, 0, 0, high, low, 0, 0, 0, 0, 0, 0, !high, !low];
    let refuse = CryptoError::KeyLength {
        allowed: "16",
        found: icc_mk.len(),
    };
    let raw = xor(icc_mk.try_into().map_err(|_| refuse)?, &mask);
    let key = raw.map(parity::odd_byte);
    working.step(
        "mask",
        "mask = 0... ATC || 0... NOT ATC",
        &[octets("atc", atc).flow(Flow::Whole)],
        &mask,
    );
    let inputs = [octets("icc_mk", icc_mk), octets("mask", &mask)];
    working.step("raw_key", "raw_key = icc_mk XOR mask", &inputs, &raw);
    working.step(
        "sk",
        "sk = raw_key with odd parity",
        &[octets("raw_key", &raw)],
        &key,
    );
    Ok(key)
}

/// The session key tree of EMV 2000.
///
/// **Errors** `KEY_LENGTH`, `ATC_LENGTH`, `IV_LENGTH` unless 16 bytes, `TREE_TOO_SMALL` when
/// `branch` to the power of `height` cannot number every counter.
pub fn session_key_tree(
    icc_mk: &[u8],
    atc: &[u8],
    height: u32,
    branch: u32,
    iv: &[u8],
    working: &mut Working,
) -> Result<[u8; 16], CryptoError> {
    let refuse = CryptoError::KeyLength {
        allowed: "16",
        found: icc_mk.len(),
    };
    let root: [u8; 16] = icc_mk.try_into().map_err(|_| refuse)?;
    let counter = u32::from(u16::from_be_bytes(two(atc)?));
    let refuse = CryptoError::IvLength {
        expected: 16,
        found: iv.len(),
    };
    let iv: [u8; 16] = iv.try_into().map_err(|_| refuse)?;
    if branch < 2 || u64::from(branch).saturating_pow(height) < 65_535 {
        return Err(CryptoError::TreeTooSmall);
    }
    // Parent and grandparent of the node being made; the root's parent is the IV.
    let (mut parent, mut grandparent) = (root, iv);
    for level in 1..=height {
        let steps = branch.saturating_pow(height - level);
        let node = child(&parent, &grandparent, counter / steps % branch);
        if working.is_recording() {
            let inputs = [
                octets("parent", &parent).flow(Flow::Whole),
                octets("grandparent", &grandparent).flow(Flow::Blocks(8)),
            ];
            working.step(
                &format!("ik_{level}"),
                "ik = phi(parent, grandparent, branch)",
                &inputs,
                &node,
            );
        }
        (parent, grandparent) = (node, parent);
    }
    // The last value is mixed with its grandparent, which is the parent's parent here.
    let before = tree_node(
        &root,
        &iv,
        counter / branch / branch,
        height.saturating_sub(2),
        branch,
    );
    let raw = xor(&parent, &before);
    let key = raw.map(parity::odd_byte);
    let inputs = [octets("leaf", &parent), octets("leaf_grandparent", &before)];
    working.step(
        "raw_key",
        "raw_key = leaf XOR its grandparent",
        &inputs,
        &raw,
    );
    working.step(
        "sk",
        "sk = raw_key with odd parity",
        &[octets("raw_key", &raw)],
        &key,
    );
    Ok(key)
}

/// A node of the tree at a height, by the path its number describes.
fn tree_node(root: &[u8; 16], iv: &[u8; 16], number: u32, height: u32, branch: u32) -> [u8; 16] {
    let (mut parent, mut grandparent) = (*root, *iv);
    for level in 1..=height {
        let steps = branch.saturating_pow(height - level);
        let node = child(&parent, &grandparent, number / steps % branch);
        (parent, grandparent) = (node, parent);
    }
    parent
}

/// One step down the tree: the grandparent's halves, marked by the branch, under the parent.
fn child(parent: &[u8; 16], grandparent: &[u8; 16], branch: u32) -> [u8; 16] {
    let cipher = Cipher64::double(parent);
    let mark = (u64::from(branch)).to_be_bytes();
    let (halves, _) = grandparent.as_chunks::<8>();
    let half = |index: usize| halves.get(index).copied().unwrap_or_default();
    let left = xor(&half(0), &mark);
    let right = xor(&xor(&half(1), &mark), &[0, 0, 0, 0, 0, 0, 0, 0xF0]);
    join(cipher.encrypt(left), cipher.encrypt(right))
}

/// How a cryptogram's data is filled up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AcPadding {
    /// `80 00 ...` always (EMV, Visa CVN 18, Mastercard, PBOC).
    Emv,
    /// Zeros as needed (Visa CVN 10).
    Visa,
}

/// An application cryptogram (ARQC, TC, AAC) over the card's transaction data.
///
/// **Errors** `KEY_LENGTH` unless 16 bytes.
pub fn application_cryptogram(
    sk: &[u8],
    data: &[u8],
    padding: AcPadding,
    working: &mut Working,
) -> Result<[u8; 8], CryptoError> {
    let padding = match padding {
        AcPadding::Emv => Padding::OneZeros,
        AcPadding::Visa => Padding::Zeros,
    };
    retail(sk, padding, data, working)
}

/// ARPC method 1: the response code mixed into the cryptogram, enciphered.
///
/// **Errors** `ARQC_LENGTH`, `ARC_LENGTH`, `KEY_LENGTH`, in this order.
pub fn arpc_1(
    sk: &[u8],
    arqc: &[u8],
    arc: &[u8],
    working: &mut Working,
) -> Result<[u8; 8], CryptoError> {
    let arqc: [u8; 8] = arqc
        .try_into()
        .map_err(|_| CryptoError::ArqcLength { found: arqc.len() })?;
    let [high, low]: [u8; 2] = arc
        .try_into()
        .map_err(|_| CryptoError::ArcLength { found: arc.len() })?;
    let cipher = double_length(sk)?;
    let x = xor(&arqc, &[high, low, 0, 0, 0, 0, 0, 0]);
    let arpc = cipher.encrypt(x);
    working.step(
        "x",
        "x = ARQC XOR (ARC || 0...)",
        &[octets("arqc", &arqc), octets("arc", arc)],
        &x,
    );
    let inputs = [octets("x", &x).flow(Flow::Whole), whole("sk", sk)];
    working.step("arpc", "arpc = E(sk, x)", &inputs, &arpc);
    Ok(arpc)
}

/// ARPC method 2: a four-byte MAC over cryptogram, status update and proprietary data.
///
/// **Errors** `ARQC_LENGTH`, `CSU_LENGTH`, `PROPRIETARY_DATA_LENGTH`, `KEY_LENGTH`.
pub fn arpc_2(
    sk: &[u8],
    arqc: &[u8],
    csu: &[u8],
    proprietary: &[u8],
    working: &mut Working,
) -> Result<[u8; 4], CryptoError> {
    if arqc.len() != 8 {
        return Err(CryptoError::ArqcLength { found: arqc.len() });
    }
    if csu.len() != 4 {
        return Err(CryptoError::CsuLength { found: csu.len() });
    }
    if proprietary.len() > 8 {
        return Err(CryptoError::ProprietaryDataLength {
            found: proprietary.len(),
        });
    }
    let data = [arqc, csu, proprietary].concat();
    let inputs = [
        octets("arqc", arqc),
        octets("csu", csu).flow(Flow::Into(8)),
        octets("pad", proprietary).flow(Flow::Into(12)),
    ];
    working.step(
        "data",
        "data = ARQC || CSU || proprietary data",
        &inputs,
        &data,
    );
    let [a, b, c, d, ..] = retail(sk, Padding::OneZeros, &data, working)?;
    let arpc = [a, b, c, d];
    working.step(
        "arpc",
        "arpc = first 4 bytes of mac",
        &[octets("mac", &arpc)],
        &arpc,
    );
    Ok(arpc)
}

/// How a script's data is enciphered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScriptEncipherment {
    /// A length byte in front, always padded, ECB.
    Visa,
    /// Padded when needed, CBC.
    Mastercard,
    /// Always padded, CBC (common core definitions).
    CommonCore,
}

/// Enciphers the data of an issuer script.
///
/// **Errors** `KEY_LENGTH` unless 16 bytes.
pub fn script_encrypt(
    sk: &[u8],
    data: &[u8],
    way: ScriptEncipherment,
    working: &mut Working,
) -> Result<Vec<u8>, CryptoError> {
    let cipher = BlockCipher::B64(double_length(sk)?);
    let padded = match way {
        ScriptEncipherment::Visa => {
            let counted = [&[data.len() as u8], data].concat();
            Padding::OneZeros.apply(&counted, 8)
        }
        ScriptEncipherment::Mastercard if data.len().is_multiple_of(8) => data.to_vec(),
        ScriptEncipherment::Mastercard | ScriptEncipherment::CommonCore => {
            Padding::OneZeros.apply(data, 8)
        }
    };
    working.step(
        "padded",
        "padded = data, filled up",
        &[octets("data", data)],
        &padded,
    );
    let (out, formula, flow) = match way {
        ScriptEncipherment::Visa => (
            cipher.ecb_encrypt(&padded)?,
            "out = ECB(sk, padded)",
            Flow::Blocks(8),
        ),
        ScriptEncipherment::Mastercard | ScriptEncipherment::CommonCore => (
            cipher.cbc_encrypt(&[0; 8], &padded)?,
            "out = CBC(sk, padded)",
            Flow::Chain(8),
        ),
    };
    let inputs = [octets("padded", &padded).flow(flow), whole("sk", sk)];
    working.step("out", formula, &inputs, &out);
    Ok(out)
}

/// The MAC of an issuer script: eight bytes, of which a card may check fewer.
///
/// **Errors** `KEY_LENGTH` unless 16 bytes.
pub fn script_mac(sk: &[u8], data: &[u8], working: &mut Working) -> Result<[u8; 8], CryptoError> {
    retail(sk, Padding::OneZeros, data, working)
}

/// ISO 9797-1 algorithm 3 with the halves of a double-length key.
///
/// **Errors** `KEY_LENGTH` unless 16 bytes.
pub fn retail(
    key: &[u8],
    padding: Padding,
    data: &[u8],
    working: &mut Working,
) -> Result<[u8; 8], CryptoError> {
    double_length(key)?;
    let keys = MacKeys::halves("sk", key, working)?;
    let mac = iso9797::mac(MacAlgorithm::Retail, &keys, None, padding, data, working)?;
    let refuse = CryptoError::MacLength { found: mac.len() };
    mac.try_into().map_err(|_| refuse)
}

fn two(atc: &[u8]) -> Result<[u8; 2], CryptoError> {
    atc.try_into()
        .map_err(|_| CryptoError::AtcLength { found: atc.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chain_of_a_published_example() {
        // pyemv: IMK to session key to cryptogram, without parity adjustment of the master key.
        let hex = |text: &str| hex::decode(text).unwrap();
        let off = &mut Working::off();
        let imk = hex("0123456789ABCDEFFEDCBA9876543210");
        let pan = "4111111111111111";
        let mk = icc_master_key(MasterKeyOption::A, &imk, pan, "00", false, off).unwrap();
        assert_eq!(mk.to_vec(), hex("30089565674D73ED841A6F0637029C18"));
        let sk = session_key_common(&mk, &counter_value(1), off).unwrap();
        assert_eq!(sk.to_vec(), hex("38F14068B3EA57C194F8E3A20D51E3E6"));
        let data =
            hex("00000000100000000000000007240000000000097825092500123456781800000103A4A000");
        let ac = application_cryptogram(&sk, &data, AcPadding::Visa, off).unwrap();
        assert_eq!(ac.to_vec(), hex("E8499E593250A030"));
    }

    #[test]
    fn arpc_method_1_of_a_published_example() {
        let hex = |text: &str| hex::decode(text).unwrap();
        let sk = hex("F2A75194C2B954A4163E9886BCA45473");
        let arpc = arpc_1(
            &sk,
            &hex("36DBEE15F36B1E7F"),
            &hex("0012"),
            &mut Working::off(),
        );
        assert_eq!(arpc.unwrap().to_vec(), hex("0E56BBA476EB5588"));
    }
}
