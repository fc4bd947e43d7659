//! Power cuts after every call that changes the disk, with different parts of the unsynced bytes kept.
//!
//! In: a case, which is a script under two sets of random options; its reopenings alternate between them. The script
//! runs once, on a disk that records an image after every changing call, with the last promised and the last received
//! write. Each image loses its power in up to four ways: the disk keeps no unsynced bytes, all of them, or two randomly
//! torn parts. Ways that leave the same disk count once. Errors: the reopened database breaks one of these rules.
//!
//! - It holds a prefix of the writes and nothing else: no hole, no half of a batch, no deleted key that reappears.
//! - It holds every promised write, and no write that the engine had not received.
//! - A scan and a get of every key give the same answers.
//! - `lsmscope verify` finds no damage, before and after the open (one image in four is verified).
//! - It works on: after further writes and another power cut, none of the promised ones is lost.
//!
//! The campaign also cuts the power during some recoveries, after each of their calls, two levels deep, and opens some
//! images from a directory. In every eighth case, syncs do nothing: no write can be promised then, but the reopened
//! database must still hold a prefix.

use std::{fs, ops::RangeInclusive, path::Path};

use super::{
    Campaign, Case, Found, Tally,
    healthy::{Healthy, tell, tell_one},
    knobs,
    model::{self, History, check},
    ops::{Mix, Op, Script, Write, batch},
    recording_disk::{DiskImage, Recording, RecordingDisk},
    reproduce::keep_text,
};
use crate::{
    Engine,
    entry::SeqNo,
    options::{Options, WalRecoveryMode},
    random::Random,
    storage::{
        FileId, Storage, block_on,
        fault::{Cut, Fault, Keep},
        file::Directory,
        memory::Memory,
    },
};

/// The maximum number of power cuts of one disk: the first one, and those during the recoveries after it.
const MAX_CUTS: usize = 3;

/// After `n` power cuts, the power is cut again during one recovery in `NESTED[n - 1]`.
const NESTED: [u64; MAX_CUTS] = [24, 4, u64::MAX];

/// One image in `VERIFIED` is verified, before its open and after.
const VERIFIED: u64 = 4;

/// One image in `ON_FILES` is opened from a directory as well.
const ON_FILES: u64 = 64;

/// The random parts of a case.
struct Drawn {
    script: Script,
    options: [Options; 2],
    /// The operation from which on syncs do nothing.
    lies_from: Option<usize>,
    /// Whether the engine need not keep its promises, because syncs do nothing.
    forgiven: bool,
}

fn draw(case: &Case<'_>) -> Drawn {
    let mut random = case.random(Campaign::Power, &[]);
    let script = Script::draw(&mut random, Mix::of(Campaign::Power)).keep(case.ops.as_deref());
    let mut random = case.random(Campaign::Power, &[u64::MAX]);
    let options = case.limit(knobs::sets(&mut random));
    let lies_from = (case.number % 8 == 7).then(|| random.below(30) as usize);
    let lies_from = if case.lying { Some(0) } else { lies_from };
    Drawn { script, options, lies_from, forgiven: lies_from.is_some() && !case.lying }
}

/// Runs a case.
pub(super) fn run(case: &Case<'_>, tally: &mut Tally) -> Result<(), Found> {
    let drawn = draw(case);
    let (recording, history) = record(&drawn, tally)?;
    let cutter = Cutter { case, drawn: &drawn, history };
    for (i, image) in recording.images.iter().enumerate().filter(|(i, _)| case.wants(*i as u64)) {
        let promised = if drawn.forgiven { 0 } else { image.promised };
        let allowed = promised..=image.handed;
        cutter.cut(&mut vec![i as u64], &mut Vec::new(), image, &allowed, tally).map_err(|what| {
            let op = match drawn.script.ops.get(image.op) {
                Some(op) => format!("during `{}`", shorten(&tell_one(op))),
                None => "during the first open".to_string(),
            };
            let lied = if drawn.lies_from.is_some() { " (the disk lies)" } else { "" };
            format!("the power went {op}, after call {i}: {:?} {}{lied}\n{what}", image.call, image.file)
        })?;
    }
    Ok(())
}

fn shorten(line: &str) -> String {
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_string(),
    }
}

/// The script of a case, in the command language.
pub(super) fn script(case: &Case<'_>) -> Vec<String> {
    let drawn = draw(case);
    tell(&drawn.script, &drawn.options)
}

/// Runs the script once without a power cut, checks every answer, and records the disk.
fn record(drawn: &Drawn, tally: &mut Tally) -> Result<(Recording, History), Found> {
    let disk = block_on(Fault::new(Memory::new())).expect("memory can be listed");
    let controls = disk.controls().clone();
    let (disk, recording) = RecordingDisk::new(disk);
    recording.borrow_mut().op = usize::MAX;
    let mut healthy = Healthy::new(disk, drawn.options.to_vec())?;
    for (i, op) in drawn.script.ops.iter().enumerate() {
        controls.set_lying(drawn.lies_from.is_some_and(|from| i >= from));
        let writes = match op {
            Op::Write(_) => 1,
            Op::Batch(writes) => writes.len() as SeqNo,
            _ => 0,
        };
        {
            let recording = &mut *recording.borrow_mut();
            (recording.op, recording.handed) = (i, healthy.history.last() + writes);
        }
        healthy.apply(op).map_err(|what| format!("without any fault: {}: {what}", shorten(&tell_one(op))))?;
        recording.borrow_mut().promised = healthy.promise.upto;
        tally.operations += 1;
    }
    let history = healthy.history.clone();
    healthy.finish(&drawn.script.keys)?;
    Ok((recording.take(), history))
}

