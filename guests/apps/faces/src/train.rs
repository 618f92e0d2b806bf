//! Training: `AdaBoost` over a pool of features, stage after stage, each on what the stages before let through.

use std::fmt::Write as _;

use runoff_guest_apps_inputs::Random;

use crate::WINDOW;
use crate::boxes::Square;
use crate::detect::{FLAT, ScaledCascade};
use crate::feature::{Feature, Kind, Scaled, Stage, Weak};
use crate::integral::{Grey, Integral};
use crate::scene::{background, draw};

const FACES: usize = 1000;
const OTHERS: usize = 1000;
const STAGES: usize = 9;

/// A stage while it is made.
struct Made {
    enough: f64,
    weak: Vec<Weak>,
}

/// Features at every second pixel, of every second size.
fn pool() -> Vec<Feature> {
    let mut pool = Vec::new();
    for (kind, columns, rows) in [
        (Kind::Beside, 2, 1),
        (Kind::Above, 1, 2),
        (Kind::Column, 3, 1),
        (Kind::Bar, 1, 3),
        (Kind::Quarters, 2, 2),
    ] {
        for w in (2 * columns..=24_u8).step_by(2 * usize::from(columns)) {
            for h in (2 * rows..=24_u8).step_by(2 * usize::from(rows)) {
                for y in (0..=24 - h).step_by(2) {
                    pool.extend((0..=24 - w).step_by(2).map(|x| Feature(kind, [x, y, w, h])));
                }
            }
        }
    }
    pool
}

/// A window of a scene with a face that fills it, or nearly so.
fn face(random: &mut Random) -> Integral {
    let mut scene = background(random.bits(), 48);
    // At other sizes than the window's, because detection steps through sizes.
    let side = 21 + random.below(7) as usize;
    let mut offset = || 24 - side / 2 - 1 + random.below(3) as usize;
    let square = Square { x: offset(), y: offset(), side };
    draw(&mut scene, &square, random);
    Integral::new(&crop(&scene, 12, 12))
}

fn crop(grey: &Grey, x: usize, y: usize) -> Grey {
    let rows = (y..y + WINDOW).map(|row| &grey.samples[row * grey.width + x..][..WINDOW]);
    Grey { width: WINDOW, height: WINDOW, samples: rows.flatten().copied().collect() }
}

