//! How a figure divides its height: type, lanes, rows.
//!
//! In: the size of the picture, and how many rows each lane needs ([`Rows`]). Out: [`LaneLayout`], the area of every
//! lane and row. Heights are reserved, so that a lane moves only when an event is about it: level 0 has room for as
//! many tables as start a compaction, a level in use has a second row for what a job writes, and the immutable
//! memtables and the logs have their lane when there are none. What goes beyond that makes a lane grow within the
//! event that needs it.
//!
//! ```text
//! command                                  1.7 u
//! WAL          [frame][frame]|             1 row
//! Memtable     [chip]      [chip]          1.5 rows: the versions of a key share them
//! Immutables                               1 row each
//! memory above · disk below ------------   1.3 u
//! L0           [ chip   chip ]             a row for each table, newest on top
//! L1           [chip chip][chip ]          1 row, and one above for what a job replaces; 1 row while not in use
//! Manifest     [file]                      1 row
//! keys →        a     b     c              1.5 u
//! ```
//!
//! `u` is the height of letters: 1/38 of the picture's height, but no more than 1/28 of its width; from 13 to 28.

use super::part::{Area, LaneId};

/// The least height of letters.
pub const MIN_LETTERS: f64 = 13.0;
/// The greatest.
const MAX_LETTERS: f64 = 28.0;
/// Letters by the height of the picture.
const LETTERS_A_HEIGHT: f64 = 1.0 / 38.0;
/// Letters by the width of a narrow picture.
const LETTERS_A_WIDTH: f64 = 1.0 / 28.0;
/// Below this width, names of lanes stand above them.
pub const NARROW: f64 = 560.0;
/// The highest row, in letters.
const MAX_ROW: f64 = 2.5;
/// The least, in letters: below it, a lane of many rows is a picture of density.
const MIN_ROW: f64 = 0.25;
/// The least row in which a chip has a text, in letters.
const READABLE_ROW: f64 = 1.45;
/// The least distance from a lane's name to the next one's, in letters.
const READABLE_NAMES: f64 = 1.25;

/// The heights of rows that are not as high as all others, in rows.
#[derive(Clone, Copy, Debug)]
struct Heights {
    /// Of the memtable's, which the versions of its keys share.
    memtable: f64,
    /// Of the row for what a job replaces.
    replaced: f64,
}

/// Where there is room.
const ROOMY: Heights = Heights { memtable: 1.5, replaced: 1.0 };

/// How many rows each lane needs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// For sealed memtables.
    pub immutables: usize,
    /// For each level.
    pub levels: Vec<LevelRows>,
    /// The levels of these that have no table and no job writes: from this one on.
    pub empty_from: usize,
    /// Whether there are only levels: no logs, no memtables.
    pub tree_only: bool,
    /// Whether there is nothing but the levels that have rows: no command, and no key axis, as where only amounts are
    /// known.
    pub bare: bool,
    /// Whether there is a manifest.
    pub manifest: bool,
}

/// How many rows a level needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LevelRows {
    /// For its tables.
    pub tables: usize,
    /// Whether there is another row at the top, so that what a job writes has a place: there the tables stand that it
    /// replaces. In level 0, one more row of the stack.
    pub has_output: bool,
    /// Whether it has no table, and no job writes to it.
    pub is_empty: bool,
}

/// One lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// Which.
    pub id: LaneId,
    /// Its ground.
    pub ground: Area,
    /// Where its name and its facts stand.
    pub name: Area,
    /// Its rows, from above.
    pub rows: Vec<Area>,
}

/// The lanes of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneLayout {
    /// The height of letters.
    pub letters: f64,
    /// The whole picture.
    pub picture: Area,
    /// Where the running command stands.
    pub command: Area,
    /// From above.
    pub lanes: Vec<Lane>,
    /// The levels that have a row more, so that what a job writes has a place.
    pub outputs: Vec<usize>,
    /// The strip between what is in memory and the tables.
    pub divider: Area,
    /// Where the names of keys stand.
    pub keys: Area,
    /// Whether names of lanes stand above them.
    pub narrow: bool,
}

