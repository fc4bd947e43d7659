//! `lsmscope torture` as a person meets it.

use std::process::{Command, Output};

fn torture(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lsmscope")).arg("torture").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn all_campaigns_run_and_say_what_they_tried() {
    let output = torture(&["--cases", "1", "--seed", "5"]);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""), "{}", text(&output.stdout));
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    assert_eq!(lines.len(), 7);
    for (line, (campaign, said)) in lines.iter().zip([
        ("power", "during a recovery"),
        ("faults", "refused operations"),
        ("damage", "flipped bits"),
        ("metamorphic", "operations"),
        ("language", "operations"),
        ("kill", "on files"),
        ("full", "refused operations"),
    ]) {
        assert!(line.starts_with(campaign) && line.contains(said) && line.ends_with("nothing lost"), "{line}");
        assert!(line.contains("cases 0 to 0 of seed 5"), "{line}");
    }
}

#[test]
fn a_run_goes_on_where_another_ended() {
    let all = torture(&["power", "--cases", "3"]);
    let parts = [torture(&["power", "--cases", "1"]), torture(&["power", "--from", "1", "--cases", "2"])];
    let points = |output: &Output| -> u64 {
        let line = text(&output.stdout);
        let words: Vec<&str> = line.split_whitespace().collect();
        let at = words.iter().position(|w| w.starts_with("point")).unwrap();
        words[at - 1].replace(',', "").parse().unwrap()
    };
    assert_eq!(points(&all), parts.iter().map(points).sum::<u64>());
}

#[test]
fn a_failure_is_printed_with_the_command_that_does_it_again() {
    // A disk that lies, held to its word: the one failure that a sound engine has to offer.
    let first = torture(&["power", "--lying", "--cases", "1"]);
    assert_eq!(first.status.code(), Some(1));
    let said = text(&first.stderr);
    assert!(said.contains("(the disk lies)") && said.contains("operations are enough:"), "{said}");
    assert!(text(&first.stdout).trim_end().ends_with("FAILED"));
    let command = said.lines().last().unwrap().trim();
    let arguments: Vec<&str> = command.split_whitespace().skip(2).collect();
    assert!(command.starts_with("lsmscope torture power") && command.contains("--ops"), "{command}");
    let again = torture(&arguments);
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(text(&again.stderr).lines().nth(1), said.lines().nth(1), "it fails in the same way");
    assert!(text(&again.stdout).contains(" 1 point, "), "{}", text(&again.stdout));
}

#[test]
fn what_makes_no_sense_is_refused() {
    for (arguments, said) in [
        (&["powder"][..], "power"),
        (&["--case", "1"], "name it"),
        (&["power", "--ops", "1"], "--case"),
        (&["power", "--case", "1", "--at", "1", "--keep", "some"], "torn:SEED"),
        (&["power", "--cases", "1", "--minutes", "1"], "cannot be used with"),
        (&["power", "--minutes=-1"], "minutes"),
    ] {
        let output = torture(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(said), "{arguments:?}: {}", text(&output.stderr));
    }
}
