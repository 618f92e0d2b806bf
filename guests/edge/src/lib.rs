//! Applications that run at the edge of a network, on generated inputs whose truth is known.
//!
//! A module per application: where its input comes from, the method, and `main`, the command `edge-*`, which prints a
//! digest of everything computed and how it compares with the truth.
#![forbid(unsafe_code)]

mod common;

pub mod attitude;
pub mod canny;
pub mod lenet;
pub mod matmul;
pub mod plate;
pub mod unzip;

pub use common::Grey;
