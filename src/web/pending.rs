//! Stand-ins for the command language, the session and the explanation of bytes, until those are here.

use serde::Serialize;
use tsify::Tsify;

use crate::{
    engine::{Engine, ScanRange},
    entry::text,
    error::{Error, Result},
    options::Options,
    storage::{FileId, Storage},
    trace::{Event, Tracer},
};

/// What bytes mean.
#[derive(Debug, Serialize, Tsify)]
pub struct Explanation {
    /// What kind of file.
    pub kind: String,
    /// Its fields.
    pub spans: Vec<Span>,
    /// What is wrong.
    pub problem: Option<String>,
}

/// A field.
#[derive(Debug, Serialize, Tsify)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// How deep it is nested.
    pub depth: u8,
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// What `bytes` mean.
pub fn explain(file: FileId, _: &[u8]) -> Explanation {
    Explanation { kind: file.to_string(), spans: Vec::new(), problem: None }
}

/// What came of a command.
pub struct Outcome {
    pub ok: bool,
    pub text: String,
    pub error: Option<Wrong>,
    pub exit: bool,
}

/// What is wrong with a line.
pub struct Wrong {
    pub message: String,
    pub start: usize,
    pub end: usize,
    pub remedy: String,
}

/// Runs lines.
pub struct Session<S: Storage, T: Tracer> {
    engine: Engine<S, T>,
    op: u64,
}

impl<S: Storage, T: Tracer> Session<S, T> {
    pub async fn open(storage: S, options: Options, tracer: T) -> Result<Self> {
        let engine = Engine::open(storage, options, tracer).await.map_err(|failed| failed.error)?;
        Ok(Session { engine, op: 0 })
    }

    pub async fn run(&mut self, line: &str) -> Outcome {
        self.op += 1;
        self.engine.trace(Event::OpBegan { op: self.op, command: line.into() });
        let result = self.carry_out(line).await;
        let (ok, said) = match &result {
            Ok(said) => (true, said.clone()),
            Err(error) => (false, error.message.clone()),
        };
        self.engine.trace(Event::OpEnded { op: self.op, ok, result: said.clone() });
        let error = result.err().map(|error| Wrong {
            remedy: error.kind.remedy().into(),
            message: error.message,
            start: 0,
            end: line.len(),
        });
        Outcome { ok, text: if ok { said } else { String::new() }, error, exit: false }
    }

    async fn carry_out(&mut self, line: &str) -> Result<String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["put", key, value] => Ok(format!("ok  seq {}", self.engine.put(key.as_bytes(), value.as_bytes()).await?)),
            ["get", key] => {
                let value = self.engine.get(key.as_bytes()).await?;
                Ok(value.map_or("not found".into(), |value| text(&value)))
            }
            ["delete", key] => Ok(format!("ok  seq {}", self.engine.delete(key.as_bytes()).await?)),
            ["scan"] => {
                let found = self.engine.scan(ScanRange::default(), None).await?.entries;
                Ok(found.iter().map(|(k, v)| format!("{} = {}", text(k), text(v))).collect::<Vec<_>>().join("\n"))
            }
            ["flush"] => self.engine.flush().await.map(|()| "ok".into()),
            ["compact"] => Ok(format!("{} compactions", self.engine.compact(None).await?)),
            ["fill", count] => {
                for i in 0..count.parse::<u64>().map_err(|e| Error::invalid(e.to_string()))? {
                    self.engine.put(format!("key{:05}", i * 7919 % 10007).as_bytes(), b"value").await?;
                }
                Ok("ok".into())
            }
            _ => Err(Error::invalid(format!("unknown command: {line}"))),
        }
    }

    pub async fn read(&self, file: FileId, length: u64) -> Result<Vec<u8>> {
        self.engine.storage().read(file, 0..length).await
    }

    pub async fn close(mut self) -> Result<()> {
        self.engine.close().await
    }
}
