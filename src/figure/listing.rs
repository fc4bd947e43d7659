//! What a figure shows, in words: for those who point at a part, walk over it by keyboard, or hear the page.
//!
//! In: a [`Figure`] after its event. Out: its lanes from above, each with its facts and its parts from left to right
//! ([`ListedLane`]). What has no place of its own (ticks, density) is told by the tray that holds it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Figure, Told,
    label::size,
    part::{Area, Holder, LaneId, Look, PartId, StagePart},
    stage::{Group, cut_sentence, is_kept},
};
use crate::{
    entry::{Bytes, EntryKind, SeqNo, text},
    plural::{counted, grouped_count},
    policy::{LevelScore, policy_for},
    scene::{
        contents::{self, ListedEntry},
        job::JobOutput,
        on_disk::TapeLog,
        view::{FrameView, TableState},
    },
    storage::FileId,
    trace::{Event, Section},
    version::{TableId, TableMeta},
    words::{places, said, say},
};

mod lane_facts;
mod probes;
mod unheard;

use lane_facts::{log_facts, memtable_facts, sealed_facts};
use probes::{memtable_answer, table_answer};

/// The most entries that are listed one by one: with more, trays tell of them.
const MAX_ENTRIES: usize = 400;
/// The most letters of a key or a value.
const MAX_LETTERS: usize = 60;

/// A lane in words.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedLane {
    /// Which.
    pub id: LaneId,
    /// Its name in full.
    pub name: String,
    /// What it holds, and what about it matters now.
    pub facts: String,
    /// Why: the formula of its score, or what it is for.
    pub reason: String,
    /// Its ground.
    pub area: Area,
    /// What lies on it.
    pub parts: Vec<ListedPart>,
}

/// A part in words.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedPart {
    /// Which.
    pub id: PartId,
    /// Where.
    pub area: Area,
    /// What it is.
    pub words: String,
    /// What there is to zoom into: it stands for several things that can be told apart then.
    pub opens: Option<Area>,
}

/// What is told, and what many words need of its scene, asked once.
struct Teller<'a> {
    told: &'a Told,
    scores: Vec<LevelScore>,
    states: BTreeMap<TableId, TableState>,
    tape: Vec<TapeLog>,
    /// How many frames of the logs are drawn.
    frames: usize,
    /// What has an entry among the listed parts, or a part that tells of its entries.
    heard: BTreeSet<Holder>,
    /// Tables with drawn entries that share their lane's keys with others.
    crowded: BTreeSet<TableId>,
}

impl Figure {
    /// All lanes, from above.
    pub fn listing(&self) -> Vec<ListedLane> {
        let told = &self.told;
        let (scores, states, tape) = (told.scene.scores(), told.scene.states(), told.scene.tape());
        let is_entry = |part: &&StagePart| matches!(part.id, PartId::Entry(..));
        let says_nothing =
            |part: &&StagePart| matches!(&part.look, Look::Box(look) if look.words.is_none() && look.corner.is_none());
        let chips = self.after.iter().filter(is_entry).filter(|part| !says_nothing(part)).count();
        let is_listed = |part: &&StagePart| !is_entry(part) || (chips <= MAX_ENTRIES && !says_nothing(part));
        let holders = self.after.iter().filter(is_listed).filter_map(|part| match part.id {
            PartId::Entry(holder, ..) => Some(holder),
            PartId::EntryCount(table) => Some(Holder::Table(table)),
            _ => None,
        });
        let frames = self.after.iter().filter(|part| matches!(part.id, PartId::Frame(..))).count();
        let (heard, crowded) = (holders.collect(), BTreeSet::new());
        let mut teller = Teller { told, scores, states, tape, frames, heard, crowded };
        let tables = teller.heard.iter().filter_map(|holder| match holder {
            Holder::Table(id) => Some(*id),
            Holder::Memtable(_) => None,
        });
        teller.crowded = tables.filter(|id| teller.is_crowded(*id)).collect();
        let mut lanes: Vec<ListedLane> = told.lanes.lanes.iter().map(|lane| teller.lane(lane.id)).collect();
        for part in self.after.iter().filter(is_listed) {
            let middle = part.area.middle().1;
            let lane = lanes.iter_mut().find(|lane| (lane.area.y..=lane.area.bottom()).contains(&middle));
            let words = lane.as_ref().and_then(|_| teller.words(&part.id));
            if let Some((lane, words)) = lane.zip(words) {
                let opens = match part.id {
                    PartId::Group(..) => Some(part.area),
                    PartId::EntryCount(table) => self.tray(table),
                    _ => None,
                };
                lane.parts.push(ListedPart { id: part.id.clone(), area: part.area, words, opens });
            }
        }
        for lane in &mut lanes {
            lane.parts
                .sort_by(|a, b| (a.area.x, a.area.y).partial_cmp(&(b.area.x, b.area.y)).unwrap_or(a.id.cmp(&b.id)));
        }
        lanes
    }