struct Cutter<'a> {
    case: &'a Case<'a>,
    drawn: &'a Drawn,
    history: History,
}

impl Cutter<'_> {
    /// Cuts the power of an image in every way. `path` is the position of the image, `kept` the choices of the cuts
    /// before it.
    fn cut(
        &self,
        path: &mut Vec<u64>,
        kept: &mut Vec<Keep>,
        image: &DiskImage,
        allowed: &RangeInclusive<SeqNo>,
        tally: &mut Tally,
    ) -> Result<(), Found> {
        let mut random = self.case.random(Campaign::Power, path);
        let torn = [random.below(1 << 20), random.below(1 << 20)];
        let ways = match self.case.keep.get(path.len() - 1) {
            Some(keep) => vec![*keep],
            None if path.len() == 1 => {
                vec![Keep::Nothing, Keep::Everything, Keep::Torn(torn[0]), Keep::Torn(torn[1])]
            }
            None => vec![Keep::Nothing, Keep::Torn(torn[0])],
        };
        let mut outcomes: Vec<Cut> = Vec::new();
        for keep in ways {
            let mut disk = image.disk.image();
            let cut = block_on(disk.cut(keep)).map_err(|error| format!("the power cut itself failed: {error}"))?;
            if outcomes.contains(&cut) {
                continue;
            }
            outcomes.push(cut);
            kept.push(keep);
            tally.point(path, kept);
            tally.nested += u64::from(path.len() > 1);
            self.survive(disk, path, kept, allowed, &mut random, tally)?;
            kept.pop();
        }
        Ok(())
    }

    /// Opens a disk whose power was cut, and checks its contents.
    fn survive(
        &self,
        disk: Fault<Memory>,
        path: &mut Vec<u64>,
        kept: &mut Vec<Keep>,
        allowed: &RangeInclusive<SeqNo>,
        random: &mut Random,
        tally: &mut Tally,
    ) -> Result<(), Found> {
        let options = &self.drawn.options[random.below(2) as usize];
        let drawn = path.len() <= MAX_CUTS && random.one_in(NESTED[path.len() - 1]);
        let records_images = match self.case.at.len() {
            0 => drawn,
            depth => depth > path.len(),
        };
        if path.len() == 1 && random.one_in(ON_FILES) {
            self.on_files(&disk, options, allowed, tally)?;
        }
        let verified = !self.drawn.forgiven && random.one_in(VERIFIED);
        if verified {
            model::is_sound(&disk).map_err(|what| format!("before it is opened again: {what}"))?;
        }
        tally.operations += 1;
        let (disk, recording) = if records_images { RecordingDisk::new(disk) } else { RecordingDisk::counting(disk) };
        let mut engine = match model::open_torn(disk, options) {
            Ok(engine) => engine,
            Err(_) if self.drawn.forgiven => return Ok(()),
            Err((error, _)) => return Err(format!("it does not open again: {error}")),
        };
        let checked = check(&mut engine, &self.history, &self.drawn.script.keys, allowed);
        if self.may_have_holes(options) {
            return Ok(());
        }
        let there = checked?;
        if verified {
            model::is_sound(engine.storage()).map_err(|what| format!("{there} writes were recovered; {what}"))?;
        }
        let recording = recording.take();
        if records_images {
            self.cut_the_recovery(&recording, path, kept, there, tally)?;
        }
        if !self.drawn.forgiven {
            self.go_on(engine, there, options, random, tally)
                .map_err(|what| format!("{there} writes were recovered; {what}"))?;
        }
        Ok(())
    }

    /// Whether any write may be missing: syncs did nothing, and `skip_any_corrupted_records` skips what is damaged.
    fn may_have_holes(&self, options: &Options) -> bool {
        self.drawn.forgiven && options.wal_recovery_mode == WalRecoveryMode::SkipAnyCorruptedRecords
    }

    /// Cuts the power again, after each call of a recovery.
    fn cut_the_recovery(
        &self,
        recording: &Recording,
        path: &mut Vec<u64>,
        kept: &mut Vec<Keep>,
        there: SeqNo,
        tally: &mut Tally,
    ) -> Result<(), Found> {
        for (i, image) in recording.images.iter().enumerate() {
            if self.case.at.get(path.len()).is_some_and(|at| *at != i as u64) {
                continue;
            }
            path.push(i as u64);
            // The bytes that survived the first cut are durable: the second recovery finds the same writes.
            self.cut(path, kept, image, &(there..=there), tally).map_err(|what| {
                format!(
                    "recovered with {there} writes; then the power went during the recovery, after call {i}: {:?} \
                         {}\n{what}",
                    image.call, image.file
                )
            })?;
            path.pop();
        }
        Ok(())
    }

    /// Executes further writes, makes them durable, cuts the power, and opens the database again.
    fn go_on(
        &self,
        mut engine: Engine<RecordingDisk>,
        there: SeqNo,
        options: &Options,
        random: &mut Random,
        tally: &mut Tally,
    ) -> Result<(), Found> {
        let mut history = self.history.clone();
        history.truncate(there);
        let keys = &self.drawn.script.keys;
        let mut promise = model::Promise::default();
        promise.opened(&history);
        for op in more(keys, random) {
            tally.operations += 1;
            let done = match &op {
                Op::Batch(writes) => block_on(engine.write(&batch(writes))).map(|_| {
                    history.push(writes);
                    promise.acknowledged(&history, options);
                }),
                Op::Flush => block_on(engine.flush()).map(|()| promise.settled(&history)),
                _ => block_on(engine.close()).map(|()| promise.settled(&history)),
            };
            done.map_err(|error| format!("then `{}` failed: {error}", tell_one(&op)))?;
            promise.said(&engine);
        }
        let mut disk = engine.into_parts().0.disk().image();
        let keep = [Keep::Nothing, Keep::Torn(random.draw())][random.below(2) as usize];
        block_on(disk.cut(keep)).map_err(|error| format!("the power cut itself failed: {error}"))?;
        let mut engine = model::open_torn(disk, options)
            .map_err(|(error, _)| format!("after more writes and another power cut it does not open again: {error}"))?;
        check(&mut engine, &history, keys, &(promise.upto..=history.last())).map(|_| ()).map_err(|what| {
            let more = history.writes()[there as usize..].iter().map(|w| tell_one(&Op::Write(w.clone())));
            let more = more.collect::<Vec<_>>().join("; ");
            format!("then came `{more}`, and another power cut that kept {}: {what}", keep_text(keep))
        })
    }

    /// Opens and checks the image from a directory.
    fn on_files(
        &self,
        disk: &Fault<Memory>,
        options: &Options,
        allowed: &RangeInclusive<SeqNo>,
        tally: &mut Tally,
    ) -> Result<(), Found> {
        let Some(scratch) = self.case.scratch else { return Ok(()) };
        let lies = self.drawn.forgiven;
        let result = in_directory(scratch, |path| {
            copy(disk, path)?;
            let directory = Directory::open(path).map_err(|error| error.to_string())?;
            let mut engine = match model::open_torn(directory, options) {
                Ok(engine) => engine,
                Err(_) if lies => return Ok(()),
                Err((error, _)) => return Err(format!("it does not open again: {error}")),
            };
            let checked = check(&mut engine, &self.history, &self.drawn.script.keys, allowed).map(|_| ());
            if self.may_have_holes(options) { Ok(()) } else { checked }
        });
        tally.on_files += 1;
        result.map_err(|what| format!("in a directory: {what}"))
    }
}

