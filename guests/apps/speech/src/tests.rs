//! Against what the paper says of the filters, and against the spectra that the sounds must have.

use core::f64::consts::PI;

use super::*;
use klatt::{Frame, RATE, Synthesiser};
use letters::words;
use phones::Phone::*;

/// Frames of one steady sound.
fn steady(change: impl Fn(&mut Frame)) -> Vec<f64> {
    let mut frame = Frame {
        pitch: 100.0,
        formants: [500.0, 1500.0, 2500.0],
        voice: 0.0,
        breath: 0.0,
        hiss: 0.0,
        hiss_at: (3000.0, 1000.0),
        nasal_zero: 270.0,
    };
    change(&mut frame);
    let mut synthesiser = Synthesiser::default();
    let samples = (0..240).flat_map(|_| synthesiser.frame(&frame)).map(f64::from);
    // Without the beginning: one second.
    samples.skip(2000).collect()
}

/// Strength at a frequency.
fn strength(samples: &[f64], frequency: f64) -> f64 {
    let (mut real, mut imaginary, mut n) = (0.0, 0.0, 0.0);
    for sample in samples {
        let angle = 2.0 * PI * frequency * n / f64::from(RATE);
        real += sample * angle.cos();
        imaginary += sample * angle.sin();
        n += 1.0;
    }
    real.hypot(imaginary)
}

/// The strongest of the harmonics in a range.
fn peak(samples: &[f64], low: u32, high: u32) -> u32 {
    (low / 100..=high / 100)
        .map(|n| n * 100)
        .max_by(|a, b| {
            let of = |f: &u32| strength(samples, f64::from(*f));
            of(a).total_cmp(&of(b))
        })
        .expect("a range")
}

#[test]
fn vowels_have_their_formants() {
    for (formants, ranges) in [
        ([300.0, 2300.0, 3000.0], [(200, 700), (1800, 2600), (2700, 3200)]),
        ([700.0, 1100.0, 2400.0], [(400, 900), (1000, 1500), (2000, 2800)]),
    ] {
        let samples = steady(|frame| {
            frame.voice = 1.0;
            frame.formants = formants;
        });
        for (formant, (low, high)) in formants.iter().zip(ranges) {
            let found = f64::from(peak(&samples, low, high));
            assert!((found - formant).abs() <= 100.0, "{found} for {formant}");
        }
    }
}

/// Voiced sound repeats with the pitch: only its multiples are there.
#[test]
fn voice_has_its_pitch() {
    let samples = steady(|frame| frame.voice = 1.0);
    let [on, off] = [500.0, 550.0].map(|f| strength(&samples, f));
    assert!(on > 100.0 * off, "{on} {off}");
}

#[test]
fn hiss_is_where_it_should_be() {
    let power = |samples: &[f64], low: u32, high: u32| -> f64 {
        (low..high).step_by(7).map(|f| strength(samples, f64::from(f)).powi(2)).sum()
    };
    let s = steady(|frame| (frame.hiss, frame.hiss_at) = (0.8, (4300.0, 600.0)));
    assert!(power(&s, 3800, 4800) > 5.0 * power(&s, 2000, 3000));
    let sh = steady(|frame| (frame.hiss, frame.hiss_at) = (0.8, (2700.0, 600.0)));
    assert!(power(&sh, 2200, 3200) > 5.0 * power(&sh, 3800, 4800));
}

/// The zero of the nose takes away what lies at it.
#[test]
fn the_nose_takes_away() {
    let closed = steady(|frame| frame.voice = 1.0);
    let open = steady(|frame| (frame.voice, frame.nasal_zero) = (1.0, 400.0));
    let ratio = |samples: &[f64]| strength(samples, 400.0) / strength(samples, 800.0);
    assert!(ratio(&open) < 0.7 * ratio(&closed));
}

#[test]
fn words_sound_as_they_should() {
    let say = |text: &str| words(text).flat_map(|w| w.phones).collect::<Vec<_>>();
    assert_eq!(say("Night"), [N, AY, T]);
    assert_eq!(say("place"), [P, L, EY, S]);
    assert_eq!(say("the thing"), [DH, AH, TH, IH, NG]);
    assert_eq!(say("letter"), [L, EH, T, ER]);
    assert_eq!(say("question"), [K, W, EH, S, CH, AH, N]);
    assert_eq!(say("green table"), [G, R, IY, N, T, EY, B, AH, L]);
    assert_eq!(say("picture"), [P, IH, K, CH, ER]);
    assert_eq!(say("shock"), [SH, AA, K]);
}

#[test]
fn every_word_of_the_text_can_be_said() {
    let text = String::from_utf8(text(7, 50_000)).expect("ASCII");
    for word in words(&text) {
        assert!(word.phones.iter().any(|p| phones::is_vowel(*p)) || word.phones.len() < 4, "{word:?}");
    }
    let sentences = words(&text).filter(|w| w.last).count();
    assert!(sentences > 500);
}

#[test]
fn speech_lasts_as_long_as_its_sounds_and_is_not_clipped() {
    let (mut samples, mut peak) = (0, 0);
    speak("A cat sat.", &mut |piece| {
        samples += piece.len();
        peak = peak.max(piece.iter().map(|s| s.unsigned_abs()).max().unwrap_or(0));
    });
    // AH 80, K 80, AE 130, T 80, S 110, AE 130, T 80, pause 400: ms at ten samples each.
    assert_eq!(samples, 10 * (80 + 80 + 130 + 80 + 110 + 130 + 80 + 400));
    assert!((3000..32_767).contains(&peak), "{peak}");
}
