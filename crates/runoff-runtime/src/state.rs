//! What host functions remember between calls.

use std::any::Any;

/// State of the host functions of one instance: at most one value per type.
///
/// Each provider of imports (WASI, benchmark markers, an embedder) keeps its own type here, so providers
/// can be combined without knowing of each other.
#[derive(Default)]
pub struct HostState {
    // A handful of entries at most: a scan beats a map.
    entries: Vec<Box<dyn Any + Send>>,
}

impl std::fmt::Debug for HostState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HostState").field("entries", &self.entries.len()).finish()
    }
}

impl HostState {
    /// No state.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces the value of type `T`.
    pub fn insert<T: Any + Send>(&mut self, value: T) {
        self.take::<T>();
        self.entries.push(Box::new(value));
    }

    /// The value of type `T`.
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.entries.iter().find_map(|e| e.downcast_ref())
    }

    /// The value of type `T`, to change.
    pub fn get_mut<T: Any>(&mut self) -> Option<&mut T> {
        self.entries.iter_mut().find_map(|e| e.downcast_mut())
    }

    /// Removes and returns the value of type `T`.
    pub fn take<T: Any>(&mut self) -> Option<T> {
        let index = self.entries.iter().position(|e| e.is::<T>())?;
        self.entries.swap_remove(index).downcast().ok().map(|boxed| *boxed)
    }
}
