//! Every field and tag that has words, against values of real messages.

use super::*;

fn other(path: &str) -> Option<String> {
    let value = match path {
        "MTI" => "0200",
        "DE49" => "156",
        "DE52" => "0000000000000000",
        "DE60.1" => "22",
        "DE60.3" => "000",
        _ => return None,
    };
    Some(value.to_owned())
}

fn en(path: &str, value: &str) -> String {
    describe(path, value, &other, Lang::En).unwrap_or_else(|| panic!("{path} {value}"))
}

#[test]
fn fields_of_a_sale() {
    for (path, value, expected) in [
        (
            "MTI",
            "0200",
            "financial request (ISO 8583:1987, from the acquirer's side)",
        ),
        (
            "DE2",
            "6216261000000000018",
            "UnionPay card 621626…0018, check digit right",
        ),
        ("DE3", "000000", "sale"),
        ("DE4", "000000012345", "CNY 123.45"),
        ("DE7", "1107120000", "7 Nov 12:00:00"),
        ("DE12", "134704", "13:47:04"),
        ("DE14", "3012", "Dec 2030"),
        ("DE22", "051", "chip, PIN entered"),
        ("DE22", "0022", "magnetic stripe, no PIN"),
        ("DE23", "001", "card no. 1 of this account"),
        ("DE25", "06", "pre-authorisation"),
        ("DE26", "12", "PIN of at most 12 digits"),
        ("DE28", "D00000150", "debit of CNY 1.50"),
        ("DE39", "51", "51 insufficient funds"),
        (
            "DE44",
            "90310000   03025840   ",
            "issuer 90310000, acquirer 03025840",
        ),
        ("DE49", "156", "CNY, Yuan Renminbi"),
        (
            "DE53",
            "2610000000000000",
            "PIN block with card number; double-length DES; tracks enciphered",
        ),
        (
            "DE54",
            "1002156C000000100000",
            "available balance CNY 1000.00",
        ),
        ("DE60", "22000001000600", "sale; batch 000001"),
        ("DE60.4", "6", "reads stripes, chips and contactless"),
        ("DE61.3", "0427", "27 Apr"),
        ("DE63.1", "CUP", "UnionPay"),
        ("DE64", "4132354434343436", "MAC A25D4446, sent as text"),
        ("DE70", "301", "echo test"),
        (
            "DE90",
            "020000000111071200000000001234500000000000",
            "original 0200, trace 000001, 7 Nov 12:00:00",
        ),
    ] {
        assert_eq!(en(path, value), expected, "{path}");
        let zh = describe(path, value, &other, Lang::Zh).unwrap();
        assert_eq!(
            zh == expected,
            ["DE4", "DE12"].contains(&path),
            "{path}: {zh}"
        );
    }
}

#[test]
fn tags_of_a_chip() {
    for (path, value, expected) in [
        ("DE55.9F02", "000000000002", "CNY 0.02"),
        ("DE55.5F2A", "0156", "CNY, Yuan Renminbi"),
        ("DE55.9F1A", "0156", "China"),
        ("DE55.9A", "170314", "14 Mar 2017"),
        ("DE55.9C", "00", "purchase"),
        (
            "DE55.9F27",
            "80",
            "ARQC: the chip asks its issuer; no reason given",
        ),
        ("DE55.84", "A000000333010101", "UnionPay debit"),
        ("DE55.9F36#2", "0269", "617"),
        ("DE55.9F1E", "3735323035343738", "75205478"),
        ("DE55.8A", "3030", "00 approved"),
        (
            "DE55.91",
            "11223344556677883030",
            "ARPC 1122334455667788, response code 00",
        ),
        ("95", "0000000000", "no bit set"),
        (
            "9F35",
            "22",
            "attended, offline with online capability, merchant",
        ),
        (
            "57",
            "6226180000008999D21122200097565100000F",
            "card 622618…8999; expires Dec 2021; service code 220 (international, chip, authorisation by issuer only, no restrictions, PIN required)",
        ),
    ] {
        assert_eq!(en(path, value), expected, "{path}");
    }
    let cvm = en("DE55.8E", "000000000000000042031F03");
    assert!(
        cvm.contains("enciphered PIN checked online") && cvm.contains("no CVM required"),
        "{cvm}"
    );
}

#[test]
fn settlement_and_reversal_depend_on_the_message() {
    let settle = |path: &str| (path == "MTI").then(|| "0510".to_owned());
    let totals = format!("{}{}", "0000000100000030000000020000011", "0".repeat(31));
    assert_eq!(
        describe("DE48", &totals, &settle, Lang::En).unwrap(),
        "domestic: debit CNY 100.00 in 3, credit CNY 20.00 in 1, balanced; \
         foreign: nothing"
    );
    let reversal = |path: &str| (path == "MTI").then(|| "0400".to_owned());
    assert_eq!(
        describe("DE39", "98", &reversal, Lang::En).unwrap(),
        "98 no answer in time"
    );
    assert_eq!(
        describe("DE39", "98", &reversal, Lang::Zh).unwrap(),
        "98 等待应答超时"
    );
}

#[test]
fn nothing_is_said_of_what_is_not_understood() {
    for (path, value) in [
        ("DE2", "not digits"),
        ("DE4", "12x"),
        ("DE14", "3099"),
        ("DE22", "9"),
        ("DE48", "123"),
        ("DE54", "€€€€€€€€€€€€€€€€"),
        ("DE55.9F26", "0011223344556677"),
        ("DE64", "0011223344556677"),
        ("DE999", "1"),
        ("", ""),
        ("DE", ""),
        ("DE60.9", "1"),
    ] {
        assert_eq!(
            describe(path, value, &other, Lang::En),
            None,
            "{path} {value}"
        );
    }
}

proptest::proptest! {
    #[test]
    fn any_value_is_answered_without_panic_or_a_whole_card_number(
        de in 0u8..=130, part in "(\\.[0-9A-F]{1,4})?", value in "\\PC{0,64}|[0-9]{0,40}|[0-9A-F]{0,64}",
    ) {
        for lang in [Lang::En, Lang::Zh] {
            let _ = describe(&format!("DE{de}{part}"), &value, &other, lang);
        }
    }

    #[test]
    fn card_numbers_never_come_out_whole(pan in "99999[0-9]{8,14}") {
        for path in ["DE2", "DE35", "DE45", "DE55.5A", "DE55.57"] {
            for value in [pan.clone(), format!("{pan}D3012201000"), format!("B{pan}^X/Y^3012201")] {
                if let Some(text) = describe(path, &value, &other, Lang::En) {
                    proptest::prop_assert!(!text.contains(&pan), "{}", text);
                }
            }
        }
    }
}
