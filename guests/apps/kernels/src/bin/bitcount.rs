//! The command `apps/bitcount`.

runoff_guest_program::command!(marked runoff_guest_apps_kernels::bitcount::main);
