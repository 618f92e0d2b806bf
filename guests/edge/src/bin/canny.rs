//! The `edge-canny` command.

runoff_guest_program::command!(marked runoff_guest_edge::canny::main);
