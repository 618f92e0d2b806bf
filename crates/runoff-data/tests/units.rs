//! What is printed with a unit is read back within its three digits; what is no number with a unit is refused.

use proptest::prelude::*;
use runoff_data::units;

/// The number and the unit of a printed quantity.
fn parts(text: &str) -> (f64, &str) {
    let (number, unit) = text.split_once(' ').expect("a number and a unit");
    (number.parse().expect("a number"), unit)
}

/// Whether a printed value is the real one, as far as three digits go.
fn close(shown: f64, real: f64) -> bool {
    (shown - real).abs() <= real.abs() * 0.0051
}

#[test]
fn what_is_no_number_has_no_unit() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(units::time(value), "–");
        assert_eq!(units::count(value), "–");
    }
}

#[test]
fn units_are_whole_words() {
    for text in ["1kibib", "1bb", "1ib", "1kk", "1kbb", "1 k b", "K", "", " ", "nan", "inf", "infK", "0x10"] {
        assert!(units::parse_bytes(text).is_err(), "{text}");
    }
    for text in ["1sec", "1S", "1 m s", "s", "", "nan", "inf", "infs", "-1s", "1e9999s"] {
        assert!(units::parse_seconds(text).is_err(), "{text}");
    }
    for text in ["%", "", "nan", "nan%", "inf", "-1%", "2%%", "1", "2", "1000%"] {
        assert!(units::parse_share(text).is_err(), "{text}");
    }
    for text in ["k", "", "nan", "inf", "infk", "1kk", "1kM", "0.5", "1e16"] {
        assert!(units::parse_count(text).is_err(), "{text}");
    }
}

#[test]
fn durations_too_short_for_a_number_are_refused() {
    assert!(units::parse_seconds(&format!("0.{}1ns", "0".repeat(320))).is_err());
}

proptest! {
    #[test]
    fn times_are_read_back(ns in 1.0_f64..3e19) {
        let shown = units::time(ns);
        let (number, unit) = parts(&shown);
        prop_assert!(close(number * units::time_unit(ns).1, ns), "{ns} is shown as {shown}");
        if ns < 3e16 {
            let seconds = units::parse_seconds(&format!("{number}{unit}"));
            prop_assert!(close(seconds.clone().expect("a duration") * 1e9, ns), "{shown}: {seconds:?}");
        }
    }

    #[test]
    fn sizes_are_read_back(n in 0_u64..1 << 60) {
        let shown = units::bytes(n);
        let back = units::parse_bytes(&shown).expect("a size");
        prop_assert!(close(back as f64, n as f64), "{n} is shown as {shown}, read as {back}");
        prop_assert_eq!(units::parse_bytes(&shown.replace(' ', "")), Ok(back));
    }

    #[test]
    fn sizes_below_2_to_the_53_are_exact(n in 0_u64..1 << 53) {
        prop_assert_eq!(units::parse_bytes(&n.to_string()), Ok(n));
        let kib = n >> 10;
        for unit in ["k", "K", "kb", "KB", "kib", "KiB", " KiB"] {
            prop_assert_eq!(units::parse_bytes(&format!("{kib}{unit}")), Ok(kib << 10));
        }
    }

    #[test]
    fn counts_are_read_back(n in 1_u64..=1_000_000_000_000_000) {
        prop_assert_eq!(units::parse_count(&n.to_string()), Ok(n));
        let thousands = n / 1000;
        if thousands > 0 {
            prop_assert_eq!(units::parse_count(&format!("{thousands}k")), Ok(thousands * 1000));
        }
        let shown = units::count(n as f64);
        if let Some((number, word)) = shown.split_once(' ') {
            let factor = match word {
                "thousand" => 1e3,
                "million" => 1e6,
                "billion" => 1e9,
                _ => 0.0,
            };
            prop_assert!(close(number.parse::<f64>().expect("a number") * factor, n as f64), "{n}: {shown}");
        } else {
            prop_assert_eq!(shown, n.to_string());
        }
    }

    #[test]
    fn any_text_is_answered_with_something_usable(text in any::<String>()) {
        if let Ok(seconds) = units::parse_seconds(&text) {
            prop_assert!(seconds > 0.0 && seconds.is_finite());
        }
        if let Ok(share) = units::parse_share(&text) {
            prop_assert!(share > 0.0 && share.is_finite());
        }
        if let Ok(count) = units::parse_count(&text) {
            prop_assert!(count > 0);
        }
        if let Err(message) = units::parse_bytes(&text) {
            prop_assert!(message.contains(&text), "{message}");
        }
    }

    #[test]
    fn any_number_is_shown_without_an_exponent(number in any::<f64>()) {
        for shown in [units::time(number), units::digits(number), units::count(number)] {
            let digits = shown.split(' ').next().unwrap_or_default();
            prop_assert!(!digits.contains(['e', 'E', 'N', 'i']), "{number} is shown as {shown}");
        }
    }
}
