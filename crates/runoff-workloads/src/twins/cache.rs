//! Twins of the cache policies.

use runoff_guest_cache::program;
use runoff_runtimes::native::TwinBody;

use super::Named;

pub(super) const TWINS: &[Named] = &[
    command!("cache/fifo", program::fifo),
    command!("cache/lru", program::lru),
    command!("cache/lfu", program::lfu),
    command!("cache/lfu-aging", program::lfu_aging),
    command!("cache/gds", program::gds),
    command!("cache/gdsf", program::gdsf),
];
