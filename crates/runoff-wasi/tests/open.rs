//! Opening files: flags and rights.

mod harness;

use std::fs;

use harness::{
    ALL_RIGHTS, APPEND, CREATE, DIRECTORY, EXCLUSIVE, NO_WRITING, READ, SEEK, SYNC, TRUNCATE, WRITE,
};
use harness::{
    BADF, EXIST, FAULT, ILSEQ, INVAL, ISDIR, LOOP, MFILE, NAMETOOLONG, NOENT, NOTCAPABLE, NOTDIR, NXIO,
};
use harness::{Guest, OPEN, Open, ROOT, SUCCESS, World};

#[test]
fn without_create_a_file_must_exist() {
    let world = World::new();
    let mut guest = world.guest();
    assert_eq!(guest.open("new", 0, ALL_RIGHTS), Err(NOENT));
    assert_eq!(guest.open("new", TRUNCATE, ALL_RIGHTS), Err(NOENT));
    assert!(!world.inside.join("new").exists());
    assert_eq!(guest.open("new", CREATE, ALL_RIGHTS), Ok(4));
    assert!(world.inside.join("new").is_file());
    assert_eq!(guest.load("file"), Ok(b"content".to_vec()));
}

#[test]
fn create_keeps_what_is_there_and_exclusive_refuses_it() {
    let world = World::new();
    let mut guest = world.guest();
    guest.open("file", CREATE, ALL_RIGHTS).expect("the file");
    assert_eq!(guest.load("file"), Ok(b"content".to_vec()));
    assert_eq!(guest.open("file", CREATE | EXCLUSIVE, ALL_RIGHTS), Err(EXIST));
    assert_eq!(guest.open("dir", CREATE | EXCLUSIVE, ALL_RIGHTS), Err(EXIST));
    assert!(guest.open("fresh", CREATE | EXCLUSIVE, ALL_RIGHTS).is_ok());
}

