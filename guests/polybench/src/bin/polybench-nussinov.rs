//! The `polybench-nussinov` command.

runoff_guest_program::command!(marked runoff_guest_polybench::main::<runoff_guest_polybench::medley::Nussinov>);
