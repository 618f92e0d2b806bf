//! The command `apps/levenshtein`.

runoff_guest_program::command!(marked runoff_guest_apps_kernels::levenshtein::main);
