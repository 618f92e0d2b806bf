//! The `cache-lfu-aging` command.

runoff_guest_program::command!(marked runoff_guest_cache::program::lfu_aging);
