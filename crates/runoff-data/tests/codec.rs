//! What is written is read again; what is damaged is said so, and never more is lost than was damaged.

mod common;

use std::path::Path;

use common::{block, end, header};
use proptest::prelude::*;
use runoff_data::{FileError, Record, ResultReader, ResultWriter, Status, units};

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
fn a_file_cut_at_any_byte_keeps_every_whole_line() {
    let bytes = text(3, true);
    let header_end = bytes.iter().position(|b| *b == b'\n').expect("a line");
    for cut in header_end..bytes.len() {
        let whole = bytes[..cut].split(|b| *b == b'\n').count().saturating_sub(2);
        let result = read(&bytes[..cut]).unwrap_or_else(|e| panic!("cut at {cut}: {e}"));
        let found = result.blocks.len() + usize::from(result.end.is_some());
        // A line without only its line break is whole as well.
        assert!(found == whole || found == whole + 1, "cut at {cut}: {found} of {whole}");
    }
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

    #[test]
    fn reasons_survive_whatever_is_in_them(reason in any::<String>(), round in any::<u32>()) {
        let mut wanted = block(0);
        wanted.round = round;
        wanted.status = Status::Failed { reason };
        let line = serde_json::to_string(&Record::Block(wanted.clone())).expect("a line");
        prop_assert!(!line.contains('\n'), "one record, one line");
        prop_assert_eq!(serde_json::from_str::<Record>(&line).expect("a record"), Record::Block(wanted));
    }

    #[test]
    fn units_never_panic_and_sizes_come_back(text in any::<String>(), n in 0_u64..1 << 50) {
        let _ = (units::parse_bytes(&text), units::parse_seconds(&text), units::parse_share(&text));
        let _ = units::parse_count(&text);
        prop_assert_eq!(units::parse_bytes(&n.to_string()), Ok(n));
        let shown = units::parse_bytes(&units::bytes(n).replace(' ', "")).expect("a size");
        // Three digits are shown.
        prop_assert!((shown as f64 - n as f64).abs() <= n as f64 * 0.006 + 0.6, "{} for {}", shown, n);
    }
}
