//! The measured curve: cumulative time of 1, 2, … n calls in a row.

use std::time::Duration;

use runoff_runtime::{Clock, Instance, Module};

use super::guest::{CallError, Entry, Guest};

/// Call numbers at which the curve is read: 1, 2, 3, 5, 7, then five per decade.
fn points(limit: u64) -> impl Iterator<Item = u64> {
    let decades = (0_u32..).map(|d| 10_u64.saturating_pow(d));
    decades
        .flat_map(|d| [1.0, 1.5, 2.0, 3.0, 5.0, 7.0].map(|m| (m * d as f64) as u64))
        .scan(0, |last, n| {
            let fresh = n > *last;
            *last = n.max(*last);
            Some((n, fresh))
        })
        .filter(|(_, fresh)| *fresh)
        .map(|(n, _)| n)
        .take_while(move |n| *n <= limit)
}

/// Goes on from a first call that took `first_ns`, up to `limit` calls or until `budget` is spent, and hands
/// each point to `point`. Commands get a fresh instance per call, whose making is part of the time.
#[expect(clippy::too_many_arguments, reason = "one measurement with everything it touches")]
pub(super) fn measure(
    guest: &Guest,
    module: &dyn Module,
    instance: &mut dyn Instance,
    entry: &mut Entry,
    clock: &dyn Clock,
    first_ns: f64,
    limit: u64,
    budget: Duration,
    point: &mut dyn FnMut(u64, f64),
) -> Result<(), CallError> {
    point(1, first_ns);
    let (mut done, mut total) = (1_u64, first_ns);
    let begin = clock.now();
    for next in points(limit).skip(1) {
        let segment = if guest.is_command() {
            let mut spent = 0.0;
            for _ in done..next {
                spent += command_call(guest, module, clock)?;
                if clock.now() - begin > budget {
                    return Ok(());
                }
            }
            spent
        } else {
            let start = clock.now();
            for _ in done..next {
                guest.call(instance, entry).map_err(|f| CallError::Failed(f.to_string()))?;
            }
            (clock.now() - start).as_nanos() as f64
        };
        total += segment;
        done = next;
        point(done, total);
        // The next segment is about as long as everything so far.
        if (clock.now() - begin) * 2 > budget {
            break;
        }
    }
    Ok(())
}

/// Instantiate and run a command once, verified; nanoseconds.
fn command_call(guest: &Guest, module: &dyn Module, clock: &dyn Clock) -> Result<f64, CallError> {
    let state = guest.state()?;
    let start = clock.now();
    let mut instance = guest.instantiate(module, state)?;
    let mut entry = guest.entry(instance.as_mut())?;
    let ended = guest.call(instance.as_mut(), &mut entry);
    let ns = (clock.now() - start).as_nanos() as f64;
    let output = guest.output(instance.as_mut(), &entry, ended)?;
    guest.verify(&output)?;
    Ok(ns)
}

#[cfg(test)]
mod tests {
    use super::points;

    #[test]
    fn points_rise_and_stop_at_the_limit() {
        let all: Vec<_> = points(1000).collect();
        assert_eq!(&all[..8], &[1, 2, 3, 5, 7, 10, 15, 20]);
        assert!(all.windows(2).all(|w| w[0] < w[1]));
        assert_eq!(all.last(), Some(&1000));
    }
}
