//! A persistent ordered map: a clone costs nothing, and a change to one clone leaves the others as they were.
//!
//! Checkpoints of the scene hold a memtable each; with this map they hold one memtable's entries between them. It is a
//! treap (a search tree by key, a heap by priority) whose nodes are shared: an insert copies the path to the root
//! where that is shared, and changes it in place where it is not. Each node knows the size of its subtree, so the map
//! also answers which place a key has, and what is at a place, in logarithmic time.
//!
//! Priorities come from a counter through a fixed mixing function: no randomness, the same tree every time.

use std::{cmp::Ordering, rc::Rc};

type Link<K, V> = Option<Rc<Node<K, V>>>;

#[derive(Clone, Debug)]
struct Node<K, V> {
    key: K,
    value: V,
    priority: u64,
    /// Nodes in this subtree, this one included.
    size: usize,
    left: Link<K, V>,
    right: Link<K, V>,
}

/// The map.
#[derive(Clone, Debug)]
pub struct OrdMap<K, V> {
    root: Link<K, V>,
    inserted: u64,
}

impl<K, V> Default for OrdMap<K, V> {
    fn default() -> Self {
        OrdMap { root: None, inserted: 0 }
    }
}

impl<K: Ord + Clone, V: Clone> OrdMap<K, V> {
    /// How many keys it holds.
    pub fn len(&self) -> usize {
        size(&self.root)
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.root.is_none()
    }

    /// Sets `key` to `value`; returns what it was.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        self.inserted += 1;
        insert(&mut self.root, key, value, mix(self.inserted))
    }

    /// Takes `key` out; returns what it was.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        // Looking first keeps a miss from copying a shared path for nothing.
        self.get(key)?;
        remove(&mut self.root, key)
    }

    /// What `key` is set to.
    pub fn get(&self, key: &K) -> Option<&V> {
        let mut link = &self.root;
        while let Some(node) = link {
            link = match key.cmp(&node.key) {
                Ordering::Equal => return Some(&node.value),
                Ordering::Less => &node.left,
                Ordering::Greater => &node.right,
            };
        }
        None
    }

    /// The first entry behind `key`.
    pub fn after(&self, key: &K) -> Option<(&K, &V)> {
        let (mut link, mut found) = (&self.root, None);
        while let Some(node) = link {
            link = match key < &node.key {
                true => {
                    found = Some((&node.key, &node.value));
                    &node.left
                }
                false => &node.right,
            };
        }
        found
    }

    /// All entries, in order.
    pub fn iter(&self) -> OrdMapIter<'_, K, V> {
        let mut iter = OrdMapIter { stack: Vec::new() };
        iter.descend(self.root.as_deref());
        iter
    }
}

/// Entries in order. The stack holds the nodes whose right subtrees are still to come.
pub struct OrdMapIter<'a, K, V> {
    stack: Vec<&'a Node<K, V>>,
}

impl<'a, K, V> OrdMapIter<'a, K, V> {
    /// Everything from the least key of a subtree on is to come.
    fn descend(&mut self, mut link: Option<&'a Node<K, V>>) {
        while let Some(node) = link {
            self.stack.push(node);
            link = node.left.as_deref();
        }
    }
}

impl<'a, K, V> Iterator for OrdMapIter<'a, K, V> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        let node = self.stack.pop()?;
        self.descend(node.right.as_deref());
        Some((&node.key, &node.value))
    }
}

fn size<K, V>(link: &Link<K, V>) -> usize {
    link.as_ref().map_or(0, |node| node.size)
}

fn priority<K, V>(link: &Link<K, V>) -> u64 {
    link.as_ref().map_or(0, |node| node.priority)
}

impl<K, V> Node<K, V> {
    fn resize(&mut self) {
        self.size = size(&self.left) + 1 + size(&self.right);
    }
}

