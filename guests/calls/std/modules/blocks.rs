//! Every kind of call with the standard library, and a block per call for hosts that want that.

use runoff_guest_calls as _;
use serde::{Deserialize, Serialize};

runoff_guest::blocks!();
runoff_guest::report_panics!();

/// An order of any length.
#[derive(Serialize, Deserialize)]
pub struct Order {
    /// Who.
    pub customer: String,
    /// What.
    pub lines: Vec<Line>,
}

/// One line of it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Line {
    /// What.
    pub article: String,
    /// How many.
    pub pieces: u32,
    /// Price of one.
    pub cents: u64,
}

/// The lines that cost the most come first, under the name of the customer in capitals.
#[runoff_guest::export(encoded)]
pub fn sort(mut order: Order) -> Order {
    order.lines.sort_by_key(|line| core::cmp::Reverse(u64::from(line.pieces) * line.cents));
    order.customer = order.customer.to_uppercase();
    order
}
