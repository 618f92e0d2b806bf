//! What descriptors tell about themselves, their numbers and times.

mod harness;

use harness::{ALL_RIGHTS, APPEND, CREATE, NO_WRITING, OPEN, Open, READ, ROOT, WRITE, World};
use harness::{BADF, FAULT, INVAL, IS_DIRECTORY, IS_FILE, IS_LINK, NAMETOOLONG, NOENT, SUCCESS};

const THEN: u64 = 1_000_000_000_123_456_789;
const LATER: u64 = 1_500_000_000_987_654_321;
const ACCESSED: u64 = 1;
const ACCESSED_NOW: u64 = 2;
const MODIFIED: u64 = 4;
const MODIFIED_NOW: u64 = 8;

#[test]
fn preopened_directories_are_found_by_their_names() {
    let world = World::new();
    let config = world.config().preopen(world.inside.join("dir"), "/second");
    let mut guest = harness::Guest::new(&config);
    for (fd, name) in [(3, "/"), (4, "/second")] {
        guest.put(0, &[0xee; 16]);
        assert_eq!(guest.call("fd_prestat_get", &[fd, 0]), SUCCESS);
        assert_eq!((guest.u32(0), guest.u32(4) as usize), (0, name.len()));
        assert_eq!(guest.call("fd_prestat_dir_name", &[fd, 100, name.len() as u64]), SUCCESS);
        assert_eq!(guest.bytes(100, name.len()), name.as_bytes());
        assert_eq!(guest.call("fd_prestat_dir_name", &[fd, 100, name.len() as u64 - 1]), NAMETOOLONG);
        assert_eq!(guest.call("fd_prestat_dir_name", &[fd, 65_536, 64]), FAULT);
        assert_eq!(guest.call("fd_prestat_get", &[fd, 65_529]), FAULT);
    }
    // Where a library stops looking.
    assert_eq!(guest.call("fd_prestat_get", &[5, 0]), BADF);
    let opened = guest.open_dir("dir").expect("a directory");
    for fd in [0, opened] {
        assert_eq!(guest.call("fd_prestat_get", &[fd, 0]), BADF);
        assert_eq!(guest.call("fd_prestat_dir_name", &[fd, 0, 64]), BADF);
    }
}

#[test]
fn fdstat_tells_type_flags_and_rights() {
    let world = World::new();
    let mut guest = world.guest();
    let file =
        guest.open_as("file", Open { rights: READ | WRITE, fdflags: APPEND, ..OPEN }).expect("the file");
    assert_eq!(guest.call("fd_fdstat_get", &[file, 8]), SUCCESS);
    assert_eq!((guest.memory[8], guest.memory[10]), (IS_FILE, 1));
    assert_eq!(guest.u64(16) & (READ | WRITE | 1 << 2), READ | WRITE);
    assert_eq!(guest.u64(24), 0, "nothing is opened below a file");
    assert_eq!(guest.call("fd_fdstat_get", &[ROOT, 8]), SUCCESS);
    assert_eq!(guest.memory[8], IS_DIRECTORY);
    assert_eq!(guest.u64(24) & (READ | WRITE), READ | WRITE, "libraries open below it what it hands down");
    assert_eq!(guest.call("fd_fdstat_get", &[file, 65_513]), FAULT);
    assert_eq!(guest.call("fd_fdstat_get", &[99, 8]), BADF);
    assert_eq!(guest.call("fd_fdstat_set_flags", &[file, 32]), INVAL);
    assert_eq!(guest.call("fd_fdstat_set_flags", &[file, 1 << 16]), INVAL);
}

#[test]
fn filestat_tells_type_size_links_and_inode() {
    let world = World::new();
    let mut guest = world.guest();
    assert_eq!(guest.symlink("file", "link"), SUCCESS);
    let file = guest.stat("file", true).expect("the file");
    assert_eq!((file.ty, file.size, file.links), (IS_FILE, 7, 1));
    assert_eq!(guest.stat("link", true), Ok(file));
    let link = guest.stat("link", false).expect("the link");
    assert_eq!((link.ty, link.size), (IS_LINK, 4));
    assert_ne!(link.inode, file.inode);
    let fd = guest.open("file", 0, NO_WRITING).expect("the file");
    assert_eq!(guest.stat_fd(fd), Ok(file));
    assert_eq!(guest.stat("dir", true).map(|stat| stat.ty), Ok(IS_DIRECTORY));
    assert_eq!(guest.stat_fd(ROOT).map(|stat| stat.ty), Ok(IS_DIRECTORY));
    assert_eq!(guest.stat("missing", true), Err(NOENT));
    assert_eq!(guest.call("fd_filestat_get", &[fd, 65_473]), FAULT);
    let (at, length) = guest.put(0, b"file");
    assert_eq!(guest.call("path_filestat_get", &[ROOT, 1, at, length, 65_473]), FAULT);
}