#[test]
fn pipes_are_no_files_and_nobody_waits_for_their_other_end() {
    let world = World::new();
    nix::unistd::mkfifo(&world.inside.join("pipe"), nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
    let mut guest = world.guest();
    for rights in [READ, WRITE, ALL_RIGHTS] {
        assert_eq!(guest.open("pipe", 0, rights), Err(NXIO));
    }
    // Nor is it anybody's to begin with.
    assert_eq!(guest.unlink("pipe"), SUCCESS);
}

#[test]
fn truncate_empties() {
    let world = World::new();
    let mut guest = world.guest();
    guest.open("file", TRUNCATE, READ).expect("the file");
    assert_eq!(fs::read(world.inside.join("file")).expect("the file"), b"");
}

#[test]
fn directories_are_opened_as_such_and_not_for_writing() {
    let world = World::new();
    let mut guest = world.guest();
    for (flags, path) in
        [(DIRECTORY, "dir"), (0, "dir"), (DIRECTORY, "dir/"), (0, "dir/deep/.."), (DIRECTORY, ".")]
    {
        let fd = guest.open(path, flags, NO_WRITING).expect("a directory");
        assert_eq!(guest.read(fd), Err(ISDIR), "{path}");
        assert_eq!(guest.close(fd), SUCCESS);
    }
    for flags in [0, CREATE, TRUNCATE] {
        assert_eq!(guest.open("dir", flags, ALL_RIGHTS), Err(ISDIR), "{flags}");
    }
    assert_eq!(guest.open("file", DIRECTORY, NO_WRITING), Err(NOTDIR));
    assert_eq!(guest.open("missing", DIRECTORY, NO_WRITING), Err(NOENT));
    for flags in [CREATE, EXCLUSIVE, TRUNCATE] {
        assert_eq!(guest.open("dir", DIRECTORY | flags, NO_WRITING), Err(INVAL), "{flags}");
    }
}

#[test]
fn paths_through_a_file_lead_nowhere() {
    let world = World::new();
    let mut guest = world.guest();
    for flags in [0, CREATE] {
        for path in ["file/x", "file/../file"] {
            assert_eq!(guest.open(path, flags, ALL_RIGHTS), Err(NOTDIR), "{path}");
        }
    }
    assert_eq!(guest.open("file/", 0, READ), Err(NOTDIR));
    assert_eq!(guest.open("new/", CREATE, ALL_RIGHTS), Err(ISDIR));
    assert_eq!(guest.open_as("x", Open { dir: 99, ..OPEN }), Err(BADF));
    let file = guest.open("file", 0, READ).expect("the file");
    assert_eq!(guest.open_as("x", Open { dir: file, ..OPEN }), Err(NOTDIR));
    assert_eq!(guest.open_as("x", Open { dir: 0, ..OPEN }), Err(NOTDIR));
}

#[test]
fn a_link_is_followed_when_asked_for() {
    let world = World::new();
    let mut guest = world.guest();
    assert_eq!(guest.symlink("file", "link"), SUCCESS);
    assert!(guest.open("link", 0, READ).is_ok());
    assert_eq!(guest.open_as("link", Open { follow: false, rights: READ, ..OPEN }), Err(LOOP));
    assert_eq!(guest.symlink("self", "self"), SUCCESS);
    assert_eq!(guest.open("self", 0, READ), Err(LOOP));
}

#[test]
fn a_descriptor_can_do_what_was_asked_for_and_no_more() {
    let world = World::new();
    let mut guest = world.guest();
    let reader = guest.open("file", 0, READ).expect("the file");
    assert_eq!(guest.write(reader, b"x"), Err(NOTCAPABLE));
    assert_eq!(guest.seek(reader, 0, 0), Err(NOTCAPABLE));
    assert_eq!(guest.call("fd_filestat_set_size", &[reader, 0]), NOTCAPABLE);
    assert_eq!(guest.call("fd_allocate", &[reader, 0, 100]), NOTCAPABLE);
    assert_eq!(guest.call("fd_filestat_set_times", &[reader, 0, 0, 5]), NOTCAPABLE);
    assert_eq!(guest.read(reader), Ok(b"content".to_vec()));
    let writer = guest.open("file", 0, WRITE).expect("the file");
    assert_eq!(guest.read(writer), Err(NOTCAPABLE));
    assert_eq!(guest.read_pieces(writer, &[1], Some(0)), Err(NOTCAPABLE));
    assert_eq!(guest.write_pieces(writer, &[b"x"], Some(0)), Err(NOTCAPABLE), "at an offset needs to seek");
    assert_eq!(guest.write(writer, b"C"), Ok(1));
    assert_eq!(guest.load("file"), Ok(b"Content".to_vec()));
}

#[test]
fn rights_are_handed_down_and_given_up_but_never_gained() {
    let world = World::new();
    let mut guest = world.guest();
    let narrow = Open { flags: DIRECTORY, rights: NO_WRITING, inheriting: READ, ..OPEN };
    let dir = guest.open_as("dir", narrow).expect("a directory");
    let below = guest.open_as("new", Open { dir, flags: CREATE, ..OPEN }).expect("a file");
    assert_eq!(guest.write(below, b"x"), Err(NOTCAPABLE));
    assert_eq!(guest.read(below), Ok(Vec::new()));
    let fd = guest.open("file", 0, READ | SEEK | WRITE).expect("the file");
    assert_eq!(guest.call("fd_fdstat_set_rights", &[fd, READ, 0]), SUCCESS);
    assert_eq!(guest.write(fd, b"x"), Err(NOTCAPABLE));
    for rights in [READ | WRITE, ALL_RIGHTS, u64::MAX] {
        assert_eq!(guest.call("fd_fdstat_set_rights", &[fd, rights, 0]), NOTCAPABLE);
    }
    assert_eq!(guest.call("fd_fdstat_set_rights", &[fd, READ, 1]), NOTCAPABLE);
    assert_eq!(guest.call("fd_fdstat_set_rights", &[99, 0, 0]), BADF);
    // A directory that lost the right to open files opens none.
    assert_eq!(
        guest.call("fd_fdstat_set_rights", &[ROOT, NO_WRITING & !(1 << 13) & 0x7ff_ffff, 0]),
        NOTCAPABLE
    );
    assert_eq!(guest.call("fd_fdstat_set_rights", &[ROOT, 0, 0]), SUCCESS);
    assert_eq!(guest.open("file", 0, READ), Err(NOTCAPABLE));
}

#[test]
fn appending_writes_at_the_end_wherever_the_position_is() {
    let world = World::new();
    let mut guest = world.guest();
    let fd = guest.open_as("file", Open { fdflags: APPEND, ..OPEN }).expect("the file");
    assert_eq!(guest.write_pieces(fd, &[b"1", b"2"], None), Ok(2));
    assert_eq!(guest.seek(fd, 0, 0), Ok(0));
    assert_eq!(guest.write(fd, b"3"), Ok(1));
    assert_eq!(guest.tell(fd), Ok(10));
    assert_eq!(guest.call("fd_fdstat_set_flags", &[fd, 0]), SUCCESS);
    assert_eq!(guest.seek(fd, 0, 0), Ok(0));
    assert_eq!(guest.write(fd, b"C"), Ok(1));
    assert_eq!(guest.load("file"), Ok(b"Content123".to_vec()));
}

/// Flags of the kernel's open file behind this path.
fn kernel_flags(path: &std::path::Path) -> u64 {
    for entry in fs::read_dir("/proc/self/fd").expect("open files") {
        let entry = entry.expect("an entry");
        if fs::read_link(entry.path()).is_ok_and(|target| target == path) {
            let info = fs::read_to_string(format!("/proc/self/fdinfo/{}", entry.file_name().display()));
            let info = info.expect("what is open");
            let flags = info.lines().find_map(|line| line.strip_prefix("flags:")).expect("flags");
            return u64::from_str_radix(flags.trim(), 8).expect("an octal number");
        }
    }
    panic!("{} is not open", path.display())
}

#[test]
fn waiting_for_the_disk_is_settled_at_opening() {
    let world = World::new();
    let mut guest = world.guest();
    let fd = guest.open_as("file", Open { fdflags: SYNC | APPEND, ..OPEN }).expect("the file");
    let sync = nix::fcntl::OFlag::O_SYNC.bits() as u64;
    let path = world.inside.join("file").canonicalize().expect("the file");
    assert_eq!(kernel_flags(&path) & sync, sync);
    assert_eq!(guest.call("fd_fdstat_set_flags", &[fd, SYNC]), SUCCESS);
    for flags in [0, APPEND, SYNC | 2, 8] {
        assert_eq!(guest.call("fd_fdstat_set_flags", &[fd, flags]), INVAL, "{flags}");
    }
}

#[test]
fn unknown_flags_and_bad_paths_are_refused() {
    let world = World::new();
    let mut guest = world.guest();
    for flags in [16, 1 << 16, 1 << 30] {
        assert_eq!(guest.open("file", flags, READ), Err(INVAL), "{flags}");
        assert_eq!(guest.open_as("file", Open { fdflags: flags << 1, ..OPEN }), Err(INVAL), "{flags}");
    }
    assert_eq!(guest.open("", 0, READ), Err(NOENT));
    assert_eq!(guest.open("a\0b", CREATE, ALL_RIGHTS), Err(INVAL));
    assert_eq!(guest.open(&"n".repeat(256), CREATE, ALL_RIGHTS), Err(NAMETOOLONG));
    assert_eq!(guest.open(&"./".repeat(2_100), CREATE, ALL_RIGHTS), Err(NAMETOOLONG));
    guest.put(100, b"\xff\xfe");
    assert_eq!(guest.call("path_open", &[ROOT, 1, 100, 2, CREATE, 0, 0, 0, 8]), ILSEQ);
    for (at, length) in [(65_535, 2), (u64::from(u32::MAX), 1), (0, u64::from(u32::MAX)), (65_536, 5_000)] {
        assert_eq!(
            guest.call("path_open", &[ROOT, 1, at, length, CREATE, 0, 0, 0, 8]),
            FAULT,
            "{at} {length}"
        );
    }
}

#[test]
fn descriptors_are_limited_and_none_is_lost_to_a_fault() {
    let world = World::new();
    let mut guest = world.guest();
    let (at, length) = guest.put(100, b"file");
    for _ in 0..2_000 {
        assert_eq!(guest.call("path_open", &[ROOT, 1, at, length, 0, READ, 0, 0, 65_533]), FAULT);
    }
    let mut opened = 0;
    let refused = loop {
        match guest.open("file", 0, READ) {
            Ok(_) => opened += 1,
            Err(errno) => break errno,
        }
    };
    assert_eq!((refused, opened), (MFILE, 1_020));
    assert_eq!(guest.close(77), SUCCESS);
    assert_eq!(guest.open("file", 0, READ), Ok(77));
}

#[test]
fn a_deleted_file_can_still_be_used() {
    let world = World::new();
    let mut guest: Guest = world.guest();
    let fd = guest.open("file", 0, ALL_RIGHTS).expect("the file");
    assert_eq!(guest.unlink("file"), SUCCESS);
    assert_eq!(guest.write(fd, b"C"), Ok(1));
    assert_eq!(guest.read_pieces(fd, &[10], Some(0)), Ok(b"Content".to_vec()));
    assert_eq!(guest.stat_fd(fd).map(|stat| stat.links), Ok(0));
}
