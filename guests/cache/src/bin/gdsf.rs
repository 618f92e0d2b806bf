//! The `cache-gdsf` command.

runoff_guest_program::command!(marked runoff_guest_cache::program::gdsf);
