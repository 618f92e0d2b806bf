//! The child process a driver runs in, and lines to and from it.

use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use runoff_runtime::RuntimeError;

use super::DriverCommand;
use super::messages::{Request, Response};
use crate::scratch::Scratch;

/// Longest line accepted, bytes.
const MAX_LINE: u64 = 1 << 20;

/// How long a driver may take to leave after the end of its input.
const PATIENCE: Duration = Duration::from_millis(500);

/// A driver's process. Lines are read without a deadline: whoever needs one runs this in a process it can kill.
pub(super) struct Pipe {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    /// Files of modules, artifacts and memories.
    scratch: Scratch,
    numbers: u32,
}

/// Why there was no answer.
#[derive(Clone, Debug)]
pub(super) struct Broken(pub(super) String);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Broken> for RuntimeError {
    fn from(broken: Broken) -> Self {
        Self::Engine(broken.0)
    }
}

impl Pipe {
    pub(super) fn start(command: &DriverCommand) -> Result<Self, Broken> {
        let scratch = Scratch::new().map_err(|e| Broken(e.to_string()))?;
        let mut child = Command::new(&command.program)
            .args(&command.args)
            // What a driver leaves when it is killed goes with the folder.
            .env("TMPDIR", scratch.path())
            .envs(&command.env)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| Broken(format!("cannot start {}: {e}", command.program.display())))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Broken("the driver has no standard streams".into()));
        };
        Ok(Self { child, input: Some(input), output: BufReader::new(output), scratch, numbers: 0 })
    }

    /// A number no module, instance or file of this driver has yet.
    pub(super) fn number(&mut self) -> u32 {
        self.numbers += 1;
        self.numbers
    }

    /// A file of that number.
    pub(super) fn file(&self, number: u32) -> std::path::PathBuf {
        self.scratch.path().join(number.to_string())
    }

    /// The next line as text.
    pub(super) fn line(&mut self) -> Result<String, Broken> {
        let mut line = String::new();
        match (&mut self.output).take(MAX_LINE).read_line(&mut line) {
            Ok(0) => Err(Broken(self.obituary())),
            Ok(_) if line.ends_with('\n') => Ok(line),
            Ok(_) => Err(Broken("the driver sent a line longer than any message, or half of one".into())),
            Err(e) => Err(Broken(format!("cannot read from the driver: {e}"))),
        }
    }

    pub(super) fn send(&mut self, request: &Request) -> Result<(), Broken> {
        let mut line = serde_json::to_vec(request).map_err(|e| Broken(e.to_string()))?;
        line.push(b'\n');
        let sent = self.input.as_mut().map(|input| input.write_all(&line));
        match sent {
            Some(Ok(())) => Ok(()),
            Some(Err(_)) | None => Err(Broken(self.obituary())),
        }
    }

    pub(super) fn receive(&mut self) -> Result<Response, Broken> {
        let line = self.line()?;
        serde_json::from_str(&line).map_err(|e| Broken(format!("the driver sent no message ({e})")))
    }

    /// Asks something no guest runs for.
    pub(super) fn ask(&mut self, request: &Request) -> Result<Response, Broken> {
        self.send(request)?;
        self.receive()
    }

    fn obituary(&mut self) -> String {
        match self.child.wait() {
            Ok(status) => format!("the driver ended ({status})"),
            Err(e) => format!("the driver ended ({e})"),
        }
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        // The end of its input tells a driver to go; one that stays is killed.
        self.input = None;
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            match self.child.try_wait() {
                Ok(None) => thread::sleep(Duration::from_millis(1)),
                Ok(Some(_)) | Err(_) => return,
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
