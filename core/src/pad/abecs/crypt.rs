//! Data under a key of the pad: EBX, ENB, and the tracks that GTK gives away.

use super::app::{Answer, App};
use super::field as f;
use super::request::{Fields, Reply, Request, digits};
use super::rsa::PublicKey;
use super::status as st;
use crate::pad::card::Card;
use crate::pad::secure::vault::{Chaining, Register, Secret};
use crate::pad::secure::{KeyError, Slot};

/// How data are to be enciphered, read from MTHDDAT and what belongs to it.
enum Method {
    Clear,
    Key { key: Secret, chaining: Chaining },
    Dukpt { index: u8, chaining: Chaining },
}

impl App {
    pub(super) fn ebx(&mut self, request: &Request<'_>) -> Answer {
        let reply = self.enciphered_buffer(request);
        answer(request, reply)
    }

    fn enciphered_buffer(&mut self, request: &Request<'_>) -> Result<Reply, u16> {
        let fields = request.fields().ok_or(st::INVPARM)?;
        let data = fields.first(f::DATAIN).ok_or(st::MANDAT)?;
        fields.first(f::MTHDDAT).ok_or(st::MANDAT)?;
        if data.is_empty() || !data.len().is_multiple_of(8) || data.len() > 256 {
            return Err(st::INVPARM);
        }
        let method = self.method(&fields)?;
        let (out, serial) = self.apply(&method, data)?;
        let mut reply = vec![(f::DATAOUT, out)];
        reply.extend(serial.map(|s| (f::KSN, s.to_vec())));
        Ok(Reply::fields(request.id, reply))
    }

    /// `method 1 | index 2 | working key H32 | data H16`.
    pub(super) fn enb(&mut self, request: &Request<'_>) -> Answer {
        let block = request.block();
        let reply = (|| {
            let index = block.get(1..3).and_then(digits).ok_or(st::INVPARM)?;
            let key = block
                .get(3..35)
                .and_then(|h| hex::decode(h).ok())
                .ok_or(st::INVPARM)?;
            let data = block
                .get(35..51)
                .and_then(|h| hex::decode(h).ok())
                .ok_or(st::INVPARM)?;
            let under = Slot::AbecsData(index as u8);
            let key = self.vault.session(under, &key).map_err(refusal)?;
            let out = key.encipher_all(&data, Chaining::Ecb);
            Ok(Reply::block(request.id, hex::encode_upper(out)))
        })();
        answer(request, reply)
    }

    pub(super) fn gtk(&mut self, request: &Request<'_>) -> Answer {
        let reply = self.tracks(request);
        if reply.is_ok() {
            self.read = None;
        }
        answer(request, reply)
    }

    fn tracks(&mut self, request: &Request<'_>) -> Result<Reply, u16> {
        let fields = request.fields().ok_or(st::INVPARM)?;
        let card = self.read.clone().ok_or(st::INVCALL)?;
        let wanted = fields.first(f::TRACKS).unwrap_or(b"1111");
        let open = fields.first(f::OPNDIG).and_then(digits).unwrap_or(0);
        if !open.is_multiple_of(2) || open > 8 {
            return Err(st::INVPARM);
        }
        let mut reply = Vec::new();
        let method = match fields.first(f::MTHDDAT) {
            Some([b'9', chaining]) => {
                let (method, cryptogram) = self.random_key(&fields, *chaining)?;
                reply.push((f::ENCKRAND, cryptogram));
                method
            }
            _ => self.method(&fields)?,
        };
        let [_, one, two, ..] = wanted else {
            return Err(st::INVPARM);
        };
        let tracks = [
            (*one, track1(&card), f::TRACK1, f::TRK1KSN, open),
            (*two, track2(&card), f::TRACK2, f::TRK2KSN, open / 2),
        ];
        for (_, data, id, serial_id, open) in tracks.into_iter().filter(|t| t.0 == b'1') {
            let Some(data) = data else { continue };
            let (out, serial) = self.protect(&method, &data, open)?;
            reply.push((id, out));
            reply.extend(serial.map(|s| (serial_id, s.to_vec())));
        }
        Ok(Reply::fields(request.id, reply))
    }

