//! Where the published figures order two runtimes one way and ours the other.

use runoff_data::units;

use crate::figure::{Values, published_of};
use crate::{FigureSpec, Measure, Ratio, Unit};

/// Ratios nearer to one than this, published or ours, say nothing of who is ahead.
pub const TELLING: f64 = 1.05;

/// Pairs of runtimes whose order was the other way round, a clause each.
pub(crate) fn swapped(spec: &FigureSpec, workloads: &[String], ours: &Values<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let all: Vec<&str> = workloads.iter().map(String::as_str).collect();
    let of_each = workloads.iter().filter_map(|w| Some((vec![w.as_str()], published_of(spec, w)?)));
    for (over, published) in std::iter::once((all, &spec.published)).chain(of_each) {
        for (i, (a, then_a)) in published.iter().enumerate() {
            for (b, then_b) in published.iter().skip(i + 1) {
                // The one that was ahead comes first.
                let (a, b, then) =
                    if then_a < then_b { (a, b, then_b / then_a) } else { (b, a, then_a / then_b) };
                if then < TELLING {
                    continue;
                }
                let value = |runtime: &str, w: &str| ours.get(runtime)?.get(w).copied();
                let pairs: Vec<_> = over.iter().filter_map(|w| Some((value(a, w)?, value(b, w)?))).collect();
                let clear = |r: &Ratio| r.mean >= TELLING && r.interval.is_some_and(|(low, _)| low > 1.0);
                let Some(now) = Ratio::of(&pairs).filter(clear) else { continue };
                let place = if let [one] = over.as_slice() { format!("{one}: ") } else { String::new() };
                let then = times(spec, b, then, a);
                found.push(format!("{place}published, {then}; here {}", times(spec, a, now.mean, b)));
            }
        }
    }
    found
}

/// `wavm takes 3.00 times as long as wasmtime`, in the words of the measure.
fn times(spec: &FigureSpec, more: &str, ratio: f64, less: &str) -> String {
    let ratio = units::digits(ratio);
    let what = |measure: Measure| measure.to_string().replace('_', " ");
    if let Some(base) = spec.relative_to_measure {
        let (own, base) = (what(spec.measure), what(base));
        return format!("{more}'s {own} is {ratio} times as large a part of its {base} as {less}'s");
    }
    match spec.measure.unit() {
        Unit::Time => format!("{more} takes {ratio} times as long as {less}"),
        Unit::Bytes => format!("{more} takes {ratio} times as many bytes as {less}"),
        Unit::Count => format!("{more} has {ratio} times as many {} as {less}", what(spec.measure)),
        Unit::Share | Unit::Plain => format!("{more} has {ratio} times the {} of {less}", what(spec.measure)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Value;

    fn spec(measure: &str) -> FigureSpec {
        let text = format!(
            "title = \"t\"\nrun = \"r\"\nmeasure = \"{measure}\"\npublished = {{ a = 1.0, b = 2.0, c = 2.02 }}"
        );
        toml::from_str(&text).expect("a figure")
    }

    fn ours(values: [(&'static str, f64, f64); 3]) -> Values<'static> {
        let known =
            |median: f64, reach: f64| Value { median, interval: Some((median / reach, median * reach)) };
        values.into_iter().map(|(name, median, reach)| (name, [("w", known(median, reach))].into())).collect()
    }

    #[test]
    fn both_sides_must_tell() {
        let workloads = ["w".to_owned()];
        let found = |values| swapped(&spec("call"), &workloads, &ours(values));
        assert_eq!(
            found([("a", 4.0, 1.01), ("b", 2.0, 1.01), ("c", 1.0, 1.01)]),
            [
                "w: published, b takes 2.00 times as long as a; here a takes 2.00 times as long as b",
                "w: published, c takes 2.02 times as long as a; here a takes 4.00 times as long as c",
            ],
            "b and c were published as the same"
        );
        assert!(found([("a", 2.08, 1.001), ("b", 2.0, 1.001), ("c", 2.1, 1.001)]).is_empty(), "too near");
        assert!(found([("a", 4.0, 2.0), ("b", 2.0, 2.0), ("c", 9.0, 1.1)]).is_empty(), "not certain");
    }

    #[test]
    fn verbs_belong_to_the_measure() {
        let said = |measure| times(&spec(measure), "x", 1.5, "y");
        assert_eq!(said("branch_misses"), "x has 1.50 times as many branch misses as y");
        assert_eq!(said("branch_miss_ratio"), "x has 1.50 times the branch miss ratio of y");
        assert_eq!(said("peak_rss"), "x takes 1.50 times as many bytes as y");
    }
}
