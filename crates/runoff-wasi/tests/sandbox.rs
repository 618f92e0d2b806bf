//! Nothing outside a preopened directory can be read or changed, and nothing at all in a read-only one.

mod harness;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use harness::{ALL_RIGHTS, CREATE, DIRECTORY, Guest};
use proptest::prelude::*;
use runoff_wasi::WasiConfig;
use tempfile::TempDir;

/// A sandbox beside a folder that must not change, with every kind of link out of it planted.
fn prepared() -> (TempDir, WasiConfig) {
    let folder = tempfile::tempdir().expect("a folder");
    let (inside, outside) = (folder.path().join("inside"), folder.path().join("outside"));
    fs::create_dir_all(inside.join("dir/deep")).expect("a folder");
    fs::create_dir(&outside).expect("a folder");
    fs::write(outside.join("secret"), "secret").expect("a file");
    fs::write(inside.join("file"), "content").expect("a file");
    for (target, link) in [
        ("../outside/secret", "relative"),
        ("../outside", "relative-dir"),
        ("relative-dir/secret", "chained"),
        ("dir/../../outside", "roundabout"),
        ("file", "fine"),
        ("loop", "loop"),
    ] {
        symlink(target, inside.join(link)).expect("a link");
    }
    symlink(outside.join("secret"), inside.join("absolute")).expect("a link");
    symlink(&outside, inside.join("absolute-dir")).expect("a link");
    symlink("../../outside", inside.join("dir/up")).expect("a link");
    let config = WasiConfig::new().preopen(&inside, "/");
    (folder, config)
}

/// Names and contents below a folder, links not followed.
fn snapshot(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let content = fs::read(&path).unwrap_or_default();
        found.push((path.display().to_string(), content));
    }
    found.sort();
    found
}

const WAYS_OUT: [&str; 13] = [
    "..",
    "../outside/secret",
    "dir/../../outside/secret",
    "dir/deep/../../../outside/secret",
    "./././../outside/secret",
    "relative",
    "relative-dir/secret",
    "chained",
    "roundabout/secret",
    "absolute",
    "absolute-dir/secret",
    "dir/up/secret",
    "/etc/hostname",
];

#[test]
fn every_way_out_is_refused_for_every_call() {
    let (folder, config) = prepared();
    let before = snapshot(&folder.path().join("outside"));
    let mut guest = Guest::new(&config);
    for path in WAYS_OUT {
        for (flags, rights) in [(0, ALL_RIGHTS), (CREATE, ALL_RIGHTS), (DIRECTORY, ALL_RIGHTS), (0, 2)] {
            let opened = guest.open(path, flags, rights);
            assert!(opened.is_err(), "{path} was opened");
        }
        let (at, length) = guest.put(1_000, path.as_bytes());
        let (fresh, fresh_length) = guest.put(3_000, b"fresh");
        let (file, file_length) = guest.put(4_000, b"file");
        for (call, args) in [
            ("path_filestat_get", vec![3, 1, at, length, 8_000]),
            ("path_filestat_set_times", vec![3, 1, at, length, 1, 1, 5]),
            ("path_rename", vec![3, file, file_length, 3, at, length]),
            ("path_link", vec![3, 1, at, length, 3, fresh, fresh_length]),
        ] {
            let answer = guest.call(call, &args);
            let answer = answer.expect("an error number");
            // Renaming onto a link replaces the link itself, which is inside.
            let replaced = call == "path_rename" && !path.contains('/') && path != "..";
            assert!(answer != 0 || replaced, "{call} {path}");
            if replaced && answer == 0 {
                fs::write(folder.path().join("inside/file"), "content").expect("a file");
            }
        }
        for call in ["path_create_directory", "path_remove_directory", "path_unlink_file"] {
            let answer = guest.call(call, &[3, at, length]).expect("an error number");
            let own_link = call == "path_unlink_file" && !path.contains('/') && path != "..";
            assert!(answer != 0 || own_link, "{call} {path}");
        }
        assert_eq!(snapshot(&folder.path().join("outside")), before, "{path}");
    }
    assert!(guest.open("loop", 0, 2).is_err());
    assert!(guest.open("file", 0, ALL_RIGHTS).is_ok(), "the way in is open");
}

#[test]
fn links_a_guest_makes_lead_nowhere_either() {
    let (folder, config) = prepared();
    let before = snapshot(&folder.path().join("outside"));
    let mut guest = Guest::new(&config);
    for (i, target) in ["../outside/secret", "/etc/hostname", "dir/../../outside", "..", "dir/deep/../../.."]
        .iter()
        .enumerate()
    {
        let (target, target_length) = guest.put(1_000, target.as_bytes());
        let name = format!("made{i}");
        let (link, link_length) = guest.put(2_000, name.as_bytes());
        guest.call("path_symlink", &[target, target_length, 3, link, link_length]).expect("an error number");
        assert!(guest.open(&name, 0, ALL_RIGHTS).is_err());
        assert!(guest.open(&format!("{name}/secret"), CREATE, ALL_RIGHTS).is_err());
    }
    assert_eq!(snapshot(&folder.path().join("outside")), before);
}

