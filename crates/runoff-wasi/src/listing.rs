//! What a directory descriptor lists.

use std::io::ErrorKind;

use cap_fs_ext::DirEntryExt;
use cap_std::fs::Dir;

use crate::abi::{FILETYPE_DIRECTORY, filetype};
use crate::errno::Errno;

/// One name in a directory.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) inode: u64,
    pub(crate) filetype: u8,
}

/// The entries as they were when the listing was last begun.
///
/// Cookies are positions in it. Were it read anew for every page, a guest that deletes what it has read would
/// have the rest move down and miss entries.
#[derive(Debug, Default)]
pub(crate) struct Listing(Option<Vec<Entry>>);

impl Listing {
    /// The entries from position `from` on; position 0 begins the listing anew.
    pub(crate) fn from(&mut self, dir: &Dir, from: usize) -> Result<&[Entry], Errno> {
        let entries = match self.0.take() {
            Some(entries) if from > 0 => entries,
            _ => read(dir)?,
        };
        Ok(self.0.insert(entries).get(from..).unwrap_or_default())
    }
}

/// `.` and `..`, then everything by name, so that listings are the same everywhere.
fn read(dir: &Dir) -> Result<Vec<Entry>, Errno> {
    use cap_fs_ext::MetadataExt;
    let own = dir.dir_metadata()?.ino();
    let dots = [".", ".."].map(|name| Entry { name: name.into(), inode: own, filetype: FILETYPE_DIRECTORY });
    let mut found = Vec::new();
    for entry in dir.entries()? {
        let entry = entry?;
        // Names outside UTF-8 cannot be passed on; a guest could not open them either.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let meta = match entry.full_metadata() {
            Ok(meta) => meta,
            // Deleted by somebody else since its name was read.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error.into()),
        };
        found.push(Entry { name, inode: meta.ino(), filetype: filetype(meta.file_type()) });
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(dots.into_iter().chain(found).collect())
}
