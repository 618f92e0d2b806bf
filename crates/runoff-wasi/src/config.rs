//! What a guest is given.

use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Where standard input comes from.
#[derive(Clone, Debug, Default)]
pub enum Input {
    /// Always at its end.
    #[default]
    Empty,
    /// These bytes.
    Bytes(Arc<[u8]>),
    /// A file.
    File(PathBuf),
    /// The process's own.
    Inherit,
}

/// Where an output stream goes.
#[derive(Clone, Debug)]
pub enum Output {
    /// Nowhere.
    Discard,
    /// Kept in memory up to this many bytes; a guest that writes more is ended.
    Capture(usize),
    /// A file, created or truncated.
    File(PathBuf),
    /// The process's own.
    Inherit,
}

impl Default for Output {
    fn default() -> Self {
        Self::Capture(64 << 20)
    }
}

/// Where random bytes come from.
#[derive(Clone, Copy, Debug, Default)]
pub enum Randomness {
    /// The operating system.
    #[default]
    System,
    /// A seed: every instance gets the same bytes.
    Seed(u64),
}

/// The clocks a guest can read.
pub trait Clocks: Send + Sync + Debug {
    /// Nanoseconds since 1970 UTC.
    fn realtime_ns(&self) -> u64;
    /// Nanoseconds since some fixed point, never going back.
    fn monotonic_ns(&self) -> u64;
    /// Waits; whether it did so to the end. A guest that was woken early must not go on: it would take the time for gone.
    fn sleep(&self, duration: Duration) -> bool;
}

/// The machine's clocks.
#[derive(Clone, Debug)]
pub struct SystemClocks(Instant);

impl Default for SystemClocks {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clocks for SystemClocks {
    fn realtime_ns(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as u64)
    }

    fn monotonic_ns(&self) -> u64 {
        // Not zero at the start: some programs take zero for "unset".
        self.0.elapsed().as_nanos() as u64 + 1
    }

    fn sleep(&self, duration: Duration) -> bool {
        std::thread::sleep(duration);
        true
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Preopen {
    pub(crate) host: PathBuf,
    pub(crate) guest: String,
    pub(crate) read_only: bool,
}

/// What a guest is given: arguments, environment, streams, directories, clocks. Cheap to clone; one
/// configuration makes a fresh [`crate::Wasi`] for every instance.
#[derive(Clone, Debug)]
pub struct WasiConfig {
    pub(crate) args: Vec<String>,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) stdin: Input,
    pub(crate) stdout: Output,
    pub(crate) stderr: Output,
    pub(crate) preopens: Vec<Preopen>,
    pub(crate) clocks: Arc<dyn Clocks>,
    pub(crate) randomness: Randomness,
    pub(crate) max_sleep: Duration,
}

impl Default for WasiConfig {
    fn default() -> Self {
        Self {
            args: Vec::new(),
            env: Vec::new(),
            stdin: Input::default(),
            stdout: Output::default(),
            stderr: Output::default(),
            preopens: Vec::new(),
            clocks: Arc::new(SystemClocks::default()),
            randomness: Randomness::default(),
            max_sleep: Duration::MAX,
        }
    }
}

impl WasiConfig {
    /// No arguments, no environment, empty input, captured output, no directories.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an argument; the first is the program's name.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Adds an environment variable.
    #[must_use]
    pub fn env(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.push((key.into(), value.into()));
        self
    }

    /// Sets standard input.
    #[must_use]
    pub fn stdin(mut self, input: Input) -> Self {
        self.stdin = input;
        self
    }

    /// Sets standard input to these bytes.
    #[must_use]
    pub fn stdin_bytes(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin(Input::Bytes(Arc::from(bytes.into())))
    }

    /// Sets standard output.
    #[must_use]
    pub fn stdout(mut self, output: Output) -> Self {
        self.stdout = output;
        self
    }

    /// Sets standard error.
    #[must_use]
    pub fn stderr(mut self, output: Output) -> Self {
        self.stderr = output;
        self
    }

    /// Lets the guest use a host directory under a path of its own.
    #[must_use]
    pub fn preopen(mut self, host: impl Into<PathBuf>, guest: impl Into<String>) -> Self {
        self.preopens.push(Preopen { host: host.into(), guest: guest.into(), read_only: false });
        self
    }

    /// Like [`WasiConfig::preopen`], but nothing in it can be changed.
    #[must_use]
    pub fn preopen_read_only(mut self, host: impl Into<PathBuf>, guest: impl Into<String>) -> Self {
        self.preopens.push(Preopen { host: host.into(), guest: guest.into(), read_only: true });
        self
    }

    /// Replaces the clocks.
    #[must_use]
    pub fn clocks(mut self, clocks: Arc<dyn Clocks>) -> Self {
        self.clocks = clocks;
        self
    }

    /// Replaces the source of random bytes.
    #[must_use]
    pub fn randomness(mut self, randomness: Randomness) -> Self {
        self.randomness = randomness;
        self
    }

    /// The longest one `poll_oneoff` may wait; a longer wait ends the guest.
    #[must_use]
    pub fn max_sleep(mut self, longest: Duration) -> Self {
        self.max_sleep = longest;
        self
    }
}
