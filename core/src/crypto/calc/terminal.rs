//! The operation that opens a terminal's working keys, as they arrive at sign-on.

use super::{CalcError, Given, Op, Outputs, op};
use crate::crypto::cipher::Algorithm;
use crate::crypto::kcv;
use crate::crypto::key::{Key, Role, Tmk};
use crate::crypto::terminal_keys::TerminalKeys;
use crate::crypto::working::{Flow, Working, key as whole, named, octets};

pub(super) const OPS: &[Op] = &[op(
    "key.terminal_unwrap",
    &["block", "cipher", "tmk"],
    terminal_unwrap,
)];

fn terminal_unwrap(given: &Given<'_>, working: &mut Working) -> Result<Outputs, CalcError> {
    let tmk = Key::<Tmk>::new(given.cipher("cipher", Algorithm::Tdes)?, &given.hex("tmk")?)?;
    let block = given.hex("block")?;
    let keys = TerminalKeys::unwrap(&tmk, &block)?;
    let place = if block.len() == 24 { 8 } else { 16 };
    let mut page = Page {
        block: &block,
        at: 0,
        place,
        out: Outputs::new(),
    };
    page.key(&keys.pik, working);
    page.key(&keys.mak, working);
    if let Some(tdk) = &keys.tdk {
        page.key(tdk, working);
    }
    Ok(page.out)
}

/// A key block, read from the left.
struct Page<'a> {
    block: &'a [u8],
    at: usize,
    place: usize,
    out: Outputs,
}

impl Page<'_> {
    /// Takes down how the next key opens and proves itself.
    fn key<R: Role>(&mut self, key: &Key<R>, working: &mut Working) {
        let name = R::NAME.to_ascii_lowercase();
        let (enciphered_name, zeros_name) = (format!("enc_{name}"), format!("{name}_zeros"));
        let sent_name = format!("{name}_kcv");
        let part = |at: usize, len: usize| self.block.get(at..at + len).unwrap_or_default();
        let from = |at| [octets("block", self.block).flow(Flow::From(at))];

        let enciphered = part(self.at, key.len_bytes());
        let formula = "the key's place in the block";
        working.step(&enciphered_name, formula, &from(self.at), enciphered);
        let blocks = key.cipher().block_len();
        let inputs = [
            octets(&enciphered_name, enciphered).flow(Flow::Blocks(blocks)),
            named("tmk"),
        ];
        working.step(&name, "key = D(tmk, enciphered)", &inputs, key.reveal());

        let zeros = key.cipher().encrypted(&vec![0; blocks]);
        let inputs = [whole(&name, key.reveal())];
        working.step(&zeros_name, "check = E(key, 0)", &inputs, &zeros);
        let check = kcv::of_zeros::<4>(&key.cipher());
        let inputs = [octets(&zeros_name, &zeros)];
        let formula = "first 4 bytes; equal to the check value sent";
        working.step(&sent_name, formula, &inputs, &check);

        self.at += self.place + 4;
        let out = std::mem::take(&mut self.out);
        self.out = out.hex(&name, key.reveal()).hex(&sent_name, &check);
    }
}

#[cfg(test)]
mod tests {
    use super::super::calc;
    use super::*;
    use serde_json::json;

    #[test]
    fn a_published_block_opens_step_by_step() {
        // code456.com/article/3026509
        let block = concat!(
            "6701EAD6A9AD51E51AA406E2C27FCFA98D0A74B8",
            "B651F9E9BACE9AE10000000000000000AB7153CA"
        );
        let inputs = json!({"tmk": "CA5D92598DCA48CE8A4C76361A9269E9", "block": block});
        let mut working = Working::recording();
        let inputs = inputs.as_object().expect("it is an object");
        let out = calc("key.terminal_unwrap", inputs, &mut working).expect("it opens");
        assert_eq!(out["pik"], "807A23AD32B36D457AE91FDF927570EA");
        assert_eq!(out["mak"], "5BB5C72CD00B7338");
        assert_eq!(out["mak_kcv"], "AB7153CA");
        let zeros = working.value("mak_zeros").map(|v| v.reveal_text());
        assert_eq!(zeros.as_deref(), Some("AB7153CA985B10C2"));
    }
}
