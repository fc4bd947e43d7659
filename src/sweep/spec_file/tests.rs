use super::{read_workload as read, *};

fn problem(text: &str) -> String {
    read(text).expect_err(text).to_string()
}

#[test]
fn a_spec_has_what_the_flags_of_the_simulator_make() {
    let plan = read(
        "preset = 'cloud-volume'\noptions = \"universal\"\n[set]\nwrite_mb_per_s = 0x10\nfifo_allow_compaction = true\n\
         [vary]\nwrite_buffer_size = ['16MB', 33_554_432]\ncompression_ratio = [0.5, 1.0]\n",
    )
    .unwrap();
    let settings = plan.settings();
    assert_eq!(settings.get("device").as_deref(), Some("gp3"), "of the preset, though options were named");
    assert_eq!(settings.get("compaction_style").as_deref(), Some("universal"));
    assert_eq!(settings.get("job_mode").as_deref(), Some("scheduled"), "no simulation runs inline");
    assert_eq!(
        {
            let workload = settings.workload.as_ref().unwrap();
            (workload.write_mb_per_s, workload.duration_seconds)
        },
        (16.0, 36_000.0)
    );
    assert_eq!(plan.runs(), 4);
    assert_eq!(plan.values(1).unwrap(), ["16777216", "1"]);
    let names: Vec<&str> = plan.axes().iter().map(|axis| axis.name.as_str()).collect();
    assert_eq!(names, ["write_buffer_size", "compression_ratio"], "in the order of the text");
}

#[test]
fn what_is_wrong_is_told_at_its_line() {
    for (text, expected) in [
        ("preset = 'nonesuch'", "line 1: preset = nonesuch: expected one of rocksdb"),
        (
            "[vary]\n\nwrite_bufer_size = [1]",
            "line 3: write_bufer_size = (unknown): expected the name of an option; the \
          nearest is write_buffer_size",
        ),
        ("[vary]\nwrite_bufer_size = {from = 1, to = 2}", "line 2: write_bufer_size = (unknown)"),
        ("[vary]\nnum_levels = [\n  5,\n  600,\n]", "line 4: num_levels = 600: expected 2 to 12"),
        ("[vary]\nnum_levels = [5, 0x5]", "line 2: num_levels has the value 5 twice"),
        ("[vary]\nnum_levels = [5, [6]]", "line 2: num_levels: expected one value"),
        ("[vary]\nnum_levels = []", "line 2: num_levels: expected at least one value"),
        ("[set]\nnum_levels = 5\n[vary]\nnum_levels = [5, 6]", "line 4: num_levels is in [set] as well"),
        ("[set]\nnum_levels = 1e3\n", "line 2: num_levels = 1e3: expected a whole number from 2 to 12"),
        ("num_levels = 5", "line 1: num_levels: it belongs into [set] or [vary]"),
        ("[vari]\nnum_levels = [5, 6]", "line 1: vari: the nearest name here is vary"),
        ("[set]\nnum_levels = 5", "line 1: nothing varies"),
        ("[vary]\n", "line 1: nothing varies"),
        ("vary = 5", "line 1: vary: expected a table"),
        ("\n[vary]\nnum_levels = [5\n[sample]", "line 4: "),
        ("[vary]\nnum_levels = [5]\nnum_levels = [6]", "line 3: duplicate key"),
        ("[vary]\nzipf_skew = {from = 0, to = 1}", "line 2: zipf_skew: every combination is run"),
        ("[vary]\nzipf_skew = {from = 1, to = 0.5}", "line 2: zipf_skew: expected to = more than from"),
        ("[vary]\nzipf_skew = {from = 0, count = 3}", "line 2: zipf_skew: a range needs from and to"),
        ("[vary]\nzipf_skew = {from = 0, to = 1, count = 3, scale = 'log'}", "line 2: zipf_skew: with scale"),
        ("[vary]\nzipf_skew = {from = 0, to = 1, scale = 'cubic'}", "line 2: scale = cubic: expected linear or log"),
        ("[vary]\nzipf_skew = {from = 0, to = 1, count = 3, step = 1}", "line 2: zipf_skew: expected count or step"),
        ("[vary]\nzipf_skew = {from = 0, to = 1, step = 0}", "line 2: zipf_skew: expected step = a number above 0"),
        ("[vary]\nzipf_skew = {from = 0, to = 1, step = 1e-9}", "line 2: zipf_skew has more than 10,000 values"),
        ("[vary]\nzipf_skew = {from = 0, to = 1, count = 1}", "line 2: count = 1: expected 2 to 10000"),
        ("[vary]\nzipf_skew = {from = 0, upto = 1}", "line 2: upto: the nearest name here is to"),
        ("[vary]\ncompaction_style = {from = 1, to = 2}", "line 2: compaction_style has no range"),
        ("history = 'db'\n[vary]\nnum_levels = [5]", "line 1: no history can be opened here"),
        ("preset = 'disk'\nhistory = 'db'", "line 1: preset: a history has its own writes and options"),
        ("\ndraws = 5\n[vary]\nnum_levels = [5]", "line 2: draws is of a history, and none is named"),
        ("[sample]\n[vary]\nnum_levels = [5]", "line 1: [sample] needs a line runs = N"),
        ("[sample]\nruns = 0\n[vary]\nnum_levels = [5]", "line 2: runs = 0: expected 1 to 1000000"),
        ("[vary]\nseed = [1, 18446744073709551615]", "line 2: seed = 18446744073709551615: expected at most"),
        ("[set]\nseed = 18446744073709551615\n[vary]\nnum_levels = [5]", "line 2: seed: expected 0 to"),
    ] {
        let found = problem(text);
        assert!(found.starts_with(expected), "{text}\n{found}\n{expected}");
    }
}

