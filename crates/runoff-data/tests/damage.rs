//! Damage is named where it is, and a file is never made worse by going on with it.

mod common;

use std::path::Path;

use common::{block, end, header};
use proptest::prelude::*;
use runoff_data::{Block, FileError, Record, ResultFile, ResultReader, ResultWriter};

/// A result of three blocks and an end, line by line, without line breaks.
fn lines() -> Vec<Vec<u8>> {
    let mut records = vec![Record::Header(header())];
    records.extend((0..3).map(|round| Record::Block(block(round))));
    records.push(Record::End(end()));
    records.iter().map(|record| serde_json::to_vec(record).expect("a line")).collect()
}

fn joined(lines: &[Vec<u8>]) -> Vec<u8> {
    lines.iter().flat_map(|line| [line.as_slice(), b"\n"].concat()).collect()
}

fn read(bytes: &[u8]) -> Result<ResultFile, FileError> {
    ResultReader::read(Path::new("r.jsonl"), bytes)
}

#[test]
fn a_file_cut_at_any_byte_keeps_exactly_its_whole_blocks() {
    let lines = lines();
    let bytes = joined(&lines);
    let wanted: Vec<Block> = (0..3).map(block).collect();
    // Where the content of each line ends, its line break not counted.
    let ends: Vec<usize> = lines
        .iter()
        .scan(0, |at, line| {
            *at += line.len() + 1;
            Some(*at - 1)
        })
        .collect();
    for cut in 0..=bytes.len() {
        let found = read(&bytes[..cut]);
        if cut < ends[0] {
            assert!(matches!(found, Err(FileError::NotAResult { .. })), "cut at {cut}");
            continue;
        }
        let found = found.unwrap_or_else(|e| panic!("cut at {cut}: {e}"));
        let blocks = ends[1..4].iter().filter(|end| cut >= **end).count();
        assert_eq!(found.blocks, wanted[..blocks], "cut at {cut}");
        assert_eq!(found.end.is_some(), cut >= ends[4], "cut at {cut}");
        let at_a_line = ends.iter().any(|end| cut == *end || cut == *end + 1);
        assert_eq!(found.torn, !at_a_line, "cut at {cut}");
    }
}

#[test]
fn a_whole_last_line_that_is_no_record_is_damage_not_a_cut() {
    let mut lines = lines();
    lines.push(b"{\"record\":\"block\",\"rou".to_vec());
    let error = read(&joined(&lines)).expect_err("damage");
    assert!(matches!(error, FileError::BadLine { line: 6, .. }), "{error}");
}

#[test]
fn going_on_with_a_file_never_makes_it_unreadable() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("r.jsonl");
    for tail in ["{\"record\":", "{\"record\":\n", "\0\0\0\0", "\0\0\0\0\n", "\n", "\n\n", "{}\n", " "] {
        std::fs::write(&path, [joined(&lines()), tail.as_bytes().to_vec()].concat()).expect("a file");
        let Ok((mut writer, before)) = ResultWriter::resume(&path) else { continue };
        writer.append(&Record::Block(block(9))).expect("an append");
        let after = ResultReader::open(&path).unwrap_or_else(|e| panic!("after {tail:?}: {e}"));
        assert_eq!(after.blocks.len(), before.blocks.len() + 1, "after {tail:?}");
    }
}

#[test]
fn versions_beyond_any_are_too_new_not_wrapped() {
    for version in ["2", "4294967296", "4294967297", "18446744073709551615"] {
        let line = format!("{{\"record\":\"header\",\"schema_version\":{version}}}\n");
        let error = read(line.as_bytes()).expect_err("too new");
        assert!(matches!(error, FileError::TooNew { .. }), "{version}: {error}");
        assert!(error.to_string().contains("update Runoff"), "{version}: {error}");
    }
}

proptest! {
    #[test]
    fn garbage_names_its_line(garbage in "[^\r\n]{1,40}", at in 1_usize..6) {
        prop_assume!(serde_json::from_str::<Record>(&garbage).is_err());
        let mut lines = lines();
        lines.insert(at, garbage.into_bytes());
        let error = read(&joined(&lines)).expect_err("garbage");
        prop_assert!(matches!(error, FileError::BadLine { line, .. } if line == at + 1), "{}", error);
        let start = format!("r.jsonl, line {}: ", at + 1);
        prop_assert!(error.to_string().starts_with(&start), "{}", error);
    }
}
