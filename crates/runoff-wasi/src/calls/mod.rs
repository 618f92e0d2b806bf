//! The 46 functions, by family.

mod args;
mod clock;
mod dir;
mod fd;
mod path;
mod poll;
mod process;
mod rw;
mod sock;

use runoff_runtime::{Caller, FuncType, HostFailure, HostFunc, Imports, Value, ValueType};

use crate::errno::Errno;
use crate::memory::Memory;
use crate::{WASI_MODULE, Wasi};

/// Why a call does not succeed.
pub(crate) enum Fault {
    /// The guest is told.
    Errno(Errno),
    /// The guest is ended.
    Host(HostFailure),
}

impl<T: Into<Errno>> From<T> for Fault {
    fn from(error: T) -> Self {
        Self::Errno(error.into())
    }
}

pub(crate) type Answer = Result<(), Fault>;

/// Arguments of a call.
#[derive(Clone, Copy)]
pub(crate) struct Args<'a>(&'a [Value]);

impl Args<'_> {
    /// Argument `i` as an unsigned 32-bit number.
    pub(crate) fn u32(self, i: usize) -> u32 {
        match self.0.get(i) {
            Some(Value::I32(v)) => v.cast_unsigned(),
            _ => 0,
        }
    }

    /// Argument `i` as an unsigned 64-bit number.
    pub(crate) fn u64(self, i: usize) -> u64 {
        match self.0.get(i) {
            Some(Value::I64(v)) => v.cast_unsigned(),
            _ => 0,
        }
    }
}

type Body = fn(&mut Wasi, &mut Memory<'_>, Args<'_>) -> Answer;

/// Name, parameters (`i` = i32, `I` = i64) and body of every function that answers with an error number.
const FUNCTIONS: [(&str, &str, Body); 45] = [
    ("args_get", "ii", args::args_get),
    ("args_sizes_get", "ii", args::args_sizes_get),
    ("clock_res_get", "ii", clock::res_get),
    ("clock_time_get", "iIi", clock::time_get),
    ("environ_get", "ii", args::environ_get),
    ("environ_sizes_get", "ii", args::environ_sizes_get),
    ("fd_advise", "iIIi", fd::advise),
    ("fd_allocate", "iII", fd::allocate),
    ("fd_close", "i", fd::close),
    ("fd_datasync", "i", fd::datasync),
    ("fd_fdstat_get", "ii", fd::fdstat_get),
    ("fd_fdstat_set_flags", "ii", fd::fdstat_set_flags),
    ("fd_fdstat_set_rights", "iII", fd::fdstat_set_rights),
    ("fd_filestat_get", "ii", fd::filestat_get),
    ("fd_filestat_set_size", "iI", fd::filestat_set_size),
    ("fd_filestat_set_times", "iIIi", fd::filestat_set_times),
    ("fd_pread", "iiiIi", rw::pread),
    ("fd_prestat_dir_name", "iii", dir::prestat_dir_name),
    ("fd_prestat_get", "ii", dir::prestat_get),
    ("fd_pwrite", "iiiIi", rw::pwrite),
    ("fd_read", "iiii", rw::read),
    ("fd_readdir", "iiiIi", dir::readdir),
    ("fd_renumber", "ii", fd::renumber),
    ("fd_seek", "iIii", rw::seek),
    ("fd_sync", "i", fd::sync),
    ("fd_tell", "ii", rw::tell),
    ("fd_write", "iiii", rw::write),
    ("path_create_directory", "iii", path::create_directory),
    ("path_filestat_get", "iiiii", path::filestat_get),
    ("path_filestat_set_times", "iiiiIIi", path::filestat_set_times),
    ("path_link", "iiiiiii", path::link),
    ("path_open", "iiiiiIIii", path::open),
    ("path_readlink", "iiiiii", path::readlink),
    ("path_remove_directory", "iii", path::remove_directory),
    ("path_rename", "iiiiii", path::rename),
    ("path_symlink", "iiiii", path::symlink),
    ("path_unlink_file", "iii", path::unlink_file),
    ("poll_oneoff", "iiii", poll::oneoff),
    ("proc_raise", "i", process::raise),
    ("random_get", "ii", process::random_get),
    ("sched_yield", "", process::sched_yield),
    ("sock_accept", "iii", sock::accept),
    ("sock_recv", "iiiiii", sock::recv),
    ("sock_send", "iiiii", sock::send),
    ("sock_shutdown", "ii", sock::shutdown),
];

/// Adds all of WASI preview 1 to `imports`. Instances need a [`Wasi`] in their state.
pub fn define(imports: &mut Imports) {
    for (name, params, body) in FUNCTIONS {
        let params: Vec<_> =
            params.chars().map(|c| if c == 'I' { ValueType::I64 } else { ValueType::I32 }).collect();
        let func = HostFunc::new(FuncType::new(params, [ValueType::I32]), move |caller, args, results| {
            let errno = call(caller, body, args)?;
            if let [result] = results {
                *result = Value::I32(i32::from(errno));
            }
            Ok(())
        });
        imports.define(WASI_MODULE, name, func);
    }
    let exit = HostFunc::new(FuncType::new([ValueType::I32], []), |_, args, _| {
        Err(HostFailure::Exit(Args(args).u32(0).cast_signed()))
    });
    imports.define(WASI_MODULE, "proc_exit", exit);
}

fn call(caller: &mut Caller<'_>, body: Body, args: &[Value]) -> Result<u16, HostFailure> {
    let wasi = caller
        .state
        .get_mut::<Wasi>()
        .ok_or_else(|| HostFailure::Failed("this instance was given no WASI state".into()))?;
    match body(wasi, &mut Memory(caller.memory), Args(args)) {
        Ok(()) => Ok(0),
        Err(Fault::Errno(errno)) => Ok(errno.0),
        Err(Fault::Host(failure)) => Err(failure),
    }
}
