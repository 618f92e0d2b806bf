//! The `polybench-fdtd-2d` command.

runoff_guest_program::command!(marked runoff_guest_polybench::main::<runoff_guest_polybench::stencils::Fdtd2d>);
