//! What the file means: defaults filled in, every value checked, every mistake named.

use std::collections::BTreeSet;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::file::{AbiName, ConfigFile, FunctionFile, LogFormat};
use super::folder;

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
    /// Longest pause while a client does not read.
    pub write: Duration,
    /// For requests under way when told to stop.
    pub grace: Duration,
}

/// Bounds of one function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reuse {
    /// Requests per instance.
    pub calls: u32,
}

/// A directory a guest may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOnlyDir {
    /// Where the guest sees it.
    pub guest: String,
    /// Where it is.
    pub host: PathBuf,
}

/// One function, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where requests come in.
    pub listen: SocketAddr,
    /// Runtimes the host may use; empty is all that may run untrusted code.
    pub runtimes: Vec<String>,
    /// Threads guests run on.
    pub threads: usize,
    /// Requests under way in the whole host.
    pub max_requests: usize,
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
    /// Admin API.
    pub admin: Option<(SocketAddr, Option<PathBuf>)>,
    /// The functions.
    pub functions: Vec<FunctionConfig>,
}

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
        let mut functions = Vec::new();
        for (index, function) in file.functions.into_iter().enumerate() {
            functions.push(function_config(function, index, folder, &mut problems));
        }
        twice(&functions, &mut problems);
        let config = Self {
            listen,
            runtimes: file.runtimes.unwrap_or_default(),
            threads: file.threads.unwrap_or_else(|| (4 * processors()).max(8)),
            max_requests: file.max_requests.unwrap_or(1024),
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
                write: time(times.write, 30),
                grace: time(times.grace, 30),
            },
            store: store.enabled.unwrap_or(true),
            store_path: store.path.map(|p| folder.join(p)),
            admin,
            functions,
        };
        for (key, value, most) in [
            ("threads", config.threads, 1024),
            ("max-requests", config.max_requests, 1 << 20),
            ("max-connections", config.max_connections, 1 << 20),
            ("build-slots", config.build_slots, 64),
        ] {
            if !(1..=most).contains(&value) {
                problems.push(format!("{key} is {value}; it is between 1 and {most}"));
            }
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
        problems.push(format!("{key} is `{text}`, which is no address with a port; write 127.0.0.1:8080"));
        SocketAddr::from(([127, 0, 0, 1], 0))
    })
}

fn function_config(
    file: FunctionFile,
    index: usize,
    folder: &Path,
    problems: &mut Vec<String>,
) -> FunctionConfig {
    let stem = file.module.file_stem().map(|s| s.to_string_lossy().into_owned());
    let name = file.name.or(stem).unwrap_or_default();
    let label =
        if name.is_empty() { format!("function {}", index + 1) } else { format!("function `{name}`") };
    let mut wrong = |key: &str, words: String| problems.push(format!("{label}: {key} {words}"));
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.is_empty() || name.len() > 100 || !name.chars().all(plain) {
        wrong("name", format!("is `{name}`; use letters, digits, `-`, `_` and `.`, at most 100"));
    }
    let route = file.route.unwrap_or_else(|| format!("/{name}"));
    let route = if route.len() > 1 { route.trim_end_matches('/').to_owned() } else { route };
    if !route.starts_with('/') || route.contains(['?', '#', ' ', '%']) || route.contains("//") {
        wrong("route", format!("is `{route}`; it is a path such as /images, without `%`, `?` or `#`"));
    }
    let limits = FunctionLimits {
        deadline: file.deadline.map_or(Duration::from_secs(5), |t| t.0),
        memory: file.memory.map_or(64 << 20, |s| s.0),
        table_elements: file.table_elements.unwrap_or(100_000),
        concurrency: file.concurrency.unwrap_or(256),
        body: file.body.map_or(1 << 20, |s| s.0),
        output: file.output.map_or(8 << 20, |s| usize::try_from(s.0).unwrap_or(usize::MAX)),
    };
    if limits.concurrency == 0 {
        wrong("concurrency", "is 0: nothing could be answered; leave the function out instead".into());
    }
    if limits.deadline < Duration::from_millis(1) || limits.deadline > Duration::from_hours(1) {
        wrong("deadline", format!("is {:?}; it is between 1ms and 1h", limits.deadline));
    }
    if !(1 << 16..=4 << 30).contains(&limits.memory) {
        wrong("memory", format!("is {} bytes; it is between 64KiB (one page) and 4GiB", limits.memory));
    }
    for (key, value) in &file.env {
        if key.is_empty() || key.contains(['=', '\0']) || value.contains('\0') {
            wrong("env", format!("has `{key}`, which is no variable: no `=` in names and no NUL anywhere"));
        }
    }
    if file.args.iter().any(|arg| arg.contains('\0')) {
        wrong("args", "has an argument with a NUL in it".into());
    }
    let dirs: Vec<ReadOnlyDir> =
        file.dirs.into_iter().map(|(guest, host)| ReadOnlyDir { guest, host: folder.join(host) }).collect();
    for dir in &dirs {
        if !dir.host.is_dir() {
            wrong("dirs", format!("has {}, which is no folder", dir.host.display()));
        }
    }
    if file.stateless && matches!(file.abi, Some(AbiName::Command | AbiName::Wagi)) {
        wrong("stateless", "is for the abi `call`: a program that begins at `_start` runs once".into());
    }
    if !file.stateless && file.reuse_calls.is_some() {
        wrong("reuse-calls", "has no meaning without `stateless = true`".into());
    }
    if file.reuse_calls == Some(0) {
        wrong("reuse-calls", "is 0; leave `stateless` out for a fresh instance per request".into());
    }
    let content_type = file.content_type.unwrap_or_else(|| "application/octet-stream".into());
    if hyper::header::HeaderValue::from_str(&content_type).is_err() {
        wrong("content-type", format!("is `{}`, which is no header value", content_type.escape_debug()));
    }
    FunctionConfig {
        module: folder.join(&file.module),
        name,
        route,
        abi: file.abi,
        limits,
        env: file.env.into_iter().collect(),
        args: file.args,
        dirs,
        content_type,
        reuse: file.stateless.then(|| Reuse { calls: file.reuse_calls.unwrap_or(10_000) }),
        idempotent: file.idempotent,
        trusted: file.trusted,
        runtimes: file.runtimes.unwrap_or_default(),
        pin: file.pin,
    }
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
