//! The command `apps/quicksort`.

runoff_guest_program::command!(marked runoff_guest_apps_kernels::quicksort::main);
