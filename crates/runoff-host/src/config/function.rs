//! What a function's entry means.

use std::path::Path;
use std::time::Duration;

use super::file::{AbiName, FunctionFile};
use super::resolve::{FunctionConfig, FunctionLimits, ReadOnlyDir, Reuse};

/// Fills in and checks one function; what is wrong is added to the problems.
pub(super) fn function_config(
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
    } else if route.split('/').any(|segment| segment == "." || segment == "..") {
        wrong(
            "route",
            format!("is `{route}`; clients take `.` and `..` out of a path before they ask for it"),
        );
    } else if !route.bytes().all(|b| b.is_ascii_graphic()) {
        let words =
            "clients percent-encode such a character, and routes are compared as they are sent: use ASCII";
        wrong("route", format!("is `{}`; {words}", route.escape_debug()));
    }
    if file.module.as_os_str().is_empty() {
        wrong("module", "is empty; it is the path of a `.wasm` file".into());
    } else if file.module.extension().is_some_and(|e| e == "wat" || e == "wast") {
        let path = file.module.display();
        wrong("module", format!("is {path}, which is text; compile it first: wat2wasm {path}"));
    }
    let limits = FunctionLimits {
        deadline: file.deadline.map_or(Duration::from_secs(5), |t| t.0),
        memory: file.memory.map_or(64 << 20, |s| s.0),
        table_elements: file.table_elements.unwrap_or(100_000),
        concurrency: file.concurrency.unwrap_or(256),
        body: file.body.map_or(1 << 20, |s| s.0),
        output: file.output.map_or(8 << 20, |s| usize::try_from(s.0).unwrap_or(usize::MAX)),
    };
    if limits.table_elements > 10_000_000 {
        wrong("table-elements", format!("is {}; it is at most 10000000", limits.table_elements));
    }
    if limits.body == 0 {
        wrong("body", "is 0: every request with a body would be refused; the least is 1 byte".into());
    }
    if limits.output == 0 {
        wrong("output", "is 0: nothing could be answered; the least is 1 byte".into());
    }
    if file.runtimes.as_ref().is_some_and(Vec::is_empty) {
        wrong(
            "runtimes",
            "is an empty list: it could run nowhere; leave it out for all of the host's".into(),
        );
    }
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
        let guest = &dir.guest;
        if guest.is_empty() || guest.contains('\0') || guest.split('/').any(|part| part == "..") {
            let guest = guest.escape_debug();
            wrong(
                "dirs",
                format!("has `{guest}` for the guest, which is no name for a folder; write \"/data\""),
            );
        }
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
