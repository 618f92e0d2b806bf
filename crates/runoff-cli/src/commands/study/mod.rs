//! `runoff study`

mod all;
mod architecture;
mod cache;
mod calls;
mod experiment;
mod hybrid;
mod kept;
mod tables;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use indicatif::{ProgressBar, ProgressStyle};
use runoff_bench::fingerprint;
use runoff_data::units;
use runoff_experiment::Judged;
use runoff_runtimes::{Reach, Registry};
use runoff_study::{StudyError, calls::serve};
use serde::Serialize;
use serde_json::{Value, json};

use crate::args::{Study, StudyExperiment};
use crate::exit::{INTERRUPTED, RUNTIME, USAGE, coded};
use crate::support::subject;

pub(crate) use architecture::child as trace;

pub(crate) fn study(args: Study) -> anyhow::Result<ExitCode> {
    match args {
        Study::All(args) => all::all(&args),
        Study::Calls(args) => calls::calls(args),
        Study::Architecture(args) => architecture::architecture(&args),
        Study::Cache(args) => cache::cache(&args),
        Study::Hybrid(args) => hybrid::hybrid(&args),
        Study::Fibonacci(args) => known("fibonacci", args),
        Study::Phases(args) => known("phases", args),
        Study::Characterise(args) => known("characterise", args),
        Study::Edge(args) => known("edge", args),
        Study::File { file, args } => experiment::file(&file, &args),
    }
}

fn known(name: &str, mut args: StudyExperiment) -> anyhow::Result<ExitCode> {
    args.from = args.from.map(|folder| part(name, &folder));
    experiment::known(name, &args)
}

/// A study's own part of a folder of `study all`; any other folder is that study's own.
fn part(name: &str, folder: &Path) -> PathBuf {
    let own = folder.join(name);
    if own.is_dir() { own } else { folder.to_owned() }
}

/// What a study found with what became of the claims, in the words that experiments have for them.
fn with_claims(report: &impl Serialize, claims: &[Judged]) -> anyhow::Result<Value> {
    let mut value = serde_json::to_value(report)?;
    let claims = claims.iter().map(|Judged { place, says, rule, found, verdict }| {
        json!({ "where": place, "says": says, "rule": rule, "found": found, "verdict": verdict.name() })
    });
    value["claims"] = claims.collect();
    Ok(value)
}

/// The child process that `study calls` compares with.
pub(crate) fn peer() -> anyhow::Result<ExitCode> {
    serve(io::stdin().lock(), io::stdout().lock())?;
    Ok(ExitCode::SUCCESS)
}

/// The two runtimes of a quick look: the one promises are about, and an interpreter.
const QUICK: &str = "wasmtime/cranelift,wasmi/eager";

/// Ids of runtimes inside this process; where none are named, all of them, or two for a quick look.
fn runtimes(registry: &Registry, list: Option<&str>, quick: bool) -> anyhow::Result<Vec<String>> {
    let list = list.unwrap_or(if quick { QUICK } else { subject::ALL });
    let chosen = subject::runtimes(registry, list)?;
    let linked = chosen.iter().filter(|e| matches!(e.reach(), Reach::Linked) && e.id().as_str() != "native");
    let ids: Vec<String> = linked.map(|e| e.id().to_string()).collect();
    if ids.is_empty() {
        let words = format!(
            "`{list}` names no runtime inside this process, which is where calls are timed one by one"
        );
        return Err(coded(USAGE, words));
    }
    Ok(ids)
}

fn failed(error: &StudyError) -> anyhow::Error {
    let code = match error {
        StudyError::Interrupted => INTERRUPTED,
        StudyError::Runtime(..) | StudyError::Trace(_) | StudyError::Io(..) => USAGE,
        _ => RUNTIME,
    };
    coded(code, error.to_string())
}

/// A program of the studies that is built apart: named by a variable, or beside this one, or where `built` in a clone
/// of the sources says.
fn program(variable: &str, name: &str, built: &str) -> Option<PathBuf> {
    if let Some(program) = std::env::var_os(variable) {
        return Some(program.into());
    }
    let own = std::env::current_exe().ok()?;
    let places = own.ancestors().take(5).flat_map(|folder| [folder.join(name), folder.join(built)]);
    places.into_iter().find(|place| place.is_file())
}

/// This machine, now: what a chapter says of where it was measured.
fn facts() -> Vec<(String, String)> {
    let machine = fingerprint();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    [
        ("machine", format!("{} × {} ({})", machine.cores, machine.cpu, machine.arch)),
        ("measured", units::moment(now.as_secs())),
        ("Runoff", env!("CARGO_PKG_VERSION").to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    let style = ProgressStyle::with_template("{spinner} {elapsed} {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
