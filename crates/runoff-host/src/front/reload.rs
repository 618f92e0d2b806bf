//! Reading the configuration again: on SIGHUP, when a file changed, or when an operator says so. What is wrong is said,
//! and the old one stays.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, SystemTime};

use super::app::App;
use super::overlay::Overlay;
use crate::config::Source;
use crate::host::{Deployed, HostError};

/// How often files are looked at.
const LOOK: Duration = Duration::from_secs(1);

/// What came of it.
pub(super) struct Reloaded {
    pub(super) deployed: Deployed,
    /// Keys that changed since the host started and that it cannot take while it runs.
    pub(super) restart: Vec<&'static str>,
}

/// Reads and deploys; `change` alters what operators changed, and holds only if the result can be deployed.
pub(super) fn reload(app: &App, change: impl FnOnce(&mut Overlay)) -> Result<Reloaded, HostError> {
    let mut overlay = app.overlay.lock().unwrap_or_else(PoisonError::into_inner);
    let mut changed = overlay.clone();
    change(&mut changed);
    let mut restart = Vec::new();
    let done = app
        .source
        .read()
        .and_then(|config| {
            restart = config.needs_restart(&app.written);
            changed.apply(&app.source, config)
        })
        .map_err(HostError::from)
        .and_then(|config| app.host.deploy(&config));
    let counter = &app.host.metrics.reloads[usize::from(done.is_err())];
    counter.fetch_add(1, Ordering::Relaxed);
    match &done {
        Ok(deployed) => {
            *overlay = changed;
            if !restart.is_empty() {
                crate::say(&format!("these keys changed and wait for a restart: {}", restart.join(", ")));
            }
            if deployed.fresh.is_empty() && deployed.gone.is_empty() && !restart.is_empty() {
                crate::say("reloaded: no function changed");
            } else if deployed.fresh.is_empty() && deployed.gone.is_empty() {
                crate::say("reloaded: nothing changed");
            } else {
                let list = |names: &[String]| if names.is_empty() { "none".into() } else { names.join(", ") };
                crate::say(&format!(
                    "reloaded: new or changed {}; gone or replaced {}",
                    list(&deployed.fresh),
                    list(&deployed.gone)
                ));
            }
        }
        Err(error) => crate::say(&format!("the old configuration stays: {error}")),
    }
    done.map(|deployed| Reloaded { deployed, restart })
}

/// On a thread that may wait for files.
pub(super) async fn reload_blocking(
    app: &Arc<App>,
    change: impl FnOnce(&mut Overlay) + Send + 'static,
) -> Result<Reloaded, HostError> {
    let shared = Arc::clone(app);
    tokio::task::spawn_blocking(move || reload(&shared, change))
        .await
        .unwrap_or_else(|e| Err(HostError::Thread(std::io::Error::other(e))))
}

/// The files that matter, with what shows that they changed.
pub(super) type Seen = Vec<(PathBuf, Option<(SystemTime, u64)>)>;

/// Looks at the configuration and at modules.
pub(super) fn look(source: &Source, modules: impl Iterator<Item = PathBuf>) -> Seen {
    let state = |path: PathBuf| {
        let state = std::fs::metadata(&path).and_then(|m| Ok((m.modified()?, m.len()))).ok();
        (path, state)
    };
    std::iter::once(source.path().to_owned()).chain(modules).map(state).collect()
}

fn look_again(app: &App) -> Seen {
    let routes = app.host.routes();
    look(&app.source, routes.functions().iter().map(|f| f.config.module.clone()))
}

/// Looks at files for as long as the server runs; `last` is how they were before they were read. What is being written is left alone until it rests.
pub(super) async fn watch(app: Arc<App>, mut last: Seen) {
    let mut moving = false;
    loop {
        tokio::time::sleep(LOOK).await;
        let now = look_again(&app);
        if now != last {
            moving = true;
        } else if moving {
            moving = false;
            // Its outcome is said by `reload`; there is nobody else to tell.
            let _ = reload_blocking(&app, |_| {}).await;
            last = look_again(&app);
            continue;
        }
        last = now;
    }
}
