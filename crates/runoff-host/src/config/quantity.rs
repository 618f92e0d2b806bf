//! Times and sizes as people write them.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use runoff_data::units;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A duration: `"250ms"`, `"5s"`, `"2min"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(pub Duration);

/// A number of bytes: `"64KiB"`, `"1.5MiB"`, or a plain number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub u64);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Times)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{}s", self.0.as_secs_f64()))
    }
}

struct Times;

impl Visitor<'_> for Times {
    type Value = Time;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a duration such as \"250ms\", \"5s\" or \"2min\"")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Time, E> {
        let seconds = units::parse_seconds(text).map_err(E::custom)?;
        Duration::try_from_secs_f64(seconds).map(Time).map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Time, E> {
        Err(E::custom(format!("a duration has a unit; write \"{number}s\" or \"{number}ms\"")))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Time, E> {
        Err(E::custom(format!("a duration has a unit; write \"{number}s\" or \"{number}ms\"")))
    }
}

struct Sizes;

impl Visitor<'_> for Sizes {
    type Value = Size;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of bytes such as \"64KiB\", \"1.5MiB\" or 65536")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Size, E> {
        units::parse_bytes(text).map(Size).map_err(E::custom)
    }

    fn visit_u64<E: Error>(self, bytes: u64) -> Result<Size, E> {
        Ok(Size(bytes))
    }

    fn visit_i64<E: Error>(self, bytes: i64) -> Result<Size, E> {
        u64::try_from(bytes).map(Size).map_err(|_| E::custom(format!("{bytes} is less than no bytes")))
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Sizes)
    }
}

impl Serialize for Size {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0)
    }
}

impl JsonSchema for Time {
    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "A duration such as `250ms`, `5s` or `2min`" })
    }
}

impl JsonSchema for Size {
    fn schema_name() -> Cow<'static, str> {
        "Size".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["string", "integer"],
            "minimum": 0,
            "description": "A number of bytes: `64KiB`, `1.5MiB` or plain"
        })
    }
}
