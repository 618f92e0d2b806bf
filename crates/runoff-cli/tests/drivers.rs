//! Drivers that do not do what they should: each is a row with its reason, and the run goes on.

mod common;

use common::{Runoff, records, repository};
use serde_json::Value;

const HELLO: &str = r#"{"msg":"hello","protocol":PROTOCOL,"clock_ns":40,"identity":{"id":"ID","version":"1","technique":"none","features":[],"flags":{},"compile_threads":1,"bounds_checks":"explicit","cpu_features":"baseline"},"capabilities":{"features":[],"compiles":true,"separate_validate":false,"save_load":false,"lazy":false,"deadline":"kill-only","memory_cap":"process-only","thread_safe_module":false,"stack_trap":false,"max_host_results":null,"code_size":false,"trust":"killable-child"}}"#;

/// A driver in the shell: says hello, waits for its job, then does `body`.
fn driver(runoff: &Runoff, id: &str, protocol: u32, body: &str) -> String {
    let hello = HELLO.replace("ID", id).replace("PROTOCOL", &protocol.to_string());
    let file = format!("{}.sh", id.replace('/', "-"));
    runoff.write(&file, format!("echo '{hello}'\nread job || exit 0\n{body}\n"));
    format!("[[driver]]\nid = \"{id}\"\ncommand = [\"sh\", \"{file}\"]\n")
}

const FIRST: &str = r#"echo '{"msg":"sample","phase":"first_call","cold":true,"ns":[200],"batch":1}'"#;

const PHASE: &str = r#"echo '{"msg":"phase","phase":"compile"}'"#;

fn answer(bits: &str) -> String {
    let outcome = r#"{"msg":"outcome","status":"ok","startup_ns":1,"answer":{"results":[{"type":"i32","bits":"BITS"}]}}"#;
    format!("echo '{}'", outcome.replace("BITS", bits))
}

