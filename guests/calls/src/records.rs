//! Records as they lie in memory.

use runoff_guest::Output;
use runoff_guest::bytemuck::{self, Pod, Zeroable};
use serde::{Deserialize, Serialize};

/// What the scripting study multiplies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable, Serialize, Deserialize)]
#[repr(C)]
#[bytemuck(crate = "bytemuck")]
pub struct Factors {
    /// One.
    pub x: i32,
    /// The other.
    pub y: i32,
}

/// A flat record of 16 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable, Serialize, Deserialize)]
#[repr(C)]
#[bytemuck(crate = "bytemuck")]
pub struct Record {
    /// Which document.
    pub id: u32,
    /// How often it was asked for.
    pub count: u32,
    /// Its size in bytes.
    pub size: u64,
}

/// The multiplication of the scripting study, of a record.
#[runoff_guest::export(pod, batch, name = "mul")]
pub fn mul_record(factors: Factors) -> i32 {
    factors.x.wrapping_mul(factors.y)
}

/// A record in, a record out.
#[runoff_guest::export(pod, batch)]
pub fn next(record: Record) -> Record {
    Record { count: record.count.wrapping_add(1), ..record }
}

/// Any number of records in.
#[runoff_guest::export(pod)]
pub fn sum(numbers: &[f64]) -> f64 {
    numbers.iter().sum()
}

/// Any number of records out: the whole numbers below `end`.
#[runoff_guest::export(pod)]
pub fn count_up(end: u32, out: &mut Output) {
    for number in 0..end {
        out.push(number);
    }
}
