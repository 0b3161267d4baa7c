//! Hex dumps: lines of an offset, bytes, and usually the same bytes as characters.
//!
//! `xxd`, `hexdump`, `hexdump -C`, `od`, Wireshark, `tcpdump -X`, debuggers and a thousand
//! loggers differ in details, so no format is assumed. Instead the offsets must add up: the
//! offset of a line is the number of bytes before it, in hex, octal or decimal. The character
//! column is recognised by rendering the bytes and comparing.

use super::clean::Clean;
use super::nibbles::nibble;
use super::{Content, Form, Intake, Item, Octets};
use std::ops::Range;

pub(super) fn read(clean: &Clean<'_>) -> Option<Intake> {
    let lines: Vec<(usize, &str)> = clean.lines().collect();
    let mut items = Vec::new();
    let mut index = 0;
    while index < lines.len() {
        match Dump::start(lines.get(index..)?) {
            Some((dump, used)) => {
                items.push(dump.item(clean));
                index += used;
            }
            None => index += 1,
        }
    }
    let form = items.first()?.form;
    let lines = if items.len() == 1 {
        items.first().map_or(0, |i| count_lines(clean, i))
    } else {
        lines.len()
    };
    Some(Intake {
        form,
        lines,
        items,
        notes: Vec::new(),
    })
}

fn count_lines(clean: &Clean<'_>, item: &Item) -> usize {
    clean
        .text
        .get(item.chars.clone())
        .map_or(0, |t| t.lines().count())
}

/// A dump under construction.
struct Dump {
    octets: Octets,
    chars: Range<usize>,
    form: Form,
    first_offset: u64,
}

impl Dump {
    /// Reads a dump that begins in the first of `lines`; gives it with the lines it took.
    fn start(lines: &[(usize, &str)]) -> Option<(Self, usize)> {
        let (at, text) = *lines.first()?;
        let next = lines.get(1).map(|(_, text)| *text);
        let first = line_starts(text).find_map(|from| Row::parse(at, text, from, next))?;
        if !first.opens_a_dump(next) {
            return None;
        }
        let mut dump = Self {
            first_offset: first.offset(Radix::Hex)?,
            form: first.form(),
            chars: at + first.from..at + text.len(),
            octets: Octets::default(),
        };
        let words = first.is_words();
        dump.push(first, words);
        let used = 1 + dump.follow(lines.get(1..)?, words);
        (dump.octets.bytes.len() > 1).then_some((dump, used))
    }

    /// Takes the lines that continue the dump; gives their number.
    fn follow(&mut self, lines: &[(usize, &str)], words: bool) -> usize {
        let (mut used, mut repeat) = (0, false);
        for (index, (at, text)) in lines.iter().enumerate() {
            if text.trim() == "*" {
                repeat = true;
                continue;
            }
            let next = lines.get(index + 1).map(|(_, text)| *text);
            let Some(row) = line_starts(text).find_map(|from| {
                Row::parse(*at, text, from, next).filter(|row| self.gap(row, repeat).is_some())
            }) else {
                break;
            };
            let gap = self.gap(&row, repeat).unwrap_or(0);
            self.fill(gap);
            repeat = false;
            used = index + 1;
            self.chars.end = at + text.len();
            if row.bytes.bytes.is_empty() {
                // hexdump and od end with the total, which tells whether the last word is half.
                self.trim_to(&row);
                break;
            }
            self.push(row, words);
        }
        used
    }

    fn push(&mut self, row: Row<'_>, words: bool) {
        self.octets
            .extend(if words { row.swapped() } else { row.bytes });
    }

    /// How many bytes stand between the end so far and `row`: 0, or a repeated run after `*`.
    fn gap(&self, row: &Row<'_>, repeat: bool) -> Option<usize> {
        let have = u64::try_from(self.octets.bytes.len()).ok()?;
        let slack = if row.bytes.bytes.is_empty() { 1 } else { 0 };
        [Radix::Hex, Radix::Octal, Radix::Decimal]
            .into_iter()
            .find_map(|radix| {
                let offset = row.offset(radix)?.checked_sub(self.first_offset)?;
                let gap = i64::try_from(offset).ok()? - i64::try_from(have).ok()?;
                match usize::try_from(gap) {
                    Ok(gap) if gap == 0 || (repeat && gap <= MAX_REPEAT) => Some(gap),
                    Err(_) if gap == -slack => Some(0),
                    _ => None,
                }
            })
    }

    /// Repeats the last 16 bytes over `gap` bytes, as `*` says.
    fn fill(&mut self, gap: usize) {
        let from = self.octets.bytes.len().saturating_sub(16);
        let pattern: Vec<u8> = self.octets.bytes.get(from..).unwrap_or_default().to_vec();
        let end = self.chars.end;
        for byte in pattern.iter().cycle().take(gap) {
            self.octets.push(*byte, end..end);
        }
    }

