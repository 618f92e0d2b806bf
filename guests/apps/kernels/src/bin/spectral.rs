//! The command `apps/spectral`.

runoff_guest_program::command!(marked runoff_guest_apps_kernels::spectral::main);
