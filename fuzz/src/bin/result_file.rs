//! The reader of result files.
#![no_main]

use std::path::Path;

use runoff_data::ResultReader;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(result) = ResultReader::read(Path::new("fuzz"), bytes) {
        // What could be read can be used.
        for cell in runoff_data::cells(&result) {
            let _ = cell.problem(runoff_data::BlockMode::Jit);
        }
    }
});
