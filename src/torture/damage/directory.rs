//! Flipped bits in the files of a directory, `CURRENT` included.
//!
//! In: a database, and a slice of its bits. Errors: as for the damage in memory.

use std::{
    fs::{self, File},
    io::{Read, Seek, SeekFrom, Write},
    path::Path,
};

use super::{Allowed, Damage, ON_FILES, SLICES, Trial, speaks};
use crate::{
    storage::{FileId, Storage, block_on, file::Directory},
    torture::{Found, Tally, model, power::in_directory},
};

/// Flips bits in a copy of the database in a directory: some of this slice's bits, and every bit of `CURRENT`.
pub(super) fn run(trial: &Trial<'_>, scratch: &Path, slice: u64, tally: &mut Tally) -> Result<(), Found> {
    in_directory(scratch, |path| {
        let disk = &trial.database.disk;
        for (file, bytes) in &disk.files {
            fs::write(path.join(file.to_string()), bytes).map_err(|error| format!("cannot write {file}: {error}"))?;
        }
        let current = disk.current.ok_or("the database has no manifest")?;
        let mut directory = Directory::open(path).map_err(|error| error.to_string())?;
        block_on(directory.swap_current(current)).map_err(|error| error.to_string())?;
        drop(directory);
        for (file, bytes) in &disk.files {
            let bits = bytes.len() as u64 * 8;
            for bit in (slice * 31 % ON_FILES..bits).step_by((ON_FILES * SLICES) as usize) {
                flipped(trial, path, &file.to_string(), bit, Damage::Flip(*file, bit), tally)?;
            }
        }
        let len = fs::metadata(path.join("CURRENT")).map_err(|error| error.to_string())?.len();
        for bit in (slice..len * 8).step_by(SLICES as usize) {
            flipped(trial, path, "CURRENT", bit, Damage::Current(None), tally)?;
        }
        Ok(())
    })
}

/// Flips a bit, checks the database, and flips the bit back.
fn flipped(
    trial: &Trial<'_>,
    path: &Path,
    name: &str,
    bit: u64,
    damage: Damage,
    tally: &mut Tally,
) -> Result<(), Found> {
    let file = path.join(name);
    let trouble = |error: std::io::Error| format!("cannot flip a bit of {name}: {error}");
    flip(&file, bit).map_err(trouble)?;
    tally.points += 1;
    tally.on_files += 1;
    let result = look(trial, path, damage);
    flip(&file, bit).map_err(trouble)?;
    result.map_err(|what| format!("bit {bit} of {name} in a directory: {what}"))
}

fn look(trial: &Trial<'_>, path: &Path, damage: Damage) -> Result<(), Found> {
    let directory = Directory::open(path).map_err(|error| error.to_string())?;
    let mut engine = match model::open(directory, &trial.database.options) {
        Ok(engine) => engine,
        Err((error, _)) => return speaks(&error, damage),
    };
    trial.read(&mut engine, Allowed::Exact, damage)?;
    let files: Vec<(FileId, u64)> =
        trial.database.disk.files.iter().map(|(id, bytes)| (*id, bytes.len() as u64)).collect();
    if block_on(engine.storage().list()).map_err(|error| error.to_string())? != files {
        return Err("reading changed the files".to_string());
    }
    Ok(())
}

fn flip(path: &Path, bit: u64) -> std::io::Result<()> {
    let mut file = File::options().read(true).write(true).open(path)?;
    let mut byte = [0];
    file.seek(SeekFrom::Start(bit / 8))?;
    file.read_exact(&mut byte)?;
    byte[0] ^= 1 << (bit % 8);
    file.seek(SeekFrom::Start(bit / 8))?;
    file.write_all(&byte)
}
