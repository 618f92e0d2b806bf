//! Numbers in registers.

/// The multiplication of the scripting study.
#[runoff_guest::export]
pub fn mul(x: i32, y: i32) -> i32 {
    x.wrapping_mul(y)
}

/// More arguments than the fast path of the seam takes.
#[runoff_guest::export]
pub fn mul_add(x: f64, y: f64, z: f64) -> f64 {
    x * y + z
}
