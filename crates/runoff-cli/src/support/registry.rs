//! All runtimes of this program: linked, and declared in files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Once;

use anyhow::Context;
use runoff_runtimes::Registry;
use runoff_runtimes::declared::{Declared, Places};
use runoff_runtimes::native::Twin;

use super::{home, output};

/// What comes with Runoff.
const BUILT_IN: &str = include_str!("../../../../drivers/runtimes.toml");

/// The JavaScript driver, for a Runoff that was installed without its sources.
const NODE_DRIVER: [(&str, &str); 14] = [
    ("clock.mjs", include_str!("../../../../drivers/node/clock.mjs")),
    ("command.mjs", include_str!("../../../../drivers/node/command.mjs")),
    ("driver.mjs", include_str!("../../../../drivers/node/driver.mjs")),
    ("engine.mjs", include_str!("../../../../drivers/node/engine.mjs")),
    ("exact.mjs", include_str!("../../../../drivers/node/exact.mjs")),
    ("features.mjs", include_str!("../../../../drivers/node/features.mjs")),
    ("guest.mjs", include_str!("../../../../drivers/node/guest.mjs")),
    ("lines.mjs", include_str!("../../../../drivers/node/lines.mjs")),
    ("measure.mjs", include_str!("../../../../drivers/node/measure.mjs")),
    ("session.mjs", include_str!("../../../../drivers/node/session.mjs")),
    ("traps.mjs", include_str!("../../../../drivers/node/traps.mjs")),
    ("usage.mjs", include_str!("../../../../drivers/node/usage.mjs")),
    ("values.mjs", include_str!("../../../../drivers/node/values.mjs")),
    ("wasi.mjs", include_str!("../../../../drivers/node/wasi.mjs")),
];

/// Every runtime: linked ones first, then those of the files, the later file winning.
pub(crate) fn registry(twins: &'static [Twin]) -> anyhow::Result<Registry> {
    let mut registry = Registry::new(twins);
    let places = Places { drivers: Some(drivers()?) };
    let mut declared = Declared::parse(BUILT_IN, Path::new("drivers/runtimes.toml"))?;
    for path in files() {
        if let Some(more) = Declared::read(&path)? {
            declared.extend(more);
        }
    }
    registry.extend(declared.entries(&places));
    Ok(registry)
}

/// Files that may declare runtimes: the user's own, then the project's.
pub(crate) fn files() -> Vec<PathBuf> {
    let config = std::env::var_os("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config")));
    let user = config.map(|folder| folder.join("runoff").join("runtimes.toml"));
    user.into_iter().chain([PathBuf::from("runtimes.toml")]).collect()
}

/// The folder of drivers: `$RUNOFF_DRIVERS`, that of the sources this program was built in, else one we fill.
fn drivers() -> anyhow::Result<PathBuf> {
    if let Some(folder) = std::env::var_os("RUNOFF_DRIVERS").map(PathBuf::from) {
        if !folder.is_dir() {
            // Asked for more than once by some commands, said once.
            static SAID: Once = Once::new();
            SAID.call_once(|| {
                output::warn(&format!("RUNOFF_DRIVERS is {}, which is no folder", folder.display()));
            });
        }
        return Ok(folder);
    }
    let own = std::env::current_exe().ok();
    let sources = own.iter().flat_map(|exe| exe.ancestors()).map(|folder| folder.join("drivers"));
    if let Some(found) = sources.take(4).find(|folder| folder.join("runtimes.toml").is_file()) {
        return Ok(found);
    }
    let folder = home::home()?.join("drivers").join(env!("CARGO_PKG_VERSION"));
    // Without its driver Node.js is absent; nothing else needs it.
    if let Err(error) = lay_out(&folder.join("node")) {
        output::warn(&format!("the driver for JavaScript engines cannot be laid out: {error:#}"));
    }
    Ok(folder)
}

/// Writes the JavaScript driver where it is not there yet.
fn lay_out(node: &Path) -> anyhow::Result<()> {
    for (name, text) in NODE_DRIVER {
        let path = node.join(name);
        if fs::read_to_string(&path).is_ok_and(|there| there == text) {
            continue;
        }
        // Written beside and renamed: two of us may start at once.
        let part = node.join(format!("{name}.{}", std::process::id()));
        fs::create_dir_all(node)
            .and_then(|()| fs::write(&part, text))
            .and_then(|()| fs::rename(&part, &path))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
