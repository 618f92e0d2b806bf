//! What is written is read again; what is damaged is said so, and never more is lost than was damaged.

mod common;

use std::path::Path;

use common::{block, end, header};
use proptest::prelude::*;
use runoff_data::{FileError, Record, ResultReader, ResultWriter};

/// A result as text, with this many blocks.
fn text(blocks: u32, ended: bool) -> Vec<u8> {
    let mut records = vec![Record::Header(header())];
    records.extend((0..blocks).map(|round| Record::Block(block(round))));
    records.extend(ended.then(|| Record::End(end())));
    let mut bytes = Vec::new();
    for record in records {
        bytes.extend(serde_json::to_vec(&record).expect("a line"));
        bytes.push(b'\n');
    }
    bytes
}

fn read(bytes: &[u8]) -> Result<runoff_data::ResultFile, FileError> {
    ResultReader::read(Path::new("r.jsonl"), bytes)
}

#[test]
fn what_is_written_is_read_again() {
    let result = read(&text(5, true)).expect("a result");
    assert_eq!(result.header, header());
    assert_eq!(result.blocks, (0..5).map(block).collect::<Vec<_>>());
    assert_eq!(result.end, Some(end()));
    assert!(!result.torn);
}

#[test]
fn a_cut_file_goes_on_where_it_was_cut() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("r.jsonl");
    let bytes = text(3, false);
    for cut in (bytes.len() - 300..=bytes.len()).step_by(7) {
        std::fs::write(&path, &bytes[..cut]).expect("a file");
        let (mut writer, before) = ResultWriter::resume(&path).expect("a result");
        writer.append(&Record::Block(block(99))).expect("an append");
        let after = ResultReader::open(&path).expect("a result");
        assert!(!after.torn);
        assert_eq!(after.blocks.len(), before.blocks.len() + 1);
        assert_eq!(after.blocks.last(), Some(&block(99)));
    }
}

#[test]
fn damage_in_the_middle_names_its_line() {
    let mut lines: Vec<_> =
        String::from_utf8(text(3, true)).expect("text").lines().map(str::to_owned).collect();
    lines[2] = lines[2].replace("\"round\"", "\"rund\"");
    let error = read(lines.join("\n").as_bytes()).expect_err("damage");
    assert!(matches!(error, FileError::BadLine { line: 3, .. }), "{error}");
    let twice = [text(1, false), text(1, false)].concat();
    assert!(matches!(read(&twice), Err(FileError::BadLine { line: 3, .. })));
}

#[test]
fn a_later_version_is_refused_whatever_else_is_in_it() {
    let error = read(b"{\"record\":\"header\",\"schema_version\":99,\"new\":[1,2]}\n").expect_err("too new");
    assert!(matches!(error, FileError::TooNew { found: 99, .. }), "{error}");
}

#[test]
fn an_existing_file_is_never_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("r.jsonl");
    std::fs::write(&path, "precious").expect("a file");
    assert!(matches!(ResultWriter::create(&path, &header()), Err(FileError::Exists { .. })));
    assert_eq!(std::fs::read_to_string(&path).expect("the file"), "precious");
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
    }

    #[test]
    fn no_damage_makes_the_reader_panic(at in 0_usize..6000, byte in any::<u8>(), cut in 0_usize..6000) {
        let mut bytes = text(3, true);
        let at = at % bytes.len();
        bytes[at] = byte;
        bytes.truncate(bytes.len() - cut % bytes.len());
        let _ = read(&bytes);
    }
}
