//! Stores that know what every runtime costs and how often functions are called, with nothing compiled in them: the
//! first is what the source's scheduler was given, the second what a host has seen that serves the same every day.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::request::Client;
use super::run::{App, Options, Pattern};
use super::server::{Allowed, Server};

/// Hosts that build every app for every runtime, one after the other and again: the machine may be slow for a while.
const ROUNDS: usize = 6;

/// No round begins after this time: some runtimes take seconds to compile a module.
const ENOUGH: Duration = Duration::from_mins(3);

/// Calls of every app on each of them.
const CALLS: usize = 3;

/// Longest wait for one of them.
const PATIENCE: Duration = Duration::from_mins(3);

/// What is known for each pattern.
pub(super) struct Stores(Vec<(Pattern, PathBuf)>);

impl Stores {
    /// The store for measurements of a pattern.
    pub(super) fn of(&self, pattern: Pattern) -> Option<&Path> {
        self.0.iter().find(|(p, _)| *p == pattern).map(|(_, path)| path.as_path())
    }
}

/// Makes them in `folder`: `calls` are those of a pattern, on apps by number.
pub(super) fn learn(
    options: &Options,
    apps: &[&App],
    folder: &Path,
    calls: impl Fn(Pattern) -> Vec<usize>,
) -> Result<Stores, String> {
    let times = folder.join("times");
    fs::create_dir_all(&times).map_err(|e| format!("{}: {e}", times.display()))?;
    // Under other names, so that these calls are not taken for those that come.
    let others: Vec<App> =
        apps.iter().map(|a| App { name: format!("{}-timed", a.name), ..(*a).clone() }).collect();
    let others: Vec<&App> = others.iter().collect();
    let started = Instant::now();
    let again = (0..ROUNDS).take_while(|_| started.elapsed() < ENOUGH).flat_map(|_| &options.runtimes);
    for runtime in again {
        // Runtimes the host cannot use are left out: they have a row that says why.
        let Ok(server) = Server::start(&options.program, &times, &others, &Allowed::Only(runtime)) else {
            continue;
        };
        let all = others.iter().flat_map(|app| [*app; CALLS]);
        send(server.address, all)?;
        server.stop()?;
        forget_code(&times)?;
    }
    let mut stores = Vec::new();
    for pattern in Pattern::ALL {
        let folder = folder.join(format!("{pattern:?}").to_lowercase());
        copy(&times.join("store"), &folder.join("store"))?;
        let server = Server::start(&options.program, &folder, apps, &Allowed::Choice(&options.runtimes))?;
        send(server.address, calls(pattern).into_iter().map(|i| apps[i]))?;
        server.stop()?;
        forget_code(&folder)?;
        stores.push((pattern, folder.join("store")));
    }
    Ok(Stores(stores))
}

fn forget_code(folder: &Path) -> Result<(), String> {
    let compiled = folder.join("store").join("artifacts");
    if !compiled.exists() {
        return Ok(());
    }
    fs::remove_dir_all(&compiled).map_err(|e| format!("{}: {e}", compiled.display()))
}

/// Calls; one that fails here fails where it is measured, too.
fn send<'a>(address: std::net::SocketAddr, calls: impl Iterator<Item = &'a App>) -> Result<(), String> {
    let mut client = Client::connect(address, PATIENCE)?;
    for app in calls {
        if client.get(&format!("/{}", app.name)).is_err() {
            client = Client::connect(address, PATIENCE)?;
        }
    }
    Ok(())
}

/// Copies a store.
pub(super) fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let wrong = |e: std::io::Error| format!("{}: {e}", to.display());
    fs::create_dir_all(to).map_err(wrong)?;
    for entry in fs::read_dir(from).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        let target = to.join(entry.file_name());
        if entry.file_type().map_err(wrong)?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).map_err(wrong)?;
        }
    }
    Ok(())
}