#[test]
fn drivers_that_lie_hang_flood_or_die_are_rows() {
    let runoff = Runoff::new();
    let says = |ns: &str| {
        format!(r#"echo '{{"msg":"sample","phase":"compile","cold":true,"ns":[{ns}],"batch":1}}'"#)
    };
    let cases = [
        ("bad/liar", format!("{PHASE}\n{}", answer("90")), "wrong", "expected"),
        ("bad/mute", r#"echo '{"msg":"outcome","status":"ok"}'"#.to_owned(), "failed", "gives no answer"),
        ("bad/hang", format!("{PHASE}\nsleep 100"), "timed_out", "in compile"),
        ("bad/flood", "yes '{\"msg\":\"phase\",\"phase\":\"compile\"}'".to_owned(), "failed", "messages"),
        ("bad/noise", "yes noise".to_owned(), "failed", "no message"),
        (
            "bad/long",
            "head -c 3000000 /dev/zero | tr '\\0' x".to_owned(),
            "failed",
            "longer than any message",
        ),
        ("bad/dies", format!("{PHASE}\necho last words >&2\nkill -9 $$"), "crashed", "SIGKILL"),
        ("bad/quits", format!("{PHASE}\necho last words >&2\nexit 7"), "crashed", "last words"),
        ("bad/boast", says("1e15"), "failed", "more time than has passed"),
        ("bad/negative", says("-5"), "failed", "a time that is none"),
        ("bad/idle", answer("89"), "failed", "timed no first call"),
        (
            "bad/type",
            format!("{FIRST}\n{}", answer("89").replace("i32", "i64")),
            "failed",
            "its answer is (i64) and not (i32)",
        ),
        // What it started holds its output: it ended all the same.
        ("bad/parent", format!("{PHASE}\nsleep 100 &\nexit 5"), "crashed", "exited with code 5"),
        ("bad/closes", format!("{PHASE}\nexec 1>&-\nsleep 100"), "failed", "closed its output and stayed"),
        // The shell is small, what it started is not.
        (
            "bad/greedy",
            format!("{PHASE}\nhead -c 700000000 /dev/zero | tail"),
            "out_of_memory",
            "the limit is",
        ),
        ("good", format!("{FIRST}\n{}", answer("89")), "ok", ""),
    ];
    let files: Vec<String> = cases.iter().map(|(id, body, ..)| driver(&runoff, id, 1, body)).collect();
    runoff.write("runtimes.toml", files.concat());
    let what = ["bench", "fibonacci", "--runtimes", "bad,good,wasm3"];
    let bounds = ["--block-timeout", "5s", "--block-memory", "300MiB"];
    let how = ["--rounds", "1", "--out", "r.jsonl"];
    let (code, out, err) = runoff.run([&what[..], &bounds[..], &how[..]].concat());
    assert_eq!(code, 0, "{err}");
    let records = records(&runoff.path("r.jsonl"));
    let block = |id: &str| {
        let found = records.iter().find(|r| r["record"] == "block" && r["runtime"] == id);
        found.unwrap_or_else(|| panic!("no row of {id}"))
    };
    for (id, _, status, words) in &cases {
        let block = block(id);
        assert_eq!(block["status"], *status, "{block}");
        assert!(block["reason"].as_str().unwrap_or_default().contains(words), "{id}: {}", block["reason"]);
        assert!(out.contains(id), "{id} is missing in {out}");
    }
    assert_eq!(block("wasm3")["status"], "ok");
    assert_eq!(block("good")["samples"]["output"], block("wasm3")["samples"]["output"]);
}

#[test]
fn another_version_or_name_is_left_out_with_a_reason() {
    let runoff = Runoff::new();
    let other = driver(&runoff, "bad/version", 2, "sleep 100");
    let named = driver(&runoff, "bad/name", 1, "sleep 100").replace("bad/name", "bad/alias");
    let named = named.replace("bad-alias.sh", "bad-name.sh");
    runoff.write("runtimes.toml", &(other + &named));
    let what = ["bench", "fibonacci", "--runtimes", "bad,wasm3", "--rounds", "1", "--out", "r.jsonl"];
    let (code, _, err) = runoff.run(what);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("it speaks protocol 2, this is 1"), "{err}");
    assert!(err.contains("bad/alias does not start and is left out: it says it is `bad/name`"), "{err}");
}

#[test]
fn a_command_line_is_timed_as_a_whole() {
    let runoff = Runoff::new();
    let tool = runoff
        .write("tool", "#!/bin/sh\n[ $1 = --version ] && echo tool 7 && exit\nshift 2\necho 0x59:i32\n");
    std::fs::set_permissions(&tool, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("a program");
    // Leaves a process behind that holds its output.
    let messy = runoff
        .write("messy", "#!/bin/sh\n[ $1 = --version ] && echo messy 1 && exit\nsleep 100 &\necho 89\n");
    std::fs::set_permissions(&messy, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("a program");
    let template = "[[template]]\nid = \"tool\"\nprogram = \"./tool\"\nrun = [\"{wasm}\"]\n\
        invoke = [\"call\", \"{wasm}\", \"{args}\"]\ncompile = [\"cp\", \"{wasm}\", \"{artifact}\"]\n";
    let lazy = "[[template]]\nid = \"lazy\"\nprogram = \"true\"\nrun = [\"{wasm}\"]\ninvoke = [\"{wasm}\"]\nversion = [\"x\"]\n";
    let messy =
        "[[template]]\nid = \"messy\"\nprogram = \"./messy\"\nrun = [\"{wasm}\"]\ninvoke = [\"{wasm}\"]\n";
    runoff.write("runtimes.toml", &(template.to_owned() + lazy + messy));
    let list = runoff.json(&["runtimes"]);
    let row = list.as_array().expect("a list").iter().find(|r| r["identity"]["id"] == "tool").expect("a row");
    assert_eq!(
        (row["identity"]["version"].as_str(), row["process_only"].as_bool()),
        (Some("tool 7"), Some(true))
    );

    let (code, out, err) =
        runoff.run(["bench", "fibonacci", "--runtimes", "tool,wasm3", "--rounds", "4", "--out", "r.jsonl"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("whole process"), "{out}");
    let records = records(&runoff.path("r.jsonl"));
    let blocks: Vec<&Value> =
        records.iter().filter(|r| r["record"] == "block" && r["runtime"] == "tool").collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        assert_eq!(
            (block["mode"].as_str(), block["status"].as_str()),
            (Some("process"), Some("ok")),
            "{block}"
        );
        assert!(block["samples"]["process"]["wall_ns"].as_f64().expect("a time") > 0.0);
        assert!(block["samples"]["phases"]["compile"]["cold_ns"].as_f64().expect("a time") > 0.0);
        // The kernel counts what Runoff itself used, which is more than a shell does.
        assert!(block["samples"]["process"]["peak_rss"].is_null(), "{block}");
    }
    assert!(out.contains("compiled before in"), "{out}");

    let alone = ["bench", "fibonacci", "--runtimes", "tool,messy", "--rounds", "3", "--out", "alone.jsonl"];
    let (code, out, err) = runoff.run(alone);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("messy") && !out.contains("which runtime"), "nothing to choose by: {out}");
    let records = self::records(&runoff.path("alone.jsonl"));
    assert!(records.iter().all(|r| r["record"] != "block" || r["status"] == "ok"), "{records:#?}");
    // One process is no precision.
    let end = records.iter().find(|r| r["record"] == "end").expect("an end");
    assert!(end["rounds"].as_u64() > Some(1), "{end}");
}

#[test]
fn mistakes_in_the_file_are_named() {
    let runoff = Runoff::new();
    runoff.write("runtimes.toml", "[[driver]]\nid = \"x\"\ncommnad = [\"y\"]\n");
    let (code, _, err) = runoff.run(["runtimes"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("runtimes.toml") && err.contains("commnad"), "{err}");
}

#[test]
fn the_check_passes_good_drivers_and_names_what_bad_ones_do() {
    let runoff = Runoff::new();
    let (code, out, err) = runoff.run(["driver", "check", "--", "sh", "-c", "echo hi"]);
    assert_eq!(code, 3, "{out}{err}");
    assert!(out.contains("FAIL") && out.contains("it began with `hi` instead of a hello"), "{out}");
    let (code, out, err) = runoff.run(["driver", "check", "node"]);
    assert_eq!(code, 2, "{out}");
    assert!(err.contains("node/v8, node/liftoff, node/turbofan"), "{err}");
    let list = runoff.json(&["runtimes"]);
    let there = |id: &str| {
        list.as_array().expect("a list").iter().any(|r| r["identity"]["id"] == id && r["available"] == true)
    };
    for id in [
        "node/v8",
        "node/liftoff",
        "node/turbofan",
        "deno/v8",
        "bun/jsc",
        "lucet",
        "wavm",
        "wamr/classic",
        "wamr/fast-jit",
        "wamr/llvm-jit",
        "wamr/aot",
    ] {
        if !there(id) {
            // Absent ones are named by `runoff runtimes`, with what brings them.
            continue;
        }
        let (code, out, err) = runoff.run(["driver", "check", id]);
        assert_eq!(code, 0, "{id}: {out}{err}");
    }
}

#[test]
fn the_example_of_the_documentation_is_a_driver() {
    let python = std::process::Command::new("python3").args(["-c", "import wasmtime"]).output();
    if !python.is_ok_and(|o| o.status.success()) {
        // It needs a package for Python, which is not part of the set-up.
        return;
    }
    let runoff = Runoff::new();
    let script = repository("drivers/example/driver.py").display().to_string();
    let (code, out, err) = runoff.run(["driver", "check", "--", "python3", &script]);
    assert_eq!(code, 0, "{out}{err}");
}
