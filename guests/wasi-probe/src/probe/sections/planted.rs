//! Links that the host has put into the sandbox, which a guest may not be able to make itself.

use crate::path;
use crate::words::{BOTH, CREAT, DIRECTORY, EXISTING, FOLLOW, IS_DIRECTORY, LEAVE, NOFOLLOW, READ, SANDBOX};

/// A link, and something to be reached through it.
const LINKS: [(&[u8], &[u8]); 4] = [
    (b"root", b"root/etc/passwd"),
    (b"passwd", b"passwd/."),
    (b"parent", b"parent/secret"),
    (b"secret", b"secret/."),
];

pub(crate) fn planted() {
    for (link, through) in LINKS {
        path::filestat_with(SANDBOX, NOFOLLOW, link);
        for path in [link, through] {
            path::refused(SANDBOX, path, EXISTING, READ);
            path::refused(SANDBOX, path, CREAT, BOTH);
            path::refused(SANDBOX, path, IS_DIRECTORY, DIRECTORY);
            path::filestat_with(SANDBOX, FOLLOW, path);
            path::set_times(SANDBOX, FOLLOW, path, 0, 0, LEAVE);
        }
        path::filestat_with(SANDBOX, NOFOLLOW, through);
        path::create_directory(SANDBOX, through);
        path::readlink(SANDBOX, through, 64);
        path::rename(SANDBOX, through, SANDBOX, b"stolen");
        path::rename(SANDBOX, b"inside", SANDBOX, through);
        path::link(SANDBOX, through, SANDBOX, b"stolen");
        path::link(SANDBOX, b"inside", SANDBOX, through);
        path::symlink(b"inside", SANDBOX, through);
        path::unlink(SANDBOX, through);
        path::remove_directory(SANDBOX, through);
    }
    // Reached by leaving and coming back: refused as well, since it leaves.
    path::refused(SANDBOX, b"parent/sandbox/inside", EXISTING, READ);
    // What the host has put there for comparison.
    path::show(SANDBOX, b"inside");
}
