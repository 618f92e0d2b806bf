//! What operators changed since the host started: pins, functions taken away, functions added. Laid over the
//! configuration with every reload; gone with the host.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::config::{Config, ConfigError, ConfigFile, FunctionFile, Size, Source};

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct Overlay {
    pub(super) pins: BTreeMap<String, String>,
    pub(super) dropped: BTreeSet<String>,
    pub(super) added: BTreeMap<String, FunctionFile>,
}

impl Overlay {
    /// The configuration with the changes in it.
    pub fn apply(&self, source: &Source, mut config: Config) -> Result<Config, ConfigError> {
        if !self.added.is_empty() {
            let folder = match source {
                Source::Folder(path) => path.as_path(),
                Source::File(path) => path.parent().unwrap_or(Path::new(".")),
            };
            let file = ConfigFile {
                functions: self.added.values().cloned().collect(),
                max_bodies: Some(Size(config.max_bodies)),
                ..ConfigFile::default()
            };
            let added = Config::resolve(file, folder, Path::new("deployed function"))?;
            config.functions.retain(|f| !self.added.contains_key(&f.name));
            if let Some(taken) =
                added.functions.iter().find(|a| config.functions.iter().any(|f| f.route == a.route))
            {
                return Err(ConfigError::Invalid {
                    path: "deployed function".into(),
                    problems: vec![format!("route {} belongs to another function already", taken.route)],
                });
            }
            config.functions.extend(added.functions);
        }
        config.functions.retain(|f| !self.dropped.contains(&f.name));
        for function in &mut config.functions {
            if let Some(pin) = self.pins.get(&function.name) {
                function.pin = Some(pin.clone());
            }
        }
        Ok(config)
    }
}
