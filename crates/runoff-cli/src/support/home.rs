//! Runoff's own files: results and what is known of modules.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use runoff_data::{PlannedWorkload, Profile, ResultFile};

/// The state folder: `$RUNOFF_HOME`, else `$XDG_STATE_HOME/runoff`, else `~/.local/state/runoff`.
pub(crate) fn home() -> anyhow::Result<PathBuf> {
    let var = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    var("RUNOFF_HOME")
        .or_else(|| var("XDG_STATE_HOME").map(|p| p.join("runoff")))
        .or_else(|| var("HOME").map(|p| p.join(".local/state/runoff")))
        .context("no place for results: set RUNOFF_HOME, or name a file with --out")
}

/// A path for a new result.
pub(crate) fn new_result(created_unix: u64) -> anyhow::Result<PathBuf> {
    let folder = home()?.join("results");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let name =
        |n: u32| if n == 0 { format!("{created_unix}.jsonl") } else { format!("{created_unix}-{n}.jsonl") };
    (0..1000).map(|n| folder.join(name(n))).find(|p| !p.exists()).context("no free name for a result")
}

/// A new folder for the results of a study.
pub(crate) fn new_study(name: &str) -> anyhow::Result<PathBuf> {
    new_in_studies(name, "")
}

/// A new file for the results of a study that has one only.
pub(crate) fn new_study_file(name: &str) -> anyhow::Result<PathBuf> {
    new_in_studies(name, ".json")
}

fn new_in_studies(name: &str, ending: &str) -> anyhow::Result<PathBuf> {
    let folder = home()?.join("studies");
    let path = |n: u32| folder.join(format!("{name}-{n}{ending}"));
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    (1..10_000).map(path).find(|p| !p.exists()).context("no free name for a study")
}

/// Profiles are kept by module and by what is called of it.
fn profile_path(sha256: &str, invoke: Option<&str>, args: &[String]) -> anyhow::Result<PathBuf> {
    let work = serde_json::to_vec(&(invoke, args))?;
    let work = &runoff_runtime::sha256_hex(&work)[..12];
    Ok(home()?.join("profiles").join(format!("{sha256}-{work}.json")))
}

/// Keeps what a run found out about its modules, for `run`.
pub(crate) fn remember(result: &ResultFile) -> anyhow::Result<()> {
    for profile in runoff_analysis::profiles(result) {
        if profile.runtimes.is_empty() {
            continue;
        }
        let path = profile_path(&profile.module_sha256, profile.invoke.as_deref(), &profile.args)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        // Written beside and renamed, so that a reader never sees half a profile.
        let beside = path.with_extension(format!("tmp-{}", std::process::id()));
        fs::write(&beside, serde_json::to_vec_pretty(&profile)?)
            .and_then(|()| fs::rename(&beside, &path))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// What is known of a module's call on this machine; a damaged or foreign profile is the same as none.
pub(crate) fn recall(work: &PlannedWorkload, machine: &str) -> Option<Profile> {
    let text = fs::read(profile_path(&work.sha256, work.invoke.as_deref(), &work.args).ok()?).ok()?;
    let profile: Profile = serde_json::from_slice(&text).ok()?;
    let fits = profile.schema_version <= runoff_data::SCHEMA_VERSION && profile.machine == machine;
    fits.then_some(profile)
}
