//! Data tables that are looked up where they lie: sorted lines of tab-separated columns.
//!
//! Tables are files under `core/specs`. Nothing is parsed at start-up and
//! nothing is kept: a look-up halves the text on line boundaries until the key is found.

use crate::data::TextFile;

/// One table, sorted by its first column.
#[derive(Clone, Copy)]
pub(crate) struct Table(TextFile);

/// One line of a table.
#[derive(Clone, Copy)]
pub(crate) struct Row(&'static str);

impl Table {
    /// Takes the text of a table; a test asserts that its lines are sorted.
    pub(crate) const fn new(text: TextFile) -> Self {
        Self(text)
    }

    /// The line whose first column is `key`.
    pub(crate) fn find(&self, key: &str) -> Option<Row> {
        let mut rest = self.0.read();
        while !rest.is_empty() {
            let (before, line, after) = middle_line(rest)?;
            let row = Row(line);
            match key.cmp(row.key()) {
                core::cmp::Ordering::Equal => return Some(row),
                core::cmp::Ordering::Less => rest = before,
                core::cmp::Ordering::Greater => rest = after,
            }
        }
        None
    }

    /// Every line that is not a comment, in order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row> + use<> {
        self.0
            .read()
            .lines()
            .filter(|l| !l.starts_with('#') && !l.is_empty())
            .map(Row)
    }
}

impl Row {
    /// The first column.
    pub(crate) fn key(&self) -> &'static str {
        self.column(0)
    }

    /// The column with this number, from 0; empty when the line is shorter.
    pub(crate) fn column(&self, index: usize) -> &'static str {
        self.0.split('\t').nth(index).unwrap_or_default()
    }
}

/// The line around the middle of `text`, with what stands before and after it.
fn middle_line(text: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    let bytes = text.as_bytes();
    let half = bytes.len() / 2;
    let start = bytes
        .get(..half)?
        .iter()
        .rposition(|b| *b == b'\n')
        .map_or(0, |i| i + 1);
    let end = bytes
        .get(start..)?
        .iter()
        .position(|b| *b == b'\n')
        .map_or(text.len(), |i| start + i);
    let after = text.get(end + 1..).unwrap_or_default();
    Some((text.get(..start)?, text.get(start..end)?, after))
}

#[cfg(test)]
pub(crate) fn assert_sorted(table: Table, columns: usize) {
    let text = table.0.read();
    let lines: Vec<&str> = text.lines().collect();
    for pair in lines.windows(2).filter(|pair| !pair[1].starts_with('#')) {
        assert!(
            Row(pair[0]).key() < Row(pair[1]).key(),
            "{:?} then {:?}",
            pair[0],
            pair[1]
        );
    }
    for row in table.rows() {
        assert_eq!(row.0.split('\t').count(), columns, "columns of {:?}", row.0);
        assert!(
            table.find(row.key()).is_some(),
            "cannot find {:?}",
            row.key()
        );
    }
    assert!(
        !text.ends_with("\n\n") && text.ends_with('\n'),
        "ends with one newline"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_key_and_nothing_else() {
        let text = TextFile::new("# key, word\n01\tone\n02\ttwo\n10\tten\n");
        let table = Table::new(text);
        assert_sorted(table, 2);
        assert_eq!(table.find("10").map(|r| r.column(1)), Some("ten"));
        for absent in ["", "0", "00", "011", "03", "99", "é"] {
            assert!(table.find(absent).is_none(), "{absent}");
        }
    }
}
