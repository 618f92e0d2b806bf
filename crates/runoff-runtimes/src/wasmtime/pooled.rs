//! Engines whose instances come from a pool: memory that is reserved once, cleared by dropping pages, and begun from a
//! copy-on-write image of the module's data.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use runoff_runtime::RuntimeOptions;
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use super::runtime::{Variant, config};

/// Most instances of a pool: each reserves the address space of a whole memory, and there is not more of it.
const MOST: u32 = 4096;

/// Bytes of a memory and of a table that are cleared by writing instead of giving their pages back.
const RESIDENT: usize = 64 << 10;

/// Slots that keep the pages of the module they ran last.
const WARM: u32 = 256;

/// Largest table of a pooled instance; only what is used of it takes memory.
const TABLE: usize = 10_000_000;

/// The engines of this process, by variant, interruptible or not, and size: a pool is too large to have one each time a
/// module is built.
static ENGINES: Mutex<BTreeMap<(Variant, bool, u32), Option<Engine>>> = Mutex::new(BTreeMap::new());

/// The engine with a pool; `None` when none is asked for, or the system has no room for one.
pub(super) fn engine(variant: Variant, options: &RuntimeOptions) -> Option<Engine> {
    let instances = options.pooled_instances.min(MOST);
    if instances == 0 {
        return None;
    }
    let mut engines = ENGINES.lock().unwrap_or_else(PoisonError::into_inner);
    let make = || Engine::new(&pooled(variant, options, instances).ok()?).ok();
    engines.entry((variant, options.interruptible, instances)).or_insert_with(make).clone()
}

fn pooled(variant: Variant, options: &RuntimeOptions, instances: u32) -> wasmtime::Result<Config> {
    let mut config = config(variant, options)?;
    let mut pool = PoolingAllocationConfig::new();
    pool.total_core_instances(instances)
        .total_memories(instances)
        .total_tables(instances)
        .total_gc_heaps(instances)
        .table_elements(TABLE)
        .max_unused_warm_slots(WARM)
        .linear_memory_keep_resident(RESIDENT)
        .table_keep_resident(RESIDENT)
        .pagemap_scan(Enabled::Auto);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    Ok(config)
}
