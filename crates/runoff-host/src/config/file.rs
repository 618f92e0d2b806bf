//! The file as it is written.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::quantity::{Size, Time};

/// How a function takes a request and gives an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AbiName {
    /// `_start`: the body on standard input, the answer on standard output.
    Command,
    /// `_start` with CGI variables; a header block, then the body, on standard output.
    Wagi,
    /// `runoff_call`: bytes in, bytes out, over shared memory (docs/CALLS.md).
    Call,
}

/// How the access log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One line of words per request.
    #[default]
    Text,
    /// One JSON object per request.
    Json,
    /// None.
    Off,
}

/// What is served, and within which bounds.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "runoff.toml")]
pub struct ConfigFile {
    /// Address and port requests come in at; default `127.0.0.1:8080`. Port 0 takes a free one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listen: Option<String>,
    /// Runtimes the host may use, by id or engine; default every one that may run untrusted code in this process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtimes: Option<Vec<String>>,
    /// Threads guests run on; default four per processor, at least eight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threads: Option<usize>,
    /// Whether functions whose runs take long keep off one processor, where there are several, so that requests are read and
    /// answered meanwhile; default true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spare_processor: Option<bool>,
    /// Requests under way in the whole host before 503 is answered; default 1024.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_requests: Option<usize>,
    /// Memory for the bodies of all requests together, from their first byte to their answer, before 503 is answered; default
    /// 256MiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bodies: Option<Size>,
    /// Open connections; default 4096.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_connections: Option<usize>,
    /// Background builds at once; default 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build_slots: Option<usize>,
    /// Longest build of one module for one runtime; default 60s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build_time: Option<Time>,
    /// Most memory of a process that builds; default 2GiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build_memory: Option<Size>,
    /// Memory for compiled code; default 1GiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_memory: Option<Size>,
    /// Largest module accepted; default 64MiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_module: Option<Size>,
    /// How the access log is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<LogFormat>,
    /// Times of connections.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeouts: Option<TimeoutFile>,
    /// Where compiled code and profiles are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreFile>,
    /// Processes for runtimes that need them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workers: Option<WorkerFile>,
    /// Traces, sent to a collector; absent is off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otlp: Option<OtlpFile>,
    /// The admin API and metrics; absent is off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin: Option<AdminFile>,
    /// The functions.
    #[serde(default, rename = "function", skip_serializing_if = "Vec::is_empty")]
    pub functions: Vec<FunctionFile>,
}

/// Times of connections.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TimeoutFile {
    /// Until a request's headers are in; default 10s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<Time>,
    /// Longest pause within a request's body; default 10s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Time>,
    /// Longest time for all of a request's body; default 60s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_total: Option<Time>,
    /// Longest pause while a client does not read its answer; default 30s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write: Option<Time>,
    /// For requests under way when the host is told to stop; default 30s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace: Option<Time>,
}

/// Where compiled code and profiles are kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StoreFile {
    /// Whether there is one; default true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Folder; default `host` in Runoff's state folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
}

/// Processes for runtimes whose guests can only be stopped by killing one, or that are to be contained in one.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct WorkerFile {
    /// Processes of one runtime; default one per processor, at least two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub processes: Option<usize>,
    /// Most memory of a process; default 1GiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Size>,
    /// Requests a process answers before it is replaced; default 1000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<u32>,
    /// Runtimes, by id or engine, that run in such processes though they could run trusted functions in the host's: then
    /// any function may use them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub runtimes: Vec<String>,
}

/// Traces in the OpenTelemetry protocol.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OtlpFile {
    /// The collector, as `http://HOST:PORT` or with a path; default path `/v1/traces`. Without encryption: a collector
    /// elsewhere is reached through one on this machine.
    pub endpoint: String,
    /// Share of requests that are traced, from 0 to 1; default 1. Whoever sends a `traceparent` decides for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<f64>,
    /// `service.name` of the spans; default `runoff`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
}

/// The admin API and metrics.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AdminFile {
    /// Address and port, of this machine only.
    pub listen: String,
    /// File with the token; made with a new one when it is not there. Default `admin.token` in the store's folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_file: Option<PathBuf>,
}

/// One function.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FunctionFile {
    /// Its name; default the module's file name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its module (`.wasm`), from the file's folder.
    pub module: PathBuf,
    /// Path it answers, and everything below it; default `/NAME`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
    /// How it is called; default what its exports say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abi: Option<AbiName>,
    /// Longest time from request to answer; default 5s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Time>,
    /// Largest linear memory, all memories of an instance together; default 64MiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Size>,
    /// Largest table, in elements; default 100000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table_elements: Option<u32>,
    /// Requests at once, waiting ones included, before 429 is answered; default 256.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<usize>,
    /// Largest request body; default 1MiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Size>,
    /// Largest output; default 8MiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Size>,
    /// Environment; nothing of the host's own is passed on.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, String>,
    /// Arguments after the program's name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
    /// Directories it may read, guest path to host path.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dirs: BTreeMap<String, PathBuf>,
    /// `content-type` of answers of `command` and `call`; default `application/octet-stream`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// Whether an instance may answer more than one request (`call` only).
    #[serde(default)]
    pub stateless: bool,
    /// Requests per instance when `stateless`; default 10000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reuse_calls: Option<u32>,
    /// Whether a request may be run twice, so that a better tier can race a slow one.
    #[serde(default)]
    pub idempotent: bool,
    /// Whether its code is vouched for: runtimes that are not for untrusted code in the host's process may run it.
    #[serde(default)]
    pub trusted: bool,
    /// Runtimes it may run on, by id or engine; default all of the host's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtimes: Option<Vec<String>>,
    /// The one runtime it runs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<String>,
}
