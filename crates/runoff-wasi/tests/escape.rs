//! Nothing outside a preopened directory can be named, whatever the path and the call.

mod harness;

use harness::{ABSOLUTE_LINKS, ALL_RIGHTS, CANARY, CREATE, EXCLUSIVE, LINKS_OUT, NO_WRITING, READ, TRUNCATE};
use harness::{Answer, DIRECTORY, Guest, IS_LINK, NOTDIR, OPEN, Open, PERM, ROOT, SUCCESS, World};

/// Paths that leave the sandbox before their last part, or with it, without any link being last.
fn ways_out(world: &World) -> Vec<String> {
    let outside = world.outside.to_str().expect("a plain path");
    let mut found = vec!["..".into(), "../".into(), "../.".into(), "dir/../..".into(), outside.into()];
    let directories = [
        "..",
        ".//..",
        "dir/../..",
        "dir/deep/../../..",
        "to-parent",
        "dir/up/..",
        "dir/deep/../up/..",
        "to-outside/..",
        "chained-dir/..",
    ];
    for directory in directories {
        found.extend([
            format!("{directory}/outside/{CANARY}"),
            format!("{directory}/outside/new"),
            format!("{directory}/inside/file"),
            format!("{directory}/outside/empty"),
        ]);
    }
    for directory in
        ["to-outside", "chained-dir", "roundabout", "dir/up", "dir/../to-outside", "absolute-dir"]
    {
        found.extend([
            format!("{directory}/{CANARY}"),
            format!("{directory}/new"),
            format!("{directory}/empty"),
        ]);
    }
    found.extend([format!("{outside}/{CANARY}"), format!("/{outside}/new"), format!("{outside}/empty")]);
    found
}

/// Every way of opening; none may be open afterwards.
fn open_all_ways(guest: &mut Guest, path: &str) -> Vec<(String, Answer)> {
    let mut answers = Vec::new();
    for follow in [false, true] {
        for flags in [0, DIRECTORY, CREATE, CREATE | EXCLUSIVE, TRUNCATE, CREATE | TRUNCATE] {
            for rights in [0, READ, NO_WRITING, ALL_RIGHTS] {
                let opened = guest.open_as(path, Open { follow, flags, rights, ..OPEN });
                let what = format!("open {path}, follow {follow}, flags {flags}, rights {rights:x}");
                answers.push((what, opened.map_or_else(|errno| errno, |_| SUCCESS)));
            }
        }
    }
    answers
}

#[test]
fn paths_out_are_refused_by_every_call() {
    let world = World::with_links();
    let mut guest = world.guest();
    for path in &ways_out(&world) {
        let mut answers = open_all_ways(&mut guest, path);
        for follow in [false, true] {
            answers.push(("stat".into(), guest.stat(path, follow).map_or_else(|errno| errno, |_| SUCCESS)));
            answers.push(("times".into(), guest.set_times(path, follow, 1, 1, 5)));
        }
        answers.push(("mkdir".into(), guest.mkdir(path)));
        answers.push(("rmdir".into(), guest.rmdir(path)));
        answers.push(("unlink".into(), guest.unlink(path)));
        answers.push(("symlink".into(), guest.symlink("file", path)));
        answers.push(("readlink".into(), guest.readlink(path, 500).map_or_else(|errno| errno, |_| SUCCESS)));
        answers.push(("link from".into(), guest.link(path, "stolen")));
        answers.push(("link to".into(), guest.link("file", path)));
        answers.push(("rename from".into(), guest.rename(path, "stolen")));
        answers.push(("rename to".into(), guest.rename("file", path)));
        answers.push(("rename a directory to".into(), guest.rename("dir/deep", path)));
        for (call, answer) in answers {
            assert_eq!(answer, PERM, "{call}, {path}");
        }
        world.check(&guest, path);
        assert!(!world.inside.join("stolen").exists(), "{path}");
    }
}

/// Links that are themselves inside, with a target outside.
fn links() -> impl Iterator<Item = &'static str> {
    LINKS_OUT.iter().map(|(link, _)| *link).chain(ABSOLUTE_LINKS)
}

#[test]
fn links_out_are_not_followed() {
    let world = World::with_links();
    let mut guest = world.guest();
    for link in links() {
        for (what, answer) in open_all_ways(&mut guest, link) {
            assert!(answer.is_ok() && answer != SUCCESS, "{what}: {answer:?}");
        }
        assert_eq!(guest.open(link, 0, READ), Err(PERM), "{link}");
        assert_eq!(guest.stat(link, true), Err(PERM), "{link}");
        assert_eq!(guest.set_times(link, true, 1, 1, 5), PERM, "{link}");
        assert_ne!(guest.mkdir(link), SUCCESS, "{link}");
        assert_ne!(guest.mkdir(&format!("{link}/")), SUCCESS, "{link}");
        assert_eq!(guest.rmdir(link), NOTDIR, "{link}");
        assert_ne!(guest.rmdir(&format!("{link}/")), SUCCESS, "{link}");
        assert_ne!(guest.unlink(&format!("{link}/")), SUCCESS, "{link}");
        assert_ne!(guest.link("file", link), SUCCESS, "{link}");
        assert_ne!(guest.symlink("file", link), SUCCESS, "{link}");
        world.check(&guest, link);
    }
}

