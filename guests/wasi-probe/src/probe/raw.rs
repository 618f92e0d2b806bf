//! The 46 functions of `wasi_snapshot_preview1` as they are imported: addresses are pointers, everything else is
//! a number, and the result is the error number.

#[link(wasm_import_module = "wasi_snapshot_preview1")]
unsafe extern "C" {
    pub(crate) fn args_get(argv: *mut u32, argv_buf: *mut u8) -> u32;
    pub(crate) fn args_sizes_get(argc: *mut u32, argv_buf_size: *mut u32) -> u32;
    pub(crate) fn environ_get(environ: *mut u32, environ_buf: *mut u8) -> u32;
    pub(crate) fn environ_sizes_get(count: *mut u32, buf_size: *mut u32) -> u32;
    pub(crate) fn clock_res_get(id: u32, resolution: *mut u64) -> u32;
    pub(crate) fn clock_time_get(id: u32, precision: u64, time: *mut u64) -> u32;
    pub(crate) safe fn fd_advise(fd: u32, offset: u64, len: u64, advice: u32) -> u32;
    pub(crate) safe fn fd_allocate(fd: u32, offset: u64, len: u64) -> u32;
    pub(crate) safe fn fd_close(fd: u32) -> u32;
    pub(crate) safe fn fd_datasync(fd: u32) -> u32;
    pub(crate) fn fd_fdstat_get(fd: u32, stat: *mut u8) -> u32;
    pub(crate) safe fn fd_fdstat_set_flags(fd: u32, flags: u32) -> u32;
    pub(crate) safe fn fd_fdstat_set_rights(fd: u32, base: u64, inheriting: u64) -> u32;
    pub(crate) fn fd_filestat_get(fd: u32, stat: *mut u8) -> u32;
    pub(crate) safe fn fd_filestat_set_size(fd: u32, size: u64) -> u32;
    pub(crate) safe fn fd_filestat_set_times(fd: u32, atim: u64, mtim: u64, flags: u32) -> u32;
    pub(crate) fn fd_pread(fd: u32, iovs: *const Iovec, len: u32, offset: u64, nread: *mut u32) -> u32;
    pub(crate) fn fd_prestat_get(fd: u32, prestat: *mut u8) -> u32;
    pub(crate) fn fd_prestat_dir_name(fd: u32, path: *mut u8, len: u32) -> u32;
    pub(crate) fn fd_pwrite(fd: u32, iovs: *const Iovec, len: u32, offset: u64, nwritten: *mut u32) -> u32;
    pub(crate) fn fd_read(fd: u32, iovs: *const Iovec, len: u32, nread: *mut u32) -> u32;
    pub(crate) fn fd_readdir(fd: u32, buf: *mut u8, len: u32, cookie: u64, used: *mut u32) -> u32;
    pub(crate) safe fn fd_renumber(fd: u32, to: u32) -> u32;
    pub(crate) fn fd_seek(fd: u32, offset: i64, whence: u32, position: *mut u64) -> u32;
    pub(crate) safe fn fd_sync(fd: u32) -> u32;
    pub(crate) fn fd_tell(fd: u32, position: *mut u64) -> u32;
    pub(crate) fn fd_write(fd: u32, iovs: *const Iovec, len: u32, nwritten: *mut u32) -> u32;
    pub(crate) fn path_create_directory(fd: u32, path: *const u8, len: u32) -> u32;
    pub(crate) fn path_filestat_get(fd: u32, lookup: u32, path: *const u8, len: u32, stat: *mut u8) -> u32;
    pub(crate) fn path_filestat_set_times(
        fd: u32,
        lookup: u32,
        path: *const u8,
        len: u32,
        atim: u64,
        mtim: u64,
        flags: u32,
    ) -> u32;
    pub(crate) fn path_link(
        old_fd: u32,
        lookup: u32,
        old: *const u8,
        old_len: u32,
        new_fd: u32,
        new: *const u8,
        new_len: u32,
    ) -> u32;
    pub(crate) fn path_open(
        fd: u32,
        lookup: u32,
        path: *const u8,
        len: u32,
        oflags: u32,
        base: u64,
        inheriting: u64,
        fdflags: u32,
        opened: *mut u32,
    ) -> u32;
    pub(crate) fn path_readlink(
        fd: u32,
        path: *const u8,
        len: u32,
        buf: *mut u8,
        buf_len: u32,
        used: *mut u32,
    ) -> u32;
    pub(crate) fn path_remove_directory(fd: u32, path: *const u8, len: u32) -> u32;
    pub(crate) fn path_rename(
        old_fd: u32,
        old: *const u8,
        old_len: u32,
        new_fd: u32,
        new: *const u8,
        new_len: u32,
    ) -> u32;
    pub(crate) fn path_symlink(target: *const u8, target_len: u32, fd: u32, path: *const u8, len: u32)
    -> u32;
    pub(crate) fn path_unlink_file(fd: u32, path: *const u8, len: u32) -> u32;
    pub(crate) fn poll_oneoff(
        subscriptions: *const u8,
        events: *mut u8,
        count: u32,
        nevents: *mut u32,
    ) -> u32;
    pub(crate) safe fn proc_exit(code: u32) -> !;
    pub(crate) safe fn proc_raise(signal: u32) -> u32;
    pub(crate) fn random_get(buf: *mut u8, len: u32) -> u32;
    pub(crate) safe fn sched_yield() -> u32;
    pub(crate) fn sock_accept(fd: u32, flags: u32, accepted: *mut u32) -> u32;
    pub(crate) fn sock_recv(
        fd: u32,
        iovs: *const Iovec,
        len: u32,
        flags: u32,
        received: *mut u32,
        out_flags: *mut u16,
    ) -> u32;
    pub(crate) fn sock_send(fd: u32, iovs: *const Iovec, len: u32, flags: u32, sent: *mut u32) -> u32;
    pub(crate) safe fn sock_shutdown(fd: u32, how: u32) -> u32;
}

/// One piece of a scattered read or a gathered write.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Iovec {
    pub(crate) buf: *mut u8,
    pub(crate) len: u32,
}