/// A few writes, and sometimes an operation that makes them durable.
fn more(keys: &[Vec<u8>], random: &mut Random) -> Vec<Op> {
    let mut ops = Vec::new();
    for i in 0..1 + random.below(3) {
        let mut key = || keys[random.below(keys.len() as u64) as usize].clone();
        ops.push(Op::Batch(vec![Write::Put(key(), format!("more{i}").into_bytes()), Write::Delete(key())]));
    }
    match random.below(3) {
        0 => ops.push(Op::Flush),
        1 => ops.push(Op::Reopen),
        _ => {}
    }
    ops
}

/// Runs `what` in a new directory below `scratch`, and removes the directory.
pub(super) fn in_directory<R>(scratch: &Path, what: impl FnOnce(&Path) -> Result<R, String>) -> Result<R, String> {
    let path = scratch.join("database");
    let remove = || match fs::remove_dir_all(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("cannot remove {}: {error}", path.display()))
        }
        _ => Ok(()),
    };
    remove()?;
    fs::create_dir_all(&path).map_err(|error| format!("cannot create {}: {error}", path.display()))?;
    let result = what(&path)?;
    remove()?;
    Ok(result)
}

/// Copies the files of `disk` into a directory.
fn copy(disk: &Fault<Memory>, path: &Path) -> Result<(), String> {
    let trouble = |error: crate::Error| format!("cannot copy the image: {error}");
    let mut directory = Directory::open(path).map_err(trouble)?;
    for (file, len) in block_on(disk.list()).map_err(trouble)? {
        let bytes = block_on(disk.read_all(file, len)).map_err(trouble)?;
        fs::write(path.join(file.to_string()), bytes).map_err(|error| format!("cannot write {file}: {error}"))?;
    }
    let current: Option<FileId> = block_on(disk.current()).map_err(trouble)?;
    current.map_or(Ok(()), |manifest| block_on(directory.swap_current(manifest))).map_err(trouble)
}
