//! The model of a database: every write in order, and the contents after each prefix of the writes.
//!
//! In: the writes that an engine receives, acknowledges and promises to keep. Out: the expected answer of every get and
//! scan, and checks of an engine against it. Errors: the first difference, as text.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
    rc::Rc,
};

use crate::{
    Engine, ErrorKind,
    engine::{ScanRange, Scanned},
    entry::{SeqNo, text},
    options::{Options, WalSync},
    storage::{Storage, block_on},
    trace::{NoTrace, Tracer},
};

use super::ops::Write;

/// Keys and values.
pub(super) type State = BTreeMap<Vec<u8>, Vec<u8>>;

/// Keys and values in the order of a scan.
pub(super) type Entries = Vec<(Vec<u8>, Vec<u8>)>;

/// Every write that the engine received, in order: write `i` has sequence number `i + 1`.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    writes: Vec<Write>,
    /// The last sequence number of each batch.
    ends: BTreeSet<SeqNo>,
    /// Cached states.
    known: RefCell<BTreeMap<SeqNo, Rc<State>>>,
}

impl History {
    /// Appends a batch.
    pub fn push(&mut self, batch: &[Write]) {
        if !batch.is_empty() {
            self.writes.extend_from_slice(batch);
            self.ends.insert(self.last());
        }
    }

    /// The writes.
    pub fn writes(&self) -> &[Write] {
        &self.writes
    }

    /// The last sequence number.
    pub fn last(&self) -> SeqNo {
        self.writes.len() as SeqNo
    }

    /// Whether write `seq` is the last one of its batch.
    pub fn is_whole(&self, seq: SeqNo) -> bool {
        seq == 0 || self.ends.contains(&seq)
    }

    /// The last sequence number of the batch `back` batches before the last one; 0 if there are fewer batches.
    pub fn end(&self, back: u64) -> SeqNo {
        self.ends.iter().rev().nth(back as usize).copied().unwrap_or(0)
    }

    /// Removes the writes after `seq`.
    pub fn truncate(&mut self, seq: SeqNo) {
        self.writes.truncate(seq as usize);
        self.ends.retain(|end| *end <= seq);
        self.known.get_mut().retain(|known, _| *known <= seq);
    }

    /// The contents after the first `seq` writes.
    pub fn state(&self, seq: SeqNo) -> Rc<State> {
        if let Some(state) = self.known.borrow().get(&seq) {
            return state.clone();
        }
        let (mut from, mut state) = (0, State::new());
        if let Some((at, nearest)) = self.known.borrow().range(..seq).next_back() {
            (from, state) = (*at, (**nearest).clone());
        }
        for write in &self.writes[from as usize..seq as usize] {
            apply(&mut state, write);
        }
        let state = Rc::new(state);
        self.known.borrow_mut().insert(seq, state.clone());
        state
    }
}

/// Applies a write.
pub(super) fn apply(state: &mut State, write: &Write) {
    match write {
        Write::Put(key, value) => state.insert(key.clone(), value.clone()),
        Write::Delete(key) => state.remove(key),
    };
}

/// The expected result of a scan of `range`.
pub(super) fn scanned(state: &State, range: &ScanRange) -> Entries {
    let inside =
        |key: &Vec<u8>| range.start.as_ref().is_none_or(|s| key >= s) && range.end.as_ref().is_none_or(|e| key <= e);
    let limit = range.limit.map_or(usize::MAX, |l| l as usize);
    let all = state.iter().filter(|(key, _)| inside(key)).map(|(k, v)| (k.clone(), v.clone()));
    match range.reverse {
        false => all.take(limit).collect(),
        true => all.rev().take(limit).collect(),
    }
}

/// Opens the database. A failure returns the error and the storage.
pub(super) fn open<S: Storage>(storage: S, options: &Options) -> Result<Engine<S>, (crate::Error, S)> {
    block_on(Engine::open(storage, options.clone(), NoTrace)).map_err(|failed| (failed.error, failed.storage))
}

/// Opens a database whose log may end in a torn frame, after a power cut or a failed append. `absolute_consistency`
/// refuses such a log; the mode that drops the torn tail must then open it.
pub(super) fn open_torn<S: Storage>(storage: S, options: &Options) -> Result<Engine<S>, (crate::Error, S)> {
    match open(storage, options) {
        Err((error, storage)) if error.kind == ErrorKind::Corruption && mode(options) == "absolute_consistency" => {
            let mut tolerant = options.clone();
            tolerant.set("wal_recovery_mode", "tolerate_corrupted_tail_records").expect("it is one of the choices");
            open(storage, &tolerant)
        }
        result => result,
    }
}

/// The recovery mode, as text.
pub(super) fn mode(options: &Options) -> String {
    options.get("wal_recovery_mode").expect("there is such an option")
}

