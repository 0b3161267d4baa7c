//! Sorting by a small number, without a copy of the sort for every type of thing.
//!
//! The sort of the standard library is some 4 KB for each type it is used with; the page cannot
//! afford one for every list of a dozen entries. Here numbers are sorted, and the things follow.

/// Sorts by a number; things with the same number stay in their order.
pub fn sort_by_number<T>(list: &mut Vec<T>, number: impl Fn(&T) -> u64) {
    if list.len() < 2 {
        return;
    }
    let order = order(list.iter().map(number).collect());
    let mut things: Vec<Option<T>> = list.drain(..).map(Some).collect();
    let sorted = order
        .into_iter()
        .filter_map(|at| things.get_mut(at).and_then(Option::take));
    list.extend(sorted);
}

/// The places of the numbers, from the smallest number to the greatest.
fn order(numbers: Vec<u64>) -> Vec<usize> {
    let mut pairs: Vec<(u64, usize)> = numbers.into_iter().zip(0..).collect();
    pairs.sort_unstable();
    pairs.into_iter().map(|(_, at)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_keep_their_order() {
        let mut words = vec!["three", "two", "one", "four", "six", "five"];
        sort_by_number(&mut words, |word| word.len() as u64);
        assert_eq!(words, ["two", "one", "six", "four", "five", "three"]);
        let mut none: Vec<u8> = Vec::new();
        sort_by_number(&mut none, |_| 0);
        assert!(none.is_empty());
    }
}
