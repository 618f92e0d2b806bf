//! Open descriptors of one guest.

use std::collections::BTreeMap;
use std::fs::File;
use std::sync::Arc;

use cap_std::fs::Dir;

use crate::abi::rights;
use crate::errno::Errno;
use crate::listing::Listing;

/// Most descriptors a guest may have open.
const MAX_DESCRIPTORS: usize = 1024;

/// What a descriptor stands for.
#[derive(Debug)]
pub(crate) enum Object {
    Stdin,
    Stdout,
    Stderr,
    File { file: File },
    Dir { dir: Arc<Dir>, preopen: Option<String>, listing: Listing },
}

/// An open descriptor.
#[derive(Debug)]
pub(crate) struct Descriptor {
    pub(crate) object: Object,
    pub(crate) rights: u64,
    pub(crate) inheriting: u64,
    pub(crate) flags: u16,
    /// Whether nothing reached through it may be changed.
    pub(crate) read_only: bool,
}

impl Descriptor {
    /// Fails unless it has all of `wanted`.
    pub(crate) fn allow(&self, wanted: u64) -> Result<(), Errno> {
        if self.rights & wanted == wanted {
            Ok(())
        } else if self.read_only && wanted & (rights::FILE_WRITING | rights::DIRECTORY_WRITING) != 0 {
            Err(Errno::PERM)
        } else {
            Err(Errno::NOTCAPABLE)
        }
    }

    /// The directory it stands for.
    pub(crate) fn dir(&self) -> Result<&Arc<Dir>, Errno> {
        match &self.object {
            Object::Dir { dir, .. } => Ok(dir),
            _ => Err(Errno::NOTDIR),
        }
    }
}

/// Open descriptors by number.
#[derive(Debug, Default)]
pub(crate) struct Table(BTreeMap<u32, Descriptor>);

impl Table {
    pub(crate) fn get(&self, fd: u32) -> Result<&Descriptor, Errno> {
        self.0.get(&fd).ok_or(Errno::BADF)
    }

    pub(crate) fn get_mut(&mut self, fd: u32) -> Result<&mut Descriptor, Errno> {
        self.0.get_mut(&fd).ok_or(Errno::BADF)
    }

    /// Adds a descriptor under the lowest free number.
    pub(crate) fn push(&mut self, descriptor: Descriptor) -> Result<u32, Errno> {
        if self.0.len() >= MAX_DESCRIPTORS {
            return Err(Errno::MFILE);
        }
        let free = (0..).zip(self.0.keys()).find(|(n, used)| n != *used).map(|(n, _)| n);
        let fd = free.unwrap_or(self.0.len() as u32);
        self.0.insert(fd, descriptor);
        Ok(fd)
    }

    pub(crate) fn remove(&mut self, fd: u32) -> Result<Descriptor, Errno> {
        self.0.remove(&fd).ok_or(Errno::BADF)
    }

    /// Moves a descriptor over another open one.
    pub(crate) fn renumber(&mut self, from: u32, to: u32) -> Result<(), Errno> {
        self.get(to)?;
        let moved = self.remove(from)?;
        self.0.insert(to, moved);
        Ok(())
    }
}
