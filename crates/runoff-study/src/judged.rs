//! Claims judged by ratios within a round.

use runoff_data::units;
use runoff_experiment::{Judged, TELLING, Value, Verdict};
use runoff_stats::{median, median_interval};

/// Where a claim wants its ratio.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) above: Option<f64>,
    pub(crate) below: Option<f64>,
}

/// Median over rounds of the ratio within a round; rounds that lack a side are left out.
pub(crate) fn series_ratio(above: &[Option<f64>], below: &[Option<f64>]) -> Option<Value> {
    let pairs = above.iter().zip(below).filter_map(|(a, b)| Some((*a)? / (*b)?));
    let ratios: Vec<f64> = pairs.filter(|r| r.is_finite()).collect();
    Some(Value { median: median(&ratios)?, interval: median_interval(&ratios) })
}

/// A claim about a ratio, put to the test. Without an interval it is unsure.
pub(crate) fn judged(place: &str, says: &str, what: &str, limits: Limits, ratio: Option<Value>) -> Judged {
    let limit = |word: &str, limit: Option<f64>| limit.map(|x| format!("{word} {}", units::digits(x)));
    let words: Vec<String> =
        [limit("above", limits.above), limit("below", limits.below)].into_iter().flatten().collect();
    let (found, verdict) = match ratio {
        None => ("–".to_owned(), Verdict::NotMeasured),
        Some(Value { median, interval: None }) => (units::digits(median), Verdict::Unsure),
        Some(Value { median, interval: Some((low, high)) }) => (
            format!("{} [{}, {}]", units::digits(median), units::digits(low), units::digits(high)),
            Verdict::within((low, high), limits.above, limits.below),
        ),
    };
    Judged {
        place: place.to_owned(),
        says: says.to_owned(),
        rule: format!("{what} {}", words.join(" and ")),
        found,
        verdict,
    }
}

/// Pairs whose published order is the other way round here, beyond both intervals. Each side: name, published, ours.
pub(crate) fn differences(of: &str, sides: &[(&str, f64, Option<Value>)]) -> Vec<String> {
    let mut found = Vec::new();
    for (a, then_a, now_a) in sides {
        for (b, then_b, now_b) in sides {
            let (Some(now_a), Some(now_b)) = (now_a, now_b) else { continue };
            let clear = now_a.interval.zip(now_b.interval).is_some_and(|(a, b)| a.0 > b.1);
            if then_b / then_a >= TELLING && now_a.median / now_b.median >= TELLING && clear {
                found.push(format!(
                    "{of}: published, {b} takes {} times as long as {a}; here {a} takes {} times as long as {b}",
                    units::digits(then_b / then_a),
                    units::digits(now_a.median / now_b.median)
                ));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: Limits = Limits { above: Some(0.4), below: Some(0.6) };

    #[test]
    fn claims_need_an_interval_on_their_side() {
        let value = |interval| Some(Value { median: 0.5, interval });
        assert_eq!(judged("", "", "x", HALF, value(Some((0.45, 0.55)))).verdict, Verdict::Holds);
        assert_eq!(judged("", "", "x", HALF, value(Some((0.45, 0.65)))).verdict, Verdict::Unsure);
        assert_eq!(judged("", "", "x", HALF, value(Some((0.61, 0.65)))).verdict, Verdict::NoLongerHolds);
        assert_eq!(judged("", "", "x", HALF, value(None)).verdict, Verdict::Unsure);
        let none = judged("", "", "x", HALF, None);
        assert_eq!(
            (none.verdict, none.rule.as_str()),
            (Verdict::NotMeasured, "x above 0.400 and below 0.600")
        );
    }

    #[test]
    fn only_clear_changes_of_order_are_told() {
        let ours = |low, high| Some(Value { median: f64::midpoint(low, high), interval: Some((low, high)) });
        let swapped = differences("r", &[("a", 1.0, ours(3.0, 4.0)), ("b", 2.0, ours(1.0, 2.0))]);
        assert_eq!(
            swapped,
            ["r: published, b takes 2.00 times as long as a; here a takes 2.33 times as long as b"]
        );
        assert!(differences("r", &[("a", 1.0, ours(1.5, 4.0)), ("b", 2.0, ours(1.0, 2.0))]).is_empty());
        assert!(differences("r", &[("a", 1.0, ours(3.0, 4.0)), ("b", 1.01, ours(1.0, 2.0))]).is_empty());
        let near = differences("r", &[("a", 1.0, ours(1.02, 1.04)), ("b", 2.0, ours(1.0, 1.01))]);
        assert!(near.is_empty(), "ours are too near to tell: {near:?}");
    }
}
