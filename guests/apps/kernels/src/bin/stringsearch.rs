//! The command `apps/stringsearch`.

runoff_guest_program::command!(marked runoff_guest_apps_kernels::stringsearch::main);
