//! From arguments to workloads and runtimes.

use std::collections::BTreeMap;

use runoff_runtimes::{Availability, Entry, Reach, Registry};
use runoff_workloads::{Overrides, SAMPLES, Workload, resolve};

use crate::args::Subject;
use crate::exit::{USAGE, coded};
use crate::support::output;

/// `HOST[::GUEST]`; without a guest path the guest sees the host's.
pub(crate) fn dirs(list: &[String]) -> Vec<(String, String)> {
    let split = |text: &String| match text.split_once("::") {
        Some((host, guest)) => (host.to_owned(), guest.to_owned()),
        None => (text.clone(), text.clone()),
    };
    list.iter().map(split).collect()
}

/// `KEY=VALUE`.
pub(crate) fn env(list: &[String]) -> anyhow::Result<BTreeMap<String, String>> {
    list.iter()
        .map(|text| match text.split_once('=') {
            Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
            _ => Err(coded(USAGE, format!("`{text}` is not KEY=VALUE"))),
        })
        .collect()
}

/// The workloads asked for; the phase samples when none is.
pub(crate) fn workloads(subject: &Subject) -> anyhow::Result<Vec<Workload>> {
    let invoke = subject.invoke.as_ref().and_then(|words| words.split_first());
    let overrides = Overrides {
        invoke: invoke.map(|(export, args)| (export.clone(), args.to_vec())),
        args: subject.arg.clone(),
        stdin: subject.stdin.clone(),
        dirs: dirs(&subject.dir),
        env: env(&subject.env)?,
        size: subject.size.clone(),
    };
    let samples = SAMPLES.map(str::to_owned);
    let what = if subject.what.is_empty() { samples.as_slice() } else { &subject.what };
    check_given(subject)?;
    let mut found: Vec<Workload> = Vec::new();
    for name in what {
        for mut workload in resolve(name, &overrides)? {
            // Names are keys in the result: two files of the same name keep their folders apart.
            let taken = |n: &str| found.iter().any(|w| w.spec.name == n);
            if taken(&workload.spec.name) {
                let path = workload.spec.path.clone().unwrap_or_else(|| workload.spec.name.clone());
                workload.spec.name = if taken(&path) { format!("{path}#{}", found.len()) } else { path };
            }
            found.push(workload);
        }
    }
    if let Some(size) = &subject.size
        && !found.iter().any(|w| w.spec.name.contains('@'))
    {
        return Err(coded(
            USAGE,
            format!("nothing asked for comes in sizes, so --size {size} means nothing"),
        ));
    }
    Ok(found)
}

/// What every worker would stumble over is said once, before the first starts.
fn check_given(subject: &Subject) -> anyhow::Result<()> {
    if let Some(file) = &subject.stdin {
        let open = std::fs::File::open(file);
        open.map_err(|e| coded(USAGE, format!("cannot read standard input {}: {e}", file.display())))?;
    }
    for (host, _) in dirs(&subject.dir) {
        let list = std::fs::read_dir(&host);
        list.map_err(|e| coded(USAGE, format!("cannot use the directory {host}: {e}")))?;
    }
    Ok(())
}

/// The runtimes asked for, by id or engine, in registry order; what is absent is said, not skipped silently.
pub(crate) fn runtimes<'a>(registry: &'a Registry, list: &str) -> anyhow::Result<Vec<&'a Entry>> {
    check_runtimes(registry, list)?;
    let mut ready = Vec::new();
    for entry in registry.entries() {
        let id = entry.id().as_str();
        let command = matches!(entry.reach(), Reach::CommandLine(_));
        let named = names(list).any(|want| matches(id, want));
        let swept = names(list).any(|want| (want == ALL && !command) || (want == COMMANDS && command));
        match entry.availability() {
            Availability::Ready if named || swept => ready.push(entry),
            // Everything there is does not mean everything there could be.
            Availability::Absent { how } if named => output::warn(&format!("{id} is absent: {how}")),
            _ => {}
        }
    }
    if ready.is_empty() {
        return Err(coded(USAGE, format!("`{list}` names no runtime that is there; see `runoff runtimes`")));
    }
    Ok(ready)
}

/// The one runtime a user named by id or engine; of an engine's variants the first.
pub(crate) fn one_runtime<'a>(registry: &'a Registry, name: &str) -> anyhow::Result<&'a Entry> {
    registry
        .get(name)
        .or_else(|| registry.entries().iter().find(|e| matches(e.id().as_str(), name)))
        .ok_or_else(|| unknown(registry, name))
}

/// What is measured phase by phase.
pub(crate) const ALL: &str = "all";

/// What is timed as whole processes.
pub(crate) const COMMANDS: &str = "commands";

/// An error for the first name in a list that no runtime has.
pub(crate) fn check_runtimes(registry: &Registry, list: &str) -> anyhow::Result<()> {
    let known = |want: &str| {
        [ALL, COMMANDS].contains(&want) || registry.entries().iter().any(|e| matches(e.id().as_str(), want))
    };
    names(list).find(|want| !known(want)).map_or(Ok(()), |want| Err(unknown(registry, want)))
}

/// Whether a list of ids and engines names this runtime.
pub(crate) fn chosen(list: &str, id: &str) -> bool {
    names(list).any(|want| want == ALL || matches(id, want))
}

pub(crate) fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|w| !w.is_empty())
}

fn unknown(registry: &Registry, name: &str) -> anyhow::Error {
    let ids: Vec<_> = registry.entries().iter().map(|e| e.id().as_str()).collect();
    coded(USAGE, format!("no runtime `{name}`; there are {}", ids.join(", ")))
}

/// Whether a name is this runtime's id or engine.
pub(crate) fn matches(id: &str, want: &str) -> bool {
    id == want || id.split('/').next() == Some(want)
}
