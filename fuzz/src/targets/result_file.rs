//! The reader of result files: what could be read can be used, and written and read again.

use std::path::Path;

use runoff_data::{BlockMode, Record, ResultReader, cells};

pub(crate) fn run(bytes: &[u8]) {
    let Ok(result) = ResultReader::read(Path::new("fuzz"), bytes) else { return };
    for cell in cells(&result) {
        let _ = cell.problem(BlockMode::Jit);
    }
    let mut records = vec![Record::Header(result.header.clone())];
    records.extend(result.blocks.iter().cloned().map(Record::Block));
    records.extend(result.end.clone().map(Record::End));
    let mut again = Vec::new();
    for record in &records {
        serde_json::to_writer(&mut again, record).expect("what was read can be written");
        again.push(b'\n');
    }
    let again = ResultReader::read(Path::new("fuzz"), &again[..]).expect("and read again");
    assert_eq!((again.header, again.blocks, again.end), (result.header, result.blocks, result.end));
}
