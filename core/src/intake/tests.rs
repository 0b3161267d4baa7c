//! The reader seen from outside; one file per form stands in `tests/vectors/intake`.

use super::*;

fn bytes(text: &str) -> Vec<Vec<u8>> {
    let read = read_text(text).expect("a message");
    read.items
        .into_iter()
        .map(|item| match item.content {
            Content::Bytes(octets) => octets.bytes,
            Content::Fields(fields) => panic!("fields {fields:?}"),
        })
        .collect()
}

#[test]
fn bytes_know_their_characters() {
    let text = "时间 ： ０８ 00\n20 20 00 00 00 00 00 80";
    let text = text.trim_start_matches("时间 ： ");
    let read = read_text(text).unwrap();
    let Content::Bytes(octets) = &read.items[0].content else {
        panic!("fields")
    };
    assert_eq!(&text[octets.chars(0..1).unwrap()], "０８");
    assert_eq!(&text[octets.chars(2..4).unwrap()], "20 20");
    assert_eq!(utf16_range(text, octets.chars(0..1).unwrap()), 0..2);
}

#[test]
fn a_hex_digit_too_many_is_reported_where_it_stands() {
    let read = read_text("08002020000000000").unwrap();
    assert_eq!(read.notes[0].code, NoteCode::OddDigits);
    assert_eq!(read.notes[0].chars, 16..17);
}

#[test]
fn digits_that_are_a_message_keep_both_readings() {
    let text = "0800822000000000000004000000000000000420090613900001001";
    let read = read_text(text).unwrap();
    let Content::Bytes(octets) = &read.items[0].content else {
        panic!("fields")
    };
    assert_eq!(octets.alternatives[0].bytes, text.as_bytes());
}

#[test]
fn java_bytes_are_signed() {
    let text = "byte[] m = new byte[] { (byte)0x60, 0, -128, 127, (byte) 0xFF, -1 };";
    assert_eq!(bytes(text), [[0x60, 0, 0x80, 0x7f, 0xff, 0xff]]);
}

#[test]
fn python_literals_mix_escapes_and_characters() {
    let text = r"data = b'\x00\x1a0800\x20\x20\n' b'A'";
    assert_eq!(bytes(text), [b"\x00\x1a0800\x20\x20\nA".to_vec()]);
}

#[test]
fn words_without_a_message_are_refused() {
    assert_eq!(read_text(" \n"), Err(Unread::Empty));
    assert_eq!(
        read_text("hello world\nno hex here"),
        Err(Unread::NoMessage { lines: 2 })
    );
}

#[test]
fn a_stream_reads_plain_lines_and_log_lines() {
    let mut reader = LineReader::new();
    assert_eq!(reader.read(b"08002020000000000080\n"), LineRead::Bytes);
    assert_eq!(reader.bytes(), [8, 0, 0x20, 0x20, 0, 0, 0, 0, 0, 0x80]);
    assert_eq!(reader.read(b"12:00:01 INFO nothing"), LineRead::Nothing);
    assert_eq!(
        reader.read(b"12:00:01 INFO in [0800202000000000008000000000]"),
        LineRead::Bytes
    );
    assert_eq!(reader.bytes().len(), 14);
}

#[test]
fn what_marks_its_messages_is_known_by_its_beginning() {
    let marked = [
        "\u{feff} {\"mti\": \"0800\", \"fields\": {\"11\": \"000007\"}}",
        "[48, 56, 48, 48]",
        "12:00 log <isomsg><field id=\"0\" value=\"0800\"/></isomsg>",
    ];
    for text in marked {
        assert!(may_be_marked(text) && read_marked(text).is_some(), "{text}");
    }
    assert!(!may_be_marked("0800 2020 0000 0080"));
    // A list in the source of a program begins like a document and is none.
    let list = "{ 0x08, 0x00, 0x20, 0x20 }";
    assert!(may_be_marked(list) && read_marked(list).is_none());
    assert!(read_unmarked(list).is_ok());
}
