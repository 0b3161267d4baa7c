//! Questions of every kind, and questions without an answer.

use super::*;

fn titles(question: &str, lang: Lang) -> Vec<String> {
    explain(question, lang)
        .into_iter()
        .map(|e| e.title)
        .collect()
}

#[test]
fn questions_of_every_kind() {
    for (question, kind, title) in [
        ("reversal", ExplanationKind::Term, "reversal"),
        ("冲正", ExplanationKind::Term, "reversal"),
        ("STAN", ExplanationKind::Term, "trace number"),
        ("DE4", ExplanationKind::Field, "DE4 Amount, transaction"),
        ("F39", ExplanationKind::Field, "DE39 Response code"),
        (
            "60.3域",
            ExplanationKind::Field,
            "DE60.3 Network management code",
        ),
        (
            "0200",
            ExplanationKind::MessageType,
            "financial request (ISO 8583:1987, from the acquirer's side)",
        ),
        ("9F10", ExplanationKind::Term, "IAD"),
        (
            "9F1E",
            ExplanationKind::Tag,
            "9F1E Interface Device (IFD) Serial Number",
        ),
        ("39=51", ExplanationKind::Code, "51 insufficient funds"),
        ("DE39=51", ExplanationKind::Code, "51 insufficient funds"),
        ("51", ExplanationKind::Code, "51 insufficient funds"),
        ("22=051", ExplanationKind::Value, "chip, PIN entry possible"),
        ("4=000000012345", ExplanationKind::Value, "CNY 123.45"),
        (
            "95=0500A00470",
            ExplanationKind::Value,
            "95 Terminal Verification Results (TVR)",
        ),
        (
            "length-beyond-data",
            ExplanationKind::Finding,
            "A length goes beyond the data",
        ),
        ("CNY", ExplanationKind::Code, "CNY Yuan Renminbi"),
        (
            "60.3=201",
            ExplanationKind::Code,
            "201 settlement, or batch detail of stripe trades",
        ),
        (
            "MTI=0810",
            ExplanationKind::MessageType,
            "network management answer (ISO 8583:1987, from the acquirer's side)",
        ),
    ] {
        let found = explain(question, Lang::En);
        let first = found.first().unwrap_or_else(|| panic!("{question}"));
        assert_eq!(
            (first.kind, first.title.as_str()),
            (kind, title),
            "{question}"
        );
        assert!(!titles(question, Lang::Zh).is_empty());
    }
    assert_eq!(titles("156", Lang::Zh), ["156 中国", "CNY 人民币元"]);
}

#[test]
fn every_bit_of_a_value_is_shown_with_its_state() {
    let found = explain("95=0000048000", Lang::En);
    let set: Vec<_> = found[0]
        .lines
        .iter()
        .filter(|l| l.text.starts_with("1 "))
        .collect();
    let said: Vec<_> = set
        .iter()
        .map(|l| (l.label.as_str(), l.text.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            ("3.3", "1 online PIN entered"),
            ("4.8", "1 transaction exceeds floor limit")
        ]
    );
    let iad = explain("9F10=07010103A02002010A010000000000D327F59C", Lang::Zh);
    assert!(
        iad[0]
            .lines
            .iter()
            .any(|l| l.label.contains("CVR") && l.text == "03A02002")
    );
}

#[test]
fn every_listed_question_and_every_reference_has_an_answer() {
    for lang in [Lang::En, Lang::Zh] {
        for listing in listings(lang) {
            assert!(listing.items.len() > 3 && !listing.title.is_empty());
            for (question, title) in listing.items.iter().take(300) {
                assert!(!title.is_empty(), "{question}");
            }
            for (question, _) in listing.items.iter().step_by(23) {
                let found = explain(question, lang);
                assert!(!found.is_empty(), "{}: {question}", listing.title);
                for see in found.iter().flat_map(|e| &e.see) {
                    assert!(!explain(see, lang).is_empty(), "{question} -> {see}");
                }
            }
        }
    }
}

#[test]
fn a_question_without_an_answer_has_suggestions() {
    for (question, meant) in [
        ("reversl", "reversal"),
        ("lenght-beyond-data", "length-beyond-data"),
        ("9F1Q", "9F10"),
        ("preauthorization", "pre-authorisation"),
    ] {
        assert!(explain(question, Lang::En).is_empty(), "{question}");
        assert!(
            suggestions(question).iter().any(|s| s == meant),
            "{question}: {:?}",
            suggestions(question)
        );
    }
    assert!(explain("", Lang::En).is_empty() && explain("=", Lang::En).is_empty());
    assert!(explain("39=", Lang::En).is_empty());
    assert!(suggestions("zzzzzzzz").is_empty());
}
