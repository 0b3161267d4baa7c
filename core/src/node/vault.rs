//! The secure parts of the boxes: keys made ready once, and the few operations done with them.
//!
//! Apart from the machines so that a clear key or PIN has one place to be. Nothing here prints:
//! `Debug` of every type shows its name only. The algorithms are those of [`crate::crypto`], bound
//! to prepared keys because a host makes thousands of MACs under the same key.

use crate::bytes::to_hex;
use crate::crypto::cipher::Cipher64;
use std::fmt;
use std::sync::Arc;

/// A double-length key ready to encipher blocks: TMK, PIK, TDK, ZPK, and halves of others.
#[derive(Clone)]
pub struct BlockKey(Arc<Cipher64>);

impl BlockKey {
    /// Prepares a double-length key.
    pub fn new(bytes: &[u8; 16]) -> Self {
        BlockKey(Arc::new(Cipher64::double(bytes)))
    }

    /// Enciphers one block.
    pub fn encipher(&self, block: [u8; 8]) -> [u8; 8] {
        self.0.encrypt(block)
    }

    /// Deciphers one block.
    pub fn decipher(&self, block: [u8; 8]) -> [u8; 8] {
        self.0.decrypt(block)
    }

    /// The check value: four bytes of a zero block enciphered.
    pub fn kcv(&self) -> [u8; 4] {
        first_four(self.encipher([0; 8]))
    }
}

impl fmt::Debug for BlockKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlockKey")
    }
}

/// A single-length MAC key: MAK of a terminal or ZAK of a link.
#[derive(Clone)]
pub struct MacKey(Arc<Cipher64>);

impl MacKey {
    /// Prepares a single-length key.
    pub fn new(bytes: &[u8; 8]) -> Self {
        MacKey(Arc::new(Cipher64::single(bytes)))
    }

    /// The UnionPay POS MAC: eight hexadecimal characters for field 64.
    pub fn union_pay(&self, mab: &[u8]) -> [u8; 8] {
        let folded = hex16(crate::crypto::mac::unionpay::fold::<8>(mab));
        let [first, second] = halves(folded);
        let once = self.0.encrypt(first);
        let twice = self.0.encrypt(xor(once, second));
        halves(hex16(twice))[0]
    }

    /// The X9.9 MAC: chained blocks, zero padded, the whole last block.
    pub fn x9_9(&self, data: &[u8]) -> [u8; 8] {
        let (blocks, rest) = data.as_chunks::<8>();
        let mut chain = [0; 8];
        for block in blocks {
            chain = self.0.encrypt(xor(chain, *block));
        }
        if !rest.is_empty() {
            chain = self.0.encrypt(xor(chain, padded(rest)));
        }
        chain
    }

    /// The check value: four bytes of a zero block enciphered.
    pub fn kcv(&self) -> [u8; 4] {
        first_four(self.0.encrypt([0; 8]))
    }
}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MacKey")
    }
}

/// The working keys of one terminal, as both ends of sign-on hold them.
#[derive(Clone, Debug)]
pub struct WorkingKeys {
    /// PIN key.
    pub pik: BlockKey,
    /// MAC key.
    pub mak: MacKey,
    /// Track key.
    pub tdk: BlockKey,
}

/// Clear working keys on their way under a TMK; never leaves a host's secure part.
pub struct ClearKeys {
    /// PIN key.
    pub pik: [u8; 16],
    /// MAC key.
    pub mak: [u8; 8],
    /// Track key.
    pub tdk: [u8; 16],
}

/// Bytes of the key block of 60.3 = 004.
pub const BLOCK_LEN: usize = 60;

/// The key block of F62 for 60.3 = 004: PIK, its check value, MAK with zeros, its, TDK, its.
pub fn wrap_keys(tmk: &BlockKey, keys: &ClearKeys) -> [u8; BLOCK_LEN] {
    let mut out = Vec::with_capacity(BLOCK_LEN);
    let pair = |out: &mut Vec<u8>, key: &[u8; 16]| {
        for half in halves(*key) {
            out.extend(tmk.encipher(half));
        }
    };
    pair(&mut out, &keys.pik);
    out.extend(BlockKey::new(&keys.pik).kcv());
    out.extend(tmk.encipher(keys.mak));
    out.extend([0; 8]);
    out.extend(MacKey::new(&keys.mak).kcv());
    pair(&mut out, &keys.tdk);
    out.extend(BlockKey::new(&keys.tdk).kcv());
    let mut block = [0; BLOCK_LEN];
    block.iter_mut().zip(out).for_each(|(to, from)| *to = from);
    block
}

