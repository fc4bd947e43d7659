//! `lsmscope repair`: what it prints, and its exit status.

use std::{fs, path::Path, process::Command};

use lsmscope::{random::Random, storage::file::Directory};

use super::*;

/// Standard output, standard error and the exit status.
fn run(arguments: &[&Path]) -> (String, String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_lsmscope")).arg("repair").args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

#[test]
fn it_says_what_it_did_and_what_was_lost() {
    let place = tempfile::tempdir().unwrap();
    let (old, whole, part) = (place.path().join("old"), place.path().join("whole"), place.path().join("part"));
    let mut model = Model::new();
    let mut engine = open(Directory::open(&old).unwrap(), options(&[])).unwrap();
    database::write(&mut engine, &mut model, &mut Random::new(3), 60);
    drop(engine);
    let (output, errors, status) = run(&[&old, &whole]);
    assert_eq!(status, Some(0), "{output}{errors}");
    assert!(output.contains("; nothing lost\nthe new database: ") && output.ends_with("nothing wrong\n"), "{output}");
    assert!(errors.lines().all(|line| line.starts_with("read ") || line.starts_with("wrote ")), "{errors}");
    let mut engine = open(Directory::open(&whole).unwrap(), options(&[])).unwrap();
    assert_eq!(contents(&mut engine), model);
    drop(engine);

    let table = files(&Directory::open_read_only(&old).unwrap(), FileKind::Table)[0];
    let path = old.join(table.to_string());
    let mut bytes = fs::read(&path).unwrap();
    bytes[0] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let (output, _, status) = run(&[&old, &part]);
    assert_eq!(status, Some(1), "{output}");
    assert!(
        output.starts_with(&format!("lost  {table} at byte 0, ")) && output.contains("lost at 1 place: "),
        "{output}"
    );
    assert!(output.ends_with("nothing wrong\n"), "{output}");
    assert_eq!(fs::read(&path).unwrap(), bytes, "the damaged one is not touched");
}

/// `nothing lost` is status 0, and status 1 says what was.
#[test]
fn text_and_status_agree_where_no_entry_is_lost() {
    let place = tempfile::tempdir().unwrap();
    let old = place.path().join("old");
    let mut model = Model::new();
    let mut engine = open(Directory::open(&old).unwrap(), options(&[])).unwrap();
    database::write(&mut engine, &mut model, &mut Random::new(3), 60);
    drop(engine);
    let manifest = old.join(files(&Directory::open_read_only(&old).unwrap(), FileKind::Manifest)[0].to_string());
    let current = fs::read(old.join("CURRENT")).unwrap();
    fs::remove_file(old.join("CURRENT")).unwrap();
    let fresh = place.path().join("without-current");
    let (output, errors, status) = run(&[&old, &fresh]);
    assert_eq!(status, Some(0), "{output}{errors}");
    assert!(output.starts_with("note  CURRENT: it is missing; MANIFEST-"), "{output}");
    assert!(output.contains("; nothing lost\n"), "{output}");
    assert_eq!(contents(&mut open(Directory::open(&fresh).unwrap(), options(&[])).unwrap()), model);

    fs::write(old.join("CURRENT"), current).unwrap();
    let mut bytes = fs::read(&manifest).unwrap();
    bytes[30] ^= 1;
    fs::write(&manifest, bytes).unwrap();
    let (output, _, status) = run(&[&old, &place.path().join("without-an-edit")]);
    assert_eq!(status, Some(1), "{output}");
    assert!(output.contains("no entry, but what the manifest said: a deleted key may be back\n"), "{output}");
    assert!(!output.contains("nothing lost"), "{output}");
}

#[test]
fn places_that_will_not_do_are_refused() {
    let place = tempfile::tempdir().unwrap();
    let (old, fresh, full) = (place.path().join("old"), place.path().join("new"), place.path().join("full"));
    drop(open(Directory::open(&old).unwrap(), options(&[])).unwrap());
    fs::create_dir(&full).unwrap();
    fs::write(full.join("notes.txt"), "mine").unwrap();
    for (arguments, said) in [
        ([&old, &full], "is not empty"),
        ([&old, &old], "is not empty"),
        ([&full, &fresh], "there is no database in"),
        ([&place.path().join("none"), &fresh], "none"),
    ] {
        let (output, errors, status) = run(&arguments.map(|p| p.as_path()));
        assert_eq!((output.as_str(), status), ("", Some(1)));
        assert!(errors.starts_with("error: ") && errors.contains(said), "{errors}");
        assert!(!fresh.exists());
    }
    assert_eq!(fs::read_dir(&full).unwrap().count(), 1);
}

/// In the damaged database, nothing is made: neither by its name nor by another that leads there.
#[test]
fn a_new_database_inside_of_the_damaged_one_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let old = place.path().join("old");
    drop(open(Directory::open(&old).unwrap(), options(&[])).unwrap());
    let before = fs::read_dir(&old).unwrap().count();
    let mut names = vec![old.join("new"), old.join("a").join("new"), old.join("a").join("..").join("new")];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&old, place.path().join("link")).unwrap();
        names.push(place.path().join("link").join("new"));
    }
    for fresh in names {
        let (output, errors, status) = run(&[&old, &fresh]);
        assert_eq!((output.as_str(), status), ("", Some(1)), "{}", fresh.display());
        assert!(errors.contains("in which nothing is changed: name a directory outside of it"), "{errors}");
        assert_eq!(fs::read_dir(&old).unwrap().count(), before, "{}", fresh.display());
    }
    // Beside it, a name that only begins alike will do.
    assert_eq!(run(&[&old, &place.path().join("old-new")]).2, Some(0));
}
