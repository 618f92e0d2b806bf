//! Configurations as people write them, right and wrong.

use std::path::Path;
use std::time::Duration;

use runoff_host::config::{Config, ConfigFile, LogFormat, Source, TEMPLATE};

fn parse(text: &str) -> Result<Config, String> {
    Config::parse(text, Path::new("/srv/runoff.toml")).map_err(|e| e.to_string())
}

#[test]
fn the_template_is_valid_as_it_is_and_with_everything_switched_on() {
    let config = parse(TEMPLATE).expect("valid");
    assert!(config.functions.is_empty() && config.listen.to_string() == "127.0.0.1:8080");
    let on: String = TEMPLATE
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if rest.starts_with('[') || rest.contains(" = ") => format!("{rest}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    // The folder of the example is not there, and an instance of `command` is not used again.
    let problems = parse(&on).expect_err("problems");
    assert!(
        problems.contains("2 mistakes") && problems.contains("/srv/data") && problems.contains("stateless")
    );
    let on = on.replace("dirs = ", "#").replace("stateless = ", "#").replace("reuse-calls = ", "#");
    let config = parse(&on).expect("valid");
    assert_eq!(config.functions[0].limits.deadline, Duration::from_secs(5));
    assert_eq!(config.functions[0].pin.as_deref(), Some("wasmtime/cranelift"));
}

#[test]
fn defaults_deny_and_paths_start_from_the_files_folder() {
    let config = parse("[[function]]\nmodule = \"bin/hello.wasm\"").expect("valid");
    let function = &config.functions[0];
    assert_eq!((function.name.as_str(), function.route.as_str()), ("hello", "/hello"));
    assert_eq!(function.module, Path::new("/srv/bin/hello.wasm"));
    assert!(function.env.is_empty() && function.dirs.is_empty() && !function.trusted);
    assert!(function.reuse.is_none() && config.admin.is_none() && config.log == LogFormat::Text);
    assert!(config.listen.ip().is_loopback());
}

#[test]
fn mistakes_are_named_all_at_once() {
    let text = r#"
listen = "here"
threads = 0
[admin]
listen = "0.0.0.0:1"
[[function]]
module = "a.wasm"
deadline = "2h"
memory = 5
concurrency = 0
route = "a?b"
env = { "A=B" = "c" }
[[function]]
module = "b/a.wasm"
content-type = "a\nb"
reuse-calls = 3
table-elements = 20000000
[otlp]
endpoint = "https://collector"
sample = 2.0
[workers]
processes = 0
"#;
    let said = parse(text).expect_err("mistakes");
    for words in [
        "/srv/runoff.toml: 15 mistakes",
        "listen is `here`",
        "admin.listen",
        "threads is 0",
        "function `a`: deadline",
        "memory is 5 bytes",
        "concurrency is 0",
        "route is `a?b`",
        "env has `A=B`",
        "is there twice",
        "content-type",
        "reuse-calls",
        "table-elements is 20000000",
        "otlp.endpoint is `https://collector`",
        "otlp.sample is 2",
        "workers.processes is 0",
    ] {
        assert!(said.contains(words), "`{words}` is not in: {said}");
    }
}

#[test]
fn unknown_keys_and_wrong_types_say_where() {
    let said = parse("[[function]]\nmodule = \"a.wasm\"\nmemry = 1").expect_err("unknown");
    assert!(said.contains("memry") && said.contains("line 3"), "{said}");
    let said = parse("[[function]]\nmodule = \"a.wasm\"\ndeadline = \"soon\"").expect_err("no time");
    assert!(said.contains("`soon` is not a duration") && said.contains("line 3"), "{said}");
}

#[test]
fn what_could_never_work_is_said_at_once() {
    for (text, words) in [
        ("runtimes = []", "runtimes is an empty list"),
        ("listen = \"localhost:80\"", "names are not looked up"),
        ("build-memory = \"1MiB\"", "build-memory is 1.00 MiB"),
        ("build-time = \"1ms\"", "build-time is 1ms"),
        ("code-memory = 0", "code-memory is 0 B"),
        ("max-module = 3", "max-module is 3 B"),
        ("max-bodies = \"1KiB\"", "max-bodies is 1.00 KiB"),
        ("[workers]\nmemory = 1", "workers.memory is 1 B"),
    ] {
        let said = parse(text).expect_err(text);
        assert!(said.contains(words), "`{words}` is not in: {said}");
    }
    for (text, words) in [
        ("module = \"\"", "module is empty"),
        ("module = \"a.wat\"", "wat2wasm a.wat"),
        ("runtimes = []", "runtimes is an empty list"),
        ("route = \"/a/../b\"", "take `.` and `..` out"),
        ("route = \"/\u{e4}\"", "percent-encode"),
        ("output = 0", "output is 0"),
        ("body = 0", "body is 0"),
        ("body = \"1GiB\"", "max-bodies allows all together 256"),
        ("dirs = { \"\" = \"/\" }", "dirs has `` for the guest"),
        ("dirs = { \"/a/../b\" = \"/\" }", "dirs has `/a/../b`"),
        ("deadline = 5", "a duration has a unit; write \"5s\" or \"5ms\""),
        ("deadline = true", "a duration such as"),
        ("memory = -1", "-1 is less than no bytes"),
        ("memory = 1.5", "a number of bytes such as"),
    ] {
        let module = if text.starts_with("module") { "name = \"n\"" } else { "module = \"a.wasm\"" };
        let said = parse(&format!("[[function]]\n{module}\n{text}")).expect_err(text);
        assert!(said.contains(words), "`{words}` is not in: {said}");
    }
}

#[test]
fn a_folder_is_a_configuration() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["b.wasm", "a.wagi.wasm", "notes.txt"] {
        std::fs::write(folder.path().join(name), b"").expect("a file");
    }
    let config = Source::at(folder.path()).read().expect("valid");
    let routes: Vec<&str> = config.functions.iter().map(|f| f.route.as_str()).collect();
    assert_eq!(routes, ["/a", "/b"]);
    let said = Source::at(Path::new("/nowhere.toml")).read().expect_err("absent").to_string();
    assert!(said.contains("/nowhere.toml") && said.contains("runoff init"), "{said}");
}

/// `RUNOFF_BLESS=1` writes it anew.
#[test]
fn the_committed_schema_is_up_to_date() {
    let mut text = serde_json::to_string_pretty(&schemars::schema_for!(ConfigFile)).expect("a schema");
    text.push('\n');
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/runoff-toml.schema.json");
    if std::env::var_os("RUNOFF_BLESS").is_some() {
        std::fs::write(&path, &text).expect("a schema file");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "{} is out of date; RUNOFF_BLESS=1 writes it anew", path.display());
}

#[test]
fn collectors_have_a_default_port_and_path() {
    let otlp = |endpoint: &str| {
        let config =
            parse(&format!("[otlp]\nendpoint = \"{endpoint}\"")).expect("valid").otlp.expect("traces");
        format!("{} {} {} {}", config.authority, config.path, config.sample, config.service)
    };
    assert_eq!(otlp("http://127.0.0.1"), "127.0.0.1:4318 /v1/traces 1 runoff");
    assert_eq!(otlp("http://here:9/at/all"), "here:9 /at/all 1 runoff");
    for wrong in ["127.0.0.1:4318", "http://", "http://a b", "ftp://x"] {
        assert!(parse(&format!("[otlp]\nendpoint = \"{wrong}\"")).is_err(), "{wrong}");
    }
}
