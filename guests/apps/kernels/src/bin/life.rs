//! The command `apps/life`.

runoff_guest_program::command!(marked runoff_guest_apps_kernels::life::main);
