//! The fuzz targets of modules and artifacts, for a moment: with their seeds, damaged seeds and random bytes.

#[path = "../../../fuzz/src/targets/artifact.rs"]
mod artifact;
#[path = "../../../fuzz/src/drive.rs"]
mod drive;
#[path = "../../../fuzz/src/targets/module.rs"]
mod module;

#[test]
fn artifact_answers_any_bytes() {
    drive::drive("artifact", artifact::run);
}

#[test]
fn module_answers_any_bytes() {
    drive::drive("module", module::run);
}
