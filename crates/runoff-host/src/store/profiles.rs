//! What is known of modules, in an embedded single-file store that survives being killed.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use redb::{Database, DatabaseError, ReadableDatabase, TableDefinition, WriteTransaction};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;
use crate::lives::Lives;
use crate::profile::ModuleProfile;

/// Module's code (SHA-256, hexadecimal) to its profile (JSON).
const PROFILES: TableDefinition<&str, &[u8]> = TableDefinition::new("profiles");

/// Function's name to its lives (JSON).
const LIVES: TableDefinition<&str, &[u8]> = TableDefinition::new("lives");

/// Whether a file cannot be read because of what is in it.
fn is_damage(error: &DatabaseError) -> bool {
    match error {
        DatabaseError::Storage(redb::StorageError::Corrupted(_)) | DatabaseError::UpgradeRequired(_) => true,
        DatabaseError::Storage(redb::StorageError::Io(error)) => {
            matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof)
        }
        _ => false,
    }
}

/// The profiles of one store; one process at a time.
#[derive(Debug)]
pub struct Profiles {
    database: Database,
    path: PathBuf,
}

impl Profiles {
    /// Opens the file, or makes it. A damaged one is put aside: profiles are learned again.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join("profiles.redb");
        let database = match Database::create(&path) {
            Err(error) if is_damage(&error) => {
                let aside = folder.join("profiles.redb.damaged");
                crate::say(&format!(
                    "{} is damaged ({error}) and put aside as {}: what was known of functions is learned again",
                    path.display(),
                    aside.display()
                ));
                let _ = std::fs::rename(&path, aside);
                Database::create(&path)
            }
            other => other,
        };
        match database {
            Ok(database) => Ok(Self { database, path }),
            Err(DatabaseError::DatabaseAlreadyOpen) => Err(StoreError::InUse(path)),
            Err(error) => Err(StoreError::Profiles { path, words: error.to_string() }),
        }
    }

    /// What is known of a module; what cannot be read is not known.
    pub fn get(&self, module: &str) -> Option<ModuleProfile> {
        self.read(PROFILES, module)
    }

    /// How often a function was called in earlier lives; what cannot be read is not known.
    pub fn lives(&self, function: &str) -> Option<Lives> {
        self.read(LIVES, function)
    }

    fn read<T: DeserializeOwned>(&self, table: TableDefinition<&str, &[u8]>, name: &str) -> Option<T> {
        let read = self.database.begin_read().ok()?;
        let table = read.open_table(table).ok()?;
        let value = table.get(name).ok()??;
        serde_json::from_slice(value.value()).ok()
    }

    /// Keeps profiles and lives, all or none of them.
    pub fn put(
        &self,
        profiles: &[(String, ModuleProfile)],
        lives: &[(String, Lives)],
    ) -> Result<(), StoreError> {
        let failed = |e: redb::Error| StoreError::Profiles { path: self.path.clone(), words: e.to_string() };
        let write = self.database.begin_write().map_err(|e| failed(e.into()))?;
        fill(&write, PROFILES, profiles).and_then(|()| fill(&write, LIVES, lives)).map_err(failed)?;
        write.commit().map_err(|e| failed(e.into()))
    }
}

fn fill<T: Serialize>(
    write: &WriteTransaction,
    table: TableDefinition<&str, &[u8]>,
    entries: &[(String, T)],
) -> Result<(), redb::Error> {
    let mut table = write.open_table(table)?;
    for (name, value) in entries {
        let json = serde_json::to_vec(value).unwrap_or_default();
        table.insert(name.as_str(), json.as_slice())?;
    }
    Ok(())
}
