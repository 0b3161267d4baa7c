//! Sentences of every kind of message, in both languages.

use super::*;

fn of(fields: &[(&str, &str)]) -> [String; 2] {
    let lookup = |path: &str| {
        fields
            .iter()
            .find(|(p, _)| *p == path)
            .map(|(_, value)| (*value).to_owned())
    };
    let facts = Facts::gather(&lookup);
    [sentence(&facts, Lang::En), sentence(&facts, Lang::Zh)]
}

#[test]
fn answers_say_how_it_went() {
    let sale = [
        ("MTI", "0210"),
        ("DE3", "000000"),
        ("DE4", "000000010000"),
        ("DE49", "840"),
    ];
    assert_eq!(
        of(&[&sale[..], &[("DE39", "00"), ("DE38", "123456")]].concat()),
        [
            "Sale of USD 100.00: approved, authorisation code 123456",
            "消费 USD 100.00：交易成功，授权码 123456"
        ]
    );
    assert_eq!(
        of(&[&sale[..], &[("DE39", "51")]].concat()),
        [
            "Sale of USD 100.00: refused, 51 insufficient funds",
            "消费 USD 100.00：被拒绝，51 可用余额不足"
        ]
    );
    assert_eq!(
        of(&[&sale[..], &[("DE39", "ZZ")]].concat())[0],
        "Sale of USD 100.00: answered with code ZZ"
    );
}

#[test]
fn reversals_give_their_reason() {
    let fields = [
        ("MTI", "0400"),
        ("DE3", "000000"),
        ("DE4", "000000012345"),
        ("DE49", "156"),
        ("DE39", "98"),
        ("DE41", "10000001"),
        ("DE60.1", "22"),
        ("DE60.3", "000"),
    ];
    assert_eq!(
        of(&fields),
        [
            "Reversal of a sale of CNY 123.45, terminal 10000001, because no answer in time (98); awaiting an answer",
            "冲正消费 CNY 123.45，终端 10000001，原因：等待应答超时（98）；等待应答"
        ]
    );
}

#[test]
fn a_refusal_that_changes_nothing_says_so() {
    for (mti, code, en, zh) in [
        (
            "0410",
            "25",
            "nothing to reverse, 25 original",
            "视为冲正成功，25",
        ),
        ("0330", "94", "stored already, 94 duplicate", "视为已收，94"),
        ("0410", "00", "accepted", "成功"),
    ] {
        let said = of(&[("MTI", mti), ("DE3", "000000"), ("DE39", code)]);
        assert!(said[0].contains(en) && said[1].contains(zh), "{said:?}");
    }
}

#[test]
fn management_needs_no_card() {
    let sign_on = [
        ("MTI", "0800"),
        ("DE41", "10000001"),
        ("DE60.1", "00"),
        ("DE60.2", "000001"),
        ("DE60.3", "003"),
    ];
    assert_eq!(
        of(&sign_on),
        [
            "Sign-on (triple DES), terminal 10000001, batch 000001; awaiting an answer",
            "签到（双倍长密钥），终端 10000001，批次 000001；等待应答"
        ]
    );
    assert_eq!(
        of(&[("MTI", "0810"), ("DE70", "301"), ("DE39", "00")]),
        ["Echo test: accepted", "回响测试：成功"]
    );
    assert_eq!(
        of(&[("MTI", "0800")])[0],
        "Network management; awaiting an answer"
    );
}

#[test]
fn other_editions_and_odd_types() {
    let pos = "211101511344";
    assert_eq!(
        of(&[
            ("MTI", "1100"),
            ("DE3", "000000"),
            ("DE4", "000000000500"),
            ("DE49", "392"),
            ("DE22", pos)
        ])[0],
        "Authorisation of JPY 500, chip; awaiting an answer"
    );
    assert_eq!(
        of(&[("MTI", "0421"), ("DE3", "010000")])[1],
        "冲正取现，重发；通知类报文，等待应答"
    );
    assert_eq!(
        of(&[]),
        ["Message without a readable type", "消息类型无法识别的报文"]
    );
    for n in 0..10_000 {
        let [en, zh] = of(&[("MTI", &format!("{n:04}")), ("DE3", "999999")]);
        assert!(en.len() > 8 && zh.chars().count() > 3, "{n}: {en} {zh}");
    }
}

#[test]
fn the_card_number_is_found_and_masked_wherever_it_stands() {
    for (path, value) in [
        ("DE2", "6216261000000000018"),
        ("DE35", "6216261000000000018D3012220"),
        ("DE55.57", "6216261000000000018D3012220F"),
        ("DE55.5A", "6216261000000000018F"),
        ("DE45", "B6216261000000000018^X/Y^3012220"),
        ("DE36", "996216261000000000018=1561560"),
    ] {
        for text in of(&[("MTI", "0200"), ("DE3", "000000"), (path, value)]) {
            assert!(text.contains("621626…0018"), "{path}: {text}");
        }
    }
}
