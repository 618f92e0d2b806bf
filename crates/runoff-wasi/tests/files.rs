//! Reading, writing and moving about in an open file.

mod harness;

use harness::{ALL_RIGHTS, BADF, CREATE, FAULT, Guest, INVAL, ISDIR, SUCCESS, TELL, World};

const SET: u64 = 0;
const CURRENT: u64 = 1;
const END: u64 = 2;

/// A guest with an empty file; the file.
fn empty(world: &World) -> (Guest, u64) {
    let mut guest = world.guest();
    let fd = guest.open("new", CREATE, ALL_RIGHTS).expect("a file");
    (guest, fd)
}

#[test]
fn writing_and_reading_move_the_position() {
    let world = World::new();
    let (mut guest, fd) = empty(&world);
    assert_eq!(guest.write_pieces(fd, &[b"hello ", b"", b"world"], None), Ok(11));
    assert_eq!(guest.tell(fd), Ok(11));
    assert_eq!(guest.read(fd), Ok(Vec::new()));
    assert_eq!(guest.seek(fd, 0, SET), Ok(0));
    assert_eq!(guest.read_pieces(fd, &[3, 0, 4], None), Ok(b"hello w".to_vec()));
    assert_eq!(guest.read_pieces(fd, &[], None), Ok(Vec::new()));
    assert_eq!(guest.read_pieces(fd, &[0], None), Ok(Vec::new()));
    assert_eq!(guest.tell(fd), Ok(7));
    assert_eq!(guest.read_pieces(fd, &[2, 100, 100], None), Ok(b"orld".to_vec()));
}

#[test]
fn seeking_counts_from_start_position_and_end() {
    let world = World::new();
    let (mut guest, fd) = empty(&world);
    guest.write(fd, b"0123456789").expect("room");
    assert_eq!(guest.seek(fd, -4, CURRENT), Ok(6));
    assert_eq!(guest.seek(fd, -9, END), Ok(1));
    assert_eq!(guest.seek(fd, 5, SET), Ok(5));
    assert_eq!(guest.seek(fd, 0, CURRENT), Ok(5));
    for (offset, whence) in [
        (-1, SET),
        (i64::MIN, SET),
        (-6, CURRENT),
        (i64::MIN, CURRENT),
        (i64::MAX, CURRENT),
        (-11, END),
        (i64::MIN, END),
        (i64::MAX, END),
        (0, 3),
        (0, 256),
        (0, u64::from(u32::MAX)),
    ] {
        assert_eq!(guest.seek(fd, offset, whence), Err(INVAL), "{offset} {whence}");
    }
    assert_eq!(guest.tell(fd), Ok(5), "nothing has moved");
}

#[test]
fn writing_behind_the_end_leaves_zeros() {
    let world = World::new();
    let (mut guest, fd) = empty(&world);
    assert_eq!(guest.seek(fd, 3, END), Ok(3));
    assert_eq!(guest.stat_fd(fd).map(|stat| stat.size), Ok(0), "seeking alone adds nothing");
    assert_eq!(guest.write(fd, b"x"), Ok(1));
    assert_eq!(guest.load("new"), Ok(b"\0\0\0x".to_vec()));
}

#[test]
fn offsets_of_their_own_leave_the_position_alone() {
    let world = World::new();
    let (mut guest, fd) = empty(&world);
    guest.write(fd, b"hello world").expect("room");
    assert_eq!(guest.read_pieces(fd, &[2, 3], Some(6)), Ok(b"world".to_vec()));
    assert_eq!(guest.read_pieces(fd, &[8, 8], Some(9)), Ok(b"ld".to_vec()));
    assert_eq!(guest.read_pieces(fd, &[8], Some(100)), Ok(Vec::new()));
    assert_eq!(guest.write_pieces(fd, &[b"J", b"", b"e"], Some(0)), Ok(2));
    assert_eq!(guest.write_pieces(fd, &[b"!"], Some(12)), Ok(1));
    assert_eq!(guest.tell(fd), Ok(11));
    assert_eq!(guest.load("new"), Ok(b"Jello world\0!".to_vec()));
    for offset in [1 << 63, u64::MAX] {
        assert_eq!(guest.read_pieces(fd, &[1], Some(offset)), Err(INVAL));
        assert_eq!(guest.write_pieces(fd, &[b"x"], Some(offset)), Err(INVAL));
    }
}