    /// Leaves `open` bytes as they are and enciphers the rest, filled up to whole blocks.
    fn protect(
        &mut self,
        method: &Method,
        data: &[u8],
        open: usize,
    ) -> Result<(Vec<u8>, Option<[u8; 10]>), u16> {
        if matches!(method, Method::Clear) {
            return Ok((data.to_vec(), None));
        }
        let (head, rest) = data.split_at_checked(open).ok_or(st::INVPARM)?;
        let mut filled = rest.to_vec();
        filled.resize(rest.len().next_multiple_of(8), 0);
        let (out, serial) = self.apply(method, &filled)?;
        Ok(([head, &out].concat(), serial))
    }

    fn apply(&mut self, method: &Method, data: &[u8]) -> Result<(Vec<u8>, Option<[u8; 10]>), u16> {
        match method {
            Method::Clear => Ok((data.to_vec(), None)),
            Method::Key { key, chaining } => Ok((key.encipher_all(data, *chaining), None)),
            Method::Dukpt { index, chaining } => {
                let made = self
                    .vault
                    .dukpt_data(*index, data, *chaining)
                    .map_err(refusal)?;
                Ok((made.0, Some(made.1)))
            }
        }
    }

    fn method(&self, fields: &Fields<'_>) -> Result<Method, u16> {
        let Some(method) = fields.first(f::MTHDDAT) else {
            return Ok(Method::Clear);
        };
        let chaining = chaining(fields, method)?;
        let index = fields.first(f::KEYIDX).ok_or(st::MANDAT)?;
        let index = digits(index).filter(|n| *n < 100).ok_or(st::INVPARM)? as u8;
        match method {
            [b'1', _] => {
                let wrapped = fields.first(f::WKENC).ok_or(st::MANDAT)?;
                let under = Slot::AbecsData(index);
                let key = self.vault.session(under, wrapped).map_err(refusal)?;
                Ok(Method::Key { key, chaining })
            }
            [b'5', _] => {
                self.vault.serial(Register::Data, index).ok_or(st::ERRKEY)?;
                Ok(Method::Dukpt { index, chaining })
            }
            _ => Err(st::INVPARM),
        }
    }

    fn random_key(
        &mut self,
        fields: &Fields<'_>,
        chaining_digit: u8,
    ) -> Result<(Method, Vec<u8>), u16> {
        let modulus = fields.first(f::PBKMOD).ok_or(st::MANDAT)?.to_vec();
        let exponent = fields.first(f::PBKEXP).ok_or(st::MANDAT)?.to_vec();
        let clear = zeroize::Zeroizing::new(self.random.key());
        let public = PublicKey { modulus, exponent };
        let cryptogram = public
            .encipher(&*clear, &mut self.random)
            .ok_or(st::INVPARM)?;
        let key = Secret::new(clear.as_slice()).map_err(refusal)?;
        let chaining = chaining(fields, &[b'9', chaining_digit])?;
        Ok((Method::Key { key, chaining }, cryptogram))
    }
}

fn chaining(fields: &Fields<'_>, method: &[u8]) -> Result<Chaining, u16> {
    match method {
        [_, b'0'] => Ok(Chaining::Ecb),
        [_, b'1'] => match fields.first(f::IVCBC) {
            None => Ok(Chaining::Cbc([0; 8])),
            Some(vector) => vector
                .try_into()
                .map(Chaining::Cbc)
                .map_err(|_| st::INVPARM),
        },
        _ => Err(st::INVPARM),
    }
}

fn refusal(error: KeyError) -> u16 {
    match error {
        KeyError::Absent | KeyError::Spent => st::ERRKEY,
        KeyError::Length { .. } => st::INVPARM,
    }
}

fn answer(request: &Request<'_>, reply: Result<Reply, u16>) -> Answer {
    match reply {
        Ok(reply) => Answer::Now(reply),
        Err(status) => Answer::status(request.id, status),
    }
}

fn track1(card: &Card) -> Option<Vec<u8>> {
    card.track1().map(|t| t.as_bytes().to_vec())
}

/// Track 2 a symbol to the nibble, filled with F.
fn track2(card: &Card) -> Option<Vec<u8>> {
    let nibbles: Vec<u8> = card
        .track2()?
        .bytes()
        .map(|b| b.wrapping_sub(b'0') & 0xF)
        .collect();
    let pair = |two: &[u8]| match two {
        [high, low] => (high << 4) | low,
        [high] => (high << 4) | 0xF,
        _ => 0xFF,
    };
    Some(nibbles.chunks(2).map(pair).collect())
}
