//! The fuzz targets of files and units, for a moment: with their seeds, damaged seeds and random bytes.

#[path = "../../../fuzz/src/drive.rs"]
mod drive;
#[path = "../../../fuzz/src/targets/profile.rs"]
mod profile;
#[path = "../../../fuzz/src/targets/result_file.rs"]
mod result_file;
#[path = "../../../fuzz/src/targets/units.rs"]
mod units;

#[test]
fn profile_answers_any_bytes() {
    drive::drive("profile", profile::run);
}

#[test]
fn result_file_answers_any_bytes() {
    drive::drive("result_file", result_file::run);
}

#[test]
fn units_answers_any_bytes() {
    drive::drive("units", units::run);
}
