//! The command `apps/hashset`.

runoff_guest_program::command!(marked runoff_guest_apps_kernels::hashset::main);
