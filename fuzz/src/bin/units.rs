//! What users type: sizes, durations, shares, counts, values.
#![no_main]

use runoff_data::units;
use runoff_runtime::{Value, ValueType};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = (units::parse_bytes(text), units::parse_share(text), units::parse_count(text));
    if let Ok(seconds) = units::parse_seconds(text) {
        let _ = std::time::Duration::from_secs_f64(seconds);
    }
    for ty in [ValueType::I32, ValueType::I64, ValueType::F32, ValueType::F64, ValueType::V128] {
        if let Ok(value) = Value::parse(ty, text) {
            let shown = value.to_string();
            assert_eq!(Value::parse(ty, &shown).as_ref(), Ok(&value), "{text:?} shown as {shown}");
        }
    }
});