/// Windows without faces that pass what there is of the cascade; fewer when they are hard to find.
fn others(cascade: &[Stage<'_>], seed: u64) -> Vec<Integral> {
    let scaled = ScaledCascade::new(cascade, 1.0);
    let mut random = Random::new(seed);
    let mut found = Vec::new();
    for _ in 0..6000 {
        // Also close ups, where everything is larger, and scenes with parts of faces.
        let mut scene = background(random.bits(), 64 + random.below(128) as usize);
        let mut near = None;
        if random.below(2) == 0 {
            let face = Square { x: 12, y: 12, side: 28 + random.below(24) as usize };
            draw(&mut scene, &face, &mut random);
            near = Some(face);
        }
        let integral = Integral::new(&scene);
        for _ in 0..400 {
            let room = u32::try_from(scene.width - WINDOW).expect("small");
            let (x, y) = (random.below(room) as usize, random.below(room) as usize);
            let window = Square { x, y, side: WINDOW };
            let apart = near.is_none_or(|face| face.overlap(&window) < 0.3);
            if apart && integral.contrast(x, y, WINDOW).1 >= FLAT && scaled.accepts(&integral, x, y) {
                found.push(Integral::new(&crop(&scene, x, y)));
                if found.len() == OTHERS {
                    return found;
                }
                // Not all from one place.
                break;
            }
        }
    }
    found
}

/// A number as it is written down: four decimals.
fn short(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}

/// One stage: features until less than three tenths of the others pass while all but 2 in 1000 faces do.
#[expect(clippy::cast_precision_loss, reason = "hundreds of samples")]
fn stage(pool: &[Feature], faces: &[Integral], others: &[Integral], most: usize) -> Made {
    let samples: Vec<&Integral> = faces.iter().chain(others).collect();
    let deviations: Vec<f64> = samples.iter().map(|s| s.contrast(0, 0, WINDOW).1).collect();
    let columns: Vec<(Vec<f64>, Vec<u32>)> = pool
        .iter()
        .map(|feature| {
            let scaled = Scaled::new(*feature, 1.0);
            let values: Vec<f64> =
                samples.iter().zip(&deviations).map(|(s, d)| scaled.value(s, 0, 0) / d).collect();
            let mut order: Vec<u32> = (0..).take(values.len()).collect();
            order.sort_by(|a, b| values[*a as usize].total_cmp(&values[*b as usize]));
            (values, order)
        })
        .collect();
    let mut weights: Vec<f64> = (0..samples.len())
        .map(|i| 0.5 / if i < faces.len() { faces.len() as f64 } else { others.len() as f64 })
        .collect();
    let mut votes = vec![0.0; samples.len()];
    let mut made = Made { enough: 0.0, weak: Vec::new() };
    loop {
        let total: f64 = weights.iter().sum();
        for weight in &mut weights {
            *weight /= total;
        }
        let all_faces: f64 = weights[..faces.len()].iter().sum();
        // The cut with the least weight on its wrong sides.
        let mut best = (f64::INFINITY, 0, 0.0, false);
        for (index, (values, order)) in columns.iter().enumerate() {
            let (mut faces_below, mut others_below) = (0.0, 0.0);
            for pair in order.windows(2) {
                let (at, next) = (pair[0] as usize, pair[1] as usize);
                *if at < faces.len() { &mut faces_below } else { &mut others_below } += weights[at];
                let wrong = others_below + (all_faces - faces_below);
                let cut = f64::midpoint(values[at], values[next]);
                for (error, below) in [(wrong, true), (1.0 - wrong, false)] {
                    if error < best.0 - 1e-12 {
                        best = (error, index, cut, below);
                    }
                }
            }
        }
        let (_, index, cut, below) = best;
        let threshold = short(cut);
        let right = |i: usize| ((columns[index].0[i] < threshold) == below) == (i < faces.len());
        let error: f64 = (0..samples.len()).filter(|i| !right(*i)).map(|i| weights[i]).sum();
        let beta = error.clamp(1e-6, 0.5) / (1.0 - error.clamp(1e-6, 0.5));
        let vote = short((1.0 / beta).ln());
        for i in 0..samples.len() {
            if right(i) {
                weights[i] *= beta;
            }
            if (columns[index].0[i] < threshold) == below {
                votes[i] += vote;
            }
        }
        made.weak.push(Weak { feature: pool[index], threshold, below, vote });
        let mut sorted = votes[..faces.len()].to_vec();
        sorted.sort_by(f64::total_cmp);
        made.enough = short(sorted[faces.len() * 2 / 1000] - 1e-3);
        let pass = votes[faces.len()..].iter().filter(|v| **v >= made.enough).count();
        if pass * 10 < 3 * others.len() || made.weak.len() == most {
            return made;
        }
    }
}

/// The cascade as source text.
fn train() -> String {
    let mut random = Random::new(24);
    let faces: Vec<Integral> = (0..FACES).map(|_| face(&mut random)).collect();
    let pool = pool();
    let mut made: Vec<Made> = Vec::new();
    for number in 0..STAGES {
        let cascade: Vec<Stage<'_>> =
            made.iter().map(|m| Stage { enough: m.enough, weak: &m.weak }).collect();
        let others = others(&cascade, 1000 + number as u64);
        if others.len() < OTHERS / 10 {
            break;
        }
        made.push(stage(&pool, &faces, &others, 6 + 4 * number));
    }
    let mut text = String::from(
        "//! The cascade, made by the test `trains_the_cascade`.\n\n\
         use crate::feature::Kind::{self, Above, Bar, Beside, Column, Quarters};\n\
         use crate::feature::{Feature, Stage, Weak};\n\n\
         const fn weak(kind: Kind, at: [u8; 4], threshold: f64, below: bool, vote: f64) -> Weak {\n    \
             Weak { feature: Feature(kind, at), threshold, below, vote }\n}\n\n\
         /// Stages in the order in which a window meets them.\n\
         #[rustfmt::skip]\n\
         pub(crate) const CASCADE: &[Stage<'static>] = &[\n",
    );
    for Made { enough, weak } in &made {
        let _ = writeln!(text, "    Stage {{ enough: {enough:?}, weak: &[");
        for Weak { feature: Feature(kind, at), threshold, below, vote } in weak {
            let _ = writeln!(text, "        weak({kind:?}, {at:?}, {threshold:?}, {below}, {vote:?}),");
        }
        text.push_str("    ] },\n");
    }
    text + "];\n"
}

/// Where the cascade comes from. With `CASCADE=write` in the environment it is written, else compared.
#[test]
#[ignore = "takes a minute"]
fn trains_the_cascade() {
    let trained = train();
    if std::env::var("CASCADE").is_ok_and(|v| v == "write") {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/cascade.rs");
        std::fs::write(file, trained).expect("the source is writable");
    } else {
        assert!(
            trained == include_str!("cascade.rs"),
            "training gives another cascade than the committed one"
        );
    }
}
