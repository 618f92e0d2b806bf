//! Links that the host has put into the sandbox, which a guest may not be able to make itself.
//!
//! They lead to a directory and a file that the host has made for this test beside the sandbox and can lose. The
//! link to `/` is only looked through: an implementation that follows it must not do harm.

use crate::path;
use crate::report::called;
use crate::words::{
    BOTH, Bytes, CREAT, DIRECTORY, EXISTING, FOLLOW, IS_DIRECTORY, LEAVE, NOFOLLOW, READ, SANDBOX,
};
use runoff_guest_wasi_probe::filetype;

/// A link, and something that the host has made for this test to be reached through it.
const LINKS: [(&[u8], &[u8]); 4] = [
    (b"outside", b"outside/secret"),
    (b"absolute", b"absolute/secret"),
    (b"parent", b"parent/outside/secret"),
    (b"secret", b"secret/."),
];

pub(crate) fn planted() {
    for (link, through) in LINKS {
        // Without its size, which depends on where the host has put the directory.
        let (errno, stat) = path::filestat_quietly(SANDBOX, NOFOLLOW, link);
        called!(errno, "path_filestat_get({SANDBOX}, nofollow, {})", Bytes(link); "{}", filetype(stat.filetype));
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
    path::filestat_with(SANDBOX, NOFOLLOW, b"root");
    for path in [&b"root"[..], b"root/", b"root/etc/passwd"] {
        path::refused(SANDBOX, path, EXISTING, READ);
        path::filestat_with(SANDBOX, FOLLOW, path);
    }
    // Reached by leaving and coming back: refused as well, since it leaves.
    path::refused(SANDBOX, b"parent/sandbox/inside", EXISTING, READ);
    // What the host has put there for comparison.
    path::show(SANDBOX, b"inside");
}
