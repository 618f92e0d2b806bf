//! The command `apps/loops`.

runoff_guest_program::command!(marked runoff_guest_apps_kernels::loops::main);
