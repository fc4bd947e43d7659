//! Tests of the command language: each command parses, errors mark the wrong bytes, any bytes round-trip as a word.

use super::*;

fn ok(line: &str) -> Command {
    parse(line).unwrap_or_else(|e| panic!("{e}"))
}

/// The bytes of the line that the error marks, and its message.
fn refused(line: &str) -> (String, String) {
    let e = parse(line).expect_err(line);
    assert!(!e.remedy.is_empty(), "{line}");
    (e.line[e.start..e.end].to_string(), e.message)
}

#[test]
fn each_command_is_read() {
    let bytes = |text: &str| text.as_bytes().to_vec();
    let scan = |start: Option<&str>, end: Option<&str>, limit, reverse, at| Command::Scan {
        start: start.map(bytes),
        end: end.map(bytes),
        limit,
        reverse,
        at,
    };
    for (line, command) in [
        ("", Command::Empty),
        ("   # put a 1", Command::Empty),
        ("put a#b 1 # a comment", Command::Put { key: bytes("a#b"), value: bytes("1") }),
        ("PUT user:1 \"Alice Smith\"", Command::Put { key: bytes("user:1"), value: bytes("Alice Smith") }),
        ("put a ''", Command::Put { key: bytes("a"), value: vec![] }),
        ("put @1 a;b", Command::Put { key: bytes("@1"), value: bytes("a;b") }),
        ("get k", Command::Get { key: bytes("k"), at: None }),
        ("get k @12", Command::Get { key: bytes("k"), at: Some(12) }),
        ("del k", Command::Delete { key: bytes("k") }),
        ("delete k", Command::Delete { key: bytes("k") }),
        ("scan", scan(None, None, None, false, None)),
        ("scan a", scan(Some("a"), None, None, false, None)),
        ("scan a z limit 1_0 reverse @3", scan(Some("a"), Some("z"), Some(10), true, Some(3))),
        ("scan reverse", scan(None, None, None, true, None)),
        ("scan \"reverse\" 'z'", scan(Some("reverse"), Some("z"), None, false, None)),
        (
            "batch put a 1; del b;; put \";\" 3;",
            Command::Batch(vec![
                BatchOp::Put { key: bytes("a"), value: bytes("1") },
                BatchOp::Delete { key: bytes("b") },
                BatchOp::Put { key: bytes(";"), value: bytes("3") },
            ]),
        ),
        ("flush", Command::Flush),
        ("compact", Command::Compact { level: None }),
        ("compact 0", Command::Compact { level: Some(0) }),
        ("compact L1", Command::Compact { level: Some(1) }),
        ("compact l1", Command::Compact { level: Some(1) }),
        ("snapshot", Command::Snapshot),
        ("release 1", Command::Release { snapshot: 1 }),
        ("release @1", Command::Release { snapshot: 1 }),
        ("wait 90", Command::Wait { nanos: 90_000_000_000 }),
        ("wait 10s", Command::Wait { nanos: 10_000_000_000 }),
        ("wait 500ms", Command::Wait { nanos: 500_000_000 }),
        ("wait 7us", Command::Wait { nanos: 7_000 }),
        ("jobs", Command::Jobs),
        ("wait 5m", Command::Wait { nanos: 300_000_000_000 }),
        ("wait 1h", Command::Wait { nanos: 3_600_000_000_000 }),
        ("wait 1.5h", Command::Wait { nanos: 5_400_000_000_000 }),
        ("wait 3w", Command::Wait { nanos: 1_814_400_000_000_000 }),
        ("fill 100", Command::Fill { count: 100, seed: None, anyway: false }),
        ("fill 100 seed 7", Command::Fill { count: 100, seed: Some(7), anyway: false }),
        ("fill 100 anyway", Command::Fill { count: 100, seed: None, anyway: true }),
        ("drive anyway", Command::Drive { changes: Vec::new(), anyway: true }),
        ("stats", Command::Stats),
        ("tables", Command::Tables),
        ("options", Command::Options { changes: vec![] }),
        ("reopen", Command::Reopen),
        ("verify", Command::Verify),
        ("crash", Command::Crash { after: None, keep: Keep::Nothing }),
        ("plug keep all", Command::Crash { after: None, keep: Keep::Everything }),
        ("crash in 3 keep torn", Command::Crash { after: Some(3), keep: Keep::Torn(1) }),
        (
            "crash in 2 keep all during batch put a 1; del b",
            Command::CrashDuring {
                events: 2,
                keep: Keep::Everything,
                command: Box::new(parse("batch put a 1; del b").unwrap()),
            },
        ),
        ("crash keep torn 7", Command::Crash { after: None, keep: Keep::Torn(7) }),
        ("crash keep 40", Command::Crash { after: None, keep: Keep::Bytes(40) }),
        ("disk full", Command::Disk { room: Some(0), lying: false }),
        ("disk full 4_096", Command::Disk { room: Some(4096), lying: false }),
        ("disk lying", Command::Disk { room: None, lying: true }),
        ("disk ok", Command::Disk { room: None, lying: false }),
        ("flip 000003.sst 17", Command::Flip { file: FileId::table(3), offset: 17, bit: 0 }),
        ("flip MANIFEST-000001 0 7", Command::Flip { file: FileId::manifest(1), offset: 0, bit: 7 }),
        ("help", Command::Help { topic: None }),
        ("help del", Command::Help { topic: Some("delete".into()) }),
        ("? block_size", Command::Help { topic: Some("block_size".into()) }),
        ("quit", Command::Exit),
    ] {
        assert_eq!(ok(line), command, "{line}");
    }
}

