//! The command `apps/basicmath`.

runoff_guest_program::command!(marked runoff_guest_apps_kernels::basicmath::main);
