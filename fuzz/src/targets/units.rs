//! What users type: sizes, durations, shares, counts, values.

use std::time::Duration;

use runoff_data::units;
use runoff_runtime::{Value, ValueType};

pub(crate) fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(size) = units::parse_bytes(text) {
        let shown = units::bytes(size);
        // Rounding to three digits may carry the largest sizes over the edge.
        assert!(units::parse_bytes(&shown).is_ok() || size > u64::MAX / 1001 * 1000, "{text:?}: {shown}");
    }
    if let Ok(seconds) = units::parse_seconds(text) {
        assert!(seconds > 0.0);
        let _ = Duration::from_secs_f64(seconds);
    }
    if let Ok(share) = units::parse_share(text) {
        assert!((0.0..10.0).contains(&share));
    }
    if let Ok(count) = units::parse_count(text) {
        assert!(count > 0);
    }
    for ty in [ValueType::I32, ValueType::I64, ValueType::F32, ValueType::F64, ValueType::V128] {
        if let Ok(value) = Value::parse(ty, text) {
            let shown = value.to_string();
            // A NaN has a sign and bits that are not shown.
            let nan = shown == "NaN";
            assert!(nan || Value::parse(ty, &shown) == Ok(value), "{text:?} shown as {shown}");
        }
    }
}
