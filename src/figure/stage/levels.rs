//! The tree: tables in their levels, and what jobs write.

use std::rc::Rc;

use super::{
    super::{
        label::{Anchor, label, size},
        measure,
        part::{Area, Holder, Look, PartId, Tone},
    },
    Stage,
    groups::{Narrow, Run},
    recovery::UNREAD,
};
use crate::{
    plural::counted,
    scene::{
        job::{JobOutput, SceneJob},
        on_disk::Standing,
        view::TableState,
    },
    storage::FileId,
    trace::Section,
    version::TableMeta,
    words::say,
};

impl Stage<'_> {
    /// All levels, and the outputs of jobs.
    pub(super) fn tree(&mut self) {
        let scene = self.scene;
        for level in 0..scene.drawn_levels() {
            let tables = scene.drawn_tables(level);
            match level {
                0 => {
                    for (table, standing) in &tables {
                        if let Some(row) = self.table_row(0, table, *standing) {
                            self.table(table, *standing, row);
                        }
                    }
                }
                _ => self.sorted_run(level, &tables),
            }
        }
        for job in scene.running().iter().filter(|job| !job.installed) {
            self.outputs(job);
        }
        self.orphans();
    }

    /// A level that is one sorted run: tables side by side, those too narrow for it in groups.
    fn sorted_run(&mut self, level: usize, tables: &[(Rc<TableMeta>, Standing)]) {
        let mut narrow: Vec<Narrow<'_>> = Vec::new();
        let mut run = Run { level, row: Area::default(), is_in_tree: true };
        let mut hint = 0;
        for (place, (table, standing)) in tables.iter().enumerate() {
            let Some(row) = self.table_row(level, table, *standing) else { continue };
            let span = self.keys.next_span(&table.smallest, &table.largest, &mut hint);
            let is_alone =
                *standing != Standing::Live || self.is_wide(span, || self.scene.entries_of(table.id).is_some());
            if row != run.row || is_alone || self.is_full(&narrow) {
                self.tables_of_group(&mut narrow, run, tables);
            }
            run.row = row;
            if is_alone {
                self.table(table, *standing, row);
            } else {
                narrow.push(Narrow { place, id: table.id, smallest: &table.smallest, span });
            }
        }
        self.tables_of_group(&mut narrow, run, tables);
    }

    fn tables_of_group(&mut self, narrow: &mut Vec<Narrow<'_>>, run: Run, tables: &[(Rc<TableMeta>, Standing)]) {
        if let Some(place) = self.group(narrow, run) {
            self.table(&tables[place].0, Standing::Live, run.row);
        }
    }

    /// What a job writes: the last one is drawn alone, for the moment is about it.
    fn outputs(&mut self, job: &SceneJob) {
        let outputs: Vec<JobOutput<'_>> = job.outputs().collect();
        let mut narrow: Vec<Narrow<'_>> = Vec::new();
        let mut run = Run { level: 0, row: Area::default(), is_in_tree: false };
        for (place, output) in outputs.iter().enumerate() {
            let Some(row) = self.output_row(output.level, job.job) else { continue };
            let listed = output.listed.and_then(|entries| Some((&entries.first()?.key, &entries.last()?.key)));
            let bounds = listed.or(output.bounds.map(|(smallest, largest)| (smallest, largest)));
            let span = bounds.map(|(smallest, largest)| self.keys.span(smallest, largest));
            let is_last = place + 1 == outputs.len();
            let group = bounds.zip(span).filter(|(_, span)| !is_last && !self.is_wide(*span, || listed.is_some()));
            if row != run.row || group.is_none() || self.is_full(&narrow) {
                self.outputs_of_group(&mut narrow, run, job, &outputs);
            }
            run = Run { level: output.level, row, ..run };
            match group {
                Some(((smallest, _), span)) => narrow.push(Narrow { place, id: output.table, smallest, span }),
                None => self.output(job, &outputs, place, row),
            }
        }
        self.outputs_of_group(&mut narrow, run, job, &outputs);
    }

    fn outputs_of_group(&mut self, narrow: &mut Vec<Narrow<'_>>, run: Run, job: &SceneJob, outputs: &[JobOutput<'_>]) {
        if let Some(place) = self.group(narrow, run) {
            self.output(job, outputs, place, run.row);
        }
    }

    /// A table of the tree.
    fn table(&mut self, table: &TableMeta, standing: Standing, row: Area) {
        let holder = Holder::Table(table.id);
        let span = self.keys.span(&table.smallest, &table.largest);
        let is_input = self.states.get(&table.id) == Some(&TableState::Input);
        let first = self.parts.len();
        self.rows.insert(holder, row);
        let fill = self.scene.entries_of(table.id).is_none().then_some(Tone::TableGround);
        let idle = if fill.is_some() { Tone::Table } else { Tone::Line };
        let border = if is_input { Tone::Now } else { idle };
        self.filled_tray(holder, row, span, fill, border, standing != Standing::Live);
        self.contents(holder, table, row, span);
        if standing != Standing::Live {
            self.make_faint(first, UNREAD);
        }
    }

    fn contents(&mut self, holder: Holder, table: &TableMeta, row: Area, span: (f64, f64)) {
        let scene = self.scene;
        match scene.entries_of(table.id) {
            Some(entries) => {
                let first = self.parts.len();
                self.entries(holder, row, entries);
                // What a read learns of a table is said where its name is.
                if !scene.running_read().is_some_and(|read| read.probe(table.id).is_some() && read.key().is_some()) {
                    self.name_entries(table.id, row, span, entries, first);
                }
            }
            None => self.name_alone(holder, row, span, table),
        }
    }

    /// A table that a job writes, or has written and not installed, and why it ends where it does.
    fn output(&mut self, job: &SceneJob, outputs: &[JobOutput<'_>], place: usize, row: Area) {
        self.output_tray(job, &outputs[place], row);
        self.cut(job, &outputs[place], outputs.get(place + 1), row);
    }

    fn output_tray(&mut self, job: &SceneJob, output: &JobOutput<'_>, row: Area) {
        let holder = Holder::Table(output.table);
        self.rows.insert(holder, row);
        let Some(entries) = output.listed else {
            if let Some((smallest, largest)) = output.bounds {
                self.tray(holder, row, self.keys.span(smallest, largest), Tone::Table, true);
            }
            return;
        };
        if let (Some(first), Some(last)) = (entries.first(), entries.last()) {
            let span = self.keys.span(&first.key, &last.key);
            self.tray(holder, row, span, Tone::Table, !job.installed);
            self.entries(holder, row, entries);
            self.blocks(output, row);
        }
    }

    /// The blocks that are complete, as lines below their entries.
    fn blocks(&mut self, output: &JobOutput<'_>, row: Area) {
        for (at, (first, last)) in output.blocks.iter().enumerate() {
            let (left, right) = self.keys.span(first, last);
            let inset = ((right - left) * 0.2).min(0.25 * self.letters());
            let area = Area::new(left + inset, row.bottom() - 0.02 * row.h, right - left - 2.0 * inset, 0.0);
            if self.keys.shows(left, right) {
                let line = Look::Line { tone: Tone::Table, width: 3.0, dashed: false, mark: None };
                self.push(PartId::Block(output.table, at), area, line);
            }
        }
    }

    /// What a level holds, and what is being written into it.
    pub(super) fn level_facts(&self, level: usize) -> String {
        let scene = self.scene;
        let writes = scene.running().iter().filter(|job| !job.installed);
        if let Some(output) = writes.flat_map(SceneJob::outputs).filter(|output| output.level == level).last() {
            return writing_facts(&output);
        }
        let tables = scene.version().levels.get(level).map_or(0, |tables| tables.len());
        if tables == 0 && scene.has_drawn_tables(level) {
            return say!("not read yet");
        }
        let orphans = scene.orphans().iter().filter(|orphan| orphan.level == level).count();
        if orphans > 0 {
            return format!("{} + {}", counted(tables, "table"), counted(orphans, "orphan"));
        }
        let bytes = scene.level_sums().get(level).map_or(0, |sums| sums.bytes);
        let target = self.scores.iter().find(|score| score.level == level).and_then(|score| score.target_bytes);
        match (tables, target) {
            (1.., Some(target)) if level > 0 => {
                say!("{part} of {whole}", part = size(bytes), whole = size(target as u64))
            }
            (tables, _) => amount_facts(tables as u64, bytes),
        }
    }

    /// What is known of a table whose entries are not: its file and its size.
    fn name_alone(&mut self, holder: Holder, row: Area, span: (f64, f64), table: &TableMeta) {
        let u = self.letters();
        let file = FileId::table(table.id).to_string();
        let file = file.split('.').next().unwrap_or_default();
        let (room, letters) = (span.1 - span.0 - 0.8 * u, self.small_letters());
        let texts = [format!("{file} · {}", size(table.bytes)), file.into()];
        let fitting = texts.into_iter().find(|text| measure::width(text, letters, false) <= room);
        if let Some(text) = fitting.filter(|_| row.h >= 1.1 * u && self.keys.shows(span.0, span.1)) {
            let area = Area::new(span.0, row.y, span.1 - span.0, row.h);
            let look = label(text, letters).anchor(Anchor::Middle);
            self.push(PartId::TrayName(holder), area, Look::Label(look));
        }
    }
}

/// How much a level has.
pub fn amount_facts(tables: u64, bytes: u64) -> String {
    match tables {
        0 => say!("empty"),
        tables => format!("{} · {}", counted(tables, "table"), size(bytes)),
    }
}

/// How far the table is that is written: short enough for a line beside its lane.
fn writing_facts(output: &JobOutput<'_>) -> String {
    let entries = counted(output.entry_count, "entry");
    let is_told = |section: &&Section| matches!(section, Section::Filter | Section::Index);
    match (output.is_finished, output.sections.iter().rev().find(is_told)) {
        (true, _) => say!("not in the tree yet"),
        (false, Some(Section::Filter)) => say!("{entries} + filter", entries),
        (false, Some(_)) => say!("{entries} + index", entries),
        (false, None) if output.entry_count == 0 => say!("a table begins"),
        (false, None) => say!("writing {entries}", entries),
    }
}
