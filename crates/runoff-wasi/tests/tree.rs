//! Making, removing and renaming files and directories.

mod harness;

use harness::{BUSY, EXIST, INVAL, ISDIR, NOENT, NOTDIR, NOTEMPTY, OPEN, Open, SUCCESS, World};
use harness::{CREATE, Guest, IS_DIRECTORY};

#[test]
fn directories_are_made_one_at_a_time() {
    let world = World::new();
    let mut guest = world.guest();
    assert_eq!(guest.mkdir("new"), SUCCESS);
    assert_eq!(guest.mkdir("new"), EXIST);
    assert_eq!(guest.mkdir("new/slash/"), SUCCESS);
    assert_eq!(guest.mkdir("./new//slash/./below"), SUCCESS);
    assert!(world.inside.join("new/slash/below").is_dir());
    for (path, errno) in [("a/b", NOENT), ("", NOENT), (".", EXIST), ("file", EXIST), ("file/x", NOTDIR)] {
        assert_eq!(guest.mkdir(path), errno, "{path}");
    }
}

#[test]
fn only_empty_directories_are_removed() {
    let world = World::new();
    let mut guest = world.guest();
    assert_eq!(guest.rmdir("dir"), NOTEMPTY);
    for (path, errno) in [("file", NOTDIR), ("file/", NOTDIR), ("missing", NOENT), ("", NOENT), (".", INVAL)]
    {
        assert_eq!(guest.rmdir(path), errno, "{path}");
    }
    assert_eq!(guest.rmdir("dir/deep"), SUCCESS);
    assert_eq!(guest.rmdir("dir"), SUCCESS);
    assert!(!world.inside.join("dir").exists());
}

#[test]
fn only_files_are_unlinked() {
    let world = World::new();
    let mut guest = world.guest();
    for (path, errno) in [("dir", ISDIR), ("dir/", ISDIR), ("file/", NOTDIR), ("missing", NOENT), ("", NOENT)]
    {
        assert_eq!(guest.unlink(path), errno, "{path}");
    }
    assert_eq!(guest.unlink("file"), SUCCESS);
    assert!(!world.inside.join("file").exists());
}

#[test]
fn a_removed_directory_stays_open_but_takes_nothing() {
    let world = World::new();
    let mut guest = world.guest();
    let dir = guest.open_dir("dir/deep").expect("a directory");
    assert_eq!(guest.rmdir("dir/deep"), SUCCESS);
    assert_eq!(guest.open_as("new", Open { dir, flags: CREATE, ..OPEN }), Err(NOENT));
    assert_eq!(guest.stat_fd(dir).map(|stat| stat.ty), Ok(IS_DIRECTORY));
}

#[test]
fn renaming_replaces_files() {
    let world = World::new();
    let mut guest = world.guest();
    guest.save("other", b"other");
    assert_eq!(guest.rename("file", "file"), SUCCESS);
    assert_eq!(guest.rename("file", "other"), SUCCESS);
    assert_eq!(guest.load("other"), Ok(b"content".to_vec()));
    assert_eq!(guest.load("file"), Err(NOENT));
    assert_eq!(guest.rename("other", "dir/deep/moved"), SUCCESS);
    assert_eq!(guest.load("dir/deep/moved"), Ok(b"content".to_vec()));
}

#[test]
fn renaming_moves_directories_over_empty_ones_only() {
    let world = World::new();
    let mut guest = world.guest();
    assert_eq!(guest.mkdir("empty"), SUCCESS);
    assert_eq!(guest.rename("empty", "dir"), NOTEMPTY);
    assert_eq!(guest.rename("dir", "empty"), SUCCESS);
    assert_eq!(guest.stat("empty/deep", true).map(|stat| stat.ty), Ok(IS_DIRECTORY));
    assert_eq!(guest.rename("empty/", "slash/"), SUCCESS);
    assert_eq!(guest.stat("dir", true), Err(NOENT));
}

#[test]
fn renaming_what_does_not_fit_is_refused() {
    let world = World::new();
    let mut guest = world.guest();
    for (from, to, errno) in [
        ("missing", "x", NOENT),
        ("file", "missing/x", NOENT),
        ("", "x", NOENT),
        ("file", "", NOENT),
        ("file", "dir", ISDIR),
        ("dir", "file", NOTDIR),
        ("file/", "x", NOTDIR),
        ("file", "x/", NOTDIR),
        ("dir", "dir/deep/x", INVAL),
        (".", "x", BUSY),
    ] {
        assert_eq!(guest.rename(from, to), errno, "{from} {to}");
    }
    assert_eq!(guest.load("file"), Ok(b"content".to_vec()));
}

#[test]
fn renaming_between_two_preopened_directories_moves() {
    let world = World::new();
    let second = tempfile::tempdir_in(&world.inside).expect("a folder");
    let mut guest = Guest::new(&world.config().preopen(second.path(), "/second"));
    assert_eq!(guest.rename_to("file", 4, "moved"), SUCCESS);
    assert_eq!(std::fs::read(second.path().join("moved")).expect("the file"), b"content");
    assert_eq!(guest.load("file"), Err(NOENT));
}
