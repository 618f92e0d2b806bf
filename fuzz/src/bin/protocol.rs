//! Lines between Runoff and a worker, and profiles.
#![no_main]

use runoff_bench::protocol::{FromWorker, ToWorker};
use runoff_data::Profile;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(message) = serde_json::from_slice::<FromWorker>(bytes) {
        let again = serde_json::to_vec(&message).expect("what was read can be written");
        serde_json::from_slice::<FromWorker>(&again).expect("and read again");
    }
    let _ = serde_json::from_slice::<ToWorker>(bytes);
    let _ = serde_json::from_slice::<Profile>(bytes);
});