impl LaneLayout {
    /// The lanes of a picture of this size.
    pub fn of(width: f64, height: f64, rows: &Rows) -> LaneLayout {
        let u = (height * LETTERS_A_HEIGHT).min(width * LETTERS_A_WIDTH).clamp(MIN_LETTERS, MAX_LETTERS);
        // Where there is little height, names above the lanes would take it.
        let narrow = width < NARROW && height >= 0.6 * width;
        let margin = 0.8 * u;
        let (left, names) = match narrow {
            true => (margin, 0.0),
            false => (margin, (11.5 * u).min(0.32 * width)),
        };
        let pad = 0.3 * u;
        let (command, keys, strip) = if rows.bare { (0.0, 0.0, 0.0) } else { (1.9 * u, 1.7 * u, 1.3 * u) };
        let above = if narrow { 1.35 * u } else { 0.0 };
        let row_of = |wanted: &[(LaneId, Vec<f64>)]| {
            let lanes = wanted.len() as f64;
            let fixed = command + keys + strip + lanes * (2.0 * pad + above) + 0.5 * u;
            let all = wanted.iter().flat_map(|(_, rows)| rows).sum::<f64>();
            let row = ((height - fixed - 0.25 * u * lanes) / all).clamp(MIN_ROW * u, MAX_ROW * u);
            (row, (height - fixed - row * all) / lanes)
        };
        // Where there is little room, the engine's own file goes; then what jobs replace has less of it; then the lanes
        // that say least go; then the memtable has no more than others.
        let is_readable = |wanted: &[(LaneId, Vec<f64>)]| row_of(wanted).0 >= READABLE_ROW * u;
        let mut heights = ROOMY;
        let mut wanted = wanted(rows, heights);
        if !is_readable(&wanted) {
            wanted.retain(|(id, _)| *id != LaneId::Manifest);
        }
        if !is_readable(&wanted) {
            heights.replaced = 0.5;
            wanted = self::wanted(rows, heights);
        }
        while !is_readable(&wanted)
            && let Some(at) = wanted.iter().rposition(|(id, _)| can_go(*id, rows))
        {
            wanted.remove(at);
        }
        if !is_readable(&wanted) {
            heights.memtable = 1.0;
            let kept: Vec<LaneId> = wanted.iter().map(|(id, _)| *id).collect();
            wanted = self::wanted(rows, heights);
            wanted.retain(|(id, _)| kept.contains(id));
        }
        // Where names would lie over each other, empty levels between others go as well, the deepest first.
        let is_crowded = |wanted: &[(LaneId, Vec<f64>)]| {
            let (row, gap) = row_of(wanted);
            row + gap.max(0.0) + 2.0 * pad + above < READABLE_NAMES * u
        };
        while is_crowded(&wanted)
            && let Some(at) = wanted.iter().rposition(|(id, _)| is_empty_level(*id, rows))
        {
            wanted.remove(at);
        }
        let (row, gap) = row_of(&wanted);
        let gap = gap.clamp(0.0, 2.0 * u);
        let x = left + names;
        let w = (width - x - margin).max(u);
        let mut y = command + gap / 2.0;
        let mut lanes = Vec::new();
        let mut divider = Area::new(x, y, w, strip);
        for (id, heights) in wanted {
            let name_y = y;
            y += above;
            let top = y;
            y += pad;
            let rows = heights
                .iter()
                .map(|height| {
                    let area = Area::new(x, y, w, height * row);
                    y += height * row;
                    area
                })
                .collect();
            y += pad;
            let ground = Area::new(x, top, w, y - top);
            let name = match narrow {
                true => Area::new(left, name_y, w, above),
                false => Area::new(left, top, names - 0.6 * u, y - top),
            };
            lanes.push(Lane { id, ground, name, rows });
            y += gap;
            if id == LaneId::Immutables {
                // In the middle of the gap that was there.
                divider.y = y - gap / 2.0;
                y += strip;
            }
        }
        LaneLayout {
            letters: u,
            picture: Area::new(0.0, 0.0, width, height),
            command: Area::new(left, 0.1 * u, width - left - margin, command - 0.2 * u),
            lanes,
            outputs: (0..rows.levels.len()).filter(|level| rows.levels[*level].has_output).collect(),
            divider,
            keys: Area::new(x, height - keys, w, keys),
            narrow,
        }
    }

    /// A lane, if there is one.
    pub fn lane(&self, id: LaneId) -> Option<&Lane> {
        self.lanes.iter().find(|lane| lane.id == id)
    }
}

/// Whether a lane can be left out where there is little room: a level that is not in use, or the engine's own file. The
/// lane of immutable memtables stays: it would come and go with each flush.
fn can_go(lane: LaneId, rows: &Rows) -> bool {
    match lane {
        LaneId::Level(level) => level >= rows.empty_from,
        LaneId::Manifest => true,
        LaneId::Wal | LaneId::Memtable | LaneId::Immutables => false,
    }
}

