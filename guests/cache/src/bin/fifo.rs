//! The `cache-fifo` command.

runoff_guest_program::command!(marked runoff_guest_cache::program::fifo);