/// A key block that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadBlock {
    /// It is not 60 bytes long.
    Length,
    /// The named key's check value differs.
    Kcv(&'static str),
}

/// The working keys in a key block; all three check values must match.
pub fn unwrap_keys(tmk: &BlockKey, block: &[u8]) -> Result<WorkingKeys, BadBlock> {
    let block: &[u8; BLOCK_LEN] = block.try_into().map_err(|_| BadBlock::Length)?;
    let take = |at: usize| -> [u8; 8] {
        let mut out = [0; 8];
        out.iter_mut()
            .zip(block.iter().skip(at))
            .for_each(|(to, from)| *to = *from);
        out
    };
    let kcv_is = |at: usize, kcv: [u8; 4]| block.iter().skip(at).take(4).eq(kcv.iter());
    let pair = |at: usize| BlockKey::new(&join(tmk.decipher(take(at)), tmk.decipher(take(at + 8))));
    let pik = pair(0);
    let mak = MacKey::new(&tmk.decipher(take(20)));
    let tdk = pair(40);
    if !kcv_is(16, pik.kcv()) {
        return Err(BadBlock::Kcv("PIK"));
    }
    if !kcv_is(36, mak.kcv()) {
        return Err(BadBlock::Kcv("MAK"));
    }
    if !kcv_is(56, tdk.kcv()) {
        return Err(BadBlock::Kcv("TDK"));
    }
    Ok(WorkingKeys { pik, mak, tdk })
}

/// A clear PIN block of format 0: length and digits, XOR twelve PAN digits.
pub fn pin_block(pin: &[u8], pan: &str) -> [u8; 8] {
    let mut nibbles = [0xF_u8; 16];
    nibbles[0] = 0;
    nibbles[1] = pin.len() as u8 & 0xF;
    nibbles
        .iter_mut()
        .skip(2)
        .zip(pin)
        .for_each(|(to, digit)| *to = digit & 0xF);
    xor(pack(nibbles), pan_part(pan))
}

/// The PIN in a clear block of format 0; `None` when it is none.
pub fn pin_of(block: [u8; 8], pan: &str) -> Option<Vec<u8>> {
    let nibbles = unpack(xor(block, pan_part(pan)));
    let (&[format, len], rest) = nibbles.split_first_chunk::<2>()?;
    let len = usize::from(len);
    let (pin, fill) = rest.split_at_checked(len)?;
    let shaped = format == 0
        && (4..=12).contains(&len)
        && pin.iter().all(|d| *d < 10)
        && fill.iter().all(|d| *d == 0xF);
    shaped.then(|| pin.to_vec())
}

/// The twelve rightmost PAN digits before the check digit, as format 0 wants them.
fn pan_part(pan: &str) -> [u8; 8] {
    let mut nibbles = [0; 16];
    let digits = pan.bytes().rev().skip(1).take(12);
    nibbles
        .iter_mut()
        .rev()
        .zip(digits)
        .for_each(|(to, d)| *to = d.wrapping_sub(b'0') & 0xF);
    pack(nibbles)
}

/// The Visa PIN verification value: four decimal digits under a key pair.
pub fn pvv(pvk: &BlockKey, pan: &str, pvki: u8, pin: &[u8]) -> [u8; 4] {
    let mut tsp = [0_u8; 16];
    let mut digits: Vec<u8> = pan
        .bytes()
        .rev()
        .skip(1)
        .take(11)
        .map(|b| b - b'0')
        .collect();
    digits.reverse();
    digits.push(pvki);
    digits.extend(pin.iter().take(4));
    tsp.iter_mut().zip(digits).for_each(|(to, d)| *to = d & 0xF);
    decimalise(unpack(pvk.encipher(pack(tsp))))
}

/// The first N decimal digits of hexadecimal ones: those below ten first, then letters less ten.
fn decimalise<const N: usize>(nibbles: [u8; 16]) -> [u8; N] {
    let low = nibbles.iter().copied().filter(|n| *n < 10);
    let high = nibbles.iter().copied().filter(|n| *n >= 10).map(|n| n - 10);
    let mut out = [0; N];
    out.iter_mut()
        .zip(low.chain(high))
        .for_each(|(to, d)| *to = d);
    out
}

