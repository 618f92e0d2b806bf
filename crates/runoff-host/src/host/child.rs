//! Compiling in a process of its own: a compiler that takes too long or too much is killed, and nothing else is.

use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use runoff_runtime::{Artifact, RuntimeError};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, pidfd_open};

/// Longest answer of a compiler that failed.
const WORDS: u64 = 2000;

/// How a process that compiles is started: it is told `--runtime ID --memory BYTES --seconds N` besides, reads the module
/// from standard input and writes the artifact ([`Artifact::as_bytes`]) to standard output.
#[derive(Clone, Debug)]
pub struct Compiler {
    /// The program.
    pub program: PathBuf,
    /// What it is told first.
    pub args: Vec<OsString>,
    /// Most memory.
    pub memory: u64,
    /// Longest time.
    pub time: Duration,
}

/// Ends the process whatever happens to whoever waits for it.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Compiler {
    /// Compiles a module on so many threads, where the engine has a choice; whoever calls has to wait.
    pub(super) fn compile(
        &self,
        runtime: &str,
        wasm: &[u8],
        threads: usize,
    ) -> Result<Artifact, RuntimeError> {
        let io = |e: std::io::Error| RuntimeError::Io(format!("a process to compile in: {e}"));
        // Files instead of pipes: nobody waits for anybody, and a bomb fills a disk instead of our memory.
        let (mut input, mut output, mut words) =
            (file().map_err(io)?, file().map_err(io)?, file().map_err(io)?);
        input.write_all(wasm).and_then(|()| input.seek(SeekFrom::Start(0))).map_err(io)?;
        let child = Command::new(&self.program)
            .args(&self.args)
            .args(["--runtime", runtime])
            .args(["--memory", &self.memory.to_string()])
            .args(["--seconds", &self.time.as_secs().max(1).to_string()])
            // Engines that compile in parallel do it with rayon.
            .env("RAYON_NUM_THREADS", threads.to_string())
            .stdin(Stdio::from(input))
            .stdout(Stdio::from(output.try_clone().map_err(io)?))
            .stderr(Stdio::from(words.try_clone().map_err(io)?))
            .spawn()
            .map_err(io)?;
        let mut child = Killed(child);
        let Some(status) = ends(&mut child.0, self.time).map_err(io)? else {
            return Err(RuntimeError::Engine(format!("compiling took longer than {:?}", self.time)));
        };
        if !status.success() {
            let mut text = String::new();
            let _ = words.seek(SeekFrom::Start(0)).and_then(|_| words.take(WORDS).read_to_string(&mut text));
            let text = text.trim();
            let reason = if text.is_empty() { status.to_string() } else { text.escape_debug().to_string() };
            return Err(RuntimeError::Engine(format!("compiling failed: {reason}")));
        }
        let mut bytes = Vec::new();
        output.seek(SeekFrom::Start(0)).and_then(|_| output.read_to_end(&mut bytes)).map_err(io)?;
        let artifact = Artifact::from_bytes(bytes)?;
        let sha256 = runoff_runtime::sha256_hex(wasm);
        if hex::encode(artifact.module_sha256()) != sha256 {
            return Err(RuntimeError::Engine("the compiler answered with another module".into()));
        }
        Ok(artifact)
    }
}

/// Waits for the end of a process, at most so long; `None` when it goes on.
fn ends(child: &mut Child, longest: Duration) -> std::io::Result<Option<ExitStatus>> {
    let end = Instant::now() + longest;
    // Systems that cannot wait for a process and a clock at once are asked again and again.
    let handle = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let handle = handle.and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok());
    let mut nap = Duration::from_micros(500);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        if let Some(handle) = &handle {
            let left = Timespec { tv_sec: left.as_secs().cast_signed(), tv_nsec: left.subsec_nanos().into() };
            match poll(&mut [PollFd::new(handle, PollFlags::IN)], Some(&left)) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        } else {
            std::thread::sleep(nap.min(left));
            nap = (nap * 2).min(Duration::from_millis(5));
        }
    }
}

fn file() -> std::io::Result<File> {
    tempfile::tempfile()
}
