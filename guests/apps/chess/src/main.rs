//! The command `apps/chess`.

runoff_guest_program::command!(marked runoff_guest_apps_chess::main);
