//! The fields of a message as indented rows: what a tree pane draws and a listing prints.
//!
//! One row per frame part, field, sub-field, tag and announced bit; a value without a structure
//! of its own shows in the row of its field. Every bit of the frame belongs to some row.

use super::veil::Veil;
use crate::bytes::Span;
use crate::codec::{Dissection, Finding, Key, Node, NodeId, NodeKind, Severity, key_text};
use crate::spec::Name;
use crate::words::{Lang, Text, bits, describe, emv_tag};

/// The hue of what stands around the fields; the hues of fields are 0 to 7.
pub const FRAME_HUE: u8 = 8;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where it is, such as `DE55.9F10`; unique within an outline.
    pub path: String,
    /// How far it is indented; 0 for frame parts and fields.
    pub depth: usize,
    /// The index of the row it stands under.
    pub parent: Option<usize>,
    /// Whether rows stand under it.
    pub has_children: bool,
    /// The field number, part number or tag; empty for the rest.
    pub number: String,
    /// Its name in both languages.
    pub name: Name,
    /// Its canonical text, hidden digits as dots.
    pub value: String,
    /// What the value means, in both languages; empty where the characters speak for themselves.
    pub meaning: Name,
    /// The bits it covers.
    pub span: Span,
    /// Its colour: the same for a field in every pane and every message.
    pub hue: u8,
    /// The worst finding at it or under it.
    pub severity: Option<Severity>,
    /// What it is.
    pub kind: NodeKind,
    /// Its node in the dissection; the bit of a bitmap has that of its bitmap.
    pub node: NodeId,
}

/// The rows of a dissection.
#[must_use]
pub fn outline(tree: &Dissection<'_>, veil: &Veil) -> Vec<Row> {
    let mut rows = Vec::new();
    for id in tree.children(tree.root()) {
        add(tree, veil, id, None, FRAME_HUE, &mut rows);
    }
    for finding in &tree.findings {
        mark(&mut rows, finding);
    }
    rows
}

/// The hue of a field, by its number alone. Spread so that fields which usually follow one
/// another differ.
#[must_use]
pub const fn hue(de: u8) -> u8 {
    (de + de / 7 * 2) % 8
}

/// The deepest row that holds all of some bits.
#[must_use]
pub fn row_at(rows: &[Row], bits: Span) -> Option<usize> {
    let holds = |(_, row): &(usize, &Row)| row.span.contains(bits) && !row.span.is_empty();
    let deepest = rows.iter().enumerate().filter(holds);
    deepest
        .max_by_key(|(index, row)| (row.depth, *index))
        .map(|(index, _)| index)
}

/// Adds a node and what stands under it.
fn add(
    tree: &Dissection<'_>,
    veil: &Veil,
    id: NodeId,
    parent: Option<usize>,
    hue: u8,
    rows: &mut Vec<Row>,
) {
    let Some(node) = tree.node(id) else { return };
    let hue = own_hue(node).unwrap_or(hue);
    let index = rows.len();
    let depth = parent
        .and_then(|parent| rows.get(parent))
        .map_or(0, |row| row.depth + 1);
    let structural = matches!(node.kind, NodeKind::Prefix | NodeKind::Tag | NodeKind::Pad);
    let path = match rows.get(parent.unwrap_or(usize::MAX)) {
        Some(over) if structural => format!("{}.{}", over.path, structure_slug(node.kind)),
        _ => tree.path(id),
    };
    rows.push(Row {
        path,
        depth,
        parent,
        has_children: false,
        number: number(node),
        name: name(tree, id, node),
        value: if node.kind == NodeKind::Bitmap {
            announced(tree)
        } else {
            veil.text(tree, id)
        },
        meaning: meaning(tree, id, node),
        span: node.span,
        hue,
        severity: None,
        kind: node.kind,
        node: id,
    });
    let data = tree.data(id);
    for child in tree.children(id) {
        if child == data {
            for part in tree.children(data) {
                add(tree, veil, part, Some(index), hue, rows);
            }
        } else {
            add(tree, veil, child, Some(index), hue, rows);
        }
    }
    if node.kind == NodeKind::Bitmap {
        add_bits(tree, id, index, rows);
    }
    if let Key::Tag(_) = node.key {
        add_flags(tree, id, index, hue, rows);
    }
    let has_children = rows.len() > index + 1;
    if let Some(row) = rows.get_mut(index) {
        row.has_children = has_children;
    }
}

