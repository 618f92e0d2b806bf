//! The command `apps/records`.

runoff_guest_program::command!(marked runoff_guest_apps_records::records::main);