#[test]
fn a_grid_is_no_larger_than_it_may_be() {
    let axis = |name: &str| format!("{name} = {{ from = 1, to = 1000, step = 1 }}\n");
    let text = ["[vary]\n", &axis("level0_file_num_compaction_trigger"), &axis("samples"), &axis("seed")].concat();
    assert!(problem(&text).starts_with("line 4: seed: with it, there are more than 1,000,000 combinations"));
    assert_eq!(read(&format!("[sample]\nruns = 7\n{text}")).unwrap().runs(), 7, "a sample draws of all of them");
}

#[test]
fn a_range_takes_the_units_of_its_option() {
    let plan = read(
        "[vary]\nttl = { from = '1d', to = '3d', step = '1d' }\nwrite_mb_per_s = { from = 1, to = 2, step = 0.5 }",
    );
    let plan = plan.unwrap();
    let values: Vec<_> = (0..plan.runs()).map(|number| plan.values(number).unwrap().join(" ")).collect();
    assert_eq!(values[..4], ["86400 1", "86400 1.5", "86400 2", "172800 1"]);
    assert_eq!(values.len(), 9);
}

#[test]
fn each_option_is_stored_as_what_it_is() {
    let stored = |name: &str| column_of(name);
    assert_eq!(stored("write_buffer_size"), ColumnType::Whole);
    assert_eq!(stored("universal_max_read_amp"), ColumnType::Whole);
    assert_eq!(stored("zipf_skew"), ColumnType::Number);
    assert_eq!(stored("size_tiered_bucket_high"), ColumnType::Number);
    assert_eq!(stored("compaction_style"), ColumnType::Text);
    assert_eq!(stored("max_bytes_for_level_multiplier_additional"), ColumnType::Text);
    assert_eq!(stored("fifo_allow_compaction"), ColumnType::Switch);
    // The default of each is one of its values.
    let defaults = SweepSettings { options: Options::default(), workload: Some(Spec::default()) };
    for name in Options::NAMES.iter().chain(Spec::NAMES) {
        let text = defaults.get(name).unwrap();
        let fits = match column_of(name) {
            ColumnType::Text => true,
            ColumnType::Whole => text.parse::<i64>().is_ok(),
            ColumnType::Number => text.parse::<f64>().is_ok(),
            ColumnType::Switch => text.parse::<bool>().is_ok(),
        };
        assert!(fits && !text.contains([',', '"', '\n']), "{name} = {text}");
    }
}
