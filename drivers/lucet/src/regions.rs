//! Address space for instances.

use std::sync::{Arc, Mutex, PoisonError};

use lucet_runtime::{Limits, MmapRegion, Region};

/// Largest memory: a page less than 4 GiB, since Lucet counts bytes in 32 bits.
pub(crate) const MEMORY: u64 = (4 << 30) - (64 << 10);
/// Stack of a guest and of the host functions it calls. Pages are only used when touched.
pub(crate) const STACK: usize = 8 << 20;
/// Most globals of a module.
pub(crate) const GLOBALS: usize = 8192;
/// What a signal handler needs with the widest registers there are.
const SIGNAL_STACK: usize = 64 << 10;

/// Regions made so far, of one instance each: the slots of a larger one would all be made at once.
#[derive(Default)]
pub(crate) struct Regions(Mutex<Vec<(u64, Arc<MmapRegion>)>>);

impl Regions {
    /// A region with room for an instance with this much memory at most.
    pub(crate) fn room(&self, memory: u64) -> Result<Arc<MmapRegion>, lucet_runtime::Error> {
        let mut regions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |(bytes, region): &&(u64, Arc<MmapRegion>)| *bytes == memory && region.free_slots() > 0;
        if let Some((_, region)) = regions.iter().find(fits) {
            return Ok(Arc::clone(region));
        }
        let limits = Limits {
            heap_memory_size: memory as usize,
            stack_size: STACK,
            globals_size: GLOBALS * size_of::<u64>(),
            signal_stack_size: SIGNAL_STACK,
            ..Limits::default()
        };
        let region = MmapRegion::create(1, &limits)?;
        regions.push((memory, Arc::clone(&region)));
        Ok(region)
    }
}
