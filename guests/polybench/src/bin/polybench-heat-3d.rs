//! The `polybench-heat-3d` command.

runoff_guest_program::command!(marked runoff_guest_polybench::main::<runoff_guest_polybench::stencils::Heat3d>);
