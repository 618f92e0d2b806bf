//! Whether a driver keeps to the protocol: jobs with known ends, given to it as Runoff gives them.

mod cases;
mod lab;

use std::path::Path;

pub use lab::Found;

use crate::supervisor::Launch;

/// One thing a driver must do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Short name.
    pub name: &'static str,
    /// What it shows.
    pub shows: &'static str,
    /// What came of it.
    pub found: Found,
}

/// Puts a driver through all checks; `scratch` is a folder for its files.
pub fn check_driver(launch: &Launch, scratch: &Path, progress: &mut dyn FnMut(&str)) -> Vec<Checked> {
    let launch = Launch { foreign: true, ..launch.clone() };
    let lab = lab::Lab::new(launch, scratch);
    let mut all = Vec::new();
    for (name, shows, case) in &cases::ALL {
        progress(name);
        let found = case(&lab);
        // Whoever does not say hello is not asked anything else.
        let mute = *name == "hello" && found != Found::Pass;
        all.push(Checked { name, shows, found });
        if mute {
            break;
        }
    }
    all
}
