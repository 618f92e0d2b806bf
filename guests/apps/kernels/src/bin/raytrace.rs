//! The command `apps/raytrace`.

runoff_guest_program::command!(marked runoff_guest_apps_kernels::raytrace::main);
