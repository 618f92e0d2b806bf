//! What is known of modules, in an embedded single-file store that survives being killed.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use redb::{Database, DatabaseError, ReadableDatabase, TableDefinition};

use super::StoreError;
use crate::profile::ModuleProfile;

/// Module's code (SHA-256, hexadecimal) to its profile (JSON).
const PROFILES: TableDefinition<&str, &[u8]> = TableDefinition::new("profiles");

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
        let read = self.database.begin_read().ok()?;
        let table = read.open_table(PROFILES).ok()?;
        let value = table.get(module).ok()??;
        serde_json::from_slice(value.value()).ok()
    }

    /// Keeps profiles, all or none of them.
    pub fn put(&self, profiles: &[(String, ModuleProfile)]) -> Result<(), StoreError> {
        let failed = |e: redb::Error| StoreError::Profiles { path: self.path.clone(), words: e.to_string() };
        let write = self.database.begin_write().map_err(|e| failed(e.into()))?;
        {
            let mut table = write.open_table(PROFILES).map_err(|e| failed(e.into()))?;
            for (module, profile) in profiles {
                let json = serde_json::to_vec(profile).unwrap_or_default();
                table.insert(module.as_str(), json.as_slice()).map_err(|e| failed(e.into()))?;
            }
        }
        write.commit().map_err(|e| failed(e.into()))
    }
}
