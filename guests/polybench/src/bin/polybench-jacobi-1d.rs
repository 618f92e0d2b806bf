//! The `polybench-jacobi-1d` command.

runoff_guest_program::command!(marked runoff_guest_polybench::main::<runoff_guest_polybench::stencils::Jacobi1d>);
