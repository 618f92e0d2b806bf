//! The history survives what kills its writers, and adds nothing twice.

use std::fs;
use std::thread;

use proptest::prelude::*;
use runoff_data::{FileError, History, HistoryCell, HistoryEntry, Machine, SCHEMA_VERSION};

fn entry(digest: &str) -> HistoryEntry {
    HistoryEntry {
        schema_version: SCHEMA_VERSION,
        digest: digest.into(),
        file: "r.jsonl".into(),
        added_unix: 2,
        created_unix: 1,
        label: Some("v1 \"quoted\"\nand broken".into()),
        runoff_version: "0.1.0".into(),
        optimised_build: true,
        machine: Machine::default(),
        cells: vec![HistoryCell {
            workload: "w".into(),
            work: "abc".into(),
            runtime: "wasmi/eager".into(),
            version: "2.0.0".into(),
            measure: "call".into(),
            median: 12.5,
            interval: Some((12.0, 13.0)),
            processes: 5,
        }],
    }
}

#[test]
fn what_is_added_is_read_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let history = History::at(folder.path().join("deep/er/history.jsonl"));
    assert!(history.read().expect("nothing").entries.is_empty());
    assert!(history.add(&entry("a")).expect("added"));
    assert!(history.add(&entry("b")).expect("added"));
    assert!(!history.add(&entry("a")).expect("known"));
    assert_eq!(history.read().expect("two").entries, [entry("a"), entry("b")]);
}

#[test]
fn many_writers_lose_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("history.jsonl");
    thread::scope(|scope| {
        for writer in 0..4 {
            let path = &path;
            scope.spawn(move || {
                for i in 0..10 {
                    let own = History::at(path).add(&entry(&format!("{writer}-{i}"))).expect("added");
                    assert!(own);
                    History::at(path).add(&entry("shared")).expect("added or known");
                }
            });
        }
    });
    assert_eq!(History::at(&path).read().expect("all").entries.len(), 41);
}

#[test]
fn damage_is_said_with_its_line_and_newer_files_are_not_guessed_at() {
    let folder = tempfile::tempdir().expect("a folder");
    let history = History::at(folder.path().join("h.jsonl"));
    history.add(&entry("a")).expect("added");
    let good = fs::read_to_string(history.path()).expect("text");
    fs::write(history.path(), format!("{good}nonsense\n{good}")).expect("written");
    assert!(matches!(history.read(), Err(FileError::BadLine { line: 2, .. })));
    assert!(history.add(&entry("b")).is_err(), "nothing is written after damage");
    fs::write(history.path(), "{\"schema_version\":99}\n").expect("written");
    assert!(matches!(history.read(), Err(FileError::TooNew { found: 99, .. })));
}

proptest! {
    #[test]
    fn a_cut_at_any_byte_costs_the_last_line_at_most(share in 0.0_f64..1.0) {
        let folder = tempfile::tempdir().expect("a folder");
        let history = History::at(folder.path().join("h.jsonl"));
        history.add(&entry("a")).expect("added");
        let first = fs::read(history.path()).expect("bytes").len();
        history.add(&entry("b")).expect("added");
        let bytes = fs::read(history.path()).expect("bytes");
        let cut = first + ((bytes.len() - first) as f64 * share) as usize;
        fs::write(history.path(), &bytes[..cut]).expect("written");
        let read = history.read().expect("readable");
        prop_assert_eq!(&read.entries[0], &entry("a"));
        history.add(&entry("c")).expect("added");
        let read = history.read().expect("readable");
        prop_assert!(!read.torn);
        prop_assert_eq!(read.entries.first(), Some(&entry("a")));
        prop_assert_eq!(read.entries.last(), Some(&entry("c")));
    }
}
