//! What the events of a log change: jobs begin and end, tables come and go.

use super::*;
use crate::history::{
    info_log::event::EventLine,
    log_report::{
        LogDatabase, LogJob, LogOutputLevel, add,
        job_ledger::RunningJob,
        live_tables::{LiveTable, MAX_LEVELS},
        periods::LogSpan,
    },
};

impl Fold {
    /// An event.
    pub(super) fn event(&mut self, line: &Line<'_>, event: &EventLine) {
        self.session(line.micros);
        match event.event.as_str() {
            "flush_started" => self.flush_started(line, event),
            "flush_finished" => self.flush_finished(line, event),
            "compaction_started" => self.compaction_started(line, event),
            "compaction_finished" => self.compaction_finished(line, event),
            "trivial_move" => self.moved(line, event),
            "table_file_creation" => self.table_written(line, event),
            "table_file_deletion" => {
                // A table that is still in the tree was dropped with its column family, or is of an older log.
                if let Some((_, table)) = event.tables.first() {
                    self.live.removed(*table);
                }
            }
            "recovery_finished" => self.is_recovering = false,
            "ingest_finished" => self.ingested += 1,
            _ => {}
        }
    }

    /// The column family of an event: it names it, or its thread did before.
    fn family_of(&mut self, line: &Line<'_>, event: &EventLine) -> Option<usize> {
        match &event.family {
            Some(name) => Some(self.family(name)),
            None => self.thread(line.thread).family,
        }
    }

    /// The job that begins with an event, and its column family.
    fn begun(&mut self, line: &Line<'_>, event: &EventLine, kind: LogJobKind) -> (LogJob, Option<usize>) {
        self.is_recovering = false;
        let family = self.family_of(line, event);
        let job = LogJob {
            job: event.job,
            kind,
            family: family.unwrap_or(0),
            from: line.micros,
            reason: shortened(&event.reason),
            ..LogJob::default()
        };
        (job, family)
    }

    fn flush_started(&mut self, line: &Line<'_>, event: &EventLine) {
        let (job, family) = self.begun(line, event, LogJobKind::Flush);
        self.jobs.begin(RunningJob { job, is_of_family: family.is_some(), ..RunningJob::default() });
    }

    pub(super) fn flush_finished(&mut self, line: &Line<'_>, event: &EventLine) {
        let Some(running) = self.end_of(line, event, LogJobKind::Flush) else { return };
        let family = running.job.family;
        let written = running.outputs.iter().filter_map(|table| self.live.get(*table)).copied().collect::<Vec<_>>();
        let bytes = sum(&written, |table| table.bytes);
        running.outputs.iter().for_each(|table| self.live.placed(*table, 0));
        let report = &mut self.families[family].report;
        add(&mut report.flushes, 1);
        add(&mut report.flushed_bytes, bytes);
        add(&mut report.flushed_entries, sum(&written, |table| table.entries));
        let deletions = sum(&written, |table| table.deletions);
        add(&mut report.flushed_deletions, deletions);
        count(&mut report.flush_reasons, &running.job.reason);
        let job = LogJob { until: line.micros.max(running.job.from), bytes, ..running.job };
        let period = self.periods.at(line.micros);
        add(&mut period.flushes, 1);
        add(&mut period.flushed_bytes, bytes);
        add(&mut period.flushed_deletions, deletions);
        self.periods.spread(LogSpan::Flushing, job.from, job.until);
        self.jobs.keep(job);
        self.levels(family, line.micros, &event.levels);
    }

    fn compaction_started(&mut self, line: &Line<'_>, event: &EventLine) {
        let (begun, family) = self.begun(line, event, LogJobKind::Compaction);
        let job = LogJob {
            from_level: event.tables.first().map(|(level, _)| *level),
            tables: event.tables.len() as u64,
            read_bytes: event.bytes,
            ..begun
        };
        let running = RunningJob { job, is_of_family: family.is_some(), ..RunningJob::default() };
        self.jobs.begin(running.merging(event.tables.iter().map(|(_, table)| *table)));
        if let (Some(family), Some(has)) = (family, event.has_snapshot) {
            let report = &mut self.families[family].report;
            add(&mut report.asked_of_snapshots, 1);
            add(&mut report.with_snapshot, u64::from(has));
        }
    }

