//! `lsmscope drive`, as a person calls it: what it writes, what it refuses, and what Prometheus is answered.

#![cfg(all(feature = "cli", not(target_arch = "wasm32")))]

use std::{
    io::{BufRead, BufReader, Lines, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStderr, Command, Output, Stdio},
};

fn drive(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lsmscope")).arg("drive").args(arguments).output().unwrap()
}

fn ok(arguments: &[&str]) -> String {
    let output = drive(arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// The flags of the recipe, each by the name that the teaching material has.
const RECIPE: &[&str] = &[
    "--write-rate",
    "5000",
    "--memtable-max-bytes",
    "200_000",
    "--sstable-max-bytes",
    "1_000_000",
    "--sample-ms",
    "250",
    "--duration-seconds",
    "60",
];

#[test]
fn the_recipe_flushes_compacts_and_its_csv_loads() {
    let csv = ok(&[RECIPE, &["--out-csv", "-"]].concat());
    let mut lines = csv.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let named = "ts_ms,ops_total,ops_put,ops_get,ops_del,memtable_bytes,\
                 sst_count_L0,sst_count_L1,sst_count_L2,sst_count_L3,sst_count_L4,sst_count_L5,\
                 sst_bytes_L0,sst_bytes_L1,sst_bytes_L2,sst_bytes_L3,sst_bytes_L4,sst_bytes_L5,\
                 user_bytes,wal_bytes,flush_bytes,compaction_bytes,manifest_bytes,write_amp";
    assert_eq!(header, named.split(',').collect::<Vec<_>>());
    let (lines, ratios): (Vec<_>, Vec<_>) = lines.map(|line| line.rsplit_once(',').unwrap()).unzip();
    let row = |line: &&str| line.split(',').map(|n| n.parse().unwrap()).collect();
    let rows: Vec<Vec<u64>> = lines.iter().map(row).collect();
    assert_eq!(rows.len(), 240);
    assert!(rows.iter().all(|row| row.len() == header.len() - 1));
    assert_eq!(rows.iter().map(|row| row[1]).sum::<u64>(), 300_000);
    let falls = rows.windows(2).filter(|w| w[1][5] < w[0][5]).count();
    assert!(falls >= 5, "the memtable was flushed {falls} times between samples");
    assert!(rows.iter().any(|row| row[7] > 0), "a compaction reached level 1");
    let last = rows.last().unwrap();
    let (flushed, compacted) = (last[20] as f64, last[21] as f64);
    assert_eq!(*ratios.last().unwrap(), format!("{:.3}", (flushed + compacted) / flushed));
}

#[test]
fn the_same_seed_writes_the_same_files() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, seed: &str| {
        let file = |ending: &str| directory.path().join(format!("{name}.{ending}")).display().to_string();
        let outputs = ["csv", "html", "svg", "png"].map(|e| (format!("--out-{e}"), file(e)));
        let mut arguments = vec!["--duration-seconds", "5", "--read-rate", "100", "--seed", seed];
        arguments.extend(outputs.iter().flat_map(|(flag, file)| [flag.as_str(), file.as_str()]));
        ok(&arguments);
        outputs.map(|(_, file)| std::fs::read(file).unwrap())
    };
    let (a, b, c) = (write("a", "1"), write("b", "1"), write("c", "2"));
    for i in 0..4 {
        assert!(a[i] == b[i], "the same bytes");
        assert!(a[i] != c[i], "another seed, another run");
    }
    assert!(a[3].starts_with(b"\x89PNG\r\n"));
}

#[test]
fn latencies_and_formulas_are_in_the_text_the_json_and_the_report() {
    let directory = tempfile::tempdir().unwrap();
    let html = directory.path().join("run.html").display().to_string();
    let arguments = ["--duration-seconds", "5", "--read-rate", "200", "--async-compaction", "--set", "device=hdd"];
    let text = ok(&[&arguments[..], &["--out-html", &html]].concat());
    let line = |what: &str| text.lines().find(|l| l.starts_with(what)).unwrap_or_else(|| panic!("{what}\n{text}"));
    assert!(line("put latency: p50 ").contains(", p99.9 ") && line("get latency: ").contains(" ms, max "), "{text}");
    let write = line("write, RocksDB's");
    let numbers: Vec<f64> = write.split_whitespace().filter_map(|word| word.parse().ok()).take(2).collect();
    assert!(numbers.len() == 2 && numbers[1] > numbers[0] && numbers[0] > 1.0, "{write}");
    let page = std::fs::read_to_string(html).unwrap();
    for what in ["<tr><th>put<td>25,000<td>", "<tr><th>write, RocksDB&#39;s<td>", "levels below the base"] {
        let what = what.replace("&#39;", "'");
        assert!(page.contains(&what), "{what}");
    }
    let json: serde_json::Value = serde_json::from_str(&ok(&[&arguments[..], &["--json"]].concat())).unwrap();
    assert_eq!(json["latencies_nanos"]["put"]["count"], 25_000);
    assert_eq!(json["latencies_nanos"]["scan"], serde_json::Value::Null);
    assert!(json["latencies_nanos"]["get"]["p999"].as_u64() >= Some(8_000_000), "a block of a disk takes 8 ms");
    let rows = json["compared"]["rows"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["quantity"] == "space" && row["counted"] == "literature"), "{rows:?}");
    // Without virtual time, it says why there are none.
    assert!(ok(&["--duration-seconds", "1"]).contains("no latencies: --async-compaction"));
}

