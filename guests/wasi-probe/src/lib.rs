//! The parts of the WASI probe that do not call WASI: names, numbers and memory layouts of preview 1.
//!
//! The probe itself, `src/probe`, is a wasm command without a libc: it declares the 46 functions of
//! `wasi_snapshot_preview1` itself and calls them one by one, so that what it prints shows the implementation
//! under test and nothing else. A host test uses [`SECTIONS`] to run it and [`FUNCTIONS`] to see that nothing is
//! missing.
#![no_std]
#![forbid(unsafe_code)]

mod errno;
mod layout;

pub use errno::{Outcome, name_of};
pub use layout::{Dirent, Event, Fdstat, Filestat, Subscription, filetype};

/// The first arguments that the probe understands.
///
/// `all` runs those from `args` to `pointers`. `exit [CODE]` ends with `proc_exit` (7 when no code is given), `trap`
/// with the instruction `unreachable`. An implementation may also trap in `values` and in `pointers`, instead of
/// answering `inval` and `fault`.
///
/// Every section leaves the sandbox as empty as it found it, except `planted`. That one expects the host to have
/// made, in a temporary directory, `outside/secret` beside the sandbox, and in the sandbox the file `inside` and the
/// symbolic links `outside` → `../outside`, `absolute` → the absolute path of `outside`, `parent` → `..`,
/// `secret` → `../outside/secret` and `root` → `/`. Nothing may be reached through these links; a broken
/// implementation may lose what is in `outside`, and nothing else.
///
/// Run `escape` and `planted` only with a sandbox in a temporary directory of its own.
pub const SECTIONS: [&str; 18] = [
    "args", "env", "clock", "random", "stdio", "files", "dirs", "links", "escape", "times", "poll",
    "sockets", "values", "pointers", "planted", "exit", "trap", "all",
];

/// The directory the probe expects to be preopened as file descriptor 3, empty and writable.
pub const SANDBOX: &str = "/sandbox";

/// Every function of `wasi_snapshot_preview1`; the probe imports exactly these.
pub const FUNCTIONS: [&str; 46] = [
    "args_get",
    "args_sizes_get",
    "clock_res_get",
    "clock_time_get",
    "environ_get",
    "environ_sizes_get",
    "fd_advise",
    "fd_allocate",
    "fd_close",
    "fd_datasync",
    "fd_fdstat_get",
    "fd_fdstat_set_flags",
    "fd_fdstat_set_rights",
    "fd_filestat_get",
    "fd_filestat_set_size",
    "fd_filestat_set_times",
    "fd_pread",
    "fd_prestat_dir_name",
    "fd_prestat_get",
    "fd_pwrite",
    "fd_read",
    "fd_readdir",
    "fd_renumber",
    "fd_seek",
    "fd_sync",
    "fd_tell",
    "fd_write",
    "path_create_directory",
    "path_filestat_get",
    "path_filestat_set_times",
    "path_link",
    "path_open",
    "path_readlink",
    "path_remove_directory",
    "path_rename",
    "path_symlink",
    "path_unlink_file",
    "poll_oneoff",
    "proc_exit",
    "proc_raise",
    "random_get",
    "sched_yield",
    "sock_accept",
    "sock_recv",
    "sock_send",
    "sock_shutdown",
];
