//! Characterisation programs that write and read typed records.
#![forbid(unsafe_code)]

pub mod json;
pub mod records;
mod types;

pub use types::{Customer, Item, Order, State, orders};
