//! The command `apps/fannkuch`.

runoff_guest_program::command!(marked runoff_guest_apps_kernels::fannkuch::main);
