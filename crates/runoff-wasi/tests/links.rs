//! Symbolic and hard links inside the sandbox.

mod harness;

use harness::{ALL_RIGHTS, CREATE, DIRECTORY, EXCLUSIVE, IS_LINK, NO_WRITING, OPEN, Open, READ, ROOT, World};
use harness::{EXIST, FAULT, INVAL, ISDIR, LOOP, NOENT, NOTDIR, PERM, SUCCESS};

#[test]
fn a_symbolic_link_keeps_its_words() {
    let world = World::new();
    let mut guest = world.guest();
    assert_eq!(guest.symlink("some/longer target", "link"), SUCCESS);
    assert_eq!(guest.readlink("link", 64), Ok("some/longer target".into()));
    assert_eq!(guest.readlink("link", 4), Ok("some".into()), "cut where the buffer ends");
    assert_eq!(guest.readlink("link", 0), Ok(String::new()));
    assert_eq!(guest.stat("link", false).map(|stat| (stat.ty, stat.size)), Ok((IS_LINK, 18)));
    for (path, errno) in [("file", INVAL), ("dir", INVAL), ("missing", NOENT), ("", NOENT)] {
        assert_eq!(guest.readlink(path, 64), Err(errno), "{path}");
    }
}

#[test]
fn a_link_is_not_written_outside_memory() {
    let world = World::new();
    let mut guest = world.guest();
    assert_eq!(guest.symlink("target", "link"), SUCCESS);
    let (at, length) = guest.put(100, b"link");
    let far = u64::from(u32::MAX);
    for (buffer, room, used) in
        [(65_500, 37, 0), (far, far, 0), (0, far, 0), (200, 64, 65_533), (200, 64, far)]
    {
        let args = [ROOT, at, length, buffer, room, used];
        assert_eq!(guest.call("path_readlink", &args), FAULT, "{buffer} {room} {used}");
    }
}

#[test]
fn links_are_made_where_nothing_is() {
    let world = World::new();
    let mut guest = world.guest();
    for (target, link, errno) in [
        ("file", "dir", EXIST),
        ("file", "file", EXIST),
        ("file", "missing/link", NOENT),
        ("file", "link/", NOENT),
        ("file", "", NOENT),
        ("", "link", NOENT),
    ] {
        assert_eq!(guest.symlink(target, link), errno, "{target} {link}");
    }
}

#[test]
fn links_are_followed_below_and_at_the_end() {
    let world = World::new();
    let mut guest = world.guest();
    guest.save("dir/deep/x", b"inner");
    for (target, link) in [("dir/deep", "short"), ("../file", "dir/up"), ("short", "chain")] {
        assert_eq!(guest.symlink(target, link), SUCCESS);
    }
    assert_eq!(guest.load("short/x"), Ok(b"inner".to_vec()));
    assert_eq!(guest.load("chain/../up"), Ok(b"content".to_vec()), "`..` is of the directory linked to");
    let dir = guest.open_dir("chain").expect("a directory");
    assert!(guest.open_as("x", Open { dir, rights: READ, ..OPEN }).is_ok());
    let direct = Open { follow: false, flags: DIRECTORY, rights: NO_WRITING, ..OPEN };
    assert_eq!(guest.open_as("short", direct), Err(NOTDIR));
}

#[test]
fn links_that_go_round_are_found_out() {
    let world = World::new();
    let mut guest = world.guest();
    for (target, link) in [("b", "a"), ("a", "b"), ("self/x", "self")] {
        assert_eq!(guest.symlink(target, link), SUCCESS);
    }
    for path in ["a", "b/x", "self"] {
        assert_eq!(guest.stat(path, true), Err(LOOP), "{path}");
        assert_eq!(guest.open(path, CREATE, ALL_RIGHTS), Err(LOOP), "{path}");
    }
    assert_eq!(guest.stat("a", false).map(|stat| stat.ty), Ok(IS_LINK));
}

#[test]
fn a_dangling_link_can_be_created_through() {
    let world = World::new();
    let mut guest = world.guest();
    assert_eq!(guest.symlink("later", "dangling"), SUCCESS);
    assert_eq!(guest.open("dangling", 0, READ), Err(NOENT));
    assert_eq!(guest.open("dangling", CREATE | EXCLUSIVE, ALL_RIGHTS), Err(EXIST));
    assert_eq!(guest.mkdir("dangling"), EXIST);
    assert!(guest.open("dangling", CREATE, ALL_RIGHTS).is_ok());
    assert!(world.inside.join("later").is_file());
}

#[test]
fn removing_and_renaming_act_on_the_link() {
    let world = World::new();
    let mut guest = world.guest();
    assert_eq!(guest.symlink("dir", "link"), SUCCESS);
    assert_eq!(guest.rmdir("link"), NOTDIR);
    assert_eq!(guest.unlink("link/"), ISDIR);
    assert_eq!(guest.rename("link", "renamed"), SUCCESS);
    assert_eq!(guest.readlink("renamed", 64), Ok("dir".into()));
    assert_eq!(guest.unlink("renamed"), SUCCESS);
    assert!(world.inside.join("dir/deep").is_dir());
}

#[test]
fn hard_links_share_one_file() {
    let world = World::new();
    let mut guest = world.guest();
    assert_eq!(guest.link("file", "dir/again"), SUCCESS);
    let (one, two) = (guest.stat("file", true), guest.stat("dir/again", true));
    assert_eq!(one, two);
    assert_eq!(one.map(|stat| stat.links), Ok(2));
    assert_eq!(guest.unlink("file"), SUCCESS);
    assert_eq!(guest.load("dir/again"), Ok(b"content".to_vec()));
}

#[test]
fn hard_links_that_cannot_be_are_refused() {
    let world = World::new();
    let mut guest = world.guest();
    for (from, to, errno) in [
        ("file", "dir", EXIST),
        ("file", "file", EXIST),
        ("file", "missing/x", NOENT),
        ("file", "x/", NOENT),
        ("file/", "x", NOTDIR),
        ("missing", "x", NOENT),
        ("", "x", NOENT),
        ("dir", "x", PERM),
    ] {
        assert_eq!(guest.link(from, to), errno, "{from} {to}");
    }
}

#[test]
fn a_hard_link_to_a_symbolic_one_is_to_the_link_itself() {
    let world = World::new();
    let mut guest = world.guest();
    assert_eq!(guest.symlink("file", "link"), SUCCESS);
    assert_eq!(guest.link("link", "second"), SUCCESS);
    assert_eq!(guest.readlink("second", 64), Ok("file".into()));
    let (from, from_length) = guest.put(100, b"link");
    let (to, to_length) = guest.put(200, b"third");
    let following = [ROOT, 1, from, from_length, ROOT, to, to_length];
    assert_eq!(guest.call("path_link", &following), INVAL, "following is not supported");
    assert_eq!(guest.stat("third", false), Err(NOENT));
}
