//! The MACs of whole messages: checked under the keys the vectors name, explained when wrong,
//! and filled again into the drafts they came from.

use super::{Vector, dialect_of, framing_of, vectors};
use poslab_core::codec::{dissect, pack, unpack};
use poslab_core::crypto::calc::explain::Mistake;
use poslab_core::crypto::cipher::Algorithm;
use poslab_core::crypto::pin::Pin;
use poslab_core::spec::{MacRule, builtin, builtin_names};
use poslab_core::view::mac::{Checked, Question, check, check_all, covered, generate};
use poslab_core::view::secure::{SecureError, carries, fill_mac, fill_pin, mac_field};

/// The MAC key of the made-up day, from the published key block.
const MAK: &str = "5BB5C72CD00B7338";
/// The PIN key of the same block.
const PIK: &str = "807A23AD32B36D457AE91FDF927570EA";

fn octets(hex_text: &str) -> Vec<u8> {
    hex::decode(hex_text).expect("hexadecimal")
}

/// The MAC of one vector under a key.
fn checked(vector: &Vector, frame: &[u8], key: &str) -> Option<Checked> {
    let dialect = dialect_of(&vector.name);
    let tree = dissect(&dialect, frame, &framing_of(vector));
    let key = octets(key);
    let question = Question {
        tree: &tree,
        key: &key,
        cipher: None,
    };
    check(question).expect("the key has a length that fits")
}

#[test]
fn every_mac_whose_key_is_known_is_valid() {
    let mut valid = 0;
    for vector in vectors() {
        let key = match vector.name.as_str() {
            "pub_sale_req_code456" => "C1A4AE89BAEAB029",
            name if name.starts_with("syn_") => MAK,
            _ => continue,
        };
        let Some(checked) = checked(&vector, &vector.frame, key) else {
            continue;
        };
        assert!(checked.valid, "{}: {checked:?}", vector.name);
        assert_eq!(checked.finding(), None);
        valid += 1;
    }
    println!("{valid} MACs of whole messages are valid");
    assert_eq!(valid, 37);
}

#[test]
fn a_log_is_checked_at_once_with_the_same_answers() {
    let vectors = vectors();
    let dialects: Vec<_> = vectors.iter().map(|one| dialect_of(&one.name)).collect();
    let trees: Vec<_> = vectors
        .iter()
        .zip(&dialects)
        .map(|(one, dialect)| dissect(dialect, &one.frame, &framing_of(one)))
        .collect();
    let (single, double) = (octets(MAK), octets(PIK));
    for cipher in [None, Some(Algorithm::Sm4)] {
        let key_of = |at: usize| {
            if at.is_multiple_of(2) && cipher.is_none() {
                &single
            } else {
                &double
            }
        };
        let questions: Vec<Question<'_, '_>> = trees
            .iter()
            .enumerate()
            .map(|(at, tree)| Question {
                tree,
                key: key_of(at),
                cipher,
            })
            .collect();
        let together = check_all(&questions);
        for (question, answer) in questions.into_iter().zip(together) {
            assert_eq!(check(question), answer);
        }
    }
}

#[test]
fn a_wrong_mac_names_its_mistake() {
    let vector = vectors()
        .into_iter()
        .find(|one| one.name == "syn_05_sale_req");
    let vector = vector.expect("it is there");
    let right = checked(&vector, &vector.frame, MAK).expect("it has a MAC");
    let data = right.covered.data.byte_range();
    let field = right.covered.field.byte_range();
    let of = |bytes: &[u8]| {
        generate(MacRule::UnionPay, Algorithm::Tdes, &octets(MAK), bytes).expect("a DES key")
    };
    let cases = [
        (Mistake::TpduIncluded, of(&vector.frame[2..data.end])),
        (Mistake::TpduIncluded, of(&vector.frame[7..data.end])),
        (Mistake::TpduIncluded, of(&vector.frame[..data.end])),
        (
            Mistake::MtiMissing,
            of(&vector.frame[data.start + 2..data.end]),
        ),
        (
            Mistake::HexText,
            of(hex::encode(&vector.frame[data.clone()]).as_bytes()),
        ),
    ];
    for (mistake, mac) in cases {
        let mut frame = vector.frame.clone();
        frame[field.clone()].copy_from_slice(&mac);
        let wrong = checked(&vector, &frame, MAK).expect("it has a MAC");
        assert_eq!(
            (wrong.valid, wrong.causes.as_slice()),
            (false, &[mistake][..])
        );
        assert_eq!(wrong.expected, right.expected);
        let finding = wrong.finding().expect("it is wrong");
        assert_eq!(finding.fault.code(), "mac-wrong");
        assert_eq!(
            (finding.path.as_str(), finding.offset()),
            ("DE64", field.start)
        );
    }
    let mut frame = vector.frame.clone();
    frame[data.start + 20] ^= 1;
    let wrong = checked(&vector, &frame, MAK).expect("it has a MAC");
    assert!(
        !wrong.valid && wrong.causes.is_empty(),
        "a changed byte is no known mistake"
    );
}

