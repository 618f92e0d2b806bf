//! State of WASI in one instance.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

use crate::abi::rights;
use crate::config::{Clocks, Randomness, WasiConfig};
use crate::listing::Listing;
use crate::stdio::{Stdin, Stdout};
use crate::table::{Descriptor, Object, Table};

/// Why what a guest should be given cannot be.
#[derive(Debug, thiserror::Error)]
pub enum WasiError {
    /// A directory cannot be opened.
    #[error("cannot open the directory {path}: {source}")]
    Preopen {
        /// The directory.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A stream cannot be opened.
    #[error("cannot open {stream}: {source}")]
    Stream {
        /// Which stream.
        stream: &'static str,
        /// The cause.
        source: io::Error,
    },
    /// An argument or variable holds a NUL byte, which ends strings on the other side.
    #[error("`{0}` holds a NUL byte")]
    Nul(String),
    /// There is no source of randomness.
    #[error("cannot seed random numbers: {0}")]
    Randomness(String),
}

/// State of WASI in one instance. Kept in the instance's `HostState`.
#[derive(Debug)]
pub struct Wasi {
    pub(crate) args: Vec<String>,
    pub(crate) env: Vec<String>,
    pub(crate) stdin: Stdin,
    pub(crate) stdout: Stdout,
    pub(crate) stderr: Stdout,
    pub(crate) table: Table,
    pub(crate) clocks: Arc<dyn Clocks>,
    pub(crate) random: ChaCha20Rng,
    pub(crate) max_sleep: Duration,
}

impl Wasi {
    /// Opens what the configuration names.
    pub fn new(config: &WasiConfig) -> Result<Self, WasiError> {
        let env: Vec<String> = config.env.iter().map(|(k, v)| format!("{k}={v}")).collect();
        if let Some(bad) = config.args.iter().chain(&env).find(|text| text.contains('\0')) {
            return Err(WasiError::Nul(bad.replace('\0', "\\0")));
        }
        let stream = |stream| move |source| WasiError::Stream { stream, source };
        let random = match config.randomness {
            Randomness::Seed(seed) => ChaCha20Rng::seed_from_u64(seed),
            Randomness::System => ChaCha20Rng::try_from_rng(&mut rand::rngs::SysRng)
                .map_err(|e| WasiError::Randomness(e.to_string()))?,
        };
        let mut wasi = Self {
            args: config.args.clone(),
            env,
            stdin: Stdin::open(&config.stdin).map_err(stream("standard input"))?,
            stdout: Stdout::open(&config.stdout, false).map_err(stream("standard output"))?,
            stderr: Stdout::open(&config.stderr, true).map_err(stream("standard error"))?,
            table: Table::default(),
            clocks: Arc::clone(&config.clocks),
            random,
            max_sleep: config.max_sleep,
        };
        let input = rights::STREAM_COMMON | rights::FD_READ;
        let output = rights::STREAM_COMMON | rights::FD_WRITE;
        for (object, rights) in [(Object::Stdin, input), (Object::Stdout, output), (Object::Stderr, output)] {
            wasi.add(Descriptor { object, rights, inheriting: 0, flags: 0, read_only: false })?;
        }
        for preopen in &config.preopens {
            let dir = Dir::open_ambient_dir(&preopen.host, ambient_authority())
                .map_err(|source| WasiError::Preopen { path: preopen.host.clone(), source })?;
            let writing = rights::DIRECTORY_WRITING | rights::FILE_WRITING;
            let mask = if preopen.read_only { !writing } else { !0 };
            wasi.add(Descriptor {
                object: Object::Dir {
                    dir: Arc::new(dir),
                    preopen: Some(preopen.guest.clone()),
                    listing: Listing::default(),
                },
                rights: rights::DIRECTORY & mask,
                inheriting: (rights::DIRECTORY | rights::FILE) & mask,
                flags: 0,
                read_only: preopen.read_only,
            })?;
        }
        Ok(wasi)
    }

    fn add(&mut self, descriptor: Descriptor) -> Result<(), WasiError> {
        let full =
            |_| WasiError::Stream { stream: "so many directories", source: io::Error::other("table full") };
        self.table.push(descriptor).map(drop).map_err(full)
    }

    /// What was written to a captured standard output so far.
    pub fn stdout_bytes(&self) -> &[u8] {
        self.stdout.captured()
    }

    /// What was written to a captured standard error so far.
    pub fn stderr_bytes(&self) -> &[u8] {
        self.stderr.captured()
    }
}
