//! The `edge-unzip` command.

runoff_guest_program::command!(marked runoff_guest_edge::unzip::main);