#[test]
fn a_double_length_key_used_as_a_single_one_is_named() {
    let vector = vectors()
        .into_iter()
        .find(|one| one.name == "syn_05_sale_req");
    let vector = vector.expect("it is there");
    let wrong = checked(&vector, &vector.frame, &format!("{MAK}{}", &PIK[..16]));
    let wrong = wrong.expect("it has a MAC");
    assert_eq!(wrong.causes, [Mistake::SingleDes]);
}

#[test]
fn what_was_taken_out_is_filled_in_again() {
    let dialect = builtin("unionpay-pos").expect("built in");
    let pin = Pin::new("123456").expect("six digits");
    let (mut macs, mut pins) = (0, 0);
    for vector in vectors().iter().filter(|one| one.name.starts_with("syn_")) {
        let tree = dissect(&dialect, &vector.frame, &framing_of(vector));
        let body = &vector.frame[tree.body.clone()];
        let Ok(message) = unpack(&dialect, body) else {
            continue;
        };
        let mut draft = message.to_draft();
        let block = draft.remove(52);
        let mac = draft.remove(64);
        if block.is_some() {
            assert_eq!(carries(&dialect, &draft, 52), Ok(true));
            fill_pin(&dialect, &mut draft, &octets(PIK), None, &pin).expect("a card number");
            assert_eq!(draft.get(52).map(str::to_owned), block, "{}", vector.name);
            pins += 1;
        }
        assert_eq!(
            carries(&dialect, &draft, mac_field(&draft)),
            Ok(mac.is_some()),
            "{}",
            vector.name
        );
        if mac.is_some() {
            fill_mac(&dialect, &mut draft, &octets(MAK), None).expect("a MAC key");
            let again = pack(&dialect, &draft).expect("it was read");
            assert_eq!(hex::encode(again), hex::encode(body), "{}", vector.name);
            macs += 1;
        }
    }
    println!("{macs} MACs and {pins} PIN blocks filled in again");
    assert_eq!(macs, 36);
    assert!(pins >= 5, "{pins}");
}

#[test]
fn a_pin_block_obeys_what_de53_says() {
    let dialect = builtin("unionpay-pos").expect("built in");
    let vectors = vectors();
    let sale = vectors.iter().find(|one| one.name == "syn_05_sale_req");
    let sale = sale.expect("it is there");
    let tree = dissect(&dialect, &sale.frame, &framing_of(sale));
    let message = unpack(&dialect, &sale.frame[tree.body.clone()]).expect("it conforms");
    let pin = Pin::new("123456").expect("six digits");
    let fill = |said: Option<&str>| {
        let mut draft = message.to_draft();
        draft.remove(53);
        if let Some(said) = said {
            draft.set(53, said.to_owned());
        }
        fill_pin(&dialect, &mut draft, &octets(PIK), None, &pin)?;
        Ok((
            draft.get(52).map(str::to_owned),
            draft.get(53).map(str::to_owned),
        ))
    };
    let (_, written) = fill(None).expect("a card number");
    assert_eq!(written.as_deref(), Some("2600000000000000"));
    let (without, _) = fill(Some("1600000000000000")).expect("no card number needed");
    assert_eq!(without.as_deref(), Some("75EC7A5EFA8DBA63"));
    assert_eq!(fill(Some("0600000000000000")), Err(SecureError::NoPinSaid));
    assert_eq!(fill(Some("2300000000000000")), Err(SecureError::Sm4Pin));
}

#[test]
fn other_dialects_use_x9_9_and_x9_19_over_the_same_range() {
    for name in builtin_names().filter(|name| name.starts_with("iso8583-1987")) {
        let dialect = builtin(name).expect("built in");
        for (key, op) in [(MAK, "mac.cbc"), (PIK, "mac.retail")] {
            let mut draft = poslab_core::codec::Draft::new("0800");
            draft.set(11, "000001");
            draft.set(41, "10000001");
            fill_mac(&dialect, &mut draft, &octets(key), None).expect("a MAC key");
            let bytes = pack(&dialect, &draft).expect("it fits");
            let tree = dissect(&dialect, &bytes, &Default::default());
            let range = covered(&tree).expect("it has a MAC").data.byte_range();
            assert_eq!(range.start, 0);
            let key = octets(key);
            let question = Question {
                tree: &tree,
                key: &key,
                cipher: None,
            };
            let checked = check(question)
                .expect("the key fits")
                .expect("it has a MAC");
            assert!(checked.valid && checked.op == op && checked.covered.de == 64);
        }
    }
}
