//! The fuzz targets of manifests, for a moment: with their seeds, damaged seeds and random bytes.

#[path = "../../../fuzz/src/drive.rs"]
mod drive;
#[path = "../../../fuzz/src/targets/manifest.rs"]
mod manifest;

#[test]
fn manifest_answers_any_bytes() {
    drive::drive("manifest", manifest::run);
}
