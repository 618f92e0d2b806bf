//! The same records as JSON: written, read back as records, and read as a tree.

use runoff_guest_apps_inputs::{Number, fnv64, numbers, refuse};
use runoff_guest_program::{Io, say};
use serde_json::{Value, from_slice, to_vec};

use crate::{Order, orders};

const WANTED: [Number; 2] = [
    Number { name: "RECORDS", range: 1..=1_000_000, default: None },
    Number { name: "REPETITIONS", range: 1..=100_000, default: Some(1) },
];

/// The program: `RECORDS`, `REPETITIONS` times.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [count, repetitions] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "json", &message, "RECORDS [REPETITIONS]"),
    };
    let orders = orders(count);
    let mut outcome = Ok(Outcome::default());
    io.start();
    for _ in 0..repetitions {
        outcome = round(&orders);
        if outcome.is_err() {
            break;
        }
    }
    io.end();
    match outcome {
        Ok(Outcome { text, same, sum, nodes }) => {
            let (bytes, digest) = (text.len(), fnv64(&text));
            let said =
                say!(io, "bytes {bytes} same {same} nodes {nodes} sum {sum:.2} digest {digest:016x}\n");
            i32::from(!said)
        }
        Err(error) => {
            let _ = io.err(format!("json: {error}\n").as_bytes());
            1
        }
    }
}

#[derive(Debug, Default)]
struct Outcome {
    text: Vec<u8>,
    /// What was read is what was written.
    same: bool,
    /// Of all numbers in the tree.
    sum: f64,
    /// Values in the tree.
    nodes: u32,
}

fn round(orders: &[Order]) -> serde_json::Result<Outcome> {
    let text = to_vec(orders)?;
    let same = from_slice::<Vec<Order>>(&text)? == orders;
    let tree: Value = from_slice(&text)?;
    let (mut sum, mut nodes) = (0.0, 0);
    walk(&tree, &mut sum, &mut nodes);
    Ok(Outcome { text, same, sum, nodes })
}

fn walk(value: &Value, sum: &mut f64, nodes: &mut u32) {
    *nodes += 1;
    match value {
        Value::Number(number) => *sum += number.as_f64().unwrap_or(0.0),
        Value::Array(values) => values.iter().for_each(|value| walk(value, sum, nodes)),
        Value::Object(members) => members.values().for_each(|value| walk(value, sum, nodes)),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Customer, Item, State};

    fn order(state: State) -> Order {
        Order {
            id: 7,
            customer: Customer { name: "Zoë \"Z\"".into(), country: ['D', 'E'], known: true },
            items: vec![Item { article: 1, count: -2, price: 0.1 }],
            note: None,
            state,
        }
    }

    #[test]
    fn text_is_what_rfc_8259_says() {
        let outcome = round(&[order(State::Cancelled("a\tb\\".into()))]).expect("JSON");
        assert_eq!(
            String::from_utf8(outcome.text).expect("UTF-8"),
            r#"[{"id":7,"customer":{"name":"Zoë \"Z\"","country":["D","E"],"known":true},"#.to_owned()
                + r#""items":[{"article":1,"count":-2,"price":0.1}],"note":null,"state":{"Cancelled":"a\tb\\"}}]"#
        );
        // The list, the order, 7, customer with 5, items with 5, null, the state with its reason.
        assert_eq!((outcome.same, outcome.nodes), (true, 17));
        assert!((outcome.sum - 6.1).abs() < 1e-12);
    }

    #[test]
    fn many_come_back() {
        assert!(round(&orders(500)).expect("JSON").same);
    }
}
