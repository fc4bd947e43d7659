//! How many tables each level has, all column families together, as the log counts them.
//!
//! In: what was counted of a family before, and what is now. Out: the sums of all families, and the most tables that
//! level 0 of any of them has. A change costs as many steps as the family has levels, however many families there are:
//! a log of a thousand families has such a change in every third line.

use std::collections::BTreeMap;

/// The sums over all column families of which a log has counted the tables.
#[derive(Clone, Debug, Default)]
pub(super) struct CountedLevels {
    /// By level. A sum of counts of any size, so that what is added can be taken away again.
    tables: Vec<u128>,
    /// How many families have how many tables on level 0.
    level0: BTreeMap<u64, usize>,
}

impl CountedLevels {
    /// Of a family, `after` is counted instead of `before`; that is empty if it was not counted yet.
    pub fn change(&mut self, before: &[u64], after: &[u64]) {
        self.tables.resize(self.tables.len().max(after.len()), 0);
        self.tables.iter_mut().zip(before).for_each(|(sum, tables)| *sum -= u128::from(*tables));
        self.tables.iter_mut().zip(after).for_each(|(sum, tables)| *sum += u128::from(*tables));
        if let Some(tables) = before.first()
            && let Some(families) = self.level0.get_mut(tables)
        {
            *families -= 1;
            if *families == 0 {
                self.level0.remove(tables);
            }
        }
        if let Some(tables) = after.first() {
            *self.level0.entry(*tables).or_default() += 1;
        }
    }

    /// The tables on each level.
    pub fn tables(&self) -> &[u128] {
        &self.tables
    }

    /// The most tables on level 0 of any family.
    pub fn most_on_level0(&self) -> u64 {
        self.level0.last_key_value().map_or(0, |(tables, _)| *tables)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_what_each_family_has_now() {
        let mut all = CountedLevels::default();
        let mut families: Vec<Vec<u64>> = vec![Vec::new(); 3];
        let most = u64::MAX;
        let counts =
            [(0, vec![4, 1]), (1, vec![most, 0, 7]), (2, vec![4, 4]), (0, vec![2]), (1, vec![3, 9]), (2, vec![0])];
        for (family, after) in counts {
            all.change(&families[family], &after);
            families[family] = after;
            let of_level =
                |level: usize| families.iter().filter_map(move |counts| counts.get(level)).map(|n| u128::from(*n));
            let sums: Vec<u128> = (0..all.tables().len()).map(|level| of_level(level).sum()).collect();
            assert_eq!(all.tables(), sums);
            assert_eq!(
                all.most_on_level0(),
                families.iter().filter_map(|counts| counts.first()).max().copied().unwrap()
            );
        }
        assert_eq!((all.tables(), all.most_on_level0()), (&[5, 9, 0][..], 3));
    }
}