#[test]
fn an_option_change_knows_its_place() {
    let line = "options block_size=64 preset='full-merge'";
    let Command::Options { changes } = ok(line) else { panic!("{line}") };
    let found: Vec<_> = changes.iter().map(|c| (&*c.name, &*c.value, &line[c.start..c.end])).collect();
    assert_eq!(found, [("block_size", "64", "block_size=64"), ("preset", "full-merge", "preset='full-merge'")]);
}

#[test]
fn a_workload_may_begin_with_its_time() {
    let changes = |line: &str| match ok(line) {
        Command::Drive { changes, .. } => {
            changes.into_iter().map(|c| (c.name, c.value, line[c.start..c.end].to_string())).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    let of = |name: &str, value: &str, typed: &str| (name.to_string(), value.to_string(), typed.to_string());
    assert_eq!(
        changes("drive 1.5m write_rate=5"),
        [of("duration_seconds", "90", "1.5m"), of("write_rate", "5", "write_rate=5")]
    );
    assert_eq!(changes("drive preset=demo"), [of("preset", "demo", "preset=demo")]);
    assert_eq!(changes("drive"), []);
}

#[test]
fn what_cannot_be_is_refused_where_it_stands() {
    for (line, place, message) in [
        ("puut a 1", "puut", "puut is not a command"),
        ("put", "", "put needs a key"),
        ("put a  # no value", "", "put needs a value"),
        ("put a b c d", "c d", "put takes one key and one value: quote a value that has spaces"),
        ("put a \"b c", "\"b c", "the quote \" is never closed"),
        ("put a \\q", "\\q", "\\q is not an escape"),
        ("put a b\\", "\\", "\\ is not an escape"),
        ("put a \\x4", "\\x4", "\\x needs two hexadecimal digits"),
        ("get a b", "b", "get takes no more than this"),
        ("get a @x", "@x", "@x is not the number of a snapshot, such as 1"),
        ("scan a b c", "c", "scan takes no more than this"),
        ("scan limit many", "many", "many is not a limit: a whole number"),
        ("scan limit", "", "scan needs a limit: a whole number"),
        ("scan z a", "z a", "the range begins at z, after its end a"),
        ("batch", "", "batch needs at least one write"),
        ("batch put a; del b", "", "batch needs a value"),
        ("batch put a 1 del b", "del", "the next write of a batch begins after a ;"),
        ("batch get a", "get", "get is not put or del"),
        ("compact 1.5", "1.5", "1.5 is not a level: a whole number, such as 1 or L1"),
        ("compact L", "L", "L is not a level: a whole number, such as 1 or L1"),
        ("crash now", "now", "now is not in or keep"),
        ("crash during put a 1", "during", "during is not in or keep"),
        ("crash in 3 put a 1", "put", "put is not keep or during"),
        ("crash in 3 during crash", "crash", "crash is not a command other than crash and exit"),
        ("crash in 3 during get", "", "get needs a key"),
        ("crash in x", "x", "x is not a number of events, 1 or more"),
        ("crash keep some", "some", "some is not nothing, all, torn or a number of bytes"),
        ("disk broken", "broken", "broken is not full, lying or ok"),
        ("flip table 1", "table", "table is not a file such as 000003.log, 000004.sst or MANIFEST-000001"),
        ("flip 000003.log 1 first", "first", "first is not a bit, 0 to 7"),
        ("flush now", "now", "flush takes no more than this"),
        ("release", "", "release needs the number of a snapshot, such as 1"),
        ("wait soon", "soon", "soon is not a time such as 500ms, 10s, 5m, 1h, 2d or 3w"),
        ("fill many", "many", "many is not a number of entries from 1 to 1000000"),
        ("fill 5 sed 1", "sed", "sed is not the word seed"),
        ("drive soon", "soon", "soon is not a time such as 10s or 5m, or name=value"),
        ("drive 10s write_rate 5", "write_rate", "write_rate is not name=value"),
        ("options block_size 5", "block_size", "block_size is not name=value"),
        ("options block_size=64 KB", "block_size=64 KB", "a space stands between 64 and KB"),
        ("drive write_rate=5 sample_ms=2 s", "sample_ms=2 s", "a space stands between 2 and s"),
        ("options wal_sync=never KB", "KB", "KB is not name=value"),
        (
            "options wal_sync=writes, every 2",
            "wal_sync=writes,",
            "wal_sync = writes,: expected every_write, writes, bytes or never",
        ),
        ("drive write_rate=5, every 2", "every", "every is not name=value"),
        ("wal_sync=writes", "wal_sync=writes", "wal_sync=writes is not a command"),
        ("help me", "me", "me is neither a command nor an option"),
    ] {
        assert_eq!(refused(line), (place.to_string(), message.to_string()), "{line}");
    }
}

/// A number and its unit in two words, as answers print them, are offered as one.
#[test]
fn a_unit_that_stands_apart_is_joined_in_the_remedy() {
    let remedy = |line: &str| parse(line).expect_err(line).remedy;
    assert_eq!(remedy("options block_size=64 KB"), "Write: block_size=64KB");
    assert_eq!(remedy("options block_size=1.5 mb wal_sync=never"), "Write: block_size=1.5mb");
    assert_eq!(remedy("drive 10 s"), "Write: duration_seconds=10s");
}

#[test]
fn an_option_without_its_command_is_told_which() {
    let error = parse("wal_sync=never").expect_err("no command");
    assert_eq!(error.remedy, "wal_sync is an option: write options in front of it.");
}

/// A number of the right form but out of range is reported with the limits, in the unit that is typed.
#[test]
fn a_value_out_of_range_is_told_the_limits() {
    let past = "18446744073709551616"; // 2^64
    let beyond = "9007199254740992.log";
    let any = "0 to 18446744073709551615";
    let years = "0s to 36500d";
    for (line, place, limits) in [
        ("wait 36501d".to_string(), "36501d", years),
        ("wait 99999999999999d".to_string(), "99999999999999d", years),
        (format!("wait {past}w"), "18446744073709551616w", years),
        ("wait 36500.5d".to_string(), "36500.5d", years),
        ("wait -1.5s".to_string(), "-1.5s", years),
        ("fill 0".to_string(), "0", "1 to 1000000"),
        ("fill 1_000_001".to_string(), "1_000_001", "1 to 1000000"),
        (format!("fill {past}"), past, "1 to 1000000"),
        (format!("fill 5 seed {past}"), past, any),
        ("compact -1".to_string(), "-1", any),
        (format!("compact {past}"), past, any),
        (format!("scan limit {past}"), past, any),
        (format!("get k @{past}"), "@18446744073709551616", any),
        (format!("release {past}"), past, any),
        ("crash in 0".to_string(), "0", "1 to 18446744073709551615"),
        (format!("crash keep {past}"), past, any),
        (format!("crash keep torn {past}"), past, any),
        (format!("disk full {past}"), past, any),
        (format!("flip 000003.log {past}"), past, any),
        ("flip 000003.log 1 8".to_string(), "8", "0 to 7"),
        (format!("flip {past}.log 1"), "18446744073709551616.log", "0 to 9007199254740991 for a file's number"),
        (format!("flip {beyond} 1"), beyond, "0 to 9007199254740991 for a file's number"),
    ] {
        let message = format!("{place} is out of range: the limits are {limits}");
        assert_eq!(refused(&line), (place.to_string(), message), "{line}");
    }
    assert!(parse("wait 36500d").is_ok() && parse("fill 1000000").is_ok());
    // A workload's time is a parameter of it, whose limits are checked where it is set.
    let Ok(Command::Drive { changes, .. }) = parse(&format!("drive {}s", "9".repeat(400))) else { panic!() };
    assert_eq!((changes[0].name.as_str(), changes[0].value.as_str()), ("duration_seconds", "inf"));
}

#[test]
fn a_misspelt_name_suggests_the_nearest() {
    assert!(parse("flsh").unwrap_err().remedy.contains("Did you mean flush?"));
    assert!(parse("help blok_size").unwrap_err().remedy.contains("help block_size"));
    assert_eq!(parse("xyzzyxyzzy").unwrap_err().remedy, "help lists every command.");
}

#[test]
fn keys_and_values_have_limits_that_are_named() {
    let key = "k".repeat(crate::entry::MAX_KEY_LEN);
    assert!(parse(&format!("put {key} 1")).is_ok());
    for line in [format!("put {key}k 1"), format!("batch del {key}k"), format!("scan {key}k"), format!("get {key}k")] {
        let e = parse(&line).unwrap_err();
        assert_eq!(e.message, "a key may have up to 65535 bytes; this one has 65536");
        assert_eq!(e.end - e.start, 65536);
    }
    let value = "v".repeat(crate::entry::MAX_VALUE_LEN + 1);
    assert!(refused(&format!("put a {value}")).1.contains("16777216 bytes"));
}

#[test]
fn the_error_is_drawn_below_the_line() {
    let drawn = parse("put\tnaïve b c").unwrap_err().to_string();
    assert_eq!(
        drawn,
        "put takes one key and one value: quote a value that has spaces\n  \
         put naïve b c\n              ^\nWrite: put KEY VALUE   for example: put user:1 \"Alice Smith\""
    );
    let drawn = parse("put a").unwrap_err().to_string();
    assert!(drawn.contains("\n  put a\n       ^\n"), "{drawn}");
}

#[test]
fn an_error_in_a_long_line_draws_what_is_around_it() {
    let line = format!("put {} \\q", "a".repeat(5000));
    let drawn = parse(&line).unwrap_err().to_string();
    let mut lines = drawn.lines().skip(1);
    let (shown, carets) = (lines.next().unwrap(), lines.next().unwrap());
    assert!(shown.len() <= 102, "{shown}");
    assert_eq!(&shown[carets.find('^').unwrap()..], "\\q");
}

#[test]
fn completion_offers_what_may_come_next() {
    let texts = |line: &str| complete(line, line.len()).into_iter().map(|c| c.text).collect::<Vec<_>>();
    assert_eq!(texts("s"), ["scan", "snapshot", "stats"]);
    assert_eq!(texts("options wal_re"), ["wal_recovery_mode="]);
    assert_eq!(
        texts("options wal_sync="),
        ["wal_sync=every_write", "wal_sync=writes", "wal_sync=bytes", "wal_sync=never"]
    );
    assert_eq!(texts("options one_table_per_level=t"), ["one_table_per_level=true"]);
    assert_eq!(texts("options block_size=4 preset=te"), ["preset=teaching"]);
    assert_eq!(texts("drive 10s key_d"), ["key_dist="]);
    assert_eq!(texts("drive key_dist=z"), ["key_dist=zipf"]);
    assert_eq!(texts("drive preset=ycsb-a"), ["preset=ycsb-a"]);
    assert_eq!(texts("scan a z l"), ["limit"]);
    assert_eq!(texts("batch put a 1; d"), ["del"]);
    assert_eq!(texts("put s"), [] as [&str; 0]);
    // The cursor, not the end of the line, says where.
    let at = complete("flu a", 3);
    assert_eq!((at.len(), at[0].text.as_str(), at[0].start), (1, "flush", 0));
    assert_eq!(complete("options blo", 11).iter().map(|c| c.start).collect::<Vec<_>>(), [8; 5]);
}

#[test]
fn every_command_is_described_by_an_example_that_works() {
    for help in COMMANDS {
        assert!(help.example.starts_with(help.name) && help.usage.starts_with(help.name), "{}", help.name);
        assert_ne!(ok(help.example), Command::Empty);
        assert!(help.about.ends_with('.'), "{}", help.name);
        for alias in help.aliases {
            assert_eq!(ok(&help.example.replacen(help.name, alias, 1)), ok(help.example));
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_survive_as_a_word(key in prop::collection::vec(any::<u8>(), 0..40), value in ".{0,40}") {
            let line = format!("put {} {}", word(&key), word(value.as_bytes()));
            prop_assert_eq!(parse(&line), Ok(Command::Put { key: key.clone(), value: value.into_bytes() }));
            let line = format!("scan {} limit 1", word(&key));
            let scan = Command::Scan { start: Some(key.clone()), end: None, limit: Some(1), reverse: false, at: None };
            prop_assert_eq!(parse(&line), Ok(scan));
            let line = format!("batch del {};del {}", word(&key), word(&key));
            let del = BatchOp::Delete { key };
            prop_assert_eq!(parse(&line), Ok(Command::Batch(vec![del.clone(), del])));
        }

        /// Keys as tables and events show them parse to the same bytes between quotes.
        #[test]
        fn what_people_are_shown_can_be_typed(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let shown = crate::entry::text(&bytes);
            let line = format!("get \"{}\"", shown.replace('"', "\\\""));
            prop_assert_eq!(parse(&line), Ok(Command::Get { key: bytes, at: None }));
        }

        #[test]
        fn any_line_is_read_or_refused_at_a_place_in_it(line in line()) {
            if let Err(e) = parse(&line) {
                prop_assert!(e.start <= e.end && e.end <= line.len());
                prop_assert!(line.is_char_boundary(e.start) && line.is_char_boundary(e.end));
                let drawn = e.to_string();
                prop_assert!(drawn.contains('^') && drawn.contains(&e.message));
            }
        }

        #[test]
        fn completion_answers_any_cursor_with_what_extends_the_word(line in line(), cursor in 0usize..60) {
            for c in complete(&line, cursor) {
                prop_assert!(c.start <= line.len() && line.is_char_boundary(c.start));
                let typed = &line[c.start..line.floor_char_boundary(cursor.min(line.len()))];
                prop_assert!(c.text.starts_with(typed), "{} does not begin with {typed}", c.text);
            }
        }
    }

    /// Lines whose first word is often a command.
    fn line() -> impl Strategy<Value = String> {
        let names: Vec<&str> = COMMANDS.iter().map(|c| c.name).collect();
        let parts = prop_oneof![
            3 => "[ -~]{0,6}",
            1 => "\\PC{0,4}",
            1 => any::<String>(),
            2 => prop::sample::select(vec![" ", "\"", "'", "\\", "\\x", ";", "@1", "limit", "#", "=", "naïve"])
                .prop_map(String::from),
        ];
        (prop::sample::select(names), prop::collection::vec(parts, 0..6))
            .prop_map(|(name, parts)| format!("{name} {}", parts.join(" ")))
    }
}