/// The card verification value under halves A and B of a CVK.
pub fn cvv(a: &MacKey, ab: &BlockKey, pan: &str, expiry: &str, service: &str) -> [u8; 3] {
    let mut nibbles = [0_u8; 32];
    let digits = pan.bytes().chain(expiry.bytes()).chain(service.bytes());
    nibbles
        .iter_mut()
        .zip(digits)
        .for_each(|(to, d)| *to = d.wrapping_sub(b'0') & 0xF);
    let [first, second] = halves(nibbles).map(pack);
    let once = a.0.encrypt(first);
    decimalise(unpack(ab.encipher(xor(once, second))))
}

/// The master key of one card, for application cryptograms.
#[derive(Clone)]
pub struct CardKey(Arc<Cipher64>);

impl fmt::Debug for CardKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardKey")
    }
}

impl CardKey {
    /// Derives a card's key from the issuer's, option A, parity left as it falls.
    pub fn derive(imk: &BlockKey, pan: &str, psn: &str) -> Self {
        let digits: String = format!("{pan}{psn}");
        let from = digits.len().saturating_sub(16);
        let mut nibbles = [0_u8; 16];
        let tail = digits.bytes().skip(from);
        nibbles
            .iter_mut()
            .zip(tail)
            .for_each(|(to, d)| *to = d.wrapping_sub(b'0') & 0xF);
        let left = pack(nibbles);
        let key = join(imk.encipher(left), imk.encipher(left.map(|b| !b)));
        CardKey(Arc::new(Cipher64::double(&key)))
    }

    /// The session key of one transaction: EMV common method.
    pub fn session(&self, atc: u16) -> SessionKey {
        let [hi, lo] = atc.to_be_bytes();
        let left = self.0.encrypt([hi, lo, 0xF0, 0, 0, 0, 0, 0]);
        let right = self.0.encrypt([hi, lo, 0x0F, 0, 0, 0, 0, 0]);
        SessionKey {
            left: Cipher64::single(&left),
            both: Cipher64::double(&join(left, right)),
            right: Cipher64::single(&right),
        }
    }
}

/// The key of one transaction of one card.
pub struct SessionKey {
    left: Cipher64,
    right: Cipher64,
    both: Cipher64,
}

impl SessionKey {
    /// The application cryptogram: retail MAC, padding 80.
    pub fn cryptogram(&self, data: &[u8]) -> [u8; 8] {
        let mut chain = [0; 8];
        let (blocks, rest) = data.as_chunks::<8>();
        for block in blocks {
            chain = self.left.encrypt(xor(chain, *block));
        }
        let mut last = padded(rest);
        if let Some(mark) = last.get_mut(rest.len()) {
            *mark = 0x80;
        }
        chain = self.left.encrypt(xor(chain, last));
        self.left.encrypt(self.right.decrypt(chain))
    }

    /// The issuer's answer to a cryptogram: method 1.
    pub fn arpc(&self, arqc: [u8; 8], arc: [u8; 2]) -> [u8; 8] {
        self.both
            .encrypt(xor(arqc, [arc[0], arc[1], 0, 0, 0, 0, 0, 0]))
    }
}

/// Enciphers a track as practice does: the 8 bytes before its last byte, the rest clear.
/// **Shape**: `track` is nibbles as hexadecimal characters, separator `D`.
pub fn encipher_track(tdk: &BlockKey, track: &str) -> String {
    track_block(track, |block| tdk.encipher(block))
}

/// The inverse of [`encipher_track`].
pub fn decipher_track(tdk: &BlockKey, track: &str) -> String {
    track_block(track, |block| tdk.decipher(block))
}

fn track_block(track: &str, change: impl Fn([u8; 8]) -> [u8; 8]) -> String {
    let n = track.len();
    let end = if n % 2 == 1 {
        n.saturating_sub(1)
    } else {
        n.saturating_sub(2)
    };
    let Some(start) = end.checked_sub(16) else {
        return track.to_owned();
    };
    let (Some(head), Some(block), Some(tail)) =
        (track.get(..start), track.get(start..end), track.get(end..))
    else {
        return track.to_owned();
    };
    let mut bytes = [0; 8];
    if hex::decode_to_slice(block, &mut bytes).is_err() {
        return track.to_owned();
    }
    format!("{head}{}{tail}", to_hex(&change(bytes)))
}

fn xor(a: [u8; 8], b: [u8; 8]) -> [u8; 8] {
    (u64::from_ne_bytes(a) ^ u64::from_ne_bytes(b)).to_ne_bytes()
}

