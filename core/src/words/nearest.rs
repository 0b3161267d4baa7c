//! How close a misspelt word is to a known one.

/// A name as it is compared: lower case, without spaces, hyphens and underscores.
pub(crate) fn fold(name: &str) -> String {
    let kept = name
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '_' | '\u{3000}'));
    kept.flat_map(char::to_lowercase).collect()
}

/// The number of single changes between two names, when they are close enough to be meant.
pub(crate) fn closeness(asked: &str, known: &str) -> Option<usize> {
    let (asked, known) = (fold(asked), fold(known));
    let length = asked.chars().count();
    if asked.is_empty() || length > 40 {
        return None;
    }
    let limit = (length / 3).clamp(1, 3);
    let distance = distance(&asked, &known);
    (distance <= limit && distance < length).then_some(distance)
}

/// Insertions, deletions, replacements and swaps of neighbours between two texts.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    let mut previous = None;
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], k: usize| row.get(k).copied().unwrap_or(usize::MAX / 2);
            let changed = at(&row, j) + usize::from(x != *y);
            let mut best = changed.min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let swapped = j > 0 && previous == Some(*y) && b.get(j - 1) == Some(&x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            next.push(best);
        }
        previous = Some(x);
        before = core::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_single_changes() {
        for (a, b, n) in [
            ("", "", 0),
            ("kitten", "sitting", 3),
            ("stan", "satn", 1),
            ("ab", "", 2),
            ("冲正", "冲账", 1),
        ] {
            assert_eq!(distance(a, b), n, "{a} {b}");
        }
        assert_eq!(closeness("Sign On", "sign-on"), Some(0));
        assert_eq!(closeness("x", "y"), None);
    }
}
