//! Folders and lists of modules.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use runoff_runtime::sha256_hex;
use walkdir::{DirEntry, WalkDir};

use crate::{Manifest, WorkloadError};

/// Deepest folder looked into; suites are two or three deep.
const MAX_DEPTH: usize = 8;

/// One thing of a suite to measure: a module or a manifest, and its name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
}

/// Everything that can be measured in a folder and those below it, in the order of names. A manifest stands for its
/// module; a `.wat` beside a `.wasm` of the same name is its source.
pub(crate) fn members(folder: &Path) -> Result<Vec<Member>, WorkloadError> {
    let (mut manifests, mut modules) = (Vec::new(), BTreeSet::new());
    let hidden = |e: &DirEntry| e.depth() > 0 && e.file_name().to_string_lossy().starts_with('.');
    for entry in WalkDir::new(folder).max_depth(MAX_DEPTH).into_iter().filter_entry(|e| !hidden(e)) {
        let entry = entry.map_err(|e| unreadable(folder, e))?;
        let path = entry.path();
        match path.extension().and_then(|e| e.to_str()) {
            Some("toml") if is_manifest(path) => manifests.push(path.to_owned()),
            Some("wasm") => drop(modules.insert(path.to_owned())),
            Some("wat") if !path.with_extension("wasm").exists() => drop(modules.insert(path.to_owned())),
            _ => {}
        }
    }
    for described in manifests.iter().flat_map(|m| described(m)) {
        modules.remove(&described);
    }
    let mut members: Vec<Member> = manifests.into_iter().chain(modules).map(|p| member(folder, p)).collect();
    members.sort_by(|a, b| a.name.cmp(&b.name));
    if members.is_empty() {
        return Err(WorkloadError::EmptyFolder(folder.to_owned()));
    }
    Ok(members)
}

fn unreadable(folder: &Path, error: walkdir::Error) -> WorkloadError {
    WorkloadError::Io { path: error.path().unwrap_or(folder).to_owned(), source: error.into() }
}

/// A list of modules: a line each, relative to the list; `#` begins a comment.
pub(crate) fn listed(list: &Path) -> Result<Vec<Member>, WorkloadError> {
    let text =
        fs::read_to_string(list).map_err(|source| WorkloadError::Io { path: list.to_owned(), source })?;
    let folder = list.parent().unwrap_or(Path::new(""));
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    let members: Vec<_> = lines.filter(|l| !l.is_empty()).map(|l| member(folder, folder.join(l))).collect();
    if members.is_empty() {
        return Err(WorkloadError::EmptyFolder(list.to_owned()));
    }
    Ok(members)
}

/// Named by its place in the suite. A manifest needs no ending; a module called `benchmark` is its folder.
fn member(folder: &Path, path: PathBuf) -> Member {
    let place = path.strip_prefix(folder).unwrap_or(&path);
    let manifest = path.extension().is_some_and(|e| e == "toml");
    let parent = place.parent().filter(|p| !p.as_os_str().is_empty());
    let name = match (place.file_stem().and_then(|s| s.to_str()), parent) {
        (Some("benchmark"), Some(parent)) => parent.to_owned(),
        _ if manifest => place.with_extension(""),
        _ => place.to_owned(),
    };
    Member { name: name.display().to_string(), path }
}

/// Other tools keep their settings in the same format: a manifest is what names a module. One that does not parse is
/// kept when its module is beside it, so that the error is said.
fn is_manifest(path: &Path) -> bool {
    match fs::read_to_string(path).ok().map(|text| text.parse::<toml::Table>()) {
        Some(Ok(table)) => table.get("module").is_some_and(toml::Value::is_str),
        _ => beside(path).iter().any(|module| module.exists()),
    }
}

fn beside(manifest: &Path) -> [PathBuf; 2] {
    ["wasm", "wat"].map(|ending| manifest.with_extension(ending))
}

/// The modules a manifest speaks for.
fn described(manifest: &Path) -> Vec<PathBuf> {
    let folder = manifest.parent().unwrap_or(Path::new(""));
    let parsed = fs::read_to_string(manifest).ok().and_then(|text| toml::from_str::<Manifest>(&text).ok());
    let named = parsed.map(|m| folder.join(m.module));
    named.into_iter().chain(beside(manifest)).collect()
}

/// What a suite without manifests keeps beside a module.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Neighbours {
    /// The right standard output.
    pub(crate) stdout: Option<String>,
    /// Its SHA-256 in hexadecimal, in place of bytes that are no text.
    pub(crate) stdout_sha256: Option<String>,
    /// Input files, host path and name.
    pub(crate) inputs: Vec<(String, String)>,
}