fn insert<K: Ord + Clone, V: Clone>(link: &mut Link<K, V>, key: K, value: V, with: u64) -> Option<V> {
    let Some(rc) = link else {
        *link = Some(Rc::new(Node { key, value, priority: with, size: 1, left: None, right: None }));
        return None;
    };
    let node = Rc::make_mut(rc);
    let old = match key.cmp(&node.key) {
        Ordering::Equal => return Some(std::mem::replace(&mut node.value, value)),
        Ordering::Less => insert(&mut node.left, key, value, with),
        Ordering::Greater => insert(&mut node.right, key, value, with),
    };
    node.resize();
    if priority(&node.left) > node.priority {
        raise_left(rc);
    } else if priority(&node.right) > node.priority {
        raise_right(rc);
    }
    old
}

/// Rotates the left child into its parent's place.
fn raise_left<K: Clone, V: Clone>(top: &mut Rc<Node<K, V>>) {
    let parent = Rc::make_mut(top);
    let Some(mut child) = parent.left.take() else { return };
    parent.left = Rc::make_mut(&mut child).right.take();
    parent.resize();
    let parent = std::mem::replace(top, child);
    let child = Rc::make_mut(top);
    child.right = Some(parent);
    child.resize();
}

/// Rotates the right child into its parent's place.
fn raise_right<K: Clone, V: Clone>(top: &mut Rc<Node<K, V>>) {
    let parent = Rc::make_mut(top);
    let Some(mut child) = parent.right.take() else { return };
    parent.right = Rc::make_mut(&mut child).left.take();
    parent.resize();
    let parent = std::mem::replace(top, child);
    let child = Rc::make_mut(top);
    child.left = Some(parent);
    child.resize();
}

fn remove<K: Ord + Clone, V: Clone>(link: &mut Link<K, V>, key: &K) -> Option<V> {
    let node = Rc::make_mut(link.as_mut()?);
    let old = match key.cmp(&node.key) {
        Ordering::Less => remove(&mut node.left, key),
        Ordering::Greater => remove(&mut node.right, key),
        Ordering::Equal => {
            let old = node.value.clone();
            let joined = join(node.left.take(), node.right.take());
            *link = joined;
            return Some(old);
        }
    };
    node.resize();
    old
}

/// One tree of two, where every key of `a` is less than every key of `b`.
fn join<K: Clone, V: Clone>(a: Link<K, V>, b: Link<K, V>) -> Link<K, V> {
    match (a, b) {
        (None, only) | (only, None) => only,
        (Some(mut a), Some(mut b)) => {
            if a.priority > b.priority {
                let top = Rc::make_mut(&mut a);
                top.right = join(top.right.take(), Some(b));
                top.resize();
                Some(a)
            } else {
                let top = Rc::make_mut(&mut b);
                top.left = join(Some(a), top.left.take());
                top.resize();
                Some(b)
            }
        }
    }
}

/// SplitMix64's output function: spreads consecutive numbers over all 64 bits.
fn mix(n: u64) -> u64 {
    let n = n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    n ^ (n >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn depth<K, V>(link: &Link<K, V>) -> usize {
        link.as_ref().map_or(0, |n| 1 + depth(&n.left).max(depth(&n.right)))
    }

    #[test]
    fn it_agrees_with_the_standard_map_and_clones_stay_as_they_were() {
        let (mut ours, mut model) = (OrdMap::default(), BTreeMap::new());
        let mut kept = Vec::new();
        for i in 0..4000_u64 {
            let key = mix(i) % 700;
            if i % 3 == 2 {
                assert_eq!(ours.remove(&key), model.remove(&key));
            } else {
                assert_eq!(ours.insert(key, i), model.insert(key, i));
            }
            if i % 500 == 0 {
                kept.push((ours.clone(), model.clone()));
            }
        }
        kept.push((ours, model));
        for (ours, model) in kept {
            assert_eq!(ours.len(), model.len());
            assert!(ours.iter().eq(model.iter()));
            for probe in [0, 350, 699, 1000] {
                assert_eq!(ours.get(&probe), model.get(&probe));
                assert_eq!(ours.after(&probe), model.range(probe + 1..).next());
            }
        }
    }

    #[test]
    fn sorted_input_does_not_make_a_list_of_it() {
        let mut map = OrdMap::default();
        (0..100_000).for_each(|i| assert!(map.insert(i, ()).is_none()));
        assert!(depth(&map.root) < 60, "{}", depth(&map.root));
    }
}
