//! The command `apps/digits`.

runoff_guest_program::command!(marked runoff_guest_apps_kernels::digits::main);
