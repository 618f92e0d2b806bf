//! The command `apps/markdown`.

runoff_guest_program::command!(marked runoff_guest_apps_text::markdown::main);
