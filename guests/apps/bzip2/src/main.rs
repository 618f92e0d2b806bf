//! The command around [`runoff_guest_apps_bzip2::main`].

runoff_guest_program::command!(marked runoff_guest_apps_bzip2::main);
