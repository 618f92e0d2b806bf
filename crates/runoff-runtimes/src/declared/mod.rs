//! Runtimes declared in a file rather than linked: drivers, and command lines of other tools.
//!
//! The file is TOML; `docs/BRING_YOUR_OWN_RUNTIME.md` describes it for users.

mod find;
mod template;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use find::Places;
pub use template::{CommandLine, Given, Template};

use crate::driver::DriverCommand;
use crate::{Availability, Entry};

/// A file of declared runtimes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    /// Programs that speak the driver protocol.
    #[serde(default)]
    pub driver: Vec<DeclaredDriver>,
    /// Command lines that can only be timed as whole processes.
    #[serde(default)]
    pub template: Vec<Template>,
}

/// A program that speaks the driver protocol.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredDriver {
    /// Id: `engine/variant`.
    pub id: String,
    /// What it is, in a few words.
    #[serde(default)]
    pub summary: String,
    /// Program and arguments; `{drivers}` is the folder of drivers that come with Runoff.
    pub command: Vec<String>,
    /// Added to its environment.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// What brings it where it is absent.
    #[serde(default)]
    pub how: Option<String>,
}

/// What stops a file of declared runtimes from being used.
#[derive(Debug, thiserror::Error)]
pub enum DeclaredError {
    /// It cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// It is not what it should be.
    #[error("{path}: {message}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// Where and why.
        message: String,
    },
}

impl Declared {
    /// Reads a file's text; `path` is for errors.
    pub fn parse(text: &str, path: &Path) -> Result<Self, DeclaredError> {
        let bad = |message: String| DeclaredError::Parse { path: path.to_owned(), message };
        let declared: Self = toml::from_str(text).map_err(|e| bad(e.to_string()))?;
        for driver in &declared.driver {
            if driver.command.is_empty() {
                return Err(bad(format!("driver `{}` has an empty command", driver.id)));
            }
        }
        let ids = declared.driver.iter().map(|d| &d.id).chain(declared.template.iter().map(|t| &t.id));
        for id in ids {
            if id.is_empty() || id.contains([',', ' ']) {
                return Err(bad(format!("`{id}` is no id: it is `engine` or `engine/variant`")));
            }
        }
        Ok(declared)
    }

    /// Reads a file; `None` when there is none.
    pub fn read(path: &Path) -> Result<Option<Self>, DeclaredError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, path).map(Some),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(DeclaredError::Read { path: path.to_owned(), source }),
        }
    }

    /// Adds another file's runtimes; one with a known id takes its place.
    pub fn extend(&mut self, other: Self) {
        for id in other.driver.iter().map(|d| &d.id).chain(other.template.iter().map(|t| &t.id)) {
            self.driver.retain(|d| d.id != *id);
            self.template.retain(|t| t.id != *id);
        }
        self.driver.extend(other.driver);
        self.template.extend(other.template);
    }

    /// Entries of a registry.
    pub fn entries(self, places: &Places) -> Vec<Entry> {
        let drivers = self.driver.into_iter().map(|driver| {
            let (availability, command) = driver.find(places);
            Entry::driver(driver.id, driver.summary, availability, command)
        });
        let templates = self.template.into_iter().map(|template| {
            let availability = template.availability(places);
            Entry::template(template, availability, places)
        });
        drivers.chain(templates).collect()
    }
}

impl DeclaredDriver {
    fn find(&self, places: &Places) -> (Availability, DriverCommand) {
        let command = DriverCommand {
            program: places.fill(&self.command[0]).into(),
            args: self.command[1..].iter().map(|arg| places.fill(arg)).collect(),
            env: self.env.clone(),
        };
        let how = |missing: String| Availability::Absent { how: self.how.clone().unwrap_or(missing) };
        let Some(program) = Places::program(&command.program) else {
            return (how(format!("there is no program `{}`", command.program.display())), command);
        };
        match places.gone(&self.command) {
            Some(how) => (Availability::Absent { how }, command),
            None => (Availability::Ready, DriverCommand { program, ..command }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_file_replaces_what_has_its_id() {
        let file = |text: &str| Declared::parse(text, Path::new("runtimes.toml")).expect("a file");
        let mut all =
            file("[[driver]]\nid = \"a\"\ncommand = [\"x\"]\n[[driver]]\nid = \"b\"\ncommand = [\"x\"]");
        all.extend(file("[[template]]\nid = \"a\"\nprogram = \"sh\"\nrun = [\"{wasm}\"]"));
        assert_eq!(all.driver.len(), 1);
        let entries = all.entries(&Places::default());
        let ids: Vec<_> = entries.iter().map(|e| e.id().as_str()).collect();
        assert_eq!(ids, ["b", "a"]);
        assert_eq!(*entries[1].availability(), Availability::Ready);
        assert!(matches!(entries[0].availability(), Availability::Absent { .. }));
    }

    #[test]
    fn a_program_without_our_file_says_what_is_missing_and_not_how_to_get_the_program() {
        let file = "[[driver]]\nid = \"d\"\ncommand = [\"sh\", \"{drivers}/d.mjs\"]\nhow = \"get sh\"\n\
            [[template]]\nid = \"t\"\nprogram = \"sh\"\nrun = [\"{drivers}/t.mjs\"]\nhow = \"get sh\"\n\
            [[driver]]\nid = \"built\"\ncommand = [\"{drivers}/built\"]\nhow = \"build it\"";
        let places = Places { drivers: Some("/nowhere".into()) };
        let entries = Declared::parse(file, Path::new("r.toml")).expect("a file").entries(&places);
        let how: Vec<_> = entries
            .iter()
            .map(|e| match e.availability() {
                Availability::Absent { how } => how.as_str(),
                Availability::Ready => "ready",
            })
            .collect();
        // Drivers come first.
        assert_eq!(how, ["there is no file /nowhere/d.mjs", "build it", "there is no file /nowhere/t.mjs"]);
    }

    #[test]
    fn mistakes_are_named() {
        let message =
            |text: &str| Declared::parse(text, Path::new("r.toml")).expect_err("a mistake").to_string();
        assert!(message("[[driver]]\nid = \"a\"\ncommand = []").contains("empty command"));
        assert!(message("[[driver]]\nid = \"a b\"\ncommand = [\"x\"]").contains("is no id"));
        assert!(message("[[drive]]\nid = \"a\"").contains("drive"));
    }
}
