//! What `runoff init` writes.

/// A commented configuration to start from; it is valid as it is.
pub const TEMPLATE: &str = r#"# Functions for `runoff serve`. Paths start from this file's folder; docs/HOSTING.md has everything.

# Where requests come in.
listen = "127.0.0.1:8080"

# Runtimes the host may use, by id or engine. Default: every one that may run untrusted code in the host's process.
# runtimes = ["wasmtime", "wasmi/lazy"]

# Access log on standard output: "text", "json" or "off".
# log = "text"

# Threads guests run on, and requests at once before 503 is answered.
# threads = 8
# spare-processor = true      # functions that compute keep off one of several processors
# max-requests = 1024
# max-connections = 4096
# max-bodies = "256MiB"      # for the bodies of all requests together

# Background compilation: how many builds at once, and what one may take; memory for compiled code.
# build-slots = 1
# build-time = "60s"
# build-memory = "2GiB"
# code-memory = "1GiB"
# max-module = "64MiB"

# Runtimes that can only be stopped by killing a process (wasm3, WAMR, drivers such as node/v8) run in worker
# processes, when `runtimes` names them.
# [workers]
# processes = 2
# memory = "1GiB"
# requests = 1000
# runtimes = ["wasmer/cranelift"]  # these, too: then functions that are not trusted may use them

# Traces for an OpenTelemetry collector.
# [otlp]
# endpoint = "http://127.0.0.1:4318"
# sample = 1.0
# service = "runoff"

# Metrics (/metrics), a dashboard (/) and the admin API, on this machine only, with a token.
# [admin]
# listen = "127.0.0.1:9090"

# Compiled code and profiles outlive the host here.
# [store]
# path = "store"

# [timeouts]
# header = "10s"
# body = "10s"               # longest pause within a body
# body-total = "60s"
# write = "30s"
# grace = "30s"

# A function: a module and the path it answers. Nothing is allowed that is not written here.
# [[function]]
# name = "hello"
# module = "hello.wasm"
# route = "/hello"
# abi = "command"            # body → stdin, stdout → answer; or "wagi" (CGI), or "call" (runoff_call)
# deadline = "5s"            # 504 after it
# memory = "64MiB"           # all memories of an instance
# table-elements = 100000
# concurrency = 256          # 429 beyond it
# body = "1MiB"              # 413 beyond it
# output = "8MiB"
# content-type = "text/plain; charset=utf-8"
# args = ["--verbose"]
# env = { LANG = "C" }
# dirs = { "/data" = "data" }   # read only
# stateless = true           # "call" only: an instance answers many requests
# reuse-calls = 10000        # so many
# idempotent = true          # a slow run may be raced by one on a better tier
# trusted = true             # also runtimes that are not for untrusted code in the host's process
# runtimes = ["wasmtime"]    # only these
# pin = "wasmtime/cranelift" # this one and no other
"#;