#[test]
fn times_are_set_one_by_one_by_descriptor() {
    let world = World::new();
    let mut guest = world.guest();
    let fd = guest.open("file", 0, ALL_RIGHTS).expect("the file");
    let mut set = |accessed, modified, flags| {
        assert_eq!(guest.call("fd_filestat_set_times", &[fd, accessed, modified, flags]), SUCCESS);
        guest.stat_fd(fd).map(|stat| (stat.accessed, stat.modified)).expect("the file")
    };
    assert_eq!(set(THEN, LATER, ACCESSED | MODIFIED), (THEN, LATER));
    assert_eq!(set(LATER, 1, ACCESSED), (LATER, LATER));
    assert_eq!(set(1, THEN, MODIFIED), (LATER, THEN));
    assert_eq!(set(1, 1, 0), (LATER, THEN));
    assert_eq!(set(0, 0, ACCESSED | MODIFIED), (0, 0));
    let (accessed, modified) = set(1, 1, ACCESSED_NOW | MODIFIED_NOW);
    assert!(accessed > LATER && modified > LATER);
}

#[test]
fn times_are_set_by_path_through_links_or_on_them() {
    let world = World::new();
    let mut guest = world.guest();
    assert_eq!(guest.symlink("file", "link"), SUCCESS);
    assert_eq!(guest.set_times("link", true, THEN, THEN, ACCESSED | MODIFIED), SUCCESS);
    assert_eq!(guest.stat("file", true).map(|stat| stat.modified), Ok(THEN));
    assert_eq!(guest.set_times("link", false, LATER, LATER, ACCESSED | MODIFIED), SUCCESS);
    assert_eq!(guest.stat("link", false).map(|stat| stat.modified), Ok(LATER));
    assert_eq!(guest.stat("file", true).map(|stat| stat.modified), Ok(THEN), "the file is as before");
    assert_eq!(guest.set_times("dir", true, THEN, THEN, MODIFIED), SUCCESS);
    assert_eq!(guest.stat("dir", true).map(|stat| stat.modified), Ok(THEN));
    assert_eq!(guest.call("fd_filestat_set_times", &[ROOT, LATER, LATER, MODIFIED]), SUCCESS);
    assert_eq!(guest.stat(".", true).map(|stat| stat.modified), Ok(LATER));
    assert_eq!(guest.set_times("missing", true, 0, 0, 5), NOENT);
}

#[test]
fn contradicting_and_unknown_times_are_refused() {
    let world = World::new();
    let mut guest = world.guest();
    for flags in [ACCESSED | ACCESSED_NOW, MODIFIED | MODIFIED_NOW, 15, 16, 1 << 16, 1 << 31] {
        assert_eq!(guest.call("fd_filestat_set_times", &[ROOT, 0, 0, flags]), INVAL, "{flags}");
        assert_eq!(guest.set_times("file", true, 0, 0, flags), INVAL, "{flags}");
    }
}

#[test]
fn renumbering_moves_and_closes_what_was_there() {
    let world = World::new();
    let mut guest = world.guest();
    guest.save("one", b"one");
    guest.save("two", b"two");
    let (one, two) = (guest.open("one", 0, READ).expect("one"), guest.open("two", 0, READ).expect("two"));
    assert_eq!(guest.read_pieces(two, &[1], None), Ok(b"t".to_vec()));
    assert_eq!(guest.call("fd_renumber", &[two, two]), SUCCESS);
    assert_eq!(guest.call("fd_renumber", &[two, one]), SUCCESS);
    assert_eq!(guest.read(two), Err(BADF));
    assert_eq!(guest.read(one), Ok(b"wo".to_vec()));
    for (from, to) in [(99, one), (one, 99), (one, u64::from(u32::MAX)), (99, 99)] {
        assert_eq!(guest.call("fd_renumber", &[from, to]), BADF, "{from} {to}");
    }
    // Over a stream and over the preopened directory.
    assert_eq!(guest.call("fd_renumber", &[one, 1]), SUCCESS);
    assert_eq!(guest.call("fd_renumber", &[ROOT, 0]), SUCCESS);
    assert_eq!(guest.open("one", 0, READ), Err(BADF));
    assert_eq!(guest.open_as("new", Open { dir: 0, flags: CREATE, ..OPEN }), Ok(3));
    assert_eq!(guest.call("fd_prestat_get", &[0, 8]), SUCCESS, "it is still a preopened one");
}

#[test]
fn what_is_closed_is_gone_for_every_function() {
    let world = World::new();
    let mut guest = world.guest();
    assert_eq!(guest.close(ROOT), SUCCESS);
    for fd in [ROOT, 99, u64::from(u32::MAX)] {
        for (name, arity) in guest.functions() {
            let takes_one = name.starts_with("fd_") || name.starts_with("sock_");
            if takes_one || name.starts_with("path_") && name != "path_symlink" {
                let mut args = vec![0; arity];
                args[0] = fd;
                assert_eq!(guest.call(&name, &args), BADF, "{name} {fd}");
            }
        }
        let (at, length) = guest.put(0, b"x");
        assert_eq!(guest.call("path_symlink", &[at, length, fd, at, length]), BADF);
    }
}