    pub(super) fn compaction_finished(&mut self, line: &Line<'_>, event: &EventLine) {
        let Some(running) = self.end_of(line, event, LogJobKind::Compaction) else { return };
        let family = running.job.family;
        let level = event.output_level.unwrap_or(0).min(MAX_LEVELS - 1);
        for table in &running.inputs {
            self.live.removed(*table);
        }
        running.outputs.iter().for_each(|table| self.live.placed(*table, level));
        let job = LogJob { until: line.micros.max(running.job.from), level, bytes: event.bytes, ..running.job };
        let micros = if event.micros > 0 { event.micros } else { job.until.saturating_sub(job.from) };
        let report = &mut self.families[family].report;
        add(&mut report.compactions, 1);
        add(&mut report.read_bytes, job.read_bytes);
        add(&mut report.compacted_bytes, job.bytes);
        add(&mut report.input_records, event.input_records);
        add(&mut report.output_records, event.output_records);
        add(&mut report.compaction_micros, micros);
        count(&mut report.compaction_reasons, &job.reason);
        let to = to_level(&mut report.by_level, level);
        add(&mut to.compactions, 1);
        add(&mut to.read_bytes, job.read_bytes);
        add(&mut to.compacted_bytes, job.bytes);
        add(&mut to.micros, micros);
        let period = self.periods.at(line.micros);
        add(&mut period.compactions, 1);
        add(&mut period.read_bytes, job.read_bytes);
        add(&mut period.compacted_bytes, job.bytes);
        add(&mut period.dropped_entries, event.input_records.saturating_sub(event.output_records));
        self.periods.spread(LogSpan::Compacting, job.from, job.until);
        self.jobs.keep(job);
        self.levels(family, line.micros, &event.levels);
        self.goes_on(line.thread, family, line.micros);
    }

    pub(super) fn moved(&mut self, line: &Line<'_>, event: &EventLine) {
        let tables = std::mem::take(&mut self.thread(line.thread).moving);
        let Some(family) = self.family_of(line, event) else { return };
        let level = event.output_level.unwrap_or(0).min(MAX_LEVELS - 1);
        let from_level = tables.first().and_then(|table| self.live.get(*table)?.level).map(usize::from);
        tables.iter().for_each(|table| self.live.placed(*table, level));
        // LevelDB's line of a move has the counts behind it.
        if let Some(from_level) = from_level.filter(|_| self.database() == LogDatabase::RocksDb) {
            self.shifted(family, line.micros, from_level, Some(level), tables.len() as u64);
        }
        let report = &mut self.families[family].report;
        add(&mut report.moves, 1);
        to_level(&mut report.by_level, level).moves += 1;
        self.periods.at(line.micros).moves += 1;
        let job = LogJob {
            job: event.job,
            kind: LogJobKind::Move,
            family,
            from: line.micros,
            until: line.micros,
            from_level,
            level,
            tables: tables.len() as u64,
            bytes: event.bytes,
            ..LogJob::default()
        };
        self.jobs.keep(job);
        self.levels_are(line.micros);
        self.goes_on(line.thread, family, line.micros);
    }

    fn table_written(&mut self, line: &Line<'_>, event: &EventLine) {
        let Some(family) = self.family_of(line, event) else { return };
        let Some((_, table)) = event.tables.first() else { return };
        let contents = event.contents;
        let written = LiveTable {
            family,
            level: None,
            bytes: event.bytes,
            entries: contents.num_entries,
            deletions: contents.num_deletions.min(contents.num_entries),
        };
        self.live.written(*table, written);
        if let Some(running) = self.jobs.running(event.job) {
            if !running.is_of_family {
                (running.job.family, running.is_of_family) = (family, true);
            }
            self.jobs.writes(event.job, *table);
        } else if self.is_recovering {
            // What the log of writes had: flushed in the opening, without events of a flush.
            self.live.placed(*table, 0);
            let report = &mut self.families[family].report;
            add(&mut report.flushes, 1);
            add(&mut report.flushed_bytes, event.bytes);
            add(&mut report.flushed_entries, written.entries);
            add(&mut report.flushed_deletions, written.deletions);
            count(&mut report.flush_reasons, "Recovery");
            let period = self.periods.at(line.micros);
            add(&mut period.flushes, 1);
            add(&mut period.flushed_bytes, event.bytes);
            add(&mut period.flushed_deletions, written.deletions);
            self.levels_are(line.micros);
        } else {
            let job = LogJob { job: event.job, family, from: line.micros, ..LogJob::default() };
            let outputs = vec![*table];
            let is_of_unknown_kind = true;
            self.jobs.begin(RunningJob { job, is_of_family: true, is_of_unknown_kind, outputs, inputs: Vec::new() });
        }
    }

    /// The job that ends with an event. Where the log does not have its beginning, the event says what it was.
    fn end_of(&mut self, line: &Line<'_>, event: &EventLine, kind: LogJobKind) -> Option<RunningJob> {
        let running = self.jobs.end(event.job).or_else(|| self.unseen(line, event, kind))?;
        Some(RunningJob { job: LogJob { kind, ..running.job }, ..running })
    }

    /// A job that began before the log, and none of whose tables it has.
    fn unseen(&mut self, line: &Line<'_>, event: &EventLine, kind: LogJobKind) -> Option<RunningJob> {
        let family = self.family_of(line, event)?;
        let from = line.micros.saturating_sub(event.micros);
        let job = LogJob { job: event.job, kind, family, from, ..LogJob::default() };
        Some(RunningJob { job, is_of_family: true, ..RunningJob::default() })
    }

