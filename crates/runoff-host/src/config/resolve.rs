//! What the file means: defaults filled in, every value checked, every mistake named.

use std::collections::BTreeSet;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use runoff_data::units;
use serde::{Deserialize, Serialize};

use super::file::{AbiName, ConfigFile, LogFormat};
use super::folder;
use super::function::function_config;
use super::otlp::{OtlpConfig, otlp_config};

/// How a function is called; `None` in the configuration is "what its exports say".
pub type Abi = AbiName;

/// What is wrong with a configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("cannot read {path}: {source}; `runoff init` writes a configuration to start from")]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// It is not what it should be.
    #[error("{path}: {message}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// Where and why.
        message: String,
    },
    /// Values that cannot be; all of them.
    #[error("{path}: {}", Problems(problems))]
    Invalid {
        /// The file.
        path: PathBuf,
        /// One sentence each, with the key.
        problems: Vec<String>,
    },
}

struct Problems<'a>(&'a [String]);

impl fmt::Display for Problems<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [one] => f.write_str(one),
            many => {
                write!(f, "{} mistakes", many.len())?;
                many.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
            }
        }
    }
}

/// Where the configuration comes from, to read it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// A folder of modules.
    Folder(PathBuf),
}

impl Source {
    /// A folder when it is one.
    pub fn at(path: &Path) -> Self {
        if path.is_dir() { Self::Folder(path.to_owned()) } else { Self::File(path.to_owned()) }
    }

    /// The path it is at.
    pub fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::Folder(path) => path,
        }
    }

    /// Reads and checks it.
    pub fn read(&self) -> Result<Config, ConfigError> {
        let failed = |source| ConfigError::Read { path: self.path().to_owned(), source };
        match self {
            Self::Folder(path) => Config::resolve(folder::read(path).map_err(failed)?, path, path),
            Self::File(path) => {
                let text = std::fs::read_to_string(path).map_err(failed)?;
                Config::parse(&text, path)
            }
        }
    }
}

/// Times of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until headers are in.
    pub header: Duration,
    /// Longest pause within a body.
    pub body: Duration,
    /// For all of a body.
    pub body_total: Duration,
    /// Longest pause while a client does not read.
    pub write: Duration,
    /// For requests under way when told to stop.
    pub grace: Duration,
}

/// Bounds of worker processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkerLimits {
    /// Processes of one runtime.
    pub processes: usize,
    /// Most memory of one, bytes.
    pub memory: u64,
    /// Requests before one is replaced.
    pub requests: u32,
}

/// Bounds of one function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionLimits {
    /// From request to answer.
    pub deadline: Duration,
    /// All memories of an instance together, bytes.
    pub memory: u64,
    /// Largest table, elements.
    pub table_elements: u32,
    /// Requests at once.
    pub concurrency: usize,
    /// Request body, bytes.
    pub body: u64,
    /// Output, bytes.
    pub output: usize,
}

/// How instances are used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reuse {
    /// Requests per instance.
    pub calls: u32,
}

/// A directory a guest may read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadOnlyDir {
    /// Where the guest sees it.
    pub guest: String,
    /// Where it is.
    pub host: PathBuf,
}

/// One function, checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionConfig {
    /// Its name.
    pub name: String,
    /// Its module.
    pub module: PathBuf,
    /// Path prefix it answers, without a slash at its end unless it is the root.
    pub route: String,
    /// How it is called.
    pub abi: Option<Abi>,
    /// Its bounds.
    pub limits: FunctionLimits,
    /// Environment.
    pub env: Vec<(String, String)>,
    /// Arguments after the program's name.
    pub args: Vec<String>,
    /// Directories it may read.
    pub dirs: Vec<ReadOnlyDir>,
    /// `content-type` of answers.
    pub content_type: String,
    /// Whether instances are used again.
    pub reuse: Option<Reuse>,
    /// Whether a request may be run twice.
    pub idempotent: bool,
    /// Whether its code is vouched for.
    pub trusted: bool,
    /// Runtimes it may run on; empty is all.
    pub runtimes: Vec<String>,
    /// The one runtime it runs on.
    pub pin: Option<String>,
}

