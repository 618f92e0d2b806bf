//! The `edge-plate` command.

runoff_guest_program::command!(marked runoff_guest_edge::plate::main);
