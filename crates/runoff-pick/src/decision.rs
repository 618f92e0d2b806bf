//! The decision and its reasons.

use runoff_data::units;
use runoff_stats::{Comparison, MIN_PROCESSES, Verdict, compare, estimate};

use crate::envelope::{envelope, settled};
use crate::{Ability, Candidate};

/// What a chosen runtime must keep to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Constraints {
    /// Largest peak resident set, bytes.
    pub max_rss: Option<u64>,
    /// Largest saved artifact, bytes.
    pub max_artifact: Option<u64>,
    /// What is needed: names of abilities ([`Ability::name`]) or of proposals.
    pub need: Vec<String>,
    /// Whether guests are not to be trusted in the host's process.
    pub untrusted: bool,
    /// Whether it is for production: no runtime whose licence restricts that.
    pub production: bool,
}

/// The winner for one number of calls.
#[derive(Clone, Debug, PartialEq)]
pub struct Winner {
    /// Number of calls.
    pub calls: u64,
    /// The runtime with the lowest median.
    pub runtime: String,
    /// Its median time, nanoseconds.
    pub total_ns: f64,
    /// Interval of that time.
    pub interval: Option<(f64, f64)>,
    /// The next best, and how it compares with the winner.
    pub next: Option<(String, Comparison)>,
    /// Runtimes the data do not tell apart from the winner.
    pub too_close: Vec<String>,
}

/// Where one runtime overtakes another.
#[derive(Clone, Debug, PartialEq)]
pub struct BreakEven {
    /// Better for fewer calls.
    pub before: String,
    /// Better for more calls.
    pub after: String,
    /// Calls from which on `after` is better.
    pub calls: u64,
    /// Interval of that number, with `None` as its end when it may be that there is no such point; `None` for too
    /// few rounds.
    pub interval: Option<(u64, Option<u64>)>,
}

/// A runtime that was not considered.
#[derive(Clone, Debug, PartialEq)]
pub struct Excluded {
    /// Runtime.
    pub runtime: String,
    /// The problem, or every constraint it does not keep to, separated by semicolons.
    pub reason: String,
}

/// Which runtime to use from which number of calls on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Advice {
    /// For one call; `None` when no runtime is left.
    pub first: Option<String>,
    /// Where the next one takes over.
    pub steps: Vec<BreakEven>,
    /// Set to the number of rounds when they are too few to be certain of anything: then this is the envelope of
    /// the medians so far.
    pub too_few_rounds: Option<usize>,
}

/// Everything `pick` says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// Winners in the order asked.
    pub winners: Vec<Winner>,
    /// Neighbours on the lower envelope, by rising number of calls; the first starts at one call.
    pub break_evens: Vec<BreakEven>,
    /// The runtime that is best for one call; `None` when none is left.
    pub first: Option<String>,
    /// The envelope without runtimes that are nowhere certainly better than their neighbours on it: what can be
    /// recommended.
    pub advice: Advice,
    /// Runtimes not considered.
    pub excluded: Vec<Excluded>,
}

/// Decides for each number of calls, once for those asked twice; `margin` is the relative difference that counts as none.
pub fn decide(candidates: &[Candidate], calls: &[u64], constraints: &Constraints, margin: f64) -> Decision {
    let mut decision = Decision::default();
    let mut left = Vec::new();
    for candidate in candidates {
        match exclusion(candidate, constraints) {
            Some(reason) => {
                decision.excluded.push(Excluded { runtime: candidate.runtime.clone(), reason });
            }
            None => left.push(candidate),
        }
    }
    let asked = calls.iter().enumerate().filter(|(i, n)| !calls[..*i].contains(n)).map(|(_, n)| *n);
    decision.winners = asked.filter_map(|n| winner(&left, n, margin)).collect();
    (decision.first, decision.break_evens) = envelope(&left);
    let rounds = left.iter().map(|c| c.curves.len()).min().unwrap_or(0);
    decision.advice = if rounds < MIN_PROCESSES {
        let (first, steps) = (decision.first.clone(), decision.break_evens.clone());
        Advice { first, steps, too_few_rounds: Some(rounds) }
    } else {
        let (first, steps) = settled(&left, decision.first.as_deref(), &decision.break_evens, margin);
        Advice { first, steps, too_few_rounds: None }
    };
    decision
}

