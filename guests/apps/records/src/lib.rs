//! Characterisation programs that write and read typed records.
#![forbid(unsafe_code)]
#![expect(clippy::cast_possible_truncation, reason = "numbers are drawn below the limits of their types")]

pub mod json;
pub mod records;
mod types;

pub use types::{Customer, Item, Order, State, orders};