/// The layout of the Sightglass suite: `STEM.stdout.expected`, `default.stdout.expected` or `stdout.expected`, and
/// input files and folders (`*.input`) that the module finds in its working folder.
pub(crate) fn neighbours(module: &Path) -> Result<Neighbours, WorkloadError> {
    let folder = module.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let expected = [
        module.with_extension("stdout.expected"),
        folder.join("default.stdout.expected"),
        folder.join("stdout.expected"),
    ];
    let mut found = Neighbours::default();
    for path in expected {
        match fs::read(&path) {
            Ok(bytes) => {
                match String::from_utf8(bytes) {
                    Ok(text) => found.stdout = Some(text),
                    Err(e) => found.stdout_sha256 = Some(sha256_hex(e.as_bytes())),
                }
                break;
            }
            Err(e) if e.kind() == ErrorKind::NotFound => {}
            // Without it, any answer would do.
            Err(source) => return Err(WorkloadError::Io { path, source }),
        }
    }
    let input = |e: &DirEntry| e.depth() != 1 || e.path().extension().is_some_and(|e| e == "input");
    let entries = WalkDir::new(folder).follow_links(true).max_depth(MAX_DEPTH).into_iter();
    for entry in entries.filter_entry(input) {
        let entry = entry.map_err(|e| unreadable(folder, e))?;
        if entry.file_type().is_file() {
            let place = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            found.inputs.push((entry.path().display().to_string(), place.display().to_string()));
        }
    }
    found.inputs.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("tempdir");
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("parent")).expect("mkdir");
            fs::write(path, text).expect("write");
        }
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        members(folder).expect("members").into_iter().map(|m| m.name).collect()
    }

    #[test]
    fn manifests_stand_for_modules_and_sources_do_not_count_twice() {
        let suite = tree(&[
            ("a.wasm", ""),
            ("a.wat", ""),
            ("b.wat", ""),
            ("c.wasm", ""),
            ("c-large.toml", "module = \"c.wasm\""),
            ("c-small.toml", "module = \"c.wasm\""),
            ("d.wasm", ""),
            ("d.toml", "module = "),
            ("Cargo.toml", "[package]"),
            ("deep/benchmark.wasm", ""),
            ("deep/er/x.wasm", ""),
            (".git/y.wasm", ""),
        ]);
        assert_eq!(
            names(suite.path()),
            ["a.wasm", "b.wat", "c-large", "c-small", "d", "deep", "deep/er/x.wasm"]
        );
        let empty = tree(&[("readme", "")]);
        assert!(matches!(members(empty.path()), Err(WorkloadError::EmptyFolder(_))));
    }

    #[test]
    fn a_list_is_read() {
        let suite = tree(&[("all.suite", "# all\nbz2/benchmark.wasm\n\nregex/r.wasm # text\n")]);
        let found = listed(&suite.path().join("all.suite")).expect("members");
        let names: Vec<_> = found.iter().map(|m| m.name.as_str()).collect();
        assert_eq!(names, ["bz2", "regex/r.wasm"]);
        assert_eq!(found[0].path, suite.path().join("bz2/benchmark.wasm"));
    }

    #[test]
    fn neighbours_are_found() {
        let suite = tree(&[
            ("one/benchmark.wasm", ""),
            ("one/benchmark.stdout.expected", "1\n"),
            ("one/stdout.expected", "2\n"),
            ("one/default.input", "in"),
            ("two/x.wasm", ""),
            ("two/default.stdout.expected", "3\n"),
            ("two/default.input/deep/1", "in"),
            ("two/assets/2", ""),
            ("three/x.wasm", ""),
        ]);
        let of = |module: &str| neighbours(&suite.path().join(module)).expect("readable");
        let one = of("one/benchmark.wasm");
        assert_eq!(one.stdout.as_deref(), Some("1\n"));
        let input = suite.path().join("one/default.input").display().to_string();
        assert_eq!(one.inputs, [(input, "default.input".into())]);
        let two = of("two/x.wasm");
        let input = suite.path().join("two/default.input/deep/1").display().to_string();
        assert_eq!(two.stdout.as_deref(), Some("3\n"));
        assert_eq!(two.inputs, [(input, "default.input/deep/1".into())]);
        assert_eq!(of("three/x.wasm"), Neighbours::default());
    }

    #[test]
    fn an_expected_answer_is_used_or_an_error() {
        let suite = tree(&[("x.wasm", ""), ("default.stdout.expected", "another\n")]);
        let (module, expected) = (suite.path().join("x.wasm"), suite.path().join("x.stdout.expected"));
        fs::write(&expected, b"\xff\xfe\0").expect("write");
        let found = neighbours(&module).expect("readable");
        assert_eq!((found.stdout, found.stdout_sha256), (None, Some(sha256_hex(b"\xff\xfe\0"))));
        fs::remove_file(&expected).expect("remove");
        // Nobody can read a folder as a file, whoever runs this.
        fs::create_dir(&expected).expect("mkdir");
        let error = neighbours(&module).expect_err("unreadable").to_string();
        assert!(error.contains("x.stdout.expected"), "{error}");
    }
}
