//! The command `apps/json`.

runoff_guest_program::command!(marked runoff_guest_apps_records::json::main);