    fn trim_to(&mut self, row: &Row<'_>) {
        let have = self.octets.bytes.len();
        let total = [Radix::Hex, Radix::Octal]
            .into_iter()
            .filter_map(|radix| {
                usize::try_from(row.offset(radix)?.checked_sub(self.first_offset)?).ok()
            })
            .find(|total| *total + 1 == have || *total == have);
        self.octets.truncate(total.unwrap_or(have));
    }

    fn item(self, clean: &Clean<'_>) -> Item {
        let line = clean.line_number(self.chars.start);
        Item {
            form: self.form,
            chars: self.chars,
            line,
            content: Content::Bytes(self.octets),
        }
    }
}

const MAX_REPEAT: usize = 1 << 16;

#[derive(Clone, Copy)]
enum Radix {
    Hex,
    Octal,
    Decimal,
}

/// One line of a dump.
struct Row<'a> {
    /// Where the offset column begins in the line.
    from: usize,
    digits: &'a str,
    after: &'a str,
    bytes: Octets,
    /// Hex digits in the first group.
    group: usize,
    has_text: bool,
    bar: bool,
}

impl<'a> Row<'a> {
    fn parse(at: usize, line: &'a str, from: usize, next: Option<&str>) -> Option<Self> {
        let tail = line.get(from..)?;
        let prefix = if tail.starts_with("0x") || tail.starts_with("0X") {
            2
        } else {
            0
        };
        let digits = hex_run(tail.get(prefix..)?);
        if !(3..=8).contains(&digits.len())
            || (digits.len() == 3 && prefix == 0 && !tail.starts_with("0"))
        {
            return None;
        }
        let mut after = tail.get(prefix + digits.len()..)?;
        after = after.strip_prefix(['h', 'H']).unwrap_or(after);
        let mark = after.strip_prefix([':', '|', '>']);
        let body = mark.unwrap_or(after);
        if !body.is_empty() && !body.starts_with([' ', '\t']) {
            return None;
        }
        let body_at = line.len() - body.len();
        let pairs = byte_pairs(body);
        let group = hex_run(body.trim_start()).len();
        let words = group == 4 && mark.is_none() && prefix == 0;
        let expected = next.and_then(|next| next_offset(next, digits));
        let expected = expected.map(|count| {
            if words {
                count.next_multiple_of(2)
            } else {
                count
            }
        });
        let (count, text) = split_columns(body, &pairs, expected);
        let mut bytes = Octets::default();
        for &(column, byte) in pairs.iter().take(count) {
            bytes.push(byte, at + body_at + column..at + body_at + column + 2);
        }
        let marked = &tail[..tail.len() - body.len()];
        Some(Self {
            from,
            digits,
            after: marked,
            bytes,
            group,
            has_text: text,
            bar: body.contains('|'),
        })
    }

    fn offset(&self, radix: Radix) -> Option<u64> {
        u64::from_str_radix(self.digits, radix.base()).ok()
    }

    /// Whether this line may begin a dump: its offset is 0 or the next line continues it, and it
    /// does not look like plain hex.
    fn opens_a_dump(&self, next: Option<&str>) -> bool {
        let count = self.bytes.bytes.len();
        if count == 0 {
            return false;
        }
        let continued = next.and_then(|next| next_offset(next, self.digits)) == Some(count);
        let zero = self.offset(Radix::Hex) == Some(0);
        let spaced =
            self.after.len() > self.digits.len() || self.has_text || self.digits.len() >= 7;
        continued || (zero && (spaced || self.group == 2))
    }

    fn is_words(&self) -> bool {
        self.group == 4 && self.after == self.digits && self.digits.len() >= 6 && !self.has_text
    }

    fn form(&self) -> Form {
        if self.after.starts_with("0x") {
            Form::Tcpdump
        } else if self.is_words() {
            Form::HexdumpWords
        } else if self.bar && self.digits.len() == 8 && self.after == self.digits {
            Form::HexdumpC
        } else if self.after.strip_suffix(':') == Some(self.digits) && self.digits.len() >= 7 {
            Form::Xxd
        } else if self.digits.len() == 4 && self.after == self.digits && self.group == 2 {
            Form::Wireshark
        } else {
            Form::Dump
        }
    }

    /// The bytes of little-endian words in the order of memory.
    fn swapped(&self) -> Octets {
        let mut out = Octets::default();
        for (index, pair) in self.bytes.bytes.chunks(2).enumerate() {
            for i in (0..pair.len()).rev() {
                let at = index * 2 + i;
                if let (Some(byte), Some(chars)) =
                    (self.bytes.bytes.get(at), self.bytes.chars(at..at + 1))
                {
                    out.push(*byte, chars);
                }
            }
        }
        out
    }
}

