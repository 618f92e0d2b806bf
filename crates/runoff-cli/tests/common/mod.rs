//! Driving the binary as a user does.

// Each test file uses its own part of this.
#![allow(dead_code, clippy::allow_attributes, reason = "not every test file uses every helper")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;
use tempfile::TempDir;

/// Runoff with a state folder and a working folder of its own.
pub(crate) struct Runoff {
    folder: TempDir,
}

impl Runoff {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder for the test") }
    }

    /// A file of the working folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the working folder.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).expect("a folder");
        }
        std::fs::write(&path, content).expect("a file");
        path
    }

    /// The binary with these arguments.
    pub(crate) fn process<I: AsRef<std::ffi::OsStr>>(
        &self,
        args: impl IntoIterator<Item = I>,
    ) -> std::process::Command {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_runoff"));
        command.args(args).current_dir(self.folder.path()).env("RUNOFF_HOME", self.path("home"));
        command
    }

    /// A shell in the working folder.
    pub(crate) fn shell(&self, script: &str) -> std::process::Command {
        let mut command = std::process::Command::new("bash");
        command.args(["-c", script]).current_dir(self.folder.path()).env("RUNOFF_HOME", self.path("home"));
        command
    }

    /// Runs to the end and gives exit code, standard output and standard error.
    pub(crate) fn run<I: AsRef<std::ffi::OsStr>>(
        &self,
        args: impl IntoIterator<Item = I>,
    ) -> (i32, String, String) {
        self.run_with(args, "")
    }

    /// As [`Runoff::run`], with standard input.
    pub(crate) fn run_with<I: AsRef<std::ffi::OsStr>>(
        &self,
        args: impl IntoIterator<Item = I>,
        input: &str,
    ) -> (i32, String, String) {
        let mut command = self.process(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary runs");
        // Inputs here fit into a pipe; a guest that never reads them closes it.
        let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
        let output = child.wait_with_output().expect("the binary ends");
        (
            output.status.code().unwrap_or(-1),
            String::from_utf8_lossy(&output.stdout).into_owned(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    }

    /// Runs with `--format json` and parses what it prints.
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let (code, out, err) = self.run(args.iter().chain(&["--format", "json"]));
        assert_eq!(code, 0, "{args:?}: {err}");
        serde_json::from_str(&out).unwrap_or_else(|e| panic!("{args:?}: {e} in {out}"))
    }

    /// Ids of the runtimes that are there, drivers among them; `native` and command lines left out.
    pub(crate) fn runtimes(&self) -> Vec<String> {
        let list = self.json(&["runtimes"]);
        let usable = |r: &&Value| r["available"] == true && r["process_only"] != true;
        let ids = list.as_array().expect("a list").iter().filter(usable);
        ids.filter_map(|r| r["identity"]["id"].as_str())
            .filter(|id| *id != "native")
            .map(ToOwned::to_owned)
            .collect()
    }
}

/// A file of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Lines of a result file, parsed; a torn last line is an error here.
pub(crate) fn records(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).expect("a result file");
    text.lines().map(|line| serde_json::from_str(line).expect("a whole line")).collect()
}
