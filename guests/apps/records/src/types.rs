//! The records: orders of a shop, with strings, lists, options and variants.

use runoff_guest_apps_inputs::Random;
use serde::{Deserialize, Serialize};

/// An order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Numbers grow, with gaps.
    pub id: u64,
    /// Who ordered.
    pub customer: Customer,
    /// What.
    pub items: Vec<Item>,
    /// Left out by most.
    pub note: Option<String>,
    /// What has become of it.
    pub state: State,
}

/// A customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    /// First and last name.
    pub name: String,
    /// Two letters.
    pub country: [char; 2],
    /// Ordered before.
    pub known: bool,
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Number of the article.
    pub article: u32,
    /// How many; negative when they come back.
    pub count: i32,
    /// Of one.
    pub price: f64,
}

/// What has become of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum State {
    /// Nothing yet.
    Open,
    /// Paid, seconds since 1970.
    Paid {
        /// When.
        at: u64,
    },
    /// On its way in parcels with these numbers.
    Sent(Vec<u16>),
    /// Given up, with the reason.
    Cancelled(String),
}

const NAMES: [&str; 8] = ["Ada", "Zoë", "Grace", "Łukasz", "Emmy", "José", "Alan", "Sofia"];
const REASONS: [&str; 4] = ["too late", "\"wrong\" colour", "found\ttwice", "a\\b"];

/// Always the same orders.
pub fn orders(count: usize) -> Vec<Order> {
    let mut random = Random::new(79);
    let mut id = 0;
    (0..count)
        .map(|_| {
            id += u64::from(1 + random.below(1000));
            let name = |random: &mut Random| NAMES[random.below(8) as usize];
            let full = format!("{} {}", name(&mut random), name(&mut random));
            let letter = |random: &mut Random| char::from(b'A' + random.below(26) as u8);
            let customer = Customer {
                name: full,
                country: [letter(&mut random), letter(&mut random)],
                known: random.below(2) == 1,
            };
            let items = (0..=random.below(6))
                .map(|_| {
                    let digits = 4 + random.below(24);
                    Item {
                        article: random.below(1 << digits),
                        count: 12 - random.below(16).cast_signed(),
                        price: f64::from(random.below(100_000)) / 100.0,
                    }
                })
                .collect();
            let note = (random.below(4) == 0).then(|| format!("ring {} times", random.below(5)));
            let state = match random.below(4) {
                0 => State::Open,
                1 => State::Paid { at: 1_700_000_000 + u64::from(random.below(50_000_000)) },
                2 => State::Sent((0..random.below(4)).map(|_| random.below(65_536) as u16).collect()),
                _ => State::Cancelled(REASONS[random.below(4) as usize].to_owned()),
            };
            Order { id, customer, items, note, state }
        })
        .collect()
}