/// Everything, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Where requests come in.
    pub listen: SocketAddr,
    /// Runtimes the host may use; empty is all that may run untrusted code.
    pub runtimes: Vec<String>,
    /// Threads guests run on.
    pub threads: usize,
    /// Whether functions whose runs take long keep off one processor.
    pub spare_processor: bool,
    /// Requests under way in the whole host.
    pub max_requests: usize,
    /// Memory for the bodies of all requests, bytes.
    pub max_bodies: u64,
    /// Open connections.
    pub max_connections: usize,
    /// Background builds at once.
    pub build_slots: usize,
    /// Longest build.
    pub build_time: Duration,
    /// Most memory of a process that builds, bytes.
    pub build_memory: u64,
    /// Memory for compiled code, bytes.
    pub code_memory: u64,
    /// Largest module, bytes.
    pub max_module: u64,
    /// Access log.
    pub log: LogFormat,
    /// Times of connections.
    pub timeouts: Timeouts,
    /// Whether there is a store.
    pub store: bool,
    /// Its folder; `None` is the default one.
    pub store_path: Option<PathBuf>,
    /// Worker processes.
    pub workers: WorkerLimits,
    /// Runtimes that run in worker processes though they need not, by id or engine.
    pub contained: Vec<String>,
    /// Traces.
    pub otlp: Option<OtlpConfig>,
    /// Admin API.
    pub admin: Option<(SocketAddr, Option<PathBuf>)>,
    /// The functions.
    pub functions: Vec<FunctionConfig>,
}

/// Least memory a process that builds starts with, MiB.
const LEAST_BUILD_MIB: u64 = 64;

/// Least memory of a worker, MiB.
const LEAST_WORKER_MIB: u64 = 16;

/// What starting a process and compiling the smallest module take, with room to spare.
const LEAST_BUILD_TIME: Duration = Duration::from_secs(1);

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

