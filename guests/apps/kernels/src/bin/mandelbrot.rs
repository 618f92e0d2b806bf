//! The command `apps/mandelbrot`.

runoff_guest_program::command!(marked runoff_guest_apps_kernels::mandelbrot::main);
