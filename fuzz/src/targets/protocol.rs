//! Lines between Runoff and a worker: what could be read can be written and read again.

use runoff_bench::protocol::{FromWorker, ToWorker};
use serde::{Serialize, de::DeserializeOwned};

pub(crate) fn run(bytes: &[u8]) {
    same::<FromWorker>(bytes);
    same::<ToWorker>(bytes);
}

fn same<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(bytes: &[u8]) {
    let Ok(message) = serde_json::from_slice::<T>(bytes) else { return };
    let again = serde_json::to_vec(&message).expect("what was read can be written");
    assert!(!again.contains(&b'\n'), "one message, one line");
    assert_eq!(serde_json::from_slice::<T>(&again).expect("and read again"), message);
}
