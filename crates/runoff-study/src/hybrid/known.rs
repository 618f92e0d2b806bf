//! A store that knows what every runtime costs, with nothing compiled in it: what the source's scheduler was given.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::request::Client;
use super::run::{App, Options};
use super::server::{Allowed, Server};

/// Calls of every app on every runtime.
const CALLS: u32 = 3;

/// Makes one in `folder`. Runtimes the host cannot use are left out: they have a row that says why.
pub(super) fn learn(options: &Options, apps: &[&App], folder: &Path) -> Result<PathBuf, String> {
    fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for runtime in &options.runtimes {
        let Ok(server) = Server::start(&options.program, folder, apps, &Allowed::Only(runtime)) else {
            continue;
        };
        let mut client = Client::connect(server.address, Duration::from_mins(3))?;
        for app in apps {
            for _ in 0..CALLS {
                // A runtime that fails here fails where it is measured, too.
                if client.get(&format!("/{}", app.name)).is_err() {
                    client = Client::connect(server.address, Duration::from_mins(3))?;
                }
            }
        }
        server.stop()?;
    }
    let compiled = folder.join("store").join("artifacts");
    if compiled.exists() {
        fs::remove_dir_all(&compiled).map_err(|e| format!("{}: {e}", compiled.display()))?;
    }
    Ok(folder.join("store"))
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