/// Why a candidate is out: a problem with it, or everything it does not keep to.
fn exclusion(candidate: &Candidate, constraints: &Constraints) -> Option<String> {
    if let Some(reason) = &candidate.unusable {
        return Some(reason.clone());
    }
    if candidate.curves.is_empty() {
        return Some("it was not measured".into());
    }
    let mut reasons = Vec::new();
    if constraints.untrusted && !candidate.untrusted {
        let class =
            candidate.trust.as_ref().map_or(String::new(), |class| format!(" (trust class: {class})"));
        reasons.push(format!("untrusted guests may not run in the host's process on it{class}"));
    }
    if let (true, Some(restriction)) = (constraints.production, &candidate.restriction) {
        reasons.push(restriction.clone());
    }
    let lacks = |need: &&String| {
        !candidate.features.contains(need) && !candidate.abilities.iter().any(|a| a.name() == need.as_str())
    };
    let lacking: Vec<&str> = constraints.need.iter().filter(lacks).map(String::as_str).collect();
    if !lacking.is_empty() {
        reasons.push(format!("it lacks {}", lacking.join(", ")));
    }
    let mut over = |what: &str, value: Option<u64>, limit: Option<u64>| match (value, limit) {
        (None, Some(_)) => reasons.push(format!("the size of its {what} is not known")),
        (Some(value), Some(limit)) if value > limit => {
            reasons.push(format!("{what} of {} is above {}", units::bytes(value), units::bytes(limit)));
        }
        _ => {}
    };
    over("peak resident set", candidate.peak_rss, constraints.max_rss);
    // A runtime that saves nothing has no artifact to be too large.
    if candidate.artifact_bytes.is_some() || candidate.abilities.contains(&Ability::Save) {
        over("artifact", candidate.artifact_bytes, constraints.max_artifact);
    }
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

fn winner(left: &[&Candidate], n: u64, margin: f64) -> Option<Winner> {
    let mut ranked: Vec<(&Candidate, f64)> = left.iter().map(|c| (*c, c.median_total(n))).collect();
    ranked.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.runtime.cmp(&b.0.runtime)));
    let (best, total_ns) = *ranked.first()?;
    let best_totals = best.totals(n);
    let against = |c: &Candidate| compare(&best_totals, &c.totals(n), margin, n);
    let undecided = |c: &Candidate| against(c).is_none_or(|x| x.verdict != Verdict::Slower);
    Some(Winner {
        calls: n,
        runtime: best.runtime.clone(),
        total_ns,
        interval: estimate(&best_totals, n).and_then(|e| e.interval),
        next: ranked.get(1).and_then(|(c, _)| Some((c.runtime.clone(), against(c)?))),
        too_close: ranked[1..].iter().filter(|(c, _)| undecided(c)).map(|(c, _)| c.runtime.clone()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ProcessCurve;
    use proptest::prelude::*;

    /// A runtime with start-up and steady call, a little noise per round.
    fn runtime(name: &str, startup: f64, call: f64) -> Candidate {
        let curve = |round: u32| {
            let noise = 1.0 + 0.004 * f64::from(round % 5) + 0.001 * f64::from(round);
            ProcessCurve::new(round, startup * noise, vec![(1, call), (10, 10.0 * call)], Some(call))
        };
        Candidate { runtime: name.into(), curves: (0..8).map(curve).collect(), ..Candidate::default() }
    }

    #[test]
    fn an_interpreter_wins_few_calls_and_a_compiler_many() {
        let all = [runtime("interpreter", 10.0, 100.0), runtime("compiler", 10_000.0, 1.0)];
        let decision = decide(&all, &[1, 1_000_000, 1], &Constraints::default(), 0.01);
        assert_eq!(decision.winners.len(), 2);
        assert_eq!(decision.winners[0].runtime, "interpreter");
        assert_eq!(decision.winners[1].runtime, "compiler");
        assert!(decision.winners.iter().all(|w| w.too_close.is_empty()));
        let step = &decision.break_evens[0];
        assert_eq!((step.before.as_str(), step.after.as_str()), ("interpreter", "compiler"));
        assert!((100..=106).contains(&step.calls), "{step:?}");
        let (low, high) = step.interval.unwrap();
        assert!(low <= step.calls && step.calls <= high.unwrap());
    }

    #[test]
    fn the_same_runtime_twice_is_too_close_to_call() {
        let all = [runtime("a", 10.0, 100.0), runtime("b", 10.0, 100.0)];
        let decision = decide(&all, &[7], &Constraints::default(), 0.01);
        assert_eq!(decision.winners[0].too_close, ["b"]);
        assert!(decision.break_evens.is_empty());
    }

    #[test]
    fn advice_leaves_out_what_is_nowhere_certainly_better() {
        // `b` is cheaper than `a` from the second call on, by a tenth of a per cent.
        let all = [runtime("a", 1000.0, 100.0), runtime("b", 1000.15, 99.9), runtime("c", 100_000.0, 1.0)];
        let decision = decide(&all, &[1], &Constraints::default(), 0.01);
        assert_eq!(decision.break_evens.len(), 2, "{:#?}", decision.break_evens);
        let names: Vec<_> = decision.advice.steps.iter().map(|s| s.after.as_str()).collect();
        assert_eq!(names, ["c"], "{:#?}", decision.advice);
        assert_eq!(decision.advice.too_few_rounds, None);
    }

    #[test]
    fn small_uncertainties_do_not_add_up() {
        // `noisy` is told apart from nobody; `slow` starts a hundred times slower than `quick`.
        let mut noisy = runtime("noisy", 1_000.0, 50.0);
        for (i, curve) in noisy.curves.iter_mut().enumerate() {
            *curve = ProcessCurve::new(
                i as u32,
                if i % 2 == 0 { 100.0 } else { 200_000.0 },
                vec![(1, 50.0)],
                Some(50.0),
            );
        }
        let all = [runtime("quick", 1_000.0, 100.0), noisy, runtime("slow", 100_000.0, 1.0)];
        let decision = decide(&all, &[1], &Constraints::default(), 0.01);
        assert_ne!(decision.advice.first.as_deref(), Some("slow"), "{:#?}", decision.advice);
        assert_eq!(decision.advice.steps.last().map(|s| s.after.as_str()), Some("slow"));
    }

    #[test]
    fn what_takes_over_is_the_cheapest_there_and_not_the_steepest() {
        // Both overtake `first` with the second call; `steep` is cheapest only from the third on.
        let all = [runtime("first", 0.0, 100.0), runtime("flat", 50.0, 60.0), runtime("steep", 105.0, 40.0)];
        let decision = decide(&all, &[2], &Constraints::default(), 0.01);
        assert_eq!(decision.winners[0].runtime, "flat");
        assert_eq!((decision.break_evens[0].after.as_str(), decision.break_evens[0].calls), ("flat", 2));
        assert_eq!((decision.break_evens[1].after.as_str(), decision.break_evens[1].calls), ("steep", 3));
    }

    #[test]
    fn few_rounds_give_no_advice_but_the_medians() {
        let mut all = [runtime("a", 10.0, 100.0), runtime("b", 10_000.0, 1.0)];
        for candidate in &mut all {
            candidate.curves.truncate(2);
        }
        let advice = decide(&all, &[1], &Constraints::default(), 0.01).advice;
        assert_eq!(advice.too_few_rounds, Some(2));
        assert_eq!(advice.steps.len(), 1);
    }

    #[test]
    fn constraints_exclude_with_a_reason() {
        let mut heavy = runtime("heavy", 1.0, 1.0);
        heavy.peak_rss = Some(1 << 30);
        heavy.abilities = vec![Ability::Deadline, Ability::Save];
        let mut light = runtime("light", 5.0, 5.0);
        light.peak_rss = Some(1 << 20);
        let limits = Constraints { max_rss: Some(1 << 25), ..Constraints::default() };
        let decision = decide(&[heavy.clone(), light.clone()], &[1], &limits, 0.01);
        assert_eq!(decision.winners[0].runtime, "light");
        assert!(decision.excluded[0].reason.contains("resident"));
        light.restriction = Some("not for sale".into());
        let limits = Constraints { production: true, ..Constraints::default() };
        assert_eq!(
            decide(&[heavy.clone(), light.clone()], &[1], &limits, 0.01).excluded[0].reason,
            "not for sale"
        );
        let limits = Constraints { need: vec!["deadline".into()], ..Constraints::default() };
        assert_eq!(decide(&[heavy.clone(), light.clone()], &[1], &limits, 0.01).winners[0].runtime, "heavy");
        // A saved artifact of unknown size may be too large; one that is never saved cannot.
        let limits = Constraints { max_artifact: Some(1), ..Constraints::default() };
        let decision = decide(&[heavy, light], &[1], &limits, 0.01);
        assert_eq!(decision.winners[0].runtime, "light");
        assert_eq!(decision.excluded[0].reason, "the size of its artifact is not known");
    }

    #[test]
    fn every_constraint_that_excludes_is_named() {
        let mut runtime = runtime("r", 1.0, 1.0);
        runtime.peak_rss = Some(2048);
        runtime.trust = Some("killable child".into());
        let limits = Constraints {
            max_rss: Some(1024),
            need: vec!["deadline".into(), "simd".into()],
            untrusted: true,
            ..Constraints::default()
        };
        let reason = decide(&[runtime], &[1], &limits, 0.01).excluded.remove(0).reason;
        for part in ["killable child", "deadline, simd", "2.00 KiB is above 1.00 KiB"] {
            assert!(reason.contains(part), "{part} is not in {reason}");
        }
    }

    #[test]
    fn nothing_left_is_no_winner() {
        let decision = decide(&[], &[1], &Constraints::default(), 0.01);
        assert!(decision.winners.is_empty() && decision.first.is_none());
    }

    proptest! {
        #[test]
        fn the_envelope_is_the_minimum(
            costs in prop::collection::vec((1.0_f64..1e6, 0.1_f64..1e4), 1..6),
            n in 1_u64..100_000,
        ) {
            let all: Vec<_> =
                costs.iter().enumerate().map(|(i, (s, c))| runtime(&format!("r{i}"), *s, *c)).collect();
            let decision = decide(&all, &[n], &Constraints::default(), 0.01);
            let best = all.iter().map(|c| c.median_total(n)).fold(f64::INFINITY, f64::min);
            prop_assert!((decision.winners[0].total_ns - best).abs() <= 1e-9 * best);
            let on_envelope = decision.break_evens.iter().rev().find(|s| s.calls <= n)
                .map_or(decision.first.clone().unwrap(), |s| s.after.clone());
            let at = all.iter().find(|c| c.runtime == on_envelope).unwrap().median_total(n);
            prop_assert!(at <= best * (1.0 + 1e-9), "envelope {at}, best {best}");
        }
    }
}
