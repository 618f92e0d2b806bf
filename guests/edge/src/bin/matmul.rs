//! The `edge-matmul` command.

runoff_guest_program::command!(marked runoff_guest_edge::matmul::main);