/// One row per announced field, so that a bit can be followed to its field.
fn add_bits(tree: &Dissection<'_>, id: NodeId, parent: usize, rows: &mut Vec<Row>) {
    for (de, field) in tree.fields() {
        let Some(span) = tree.bitmap_bit(de) else {
            continue;
        };
        rows.push(Row {
            path: format!("bitmap.{de}"),
            depth: 1,
            parent: Some(parent),
            has_children: false,
            number: de.to_string(),
            name: tree.name(field).cloned().unwrap_or_default(),
            value: format!("→ DE{de}"),
            meaning: Name::default(),
            span,
            hue: hue(de),
            severity: None,
            kind: NodeKind::Bitmap,
            node: id,
        });
    }
}

/// One row per bit that is set in a value whose bits have meanings, such as TVR.
fn add_flags(tree: &Dissection<'_>, id: NodeId, parent: usize, hue: u8, rows: &mut Vec<Row>) {
    let Some(node) = tree.node(id) else { return };
    let tag = key_text(node.key).unwrap_or_default();
    let Some(data) = tree.node(tree.data(id)) else {
        return;
    };
    let Some((path, depth)) = rows
        .get(parent)
        .map(|row| (row.path.clone(), row.depth + 1))
    else {
        return;
    };
    let set = bits(&tag, &tree.value(id))
        .into_iter()
        .filter(|bit| bit.set);
    for bit in set {
        let [start, end] = [bit.bits.start, bit.bits.end].map(|at| u32::try_from(at).unwrap_or(0));
        // Byte 1 bit 8 is the first bit, as the EMV books count.
        let number = format!("{}.{}", start / 8 + 1, 8 - start % 8);
        rows.push(Row {
            path: format!("{path}.b{number}"),
            depth,
            parent: Some(parent),
            has_children: false,
            number,
            name: Name {
                en: bit.say(Lang::En),
                zh: bit.say(Lang::Zh),
            },
            value: String::new(),
            meaning: Name::default(),
            span: Span::bits(start, end).shifted(data.span.start),
            hue,
            severity: None,
            kind: NodeKind::Data,
            node: id,
        });
    }
}

/// What the value of a node means. Card numbers come out masked.
fn meaning(tree: &Dissection<'_>, id: NodeId, node: &Node) -> Name {
    let valued = matches!(
        node.kind,
        NodeKind::Mti | NodeKind::Field | NodeKind::Part | NodeKind::Tagged
    );
    if !valued {
        return Name::default();
    }
    let (path, value) = (tree.path(id), tree.value(id));
    let other = |path: &str| lookup(tree, path);
    let say = |lang| describe(&path, &value, &other, lang).unwrap_or_default();
    Name {
        en: say(Lang::En),
        zh: say(Lang::Zh),
    }
}

/// The canonical value at a path of a dissection, as descriptions and sentences ask for it.
#[must_use]
pub fn lookup(tree: &Dissection<'_>, path: &str) -> Option<String> {
    if path == "MTI" {
        return tree.mti().map(str::to_owned);
    }
    tree.find(path).map(|id| tree.value(id))
}

/// Marks the row of a finding, and the rows it stands under.
fn mark(rows: &mut [Row], finding: &Finding) {
    let by_path = rows.iter().position(|row| row.path == finding.path);
    let mut at = by_path.or_else(|| row_at(rows, finding.span));
    while let Some(row) = at.and_then(|index| rows.get_mut(index)) {
        row.severity = row.severity.max(Some(finding.severity));
        at = row.parent;
    }
}

/// The hue that a node brings itself; others have that of what they stand in.
fn own_hue(node: &Node) -> Option<u8> {
    match (node.kind, node.key) {
        (NodeKind::Mti, _) => Some(0),
        (NodeKind::Bitmap, _) => Some(1),
        (NodeKind::Field, Key::De(de)) => Some(hue(de)),
        _ => None,
    }
}

/// What stands in the number column.
fn number(node: &Node) -> String {
    match node.key {
        Key::De(de) => de.to_string(),
        key => key_text(key).unwrap_or_default(),
    }
}

/// The fields that a message has, as its bitmap row shows them.
fn announced(tree: &Dissection<'_>) -> String {
    let numbers: Vec<String> = tree.fields().map(|(de, _)| de.to_string()).collect();
    numbers.join(" ")
}

/// The end of the path of a part that the message's structure needs.
const fn structure_slug(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Prefix => "length",
        NodeKind::Tag => "tag",
        _ => "padding",
    }
}