#[test]
fn background_compaction_and_every_flag_of_the_source_are_taken() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data").display().to_string();
    let arguments = [
        ["--data-dir", &data, "--async-compaction", "--wal-flush-every-write"],
        ["--memtable-max-bytes", "50KB", "--sstable-max-bytes", "100KB"],
        ["--bloom-fpr", "0.05", "--max-levels", "5"],
        ["--tombstone-retention-seconds", "86400", "--duration-seconds", "2"],
        ["--write-rate", "500", "--read-rate", "100"],
        ["--delete-rate", "50", "--key-space-size", "1000"],
        ["--value-size-bytes", "100", "--key-dist", "zipf"],
        ["--zipf-skew", "1.2", "--range-reads", "20"],
        ["--range-span", "5", "--sample-ms", "200"],
    ];
    let text = ok(&[&arguments.concat()[..], &["--json"]].concat());
    let told: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(told["complete"], true);
    assert_eq!(told["options"]["job_mode"], "scheduled");
    assert_eq!(told["options"]["wal_sync"], serde_json::Value::Null, "RocksDB's default");
    assert_eq!(told["options"]["num_levels"], "5");
    assert_eq!(told["workload"]["key_dist"], "zipf");
    assert_eq!((&told["operations"]["put"], &told["operations"]["del"]), (&1000.into(), &100.into()));
    assert!(told["operations"]["scan"].as_u64().unwrap() > 10);
    assert!(Path::new(&data).join("CURRENT").exists(), "the database stays");
}

#[test]
fn what_does_not_fit_is_named_and_nothing_is_run() {
    for (arguments, message) in [
        (["--write-rate", "-3"], "--write-rate = -3: expected 0 to 1000000000"),
        (["--key-dist", "normal"], "expected uniform, zipf, latest or sequential"),
        (["--memtable-max-bytes", "5"], "--memtable-max-bytes (write_buffer_size) = 5"),
        (
            ["--out-csv", "no/such/directory/run.csv"],
            "--out-csv = no/such/directory/run.csv: expected a file in a directory",
        ),
        (["--set", "blok_size=4096"], "the nearest is block_size"),
        (["--key-size-bytes", "4"], "at least 5"),
    ] {
        let output = drive(&arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains(message) && errors.contains("`lsmscope drive --help`"), "{errors}");
    }
    // What can only be tried is refused as well, with what to do about it, and nothing of storage or versions.
    for (arguments, message) in [
        (["--live", "--duration-seconds=1"], "--live needs a terminal: standard output is none; --out-html FILE"),
        (["--metrics-addr", "nowhere"], "--metrics-addr nowhere: cannot listen there"),
    ] {
        let output = drive(&arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && errors.contains(message), "{errors}");
        assert!(errors.contains("correct the input and try again"), "{errors}");
    }
}