    /// Where a table is drawn.
    fn tray(&self, table: TableId) -> Option<Area> {
        let id = PartId::Tray(Holder::Table(table));
        self.after.iter().find(|part| part.id == id).map(|part| part.area)
    }
}

impl Teller<'_> {
    fn lane(&self, id: LaneId) -> ListedLane {
        let scene = &self.told.scene;
        let (name, facts, reason) = match id {
            LaneId::Wal => {
                let facts = log_facts(scene, &self.tape, self.frames);
                ("WAL".into(), facts, say!("What a power cut leaves is read again from here."))
            }
            LaneId::Memtable => {
                let entries = self.unheard(Holder::Memtable(scene.active().id));
                let facts = listed([memtable_facts(scene)].into_iter().chain(entries));
                ("Memtable".into(), facts, say!("Where writes are sorted, in memory."))
            }
            LaneId::Immutables => {
                let reason = say!("Full memtables, until they are flushed.");
                (say!("Immutable memtables"), sealed_facts(scene), reason)
            }
            LaneId::Manifest => {
                let file = scene.manifest_file().map(|(file, _)| file);
                let facts = file.map(|(file, bytes)| format!("{file}, {}", size(bytes))).unwrap_or_default();
                ("Manifest".into(), facts, say!("The log of every change to the tree's shape."))
            }
            LaneId::Level(level) => return self.level(level),
        };
        ListedLane { id, name, facts, reason, area: self.area(id), parts: Vec::new() }
    }

    fn level(&self, level: usize) -> ListedLane {
        let (scene, scores) = (&self.told.scene, &self.scores);
        let sums = scene.level_sums().get(level).copied().unwrap_or_default();
        let score = scores.iter().find(|score| score.level == level);
        let about = policy_for(scene.options()).about();
        let is_due = about.next_of(scores).score_is_due && score.is_some_and(|score| score.score >= 1.0);
        let facts = self.told.facts.as_ref().and_then(|facts| facts.get(level).cloned());
        let facts = facts.unwrap_or_else(|| match (sums.tables, score) {
            (0, _) => say!("empty"),
            (tables, None) => format!("{}, {}", grouped_count(tables, "table"), size(sums.bytes)),
            (tables, Some(score)) => {
                let (tables, bytes) = (grouped_count(tables, "table"), size(sums.bytes));
                let score = places(score.score, 2);
                match is_due {
                    true => say!("{tables}, {bytes}, score {score}, due", tables, bytes, score),
                    false => say!("{tables}, {bytes}, score {score}", tables, bytes, score),
                }
            }
        });
        let reason = match (sums.tables, score) {
            // Of a moment of which only amounts are known, no score is.
            _ if self.told.facts.is_some() => String::new(),
            (0, _) if level == 0 => say!("A flushed memtable becomes a table here."),
            (0, _) if level == 1 => said(about.level_1, &[]),
            (_, Some(score)) => score.formula.to_string(),
            _ => String::new(),
        };
        let id = LaneId::Level(level);
        ListedLane { id, name: say!("Level {level}", level), facts, reason, area: self.area(id), parts: Vec::new() }
    }

    fn area(&self, id: LaneId) -> Area {
        self.told.lanes.lane(id).map(|lane| lane.ground).unwrap_or_default()
    }

    /// What a part is; nothing for those that are only drawn.
    fn words(&self, id: &PartId) -> Option<String> {
        let scene = &self.told.scene;
        match id {
            PartId::Entry(holder, key, seq) => Some(self.placed_entry(*holder, key, seq.0)),
            PartId::Tray(Holder::Table(id)) => Some(self.table_words(*id)),
            PartId::Tray(Holder::Memtable(id)) => {
                let sealed = scene.sealed().iter().find(|memtable| memtable.id == *id)?;
                let (entries, bytes) = (counted(sealed.len(), "entry"), size(sealed.bytes));
                let words = say!("Memtable {id}, sealed: {entries}, {bytes}", id, entries, bytes);
                let (entries, answer) = (self.unheard(Holder::Memtable(*id)), memtable_answer(scene, *id));
                Some(listed([words].into_iter().chain(answer).chain(entries)))
            }
            PartId::CutName(id) => {
                let mut outputs = scene.running().iter().flat_map(|job| job.outputs());
                outputs.find(|output| output.table == *id)?.cut.map(cut_sentence)
            }
            PartId::Group(level, first) => self.group_words(*level, *first),
            PartId::EntryCount(id) => {
                let entries = counted(scene.entries_of(*id)?.len(), "entry");
                let (file, named) = (FileId::table(*id), self.named_entries(Holder::Table(*id))?);
                Some(say!("{entries} of {file}, too narrow for their words: {named}", entries, file, named))
            }
            PartId::Frame(wal, offset) => {
                let log = self.tape.iter().map(|log| &log.view).find(|log| log.wal == *wal)?;
                let frame = log.frames.iter().find(|frame| frame.offset == *offset)?;
                Some(frame_words(*wal, frame))
            }
            PartId::FilterBit(at) => self.bit_words(*at),
            PartId::Manifest(number) => Some(say!("{file}, its bytes", file = FileId::manifest(*number))),
            _ => None,
        }
    }

    /// A bit that a filter was asked for.
    fn bit_words(&self, at: usize) -> Option<String> {
        let Some(Event::FilterProbed { table, bits, .. }) = &self.told.event else { return None };
        let bit = bits.get(at)?;
        let (number, all, file) = (at + 1, bits.len(), FileId::table(*table));
        Some(match bit.set {
            true => say!(
                "Bit {number} of {all} that the filter of {file} has for the read's key, set: the key may be there \
                 if all are set",
                number,
                all,
                file
            ),
            false => say!(
                "Bit {number} of {all} that the filter of {file} has for the read's key, not set: the key is not in \
                 the table",
                number,
                all,
                file
            ),
        })
    }

    /// What merges have kept for snapshots of an entry's key: it, or older versions that lie behind it.
    fn kept_words(&self, holder: Holder, key: &Bytes, seq: SeqNo) -> Option<String> {
        let Holder::Table(id) = holder else { return None };
        let scene = &self.told.scene;
        let entries = scene.entries_of(id)?;
        let versions: Vec<ListedEntry> = entries.iter().filter(|entry| entry.key == *key).cloned().collect();
        let is_kept = |nth: usize| is_kept(scene, holder, &versions, nth);
        match versions.iter().position(|entry| entry.seq == seq) {
            Some(0) => match (1..versions.len()).filter(|nth| is_kept(*nth)).count() {
                0 => None,
                1 => Some(say!("and an older version kept for a snapshot")),
                count => Some(say!("and {count} older versions kept for snapshots", count)),
            },
            Some(nth) if is_kept(nth) => Some(say!("kept for a snapshot")),
            _ => None,
        }
    }

    fn entry_words(&self, holder: Holder, key: &Bytes, seq: SeqNo) -> String {
        let scene = &self.told.scene;
        let (kind, value) = match holder {
            Holder::Memtable(id) => {
                let mut memtables = scene.sealed().iter().chain([scene.active()]);
                let record = memtables.find(|memtable| memtable.id == id).and_then(|memtable| memtable.get(key, seq));
                (record.map(|record| record.kind), record.map(|record| &record.value))
            }
            Holder::Table(id) => {
                let listed = scene.entries_of(id).or_else(|| scene.running().iter().find_map(|job| job.listed(id)));
                let entry = listed.and_then(|entries| contents::find(entries, key, seq));
                (entry.map(|entry| entry.kind), entry.and_then(|entry| entry.value.as_ref()))
            }
        };
        let kept = self.kept_words(holder, key, seq);
        let key = short(&text(key));
        let entry = match (kind, value) {
            (Some(EntryKind::Delete), _) => say!("{key} deleted ·{seq}", key, seq),
            (_, Some(value)) => format!("{key} = {} ·{seq}", short(&text(value))),
            _ => format!("{key} ·{seq}"),
        };
        listed([entry].into_iter().chain(kept))
    }

    fn table_words(&self, id: TableId) -> String {
        let scene = &self.told.scene;
        let file = FileId::table(id);
        let Some((_, table)) = scene.version().find(id) else {
            return match scene.running().iter().flat_map(|job| job.outputs()).find(|output| output.table == id) {
                None => say!("{file}, being written", file),
                Some(output) if !output.is_finished => being_written(file, &output),
                Some(output) => {
                    let ends = output.cut.map_or(String::new(), |cut| format!(". {}", cut_sentence(cut)));
                    let (entries, blocks) =
                        (counted(output.entry_count, "entry"), counted(output.block_count, "block"));
                    say!("{file}, not in the tree yet: {entries}, {blocks}", file, entries, blocks) + &ends
                }
            };
        };
        let state = match self.states.get(&id) {
            Some(TableState::Input) => Some(say!("being compacted")),
            Some(TableState::Installed) => Some(say!("new")),
            _ => None,
        };
        let damage = match scene.flipped_bits(file) {
            0 => None,
            1 => Some(say!("one of its bits is wrong on the disk")),
            bits => Some(say!("{bits} of its bits are wrong on the disk", bits)),
        };
        let (answer, entries) = (table_answer(scene, id), self.unheard(Holder::Table(id)));
        let more = state.into_iter().chain(damage).chain(answer).chain(entries);
        format!("{file}: {}", listed([self.table_facts(table)].into_iter().chain(more)))
    }

    fn table_facts(&self, table: &TableMeta) -> String {
        let TableMeta { bytes, entries, tombstones, smallest, largest, .. } = table;
        // A history of a real database does not say how many entries a table has.
        let entries = (*entries > 0).then(|| grouped_count(*entries, "entry"));
        let dead = (*tombstones > 0).then(|| grouped_count(*tombstones, "tombstone"));
        let (smallest, largest) = (self.key_words(smallest), self.key_words(largest));
        let keys = say!("keys {smallest} to {largest}", smallest, largest);
        listed(entries.into_iter().chain(dead).chain([size(*bytes), keys]))
    }

    fn group_words(&self, level: usize, first: TableId) -> Option<String> {
        let Group { tables, smallest, is_in_tree } = self.told.groups.get(&(level, first))?;
        let (count, key) = (*tables, self.key_words(smallest));
        let tables = grouped_count(count as u64, "table");
        Some(match is_in_tree {
            true => {
                let level = self.told.scene.version().levels.get(level)?;
                let last = level.iter().skip_while(|table| table.id != first).nth(count - 1)?;
                let last = self.key_words(&last.largest);
                say!("{tables} from {key} to {last}, too narrow to be drawn alone", tables, key, last)
            }
            false => say!("{tables} from {key} on, not in the tree yet, too narrow to be drawn alone", tables, key),
        })
    }

    fn key_words(&self, key: &[u8]) -> String {
        match self.told.share {
            Some(share) => format!("{} %", places(100.0 * share(key), 2)),
            None => short(&text(key)),
        }
    }
}