#[test]
fn the_size_can_be_set_and_room_allocated() {
    let world = World::new();
    let (mut guest, fd) = empty(&world);
    guest.write(fd, b"hello world").expect("room");
    assert_eq!(guest.call("fd_filestat_set_size", &[fd, 5]), SUCCESS);
    assert_eq!(guest.tell(fd), Ok(11));
    assert_eq!(guest.call("fd_filestat_set_size", &[fd, 8]), SUCCESS);
    assert_eq!(guest.load("new"), Ok(b"hello\0\0\0".to_vec()));
    assert_eq!(guest.call("fd_allocate", &[fd, 4, 8]), SUCCESS);
    assert_eq!(guest.stat_fd(fd).map(|stat| stat.size), Ok(12));
    assert_eq!(guest.call("fd_allocate", &[fd, 0, 2]), SUCCESS);
    assert_eq!(guest.stat_fd(fd).map(|stat| stat.size), Ok(12), "allocating never shortens");
    assert_eq!(guest.call("fd_filestat_set_size", &[fd, u64::MAX]), INVAL);
    for (offset, length) in [(0, 0), (u64::MAX, 1), (0, u64::MAX), (1 << 63, 1 << 63)] {
        assert_eq!(guest.call("fd_allocate", &[fd, offset, length]), INVAL, "{offset} {length}");
    }
}

#[test]
fn advice_and_syncing_are_taken() {
    let world = World::new();
    let (mut guest, fd) = empty(&world);
    for advice in 0..6 {
        assert_eq!(guest.call("fd_advise", &[fd, 1, 2, advice]), SUCCESS, "{advice}");
    }
    assert_eq!(guest.call("fd_advise", &[fd, 0, 0, 6]), INVAL);
    assert_eq!(guest.call("fd_advise", &[fd, u64::MAX, 1, 0]), INVAL);
    for call in ["fd_sync", "fd_datasync"] {
        assert_eq!(guest.call(call, &[fd]), SUCCESS);
        assert_eq!(guest.call(call, &[99]), BADF);
    }
}

#[test]
fn a_directory_is_no_file() {
    let world = World::new();
    let mut guest = world.guest();
    let fd = guest.open_dir("dir").expect("a directory");
    assert_eq!(guest.read(fd), Err(ISDIR));
    assert_eq!(guest.write(fd, b"x"), Err(ISDIR));
    assert_eq!(guest.read_pieces(fd, &[1], Some(0)), Err(ISDIR));
    assert_eq!(guest.write_pieces(fd, &[b"x"], Some(0)), Err(ISDIR));
    assert_eq!(guest.seek(fd, 0, SET), Err(BADF));
    assert_eq!(guest.tell(fd), Err(BADF));
    for (call, args) in [
        ("fd_filestat_set_size", &[fd, 0][..]),
        ("fd_allocate", &[fd, 0, 1]),
        ("fd_advise", &[fd, 0, 0, 0]),
        ("fd_fdstat_set_flags", &[fd, 0]),
    ] {
        assert_eq!(guest.call(call, args), BADF, "{call}");
    }
}

#[test]
fn the_right_to_tell_is_enough_to_ask_by_seeking() {
    let world = World::new();
    let mut guest = world.guest();
    let fd = guest.open("file", 0, TELL).expect("the file");
    assert_eq!(guest.seek(fd, 0, CURRENT), Ok(0));
    assert_eq!(guest.seek(fd, 1, CURRENT), Err(harness::NOTCAPABLE));
    assert_eq!(guest.tell(fd), Ok(0));
}

#[test]
fn positions_are_not_written_outside_memory() {
    let world = World::new();
    let (mut guest, fd) = empty(&world);
    for at in [65_529, 65_536, u64::from(u32::MAX)] {
        assert_eq!(guest.call("fd_tell", &[fd, at]), FAULT);
        assert_eq!(guest.call("fd_seek", &[fd, 0, SET, at]), FAULT);
    }
}
