//! lsmscope as a measured engine: on its directory backend, without a tracer.

use std::{error::Error, hint::black_box, path::Path};

use lsmscope::{
    Engine, Options,
    engine::ScanRange,
    options::WalSync,
    storage::{block_on, file::Directory},
    trace::NoTrace,
};

use crate::peer::{CACHE_BYTES, MEMTABLE_BYTES, Peer};

/// An lsmscope database.
pub struct Lsmscope {
    engine: Engine<Directory>,
}

impl Peer for Lsmscope {
    fn open(dir: &Path) -> Result<Lsmscope, Box<dyn Error>> {
        let options = Options {
            wal_sync: WalSync::Never,
            write_buffer_size: MEMTABLE_BYTES,
            block_cache_size: CACHE_BYTES,
            ..Options::default()
        };
        let opened = block_on(Engine::open(Directory::open(dir)?, options, NoTrace));
        Ok(Lsmscope { engine: opened.map_err(|failed| failed.error)? })
    }

    fn put(&mut self, key: &[u8], value: &[u8]) -> Result<(), Box<dyn Error>> {
        block_on(self.engine.put(key, value))?;
        Ok(())
    }

    fn settle(&mut self) -> Result<(), Box<dyn Error>> {
        Ok(block_on(self.engine.flush())?)
    }

    fn get(&mut self, key: &[u8]) -> Result<bool, Box<dyn Error>> {
        Ok(block_on(self.engine.get(key))?.is_some())
    }

    fn scan(&mut self) -> Result<usize, Box<dyn Error>> {
        let mut iter = self.engine.iter(ScanRange::default(), None)?;
        let mut count = 0;
        while block_on(iter.next_with(&mut self.engine, |key, value| {
            black_box((key, value));
        }))? {
            count += 1;
        }
        Ok(count)
    }
}
