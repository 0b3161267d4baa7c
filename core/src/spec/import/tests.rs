//! One small file of each format; the corpus of messages tests them at length.

use super::*;
use crate::spec::{Coding, Counts, Layout, PrefixCoding};

fn read(text: &str) -> Imported {
    import(text, "mine").unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn j8583_gives_both_modes() {
    let xml = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<!DOCTYPE j8583-config PUBLIC \"x\" \"http://example.invalid/j8583.dtd\">\n\
        <j8583-config>\n<header type=\"0200\">ISO</header>\n<parse type=\"0200\">\n\
        <field num=\"3\" type=\"NUMERIC\" length=\"6\"/>\n<field num=\"10\" type=\"LLLVAR\">\n\
        <field num=\"1\" type=\"ALPHA\" length=\"5\"/><field num=\"2\" type=\"LLVAR\"/></field>\n\
        <field num=\"55\" type=\"LLLBIN\"/></parse>\n\
        <parse type=\"0210\" extends=\"0200\"><field num=\"3\" type=\"exclude\"/><field num=\"55\" type=\"LLVAR\"/></parse>\n</j8583-config>";
    let imported = read(xml);
    assert_eq!(imported.format, Format::J8583);
    let names: Vec<&str> = imported.alternatives.iter().map(Dialect::name).collect();
    assert_eq!(
        names[..3],
        ["mine-0210", "mine-binary", "mine-0210-binary"],
        "guides that disagree, and modes"
    );
    assert_eq!(names.len(), 9);
    let (answer, binary) = (&imported.alternatives[0], &imported.alternatives[1]);
    assert_eq!(answer.wire(55).unwrap().prefix.unwrap().width, 2);
    assert_eq!(
        imported.dialect.mti.coding,
        Coding::Chars(crate::bytes::Charset::Ascii)
    );
    assert_eq!(binary.mti.coding, Coding::Bcd);
    assert_eq!(imported.dialect.wire(55).unwrap().counts, Counts::HexDigits);
    assert_eq!(binary.wire(55).unwrap().coding, Coding::Raw);
    assert!(
        matches!(&imported.dialect.field(10).unwrap().layout, Some(Layout::Positional { parts, .. }) if parts.len() == 2)
    );
    let said: Vec<_> = imported
        .warnings
        .iter()
        .map(|w| (w.line, w.code.slug()))
        .collect();
    assert_eq!(said, [(4, "ignored")]);
}

#[cfg(feature = "yaml")]
#[test]
fn moov_yaml_with_composites_of_three_kinds() {
    let yaml = "name: Test spec\nfields:\n  \"0\": {type: String, length: 4, enc: ASCII, prefix: ASCII.Fixed}\n  \
        1: {type: Bitmap, length: 8, enc: Binary, prefix: Binary.Fixed}\n  48:\n    type: Composite\n    \
        length: 255\n    prefix: ASCII.LLL\n    tag: {length: 2, enc: ASCII, sort: StringsByInt}\n    subfields:\n      \
        \"01\": {type: String, length: 20, enc: ASCII, prefix: ASCII.LL}\n  55:\n    type: Composite\n    length: 255\n    \
        prefix: ASCII.LLL\n    tag: {enc: BerTLVTag, sort: StringsByHex}\n    subfields:\n      9F02: {type: Hex, enc: Binary, prefix: BerTLV}\n  \
        126:\n    type: Composite\n    length: 255\n    prefix: ASCII.LLL\n    bitmap: {type: Bitmap, length: 8, enc: Binary, prefix: Binary.Fixed, disableAutoExpand: true}\n    \
        subfields:\n      1: {type: String, length: 2, enc: ASCII, prefix: ASCII.Fixed}\n";
    let imported = read(yaml);
    assert_eq!(imported.dialect.name(), "Test spec");
    let layout = |de: u8| imported.dialect.field(de).unwrap().layout.clone();
    assert!(matches!(layout(48), Some(Layout::Tlv(tlv)) if tlv.parts[0].0 == "01"));
    assert_eq!(layout(55), Some(Layout::BerTlv));
    assert!(matches!(layout(126), Some(Layout::Bitmapped { bitmap, .. }) if !bitmap.continues));
}

#[test]
fn jpos_sub_packagers_keep_their_shape() {
    let xml = r#"<isopackager maxValidField="128" headerLength="5">
<isofield id="0" length="4" name="MTI" class="org.jpos.iso.IFA_NUMERIC"/>
<isofield id="1" length="16" name="BITMAP" class="org.jpos.iso.IFB_BITMAP"/>
<isofield id="2" length="255" name="PAN" class="org.jpos.iso.IFB_LLCHAR "/>
<isofieldpackager id="48" length="999" name="PDS" class="org.jpos.iso.IFA_LLLCHAR" packager="org.jpos.iso.packager.GenericSubFieldPackager" emitBitmap="false">
  <isofield id="1" length="10" name="one" class="org.jpos.iso.IFIPM_LLLCHAR"/>
</isofieldpackager>
<isofieldpackager id="127" length="999999" name="private" class="org.jpos.iso.IFA_LLLLLLBINARY" packager="org.jpos.iso.packager.GenericPackager" bitmapField="1">
  <isofield id="1" length="8" name="b" class="org.jpos.iso.IFB_BITMAP"/>
  <isofield id="2" length="32" name="switch key" class="org.jpos.iso.IFA_LLCHAR"/>
</isofieldpackager>
<isofieldpackager id="104" length="999" name="datasets" class="org.jpos.iso.IFB_LLLHBINARY" packager="org.jpos.iso.packager.DatasetPackager"/>
</isopackager>"#;
    let imported = read(xml);
    assert_eq!(imported.dialect.header_bytes, 5);
    let field = |de: u8| imported.dialect.field(de).unwrap();
    assert!(
        matches!(&field(48).layout, Some(Layout::Tlv(tlv)) if tlv.tag.len_bytes == 4 && tlv.parts[0].0 == "0001")
    );
    assert!(
        matches!(&field(127).layout, Some(Layout::Bitmapped { parts, .. }) if parts.len() == 1)
    );
    assert_eq!(field(127).wire.prefix.unwrap().width, 6);
    assert!(
        matches!(&field(104).layout, Some(Layout::Tlv(tlv)) if tlv.tag.len_bytes == 1 && tlv.length.width == 2)
    );
    let said: Vec<_> = imported
        .warnings
        .iter()
        .map(|w| (w.line, w.code.slug()))
        .collect();
    assert_eq!(said, [(4, "clamped"), (12, "opaque")]);
}

#[test]
fn moov_elements_and_python_dicts() {
    let elements = "{\"elements\": {\"3\": {\"Describe\": \"n 6\", \"Description\": \"Code\"}, \"35\": {\"Describe\": \"z..37\"}, \
        \"9\": {\"Describe\": \"weird\"}}, \"encoding\": {\"mti_enc\": \"BCD\", \"bmp_enc\": \"HEX\", \"len_enc\": \"BCD\", \"num_enc\": \"BCD\", \"trk_enc\": \"BCD\"}}";
    let imported = read(elements);
    assert_eq!(imported.format, Format::MoovElements);
    assert_eq!(
        imported.dialect.wire(35).unwrap().prefix.unwrap().coding,
        PrefixCoding::Bcd
    );
    assert_eq!(imported.warnings[0].code, WarningCode::Ignored);

    let python = "import iso8583\nspec = {\n  't': {'data_enc': 'b', 'len_enc': 'b', 'len_type': 0, 'max_len': 2},\n  \
        'p': {'data_enc': 'b', 'len_enc': 'b', 'len_type': 0, 'max_len': 8},  # bitmap\n  \
        '2': {'data_enc': 'b', 'len_enc': 'bcd', 'len_type': 1, 'max_len': 19, 'len_count': 'nibbles', 'right_pad': 'F'},\n}\n";
    let imported = read(python);
    assert_eq!(imported.format, Format::Pyiso8583);
    let wire = imported.dialect.wire(2).unwrap();
    assert_eq!(
        (wire.coding, wire.pad.nibble, wire.prefix.unwrap().width),
        (Coding::Bcd, 0xF, 2)
    );
}

#[test]
fn errors_name_the_line() {
    let line = |text: &str| import(text, "mine").unwrap_err().to_string();
    assert!(line("{\n\"t\": {\"data_enc\": \"ascii\"}\n}").contains("line 1: p: found nothing"));
    assert!(line("<isopackager>\n<isofield").starts_with("line "));
    assert!(line("hello").starts_with("no known specification format"));
    assert!(line("{\"poslab-dialect\": 1,\n\"name\": \"x\",\n\"coding\": {}}").starts_with("line"));
}