/// The dictionary's name of an EMV tag.
fn tag_name(node: &Node) -> Option<Text> {
    match node.key {
        Key::Tag(_) => emv_tag(&key_text(node.key)?).map(|tag| tag.name),
        _ => None,
    }
}

/// The parts of what stands in front of a message.
/// **Source**: Q/CUP 009 as terminals and front ends in the field write it; a header of one opaque
/// make has no parts.
fn head_part(
    tree: &Dissection<'_>,
    id: NodeId,
    node: &Node,
) -> Option<(&'static str, &'static str)> {
    let above = tree.parent(id).and_then(|parent| tree.node(parent))?;
    Some(match (above.kind, node.key) {
        (NodeKind::Tpdu, Key::Part(1)) => ("Identifier", "标识"),
        (NodeKind::Tpdu, Key::Part(2)) => ("Destination address", "目的地址"),
        (NodeKind::Tpdu, Key::Part(3)) => ("Source address", "源地址"),
        (NodeKind::Header, Key::Part(1)) => ("Application class", "应用类别"),
        (NodeKind::Header, Key::Part(2)) => ("Software version", "软件总版本号"),
        (NodeKind::Header, Key::Part(3)) => ("Terminal status", "终端状态"),
        (NodeKind::Header, Key::Part(4)) => ("Processing requirement", "处理要求"),
        (NodeKind::Header, Key::Part(5)) => ("Software sub-version", "软件分版本号"),
        _ => return None,
    })
}

/// The name of a row: the dialect's, else that of its kind.
fn name(tree: &Dissection<'_>, id: NodeId, node: &Node) -> Name {
    let known = match node.kind {
        NodeKind::Field | NodeKind::Part | NodeKind::Tagged => tree.name(id),
        _ => None,
    };
    // What has no entry of its own answers with that of what it stands in: not its name.
    let above = tree.parent(id).and_then(|parent| tree.name(parent));
    let known = known.filter(|name| !above.is_some_and(|above| std::ptr::eq(*name, above)));
    if let Some(name) = known.filter(|name| !name.en.is_empty()) {
        return name.clone();
    }
    if let Some(Text { en, zh }) = tag_name(node) {
        return Name {
            en: en.to_owned(),
            zh: zh.to_owned(),
        };
    }
    let (en, zh) = head_part(tree, id, node).unwrap_or(match node.kind {
        NodeKind::Root => ("Frame", "帧"),
        NodeKind::LengthHeader => ("Length", "报文长度"),
        NodeKind::Tpdu => ("TPDU", "TPDU"),
        NodeKind::Header => ("Header", "报文头"),
        NodeKind::Mti => ("Message type", "消息类型"),
        NodeKind::Bitmap => ("Bitmap", "位元表"),
        NodeKind::Field => ("Field", "域"),
        NodeKind::Part => ("Part", "子域"),
        NodeKind::Tagged => ("Tag", "标签"),
        NodeKind::Prefix => ("length", "长度"),
        NodeKind::Tag => ("tag", "标签"),
        NodeKind::Data => ("Value", "值"),
        NodeKind::Pad => ("padding", "填充"),
        NodeKind::Undecoded => ("Undecoded", "未解析"),
        NodeKind::Trailing => ("Bytes behind the message", "报文后的字节"),
    });
    Name {
        en: en.to_owned(),
        zh: zh.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::dissect;
    use crate::frame::Framing;
    use crate::spec::builtin;

    #[test]
    fn rows_follow_the_bits_and_the_bitmap_points_at_its_fields() {
        let dialect = builtin("unionpay-pos").unwrap();
        let text = "020070200000000000001962162610000000000180000000000000012345000004";
        let frame = hex::decode(text).unwrap();
        let tree = dissect(&dialect, &frame, &Framing::none());
        let rows = outline(&tree, &Veil::over(&tree));
        let top: Vec<&str> = rows
            .iter()
            .filter(|row| row.depth == 0)
            .map(|row| row.path.as_str())
            .collect();
        assert_eq!(top, ["MTI", "bitmap", "DE2", "DE3", "DE4", "DE11"]);
        let bit = rows.iter().find(|row| row.path == "bitmap.4").unwrap();
        assert_eq!(bit.span, Span::bits(19, 20));
        let amount = row_at(&rows, Span::bits(8 * 24, 8 * 25)).unwrap();
        assert_eq!(rows[amount].path, "DE4");
    }
}
