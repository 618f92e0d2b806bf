//! The command `apps/script`.

runoff_guest_program::command!(marked runoff_guest_apps_script::main);