impl Config {
    /// Reads the text of a file; `path` is for errors, and modules are looked for in its folder.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let file: ConfigFile = toml::from_str(text)
            .map_err(|e| ConfigError::Parse { path: path.to_owned(), message: e.to_string() })?;
        Self::resolve(file, path.parent().unwrap_or(Path::new(".")), path)
    }

    /// Fills in and checks; `folder` is what relative paths start from.
    pub fn resolve(file: ConfigFile, folder: &Path, path: &Path) -> Result<Self, ConfigError> {
        let mut problems = Vec::new();
        let listen = address(file.listen.as_deref().unwrap_or("127.0.0.1:8080"), "listen", &mut problems);
        let admin = file.admin.map(|admin| {
            let listen = address(&admin.listen, "admin.listen", &mut problems);
            if !listen.ip().is_loopback() {
                problems.push(format!(
                    "admin.listen is {listen}, which others can reach: the admin API is for this machine only; use 127.0.0.1"
                ));
            }
            (listen, admin.token_file.map(|file| folder.join(file)))
        });
        let times = file.timeouts.unwrap_or_default();
        let time =
            |given: Option<super::Time>, seconds: u64| given.map_or(Duration::from_secs(seconds), |t| t.0);
        let store = file.store.unwrap_or_default();
        let workers = file.workers.unwrap_or_default();
        let otlp = file.otlp.map(|otlp| otlp_config(otlp, &mut problems));
        let mut functions = Vec::new();
        for (index, function) in file.functions.into_iter().enumerate() {
            functions.push(function_config(function, index, folder, &mut problems));
        }
        twice(&functions, &mut problems);
        let named_none = file.runtimes.as_ref().is_some_and(Vec::is_empty);
        let config = Self {
            listen,
            runtimes: file.runtimes.unwrap_or_default(),
            threads: file.threads.unwrap_or_else(|| (4 * processors()).max(8)),
            spare_processor: file.spare_processor.unwrap_or(true),
            max_requests: file.max_requests.unwrap_or(1024),
            max_bodies: file.max_bodies.map_or(256 << 20, |s| s.0),
            max_connections: file.max_connections.unwrap_or(4096),
            build_slots: file.build_slots.unwrap_or(1),
            build_time: time(file.build_time, 60),
            build_memory: file.build_memory.map_or(2 << 30, |s| s.0),
            code_memory: file.code_memory.map_or(1 << 30, |s| s.0),
            max_module: file.max_module.map_or(64 << 20, |s| s.0),
            log: file.log.unwrap_or_default(),
            timeouts: Timeouts {
                header: time(times.header, 10),
                body: time(times.body, 10),
                body_total: time(times.body_total, 60),
                write: time(times.write, 30),
                grace: time(times.grace, 30),
            },
            store: store.enabled.unwrap_or(true),
            store_path: store.path.map(|p| folder.join(p)),
            contained: workers.runtimes,
            workers: WorkerLimits {
                processes: workers.processes.unwrap_or_else(|| processors().max(2)),
                memory: workers.memory.map_or(1 << 30, |s| s.0),
                requests: workers.requests.unwrap_or(1000),
            },
            otlp,
            admin,
            functions,
        };
        for (key, value, most) in [
            ("threads", config.threads, 1024),
            ("max-requests", config.max_requests, 1 << 20),
            ("max-connections", config.max_connections, 1 << 20),
            ("build-slots", config.build_slots, 64),
            ("workers.processes", config.workers.processes, 256),
            ("workers.requests", config.workers.requests as usize, 1 << 30),
        ] {
            if !(1..=most).contains(&value) {
                problems.push(format!("{key} is {value}; it is between 1 and {most}"));
            }
        }
        // What is smaller is no bound but a way to have nothing that works.
        let mib = |n: u64| n << 20;
        for (key, value, least) in [
            ("max-bodies", config.max_bodies, mib(1)),
            ("build-memory", config.build_memory, mib(LEAST_BUILD_MIB)),
            ("code-memory", config.code_memory, mib(1)),
            ("max-module", config.max_module, 8),
            ("workers.memory", config.workers.memory, mib(LEAST_WORKER_MIB)),
        ] {
            if value < least {
                let (value, least) = (units::bytes(value), units::bytes(least));
                problems.push(format!("{key} is {value}, with which nothing works; it is at least {least}"));
            }
        }
        if config.build_time < LEAST_BUILD_TIME {
            problems.push(format!(
                "build-time is {:?}, in which nothing is built; it is at least {LEAST_BUILD_TIME:?}",
                config.build_time
            ));
        }
        if config.runtimes.is_empty() && named_none {
            problems
                .push("runtimes is an empty list: nothing could run; leave it out for all that may".into());
        }
        for function in config.functions.iter().filter(|f| f.limits.body > config.max_bodies) {
            problems.push(format!(
                "function `{}`: body is {}, but max-bodies allows all together {}",
                function.name,
                units::bytes(function.limits.body),
                units::bytes(config.max_bodies)
            ));
        }
        if problems.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError::Invalid { path: path.to_owned(), problems })
        }
    }
}

fn address(text: &str, key: &str, problems: &mut Vec<String>) -> SocketAddr {
    text.parse().unwrap_or_else(|_| {
        problems.push(format!(
            "{key} is `{text}`, which is no address with a port in numbers (names are not looked up); write 127.0.0.1:8080"
        ));
        SocketAddr::from(([127, 0, 0, 1], 0))
    })
}

fn twice(functions: &[FunctionConfig], problems: &mut Vec<String>) {
    let (mut names, mut routes) = (BTreeSet::new(), BTreeSet::new());
    for function in functions {
        if !names.insert(&function.name) {
            problems.push(format!("function `{}` is there twice; names are unique", function.name));
        }
        if !routes.insert(&function.route) {
            let (name, route) = (&function.name, &function.route);
            problems.push(format!("function `{name}`: route {route} belongs to another function already"));
        }
    }
}