fn is_empty_level(lane: LaneId, rows: &Rows) -> bool {
    matches!(lane, LaneId::Level(level) if rows.levels[level].is_empty)
}

/// Each lane, and the heights of its rows, in rows.
fn wanted(rows: &Rows, Heights { memtable, replaced }: Heights) -> Vec<(LaneId, Vec<f64>)> {
    let mut lanes = Vec::new();
    if !rows.tree_only {
        lanes.push((LaneId::Wal, vec![1.0]));
        lanes.push((LaneId::Memtable, vec![memtable]));
        lanes.push((LaneId::Immutables, vec![1.0; rows.immutables.max(1)]));
    }
    for (level, needed) in rows.levels.iter().enumerate() {
        if rows.bare && needed.tables == 0 {
            continue;
        }
        let mut heights = vec![1.0; needed.tables.max(1)];
        if needed.has_output {
            heights.insert(0, if level == 0 { 1.0 } else { replaced });
        }
        lanes.push((LaneId::Level(level), heights));
    }
    if rows.manifest {
        lanes.push((LaneId::Manifest, vec![1.0]));
    }
    lanes
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [(f64, f64); 6] =
        [(1280.0, 720.0), (1920.0, 1080.0), (720.0, 480.0), (390.0, 844.0), (640.0, 360.0), (1000.0, 400.0)];

    fn rows(level_0: usize, outputs: &[usize]) -> Rows {
        let level = |(level, tables)| LevelRows { tables, has_output: outputs.contains(&level), is_empty: false };
        let levels = [level_0, 1, 1].into_iter().enumerate().map(level).collect();
        Rows { immutables: 1, levels, empty_from: 3, manifest: true, ..Rows::default() }
    }

    #[test]
    fn lanes_lie_one_below_the_other_and_within_the_picture() {
        for (width, height) in SIZES {
            for needs in [rows(4, &[]), rows(4, &[1]), rows(12, &[]), rows(12, &[1, 2])] {
                let lanes = LaneLayout::of(width, height, &needs);
                assert!(lanes.letters >= 13.0, "{width}x{height}: letters {}", lanes.letters);
                for pair in lanes.lanes.windows(2) {
                    assert!(pair[0].ground.bottom() <= pair[1].ground.y, "{width}x{height} {pair:?}");
                }
                let last = lanes.lanes.last().unwrap().ground;
                assert!(last.bottom() <= lanes.keys.y + 1e-6, "{width}x{height} {needs:?}: {last:?} {:?}", lanes.keys);
                assert!(last.right() <= width && lanes.keys.bottom() <= height + 1e-6);
            }
        }
    }

    #[test]
    fn where_there_is_little_room_what_says_least_goes_first() {
        let heights = |height: f64| {
            let lanes = LaneLayout::of(640.0, height, &rows(4, &[1, 2]));
            let level = &lanes.lane(LaneId::Level(1)).unwrap().rows;
            let memtable = lanes.lane(LaneId::Memtable).unwrap().rows[0].h / level[1].h;
            (lanes.lanes.len(), level[0].h / level[1].h, (memtable * 10.0).round() / 10.0)
        };
        assert_eq!(heights(720.0), (7, 1.0, 1.5));
        // The manifest; then half of the row for what merges replace; then the memtable's half row.
        assert_eq!(heights(360.0), (6, 1.0, 1.5));
        assert_eq!(heights(340.0), (6, 0.5, 1.5));
        assert_eq!(heights(310.0), (6, 0.5, 1.0));
    }

    /// As in a database with dynamic level targets: its last levels are in use, and those between are empty.
    #[test]
    fn names_of_lanes_are_never_over_each_other() {
        let level = |level| LevelRows {
            tables: if level == 0 { 4 } else { 1 },
            has_output: level == 6,
            is_empty: (1..5).contains(&level),
        };
        let needs = Rows { levels: (0..7).map(level).collect(), empty_from: 7, tree_only: true, ..Rows::default() };
        let shown = |height: f64| {
            let lanes = LaneLayout::of(440.0, height, &needs);
            for pair in lanes.lanes.windows(2) {
                let apart = pair[1].ground.y - pair[0].ground.y;
                assert!(apart >= 1.05 * lanes.letters, "{height}: {apart} of {}", lanes.letters);
            }
            lanes.lanes.iter().map(|lane| lane.id).collect::<Vec<_>>()
        };
        assert_eq!(shown(240.0).len(), 7);
        assert_eq!(shown(150.0), [0, 5, 6].map(LaneId::Level));
    }
}
