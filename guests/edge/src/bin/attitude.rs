//! The `edge-attitude` command.

runoff_guest_program::command!(marked runoff_guest_edge::attitude::main);