fn frame_words(wal: u64, frame: &FrameView) -> String {
    let state = match frame {
        FrameView { lost: true, .. } => say!("lost"),
        FrameView { torn: true, .. } => say!("torn"),
        FrameView { synced: true, .. } => say!("durable"),
        _ => say!("not durable"),
    };
    let records = frame.records.iter().map(|record| match record.kind {
        EntryKind::Put => format!("·{} {} = {}", record.seq, short(&text(&record.key)), short(&text(&record.value))),
        EntryKind::Delete => format!("·{} delete {}", record.seq, short(&text(&record.key))),
    });
    let more = (frame.hidden_records > 0).then(|| say!("{n} more", n = frame.hidden_records));
    listed(records.chain(more).chain([state, say!("in {file}", file = FileId::wal(wal))]))
}

/// How far a table is that a job writes.
fn being_written(file: FileId, output: &JobOutput<'_>) -> String {
    let (entries, blocks) = (counted(output.entry_count, "entry"), counted(output.block_count, "block"));
    let words = say!("{file}, being written: {entries} so far, {blocks}", file, entries, blocks);
    let sections = output.sections.iter().map(|section| match section {
        Section::Filter => say!("its filter"),
        Section::Index => say!("its index"),
        Section::Properties => say!("its properties"),
        Section::Footer => say!("its footer"),
    });
    listed([words].into_iter().chain(sections))
}

/// Phrases, with commas between them.
fn listed(phrases: impl Iterator<Item = String>) -> String {
    phrases.collect::<Vec<_>>().join(", ")
}

/// The beginning of a long text.
fn short(text: &str) -> String {
    match text.char_indices().nth(MAX_LETTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}
