//! The `edge-lenet` command.

runoff_guest_program::command!(marked runoff_guest_edge::lenet::main);