fn padded(rest: &[u8]) -> [u8; 8] {
    let mut out = [0; 8];
    out.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    out
}

fn first_four(block: [u8; 8]) -> [u8; 4] {
    let [a, b, c, d, ..] = block;
    [a, b, c, d]
}

fn halves<const N: usize, const M: usize>(whole: [u8; M]) -> [[u8; N]; 2] {
    let mut out = [[0; N]; 2];
    out.as_flattened_mut()
        .iter_mut()
        .zip(whole)
        .for_each(|(to, from)| *to = from);
    out
}

fn join(left: [u8; 8], right: [u8; 8]) -> [u8; 16] {
    let mut out = [0; 16];
    out.iter_mut()
        .zip(left.into_iter().chain(right))
        .for_each(|(to, from)| *to = from);
    out
}

fn pack(nibbles: [u8; 16]) -> [u8; 8] {
    let mut out = [0; 8];
    let (pairs, _) = nibbles.as_chunks::<2>();
    out.iter_mut()
        .zip(pairs)
        .for_each(|(to, [hi, lo])| *to = hi << 4 | lo);
    out
}

fn unpack(block: [u8; 8]) -> [u8; 16] {
    let mut out = [0; 16];
    let (pairs, _) = out.as_chunks_mut::<2>();
    pairs.iter_mut().zip(block).for_each(|([hi, lo], b)| {
        *hi = b >> 4;
        *lo = b & 0xF;
    });
    out
}

fn hex16(block: [u8; 8]) -> [u8; 16] {
    unpack(block).map(|n| if n < 10 { b'0' + n } else { b'A' + n - 10 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key16(text: &str) -> BlockKey {
        let mut bytes = [0; 16];
        hex::decode_to_slice(text, &mut bytes).expect("a key of 16 bytes");
        BlockKey::new(&bytes)
    }

    #[test]
    fn the_published_key_block_opens() {
        let tmk = key16("CA5D92598DCA48CE8A4C76361A9269E9");
        let keys = ClearKeys {
            pik: hex_array("807A23AD32B36D457AE91FDF927570EA"),
            mak: hex_array("5BB5C72CD00B7338"),
            tdk: hex_array("C9A0F37E18EA3FF71E3BDA58ACCEFCE0"),
        };
        let block = wrap_keys(&tmk, &keys);
        // Source: code456.com/article/3026509, the first 40 bytes without the track key.
        let published = "6701EAD6A9AD51E51AA406E2C27FCFA98D0A74B8B651F9E9BACE9AE1\
                         0000000000000000AB7153CA";
        assert_eq!(hex::encode_upper(&block[..40]), published);
        assert!(unwrap_keys(&tmk, &block).is_ok());
        let mut bad = block;
        bad[22] ^= 1;
        assert_eq!(
            unwrap_keys(&tmk, &bad).map(|_| ()),
            Err(BadBlock::Kcv("MAK"))
        );
        assert_eq!(
            unwrap_keys(&tmk, &bad[1..]).map(|_| ()),
            Err(BadBlock::Length)
        );
    }

    #[test]
    fn pin_block_matches_the_constructed_vector() {
        let pik = key16("807A23AD32B36D457AE91FDF927570EA");
        let pan = "6216261000000000018";
        let clear = pin_block(&[1, 2, 3, 4, 5, 6], pan);
        assert_eq!(hex::encode_upper(clear), "06122456FFFFFFFE");
        assert_eq!(hex::encode_upper(pik.encipher(clear)), "8883105E1474329E");
        assert_eq!(pin_of(clear, pan), Some(vec![1, 2, 3, 4, 5, 6]));
        assert_eq!(pin_of([0xFF; 8], pan), None);
    }

    #[test]
    fn tracks_encipher_before_the_last_byte() {
        let tdk = key16("C9A0F37E18EA3FF71E3BDA58ACCEFCE0");
        let track = "6216261000000000018D30122201234567890";
        let hidden = encipher_track(&tdk, track);
        assert_ne!(hidden, track);
        assert_eq!(hidden.len(), track.len());
        assert_eq!(decipher_track(&tdk, &hidden), track);
    }

    fn hex_array<const N: usize>(text: &str) -> [u8; N] {
        let mut out = [0; N];
        hex::decode_to_slice(text, &mut out).expect("hexadecimal of that length");
        out
    }
}
