//! The command `apps/queens`.

runoff_guest_program::command!(marked runoff_guest_apps_kernels::queens::main);