#[test]
fn links_out_can_be_handled_as_what_they_are() {
    for link in links() {
        let world = World::with_links();
        let mut guest = world.guest();
        assert_eq!(guest.stat(link, false).map(|stat| stat.ty), Ok(IS_LINK), "{link}");
        assert_eq!(guest.set_times(link, false, 1, 1, 5), SUCCESS, "{link}");
        assert_eq!(guest.link(link, "again"), SUCCESS, "{link}");
        assert_eq!(guest.open("again", 0, READ), Err(PERM), "{link}");
        assert_eq!(guest.unlink("again"), SUCCESS, "{link}");
        assert_eq!(guest.rename(link, "renamed"), SUCCESS, "{link}");
        assert_eq!(guest.open("renamed", CREATE, ALL_RIGHTS), Err(PERM), "{link}");
        // A file renamed onto a link replaces it, and not what it leads to.
        guest.save("replacement", b"inside");
        assert_eq!(guest.rename("replacement", "renamed"), SUCCESS, "{link}");
        assert_eq!(guest.load("renamed"), Ok(b"inside".to_vec()), "{link}");
        world.check(&guest, link);
    }
}

#[test]
fn words_of_links_are_told_unless_they_are_about_the_machine() {
    let world = World::with_links();
    let mut guest = world.guest();
    for (link, target) in LINKS_OUT {
        assert_eq!(guest.readlink(link, 500), Ok(target.into()));
    }
    for link in ABSOLUTE_LINKS {
        assert_eq!(guest.readlink(link, 500), Err(PERM));
    }
}

#[test]
fn links_made_by_the_guest_lead_nowhere_either() {
    let world = World::new();
    let mut guest = world.guest();
    let outside = world.outside.to_str().expect("a plain path").to_owned();
    for absolute in [outside.clone(), format!("{outside}/{CANARY}"), "/".into(), "//".into()] {
        assert_eq!(guest.symlink(&absolute, "absolute"), PERM, "{absolute}");
        assert!(std::fs::symlink_metadata(world.inside.join("absolute")).is_err());
    }
    for (link, target) in LINKS_OUT {
        assert_eq!(guest.symlink(target, link), SUCCESS, "{link}");
    }
    for (link, _) in LINKS_OUT {
        for path in [link.to_owned(), format!("{link}/new"), format!("{link}/{CANARY}"), format!("{link}/.")]
        {
            assert!(guest.open(&path, 0, READ).is_err(), "{path}");
            assert!(guest.open(&path, CREATE, ALL_RIGHTS).is_err(), "{path}");
            assert!(guest.open_dir(&path).is_err(), "{path}");
        }
        world.check(&guest, link);
    }
}

/// A link that is harmless where it is made, and leads out where it is moved to.
#[test]
fn moving_a_link_does_not_help() {
    let world = World::new();
    let mut guest = world.guest();
    assert_eq!(guest.symlink("../../outside", "dir/deep/link"), SUCCESS);
    assert_ne!(guest.open("dir/deep/link", 0, READ), Err(PERM), "it leads to nothing inside");
    assert_eq!(guest.rename("dir/deep/link", "dir/link"), SUCCESS);
    assert_eq!(guest.open(&format!("dir/link/{CANARY}"), 0, READ), Err(PERM));
    assert_eq!(guest.open("dir/link/new", CREATE, ALL_RIGHTS), Err(PERM));
    assert_eq!(guest.rename("dir/deep", "deep"), SUCCESS);
    world.check(&guest, "moving a link");
}

/// An open directory is a sandbox of its own, wherever it is moved.
#[test]
fn a_directory_below_keeps_its_guest_in() {
    let world = World::with_links();
    let mut guest = world.guest();
    let dir = guest.open_dir("dir").expect("a directory");
    for path in ["..", "../file", "../dir/deep", "up", "deep/../../file"] {
        for flags in [0, CREATE, DIRECTORY] {
            let rights = if flags == CREATE { ALL_RIGHTS } else { NO_WRITING };
            assert_eq!(guest.open_as(path, Open { dir, flags, rights, ..OPEN }), Err(PERM), "{path}");
        }
    }
    let (from, from_length) = guest.put(100, b"deep");
    let (to, to_length) = guest.put(200, b"../deep");
    assert_eq!(guest.call("path_rename", &[dir, from, from_length, dir, to, to_length]), PERM);
    assert_eq!(guest.rename("dir", "moved"), SUCCESS);
    assert_eq!(guest.open_as("../file", Open { dir, rights: READ, ..OPEN }), Err(PERM));
    assert!(guest.open_as("deep", Open { dir, rights: READ, ..OPEN }).is_ok());
    assert_eq!(guest.call("fd_close", &[ROOT]), SUCCESS);
    assert_eq!(guest.open_as("../file", Open { dir, rights: READ, ..OPEN }), Err(PERM));
    world.check(&guest, "a directory below");
}
