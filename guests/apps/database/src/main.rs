//! The command `apps/database`.

runoff_guest_program::command!(marked runoff_guest_apps_database::main);
