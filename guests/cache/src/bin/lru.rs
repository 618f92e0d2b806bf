//! The `cache-lru` command.

runoff_guest_program::command!(marked runoff_guest_cache::program::lru);