    /// A level summary, as it stands behind a flush, a compaction or a move: `files[2 0 0 7] max score 0.68`.
    pub(super) fn level_summary(&mut self, family: usize, line: &Line<'_>) {
        let Some((_, rest)) = line.message.split_once(" files[") else { return };
        let Some((counts, _)) = rest.split_once(']') else { return };
        if let Ok(counts) = counts.split(' ').map(str::parse).collect::<Result<Vec<u64>, _>>() {
            self.levels(family, line.micros, &counts);
        }
    }

    /// A line that says that tables were moved, or dropped by the FIFO style. Returns whether it is one.
    pub(super) fn tables_gone(&mut self, line: &Line<'_>) -> bool {
        let Some(rest) = line.message.strip_prefix('[') else { return false };
        if let Some((family, _)) = rest.split_once("] Moved #").filter(|(_, rest)| rest.contains(" files to level-")) {
            let family = self.family(family);
            self.level_summary(family, line);
        } else if let Some((family, rest)) = rest.split_once("] Deleted ") {
            let tables = rest.trim_end().strip_suffix(" files").and_then(|tables| tables.parse().ok());
            let Some(tables) = tables else { return false };
            let family = self.family(family);
            self.shifted(family, line.micros, 0, None, tables);
        } else {
            return false;
        }
        true
    }

    /// Tables have left a level, for another one or for good.
    fn shifted(&mut self, family: usize, at: u64, from: usize, to: Option<usize>, tables: u64) {
        let mut counts = self.families[family].counts.clone();
        if let Some(count) = counts.get_mut(from) {
            *count = count.saturating_sub(tables);
        }
        if let Some(count) = to.and_then(|to| counts.get_mut(to)) {
            add(count, tables);
        }
        self.levels(family, at, &counts);
    }

    /// The levels have as many tables. What was said before and is written later changes nothing.
    fn levels(&mut self, family: usize, at: u64, counts: &[u64]) {
        if let Some(level0) = counts.first().filter(|_| at >= self.families[family].counted_at) {
            let fold = &mut self.families[family];
            fold.pass(self.now);
            fold.counted_at = at;
            fold.report.level0_max = fold.report.level0_max.max(*level0);
            self.counts_are(family, &counts[..counts.len().min(MAX_LEVELS)]);
            let period = self.periods.at(at);
            period.level0_max = period.level0_max.max(*level0);
            period.level0_last = self.counted.most_on_level0();
        }
        self.levels_are(at);
    }

    /// A column family has as many tables on each level.
    pub(super) fn counts_are(&mut self, family: usize, counts: &[u64]) {
        let fold = &mut self.families[family];
        self.counted.change(&fold.counts, counts);
        self.live.count(family);
        fold.counts.clear();
        fold.counts.extend_from_slice(counts);
    }

    /// The period of the moment `at` ends with the levels as they are now, as far as is known.
    pub(super) fn levels_are(&mut self, at: u64) {
        let tables = self.level_tables();
        let period = self.periods.at(at);
        (period.entries, period.deletions) = self.live.entries();
        period.level_bytes = self.live.level_bytes(&tables);
        period.level_tables = tables;
    }

    /// The tables of each level, all column families together; of one that was not counted yet, those that are known.
    pub(super) fn level_tables(&self) -> Vec<u64> {
        let (counted, mut known) = (self.counted.tables(), self.live.uncounted_tables());
        let levels = counted.len().max(known.len());
        let tables = (0..levels).map(|level| {
            let tables = counted.get(level).copied().unwrap_or(0) + u128::from(known.next().unwrap_or(0));
            u64::try_from(tables).unwrap_or(u64::MAX)
        });
        tables.collect()
    }
}

/// A sum over tables. A log may be damaged, and its numbers of any size: no sum overflows.
fn sum(tables: &[LiveTable], of: impl Fn(&LiveTable) -> u64) -> u64 {
    tables.iter().map(of).fold(0, u64::saturating_add)
}

/// One more with this reason.
fn count(reasons: &mut BTreeMap<String, u64>, reason: &str) {
    /// RocksDB has about twenty; LevelDB's log mostly gives none.
    const MAX_REASONS: usize = 64;
    if reason.is_empty() {
        return;
    }
    if let Some(count) = reasons.get_mut(reason) {
        *count += 1;
    } else if reasons.len() < MAX_REASONS {
        reasons.insert(reason.into(), 1);
    }
}

/// The row of `level`.
fn to_level(levels: &mut Vec<LogOutputLevel>, level: usize) -> &mut LogOutputLevel {
    let at = levels.partition_point(|row| row.level < level);
    if levels.get(at).is_none_or(|row| row.level != level) {
        levels.insert(at, LogOutputLevel { level, ..LogOutputLevel::default() });
    }
    &mut levels[at]
}
