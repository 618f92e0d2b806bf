//! From arguments to workloads and runtimes.

use std::collections::BTreeMap;

use runoff_runtimes::{Availability, Registry};
use runoff_workloads::{Overrides, Workload, bundled_names, resolve};

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

/// The workloads asked for; all bundled ones when none is.
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
    let all: Vec<String> = bundled_names().iter().map(ToString::to_string).collect();
    let what = if subject.what.is_empty() { &all } else { &subject.what };
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
    Ok(found)
}

/// The runtimes asked for, by id or engine, in registry order; what is absent is said, not skipped silently.
pub(crate) fn runtimes(registry: &Registry, list: &str) -> anyhow::Result<Vec<String>> {
    let wanted: Vec<&str> = list.split(',').map(str::trim).filter(|w| !w.is_empty()).collect();
    for want in &wanted {
        let known = *want == "all" || registry.entries().iter().any(|e| matches(e.id().as_str(), want));
        if !known {
            let ids: Vec<_> = registry.entries().iter().map(|e| e.id().as_str()).collect();
            return Err(coded(USAGE, format!("no runtime `{want}`; there are {}", ids.join(", "))));
        }
    }
    let mut chosen = Vec::new();
    for entry in registry.entries() {
        let id = entry.id().as_str();
        if wanted.iter().any(|w| *w == "all" || matches(id, w)) {
            match entry.availability() {
                Availability::Ready => chosen.push(id.to_owned()),
                Availability::Absent { how } => output::warn(&format!("{id} is absent: {how}")),
            }
        }
    }
    if chosen.is_empty() {
        return Err(coded(USAGE, format!("`{list}` names no runtime that is there; see `runoff runtimes`")));
    }
    Ok(chosen)
}

fn matches(id: &str, want: &str) -> bool {
    id == want || id.split('/').next() == Some(want)
}
