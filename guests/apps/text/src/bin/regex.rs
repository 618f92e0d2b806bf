//! The command `apps/regex`.

runoff_guest_program::command!(marked runoff_guest_apps_text::regex::main);
