//! `lsmscope verify`: what it prints, and its exit status.

use std::{fs, path::Path, process::Command};

use lsmscope::storage::file::Directory;

use super::*;

/// Standard output, standard error and the exit status.
fn run(directory: &Path) -> (String, String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_lsmscope")).arg("verify").arg(directory).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

fn snapshot(directory: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let paths = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = paths.map(|path| (path.clone(), fs::read(path).unwrap())).collect();
    files.sort();
    files
}

#[test]
fn it_prints_what_is_wrong_and_changes_nothing() {
    let place = tempfile::tempdir().unwrap();
    let mut engine = open(Directory::open(place.path()).unwrap(), options(&[])).unwrap();
    write(&mut engine, &mut Model::new(), &mut Random::new(1), 50);
    let tables = engine.version().tables().count();
    drop(engine);
    let before = snapshot(place.path());
    let (output, errors, status) = run(place.path());
    assert_eq!((errors.as_str(), status), ("", Some(0)), "{output}");
    assert!(
        output.starts_with(&format!("{tables} tables, ")) && output.ends_with(" checked; nothing wrong\n"),
        "{output}"
    );
    assert_eq!(snapshot(place.path()), before);

    let table = before.iter().map(|(path, _)| path).find(|p| p.extension().is_some_and(|e| e == "sst")).unwrap();
    let mut bytes = fs::read(table).unwrap();
    bytes[0] ^= 1;
    fs::write(table, &bytes).unwrap();
    let (output, errors, status) = run(place.path());
    let name = table.file_name().unwrap().to_str().unwrap();
    assert_eq!((errors.as_str(), status), ("", Some(1)), "{output}");
    assert!(output.starts_with(&format!("damage    {name} at byte 0: data block 0: the checksum is ")), "{output}");
    assert!(output.ends_with(" checked; 1 problem\n") && output.lines().count() == 2, "{output}");
}

#[test]
fn what_is_no_database_or_in_use_is_an_error() {
    let place = tempfile::tempdir().unwrap();
    let said = |directory: &Path, what: &str| {
        let (output, errors, status) = run(directory);
        assert_eq!((output.as_str(), status), ("", Some(1)));
        assert!(errors.starts_with("error: ") && errors.contains(what), "{errors}");
    };
    said(place.path(), "there is no database in");
    said(&place.path().join("none"), "none: name the one that holds the database\nNothing was changed");
    let file = place.path().join("file");
    fs::write(&file, "").unwrap();
    said(&file, "file is not a directory: name the one that holds the database");
    fs::remove_file(&file).unwrap();
    assert!(snapshot(place.path()).is_empty());
    let _owner = Directory::open(place.path()).unwrap();
    said(place.path(), "is open in another process");
}