/// Checks that a reopened database holds a prefix of the writes, of a length in `allowed` and of whole batches, and
/// that every read agrees with it. Returns the length.
pub(super) fn check<S: Storage, T: Tracer>(
    engine: &mut Engine<S, T>,
    history: &History,
    keys: &[Vec<u8>],
    allowed: &RangeInclusive<SeqNo>,
) -> Result<SeqNo, String> {
    let seq = engine.last_seq();
    if seq < *allowed.start() {
        return Err(format!(
            "LOST: write {} was promised to be durable, but only {seq} writes are there",
            allowed.start()
        ));
    }
    if seq > *allowed.end() {
        return Err(format!("INVENTED: {seq} writes are there, but only {} were made", allowed.end()));
    }
    if !history.is_whole(seq) {
        return Err(format!("SPLIT: the last write there is {seq}, in the middle of a batch"));
    }
    agrees(engine, &history.state(seq), keys).map_err(|what| format!("of {seq} writes: {what}"))?;
    Ok(seq)
}

/// Checks a scan and a get of every key against `state`.
pub(super) fn agrees<S: Storage, T: Tracer>(
    engine: &mut Engine<S, T>,
    state: &State,
    keys: &[Vec<u8>],
) -> Result<(), String> {
    let Scanned { entries, .. } =
        block_on(engine.scan(ScanRange::default(), None)).map_err(|error| format!("a scan failed: {error}"))?;
    same_scan(&entries, state.iter().map(|(k, v)| (k.as_slice(), v.as_slice())))?;
    for key in keys {
        let found = block_on(engine.get(key)).map_err(|error| format!("get {} failed: {error}", text(key)))?;
        same_value(key, found.as_deref(), state.get(key).map(Vec::as_slice))?;
    }
    Ok(())
}

/// Compares the result of a scan with the expected one.
pub(super) fn same_scan<'a>(
    found: &[(Vec<u8>, Vec<u8>)],
    wanted: impl Iterator<Item = (&'a [u8], &'a [u8])>,
) -> Result<(), String> {
    let mut found = found.iter();
    for (key, value) in wanted {
        match found.next() {
            Some((k, v)) if k == key => {
                same_value(key, Some(v), Some(value)).map_err(|what| format!("a scan: {what}"))?
            }
            Some((k, _)) => {
                return Err(format!("a scan returns {} where {} should come", shown(k), shown(key)));
            }
            None => return Err(format!("a scan ends where {} should come", shown(key))),
        }
    }
    match found.next() {
        Some((key, _)) => Err(format!("a scan returns {}, which should not come", shown(key))),
        None => Ok(()),
    }
}

/// Compares the result of a get with the expected one.
pub(super) fn same_value(key: &[u8], found: Option<&[u8]>, wanted: Option<&[u8]>) -> Result<(), String> {
    if found == wanted {
        return Ok(());
    }
    let says = |value: Option<&[u8]>| value.map_or("absent".to_string(), shown);
    Err(format!("{} is {}, should be {}", shown(key), says(found), says(wanted)))
}

fn shown(bytes: &[u8]) -> String {
    text(&crate::entry::Bytes::preview(bytes, 40))
}

/// Checks that [`verify`](crate::verify::verify) finds no damage: a crash alone causes none.
pub(super) fn is_sound<S: Storage>(storage: &S) -> Result<(), String> {
    let findings =
        block_on(crate::verify::verify(storage)).map_err(|error| format!("it cannot be verified: {error}"))?;
    if findings.is_sound() { Ok(()) } else { Err(format!("verify finds damage:\n{findings}")) }
}

/// The writes that the engine has promised to keep, as far as a caller can know.
#[derive(Clone, Debug, Default)]
pub(super) struct Promise {
    /// The last promised write.
    pub upto: SeqNo,
    /// Acknowledged batches since the open.
    batches: u64,
}

impl Promise {
    /// Notes that an open recovered `history`: recovery syncs the writes that it finds.
    pub fn opened(&mut self, history: &History) {
        *self = Promise { upto: history.last(), batches: 0 };
    }

    /// Notes that the last batch of `history` was acknowledged.
    pub fn acknowledged(&mut self, history: &History, options: &Options) {
        self.batches += 1;
        let promised = match options.wal_sync {
            WalSync::EveryWrite => history.last(),
            // A crash may lose `wal_sync_writes` − 1 writes, as the option says.
            WalSync::Writes if self.batches >= options.wal_sync_writes => history.end(options.wal_sync_writes - 1),
            _ => 0,
        };
        self.upto = self.upto.max(promised);
    }

    /// Notes that a flush or a close succeeded.
    pub fn settled(&mut self, history: &History) {
        self.upto = history.last();
    }

    /// Takes over the number of durable writes that the engine reports.
    pub fn said<S: Storage, T: Tracer>(&mut self, engine: &Engine<S, T>) {
        self.upto = self.upto.max(engine.durable_seq());
    }
}

/// Whether a failing disk explains an error of this kind.
pub(super) fn is_disk_trouble(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Io | ErrorKind::NoSpace)
}
