//! One worker, seen from the host.

use std::collections::HashSet;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use runoff_runtime::Interrupter;
use rustix::process::{Pid, Signal, kill_process_group};
use serde::Serialize;

use super::Launcher;
use super::wire::{Tell, read, write};

/// A process group that may be killed from any thread until it is known to be gone.
struct Group(Mutex<Option<Pid>>);

impl Group {
    fn kill(&self) {
        if let Some(group) = *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            // It may have gone by itself.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// A process that runs one request at a time.
pub(super) struct Worker {
    child: Child,
    group: Arc<Group>,
    socket: UnixStream,
    /// Modules it has compiled.
    pub(super) loaded: HashSet<String>,
    /// Requests it has answered.
    pub(super) served: u32,
}

impl Worker {
    pub(super) fn start(launcher: &Launcher, runtime: &str, memory: u64) -> io::Result<Self> {
        let (socket, theirs) = UnixStream::pair()?;
        let child = Command::new(&launcher.program)
            .args(&launcher.args)
            .args(["--runtime", runtime])
            .args(["--memory", &memory.to_string()])
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            // What an engine prints is not for us, nor for our log.
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        let group = Arc::new(Group(Mutex::new(Pid::from_raw(child.id().cast_signed()))));
        Ok(Self { child, group, socket, loaded: HashSet::new(), served: 0 })
    }

    /// Says something and waits for the answer, as long as that takes; [`Worker::killer`] ends the wait.
    pub(super) fn ask(
        &mut self,
        ask: &impl Serialize,
        bytes: &[u8],
        most: u64,
    ) -> io::Result<(Tell, Vec<u8>)> {
        write(&mut self.socket, ask, bytes)?;
        read(&mut self.socket, most)
    }

    /// Kills it.
    pub(super) fn killer(&self) -> Interrupter {
        let group = Arc::clone(&self.group);
        Interrupter::new(move || group.kill())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.group.kill();
        // Once it is waited for, its number may be another's.
        let mut group = self.group.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = self.child.wait();
        *group = None;
    }
}