impl Radix {
    fn base(self) -> u32 {
        match self {
            Radix::Hex => 16,
            Radix::Octal => 8,
            Radix::Decimal => 10,
        }
    }
}

/// Where an offset column may begin: at the first character, or after the words of a log prefix.
fn line_starts(line: &str) -> impl Iterator<Item = usize> + '_ {
    let lead = line.len() - line.trim_start().len();
    let words = line
        .match_indices([' ', '\t', '|', ']'])
        .map(|(at, _)| at + 1);
    std::iter::once(lead)
        .chain(words.filter(move |at| *at > lead))
        .take(MAX_PREFIX_WORDS)
}

const MAX_PREFIX_WORDS: usize = 24;

fn hex_run(text: &str) -> &str {
    let end = text
        .bytes()
        .position(|b| !b.is_ascii_hexdigit())
        .unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// The distance from the offset written as `digits` to the one at the start of `line`.
fn next_offset(line: &str, digits: &str) -> Option<usize> {
    line_starts(line).find_map(|from| {
        let tail = line.get(from..)?;
        let tail = tail.strip_prefix("0x").unwrap_or(tail);
        let found = hex_run(tail);
        if found.len() != digits.len() {
            return None;
        }
        [16, 8, 10].into_iter().find_map(|radix| {
            let here = u64::from_str_radix(digits, radix).ok()?;
            let there = u64::from_str_radix(found, radix).ok()?;
            usize::try_from(there.checked_sub(here)?)
                .ok()
                .filter(|n| matches!(n, 1..=64))
        })
    })
}

/// The bytes of the hex columns with the column of their first digit. Ends at the first token
/// that is not a group of whole bytes.
fn byte_pairs(body: &str) -> Vec<(usize, u8)> {
    let text = body.as_bytes();
    let (mut pairs, mut at) = (Vec::new(), 0);
    loop {
        let skipped = text.get(at..).unwrap_or_default();
        at += skipped
            .iter()
            .position(|b| !matches!(b, b' ' | b'\t'))
            .unwrap_or(skipped.len());
        let run = hex_run(body.get(at..).unwrap_or_default());
        let ended = text
            .get(at + run.len())
            .is_none_or(|b| matches!(b, b' ' | b'\t' | b'-' | b'|' | b';'));
        if run.is_empty() || run.len() % 2 == 1 || run.len() > 32 || !ended {
            return pairs;
        }
        for (index, pair) in run.as_bytes().chunks_exact(2).enumerate() {
            if let [high, low] = *pair {
                let byte = nibble(high).unwrap_or(0) << 4 | nibble(low).unwrap_or(0);
                pairs.push((at + index * 2, byte));
            }
        }
        at += run.len();
        at += usize::from(matches!(text.get(at), Some(b'-')));
    }
}

/// How many of the pairs are bytes, and whether what follows them is their characters.
fn split_columns(body: &str, pairs: &[(usize, u8)], expected: Option<usize>) -> (usize, bool) {
    let text_follows = |count: usize| {
        let Some(&(column, _)) = pairs.get(count.wrapping_sub(1)) else {
            return false;
        };
        let rest = body.get(column + 2..).unwrap_or_default();
        let bytes: Vec<u8> = pairs.iter().take(count).map(|(_, byte)| *byte).collect();
        renders(rest, &bytes)
    };
    if let Some(count) = expected.filter(|count| *count <= pairs.len()) {
        return (count, text_follows(count));
    }
    match (1..=pairs.len()).rev().find(|&count| text_follows(count)) {
        Some(count) => (count, true),
        None => (pairs.len(), false),
    }
}

/// Whether `column` shows `bytes` as characters: printable ones as themselves or as a dot.
fn renders(column: &str, bytes: &[u8]) -> bool {
    let fits = |shown: &str| {
        let mut chars = shown.chars();
        let same = bytes.iter().all(|&byte| match chars.next() {
            Some(c) => !(0x21..0x7f).contains(&byte) || c == char::from(byte) || c == '.',
            None => byte == b' ',
        });
        same && chars
            .as_str()
            .trim_end_matches(['|', '*', ' ', '<', ']'])
            .is_empty()
    };
    let lead = column.len()
        - column
            .trim_start_matches([' ', '\t', '|', ';', '>', '[', '*', '-'])
            .len();
    lead > 0
        && column.trim().len() * 2 >= bytes.len()
        && (1..=lead).any(|skip| column.get(skip..).is_some_and(fits))
}
