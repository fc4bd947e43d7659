//! `lsmscope accuracy`
use lsmscope::{
    Error,
    accuracy::{self, EXPERIMENTS},
};

pub fn run() -> Result<std::process::ExitCode, Error> {
    let bytes = std::env::var("BYTES").is_ok();
    let only = std::env::var("ONLY").unwrap_or_default();
    for e in EXPERIMENTS.iter().filter(|e| e.name.contains(&only)) {
        let mut show = |what: &str, o: accuracy::Outcome| {
            let levels: Vec<String> = o
                .levels
                .iter()
                .enumerate()
                .filter(|(_, l)| l.0 > 0)
                .map(|(n, (f, b))| format!("L{n} {f}/{:.1}", *b as f64 / 1048576.0))
                .collect();
            println!(
                "{:45} {what:9} {:.3} vs {:.3} ({:+.1} %) flushed {:.1} files {} moves {} comps {} | {}",
                e.name,
                o.write_amplification(),
                e.measured.write_amplification,
                (o.write_amplification() / e.measured.write_amplification - 1.0) * 100.0,
                o.flushed as f64 / 1048576.0,
                o.flushes,
                o.moves,
                o.compactions,
                levels.join(" ")
            );
        };
        for _ in 1..std::env::var("REPEAT").map_or(1, |s| s.parse::<u64>().unwrap()) {
            accuracy::byteless::run(e, accuracy::PUTS)?;
        }
        show("byteless", accuracy::byteless::run(e, accuracy::PUTS)?);
        if bytes {
            show("bytes", accuracy::with_bytes::run(e, accuracy::PUTS)?);
        }
        println!(
            "{:55} {:?}",
            "",
            e.measured
                .levels
                .iter()
                .map(|l| format!("L{} {}/{}", l.level, l.tables.unwrap_or(0), l.mib))
                .collect::<Vec<_>>()
                .join(" ")
        );
    }
    Ok(std::process::ExitCode::SUCCESS)
}
