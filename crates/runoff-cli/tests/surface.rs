//! Help, completions, lists, and pipes that close.

mod common;

use std::io::Read;
use std::process::Stdio;

use common::Runoff;

#[test]
fn every_subcommand_explains_itself() {
    let runoff = Runoff::new();
    let (code, help, _) = runoff.run(["--help"]);
    assert_eq!(code, 0);
    assert!(help.contains("Exit codes") && !help.contains("worker"), "{help}");
    for command in [
        "bench",
        "pick",
        "run",
        "compare",
        "report",
        "history",
        "show",
        "simulate",
        "runtimes",
        "doctor",
        "completions",
    ] {
        assert!(help.contains(command), "{command} is not listed");
        let (code, own, err) = runoff.run([command, "--help"]);
        assert_eq!(code, 0, "{err}");
        // Every option has words behind it: nothing but the usage line mentions an option alone.
        let bare: Vec<_> =
            own.lines().map(str::trim).filter(|l| l.starts_with("--") && !l.contains("  ")).collect();
        let lines: Vec<_> = own.lines().collect();
        for option in bare {
            let at = lines.iter().position(|l| l.trim() == option).expect("the line");
            let next = lines.get(at + 1).is_some_and(|l| l.starts_with("          "));
            assert!(next, "{command} {option} is not explained");
        }
    }
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (code, script, _) = runoff.run(["completions", shell]);
        assert!(code == 0 && script.contains("bench"), "{shell}");
    }
}

#[test]
fn runtimes_are_listed_with_what_matters() {
    let runoff = Runoff::new();
    let (code, table, err) = runoff.run(["runtimes", "--verbose"]);
    assert_eq!(code, 0, "{err}");
    for id in runoff.runtimes() {
        assert!(table.contains(&id), "{id} is not in {table}");
    }
    assert!(table.contains("Business Source License"), "a licence that restricts use is said");
    let list = runoff.json(&["runtimes"]);
    for entry in list.as_array().expect("a list") {
        if entry["available"] == false {
            assert!(entry["reason"].as_str().is_some_and(|how| !how.is_empty()), "{entry:#}");
            continue;
        }
        assert!(entry["identity"]["version"].as_str().is_some_and(|v| !v.is_empty()), "{entry:#}");
        assert!(entry["capabilities"]["features"].is_array(), "{entry:#}");
    }
    let doctor = runoff.json(&["doctor"]);
    assert!(doctor["machine"]["cores"].as_u64().is_some_and(|n| n > 0));
    assert!(doctor["findings"].as_array().is_some_and(|f| f.iter().any(|x| x["what"] == "counters")));
}

#[test]
fn a_reader_that_leaves_ends_us_quietly() {
    let runoff = Runoff::new();
    let mut child = runoff
        .process(["completions", "zsh"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a start");
    let mut out = child.stdout.take().expect("a pipe");
    out.read_exact(&mut [0; 10]).expect("some output");
    drop(out);
    let mut err = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("text");
    let status = child.wait().expect("an end");
    assert!(!err.contains("panicked"), "{err}");
    assert!(status.success() || err.is_empty(), "{status}: {err}");
}