#[test]
fn prometheus_is_answered() {
    let mut served = Served::run(&["--duration-seconds", "2"]);
    served.line_with("the run is over");
    let ask = |request: &str| {
        let mut socket = served.connect();
        socket.write_all(format!("{request} HTTP/1.0\r\n\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        answer
    };
    let metrics = ask("GET /metrics");
    assert!(metrics.contains("200 OK") && metrics.contains("version=0.0.4"), "{metrics}");
    assert!(metrics.contains("\nlsmscope_operations_total{kind=\"put\"} 10000\n"), "{metrics}");
    assert!(metrics.contains("\nlsmscope_virtual_time_seconds 2\n"), "{metrics}");
    assert!(ask("POST /metrics").contains("405"), "read-only");
    assert!(ask("GET /nothing").contains("404"));
}

/// A run that serves metrics, and the address.
struct Served {
    child: Child,
    lines: Lines<BufReader<ChildStderr>>,
    address: String,
}

impl Served {
    fn run(arguments: &[&str]) -> Served {
        let mut child = Command::new(env!("CARGO_BIN_EXE_lsmscope"))
            .args([&["drive", "--metrics-addr", "127.0.0.1:0"], arguments].concat())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut served = Served { child, lines, address: String::new() };
        let line = served.line_with("metrics at http://");
        served.address = line.split("http://").nth(1).unwrap().trim_end_matches("/metrics").to_string();
        served
    }

    fn line_with(&mut self, what: &str) -> String {
        self.lines.find_map(|l| l.ok().filter(|l| l.contains(what))).expect(what)
    }

    fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).unwrap()
    }

    fn scrape(&self) -> String {
        let mut socket = self.connect();
        socket.write_all(b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        answer
    }

    /// A number of the process's status, such as its threads.
    #[cfg(target_os = "linux")]
    fn status(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with(name)).expect(name);
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill().and_then(|()| self.child.wait());
    }
}

#[test]
fn a_run_does_not_wait_for_clients_that_pipeline_and_do_not_read() {
    let mut served = Served::run(&["--duration-seconds", "20"]);
    let mut clients: Vec<TcpStream> = (0..8).map(|_| served.connect()).collect();
    for client in &mut clients {
        client.set_nonblocking(true).unwrap();
        // Until it is closed, or no more fits into the socket.
        let requests = b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1000);
        while client.write(&requests).is_ok_and(|n| n > 0) {}
    }
    served.line_with("the run is over");
    assert!(served.scrape().contains("\nlsmscope_virtual_time_seconds 20\n"));
}

#[test]
fn a_request_without_an_end_is_cut_off() {
    let served = Served::run(&["--duration-seconds", "1"]);
    let mut client = served.connect();
    let line = format!("X-A: {}\r\n", "a".repeat(1000));
    let _ = client.write_all(b"GET /metrics HTTP/1.1\r\n");
    // A server that reads on for ever would take all of it.
    let sent = (0..100_000).take_while(|_| client.write_all(line.as_bytes()).is_ok()).count();
    assert!(sent < 100_000, "{sent} kB were taken");
    assert!(served.scrape().contains("200 OK"));
}

#[test]
fn idle_clients_make_room_for_a_scrape() {
    let served = Served::run(&["--duration-seconds", "1"]);
    // As many as a process may usually have, but for some.
    let idle: Vec<TcpStream> = (0..800).map(|_| served.connect()).collect();
    assert!(served.scrape().contains("200 OK"));
    #[cfg(target_os = "linux")]
    {
        let threads = served.status("Threads:");
        assert!(threads <= 2, "{threads} threads for {} clients", idle.len());
        let files = std::fs::read_dir(format!("/proc/{}/fd", served.child.id())).unwrap().count();
        assert!(files < 100, "{files} open files for {} clients", idle.len());
    }
    drop(idle);
}

#[test]
fn options_without_effect_are_told() {
    let run = |changes: &[&str]| ok(&[&["--duration-seconds", "1"], changes].concat());
    let told = run(&["--set", "universal_size_ratio=5", "--set", "device=hdd", "--tombstone-retention-seconds", "9"]);
    assert!(
        told.contains("\nuniversal_size_ratio has no effect: compaction_style is leveled, not universal.\n"),
        "{told}"
    );
    assert!(told.contains("\ndevice has no effect: nothing takes any time with job_mode=inline.\n"), "{told}");
    assert!(!told.contains("tombstone_retention_seconds has"), "{told}");
    let fifo = ["--set", "compaction_style=fifo", "--tombstone-retention-seconds", "9", "--sstable-max-bytes", "9000"];
    let told = run(&fifo);
    for name in ["tombstone_retention_seconds", "target_file_size_base"] {
        assert!(told.contains(&format!("\n{name} has no effect: fifo compaction ")), "{told}");
    }
    let json: serde_json::Value = serde_json::from_str(&run(&["--json", "--set", "device=hdd"])).unwrap();
    assert!(json["without_effect"][0].as_str().is_some_and(|told| told.starts_with("device has no effect")), "{json}");
    // What a preset brings along is not told.
    assert!(!run(&["--set", "compaction_style=fifo"]).contains("no effect"));
}