#[test]
fn a_read_only_directory_can_only_be_read() {
    let (folder, _) = prepared();
    let inside = folder.path().join("inside");
    let before = snapshot(&inside);
    let mut guest = Guest::new(&WasiConfig::new().preopen_read_only(&inside, "/"));
    let fd = guest.open("file", 0, 0x2 | 0x4).expect("reading is allowed");
    assert_eq!(guest.read(fd), Ok(b"content".to_vec()));
    assert!(guest.write(fd, b"x").is_err());
    for (flags, path) in [(0, "file"), (CREATE, "fresh"), (8, "file")] {
        if let Ok(fd) = guest.open(path, flags, 0x40 | 0x2) {
            assert!(guest.write(fd, b"changed").is_err(), "{path} was written to");
        }
    }
    let (at, length) = guest.put(1_000, b"file");
    let (fresh, fresh_length) = guest.put(2_000, b"fresh");
    for (call, args) in [
        ("path_unlink_file", vec![3, at, length]),
        ("path_create_directory", vec![3, fresh, fresh_length]),
        ("path_rename", vec![3, at, length, 3, fresh, fresh_length]),
        ("path_link", vec![3, 0, at, length, 3, fresh, fresh_length]),
        ("path_symlink", vec![at, length, 3, fresh, fresh_length]),
        ("path_filestat_set_times", vec![3, 0, at, length, 1, 1, 5]),
    ] {
        assert_ne!(guest.call(call, &args).expect("an error number"), 0, "{call}");
    }
    assert_eq!(snapshot(&inside), before);
}

/// Functions, each with a pattern of arguments: what is a descriptor, a path (address and length), a small
/// number, or anything.
const CALLS: [(&str, &str); 26] = [
    ("path_open", "f#pp#$$#a"),
    ("path_create_directory", "fpp"),
    ("path_remove_directory", "fpp"),
    ("path_unlink_file", "fpp"),
    ("path_rename", "fppfpp"),
    ("path_link", "f#ppfpp"),
    ("path_symlink", "ppfpp"),
    ("path_readlink", "fppa#a"),
    ("path_filestat_get", "f#ppa"),
    ("path_filestat_set_times", "f#pp$$#"),
    ("fd_write", "faaa"),
    ("fd_read", "faaa"),
    ("fd_pwrite", "faa#a"),
    ("fd_pread", "faa#a"),
    ("fd_seek", "f$#a"),
    ("fd_readdir", "faa#a"),
    ("fd_close", "f"),
    ("fd_renumber", "ff"),
    ("fd_allocate", "f##"),
    ("fd_filestat_set_size", "f#"),
    ("fd_filestat_get", "fa"),
    ("fd_fdstat_get", "fa"),
    ("fd_fdstat_set_flags", "f#"),
    ("fd_fdstat_set_rights", "f$$"),
    ("fd_prestat_dir_name", "faa"),
    ("poll_oneoff", "aa#a"),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a guest calls with whatever arguments: no panic, no change outside, its memory as large as before.
    #[test]
    fn no_sequence_of_calls_gets_out(
        steps in prop::collection::vec((0_usize..CALLS.len(), prop::collection::vec(any::<u64>(), 10)), 1..60)
    ) {
        let (folder, config) = prepared();
        let before = snapshot(&folder.path().join("outside"));
        let names: Vec<&str> = WAYS_OUT[..12].iter().copied().chain(["file", "fine", "dir", "dir/deep", "a", "dir/b", "."]).collect();
        let mut guest = Guest::new(&config.max_sleep(std::time::Duration::ZERO).clocks(harness::frozen()));
        for (call, random) in steps {
            let (name, pattern) = CALLS[call];
            let mut args = Vec::new();
            let mut length = None;
            for (kind, bits) in pattern.chars().zip(random.iter().cycle()) {
                args.push(match (kind, length.take()) {
                    ('f', _) => [3, 3, 4, 5, 6, 0, 1, 9][(bits % 8) as usize],
                    ('p', Some(length)) => length,
                    ('p', None) => {
                        let path = names[(bits % names.len() as u64) as usize];
                        let (at, n) = guest.put(20_000 + (bits >> 8) as usize % 500 * 64, path.as_bytes());
                        length = Some(if bits % 31 == 0 { bits >> 40 } else { n });
                        at
                    }
                    ('#', _) => bits % 12,
                    ('a', _) => if bits % 5 == 0 { *bits } else { bits % 66_000 },
                    _ => *bits,
                });
            }
            prop_assert_eq!(args.len(), guest.arity(name), "pattern of {}", name);
            let _ = guest.call(name, &args);
            prop_assert_eq!(guest.memory.len(), 65_536);
        }
        prop_assert_eq!(snapshot(&folder.path().join("outside")), before);
    }
}
