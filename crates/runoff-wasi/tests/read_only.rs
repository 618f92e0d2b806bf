//! Nothing in a directory preopened for reading can be changed.

mod harness;

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use harness::{ALL_RIGHTS, CREATE, EXCLUSIVE, NO_WRITING, READ, SEEK, TRUNCATE, WRITE};
use harness::{Guest, OPEN, Open, PERM, ROOT, SUCCESS, World};
use runoff_wasi::WasiConfig;

/// Everything about a tree that a guest could change.
fn seen(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let meta = fs::symlink_metadata(&path).expect("metadata");
        let content = if meta.is_file() { fs::read(&path).expect("a file") } else { Vec::new() };
        found.push(format!("{} {} {} {:?}", path.display(), meta.ino(), meta.nlink(), meta.modified()));
        found.push(format!("{content:?} {} {}", meta.ctime(), meta.ctime_nsec()));
        if meta.is_dir() {
            found.extend(seen(&path));
        }
    }
    found
}

/// The sandbox for reading as descriptor 3, a folder for writing as 4.
fn guest(world: &World, second: &Path) -> Guest {
    Guest::new(&WasiConfig::new().preopen_read_only(&world.inside, "/").preopen(second, "/second"))
}

#[test]
fn reading_works() {
    let world = World::with_links();
    let mut guest = guest(&world, &world.inside.join("dir"));
    let before = seen(&world.inside);
    assert_eq!(guest.load("file"), Ok(b"content".to_vec()));
    assert_eq!(guest.readlink("dir/up", 100), Ok("../../outside".into()));
    assert_eq!(guest.stat("file", true).map(|stat| stat.size), Ok(7));
    let fd = guest.open("file", 0, READ | SEEK).expect("the file");
    assert_eq!(guest.read_pieces(fd, &[3], Some(4)), Ok(b"ent".to_vec()));
    assert_eq!(guest.call("fd_readdir", &[ROOT, 1_000, 1_000, 0, 0]), SUCCESS);
    assert_eq!(guest.call("fd_sync", &[ROOT]), SUCCESS);
    assert_eq!(seen(&world.inside), before);
}

#[test]
fn opening_to_change_is_refused() {
    let world = World::new();
    let mut guest = guest(&world, &world.inside.join("dir"));
    let before = seen(&world.inside);
    for (path, flags, rights) in [
        ("file", 0, WRITE),
        ("file", 0, ALL_RIGHTS),
        ("file", 0, 1 << 8),
        ("file", 0, 1 << 22),
        ("file", TRUNCATE, READ),
        ("file", CREATE, READ),
        ("new", CREATE, READ),
        ("new", CREATE | EXCLUSIVE, ALL_RIGHTS),
    ] {
        assert_eq!(guest.open(path, flags, rights), Err(PERM), "{path} {flags} {rights:x}");
    }
    assert_eq!(seen(&world.inside), before);
}

#[test]
fn changing_by_path_is_refused() {
    let world = World::new();
    let mut guest = guest(&world, &world.inside.join("dir"));
    let before = seen(&world.inside);
    assert_eq!(guest.mkdir("new"), PERM);
    assert_eq!(guest.rmdir("dir/deep"), PERM);
    assert_eq!(guest.unlink("file"), PERM);
    assert_eq!(guest.rename("file", "new"), PERM);
    assert_eq!(guest.link("file", "new"), PERM);
    assert_eq!(guest.symlink("file", "new"), PERM);
    assert_eq!(guest.set_times("file", true, 1, 1, 5), PERM);
    assert_eq!(guest.set_times("file", false, 1, 1, 10), PERM);
    assert_eq!(seen(&world.inside), before);
}

#[test]
fn changing_by_descriptor_is_refused() {
    let world = World::new();
    let mut guest = guest(&world, &world.inside.join("dir"));
    let before = seen(&world.inside);
    let file = guest.open("file", 0, NO_WRITING).expect("the file");
    assert_eq!(guest.write(file, b"x"), Err(PERM));
    assert_eq!(guest.write_pieces(file, &[b"x"], Some(0)), Err(PERM));
    assert_eq!(guest.call("fd_filestat_set_size", &[file, 0]), PERM);
    assert_eq!(guest.call("fd_allocate", &[file, 0, 100]), PERM);
    assert_eq!(guest.call("fd_filestat_set_times", &[file, 1, 1, 5]), PERM);
    for dir in [ROOT, guest.open_dir("dir").expect("a directory")] {
        assert_eq!(guest.call("fd_filestat_set_times", &[dir, 1, 1, 5]), PERM);
        assert_eq!(guest.open_as("new", Open { dir, flags: CREATE, ..OPEN }), Err(PERM));
        assert_ne!(guest.call("fd_fdstat_set_rights", &[dir, ALL_RIGHTS, ALL_RIGHTS]), SUCCESS);
    }
    assert_eq!(seen(&world.inside), before);
}

/// A second directory for writing must not become a back door: a hard link there would be one.
#[test]
fn a_directory_for_writing_does_not_help() {
    let world = World::new();
    let second = tempfile::tempdir_in(world.inside.join("..")).expect("a folder");
    fs::write(second.path().join("mine"), "mine").expect("a file");
    let mut guest = guest(&world, second.path());
    let before = seen(&world.inside);
    assert_eq!(guest.rename_to("file", 4, "stolen"), PERM);
    for call in ["path_link", "path_rename"] {
        for (from, from_path, to, to_path) in
            [(3, "file", 4, "stolen"), (4, "mine", 3, "given"), (4, "mine", 3, "file")]
        {
            let (at, length) = guest.put(100, from_path.as_bytes());
            let (to_at, to_length) = guest.put(200, to_path.as_bytes());
            let mut args = vec![from, at, length, to, to_at, to_length];
            if call == "path_link" {
                args.insert(1, 0);
            }
            assert_eq!(guest.call(call, &args), PERM, "{call} {from_path} {to_path}");
        }
    }
    assert_eq!(guest.call("fd_renumber", &[ROOT, 4]), SUCCESS);
    assert_eq!(guest.open_as("new", Open { dir: 4, flags: CREATE, ..OPEN }), Err(PERM), "it moves as it is");
    assert_eq!(seen(&world.inside), before);
    assert_eq!(fs::read_dir(second.path()).expect("the folder").count(), 1);
}
