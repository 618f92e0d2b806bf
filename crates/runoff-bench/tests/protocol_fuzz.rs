//! The fuzz targets of the worker protocol, for a moment: with their seeds, damaged seeds and random bytes.

#[path = "../../../fuzz/src/drive.rs"]
mod drive;
#[path = "../../../fuzz/src/targets/protocol.rs"]
mod protocol;

#[test]
fn protocol_answers_any_bytes() {
    drive::drive("protocol", protocol::run);
}
