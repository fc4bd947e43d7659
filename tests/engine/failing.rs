//! A disk that fails when told to.

use std::{cell::RefCell, collections::BTreeMap, ops::Range, rc::Rc};

use lsmscope::{
    Error, ErrorKind, Result,
    storage::{FileId, FileKind, Storage, memory::Memory},
};

/// Which call, on which kind of file.
pub type Call = (&'static str, FileKind);

/// What fails, and with what.
#[derive(Clone, Debug, Default)]
pub struct Plan(Rc<RefCell<BTreeMap<Call, ErrorKind>>>, Rc<RefCell<Vec<Call>>>);

impl Plan {
    pub fn fail(&self, call: &'static str, kind: FileKind, with: ErrorKind) {
        self.0.borrow_mut().insert((call, kind), with);
    }

    pub fn heal(&self) {
        self.0.borrow_mut().clear();
    }

    /// How many such calls have failed.
    pub fn failed(&self, call: &'static str, kind: FileKind) -> usize {
        self.1.borrow().iter().filter(|c| **c == (call, kind)).count()
    }

    fn check(&self, call: &'static str, file: FileId) -> Result<()> {
        match self.0.borrow().get(&(call, file.kind)) {
            Some(kind) => {
                self.1.borrow_mut().push((call, file.kind));
                Err(Error::new(*kind, format!("{call} of {file} failed, as told")))
            }
            None => Ok(()),
        }
    }
}

/// Memory that fails as planned.
#[derive(Debug, Default)]
pub struct Failing {
    pub memory: Memory,
    pub plan: Plan,
}

impl Storage for Failing {
    fn append(&mut self, file: FileId, bytes: &[u8]) -> Result<()> {
        self.plan.check("append", file)?;
        self.memory.append(file, bytes)
    }

    async fn sync(&mut self, file: FileId) -> Result<()> {
        self.plan.check("sync", file)?;
        self.memory.sync(file).await
    }

    async fn create(&mut self, file: FileId, bytes: &[u8]) -> Result<()> {
        self.plan.check("create", file)?;
        self.memory.create(file, bytes).await
    }

    async fn read(&self, file: FileId, range: Range<u64>) -> Result<Vec<u8>> {
        self.plan.check("read", file)?;
        self.memory.read(file, range).await
    }

    async fn swap_current(&mut self, manifest: FileId) -> Result<()> {
        self.plan.check("swap_current", manifest)?;
        self.memory.swap_current(manifest).await?;
        self.plan.check("swap_current, though done,", manifest)
    }

    async fn current(&self) -> Result<Option<FileId>> {
        self.memory.current().await
    }

    async fn remove(&mut self, file: FileId) -> Result<()> {
        self.plan.check("remove", file)?;
        self.memory.remove(file).await
    }

    async fn list(&self) -> Result<Vec<(FileId, u64)>> {
        self.memory.list().await
    }
}
