//! Records in a compact encoding, one after the other in a stream.

use postcard::{take_from_bytes, to_extend};
use runoff_guest_apps_inputs::{Number, fnv64, numbers, refuse};
use runoff_guest_program::{Io, say};

use crate::{Order, orders};

const WANTED: [Number; 2] = [
    Number { name: "RECORDS", range: 1..=1_000_000, default: None },
    Number { name: "REPETITIONS", range: 1..=100_000, default: Some(1) },
];

/// The program: writes `RECORDS` and reads them back, `REPETITIONS` times.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [count, repetitions] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "records", &message, "RECORDS [REPETITIONS]"),
    };
    let orders = orders(count);
    let mut back = Ok(Vec::new());
    let mut stream = Vec::new();
    io.start();
    for _ in 0..repetitions {
        back = write(&orders, std::mem::take(&mut stream)).and_then(|bytes| {
            stream = bytes;
            read(&stream)
        });
        if back.is_err() {
            break;
        }
    }
    io.end();
    match back {
        Ok(back) => {
            let same = back == orders;
            i32::from(!say!(io, "bytes {} same {same} digest {:016x}\n", stream.len(), fnv64(&stream)))
        }
        Err(error) => {
            let _ = io.err(format!("records: {error}\n").as_bytes());
            1
        }
    }
}

/// All records into a stream, which uses the memory given.
fn write(orders: &[Order], mut stream: Vec<u8>) -> postcard::Result<Vec<u8>> {
    stream.clear();
    orders.iter().try_fold(stream, |stream, order| to_extend(order, stream))
}

/// All records of a stream.
fn read(mut stream: &[u8]) -> postcard::Result<Vec<Order>> {
    let mut orders = Vec::new();
    while !stream.is_empty() {
        let (order, rest) = take_from_bytes(stream)?;
        orders.push(order);
        stream = rest;
    }
    Ok(orders)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Customer, Item, State};

    #[test]
    fn bytes_are_those_of_the_specification() {
        let order = Order {
            id: 300,
            customer: Customer { name: "Zoë".into(), country: ['D', 'E'], known: true },
            items: vec![Item { article: 127, count: -1, price: 1.0 }],
            note: None,
            state: State::Paid { at: 128 },
        };
        let right = [
            0xac, 0x02, // 300 as a varint
            4, b'Z', b'o', 0xc3, 0xab, 1, b'D', 1, b'E',
            1, // strings with lengths, chars as strings, a boolean
            1, 0x7f, 0x01, 0, 0, 0, 0, 0, 0, 0xf0,
            0x3f, // one item: −1 in zigzag is 1, 1.0 in IEEE 754
            0, 1, 0x80, 0x01, // no note, the second variant, 128
        ];
        let bytes = write(std::slice::from_ref(&order), Vec::new()).expect("bytes");
        assert_eq!(bytes, right);
        assert_eq!(read(&right), Ok(vec![order]));
    }

    #[test]
    fn many_records_come_back_and_damage_is_noticed() {
        let orders = orders(500);
        let bytes = write(&orders, Vec::new()).expect("bytes");
        assert_eq!(read(&bytes), Ok(orders));
        assert!(read(&bytes[..bytes.len() - 1]).is_err());
    }
}
