//! A map of few entries: those of a box, of a terminal, or of what is under way at one moment.
//!
//! It stands beside `BTreeMap` because the checker copies a world for every schedule, and a list of
//! a dozen entries is copied at once where a tree is copied node by node; and because every kind of
//! tree is code of its own that the page has to fetch. It promises the order of the keys.
//! Looking up is a search by halves; putting in and taking out move what comes after, so this is
//! not for what grows with the number of trades.

/// A map of few entries, in the order of its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Few<K, V>(Vec<(K, V)>);

impl<K, V> Default for Few<K, V> {
    fn default() -> Self {
        Few(Vec::new())
    }
}

impl<K: Ord, V> Few<K, V> {
    /// No entries.
    pub const fn new() -> Self {
        Few(Vec::new())
    }

    /// Where a key stands, or would stand.
    fn place(&self, key: &K) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.cmp(key))
    }

    /// Puts an entry in; gives the value that was there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(place) => {
                let entry = self.0.get_mut(place)?;
                Some(std::mem::replace(&mut entry.1, value))
            }
            Err(place) => {
                self.0.insert(place, (key, value));
                None
            }
        }
    }

    /// Takes an entry out.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let place = self.place(key).ok()?;
        Some(self.0.remove(place).1)
    }

    /// Keeps the entries that are wanted.
    pub fn retain(&mut self, wanted: impl Fn(&K, &V) -> bool) {
        self.0.retain(|(key, value)| wanted(key, value));
    }

    /// The value of a key, to change it.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let place = self.place(key).ok()?;
        self.0.get_mut(place).map(|(_, value)| value)
    }

    /// The value of a key, to change it; it begins as the type's default.
    pub fn slot(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        let place = match self.place(&key) {
            Ok(place) => place,
            Err(place) => {
                self.0.insert(place, (key, V::default()));
                place
            }
        };
        let entry = self.0.get_mut(place);
        &mut entry.expect("it was found or put in there").1
    }

    /// The value of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        let place = self.place(key).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    /// Whether a key has a value.
    pub fn contains_key(&self, key: &K) -> bool {
        self.place(key).is_ok()
    }
}

impl<K, V> Few<K, V> {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entries.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// The keys.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.0.iter().map(|(key, _)| key)
    }

    /// The values.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    /// The values, to change them.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.0.iter_mut().map(|(_, value)| value)
    }
}

impl<K, V> IntoIterator for Few<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::Few;
    use std::collections::BTreeMap;

    #[test]
    fn it_holds_what_a_tree_holds() {
        let (mut few, mut tree) = (Few::new(), BTreeMap::new());
        for step in 0u32..400 {
            let key = step * 7919 % 23;
            if step % 3 == 0 {
                assert_eq!(few.remove(&key), tree.remove(&key));
            } else if step % 3 == 1 {
                assert_eq!(few.insert(key, step), tree.insert(key, step));
            } else {
                *few.slot(key) += step;
                *tree.entry(key).or_default() += step;
            }
            assert_eq!(few.get(&key), tree.get(&key));
            assert_eq!(few.contains_key(&3), tree.contains_key(&3));
            assert!(few.iter().eq(tree.iter()) && few.len() == tree.len());
        }
        few.retain(|key, _| key % 2 == 0);
        tree.retain(|key, _| key % 2 == 0);
        assert!(few.keys().eq(tree.keys()) && few.values().eq(tree.values()));
        assert!(few.into_iter().eq(tree));
    }
}
