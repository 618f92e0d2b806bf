//! What is written is what the `postcard` crate writes, byte for byte, and it ends where there is no more room.

use std::collections::BTreeMap;

use proptest::prelude::*;
use runoff_wire::{EncodeError, encoded_len, to_slice};
use serde::{Serialize, Serializer};

#[derive(Clone, Debug, Serialize)]
enum Shape {
    Point,
    Circle(f64),
    Line(i32, i64),
    Box { width: u16, name: String },
}

#[derive(Clone, Debug, Serialize)]
struct Meters(i16);

#[derive(Clone, Debug, Serialize)]
struct Pair(u8, i8);

#[derive(Clone, Debug, Serialize)]
struct Nothing;

/// One of everything that serde has.
#[derive(Clone, Debug, Serialize)]
struct Everything {
    truth: bool,
    bytes: Pair,
    wide: (u128, i128),
    longs: (u64, i64, u32, i32, u16),
    meters: Meters,
    single: f32,
    letter: char,
    text: String,
    #[expect(clippy::option_option, reason = "an option in an option is a shape like others")]
    maybe: Option<Option<u64>>,
    nothing: Nothing,
    unit: (),
    shapes: Vec<Shape>,
    map: BTreeMap<String, Vec<i64>>,
}

fn shapes() -> impl Strategy<Value = Shape> {
    prop_oneof![
        Just(Shape::Point),
        any::<f64>().prop_map(Shape::Circle),
        any::<(i32, i64)>().prop_map(|(a, b)| Shape::Line(a, b)),
        any::<(u16, String)>().prop_map(|(width, name)| Shape::Box { width, name }),
    ]
}

/// Numbers of every length, not only long ones.
fn number() -> impl Strategy<Value = u64> {
    (any::<u64>(), 0..64_u32).prop_map(|(bits, shift)| bits >> shift)
}

fn everything() -> impl Strategy<Value = Everything> {
    let numbers = (any::<(bool, u8, i8, f32, char)>(), any::<(u128, i128)>(), number(), number());
    let longer = (
        any::<(u32, i32, u16, i16)>(),
        any::<String>(),
        proptest::option::of(proptest::option::of(number())),
        proptest::collection::vec(shapes(), 0..4),
        any::<BTreeMap<String, Vec<i64>>>(),
    );
    (numbers, longer).prop_map(|((small, wide, a, b), (mid, text, maybe, shapes, map))| Everything {
        truth: small.0,
        bytes: Pair(small.1, small.2),
        wide,
        longs: (a, b.cast_signed(), mid.0, mid.1, mid.2),
        meters: Meters(mid.3),
        single: small.3,
        letter: small.4,
        text,
        maybe,
        nothing: Nothing,
        unit: (),
        shapes,
        map,
    })
}

/// In so much room.
fn encode<T: Serialize>(value: &T, room: usize) -> Result<Vec<u8>, EncodeError> {
    let mut bytes = vec![0xaa; room];
    let len = to_slice(value, &mut bytes)?;
    bytes.truncate(len);
    Ok(bytes)
}

proptest! {
    #[test]
    fn bytes_are_those_of_the_format(value in everything(), spare in 0_usize..24) {
        let wanted = postcard::to_allocvec(&value).expect("encodes");
        prop_assert_eq!(encoded_len(&value), Ok(wanted.len()));
        prop_assert_eq!(encode(&value, wanted.len() + spare), Ok(wanted));
    }

    #[test]
    fn what_does_not_fit_is_refused(value in everything(), missing in 1_usize..24) {
        let len = encoded_len(&value).expect("encodes");
        prop_assert_eq!(encode(&value, len.saturating_sub(missing)), Err(EncodeError::Full));
    }
}

#[test]
fn edges_of_numbers() {
    for shift in 0..64 {
        for number in [(1_u64 << shift) - 1, 1 << shift, (1 << shift) + 1] {
            let wanted = postcard::to_allocvec(&(number, number.cast_signed())).expect("encodes");
            assert_eq!(encode(&(number, number.cast_signed()), 20), Ok(wanted), "{number}");
        }
    }
}

/// Text that is made while it is written.
struct Shown<'a>(&'a dyn std::fmt::Display);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self.0)
    }
}

#[test]
fn text_that_is_made_is_text() {
    let made = format_args!("{}-{}", 12, "drei").to_string();
    assert_eq!(encode(&Shown(&made), 64), Ok(postcard::to_allocvec("12-drei").expect("encodes")));
    assert_eq!(encode(&Shown(&made), 7), Err(EncodeError::Full));
}

#[test]
fn text_that_changes_is_refused() {
    struct Fickle(std::cell::Cell<usize>, usize);
    impl std::fmt::Display for Fickle {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.set(self.0.get() * self.1 / 2);
            f.write_str(&"x".repeat(self.0.get()))
        }
    }
    for growth in [1, 4] {
        let fickle = Fickle(std::cell::Cell::new(8), growth);
        assert_eq!(encode(&Shown(&fickle), 256), Err(EncodeError::Refused));
    }
}

#[test]
fn lengths_must_be_known() {
    struct Endless;
    impl Serialize for Endless {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq((0..9).filter(|n| n % 2 == 0))
        }
    }
    assert_eq!(encode(&Endless, 64), Err(EncodeError::UnknownLength));
}
